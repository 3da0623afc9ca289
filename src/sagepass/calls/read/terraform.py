"""The JSON of a Terraform plan: the operations that its changes of SageMaker resources call.

What Terraform marks as known after apply stands as a reference. The tags of the call are ``tags_all``, which has the default
tags of the provider in it.

Sources: https://developer.hashicorp.com/terraform/internals/json-format and the resources named ``aws_sagemaker_…`` of
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sagepass.calls.read.document import Document
from sagepass.calls.read.embedded_pipeline import with_steps
from sagepass.calls.read.fit import fit
from sagepass.calls.read.record import ReadCall
from sagepass.calls.read.setting import Setting
from sagepass.calls.read.terraform_change import Change, Plan, region_of
from sagepass.calls.read.terraform_companions import starts_after, stops_before, tag_calls
from sagepass.calls.read.terraform_configuration import Configuration, read_configuration
from sagepass.calls.read.terraform_resources import (
    PREFIX,
    Kind,
    find_kind,
    known_types,
    spelling_for,
    tag_list,
    with_identifier,
)
from sagepass.calls.request_paths import not_known
from sagepass.catalog.operations import Operation, find_operation
from sagepass.source.route import Route, render_route

_STATE = "this is a state, not a plan: it describes what exists, and makes no calls"


def read_plan(document: Document, setting: Setting) -> list[ReadCall]:
    """The calls of all changes of a plan, in its order."""
    value = document.value
    plan = value if isinstance(value, Mapping) else {}
    if "resource_changes" not in plan and "planned_values" not in plan:
        document.report(
            "CALL_FORM_UNKNOWN", _STATE, "terraform plan -out PLAN && terraform show -json PLAN > plan.json"
        )
        return []
    configuration = read_configuration(plan.get("configuration"))
    changes = list(_changes(document, plan, configuration))
    labels = {_without_index(change.address): change.label for change in changes if change.verb != "delete"}
    calls: list[ReadCall] = []
    for change in changes:
        calls += _calls_of(Plan(document, setting, configuration, labels), change)
    if not calls and not document.findings:
        document.report("CALL_NOTHING_FOUND", "the plan changes no SageMaker resource", "nothing to do")
    return calls


def _changes(document: Document, plan: Mapping[str, object], configuration: Configuration) -> Iterator[Change]:
    entries = plan.get("resource_changes")
    if isinstance(entries, list):
        for index, entry in enumerate(entries):
            yield from _changed(document, entry, ("resource_changes", index), configuration)
        return
    planned = plan.get("planned_values")
    root = planned.get("root_module") if isinstance(planned, Mapping) else None
    yield from _planned(document, root, ("planned_values", "root_module"))


def _changed(document: Document, entry: object, route: Route, configuration: Configuration) -> Iterator[Change]:
    change = entry.get("change") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(change, Mapping):
        document.report("CALL_MALFORMED", "a change of a resource is expected here", "save the plan again", route)
        return
    address, type_name = str(entry.get("address", "")), str(entry.get("type", ""))
    if not type_name.startswith(PREFIX) or entry.get("mode", "managed") != "managed":
        return
    kind = _kind(document, type_name, (*route, "type"))
    if kind is None:
        return
    before, after = _object(change.get("before")), _object(change.get("after"))
    stated = configuration.attributes(_without_index(address))
    known_later = _object(change.get("after_unknown"))
    if stated is not None:
        known_later = {name: one for name, one in known_later.items() if name in stated or name in ("id", "tags_all")}
    merged = _object(_with_unknown(after, known_later, address))
    actions = change.get("actions")
    for verb in actions if isinstance(actions, list) else []:
        if verb in ("create", "update", "delete"):
            yield Change(address, kind, str(verb), before, merged, (*route, "change"))


def _planned(document: Document, module: object, route: Route) -> Iterator[Change]:
    entry = _object(module)
    resources, children = entry.get("resources"), entry.get("child_modules")
    for index, one in enumerate(resources if isinstance(resources, list) else []):
        resource = _object(one)
        type_name = str(resource.get("type", ""))
        if type_name.startswith(PREFIX) and resource.get("mode", "managed") == "managed":
            kind = _kind(document, type_name, (*route, "resources", index, "type"))
            if kind is not None:
                values = _object(resource.get("values"))
                place = (*route, "resources", index)
                yield Change(str(resource.get("address", "")), kind, "create", {}, values, place)
    for index, child in enumerate(children if isinstance(children, list) else []):
        yield from _planned(document, child, (*route, "child_modules", index))


def _kind(document: Document, type_name: str, route: Route) -> Kind | None:
    kind = find_kind(type_name)
    if kind is None:
        near = document.nearest(type_name, known_types(), cutoff=0.85)
        document.report(
            "CALL_UNKNOWN_RESOURCE_TYPE",
            f"{type_name[:80]!r} is no resource type whose operations are known",
            f"did you mean {near}?" if near else "its permissions are missing from the answer",
            route,
        )
    return kind


def _calls_of(plan: Plan, change: Change) -> list[ReadCall]:
    if change.verb == "update":
        return _update_calls(plan, change)
    operation = find_operation("sagemaker", change.kind.operation(change.verb, change.after))
    if operation is None:
        return []
    made = with_steps(_read(plan, change, operation), plan.document, plan.setting)
    return [*stops_before(plan, change), *made]


def _update_calls(plan: Plan, change: Change) -> list[ReadCall]:
    """An update calls the updating operation if anything but tags changes, and sets or removes tags by themselves."""
    calls: list[ReadCall] = []
    tags = ("tags", "tags_all")
    changed = {name for name in {*change.before, *change.after} if change.before.get(name) != change.after.get(name)}
    operation = find_operation("sagemaker", change.kind.operation("update", change.after))
    if changed - {*tags} and operation is not None:
        made = with_steps(_read(plan, change, operation), plan.document, plan.setting)
        calls += [*stops_before(plan, change), *made, *starts_after(plan, change)]
    if changed & {*tags}:
        calls += tag_calls(plan, change)
    return calls


def _read(plan: Plan, change: Change, operation: Operation) -> ReadCall:
    gone = change.verb == "delete"
    values = dict(change.before if gone else change.after)
    side = "before" if gone else ("values" if change.route[0] == "planned_values" else "after")
    base: Route = (*change.route, side)
    tags_from = "tags_all" if values.get("tags_all") is not None else "tags"
    tags = values.pop(tags_from, None)
    for name in ("tags", "tags_all"):
        values.pop(name, None)
    fitted = fit(
        operation, with_identifier(values, change.before, operation), base, spelling_for(change.kind, operation)
    )
    if operation.has_tags and tags:
        fitted.params["Tags"] = tag_list(tags)
        fitted.places["Tags",] = (*base, tags_from)
    address = _without_index(change.address)
    if change.verb == "create":
        _report_unmatched(plan.document, operation, fitted.unknown, plan.configuration.attributes(address))
    labels = plan.labels
    first = [] if gone else [labels[one] for one in plan.configuration.references(address) if one in labels]
    return ReadCall(
        call=plan.setting.call(operation.name, fitted.params, service=operation.client, region=region_of(plan, change)),
        label=change.label,
        origin=plan.document.origin,
        route=base,
        places=fitted.places,
        after=tuple(one for one in dict.fromkeys(first) if one != change.label),
    )


def _report_unmatched(
    document: Document, operation: Operation, unknown: list[Route], stated: frozenset[str] | None
) -> None:
    """An attribute that the configuration sets and no parameter takes: what it brings is missing."""
    for route in unknown:
        top = next((step for step in route[4:] if isinstance(step, str)), "")
        if stated is not None and top in stated and top not in _PROVIDERS_OWN:
            document.report(
                "CALL_UNKNOWN_PARAMETER",
                f"{render_route(route[4:])[:80]} matches no parameter of {operation.name}",
                "what it brings is missing from the answer",
                route,
            )


_PROVIDERS_OWN = frozenset({"region", "retention_policy", "timeouts", "force_destroy"})
"""Attributes that steer the provider itself."""


def _with_unknown(value: object, unknown: object, what: str) -> object:
    """A value with references where Terraform will only know it after apply."""
    if unknown is True:
        return not_known(what)
    if isinstance(unknown, Mapping):
        own = dict(value) if isinstance(value, Mapping) else {}
        for name, one in unknown.items():
            if one not in (False, None, [], {}):
                own[str(name)] = _with_unknown(own.get(str(name)), one, f"{what}.{name}")
        return own
    if isinstance(unknown, list) and isinstance(value, list):
        marks = [*unknown, *[False] * len(value)]
        return [_with_unknown(one, mark, what) for one, mark in zip(value, marks, strict=False)]
    return value


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _without_index(address: str) -> str:
    """``aws_sagemaker_model.m["a"]`` is an instance of ``aws_sagemaker_model.m``."""
    kept, depth = [], 0
    for character in address:
        depth += character == "["
        if not depth:
            kept.append(character)
        depth -= character == "]" and depth > 0
    return "".join(kept)
