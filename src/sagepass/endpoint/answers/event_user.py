"""Who made a call, as CloudTrail's ``userIdentity`` says it.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from __future__ import annotations

from typing import assert_never

from sagepass.endpoint.recorded import Recorded
from sagepass.policy.caller import Caller, CallerKind, parse_caller


def user_identity(recorded: Recorded) -> dict[str, object]:
    """The ``userIdentity`` of a record."""
    caller = parse_caller(recorded.caller)
    identity: dict[str, object] = {"type": _type(caller)}
    if caller.kind is CallerKind.ANONYMOUS:
        return identity | {"principalId": "", "accountId": "anonymous"}
    if caller.kind is CallerKind.SERVICE:
        return identity | {"invokedBy": caller.arn}
    identity |= {"principalId": _principal_id(recorded, caller), "arn": caller.arn, "accountId": recorded.account}
    if recorded.access_key_id is not None:
        identity["accessKeyId"] = recorded.access_key_id
    if caller.kind is CallerKind.USER:
        identity["userName"] = caller.name or ""
    if caller.kind in {CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}:
        identity["sessionContext"] = _session(recorded, caller)
    return identity


def user_name(recorded: Recorded) -> str:
    """What LookupEvents calls the user: a user's name, a role session's name, ``root``."""
    caller = parse_caller(recorded.caller)
    if caller.kind is CallerKind.ROOT:
        return "root"
    return caller.session_name or caller.name or ""


def _type(caller: Caller) -> str:
    match caller.kind:
        case CallerKind.USER:
            return "IAMUser"
        case CallerKind.ROLE:
            return "Role"
        case CallerKind.ROLE_SESSION:
            return "AssumedRole"
        case CallerKind.FEDERATED_USER:
            return "FederatedUser"
        case CallerKind.ROOT:
            return "Root"
        case CallerKind.SERVICE:
            return "AWSService"
        case CallerKind.FEDERATED:
            return "WebIdentityUser"
        case CallerKind.ANONYMOUS:
            return "AWSAccount"
    assert_never(caller.kind)


def _principal_id(recorded: Recorded, caller: Caller) -> str:
    """The unique id that the decision knew as ``aws:userid``; the account of root."""
    if caller.kind is CallerKind.ROOT:
        return recorded.account
    found = _context_value(recorded, "aws:userid")
    if found is None and recorded.snapshot is not None:
        record = recorded.snapshot.principal(caller.arn)
        found = record.unique_id if record else None
    return found or ""


def _session(recorded: Recorded, caller: Caller) -> dict[str, object]:
    attributes = {"mfaAuthenticated": _context_value(recorded, "aws:MultiFactorAuthPresent") or "false"}
    issued = _context_value(recorded, "aws:TokenIssueTime")
    session: dict[str, object] = {"attributes": attributes | ({"creationDate": issued} if issued else {})}
    if caller.kind is CallerKind.ROLE_SESSION:
        record = recorded.snapshot.principal(caller.arn) if recorded.snapshot else None
        session["sessionIssuer"] = {
            "type": "Role",
            "principalId": (record.unique_id if record else "") or _principal_id(recorded, caller).partition(":")[0],
            "arn": record.arn if record else caller.role_arn,
            "accountId": caller.account,
            "userName": caller.name,
        }
    source = _context_value(recorded, "aws:SourceIdentity")
    return session | ({"sourceIdentity": source} if source else {})


def _context_value(recorded: Recorded, key: str) -> str | None:
    for decision in recorded.decisions:
        for name, value in decision.request.context.items():
            if name.lower() == key.lower() and isinstance(value, str):
                return value
    return None
