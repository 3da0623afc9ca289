"""Compile what an API call says about its authorizations: botocore's request shapes against the actions' resource types.

For each operation of the SageMaker clients: which request members name the resources, which pass a role, which carry the
values of condition keys, and whether a member can name a resource of another account. The rules are those of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html read against the models;
what no rule yields stands in the tables of this file, with the reason.
"""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from support.catalog_instance_types import instance_types
from support.catalog_key_paths import key_paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Rules: TypeAlias = dict[str, dict[str, str]]
"""Resource type to: template variable to request path; the variable ``""`` means that the path holds the ARN."""

CLIENTS = {
    "sagemaker": "sagemaker",
    "sagemaker-a2i-runtime": "sagemaker",
    "sagemaker-edge": "sagemaker",
    "sagemaker-featurestore-runtime": "sagemaker",
    "sagemaker-geospatial": "sagemaker-geospatial",
    "sagemaker-inference-router-runtime": "sagemaker",
    "sagemaker-metrics": "sagemaker",
    "sagemaker-runtime": "sagemaker",
    "sagemakerjobruntime": "sagemaker",
    "sagemakertrainingsessionruntime": "sagemaker",
}
"""Client (as the SDKs name it) to the prefix its operations are authorized under."""

ALIASES = {
    ("automl-job", "AutoMLJobJobName"): "AutoMLJobName",
    ("cluster", "ClusterId"): "ClusterName",
    ("data-quality-job-definition", "DataQualityJobDefinitionName"): "JobDefinitionName",
    ("inference-experiment", "InferenceExperimentName"): "Name",
    ("inference-recommendations-job", "InferenceRecommendationsJobName"): "JobName",
    ("mlflow-tracking-server", "MlflowTrackingServerName"): "TrackingServerName",
    ("model-bias-job-definition", "ModelBiasJobDefinitionName"): "JobDefinitionName",
    ("model-explainability-job-definition", "ModelExplainabilityJobDefinitionName"): "JobDefinitionName",
    ("model-quality-job-definition", "ModelQualityJobDefinitionName"): "JobDefinitionName",
}
"""Members that fill a template's variable under another name."""

ID_MADE_BY_SERVICE = {
    "artifact",
    "cluster",
    "cluster-scheduler-config",
    "compute-quota",
    "domain",
    "mlflow-app",
    "partner-app",
    "EarthObservationJob",
    "VectorEnrichmentJob",
}
"""Types whose id does not exist before the create call."""

_DEVICES = {"DeviceFleetName": "DeviceFleetName", "DeviceName": "Devices[].DeviceName"}
_TAGGED = {"tagged resource": {"": "ResourceArn"}}
_LINEAGE = {"lineage entity": {"": "SourceArn"}, "other lineage entity": {"": "DestinationArn"}}
_APP = {
    "DomainId": "DomainId",
    "UserProfileName": "UserProfileName|SpaceName",
    "AppType": "AppType",
    "AppName": "AppName",
}
_ROUTER = {"InferenceRouterName": "InferenceRouterName"}

BY_HAND: dict[str, tuple[str, Rules]] = {
    "AddTags": ("type from ARN", _TAGGED),
    "DeleteTags": ("type from ARN", _TAGGED),
    "ListTags": ("type from ARN", _TAGGED),
    "AddAssociation": ("type from ARN", _LINEAGE),
    "DeleteAssociation": ("type from ARN", _LINEAGE),
    "ListTagsForResource": ("type from ARN", _TAGGED),
    "TagResource": ("type from ARN", _TAGGED),
    "UntagResource": ("type from ARN", _TAGGED),
    "CreateModelPackage": (
        "nested",
        {"model-package": {"ModelPackageName": "ModelPackageName|ModelPackageGroupName/*"}},
    ),
    "ListModelPackages": ("nested", {"model-package": {"ModelPackageName": "ModelPackageGroupName/*"}}),
    "BatchDescribeModelPackage": ("exact", {"model-package": {"": "ModelPackageArnList[]"}}),
    "RegisterDevices": ("nested", {"device": _DEVICES}),
    "UpdateDevices": ("nested", {"device": _DEVICES}),
    "DeregisterDevices": ("nested", {"device": _DEVICES | {"DeviceName": "DeviceNames[]"}}),
    "StartSession": ("nested", {"space": {"": "ResourceIdentifier"}}),
    "UpdateMonitoringAlert": (
        "nested",
        {
            "monitoring-schedule": {"MonitoringScheduleName": "MonitoringScheduleName"},
            "monitoring-schedule-alert": {
                "MonitoringScheduleName": "MonitoringScheduleName",
                "MonitoringScheduleAlertName": "MonitoringAlertName",
            },
        },
    ),
    "BatchGetRecord": ("nested", {"feature-group": {"FeatureGroupName": "Identifiers[].FeatureGroupName"}}),
    "BatchWriteRecord": ("nested", {"feature-group": {"FeatureGroupName": "Entries[].FeatureGroupName"}}),
    "BatchGetMetrics": ("nested", {"metric source": {"": "MetricQueries[].ResourceArn"}}),
    "BatchPutMetrics": ("nested", {"experiment-trial-component": {"TrialComponentName": "TrialComponentName"}}),
    "CreateApp": ("exact", {"app": _APP}),
    "DeleteApp": ("exact", {"app": _APP}),
    "DescribeApp": ("exact", {"app": _APP}),
    "CreateHubContentReference": (
        "exact",
        {
            "hub": {"HubName": "HubName"},
            "hub-content": {
                "HubName": "HubName",
                "HubContentType": "=ModelReference",
                "HubContentName": "HubContentName",
            },
        },
    ),
    "SendPipelineExecutionStepSuccess": ("unresolved", {"pipeline-execution": {}}),
    "SendPipelineExecutionStepFailure": ("unresolved", {"pipeline-execution": {}}),
    "DisassociateTrialComponent": (
        "unresolved",
        {
            "experiment-trial": {"TrialName": "TrialName"},
            "experiment-trial-component": {"TrialComponentName": "TrialComponentName"},
        },
    ),
    "CreateInferenceRouter": ("newer than the reference", {"inference-router": _ROUTER}),
    "DescribeInferenceRouter": ("newer than the reference", {"inference-router": _ROUTER}),
    "UpdateInferenceRouter": ("newer than the reference", {"inference-router": _ROUTER}),
    "DeleteInferenceRouter": ("newer than the reference", {"inference-router": _ROUTER}),
    "InvokeInferenceRouter": ("newer than the reference", {"inference-router": _ROUTER}),
    "InvokeInferenceRouterAsync": ("newer than the reference", {"inference-router": _ROUTER}),
    "PutEndpointPolicy": ("newer than the reference", {"endpoint": {"EndpointName": "EndpointName"}}),
    "GetEndpointPolicy": ("newer than the reference", {"endpoint": {"EndpointName": "EndpointName"}}),
    "DeleteEndpointPolicy": ("newer than the reference", {"endpoint": {"EndpointName": "EndpointName"}}),
    "CreateClusterExtension": ("newer than the reference", {"cluster": {"": "ClusterArn"}}),
    "DescribeClusterExtension": ("newer than the reference", {"cluster": {"": "ClusterArn"}}),
    "UpdateClusterExtension": ("newer than the reference", {"cluster": {"": "ClusterArn"}}),
    "DeleteClusterExtension": ("newer than the reference", {"cluster": {"": "ClusterArn"}}),
    "ListClusterExtensions": ("newer than the reference", {"cluster": {"": "ClusterArn"}}),
    "DescribeClusterOperation": ("newer than the reference", {"cluster": {"ClusterId": "ClusterName"}}),
    "ListClusterOperations": ("newer than the reference", {"cluster": {"ClusterId": "ClusterName"}}),
    "UpdateRecord": ("newer than the reference", {"feature-group": {"FeatureGroupName": "FeatureGroupName"}}),
}
"""Operations that no rule covers: members inside lists, one member in place of another, types newer than the reference."""

AUTHORIZED_AS = {"InvokeEndpointWithResponseStream": "InvokeEndpoint", "UpdateRecord": "PutRecord"}
"""Operations whose action has another name, and so another action's condition keys."""

_ROLE = re.compile(r"(Role(Arn|ARN)?|ExecutionRole|ClusterRole|ValidationRole)$")


def call_tables(botocore: Path, iam_data: Path) -> dict[str, dict[str, Any]]:
    """``calls/operations.json`` (what each operation needs), ``calls/shapes/<client>.json`` (its request members), types."""
    tables: dict[str, dict[str, Any]] = {"calls/operations.json": {}}
    for client, prefix in sorted(CLIENTS.items()):
        model = _model(botocore, client)
        actions = json.loads((iam_data / "actions" / f"{prefix}.json").read_text("utf-8"))
        types = json.loads((iam_data / "resourceTypes" / f"{prefix}.json").read_text("utf-8"))
        tables["calls/operations.json"][client] = {
            name: _operation(model, name, actions, types) for name in sorted(model["operations"])
        }
        tables[f"calls/shapes/{client}.json"] = _shapes(model)
        if client == "sagemaker":
            tables["calls/instance_types.json"] = instance_types(model, tables["calls/operations.json"][client])
    return tables


def _model(botocore: Path, client: str) -> dict[str, Any]:
    newest = max((botocore / "botocore" / "data" / client).iterdir())
    model: dict[str, Any] = json.loads(gzip.decompress((newest / "service-2.json.gz").read_bytes()))
    return model


def _operation(model: dict[str, Any], name: str, actions: dict[str, Any], types: dict[str, Any]) -> dict[str, Any]:
    action = actions.get(name.lower())
    keys_from = actions.get(AUTHORIZED_AS.get(name, name).lower())
    shape = model["operations"][name].get("input", {}).get("shape", "")
    members = model["shapes"][shape]["members"] if shape else {}
    kind, rules = _resource_rules(name, action, members, types)
    entry: dict[str, Any] = {"input": shape, "class": kind, "resources": rules}
    leaves = list(_leaves(model["shapes"], shape)) if shape else []
    entry["roles"] = sorted(path for path, leaf in leaves if _ROLE.search(leaf) and _is_role(name, path))
    entry["keys"] = key_paths(name, keys_from, [path for path, _ in leaves])
    entry["tags"] = "Tags" if "Tags" in members else ""
    entry["other_account"] = sorted(
        {
            member
            for rule in rules.values()
            for path in rule.values()
            for member in re.findall(r"[A-Za-z]+", path)
            if _takes_arn(model["shapes"], members, member)
        }
    )
    return {key: value for key, value in entry.items() if value}


def _is_role(operation: str, path: str) -> bool:
    """Members that end in ``Role`` but pass nothing: filters of List calls and labels of accounts."""
    return not operation.startswith(("List", "Describe", "Search")) and not path.endswith("RoleName")


def _takes_arn(shapes: dict[str, Any], members: dict[str, Any], member: str) -> bool:
    if member not in members:
        return member.endswith("Arn")
    shape = members[member]["shape"]
    return "arn" in shapes[shape].get("pattern", "").lower() or "arn" in shape.lower()


def _resource_rules(
    name: str, action: dict[str, Any] | None, members: dict[str, Any], types: dict[str, Any]
) -> tuple[str, Rules]:
    if name in BY_HAND:
        return BY_HAND[name]
    if action is None:
        return "newer than the reference", {}
    uses = [use["name"] for use in action["resourceTypes"] if use["required"]]
    if not uses:
        return ("no resource", {}) if not action["resourceTypes"] else ("unresolved", {})
    rules = {use: _rule(name, use, members, types[use.lower()]["arn"]) for use in uses}
    if any(rule is None for rule in rules.values()):
        return "unresolved", {use: rule or {} for use, rule in rules.items()}
    found = {use: rule for use, rule in rules.items() if rule is not None}
    if any(not rule for rule in found.values()):
        return "id made by the service", found
    if any(rule.get("ClusterId") == "ClusterName" for rule in found.values()):
        return "cluster by name", found
    return "exact", found


def _rule(operation: str, kind: str, members: dict[str, Any], template: str) -> dict[str, str] | None:
    """Members that yield the ARN of one type: the ARN itself, same names, aliases; ``{}`` for an id not yet made."""
    own = kind.replace("-", "").lower() + "arn"
    by_lower = {member.lower(): member for member in members}
    names = [v for v in re.findall(r"\$\{([^}]*)\}", template) if v not in {"Partition", "Region", "Account"}]
    if own in by_lower:
        return {"": by_lower[own]}
    made = "".join(word[0].upper() + word[1:] for word in kind.split("-"))
    if kind in ID_MADE_BY_SERVICE and operation in {f"Create{made}", f"Start{made}"}:
        return {}
    values = {name: name if name in members else ALIASES.get((kind, name), name) for name in names}
    if all(member in members for member in values.values()):
        return values
    for member in ("Arn", "ResourceArn"):
        if member in members:
            return {"": member}
    return None


def _leaves(shapes: dict[str, Any], root: str) -> Iterator[tuple[str, str]]:
    """Every request path that ends in a scalar, with the name of its last member; recursion stops at the second visit."""

    def walk(shape: str, path: str, leaf: str, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        definition = shapes[shape]
        if shape in above:
            return
        match definition["type"]:
            case "structure":
                for member, use in definition.get("members", {}).items():
                    yield from walk(use["shape"], f"{path}.{member}" if path else member, member, (*above, shape))
            case "list":
                yield from walk(definition["member"]["shape"], f"{path}[]", leaf, (*above, shape))
            case "map":
                yield from walk(definition["value"]["shape"], f"{path}{{}}", leaf, (*above, shape))
            case _:
                yield path, leaf

    yield from walk(root, "", "", ())


_SCALARS = {
    "string": "s", "character": "s", "boolean": "b", "integer": "i", "long": "i", "float": "f", "double": "f",
    "timestamp": "t", "blob": "x",
}  # fmt: skip


def _shapes(model: dict[str, Any]) -> dict[str, Any]:
    """Structures that requests reach: member to a code (``Shape``, ``[code`` list, ``{code`` map, scalar letters).

    A ``!`` in front marks a required member; scalars are ``s`` string, ``b`` boolean, ``i`` integer, ``f`` float,
    ``t`` timestamp, ``x`` bytes.
    """
    shapes, reached = model["shapes"], dict[str, dict[str, str]]()

    def code(name: str) -> str:
        shape = shapes[name]
        match shape["type"]:
            case "structure":
                visit(name)
                return f".{name}"
            case "list":
                return "[" + code(shape["member"]["shape"])
            case "map":
                return "{" + code(shape["value"]["shape"])
            case scalar:
                return _SCALARS[scalar]

    def visit(name: str) -> None:
        if name in reached:
            return
        reached[name] = {}
        required = set(shapes[name].get("required", ()))
        for member, use in shapes[name].get("members", {}).items():
            reached[name][member] = ("!" if member in required else "") + code(use["shape"])

    for operation in model["operations"].values():
        if "input" in operation:
            visit(operation["input"]["shape"])
    return {name: reached[name] for name in sorted(reached)}
