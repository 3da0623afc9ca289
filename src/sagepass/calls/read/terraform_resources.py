"""Terraform's resource types for SageMaker: which operations they call, and how their attributes are spelled.

The rule: ``aws_sagemaker_notebook_instance`` is made by ``CreateNotebookInstance``, changed by ``Update…``, removed by
``Delete…``; an attribute is the parameter of the same name without underscores, a repeated block its plural. The tables hold
what does not follow it.

Source: the pages of the resources in https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sagepass.calls.read.fit import Spelling
from sagepass.calls.request_paths import is_open
from sagepass.catalog.operations import Operation, find_operation, operations, request_members

PREFIX = "aws_sagemaker_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One resource type.

    Attributes:
        thing: what it is called in the names of operations.
        names: attributes to parameters, where the rule does not hold.
        verbs: ``create``, ``update`` and ``delete`` to operations, where the rule does not hold.
    """

    thing: str
    names: Mapping[str, str] = field(default_factory=dict)
    verbs: Mapping[str, str] = field(default_factory=dict)

    def operation(self, verb: str, values: Mapping[str, object]) -> str:
        """The operation for a change, empty if it calls none; of the portfolio it depends on the wanted status."""
        if self.thing == _PORTFOLIO and verb == "delete":
            return ""
        if self.thing == _PORTFOLIO:
            return f"{'Disable' if values.get('status') == 'Disabled' else 'Enable'}{_PORTFOLIO}"
        return self.verbs.get(verb) or f"{verb.capitalize()}{self.thing}"


_PORTFOLIO = "SagemakerServicecatalogPortfolio"
_POLICY = "PutModelPackageGroupPolicy"

_KINDS: dict[str, Kind] = {
    "device": Kind(
        thing="Device",
        verbs={"create": "RegisterDevices", "update": "UpdateDevices", "delete": "DeregisterDevices"},
    ),
    "endpoint_configuration": Kind(thing="EndpointConfig", names={"kms_key_arn": "KmsKeyId"}),
    "model_package_group_policy": Kind(thing="ModelPackageGroupPolicy", verbs={"create": _POLICY, "update": _POLICY}),
    "notebook_instance": Kind(thing="NotebookInstance", names={"security_groups": "SecurityGroupIds"}),
    "notebook_instance_lifecycle_configuration": Kind(thing="NotebookInstanceLifecycleConfig"),
    "servicecatalog_portfolio_status": Kind(thing=_PORTFOLIO),
}


def find_kind(type_name: str) -> Kind | None:
    """The kind of a resource type (``aws_sagemaker_model``); ``None`` if its operations are not known."""
    name = type_name.removeprefix(PREFIX)
    if name in _KINDS:
        return _KINDS[name]
    operation = find_operation("sagemaker", f"create_{name}")
    return Kind(thing=operation.name.removeprefix("Create")) if operation and operation.client == "sagemaker" else None


def known_types() -> list[str]:
    """The resource types whose operations are known."""
    things = [one.name.removeprefix("Create") for one in operations() if one.name.startswith("Create")]
    return [f"{PREFIX}{name}" for name in (*_KINDS, *map(_snake, things))]


def spelling_for(kind: Kind, operation: Operation) -> Spelling:
    """How the attributes of a kind are spelled for one of its operations."""
    names = dict(kind.names)
    members = request_members(operation.client, operation.input_shape) if operation.input_shape else {}
    if "Name" not in members:
        own = f"{kind.thing}Name"
        named = own if own in members else next((name for name, code in members.items() if _is_name(name, code)), None)
        if named is not None:
            names["name"] = named
    return Spelling(key=_key, readings=_readings, names=names, unwraps=True)


def with_identifier(
    values: Mapping[str, object], before: Mapping[str, object], operation: Operation
) -> dict[str, object]:
    """The attributes, with Terraform's ``id`` as the id that an update or deletion asks for (``DomainId``)."""
    own = dict(values)
    identifier = before.get("id") or values.get("id")
    members = request_members(operation.client, operation.input_shape) if operation.input_shape else {}
    given = {reading for name in own for reading in _readings(name)}
    for member, code in members.items():
        if code == "!s" and member.endswith("Id") and _key(member) not in given and identifier:
            own[member] = identifier
    return own


def tag_list(tags: object) -> object:
    """Terraform's map of tags as the API's list; a reference stays one."""
    if is_open(tags) or not isinstance(tags, Mapping):
        return tags
    return [{"Key": str(key), "Value": value} for key, value in tags.items()]


def _is_name(name: str, code: str) -> bool:
    return code == "!s" and name.endswith("Name")


def _key(name: str) -> str:
    return name.replace("_", "").lower()


def _readings(name: str) -> tuple[str, ...]:
    """A name as it is, and the plural of a block that is written once for each element."""
    key = _key(name)
    plural = f"{key[:-1]}ies" if key.endswith("y") else f"{key}s"
    return (key, plural)


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")
