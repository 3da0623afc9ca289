"""A witness as an access case: the same request with a whole world around it, for ``sagepass test`` and for CI.

The policies that are not in question allow everything, so that the case turns on the one policy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.kinds import PolicyType
from sagepass.proof.verdict import Witness

_OTHER_ACCOUNT = "777788889999"
_ALL: dict[str, Any] = {
    "name": "everything",
    "document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
}
_WITHOUT_IDENTITY = frozenset({CallerKind.SERVICE, CallerKind.FEDERATED, CallerKind.ANONYMOUS})


def access_case(witness: Witness, policy_type: PolicyType, documents: Sequence[object], name: str) -> dict[str, Any]:
    """The case in which a policy of this type decides the witness.

    Args:
        witness: the request.
        policy_type: what the documents are.
        documents: as JSON values.
        name: id of the case.
    """
    own = [{"name": f"policy {number}", "document": document} for number, document in enumerate(documents)]
    caller = parse_caller(witness.principal)
    with_identity = caller.kind not in _WITHOUT_IDENTITY
    policies = _around(caller, has_boundary=witness.has_boundary)
    request = witness.request()
    request["resource_account"] = caller.account or _OTHER_ACCOUNT
    match policy_type:
        case PolicyType.IDENTITY_BASED_POLICY:
            policies["identity"] = own
        case PolicyType.PERMISSIONS_BOUNDARY:
            policies["permissions_boundary"] = own
        case PolicyType.SESSION_POLICY:
            policies["session"] = own
            request["principal"] = _as_session(witness.principal)
        case PolicyType.VPC_ENDPOINT_POLICY:
            policies["vpc_endpoint"] = own
        case PolicyType.SERVICE_CONTROL_POLICY:
            policies["service_control"] = [{"target": caller.account or "", "policies": own}]
        case PolicyType.RESOURCE_CONTROL_POLICY:
            policies["resource_control"] = [{"target": request["resource_account"], "policies": own}]
        case PolicyType.RESOURCE_BASED_POLICY | PolicyType.ROLE_TRUST_POLICY:
            policies["resource"] = own
            request["resource_account"] = _OTHER_ACCOUNT
        case _:
            assert_never(policy_type)
    if "resource" not in policies and _needs_resource_policy(witness, with_identity=with_identity):
        policies["resource"] = [_delegating(witness, caller.account)]
    case = {"id": name, "title": _title(witness), "request": request, "policies": policies}
    return {**case, **_federation(caller)}


def _federation(caller: Caller) -> dict[str, str]:
    """The user behind a session of GetFederationToken, who has its name here."""
    if caller.kind is not CallerKind.FEDERATED_USER:
        return {}
    return {"federated_by": f"arn:{caller.partition}:iam::{caller.account}:user/{caller.name}"}


def _around(caller: Caller, *, has_boundary: bool) -> dict[str, Any]:
    """The caller's own policies, which allow everything."""
    if caller.kind in _WITHOUT_IDENTITY:
        return {}
    policies: dict[str, Any] = {"identity": [_ALL]}
    if has_boundary:
        policies["permissions_boundary"] = [_ALL]
    if caller.kind is CallerKind.FEDERATED_USER:
        policies["session"] = [_ALL]
    return policies


def _title(witness: Witness) -> str:
    return f"{witness.principal} {witness.action} {witness.resource}"


def _as_session(principal: str) -> str:
    """A session policy belongs to a session."""
    caller = parse_caller(principal)
    if caller.kind is not CallerKind.USER:
        return principal
    return f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.name}/a-session"


def _needs_resource_policy(witness: Witness, *, with_identity: bool) -> bool:
    """Keys and roles decide by their own policy too, and so does every resource for a caller without policies."""
    service = witness.action.partition(":")[0].lower()
    return service in {"kms", "sts"} or not with_identity


def _delegating(witness: Witness, account: str | None) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": account} if account is not None else "*",
        "Action": "*",
    }
    if not witness.action.lower().startswith("sts:"):
        statement["Resource"] = "*"
    return {"name": "delegates", "document": {"Version": "2012-10-17", "Statement": [statement]}}
