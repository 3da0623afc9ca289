"""From an access case to AWS's answer.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.reference.actions_without_resource import takes_no_resource
from tests.reference.request import ComparedAs, Kind, Request, read_request
from tests.reference.statements import Naming, denies, naming, statements

RCP, SCP, ENDPOINT = "RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY", "VPC_ENDPOINT"
RESOURCE, PRINCIPAL, BOUNDARY, SESSION = "RESOURCE", "PRINCIPAL", "PERMISSIONS_BOUNDARY", "SESSION"
CHECKS = (RCP, SCP, ENDPOINT, RESOURCE, PRINCIPAL, BOUNDARY, SESSION)

# Only what the tests use of the list in https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
RCP_SERVICES = {
    "s3",
    "sts",
    "kms",
    "sqs",
    "secretsmanager",
    "ecr",
    "aoss",
    "cognito-idp",
    "cognito-identity",
    "dynamodb",
    "logs",
}

# What a role's trust policy decides: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
TRUST_ACTIONS = {
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:tagsession",
    "sts:setsourceidentity",
    "sts:setcontext",
}
# "No permissions are required", "you cannot use policies to control authentication operations":
# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
FREE_ACTIONS = {"sts:getcalleridentity", "sts:getsessiontoken"}


@dataclass(frozen=True)
class Verdict:
    """`effect` is ALLOW, IMPLICIT_DENY, EXPLICIT_DENY or UNKNOWN; `decided_by` names checks in the order of CHECKS.

    `undocumented` are silent checks of which AWS does not say whether their Allow was required. `lets_nobody_in`: it is
    UNKNOWN because AWS's documentation and its messages differ, and both would have to allow.
    """

    effect: str
    decided_by: tuple[str, ...]
    undocumented: tuple[str, ...] = ()
    lets_nobody_in: bool = False


@dataclass(frozen=True)
class _Case:
    """An access case, read: the request, and the policies by kind."""

    request: Request
    policies: dict[str, list[dict[str, Any]]]
    management_account: str

    def of(self, kind: str) -> list[dict[str, Any]]:
        return self.policies.get(kind) or []

    def allows(self, kind: str) -> bool:
        return bool(statements(self.of(kind), "Allow", self.request))

    def denies(self, kind: str) -> bool:
        return bool(statements(self.of(kind), "Deny", self.request))

    @property
    def same_account(self) -> bool:
        return self.request.account == self.request.resource_account

    @property
    def is_pass_role(self) -> bool:
        return self.request.action.lower() == "iam:passrole"


def evaluate(raw: dict[str, Any]) -> Verdict:
    """What AWS answers to the request of an access case, and which checks decide."""
    case = _Case(read_request(raw), raw.get("policies", {}), raw.get("organization", {}).get("management_account", ""))
    if case.request.action.lower() in FREE_ACTIONS:
        return Verdict("ALLOW", (PRINCIPAL,))
    if case.request.resource == "*" or not takes_no_resource(case.request.action):
        return _verdict(case)
    return _of_both(*(_verdict(_as(case, way)) for way in (ComparedAs.DOCUMENTED, ComparedAs.IN_MESSAGES)))


def _as(case: _Case, way: ComparedAs) -> _Case:
    return replace(case, request=replace(case.request, compared_as=way))


def _of_both(documented: Verdict, in_messages: Verdict) -> Verdict:
    """The common answer of the documentation and of what AWS's messages suggest; unknown where they differ."""
    if documented.effect != in_messages.effect:
        return Verdict("UNKNOWN", (), lets_nobody_in=True)
    if documented.effect != "IMPLICIT_DENY":
        return documented
    either = {*documented.decided_by, *in_messages.decided_by, *documented.undocumented, *in_messages.undocumented}
    certain = set(documented.decided_by) & set(in_messages.decided_by)
    return Verdict("IMPLICIT_DENY", _ordered(certain), _ordered(either - certain))


def _verdict(case: _Case) -> Verdict:
    if explicit := _explicit_denies(case):  # E1: an explicit deny in any policy wins
        return Verdict("EXPLICIT_DENY", _ordered(explicit))
    missing, undocumented = _missing_allows(case)
    if missing:
        return Verdict("IMPLICIT_DENY", _ordered(missing), _ordered(undocumented))
    if undocumented:
        return Verdict("UNKNOWN", _ordered(undocumented), _ordered(undocumented))
    return Verdict("ALLOW", _who_allowed(case))


def _ordered(checks: set[str]) -> tuple[str, ...]:
    return tuple(check for check in CHECKS if check in checks)


# --- which layers apply -------------------------------------------------------------------------------------------


def _scp_applies(case: _Case) -> bool:
    """E11, E12: users, roles and root of member accounts; not the management account, not service-linked roles.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp
    """
    request = case.request
    return request.kind.has_identity and request.account != case.management_account and not request.is_service_linked


def _rcp_applies(case: _Case) -> bool:
    """E13: resources of member accounts, of the services that support RCPs, whoever asks, service-linked roles excepted.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
    """
    request = case.request
    return (
        request.service in RCP_SERVICES
        and request.action.lower() != "kms:retiregrant"
        and request.resource_account != case.management_account
        and not request.is_service_linked
    )


def _has_own_policies(case: _Case) -> bool:
    """Identity policies, boundary: users and roles (a federated user has those of its user); nobody can limit root by them."""
    return case.request.kind in (Kind.USER, Kind.ROLE, Kind.FEDERATED_USER)


def _levels(case: _Case, kind: str) -> list[list[dict[str, Any]]]:
    return [level["policies"] for level in case.of(kind)]


def _resource_statements(case: _Case, effect: str) -> list[dict[str, Any]]:
    """Passing a role does not consult the role's trust policy: it is no call on the role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return [] if case.is_pass_role else statements(case.of("resource"), effect, case.request)


# --- denies and allows of the layers --------------------------------------------------------------------------------


def _explicit_denies(case: _Case) -> set[str]:
    request = case.request
    bounded = _has_own_policies(case) and bool(case.of("permissions_boundary"))
    found = set()
    if _rcp_applies(case) and any(statements(level, "Deny", request) for level in _levels(case, "resource_control")):
        found.add(RCP)
    if _scp_applies(case) and any(statements(level, "Deny", request) for level in _levels(case, "service_control")):
        found.add(SCP)
    endpoint = statements(case.of("vpc_endpoint"), "Deny", request)
    if any(denies(statement, request, has_boundary=bounded) for statement in endpoint):
        found.add(ENDPOINT)
    if any(denies(statement, request, has_boundary=bounded) for statement in _resource_statements(case, "Deny")):
        found.add(RESOURCE)
    if _has_own_policies(case):
        own = {"identity": PRINCIPAL, "permissions_boundary": BOUNDARY, "session": SESSION}
        found |= {check for kind, check in own.items() if case.denies(kind)}
    return found


def _missing_allows(case: _Case) -> tuple[set[str], set[str]]:
    """The checks whose Allow was required and is absent, and those of which AWS does not say whether it was."""
    request = case.request
    missing: set[str] = set()
    # RCPs never lack an Allow: RCPFullAWSAccess is always attached.
    if _scp_applies(case) and not all(
        statements(level, "Allow", request) for level in _levels(case, "service_control")
    ):
        missing.add(SCP)  # E12: an Allow at every level, from the root to the account
    endpoint = statements(case.of("vpc_endpoint"), "Allow", request)
    if case.of("vpc_endpoint") and not any(naming(statement, request) for statement in endpoint):
        missing.add(ENDPOINT)
    if not request.kind.has_identity:  # E11: only the resource's policy can allow
        return missing | (set() if _namings(case) else {RESOURCE}), set()
    if request.kind is Kind.ROOT and request.action.lower() == "sts:assumerole":
        missing.add(PRINCIPAL)  # "You cannot use AWS account root user credentials to call AssumeRole."
    if case.same_account:
        same, undocumented = _missing_in_one_account(case)
        return missing | same, undocumented
    return missing | _missing_across_accounts(case), set()


def _missing_in_one_account(case: _Case) -> tuple[set[str], set[str]]:
    """Same account: identity or resource policy; the way of naming decides what else counts (E2 to E6, E9)."""
    found = _namings(case)
    if not found and _needs_resource_policy(case.request):
        return {RESOURCE} | _silent_limits(case), set()  # E9: key and trust policies must allow, at least by delegating
    if Naming.ITSELF in found:
        return set(), set()  # E2: no implicit deny of identity policy, boundary or session policy counts
    if Naming.EVERYONE_BY_ARN in found:  # E4: nor here; but a session without any session policy is nowhere described
        return set(), _silent_limits(case) if _lacks_session_policy(case) else set()
    if Naming.EVERYONE in found:  # not documented: the bypass is described for aws:PrincipalArn only
        return set(), _silent_limits(case)
    if Naming.ROLE in found:  # E3, E5: the identity policy may be silent, boundary and session policy may not
        return _silent_limits(case), set()
    return _silent_limits(case) | (set() if _identity_allows(case) else {PRINCIPAL}), set()  # E6, or nobody named


def _missing_across_accounts(case: _Case) -> set[str]:
    """E10: both accounts must allow; in the caller's own identity policy, boundary and session policy, no short-cut.

    A role of another account cannot be passed, whatever any policy says.
    """
    missing = _silent_limits(case)
    if not _namings(case):
        missing.add(RESOURCE)
    if not _identity_allows(case):
        missing.add(PRINCIPAL)
    return missing


def _namings(case: _Case) -> set[Naming]:
    """Every way in which a matching Allow of the resource's policy names the caller."""
    found = (naming(statement, case.request) for statement in _resource_statements(case, "Allow"))
    return {name for name in found if name is not None}


def _needs_resource_policy(request: Request) -> bool:
    """E9: KMS keys (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html) and roles to assume."""
    return request.action.lower() in TRUST_ACTIONS or (request.service == "kms" and ":key/" in request.resource)


def _identity_allows(case: _Case) -> bool:
    """E16: root is allowed by default."""
    return case.request.kind is Kind.ROOT or case.allows("identity")


def _lacks_session_policy(case: _Case) -> bool:
    """A GetFederationToken session without session policy "has no permissions".

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
    """
    return case.request.kind is Kind.FEDERATED_USER and not case.of("session")


def _silent_limits(case: _Case) -> set[str]:
    """Boundary and session policy, where there is one and it does not allow (E14: sessions get the intersection)."""
    if not _has_own_policies(case):
        return set()
    silent = set()
    if case.of("permissions_boundary") and not case.allows("permissions_boundary"):
        silent.add(BOUNDARY)
    if _lacks_session_policy(case) or (case.of("session") and not case.allows("session")):
        silent.add(SESSION)
    return silent


def _who_allowed(case: _Case) -> tuple[str, ...]:
    """Same account: the resource's policy if it grants directly, else the identity policy; across accounts both."""
    if not case.request.kind.has_identity:
        return (RESOURCE,)
    if not case.same_account:
        return (PRINCIPAL, RESOURCE)
    return (RESOURCE,) if _namings(case) - {Naming.ACCOUNT} else (PRINCIPAL,)
