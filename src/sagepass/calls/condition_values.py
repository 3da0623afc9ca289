"""Values of condition keys that a request settles, keys it certainly does not carry, and keys it leaves open.

Source: the condition-key table of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html; which request members carry
which key is compiled into :mod:`sagepass.catalog.operations`. Values that AWS compares as ARNs are made into ARNs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sagepass.calls.call import Call, Unsettled, Values
from sagepass.calls.kms_keys import key_arn
from sagepass.calls.request_paths import Found, find_values
from sagepass.calls.resource_arns import arn_of
from sagepass.catalog.condition_keys import condition_key
from sagepass.catalog.operations import Operation

_TEMPLATE = "${MetadataKey}"

_OLD_KEYS = {
    "sagemaker:DomainSharingOutputKmsKeyArn": ("sagemaker:DomainSharingOutputKmsKey",),
    "sagemaker:FeatureGroupOfflineStoreKmsKeyArn": ("sagemaker:FeatureGroupOfflineStoreKmsKey",),
    "sagemaker:FeatureGroupOnlineStoreKmsKeyArn": ("sagemaker:FeatureGroupOnlineStoreKmsKey",),
    "sagemaker:OutputKmsKeyArn": ("sagemaker:OutputKmsKey",),
    "sagemaker:VolumeKmsKeyArn": ("sagemaker:VolumeKmsKey", "sagemaker:HomeEfsFileSystemKmsKey"),
}
"""Keys that AWS replaced; policies still use the old ones, and whether AWS still fills them is not documented."""

_DEFAULTS = {
    "sagemaker:AppNetworkAccessType": "PublicInternetOnly",
    "sagemaker:DirectInternetAccess": "Enabled",
    "sagemaker:EnableRemoteDebug": "false",
    "sagemaker:FeatureGroupDisableGlueTableCreation": "false",
    "sagemaker:FeatureGroupEnableOnlineStore": "false",
    "sagemaker:InterContainerTrafficEncryption": "false",
    "sagemaker:MinimumInstanceMetadataServiceVersion": "1",
    "sagemaker:NetworkIsolation": "false",
    "sagemaker:RemoteAccess": "DISABLED",
    "sagemaker:RootAccess": "Enabled",
}
"""What a member that is left out means, by the API reference; whether the key then holds that or is absent AWS does not
say (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstance.html and the like)."""

_LOOKED_UP = {
    "CreateApp": ("sagemaker:OwnerUserProfileArn", "sagemaker:SpaceSharingType"),
    "DeleteApp": ("sagemaker:OwnerUserProfileArn", "sagemaker:SpaceSharingType"),
    "DeleteSpace": ("sagemaker:OwnerUserProfileArn", "sagemaker:SpaceSharingType"),
    "UpdateSpace": ("sagemaker:OwnerUserProfileArn", "sagemaker:SpaceSharingType"),
}
"""Keys that AWS fills from the existing space
(https://docs.aws.amazon.com/sagemaker/latest/dg/domain-user-profile-space-access-control.html)."""


@dataclass(slots=True)
class Conditions:
    """What is known of the context of one operation's own action."""

    context: dict[str, Values] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)


def conditions_of(call: Call, operation: Operation) -> Conditions:
    """The keys that the request itself settles or leaves open; tags are in :mod:`sagepass.calls.tags`."""
    conditions = member_conditions(call, operation)
    for key in _LOOKED_UP.get(operation.name, ()):
        conditions.unsettled.append(
            Unsettled(key=key, choices=(), why="AWS looks it up from the existing space: describe the space")
        )
    _settle_what_no_path_tells(conditions, call, operation)
    return conditions


def member_conditions(call: Call, operation: Operation) -> Conditions:
    """The keys whose values are members of the request: any service's, without what is special to SageMaker."""
    conditions = Conditions()
    for key, paths in operation.key_paths:
        found = [value for path in paths for value in find_values(call.params, path)]
        if _TEMPLATE in key:
            _settle_map(conditions, key, found)
        else:
            _settle(conditions, call, operation, key, found)
    return conditions


def _settle(conditions: Conditions, call: Call, operation: Operation, key: str, found: list[Found]) -> None:
    if not found:
        _settle_absence(conditions, operation, key)
        return
    values, open_places = _convert(call, key, found)
    definition = condition_key(key)
    if open_places:
        conditions.unsettled.append(Unsettled(key=key, choices=(), why=open_places))
    elif len(values) > 1 and not (definition and definition.multivalued):
        why = "the request holds several values for a key that takes one; each must pass"
        conditions.context[key] = values[:1]
        conditions.unsettled.append(Unsettled(key=key, choices=tuple((value,) for value in values), why=why))
    else:
        conditions.context[key] = values
    why = open_places or "AWS replaced this key and does not say whether it still fills it"
    choices = () if open_places else (values, None)
    conditions.unsettled += [Unsettled(key=old, choices=choices, why=why) for old in _OLD_KEYS.get(key, ())]


def _settle_absence(conditions: Conditions, operation: Operation, key: str) -> None:
    """A member that is left out: no key, or the key with the default; an update leaves things as they are."""
    default = _DEFAULTS.get(key)
    if default is not None and (not operation.name.startswith("Update") or default == "false"):
        why = f"AWS does not document whether a member that is left out counts as {default} or as absent"
        conditions.unsettled.append(Unsettled(key=key, choices=(None, (default,)), why=why))
        return
    conditions.absent.append(key)
    conditions.absent += _OLD_KEYS.get(key, ())


def _settle_map(conditions: Conditions, key: str, found: list[Found]) -> None:
    """One key per entry of a map: ``sagemaker:CustomerMetadataProperties/stage``."""
    if not found:
        conditions.absent.append(key)
    for value in found:
        name = key.replace(_TEMPLATE, str(value.route[-1]) if value.route else "*")
        if value.text is None:
            why = f"{value.route[-1]} is not known before the call"
            conditions.unsettled.append(Unsettled(key=name, choices=(), why=why))
        else:
            conditions.context[name] = (value.text,)


def _convert(call: Call, key: str, found: Iterable[Found]) -> tuple[Values, str]:
    """The values as AWS compares them, each once, in order; and why one of them is open, empty if none is."""
    convert = _CONVERTERS.get(key, _as_it_is)
    values: dict[str, None] = {}
    for value in found:
        place = ".".join(str(step) for step in value.route)
        converted = convert(call, value.text) if value.text is not None else None
        if converted is None:
            return (), f"the value at {place} does not tell it: look it up"
        if "*" in converted and converted != value.text:
            return (), f"the ARN of the value at {place} needs the Region and the account, which are not known"
        values[converted] = None
    return tuple(values), ""


def _as_it_is(_: Call, text: str) -> str | None:
    return text


def _model_arn(call: Call, text: str) -> str | None:
    return arn_of(call, "model", ModelName=text)


def _lifecycle_arn(call: Call, text: str) -> str | None:
    return arn_of(call, "notebook-instance-lifecycle-config", NotebookInstanceLifecycleConfigName=text)


def _owner_arn(call: Call, text: str) -> str | None:
    domain = find_values(call.params, "DomainId")
    if not domain or domain[0].text is None:
        return None
    return arn_of(call, "user-profile", DomainId=domain[0].text, UserProfileName=text)


def _kms_arn(call: Call, text: str) -> str | None:
    return key_arn(text, partition=call.partition, region=call.region, account=call.caller_account)


_CONVERTERS: dict[str, Callable[[Call, str], str | None]] = {
    "sagemaker:ModelArn": _model_arn,
    "sagemaker:NotebookInstanceLifecycleConfigArns": _lifecycle_arn,
    "sagemaker:OwnerUserProfileArn": _owner_arn,
    **dict.fromkeys(_OLD_KEYS, _kms_arn),
}


def _settle_what_no_path_tells(conditions: Conditions, call: Call, operation: Operation) -> None:
    """Keys whose value is not a request member but follows from one."""
    workteam = conditions.context.get("sagemaker:WorkteamArn")
    if workteam:
        crowd = workteam[0].partition(":workteam/")[2].partition("/")[0]
        conditions.context["sagemaker:WorkteamType"] = (crowd,)
    match operation.name:
        case "CreateFeatureGroup":
            if call.params.get("OfflineStoreConfig") is None:
                conditions.absent.append("sagemaker:FeatureGroupOfflineStoreConfig")
            else:
                conditions.context["sagemaker:FeatureGroupOfflineStoreConfig"] = ("true",)
        case "UpdateRecord":
            features = find_values(call.params, "Features[].FeatureName")
            names = tuple(dict.fromkeys(found.text for found in features if found.text))
            conditions.context["sagemaker:IsUpdateRecord"] = ("true",)
            conditions.context["sagemaker:UpdatableFeatures"] = names
        case "PutRecord":
            conditions.absent += ["sagemaker:IsUpdateRecord", "sagemaker:UpdatableFeatures"]
        case "InvokeEndpoint" | "InvokeEndpointAsync" | "InvokeEndpointWithResponseStream":
            conditions.absent.append("sagemaker:SourceInferenceRouterArn")
        case "Search":
            _settle_search(conditions, call)
        case "CreateModel" | "CreateTrainingJob":
            _settle_gated_model(conditions, call, operation)
        case _:
            pass


def _settle_search(conditions: Conditions, call: Call) -> None:
    """One key per visibility condition.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html
    """
    keys = find_values(call.params, "VisibilityConditions[].Key")
    values = {found.route[:-1]: found.text for found in find_values(call.params, "VisibilityConditions[].Value")}
    for found in keys:
        name = f"sagemaker:SearchVisibilityCondition/{found.text or '*'}"
        value = values.get(found.route[:-1])
        if found.text is None or value is None:
            conditions.unsettled.append(
                Unsettled(key=name, choices=(), why="the condition is not known before the call")
            )
        else:
            conditions.context[name] = (value,)
    if not keys:
        conditions.absent.append("sagemaker:SearchVisibilityCondition/${FilterKey}")


def _settle_gated_model(conditions: Conditions, call: Call, operation: Operation) -> None:
    """Whether a gated model is read directly depends on the S3 location; only an acceptance of its terms shows it."""
    places = (
        ("PrimaryContainer.ModelDataSource", "Containers[].ModelDataSource")
        if operation.name == "CreateModel"
        else ("InputDataConfig[].DataSource",)
    )
    accepted = [find_values(call.params, f"{place}.S3DataSource.ModelAccessConfig.AcceptEula") for place in places]
    if any(accepted):
        why = "the request accepts the terms of a gated model; whether the model is read directly is not told"
        conditions.unsettled.append(Unsettled(key="sagemaker:DirectGatedModelAccess", choices=(), why=why))
