"""KMS: keys by id, ARN or alias, the two sides of ReEncrypt, encryption contexts and grants.

Sources: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html (actions and resources),
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html (keys),
https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html (alias operations need the alias and the key) and
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sagepass.calls.call import ResourceState, Unsettled
from sagepass.calls.condition_values import Conditions
from sagepass.calls.kms_keys import is_alias, key_arn
from sagepass.calls.request_paths import Found, find_values, is_open
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.table import Asked, Finder, Row, ServiceTable
from sagepass.catalog.condition_keys import keys_of_action

_CONTEXT = "kms:EncryptionContext:${EncryptionContextKey}"


def key_in(*members: str) -> Finder:
    """The keys that members name, in any of the four forms; an alias is looked up in the snapshot."""

    def find(asked: Asked) -> Iterable[Named]:
        found = [one for member in members for one in find_values(asked.call.params, member)]
        return [_key(asked, one) for one in found] or [_any_key(asked, f"{members[0]} is not in the request")]

    return find


def _key(asked: Asked, found: Found) -> Named:
    call = asked.call
    if found.text is None:
        return _any_key(asked, f"{found.route[-1]} is not known before the call", found)
    arn = key_arn(found.text, partition=call.partition, region=call.region, account=call.caller_account)
    if arn is None and is_alias(found.text):
        arn = _behind(asked, alias_arn(asked, found.text))
    if arn is None:
        return _any_key(
            asked, f"{found.text[:80]!r} does not tell the key: look it up with aws kms describe-key", found
        )
    return Named(arn=arn, kind="key", state=_state(arn), route=found.route)


def alias_arn(asked: Asked, text: str) -> str:
    """The ARN of an alias that is given by name or by ARN."""
    call = asked.call
    if text.startswith("arn:"):
        return text
    return f"arn:{call.partition}:kms:{call.region or '*'}:{call.caller_account or '*'}:{text}"


def _behind(asked: Asked, alias: str) -> str | None:
    holder = asked.snapshot.resource_holder(alias) if asked.snapshot else alias
    return holder if ":key/" in holder and not holder.endswith("*") else None


def _any_key(asked: Asked, note: str, found: Found | None = None) -> Named:
    call = asked.call
    arn = f"arn:{call.partition}:kms:{call.region or '*'}:{call.caller_account or '*'}:key/*"
    return Named(arn=arn, kind="key", state=ResourceState.SET, route=found.route if found else (), note=note)


def used_for_caller(asked: Asked, service: str) -> Conditions:
    """The keys of a call that a service (``s3``) makes to KMS with the caller's credentials.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    conditions = Conditions()
    if asked.call.region:
        suffix = "amazonaws.com.cn" if asked.call.partition == "aws-cn" else "amazonaws.com"
        conditions.context["kms:ViaService"] = (f"{service}.{asked.call.region}.{suffix}",)
    why = f"{service} calls KMS with the caller's credentials; AWS does not document the key for this call"
    conditions.unsettled.append(Unsettled(key="aws:ViaAWSService", choices=(("true",), ("false",)), why=why))
    return conditions


def _new_key_arn(asked: Asked) -> Iterable[Named]:
    """A key that is only being made: it has no id yet, and no policy; ``key/*`` in an identity policy covers it."""
    call = asked.call
    arn = f"arn:{call.partition}:kms:{call.region or '*'}:{call.caller_account or '*'}:key/"
    yield Named(arn=arn, kind="key", state=_state(arn), note="the id of the key does not exist before the call")


def _alias(asked: Asked) -> Iterable[Named]:
    for found in find_values(asked.call.params, "AliasName"):
        arn = alias_arn(asked, found.text or "alias/*")
        return [Named(arn=arn, kind="alias", state=_state(arn), route=found.route)]
    arn = alias_arn(asked, "alias/*")
    return [Named(arn=arn, kind="alias", state=ResourceState.SET, note="AliasName is not in the request")]


def _state(arn: str) -> ResourceState:
    return ResourceState.SET if "*" in arn else ResourceState.EXACT


def _conditions(asked: Asked, action: str, target: Named) -> Conditions:
    conditions = Conditions()
    carried = keys_of_action(action) or frozenset()
    if action.lower() == "kms:createkey":
        _new_key(conditions, asked)
    elif target.kind == "key" and target.state is ResourceState.EXACT and not target.arn.endswith(":key/"):
        _stored_key(conditions, asked, target, carried)
    if "kms:viaservice" in carried:
        conditions.absent.append("kms:ViaService")
    if _CONTEXT.lower() in carried:
        _encryption_context(conditions, asked, action)
    if "kms:requestalias" in carried:
        aliases = tuple(one.text for one in find_values(asked.call.params, "KeyId") if one.text and is_alias(one.text))
        if aliases:
            conditions.context["kms:RequestAlias"] = (aliases[0].split(":", 5)[-1],)
        else:
            conditions.absent.append("kms:RequestAlias")
    if "kms:grantisforawsresource" in carried:
        why = "in a direct call the key is false or absent; AWS does not document which"
        conditions.unsettled.append(Unsettled(key="kms:GrantIsForAWSResource", choices=(("false",), None), why=why))
        conditions.context["kms:GrantIsForAWSResource"] = ("false",)
    if action.lower() == "kms:creategrant":
        _grant_constraints(conditions, asked)
    return conditions


_NEW_KEY = {
    "kms:KeySpec": (("KeySpec", "CustomerMasterKeySpec"), "SYMMETRIC_DEFAULT"),
    "kms:KeyUsage": (("KeyUsage",), "ENCRYPT_DECRYPT"),
    "kms:KeyOrigin": (("Origin",), "AWS_KMS"),
    "kms:MultiRegion": (("MultiRegion",), "false"),
}
"""Members of CreateKey for keys about the key itself, and what is taken where they are left out.

https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html. Other operations have members of the same names that
mean something else: ``KeySpec`` of GenerateDataKey is that of the data key."""
_METADATA = {
    "kms:KeySpec": "KeySpec",
    "kms:KeyUsage": "KeyUsage",
    "kms:KeyOrigin": "Origin",
    "kms:MultiRegion": "MultiRegion",
}


def _new_key(conditions: Conditions, asked: Asked) -> None:
    for key, (members, default) in _NEW_KEY.items():
        found = [one for member in members for one in find_values(asked.call.params, member)]
        if not found:
            conditions.context[key] = (default,)
        elif found[0].text is not None:
            conditions.context[key] = (found[0].text,)
    if conditions.context.get("kms:MultiRegion") == ("true",):
        conditions.context["kms:MultiRegionKeyType"] = ("PRIMARY",)
    else:
        conditions.absent.append("kms:MultiRegionKeyType")


def _stored_key(conditions: Conditions, asked: Asked, key: Named, carried: frozenset[str]) -> None:
    """What saved answers tell of a key: its aliases (all of its account and Region), and its description.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases
    """
    if asked.snapshot is None:
        return
    _, _, _, region, account, resource = key.arn.split(":", 5)
    key_id, answers = resource.removeprefix("key/"), asked.snapshot.answers()
    listed = answers.find(account, "kms", "list-aliases", region=region)
    if listed is not None and "kms:resourcealiases" in carried:
        names = [row.get("AliasName") for row in listed.rows("Aliases") if row.get("TargetKeyId") == key_id]
        known = tuple(name for name in names if isinstance(name, str))
        if known:
            conditions.context["kms:ResourceAliases"] = known
        else:
            conditions.absent.append("kms:ResourceAliases")
    described = answers.find(account, "kms", "describe-key", key_id, region)
    metadata = described.field("KeyMetadata") if described else None
    for name, member in _METADATA.items():
        value = metadata.get(member) if isinstance(metadata, dict) else None
        if name.lower() in carried and isinstance(value, str | bool):
            conditions.context[name] = (str(value).lower() if isinstance(value, bool) else value,)


def _encryption_context(conditions: Conditions, asked: Asked, action: str) -> None:
    """One key for each pair, and all names in ``kms:EncryptionContextKeys``.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
    """
    members = {"kms:reencryptfrom": "SourceEncryptionContext", "kms:reencryptto": "DestinationEncryptionContext"}
    given: object = asked.call.params.get(members.get(action.lower(), "EncryptionContext"))
    if action.lower() == "kms:creategrant":
        constraints = asked.call.params.get("Constraints")
        bound = constraints if isinstance(constraints, Mapping) else {}
        given = bound.get("EncryptionContextEquals") or bound.get("EncryptionContextSubset")
    if is_open(given):
        why = "the encryption context is not known before the call"
        conditions.unsettled += [
            Unsettled(key=key, choices=(), why=why) for key in (_CONTEXT, "kms:EncryptionContextKeys")
        ]
        return
    pairs = given if isinstance(given, Mapping) else {}
    for name, value in pairs.items():
        conditions.context[f"kms:EncryptionContext:{name}"] = (str(value),)
    conditions.absent.append(_CONTEXT)
    if pairs:
        conditions.context["kms:EncryptionContextKeys"] = tuple(str(name) for name in pairs)
    else:
        conditions.absent.append("kms:EncryptionContextKeys")


def _grant_constraints(conditions: Conditions, asked: Asked) -> None:
    constraints = asked.call.params.get("Constraints")
    kinds = [name for name in ("EncryptionContextEquals", "EncryptionContextSubset") if _holds(constraints, name)]
    if kinds:
        conditions.context["kms:GrantConstraintType"] = tuple(kinds)
    else:
        conditions.absent.append("kms:GrantConstraintType")


def _holds(constraints: object, name: str) -> bool:
    return isinstance(constraints, Mapping) and bool(constraints.get(name))


TABLE = ServiceTable(
    prefix="kms",
    resources={
        "key": key_in("KeyId", "TargetKeyId"),
        "alias": _alias,
        "source-key": key_in("SourceKeyId"),
        "destination-key": key_in("DestinationKeyId"),
        "target-key": key_in("TargetKeyId"),
        "key-of-alias": key_in("AliasName"),
        "new-key": _new_key_arn,
    },
    keys={
        "kms:BypassPolicyLockoutSafetyCheck": ("BypassPolicyLockoutSafetyCheck",),
        "kms:DataKeyPairSpec": ("KeyPairSpec",),
        "kms:EncryptionAlgorithm": (
            "EncryptionAlgorithm",
            "SourceEncryptionAlgorithm",
            "DestinationEncryptionAlgorithm",
        ),
        "kms:ExpirationModel": ("ExpirationModel",),
        "kms:GrantConstraintSourceArn": ("Constraints.SourceArn",),
        "kms:GrantOperations": ("Operations[]",),
        "kms:GranteePrincipal": ("GranteePrincipal",),
        "kms:GranteeServicePrincipal": ("GranteeServicePrincipal",),
        "kms:KeyAgreementAlgorithm": ("KeyAgreementAlgorithm",),
        "kms:MacAlgorithm": ("MacAlgorithm",),
        "kms:MessageType": ("MessageType",),
        "kms:PrimaryRegion": ("PrimaryRegion",),
        "kms:ReplicaRegion": ("ReplicaRegion",),
        "kms:RetiringPrincipal": ("RetiringPrincipal",),
        "kms:RetiringServicePrincipal": ("RetiringServicePrincipal",),
        "kms:RotationPeriodInDays": ("RotationPeriodInDays",),
        "kms:ScheduleKeyDeletionPendingWindowInDays": ("PendingWindowInDays",),
        "kms:SigningAlgorithm": ("SigningAlgorithm",),
        "kms:ValidTo": ("ValidTo",),
        "kms:WrappingAlgorithm": ("WrappingAlgorithm",),
        "kms:WrappingKeySpec": ("WrappingKeySpec",),
    },
    defaults={"kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT", "kms:MessageType": "RAW"},
    instead={
        "ReEncrypt": (
            Row(action="ReEncryptFrom", on=("source-key",)),
            Row(action="ReEncryptTo", on=("destination-key",)),
        ),
        "UpdateAlias": (Row(action="UpdateAlias", on=("alias", "key-of-alias", "target-key")),),
        "DeleteAlias": (Row(action="DeleteAlias", on=("alias", "key-of-alias")),),
        "Encapsulate": (Row(action="Encapsulate", on=("key",)),),
        "Decapsulate": (Row(action="Decapsulate", on=("key",)),),
    },
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html: Tags need kms:TagResource as well
    beside={
        "CreateKey": (Row(action="TagResource", on=("new-key",), when="Tags"),),
        "ReplicateKey": (Row(action="TagResource", on=("new-key",), when="Tags"),),
    },
    looked_up=(
        "kms:CustomerMasterKeySpec", "kms:CustomerMasterKeyUsage", "kms:KeyOrigin", "kms:KeySpec", "kms:KeyUsage",
        "kms:MultiRegion", "kms:MultiRegionKeyType", "kms:ResourceAliases", "kms:TrailingDaysWithoutKeyUsage",
    ),
    conditions=_conditions,
)  # fmt: skip
