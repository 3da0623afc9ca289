"""``iam`` SimulateCustomPolicy and SimulatePrincipalPolicy.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html and
https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html. As there, a condition key that is not given is
absent and listed as missing, resource policies are those of the request, and resource control policies do not take part. The
simulator knows three answers: what the engine cannot settle is not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sagepass.endpoint.answers.context_keys import input_policies
from sagepass.endpoint.answers.members import Members
from sagepass.endpoint.answers.pages import BadTokenError, page_of
from sagepass.endpoint.answers.policy_input import read_policy
from sagepass.endpoint.answers.simulated_principal import Source, leave_out, source_of
from sagepass.endpoint.answers.simulation import Simulation, simulate
from sagepass.endpoint.answers.simulation_result import result_of
from sagepass.endpoint.answers.world import World
from sagepass.policy.arn import account_of, parse_arn
from sagepass.policy.document import Policy
from sagepass.snapshot.layer import GuardrailLayer, Level

_CODE = "InvalidInput"
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 1000
_MOST_EVALUATIONS = 10_000
_MOST_LEVELS = 7
_SCENARIOS = {
    "EC2-VPC-InstanceStore": ("instance", "image", "security-group", "network-interface"),
    "EC2-VPC-InstanceStore-Subnet": ("instance", "image", "security-group", "network-interface", "subnet"),
    "EC2-VPC-EBS": ("instance", "image", "security-group", "network-interface", "volume"),
    "EC2-VPC-EBS-Subnet": ("instance", "image", "security-group", "network-interface", "subnet", "volume"),
    "EC2-Classic-InstanceStore": ("instance", "image", "security-group"),
    "EC2-Classic-EBS": ("instance", "image", "security-group", "volume"),
}
"""What ``ResourceHandlingOption`` asks to be among the resources."""


def simulate_custom_policy(params: Mapping[str, object], world: World) -> Mapping[str, object]:
    """Answer SimulateCustomPolicy."""
    members = Members(params, _CODE)
    identity = input_policies(members.texts("PolicyInputList"))
    if not identity:
        raise members.refuse("PolicyInputList is missing or empty")
    caller = members.text("CallerArn")
    source = Source(
        arn=_identity_arn(caller, members) if caller else "",
        identity=identity,
        boundary=None,
        tags=(),
        service_control=_control_levels(members),
    )
    return _run(members, source, world)


def simulate_principal_policy(params: Mapping[str, object], world: World) -> Mapping[str, object]:
    """Answer SimulatePrincipalPolicy."""
    members = Members(params, _CODE)
    source = leave_out(source_of(members.required("PolicySourceArn"), world), members.objects("PolicyExclusionList"))
    further = input_policies(members.texts("PolicyInputList"))
    caller = members.text("CallerArn")
    arn = _identity_arn(caller, members) if caller else source.arn
    return _run(members, replace(source, arn=arn, identity=(*source.identity, *further)), world)


def _run(members: Members, source: Source, world: World) -> Mapping[str, object]:
    resource_policy = _resource_policy(members)
    if resource_policy is not None and (not source.arn or source.is_group):
        raise members.refuse("a ResourcePolicy needs a CallerArn that is a user or a role")
    actions, resources = _actions(members), members.texts("ResourceArns") or ("*",)
    if len(actions) * len(resources) > _MOST_EVALUATIONS:
        raise members.refuse(f"more than {_MOST_EVALUATIONS} evaluations in one request; split it")
    _check_scenario(members, resources)
    simulation = Simulation(
        caller=source.arn if source.arn and not source.is_group else None,
        account=account_of(source.arn) or world.account,
        identity=source.identity,
        boundary=_boundary(members) or source.boundary,
        resource_policy=resource_policy,
        resource_owner=_owner(members),
        service_control=source.service_control,
        context=_context(members),
        tags=source.tags,
    )
    size = members.number("MaxItems", default=_DEFAULT_PAGE, most=_LARGEST_PAGE)
    try:
        page = page_of(actions, size=size, token=members.text("Marker"), request=members.without("Marker", "MaxItems"))
    except BadTokenError:
        raise members.refuse("Marker was not issued for this request") from None
    results = [
        result_of(action, [simulate(simulation, action, resource) for resource in resources]) for action in page.items
    ]
    answer: dict[str, object] = {"EvaluationResults": results, "IsTruncated": page.token is not None}
    return answer | ({"Marker": page.token} if page.token else {})


def _actions(members: Members) -> tuple[str, ...]:
    actions = members.texts("ActionNames")
    if not actions:
        raise members.refuse("ActionNames is missing or empty")
    for action in actions:
        service, colon, name = action.partition(":")
        if not (colon and service and name) or set(action) & set("*?"):
            raise members.refuse(
                f"{action[:128]!r} is not the name of an action: write service:Name, without wildcards"
            )
    return actions


def _identity_arn(arn: str, members: Members) -> str:
    parts = parse_arn(arn)
    kind, _, name = parts.resource.partition("/") if parts else ("", "", "")
    if parts is None or parts.service != "iam" or kind not in {"user", "group", "role"} or not name.rpartition("/")[2]:
        raise members.refuse(f"CallerArn {arn[:256]!r} is not the ARN of a user, group or role")
    if account_of(arn) is None:
        raise members.refuse(f"CallerArn {arn[:256]!r} names no account")
    return arn


def _control_levels(members: Members) -> GuardrailLayer:
    """The levels of ``OrderedOrganizationPolicyInputList``, the root first."""
    given = members.objects("OrderedOrganizationPolicyInputList")
    if len(given) > _MOST_LEVELS:
        raise members.refuse(f"an organization has at most {_MOST_LEVELS} levels")
    levels = []
    for number, level in enumerate(given, 1):
        documents = level.texts("ServiceControlPolicyInputList")
        names = [f"OrderedOrganizationPolicyInputList.{number}.{index}" for index in range(1, len(documents) + 1)]
        policies = tuple(
            read_policy(text, name, "service control", _CODE) for name, text in zip(names, documents, strict=True)
        )
        levels.append(Level(target=f"level {number}", policies=policies))
    return GuardrailLayer(levels=tuple(levels))


def _boundary(members: Members) -> tuple[Policy, ...] | None:
    given = members.texts("PermissionsBoundaryPolicyInputList")
    if len(given) > 1:
        raise members.refuse("only one permissions boundary can be simulated")
    return tuple(read_policy(text, "PermissionsBoundaryPolicyInputList.1", "boundary", _CODE) for text in given) or None


def _resource_policy(members: Members) -> Policy | None:
    text = members.text("ResourcePolicy")
    return read_policy(text, "ResourcePolicy", "resource", _CODE) if text else None


def _owner(members: Members) -> str | None:
    given = members.text("ResourceOwner")
    if given is None:
        return None
    owner = account_of(given) or given
    if not (owner.isascii() and owner.isdigit() and len(owner) == 12):
        raise members.refuse("ResourceOwner is not the ARN of an account, such as arn:aws:iam::123456789012:root")
    return owner


def _context(members: Members) -> dict[str, object]:
    """The given keys; a list type stays a list even with one value."""
    context: dict[str, object] = {}
    for entry in members.objects("ContextEntries"):
        name, values = entry.required("ContextKeyName"), entry.texts("ContextKeyValues")
        if not values:
            raise entry.refuse(f"{name} has no value; leave the key out if the request does not carry it")
        several = len(values) > 1 or (entry.text("ContextKeyType") or "").endswith("List")
        context[name] = list(values) if several else values[0]
    return context


def _check_scenario(members: Members, resources: tuple[str, ...]) -> None:
    option = members.text("ResourceHandlingOption")
    if option is None:
        return
    if option not in _SCENARIOS:
        raise members.refuse(f"there is no scenario {option[:64]!r}")
    for kind in _SCENARIOS[option]:
        if not any(f":{kind}/" in resource for resource in resources):
            raise members.refuse(f"{option} needs a resource of the type {kind}")


ANSWERS = {
    "SimulateCustomPolicy": simulate_custom_policy,
    "SimulatePrincipalPolicy": simulate_principal_policy,
}
