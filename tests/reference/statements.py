"""Which statements of a policy apply to a request, and how a Principal element names the caller.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from tests.reference.actions_without_resource import ALLOWED_ON_ITS_RESOURCE
from tests.reference.conditions import holds, texts
from tests.reference.patterns import Part, like, resource_like
from tests.reference.request import ComparedAs, Kind, Request


class Naming(Enum):
    """How a statement of a resource-based policy names the caller; each has its own consequences (E2 to E6)."""

    ITSELF = "user ARN, role session ARN, federated user ARN, service, identity provider"
    ROLE = "the role of the session, or the IAM user behind the federated user"
    ACCOUNT = "the account, which only delegates"
    EVERYONE = "a wildcard"
    EVERYONE_BY_ARN = "a wildcard, narrowed by aws:PrincipalArn"


def statements(policies: list[dict[str, Any]], effect: str, request: Request) -> list[dict[str, Any]]:
    """The statements with this effect whose action, resource and condition fit; principals are not looked at."""
    return [
        statement
        for document in (policy["document"] for policy in policies)
        for statement in _as_list(document["Statement"])
        if statement["Effect"] == effect
        and _fits(statement, request, variables=document.get("Version") == "2012-10-17")
    ]


def _as_list(written: dict[str, Any] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return written if isinstance(written, list) else [written]


def _fits(statement: dict[str, Any], request: Request, *, variables: bool) -> bool:
    return (
        _action_fits(statement, request.action)
        and _resource_fits(statement, request, variables=variables)
        and holds(statement.get("Condition", {}), request.context, variables=variables)
    )


def _action_fits(statement: dict[str, Any], action: str) -> bool:
    """Actions are compared without regard to case; NotAction is every other action."""
    named = texts(statement.get("Action", statement.get("NotAction")))
    covered = any(like([Part(entry, as_written=True)], action, ignore_case=True) for entry in named)
    return covered == ("Action" in statement)


def _resource_fits(statement: dict[str, Any], request: Request, *, variables: bool) -> bool:
    """NotResource is every other resource; a trust policy has neither: the role itself is meant.

    For an action without a resource only ``*`` grants. Where AWS compares the ARN of its messages, a Deny on that ARN hits
    as well, an Allow has to cover both, and an Allow of the policy of a resource cannot say more than the ARN.
    """
    if "Resource" not in statement and "NotResource" not in statement:
        return True
    principal = "Principal" in statement or "NotPrincipal" in statement
    arn = _covers(statement, request.resource, request, variables=variables)
    star = _covers(statement, "*", request, variables=variables)
    of_group = principal and request.action.lower() in ALLOWED_ON_ITS_RESOURCE
    if request.compared_as is ComparedAs.NAMED or of_group:
        return arn
    if request.compared_as is ComparedAs.DOCUMENTED:
        return star
    if statement["Effect"] == "Deny":
        return arn or star
    return arn if principal else arn and star


def _covers(statement: dict[str, Any], resource: str, request: Request, *, variables: bool) -> bool:
    entries = texts(statement.get("Resource", statement.get("NotResource")))
    covered = any(resource_like(entry, resource, request.context, variables=variables) for entry in entries)
    return covered == ("Resource" in statement)


def naming(statement: dict[str, Any], request: Request) -> Naming | None:
    """How an Allow statement names the caller; None if it does not. Without Principal nobody is named."""
    if "NotPrincipal" in statement:  # with Allow: "all principals except the one named", anonymous ones too
        return None if _names(statement["NotPrincipal"], request) else Naming.EVERYONE
    found = _names(statement.get("Principal", {}), request)
    if Naming.EVERYONE in found:
        return Naming.EVERYONE_BY_ARN if _asks_for_principal_arn(statement) else Naming.EVERYONE
    return next((name for name in Naming if name in found), None)


def denies(statement: dict[str, Any], request: Request, *, has_boundary: bool) -> bool:
    """Whether a Deny statement of a resource-based policy hits the caller (E8 for NotPrincipal).

    "NotPrincipal with Deny will always deny any IAM principal that has a permissions boundary policy attached", and the
    account, the role and the session must all be listed to be spared.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    if "NotPrincipal" not in statement:
        return bool(_names(statement.get("Principal", {}), request))
    spared = _names(statement["NotPrincipal"], request)
    if has_boundary:
        return True
    must_be_listed = {
        Kind.USER: {Naming.ACCOUNT, Naming.ITSELF},
        Kind.ROLE: {Naming.ACCOUNT, Naming.ROLE, Naming.ITSELF},
        Kind.FEDERATED_USER: {Naming.ACCOUNT, Naming.ROLE, Naming.ITSELF},
        Kind.ROOT: {Naming.ACCOUNT},
    }.get(request.kind, {Naming.ITSELF})
    return not must_be_listed <= spared and Naming.EVERYONE not in spared


def _names(principal: str | dict[str, Any], request: Request) -> set[Naming]:
    """Every way in which a Principal (or NotPrincipal) element names the caller. Principals have no partial wildcards."""
    if principal == "*":
        return {Naming.EVERYONE}
    assert isinstance(principal, dict)
    found: set[Naming] = set()
    for name in texts(principal.get("AWS", [])):
        if name == "*":
            found.add(Naming.EVERYONE)
        elif not request.kind.has_identity:
            continue
        elif name in (request.account, request.root):
            found.add(Naming.ACCOUNT)
        elif name in (request.role, request.federated_by):
            found.add(Naming.ROLE)
        elif name == request.principal:
            found.add(Naming.ITSELF)
    other = {Kind.SERVICE: "Service", Kind.IDENTITY_PROVIDER: "Federated"}.get(request.kind)
    if other and request.principal in texts(principal.get(other, [])):
        found.add(Naming.ITSELF)
    return found


def _asks_for_principal_arn(statement: dict[str, Any]) -> bool:
    """Whether the wildcard grant is narrowed to named ARNs: a plain positive operator on aws:PrincipalArn."""
    return any(
        key.lower() == "aws:principalarn"
        for operator in ("ArnEquals", "ArnLike", "StringEquals", "StringEqualsIgnoreCase", "StringLike")
        for key in statement.get("Condition", {}).get(operator, {})
    )
