"""Operations that pass no role but use one that is stored in a resource they name.

A refusal such as "Could not assume role" on CreateTransformJob concerns the role stored in the model.
Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html and the API reference of each operation.
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.calls.call import Call
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import arn_of
from sagepass.catalog.operations import find_operation
from sagepass.source.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRole:
    """A role that a call will use.

    Attributes:
        holder: ARN of the resource that holds the role.
        member: the member of the holder's description that names the role.
        look_up: the operation that shows it.
        because: the route of the request field that names the holder.
        note: what else is to be known.
    """

    holder: str
    member: str
    look_up: str
    because: Route
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    path: str
    kind: str
    variable: str
    member: str
    look_up: str
    note: str = ""


_MODEL = ("model", "ModelName", "ExecutionRoleArn", "DescribeModel")
_CONFIG_NOTE = "without ExecutionRoleArn the roles of the models in its ProductionVariants are used"

_RULES: dict[str, tuple[_Rule, ...]] = {
    "CreateTransformJob": (_Rule("ModelName", *_MODEL),),
    "CreateInferenceComponent": (
        _Rule("Specification.ModelName", *_MODEL),
        _Rule("Specifications[].ModelName", *_MODEL),
        _Rule("EndpointName", "endpoint", "EndpointName", "EndpointConfigName", "DescribeEndpoint", _CONFIG_NOTE),
    ),
    "CreateEndpoint": (
        _Rule(
            "EndpointConfigName", "endpoint-config", "EndpointConfigName", "ExecutionRoleArn", "DescribeEndpointConfig",
            _CONFIG_NOTE,
        ),
    ),
    "UpdateEndpoint": (
        _Rule(
            "EndpointConfigName", "endpoint-config", "EndpointConfigName", "ExecutionRoleArn", "DescribeEndpointConfig",
            _CONFIG_NOTE,
        ),
    ),
    "CreateEndpointConfig": (_Rule("ProductionVariants[].ModelName", *_MODEL),),
    "StartNotebookInstance": (
        _Rule(
            "NotebookInstanceName", "notebook-instance", "NotebookInstanceName", "RoleArn", "DescribeNotebookInstance",
            "an older AWS page says that starting also needs iam:PassRole on this role",
        ),
    ),
    "StartPipelineExecution": (_Rule("PipelineName", "pipeline", "PipelineName", "RoleArn", "DescribePipeline"),),
    "RetryPipelineExecution": (
        _Rule("PipelineExecutionArn", "pipeline", "PipelineName", "RoleArn", "DescribePipeline"),
    ),
    "CreateApp": (
        _Rule("DomainId", "domain", "DomainId", "DefaultUserSettings.ExecutionRole", "DescribeDomain",
              "a role of the user profile or of the space settings comes first"),
    ),
}  # fmt: skip


def stored_roles(call: Call) -> tuple[StoredRole, ...]:
    """The stored roles a call will use, in the order of the request; empty if it brings its own or uses none."""
    operation = find_operation(call.service, call.operation)
    if operation is None:
        return ()
    if any(find_values(call.params, path) for path in operation.role_paths):
        return ()
    return tuple(
        StoredRole(
            holder=_holder(call, rule, found.text or "*"),
            member=rule.member,
            look_up=rule.look_up,
            because=found.route,
            note=rule.note,
        )
        for rule in _RULES.get(operation.name, ())
        for found in find_values(call.params, rule.path)
    )


def _holder(call: Call, rule: _Rule, value: str) -> str:
    if value.startswith("arn:"):
        return value.partition("/execution/")[0]
    return arn_of(call, rule.kind, **{rule.variable: value})
