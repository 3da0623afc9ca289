"""The kinds of policies and of checks, in AWS's own words.

Source: the ``iam-toolbox`` service model (``checkType``, ``evaluatedEffect``, ``policyType``) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never


class CheckType(StrEnum):
    """One check of an authorization; the order of the members is the order in which AWS reports them."""

    RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY"
    SERVICE_CONTROL_POLICY = "SERVICE_CONTROL_POLICY"
    VPC_ENDPOINT = "VPC_ENDPOINT"
    RESOURCE = "RESOURCE"
    PRINCIPAL = "PRINCIPAL"
    PERMISSIONS_BOUNDARY = "PERMISSIONS_BOUNDARY"
    SESSION = "SESSION"


class Effect(StrEnum):
    """What a check, an evaluation or a decision comes to.

    ``UNKNOWN`` is ours: the evidence does not settle it. ``NO_IMPACT`` is used for checks only.
    """

    ALLOW = "ALLOW"
    NO_IMPACT = "NO_IMPACT"
    IMPLICIT_DENY = "IMPLICIT_DENY"
    EXPLICIT_DENY = "EXPLICIT_DENY"
    UNKNOWN = "UNKNOWN"


class PolicyType(StrEnum):
    """The type of a policy, as error messages and events name it."""

    RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY"
    SERVICE_CONTROL_POLICY = "SERVICE_CONTROL_POLICY"
    VPC_ENDPOINT_POLICY = "VPC_ENDPOINT_POLICY"
    RESOURCE_BASED_POLICY = "RESOURCE_BASED_POLICY"
    ROLE_TRUST_POLICY = "ROLE_TRUST_POLICY"
    IDENTITY_BASED_POLICY = "IDENTITY_BASED_POLICY"
    PERMISSIONS_BOUNDARY = "PERMISSIONS_BOUNDARY"
    SESSION_POLICY = "SESSION_POLICY"

    @property
    def check(self) -> CheckType:
        """The check that evaluates policies of this type."""
        match self:
            case PolicyType.RESOURCE_CONTROL_POLICY:
                return CheckType.RESOURCE_CONTROL_POLICY
            case PolicyType.SERVICE_CONTROL_POLICY:
                return CheckType.SERVICE_CONTROL_POLICY
            case PolicyType.VPC_ENDPOINT_POLICY:
                return CheckType.VPC_ENDPOINT
            case PolicyType.RESOURCE_BASED_POLICY | PolicyType.ROLE_TRUST_POLICY:
                return CheckType.RESOURCE
            case PolicyType.IDENTITY_BASED_POLICY:
                return CheckType.PRINCIPAL
            case PolicyType.PERMISSIONS_BOUNDARY:
                return CheckType.PERMISSIONS_BOUNDARY
            case PolicyType.SESSION_POLICY:
                return CheckType.SESSION
        assert_never(self)


class Evidence(StrEnum):
    """Where a statement of fact comes from."""

    OBSERVED = "observed"
    """AWS returned it."""
    REPORTED = "reported"
    """The text of an error says so."""
    COMPUTED = "computed"
    """The engine worked it out from the supplied policies."""
    ASSUMED = "assumed"
    """Nothing says so; it is named as an assumption."""
