"""From the names in IAM requests to ARNs: requests leave out the path that ARNs carry.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html. Names are unique in an account, so the
snapshot tells the path; without one the ARN stays a set (``role/*Name``).
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.calls.call import ResourceState
from sagepass.calls.request_paths import Found, find_values
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.table import Asked, Finder
from sagepass.policy.arn import parse_arn
from sagepass.snapshot.identities import Identities
from sagepass.snapshot.principals import PrincipalKind

_OWN_PATH = frozenset({
    "createrole", "createuser", "creategroup", "createinstanceprofile", "createpolicy", "createvirtualmfadevice",
    "uploadservercertificate",
})  # fmt: skip
"""Operations that make what they name, and so say its path; left out it is ``/``."""


def account_of_call(asked: Asked) -> str:
    """The caller's account, ``*`` where it is not known."""
    return asked.call.caller_account or "*"


def identity(kind: str, member: str, *, new_name: str = "", own: bool = False) -> Finder:
    """How requests name users, roles, groups and the like.

    Args:
        kind: the resource type.
        member: holds the name.
        new_name: holds a new name: renaming needs the permission on both ARNs
            (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html).
        own: without a name the caller's own is meant
            (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html).
    """

    def find(asked: Asked) -> Iterable[Named]:
        found = find_values(asked.call.params, member)
        if not found:
            return [_own(asked, kind) if own else _any(asked, kind, f"{member} is not in the request")]
        named = [_by_name(asked, kind, one) for one in found]
        if new_name and _operation(asked).startswith("update"):
            named += _renamed(asked, kind, named[0], new_name)
        return named

    return find


def own_path(kind: str, name: str, arn: str) -> Finder:
    """A resource that is named by its ARN, and by name and path only while it is made."""

    def find(asked: Asked) -> Iterable[Named]:
        for found in find_values(asked.call.params, arn):
            if found.text is not None:
                return [Named(arn=found.text, kind=kind, state=_state(found.text), route=found.route)]
        by_name = find_values(asked.call.params, name)
        return [_by_name(asked, kind, one) for one in by_name] or [_any(asked, kind, f"{arn} is not in the request")]

    return find


def mfa_device(asked: Asked) -> Iterable[Named]:
    """A virtual device: its serial number is its ARN; a new one has a path and a name.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html
    """
    return own_path("mfa", "VirtualMFADeviceName", "SerialNumber")(asked)


def mfa_user(asked: Asked) -> Iterable[Named]:
    """The user of a device: named, or the caller."""
    return identity("user", "UserName", own=True)(asked)


def _operation(asked: Asked) -> str:
    return asked.call.operation.replace("-", "").lower()


def _by_name(asked: Asked, kind: str, found: Found) -> Named:
    name = found.text
    if name is None:
        return _any(asked, kind, f"{found.route[0]} is not known before the call")
    prefix = f"arn:{asked.call.partition}:iam::{account_of_call(asked)}:{kind}"
    if _operation(asked) in _OWN_PATH:
        paths = find_values(asked.call.params, "Path")
        path = (paths[0].text or "/*") if paths else "/"
        return _named(f"{prefix}{path}{name}", kind, found)
    stored = _stored(asked, kind, name)
    if stored is not None:
        return _named(stored or f"{prefix}/{name}", kind, found)
    return _named(f"{prefix}/*{name}", kind, found, f"the path of the {kind} is not told by its name")


def _stored(asked: Asked, kind: str, name: str) -> str | None:
    """The ARN in the snapshot; empty text if the account is known and has no such name; ``None`` if nothing tells."""
    account = asked.call.caller_account or ""
    identities = asked.snapshot.identities(account) if asked.snapshot else None
    if identities is None or kind not in {"role", "user", "group"}:
        return None
    arn = _look_up(identities, kind, name)
    return arn if arn is not None else (None if identities.truncated else "")


def _look_up(identities: Identities, kind: str, name: str) -> str | None:
    """Names are unique without regard to case (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""
    if kind == "group":
        group = identities.groups.get(name)
        return group.arn if group else None
    wanted = PrincipalKind(kind)
    matching = (
        one.arn for one in identities.principals.values() if one.kind is wanted and one.name.lower() == name.lower()
    )
    return next(matching, None)


def _own(asked: Asked, kind: str) -> Named:
    parsed = parse_arn(asked.caller) if asked.caller else None
    if asked.caller and parsed is not None and parsed.service == "iam" and parsed.resource.startswith(f"{kind}/"):
        return Named(arn=asked.caller, kind=kind, state=ResourceState.EXACT, note=f"the caller's own {kind}")
    return _any(asked, kind, f"no name in the request: the caller's own {kind} is meant")


def _renamed(asked: Asked, kind: str, old: Named, member: str) -> list[Named]:
    names, paths = find_values(asked.call.params, member), find_values(asked.call.params, "NewPath")
    head, _, name = old.arn.rpartition("/")
    if paths:
        head = head.partition(f":{kind}")[0] + f":{kind}" + (paths[0].text or "/*").removesuffix("/")
    if names:
        name = names[0].text or "*"
    arn = f"{head}/{name}"
    route = (names or paths)[0].route if names or paths else ()
    return [] if arn == old.arn else [Named(arn=arn, kind=kind, state=_state(arn), route=route, note=old.note)]


def _any(asked: Asked, kind: str, note: str) -> Named:
    arn = f"arn:{asked.call.partition}:iam::{account_of_call(asked)}:{kind}/*"
    return Named(arn=arn, kind=kind, state=ResourceState.SET, note=note)


def _named(arn: str, kind: str, found: Found, note: str = "") -> Named:
    return Named(arn=arn, kind=kind, state=_state(arn), route=found.route, note=note)


def _state(arn: str) -> ResourceState:
    return ResourceState.SET if "*" in arn else ResourceState.EXACT
