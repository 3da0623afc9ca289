"""A CloudFormation template: the operations that create its SageMaker resources, with the tags that CloudFormation adds.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SageMaker.html (resource types; their
properties are named as the API's parameters unless the table here says otherwise) and
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sagepass.calls.call import AddedTags
from sagepass.calls.read.cloudformation_conditions import holds
from sagepass.calls.read.document import Document
from sagepass.calls.read.embedded_pipeline import with_steps
from sagepass.calls.read.fit import Fitted, Spelling, fit
from sagepass.calls.read.intrinsics import Template
from sagepass.calls.read.open_value import OpenValueError
from sagepass.calls.read.record import ReadCall
from sagepass.calls.read.setting import Setting
from sagepass.calls.request_paths import is_open, not_known
from sagepass.catalog.operations import Operation, find_operation, operations, request_members
from sagepass.source.finding import Severity
from sagepass.source.route import Route, render_route

_PREFIX = "AWS::SageMaker::"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """A resource type whose operation or properties are not spelled as the rule has it."""

    operation: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    json_texts: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


_TYPES: dict[str, _Type] = {
    "Device": _Type(operation="RegisterDevices", names={"Device": "Devices"}),
    "Image": _Type(
        names={"ImageRoleArn": "RoleArn", "ImageDisplayName": "DisplayName", "ImageDescription": "Description"}
    ),
    "ModelCard": _Type(json_texts=frozenset({"Content"})),
    "Project": _Type(names={"TemplateProviderDetails": "TemplateProviders"}),
}

_IN_S3 = "PipelineDefinitionS3Location"
_S3_NAMES = {"Key": "ObjectKey", "Version": "VersionId"}
_GROUP_POLICY = "ModelPackageGroupPolicy"
_LATER = frozenset(
    {_GROUP_POLICY, "ExcludeRetainedVariantProperties", "RetainAllVariantProperties", "RetainDeploymentConfig"}
)
"""Properties for later updates or calls of their own, which the creating operation does not take."""


def read_template(document: Document, setting: Setting) -> list[ReadCall]:
    """The calls that create the SageMaker resources of a template, in its order."""
    value = document.value
    sections = value if isinstance(value, Mapping) else {}
    resources = _section(sections, "Resources")
    template = Template(
        document=document,
        setting=setting,
        parameters=_section(sections, "Parameters"),
        mappings=_section(sections, "Mappings"),
        conditions=_section(sections, "Conditions"),
        resources=resources,
    )
    calls: list[ReadCall] = []
    for name, resource in resources.items():
        calls += _resource_calls(template, str(name), resource)
    if not calls and not document.findings:
        document.report(
            "CALL_NOTHING_FOUND",
            "the template has no SageMaker resource",
            "nothing to do",
            ("Resources",) if resources else (),
        )
    return calls


def _section(sections: Mapping[str, object], name: str) -> Mapping[str, object]:
    section = sections.get(name)
    return section if isinstance(section, Mapping) else {}


def _resource_calls(template: Template, name: str, resource: object) -> list[ReadCall]:
    route: Route = ("Resources", name)
    if name.startswith("Fn::ForEach"):
        template.document.report(
            "CALL_UNRESOLVED", "resources that a loop makes are not read", "give the processed template", route
        )
        return []
    kind = resource.get("Type") if isinstance(resource, Mapping) else None
    if not isinstance(resource, Mapping) or not isinstance(kind, str):
        template.document.report("CALL_MALFORMED", "a resource has a Type", "write the resource in full", route)
        return []
    if not kind.startswith(_PREFIX) or not _is_created(template, resource, route):
        return []
    own = _TYPES.get(kind.removeprefix(_PREFIX), _Type())
    operation = find_operation("sagemaker", own.operation or f"Create{kind.removeprefix(_PREFIX)}")
    if operation is None:
        _report_unknown_type(template.document, kind, (*route, "Type"))
        return []
    read = _call(template, name, resource, operation, own)
    return [*with_steps(read, template.document, template.setting), *_group_policy(template, name, resource, read)]


def _group_policy(template: Template, name: str, resource: Mapping[str, object], made: ReadCall) -> list[ReadCall]:
    """The policy of a model package group is put with a call of its own."""
    properties = resource.get("Properties")
    policy = properties.get(_GROUP_POLICY) if isinstance(properties, Mapping) else None
    if policy is None or made.call.operation != "CreateModelPackageGroup":
        return []
    place: Route = ("Resources", name, "Properties")
    text = policy if isinstance(policy, str) or is_open(policy) else json.dumps(policy)
    params = {"ModelPackageGroupName": made.call.params["ModelPackageGroupName"], "ResourcePolicy": text}
    call = template.setting.call("PutModelPackageGroupPolicy", params, service="sagemaker")
    places: dict[Route, Route] = {("ResourcePolicy",): (*place, _GROUP_POLICY)}
    label = f"{made.label}: PutModelPackageGroupPolicy"
    return [ReadCall(call=call, label=label, origin=made.origin, route=place, places=places, after=(made.label,))]


def _is_created(template: Template, resource: Mapping[str, object], route: Route) -> bool:
    condition = resource.get("Condition")
    if not isinstance(condition, str):
        return True
    try:
        created = holds(template, condition)
    except OpenValueError as error:
        remedy = error.remedy or "the resource is read as if it were created"
        template.document.report(error.code, error.message, remedy, (*route, "Condition"))
        return True
    if not created:
        template.document.report(
            "CALL_NOT_CREATED",
            f"the condition {condition[:64]} is false with the template's defaults, so that {route[-1]} is not created",
            "other parameters may create it",
            (*route, "Condition"),
        )
    return created


def _call(template: Template, name: str, resource: Mapping[str, object], operation: Operation, own: _Type) -> ReadCall:
    base: Route = ("Resources", name, "Properties")
    stated = resource.get("Properties")
    given = template.resolve(stated if isinstance(stated, Mapping) else {}, base)
    properties = dict(given) if isinstance(given, Mapping) and not is_open(given) else {}
    for member in own.json_texts & properties.keys():
        if isinstance(properties[member], Mapping) and not is_open(properties[member]):
            properties[member] = json.dumps(properties[member])
    definition = _definition(properties, base) if operation.name == "CreatePipeline" else None
    fitted = fit(operation, properties, base, Spelling(names=own.names))
    if definition is not None:
        fitted.params["PipelineDefinition"], fitted.places["PipelineDefinition",] = definition
    _name_what_is_not_named(fitted, operation, name)
    _report_unknown_properties(template.document, fitted, operation)
    return ReadCall(
        call=template.setting.call(
            operation.name, fitted.params, service=operation.client, added_tags=AddedTags.CLOUDFORMATION
        ),
        label=_label(str(resource["Type"]), name),
        origin=template.document.origin,
        route=base,
        places=fitted.places,
        after=_after(template, name, resource),
    )


def _label(kind: str, name: str) -> str:
    return f"resource {kind} {name}"


def _definition(properties: dict[str, object], base: Route) -> tuple[object, Route] | None:
    """``PipelineDefinition`` holds a body, which is the API's text, or a place in S3, which is a parameter of its own."""
    stated = properties.get("PipelineDefinition")
    if not isinstance(stated, Mapping) or is_open(stated):
        return None
    place = (*base, "PipelineDefinition")
    stored = stated.get(_IN_S3)
    if isinstance(stored, Mapping) and not is_open(stored):
        stored = {_S3_NAMES.get(str(name), str(name)): one for name, one in stored.items() if name != "ETag"}
    if stored is not None:
        properties[_IN_S3] = stored
    properties.pop("PipelineDefinition")
    if "PipelineDefinitionBody" in stated:
        return stated["PipelineDefinitionBody"], (*place, "PipelineDefinitionBody")
    return None


def _name_what_is_not_named(fitted: Fitted, operation: Operation, name: str) -> None:
    """CloudFormation makes up the names that the API requires and the template leaves out."""
    for member, code in request_members(operation.client, operation.input_shape).items():
        if code == "!s" and member.endswith("Name") and member not in fitted.params:
            fitted.params[member] = not_known(f"the name that CloudFormation gives to {name}")


def _report_unknown_properties(document: Document, fitted: Fitted, operation: Operation) -> None:
    members = request_members(operation.client, operation.input_shape) if operation.input_shape else {}
    for route in fitted.unknown:
        if route[-1] in _LATER:
            continue
        near = document.nearest(str(route[-1]), members, cutoff=0.8) if len(route) == 4 else ""
        document.report(
            "CALL_UNKNOWN_PARAMETER",
            f"{render_route(route)[:120]} is no parameter of {operation.name}",
            f"did you mean {near}?" if near else "what it brings is missing from the answer",
            route,
            severity=Severity.ERROR if near else Severity.WARNING,
        )


def _after(template: Template, name: str, resource: Mapping[str, object]) -> tuple[str, ...]:
    """The SageMaker resources that come first: those in ``DependsOn``, and those that the properties refer to."""
    depends = resource.get("DependsOn")
    wanted = [depends] if isinstance(depends, str) else list(depends if isinstance(depends, list) else [])
    wanted += _referred(resource.get("Properties"))
    labels: dict[str, None] = {}
    for one in wanted:
        target = template.resources.get(str(one))
        kind = target.get("Type") if isinstance(target, Mapping) else None
        if isinstance(kind, str) and kind.startswith(_PREFIX) and one != name:
            labels[_label(kind, str(one))] = None
    return tuple(labels)


def _referred(value: object) -> Iterator[str]:
    places = [value]
    while places:
        one = places.pop()
        if isinstance(one, list):
            places += one
        elif isinstance(one, Mapping):
            places += one.values()
            target = one.get("Ref") or one.get("Fn::GetAtt")
            if isinstance(target, list) and target:
                target = target[0]
            if isinstance(target, str):
                yield target.partition(".")[0]
            yield from _in_text(one.get("Fn::Sub"))


def _in_text(sub: object) -> Iterator[str]:
    text = sub[0] if isinstance(sub, list) and sub else sub
    for piece in text.split("${")[1:] if isinstance(text, str) else []:
        yield piece.partition("}")[0].partition(".")[0].strip()


def _report_unknown_type(document: Document, kind: str, route: Route) -> None:
    known = [f"{_PREFIX}{one.name.removeprefix('Create')}" for one in operations() if one.name.startswith("Create")]
    near = document.nearest(kind, known, cutoff=0.8)
    document.report(
        "CALL_UNKNOWN_RESOURCE_TYPE",
        f"{kind[:80]!r} is no resource type whose operation is known",
        f"did you mean {near}?" if near else "its permissions are missing from the answer",
        route,
    )
