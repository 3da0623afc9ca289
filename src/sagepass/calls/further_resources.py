"""Checks that a request brings beside its own action: hub models, training plans, model packages, inference components.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html (optional resource
types and the operations table), https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-curated-hubs-access-control.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-ram.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/reserve-capacity-with-training-plans.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.calls.call import Call, Confidence, Needed, ResourceState
from sagepass.calls.request_paths import Found, find_values
from sagepass.calls.resource_arns import Named, arn_of, state_of
from sagepass.catalog.operation_actions import POSSIBLE_ACTIONS, POSSIBLE_PASS_ROLE
from sagepass.catalog.operations import Operation
from sagepass.policy.arn import parse_arn


@dataclass(frozen=True, slots=True)
class _Rule:
    """One field that brings a check: ``actions`` on the resource of type ``kind`` that the value at ``path`` names."""

    path: str
    actions: tuple[str, ...]
    kind: str
    variable: str
    confidence: Confidence = Confidence.DOCUMENTED
    note: str = ""


_HUB_IN_CONTAINER = "ModelDataSource.S3DataSource.HubAccessConfig.HubContentArn"
_DEPLOY_HUB = (("DeployHubModel",), "hub-content", "HubContentName")
_READ_PACKAGE = (("DescribeModelPackage",), "model-package", "ModelPackageName", Confidence.INFERRED)
_PACKAGE_NOTE = "deploying a model package reads it; in another account its group's policy must allow that too"
_PLAN = ("training-plan", "TrainingPlanName")

_RULES: dict[str, tuple[_Rule, ...]] = {
    "CreateModel": (
        _Rule(f"PrimaryContainer.{_HUB_IN_CONTAINER}", *_DEPLOY_HUB),
        _Rule(f"Containers[].{_HUB_IN_CONTAINER}", *_DEPLOY_HUB),
        _Rule("PrimaryContainer.ModelPackageName", *_READ_PACKAGE, _PACKAGE_NOTE),
        _Rule("Containers[].ModelPackageName", *_READ_PACKAGE, _PACKAGE_NOTE),
    ),
    "CreateTrainingJob": (
        _Rule("ResourceConfig.TrainingPlanArn", ("CreateTrainingJob",), *_PLAN),
        _Rule(
            "InputDataConfig[].DataSource.S3DataSource.HubAccessConfig.HubContentArn", ("TrainHubModel",), "hub-content",
            "HubContentName", Confidence.INFERRED,
            "an action of this name exists for hub models; AWS's operations table does not list it",
        ),
    ),
    "CreateCluster": (_Rule("InstanceGroups[].TrainingPlanArn", ("CreateCluster",), *_PLAN),),
    "UpdateCluster": (_Rule("InstanceGroups[].TrainingPlanArn", ("UpdateCluster",), *_PLAN),),
    "InvokeEndpoint": (
        _Rule("InferenceComponentName", ("InvokeEndpoint",), "inference-component", "InferenceComponentName"),
    ),
    "InvokeEndpointWithResponseStream": (
        _Rule("InferenceComponentName", ("InvokeEndpoint",), "inference-component", "InferenceComponentName"),
    ),
    "CreateModelPackage": (
        _Rule(
            "ModelPackageGroupName", ("CreateModelPackage",), "model-package-group", "ModelPackageGroupName",
            Confidence.INFERRED, "older data of AWS lists the group as a second resource",
        ),
    ),
}  # fmt: skip


def further_needs(call: Call, operation: Operation) -> tuple[Needed, ...]:
    """The checks that fields of the request bring beside the operation's own action."""
    needed: list[Needed] = []
    for rule in _RULES.get(operation.name, ()):
        for found in find_values(call.params, rule.path):
            arn = _arn(call, rule, found)
            needed += [_needed(action, arn, rule, found) for action in rule.actions]
            if rule.kind == "hub-content":
                needed += [_needed(action, _hub_of(call, arn), rule, found) for action in rule.actions]
    if operation.name == "CreateTrainingPlan":
        arn = arn_of(call, "reserved-capacity")
        needed.append(
            Needed(
                action="sagemaker:CreateReservedCapacity",
                resource=arn,
                resource_state=ResourceState.SET,
                note="the id of the reserved capacity does not exist before the call",
            )
        )
    return tuple(needed)


def possible_needs(call: Call, operation: Operation, resources: tuple[Named, ...]) -> tuple[Needed, ...]:
    """Actions that AWS lists for the operation although the request does not tell whether they are checked."""
    needed: list[Needed] = []
    for action, kind, when in POSSIBLE_ACTIONS.get(operation.name, ()):
        same = [found.arn for found in resources if found.kind == kind]
        arns = same or [arn_of(call, kind) if kind else "*"]
        needed += [
            Needed(
                action=f"sagemaker:{action}",
                resource=arn,
                resource_state=state_of(arn) if kind else ResourceState.NONE,
                confidence=Confidence.POSSIBLE,
                note=when,
            )
            for arn in arns
        ]
    if operation.name in POSSIBLE_PASS_ROLE:
        needed.append(
            Needed(
                action="iam:PassRole",
                resource=f"arn:{call.partition}:iam::{call.caller_account or '*'}:role/*",
                resource_state=ResourceState.SET,
                context=(("iam:PassedToService", ("sagemaker.amazonaws.com",)),),
                confidence=Confidence.POSSIBLE,
                note=POSSIBLE_PASS_ROLE[operation.name],
            )
        )
    return tuple(needed)


def _needed(action: str, arn: str, rule: _Rule, found: Found) -> Needed:
    return Needed(
        action=f"sagemaker:{action}",
        resource=arn,
        resource_state=state_of(arn),
        because=found.route,
        confidence=rule.confidence,
        note=rule.note,
    )


def _arn(call: Call, rule: _Rule, found: Found) -> str:
    if found.text is None:
        return arn_of(call, rule.kind)
    if found.text.startswith("arn:"):
        return _without_version(found.text) if rule.kind == "hub-content" else found.text
    return arn_of(call, rule.kind, **{rule.variable: found.text})


def _without_version(arn: str) -> str:
    """Hub content is named ``hub-content/Hub/Type/Name/Version`` in requests, without version in policies."""
    parts = arn.split("/")
    return "/".join(parts[:4])


def _hub_of(call: Call, content: str) -> str:
    parsed = parse_arn(content)
    names = parsed.resource.split("/") if parsed else []
    if parsed is None or len(names) < 2 or "*" in names[1]:
        return arn_of(call, "hub")
    return f"arn:{parsed.partition}:sagemaker:{parsed.region}:{parsed.account}:hub/{names[1]}"
