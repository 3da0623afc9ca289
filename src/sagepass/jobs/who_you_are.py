"""Who the caller really is: in Studio the execution role, with IAM Identity Center the permission set."""

from __future__ import annotations

from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.snapshot.snapshot import Snapshot

_STUDIO_SESSION = "SageMaker"


def who_you_are(principal: str | None, snapshot: Snapshot | None) -> tuple[str, ...]:
    """Sentences on the identity that was refused, and on what it would be useless to change."""
    try:
        caller = parse_caller(principal) if principal else None
    except ValueError:
        return (f"the caller stands as {principal} in the text, which is masked or shortened",)
    if caller is None:
        return ()
    return tuple(_sentences(caller, snapshot))


def _sentences(caller: Caller, snapshot: Snapshot | None) -> list[str]:
    match caller.kind:
        case CallerKind.USER:
            return [f"the caller is the IAM user {caller.name}{_of_account(caller)}", *_groups(caller, snapshot)]
        case CallerKind.ROLE_SESSION | CallerKind.ROLE:
            return _role(caller)
        case CallerKind.FEDERATED_USER:
            return [
                (
                    f"the caller is the federated user {caller.name}{_of_account(caller)} (GetFederationToken): it has "
                    "what both its session policy and the IAM user who created the session are allowed"
                )
            ]
        case CallerKind.ROOT:
            return [f"the caller is the root user{_of_account(caller)}"]
        case CallerKind.SERVICE:
            return [f"the caller is the service {caller.arn}, not a person: only the resource's policy decides"]
        case CallerKind.FEDERATED:
            return [f"the caller is an identity of {caller.arn}, which has no role yet: only the trust policy decides"]
        case CallerKind.ANONYMOUS:
            return ["the caller is anonymous: the request carried no credentials"]


def _of_account(caller: Caller) -> str:
    return f" of account {caller.account}" if caller.account else ""


def _role(caller: Caller) -> list[str]:
    if caller.sso_permission_set:
        return [
            (
                f"the caller is a session of the permission set {caller.sso_permission_set} of IAM Identity Center; its role "
                "cannot be edited in IAM: the permission set is what counts"
            )
        ]
    role = f"the role {caller.name}{_of_account(caller)}"
    if caller.is_service_linked_role:
        return [f"the caller is {role}, a service-linked role; only its service can change it"]
    if caller.session_name == _STUDIO_SESSION or (caller.name or "").startswith("AmazonSageMaker-ExecutionRole"):
        return [
            (
                f"the caller is the execution role {caller.name}{_of_account(caller)}, not you: what runs in Studio, a "
                "notebook or a job acts as this role, so changing your own user changes nothing"
            )
        ]
    session = f" in session {caller.session_name}" if caller.session_name else ""
    return [f"the caller is {role}{session}; the role's policies count, not those of whoever assumed it"]


def _groups(caller: Caller, snapshot: Snapshot | None) -> list[str]:
    record = snapshot.principal(caller.arn) if snapshot else None
    if record is None or not record.groups:
        return []
    return [f"it is in the group{'s' if len(record.groups) > 1 else ''} {', '.join(record.groups)}"]
