"""The request context that follows from the request itself and from the snapshot.

A derived value is marked as such and gives way to a given one. A key that AWS puts into some requests only is absent where
the kind of caller or the action rules it out, and unknown where nothing tells.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from sagepass.catalog.global_keys import GLOBAL_KEYS
from sagepass.catalog.services import requested_region
from sagepass.engine.key_presence import absent_for_action, absent_for_caller
from sagepass.engine.request import Request
from sagepass.engine.resource_owner import is_of_aws
from sagepass.engine.tags_of_resources import counts_tags, is_made_by
from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import Caller, CallerKind
from sagepass.policy.context import Context, KeyValue, NoValue, context_from
from sagepass.policy.kinds import Evidence
from sagepass.snapshot.principals import PrincipalRecord
from sagepass.snapshot.snapshot import Snapshot

_TYPES = {
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.ROLE_SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ROOT: "Account",
    CallerKind.ANONYMOUS: "Anonymous",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """What derived values follow from.

    Attributes:
        caller: with path and unique id, where they are known.
        record: the user or role behind the caller, if the snapshot has it.
        action: as the request spells it.
        resource: of the request.
        resource_account: its owner, if known.
        snapshot: where tags and the organization come from; ``None`` for an access case.
    """

    caller: Caller
    record: PrincipalRecord | None = None
    action: str
    resource: str
    resource_account: str | None
    snapshot: Snapshot | None


def derive_context(
    request: Request, caller: Caller, resource_account: str | None, snapshot: Snapshot | None = None
) -> Context:
    """The given context of a request, with what the request alone says, worked out when a key is asked for.

    Args:
        request: its given keys win.
        caller: with path and unique id, where they are known.
        resource_account: the owner of the resource, if known.
        snapshot: decides whether a direct call over TLS is assumed; ``None`` for an access case, which assumes nothing.
    """
    given = context_from(request.context, complete=request.context_complete)
    origins = Origins(
        caller=caller,
        action=request.action,
        resource=request.resource,
        resource_account=resource_account,
        snapshot=snapshot,
    )
    return Context(values=StatedKeys(given, origins), absent=given.absent, complete=given.complete)


class StatedKeys(Mapping[str, KeyValue]):
    """The given keys, and beside them those that follow from the request alone; what nobody asks for is not worked out."""

    __slots__ = ("_given", "_origins")

    def __init__(self, given: Context, origins: Origins) -> None:
        self._given = given
        self._origins = origins

    def __getitem__(self, key: str) -> KeyValue:
        """The value of a key in lower case."""
        found = self._given.values.get(key)
        if found is None and key not in self._given.absent:
            stated = _STATED.get(key)
            found = stated(self._origins) if stated is not None else None
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        """The keys that have a value: those that follow from the request first."""
        absent, given = self._given.absent, self._given.values
        for key, stated in _STATED.items():
            if key in given or (key not in absent and stated(self._origins) is not None):
                yield key
        yield from (key for key in given if key not in _STATED)

    def __len__(self) -> int:
        """How many keys have a value."""
        return sum(1 for _ in self)


class KeyScope(Enum):
    """What a derived key follows from, so that it is worked out once for all requests that share that."""

    CALLER = "caller"
    ACTION = "action"
    RESOURCE = "resource"
    RESOURCE_AND_ACTION = "resource and action"
    CALLER_AND_ACTION = "caller and action"


@lru_cache(maxsize=16384)
def scope_of(key: str) -> KeyScope:
    """What :func:`derive_key` looks at for a key, which is given in lower case."""
    if key == "kms:calleraccount":
        return KeyScope.CALLER_AND_ACTION
    if key in _OF_OWNER:
        return KeyScope.RESOURCE
    prefix, _, name = key.partition("/")
    if key == "aws:requestedregion" or (prefix.endswith(":resourcetag") and name):
        return KeyScope.RESOURCE_AND_ACTION
    if key in _STATED or key in GLOBAL_KEYS or key in _ORGANIZATION or prefix == "aws:principaltag":
        return KeyScope.CALLER
    return KeyScope.ACTION


Derived: TypeAlias = KeyValue | str | NoValue | None
"""A value, the reason why the key is absent, ``UNKNOWN`` if nobody can tell, or ``None`` if only the request could."""


def derive_key(key: str, origins: Origins) -> Derived:
    """What is known of one key, which is given in lower case."""
    stated = _STATED.get(key)
    value = stated(origins) if stated is not None else None
    if value is not None or origins.snapshot is None:
        return value
    if key in _OF_OWNER and _owner(origins) is None:
        return NoValue.UNKNOWN  # whatever has an owner has the key, also where all keys that are not given are absent
    return _look_up(key, origins, origins.snapshot)


def _derived(key: str, *values: str, many: bool = False, note: str = "") -> KeyValue:
    return KeyValue(key, values, multivalued=many, evidence=Evidence.COMPUTED, note=note)


def _optional(key: str, value: str | None) -> KeyValue | None:
    return None if value is None else _derived(key, value)


def _principal_type(origins: Origins) -> KeyValue | None:
    return _optional("aws:PrincipalType", _TYPES.get(origins.caller.kind))


def _user_name(origins: Origins) -> KeyValue | None:
    caller = origins.caller
    return _optional("aws:username", caller.name or None) if caller.kind is CallerKind.USER else None


def _user_id(origins: Origins) -> KeyValue | None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable."""
    caller = origins.caller
    found = caller.unique_id if caller.kind is CallerKind.USER else None
    if caller.kind is CallerKind.ROOT:
        found = caller.account
    elif caller.kind is CallerKind.FEDERATED_USER and caller.account:
        found = f"{caller.account}:{caller.name}"
    elif caller.kind is CallerKind.ROLE_SESSION and caller.unique_id is not None:
        found = f"{caller.unique_id}:{caller.session_name}"
    return _optional("aws:userid", found)


def _is_service(origins: Origins) -> KeyValue | None:
    if origins.caller.kind is CallerKind.ANONYMOUS:
        return None
    return _derived("aws:PrincipalIsAWSService", "true" if origins.caller.kind is CallerKind.SERVICE else "false")


def _service_name(origins: Origins) -> KeyValue | None:
    is_service = origins.caller.kind is CallerKind.SERVICE
    return _derived("aws:PrincipalServiceName", origins.caller.arn) if is_service else None


def _requested_region(origins: Origins) -> KeyValue | None:
    """The Region of the resource's ARN, or the one Region of a global service.

    For ``iam:PassRole``, which other services check on their own calls, AWS does not document the value.
    """
    if origins.action.lower() == "iam:passrole":
        return None
    arn = parse_arn(origins.resource)
    region = arn.region if arn is not None and arn.region and not set(arn.region) & set("*?") else None
    service = origins.action.partition(":")[0].lower()
    if service != "sts":
        region = requested_region(service, region, arn.partition if arn is not None else "aws")
    return _optional("aws:RequestedRegion", region)


def _kms_caller(origins: Origins) -> KeyValue | None:
    is_kms = origins.action.lower().startswith("kms:")
    return _optional("kms:CallerAccount", origins.caller.account) if is_kms else None


def _direct(origins: Origins) -> KeyValue | None:
    """What nearly every request made by a person has; marked as an assumption."""
    if origins.snapshot is None or origins.caller.kind is CallerKind.SERVICE:
        return None
    return KeyValue("aws:ViaAWSService", ("false",), evidence=Evidence.ASSUMED, note="a direct call is assumed")


def _owner(origins: Origins) -> str | None:
    return None if is_of_aws(origins.resource) else origins.resource_account


def _secure(origins: Origins) -> KeyValue | None:
    if origins.snapshot is None or origins.caller.kind is CallerKind.SERVICE:
        return None
    return KeyValue("aws:SecureTransport", ("true",), evidence=Evidence.ASSUMED, note="TLS is assumed")


_STATED: dict[str, Callable[[Origins], KeyValue | None]] = {
    "aws:principalarn": lambda origins: _optional("aws:PrincipalArn", origins.caller.principal_arn),
    "aws:principalaccount": lambda origins: _optional("aws:PrincipalAccount", origins.caller.account),
    "aws:principaltype": _principal_type,
    "aws:username": _user_name,
    "aws:userid": _user_id,
    "aws:principalisawsservice": _is_service,
    "aws:principalservicename": _service_name,
    "aws:resourceaccount": lambda origins: _optional("aws:ResourceAccount", _owner(origins)),
    "aws:requestedregion": _requested_region,
    "kms:calleraccount": _kms_caller,
    "aws:viaawsservice": _direct,
    "aws:securetransport": _secure,
}
"""The keys that follow from the request alone, in lower case."""

STATED_KEYS = tuple(_STATED)
"""Their names."""


def _look_up(key: str, origins: Origins, snapshot: Snapshot) -> Derived:
    prefix, _, name = key.partition("/")
    if prefix == "aws:principaltag":
        return _principal_tag(key, name, origins)
    if prefix.endswith(":resourcetag") and name:
        return _resource_tag(key, name, origins, snapshot)
    if prefix in _ORGANIZATION:
        return _organization(key, origins, snapshot)
    row = GLOBAL_KEYS.get(key)
    if row is not None:
        return absent_for_caller(row.presence, key, origins.caller)
    return absent_for_action(key, origins.action)


def _principal_tag(key: str, name: str, origins: Origins) -> KeyValue | str | None:
    record = origins.record
    if record is None:
        return None
    for tag, value in record.tags:
        if tag.lower() == name:
            return _derived(key, value, note=f"tag of {record.arn}")
    if origins.caller.kind is CallerKind.USER:
        return f"{record.arn} has no such tag"
    return None


def _resource_tag(key: str, name: str, origins: Origins, snapshot: Snapshot) -> Derived:
    """A tag of the resource, unless AWS gives no reliable answer.

    Passing a role by its tags has no reliable result
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html). Of two tags that differ only by case one
    matches, and which is not said
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag).
    """
    if origins.action.lower() == "iam:passrole":
        return NoValue.UNKNOWN
    if is_made_by(origins.resource, origins.action):
        return "the resource does not exist before it is created"
    tags = snapshot.resource_tags(origins.resource)
    if tags is None:
        return None
    found = [value for tag, value in tags if tag.lower() == name]
    if not found:
        return "the resource has no such tag"
    if len(found) > 1 or not counts_tags(key, origins.action):
        return NoValue.UNKNOWN
    return _derived(key, found[0], note="tag of the resource")


_OF_OWNER = frozenset({"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"})
"""Keys that tell of the account of the resource."""
_ORGANIZATION = frozenset({"aws:principalorgid", "aws:principalorgpaths", "aws:resourceorgid", "aws:resourceorgpaths"})


def _organization(key: str, origins: Origins, snapshot: Snapshot) -> KeyValue | str | None:
    account = origins.caller.account if key.startswith("aws:principal") else _owner(origins)
    if account is None:
        return "the caller has no account" if key.startswith("aws:principal") else None
    if snapshot.outside_organization(account):
        return f"account {account} belongs to no organization"
    if key.endswith("id"):
        found = snapshot.organization_id(account)
        return _derived(key, found) if found else None
    path = snapshot.organization_path(account)
    return _derived(key, path, many=True) if path else None
