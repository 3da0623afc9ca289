"""The request context that follows from the request itself and from the snapshot.

A derived value is marked as such and gives way to a given one. A key that AWS puts into some requests only is absent where
the kind of caller or the action rules it out, and unknown where nothing tells.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from sagepass.catalog.condition_keys import condition_key, keys_of_action, template_matches
from sagepass.catalog.global_keys import GLOBAL_KEYS, Presence
from sagepass.catalog.services import requested_region
from sagepass.engine.request import Request
from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import Caller, CallerKind
from sagepass.policy.context import Context, KeyValue, context_from
from sagepass.policy.kinds import Evidence
from sagepass.snapshot.snapshot import Snapshot

_TYPES = {
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.ROLE_SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ROOT: "Account",
    CallerKind.ANONYMOUS: "Anonymous",
}


def derive_context(
    request: Request,
    caller: Caller,
    resource_account: str | None,
    snapshot: Snapshot | None,
    keys: Iterable[str] = (),
) -> Context:
    """The context of a request.

    Args:
        request: its given keys win.
        caller: with path and unique id, where they are known.
        resource_account: the owner of the resource, if known.
        snapshot: where tags and the organization come from; ``None`` for an access case.
        keys: the condition keys that the policies ask for; only these are looked up.
    """
    given = context_from(request.context, complete=request.context_complete)
    values = {value.key.lower(): value for value in _from_request(request, caller, resource_account)}
    absent: dict[str, str] = {}
    if snapshot is not None:
        values.update(_assumed(caller))
        for key in {key.lower() for key in keys} - set(values) - set(given.values) - set(given.absent):
            found = _look_up(key, request, caller, resource_account, snapshot)
            if isinstance(found, KeyValue):
                values[key] = found
            elif found is not None:
                absent[key] = found
    kept = {key: value for key, value in values.items() if key not in given.absent}
    return Context(
        values=MappingProxyType({**kept, **given.values}),
        absent=MappingProxyType({**absent, **given.absent}),
        complete=request.context_complete,
    )


def _derived(key: str, *values: str, many: bool = False, note: str = "") -> KeyValue:
    return KeyValue(key, values, multivalued=many, evidence=Evidence.COMPUTED, note=note)


def _from_request(request: Request, caller: Caller, resource_account: str | None) -> Iterator[KeyValue]:
    """What the request alone says."""
    if caller.principal_arn is not None:
        yield _derived("aws:PrincipalArn", caller.principal_arn)
    if caller.account is not None:
        yield _derived("aws:PrincipalAccount", caller.account)
    if caller.kind in _TYPES:
        yield _derived("aws:PrincipalType", _TYPES[caller.kind])
    if caller.kind is CallerKind.USER and caller.name:
        yield _derived("aws:username", caller.name)
    user_id = _user_id(caller)
    if user_id is not None:
        yield _derived("aws:userid", user_id)
    if caller.kind is not CallerKind.ANONYMOUS:
        is_service = caller.kind is CallerKind.SERVICE
        yield _derived("aws:PrincipalIsAWSService", "true" if is_service else "false")
    if caller.kind is CallerKind.SERVICE:
        yield _derived("aws:PrincipalServiceName", caller.arn)
    yield from _about_the_resource(request, caller, resource_account)


def _about_the_resource(request: Request, caller: Caller, resource_account: str | None) -> Iterator[KeyValue]:
    if resource_account is not None:
        yield _derived("aws:ResourceAccount", resource_account)
    region = _region(request)
    if region is not None:
        yield _derived("aws:RequestedRegion", region)
    if request.action.lower().startswith("kms:") and caller.account is not None:
        yield _derived("kms:CallerAccount", caller.account)


def _user_id(caller: Caller) -> str | None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable."""
    if caller.kind is CallerKind.ROOT:
        return caller.account
    if caller.kind is CallerKind.FEDERATED_USER and caller.account:
        return f"{caller.account}:{caller.name}"
    if caller.unique_id is None:
        return None
    if caller.kind is CallerKind.ROLE_SESSION:
        return f"{caller.unique_id}:{caller.session_name}"
    return caller.unique_id if caller.kind is CallerKind.USER else None


def _region(request: Request) -> str | None:
    """The Region of the resource's ARN, or the one Region of a global service.

    For ``iam:PassRole``, which other services check on their own calls, AWS does not document the value.
    """
    if request.action.lower() == "iam:passrole":
        return None
    arn = parse_arn(request.resource)
    region = arn.region if arn is not None and arn.region and not set(arn.region) & set("*?") else None
    service = request.action.partition(":")[0].lower()
    if service == "sts":
        return region
    return requested_region(service, region, arn.partition if arn is not None else "aws")


def _assumed(caller: Caller) -> dict[str, KeyValue]:
    """What nearly every request made by a person has; marked as an assumption."""
    if caller.kind is CallerKind.SERVICE:
        return {}
    direct = KeyValue("aws:ViaAWSService", ("false",), evidence=Evidence.ASSUMED, note="a direct call is assumed")
    secure = KeyValue("aws:SecureTransport", ("true",), evidence=Evidence.ASSUMED, note="TLS is assumed")
    return {"aws:viaawsservice": direct, "aws:securetransport": secure}


def _look_up(
    key: str, request: Request, caller: Caller, resource_account: str | None, snapshot: Snapshot
) -> KeyValue | str | None:
    """A value, the reason why the key is absent, or ``None`` if it is not known."""
    prefix, _, name = key.partition("/")
    if prefix == "aws:principaltag":
        return _principal_tag(key, name, caller, snapshot)
    if prefix.endswith(":resourcetag") and name:
        return _resource_tag(key, name, request, snapshot)
    if prefix in _ORGANIZATION:
        return _organization(key, caller, resource_account, snapshot)
    row = GLOBAL_KEYS.get(key)
    if row is not None:
        return _by_presence(row.presence, key, caller)
    return _by_action(key, request.action)


def _principal_tag(key: str, name: str, caller: Caller, snapshot: Snapshot) -> KeyValue | str | None:
    record = snapshot.principal(caller.arn)
    if record is None:
        return None
    for tag, value in record.tags:
        if tag.lower() == name:
            return _derived(key, value, note=f"tag of {record.arn}")
    if caller.kind is CallerKind.USER:
        return f"{record.arn} has no such tag"
    return None


def _resource_tag(key: str, name: str, request: Request, snapshot: Snapshot) -> KeyValue | str | None:
    if request.action.partition(":")[2].lower().startswith("create"):
        return "the resource does not exist before it is created"
    tags = snapshot.resource_tags(request.resource)
    if tags is None:
        return None
    for tag, value in tags:
        if tag.lower() == name:
            return _derived(key, value, note="tag of the resource")
    return "the resource has no such tag"


_ORGANIZATION = frozenset({"aws:principalorgid", "aws:principalorgpaths", "aws:resourceorgid", "aws:resourceorgpaths"})


def _organization(key: str, caller: Caller, resource_account: str | None, snapshot: Snapshot) -> KeyValue | str | None:
    account = caller.account if key.startswith("aws:principal") else resource_account
    if account is None:
        return "the caller has no account" if key.startswith("aws:principal") else None
    if snapshot.outside_organization(account):
        return f"account {account} belongs to no organization"
    if key.endswith("id"):
        found = snapshot.organization_id(account)
        return _derived(key, found) if found else None
    path = snapshot.organization_path(account)
    return _derived(key, path, many=True) if path else None


def _by_presence(presence: Presence, key: str, caller: Caller) -> str | None:
    """The reason why a global key is absent for this kind of caller; ``None`` if it may be there."""
    if presence is Presence.SERVICE and caller.kind is not CallerKind.SERVICE:
        return "a direct call is assumed; only services acting for someone send it"
    if key == "aws:username" and caller.kind is not CallerKind.USER:
        return "only IAM users have a user name"
    if presence is Presence.SESSION and caller.kind is CallerKind.SERVICE:
        return "a service principal has no session"
    return None


def _by_action(key: str, action: str) -> str | None:
    """The reason why a key is absent for this action by AWS's own tables; ``None`` if it may be there.

    The claims of a token are keys of whatever provider issued it, which no table lists
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
    """
    if action.lower().startswith("sts:assumerolewith"):
        return None
    known = keys_of_action(action)
    if known is None or any(template_matches(template, key) for template in known):
        return None
    if condition_key(key) is None:
        return None
    if key.partition(":")[0] in {"aws", "sts", "saml", "kms"}:
        return None
    return f"AWS's tables do not list it for {action}"
