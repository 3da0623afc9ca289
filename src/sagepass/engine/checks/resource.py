"""The policy of the resource: bucket policy, key policy and grants, role trust policy, model package group policy.

How it names the caller decides what else still limits the grant, so the Allow statements are kept apart by that.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sagepass.engine.checks.facts import Facts, Hit, gather_facts, not_applicable
from sagepass.engine.inputs import Inputs
from sagepass.engine.services.kms import GrantFacts, grant_facts
from sagepass.engine.services.rules import ServiceRules
from sagepass.policy.conditions.operator import Quantifier
from sagepass.policy.kinds import CheckType
from sagepass.policy.match_principal import Naming
from sagepass.policy.truth import Truth, any_of

_POSITIVE_NAMES = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFacts:
    """The facts of the resource's policy, with its Allow statements by how they name the caller.

    ``direct``: the caller itself, or everyone narrowed by ``aws:PrincipalArn``. ``role``: the role, or the user who
    federated. ``anyone``: ``*`` in another form. ``account``: the account, which only delegates.
    """

    facts: Facts
    direct: Truth
    role: Truth
    anyone: Truth
    account: Truth
    grants: GrantFacts

    @property
    def any_allow(self) -> Truth:
        """Whether the resource's policy lets the caller in by any naming."""
        return max(self.direct, self.role, self.anyone, self.account)


def resource_facts(inputs: Inputs, rules: ServiceRules) -> ResourceFacts:
    """What the resource's policy and, for a KMS key, its grants say."""
    if not rules.resource_policy_counts:
        facts = not_applicable(CheckType.RESOURCE, rules.why_no_resource_policy)
        no = Truth.FALSE
        return ResourceFacts(facts=facts, direct=no, role=no, anyone=no, account=no, grants=GrantFacts())
    layer = inputs.resource_policy
    facts = gather_facts(
        CheckType.RESOURCE, layer.policies, inputs.match_request, exists=layer.exists, missing=layer.missing
    )
    grants = grant_facts(inputs)
    unsure = Truth.UNKNOWN if facts.missing or facts.unreadable else Truth.FALSE
    return ResourceFacts(
        facts=facts,
        direct=any_of([unsure, grants.direct, *_truths(facts, _is_direct)]),
        role=any_of([unsure, grants.role, *_truths(facts, lambda hit: hit.match.naming in _ROLE)]),
        anyone=any_of([unsure, *_truths(facts, _is_anyone)]),
        account=any_of([unsure, *_truths(facts, lambda hit: hit.match.naming is Naming.ACCOUNT)]),
        grants=grants,
    )


_ROLE = frozenset({Naming.ROLE, Naming.FEDERATING_USER})


def _truths(facts: Facts, chosen: Callable[[Hit], bool]) -> list[Truth]:
    return [hit.match.truth for hit in facts.allows if chosen(hit)]


def _is_direct(hit: Hit) -> bool:
    return hit.match.naming is Naming.EXACT or (hit.match.naming is Naming.ANYONE and _names_principal_arn(hit))


def _is_anyone(hit: Hit) -> bool:
    return hit.match.naming is Naming.ANYONE and not _names_principal_arn(hit)


def _names_principal_arn(hit: Hit) -> bool:
    """``*`` together with a positive condition on ``aws:PrincipalArn``: boundary and session policy do not limit it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    return any(
        condition.key.lower() == "aws:principalarn"
        and condition.operator.base.value in _POSITIVE_NAMES
        and not condition.operator.if_exists
        and condition.operator.quantifier is Quantifier.NONE
        for condition in hit.match.statement.conditions
    )
