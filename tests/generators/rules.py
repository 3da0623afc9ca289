"""Which of the rules E1 to E16 a case turns on: the rule, in words of the case and the reference's verdict.

Tells whether the generator reaches every rule; it decides nothing.
"""

from __future__ import annotations

from typing import Any

from tests.reference import Verdict, semantics
from tests.reference.actions_without_resource import takes_no_resource
from tests.reference.request import Kind, Request, read_request
from tests.reference.statements import Naming, statements

LIMITS = {"PERMISSIONS_BOUNDARY", "SESSION"}


def rules_at_work(raw: dict[str, Any], verdict: Verdict) -> set[str]:
    """The rules without which the answer would, or could, have been another."""
    request = read_request(raw)
    case = semantics._Case(request, raw["policies"], raw.get("organization", {}).get("management_account", ""))
    named = semantics._namings(case)
    identity = semantics._identity_allows(case)
    missing = semantics._missing_allows(case)[0]
    silent = semantics._silent_limits(case)
    here = case.same_account and request.kind.has_identity
    own = set(verdict.decided_by)
    not_principal = any("NotPrincipal" in item for item in semantics._resource_statements(case, "Deny"))
    scp = any(statements(level, "Deny", request) for level in semantics._levels(case, "service_control"))
    rcp = any(statements(level, "Deny", request) for level in semantics._levels(case, "resource_control"))
    allowed, implicit, explicit = (verdict.effect == effect for effect in ("ALLOW", "IMPLICIT_DENY", "EXPLICIT_DENY"))
    found = {
        "E1 explicit deny over a full allow": explicit and not missing,
        "E2 named itself, other policies silent": here
        and allowed
        and Naming.ITSELF in named
        and bool(silent or not identity),
        "E3 role named, boundary or session silent": here
        and named == {Naming.ROLE}
        and request.kind is Kind.ROLE
        and bool(own & LIMITS),
        "E3 role named, identity silent": here and allowed and named == {Naming.ROLE} and not identity,
        "E4 wildcard with aws:PrincipalArn": here and allowed and Naming.EVERYONE_BY_ARN in named and bool(silent),
        "E5 federating user named": request.kind is Kind.FEDERATED_USER
        and named == {Naming.ROLE}
        and implicit
        and "SESSION" in own,
        "E6 account named, identity silent": here and named == {Naming.ACCOUNT} and "PRINCIPAL" in own and implicit,
        "E7 SCP or RCP over a resource grant": here
        and Naming.ITSELF in named
        and bool(own & {semantics.SCP, semantics.RCP}),
        "E8 NotPrincipal deny, boundary": explicit and not_principal and bool(case.of("permissions_boundary")),
        "E8 NotPrincipal deny, spared": allowed and not_principal,
        "E9 key or trust policy silent": here and "RESOURCE" in own and implicit and identity,
        "E9 key or trust policy delegates": here
        and allowed
        and semantics._needs_resource_policy(request)
        and named == {Naming.ACCOUNT},
        "E10 across accounts, both allow": allowed and request.kind.has_identity and not case.same_account,
        "E10 across accounts, no short-cut": not case.same_account
        and Naming.ITSELF in named
        and implicit
        and bool(own & {"PRINCIPAL", *LIMITS}),
        "E11 service principal": request.kind is Kind.SERVICE and (allowed or "RESOURCE" in own),
        "E12 no SCP allow at some level": implicit and own == {semantics.SCP},
        "E12 exempt from SCP": allowed and scp,
        "E13 RCP deny": semantics.RCP in own,
        "E13 exempt from RCP": allowed and rcp,
        "E14 session policy silent": implicit and own == {"SESSION"},
        "E15 on behalf of the caller": "viaawsservice" in str(raw["policies"]).lower()
        and "aws:viaawsservice" in request.context,
        "E16 root allowed": request.kind is Kind.ROOT and allowed,
        "E16 root denied": request.kind is Kind.ROOT
        and bool(own & {semantics.SCP, semantics.RCP, "RESOURCE"})
        and not allowed,
        "action without a resource, allowed on *": allowed and _names_what_it_does_not_take(request),
        "action without a resource, allowed on an ARN alone": _on_its_arn_alone(raw),
        "action without a resource, not settled": verdict.lets_nobody_in,
        "PassRole to another account": case.is_pass_role and not case.same_account and implicit,
        "federated user without session policy": semantics._lacks_session_policy(case) and "SESSION" in own,
    }
    return {rule for rule, hit in found.items() if hit}


def _names_what_it_does_not_take(request: Request) -> bool:
    return request.resource != "*" and takes_no_resource(request.action)


def _on_its_arn_alone(raw: dict[str, Any]) -> bool:
    """Whether the action takes no resource and would be allowed if the ARN that the request names were what counts."""
    request = read_request(raw)
    if not _names_what_it_does_not_take(request):
        return False
    case = semantics._Case(request, raw["policies"], raw.get("organization", {}).get("management_account", ""))
    return semantics._verdict(case).effect == "ALLOW" and semantics.evaluate(raw).effect == "IMPLICIT_DENY"
