"""The words of the checks and effects, the same in every form; meaning never rests on colour alone."""

from __future__ import annotations

from typing import assert_never

from sagepass.policy.kinds import CheckType, Effect, PolicyType

CHECK_ORDER = tuple(CheckType)
"""The order in which AWS reports the checks."""


def check_word(check: CheckType) -> str:
    """A short name for a column."""
    match check:
        case CheckType.RESOURCE_CONTROL_POLICY:
            return "RCP"
        case CheckType.SERVICE_CONTROL_POLICY:
            return "SCP"
        case CheckType.VPC_ENDPOINT:
            return "VPC endpoint"
        case CheckType.RESOURCE:
            return "resource"
        case CheckType.PRINCIPAL:
            return "principal"
        case CheckType.PERMISSIONS_BOUNDARY:
            return "boundary"
        case CheckType.SESSION:
            return "session"
    assert_never(check)


def check_phrase(check: CheckType) -> str:
    """A name for a sentence."""
    match check:
        case CheckType.RESOURCE_CONTROL_POLICY:
            return "the resource control policies"
        case CheckType.SERVICE_CONTROL_POLICY:
            return "the service control policies"
        case CheckType.VPC_ENDPOINT:
            return "the VPC endpoint policy"
        case CheckType.RESOURCE:
            return "the resource-based policy"
        case CheckType.PRINCIPAL:
            return "the identity-based policies"
        case CheckType.PERMISSIONS_BOUNDARY:
            return "the permissions boundary"
        case CheckType.SESSION:
            return "the session policies"
    assert_never(check)


def effect_word(effect: Effect) -> str:
    """The word for an effect, as it stands in the chain of checks."""
    match effect:
        case Effect.ALLOW:
            return "ALLOW"
        case Effect.NO_IMPACT:
            return "no impact"
        case Effect.IMPLICIT_DENY:
            return "IMPLICIT DENY"
        case Effect.EXPLICIT_DENY:
            return "EXPLICIT DENY"
        case Effect.UNKNOWN:
            return "UNKNOWN"
    assert_never(effect)


def effect_style(effect: Effect) -> str:
    """The style of an effect on a terminal with colours."""
    match effect:
        case Effect.ALLOW:
            return "green"
        case Effect.NO_IMPACT:
            return "dim"
        case Effect.IMPLICIT_DENY | Effect.EXPLICIT_DENY:
            return "bold red"
        case Effect.UNKNOWN:
            return "yellow"
    assert_never(effect)


def type_words(policy_type: PolicyType, *, many: bool = False) -> str:
    """A type of policy: ``identity-based policy``, ``permissions boundary``, ``VPC endpoint policy``."""
    words = policy_type.value.lower().replace("_based", "-based").replace("_", " ").replace("vpc", "VPC")
    return f"{words[:-1]}ies" if many else words
