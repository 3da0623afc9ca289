"""From request members to the ARNs that an operation's action is authorized on.

The rule (templates of the Service Authorization Reference, filled from members of the same name, of an alias, or with an
ARN that the member itself holds) is compiled into :mod:`sagepass.catalog.operations`; this file applies it to one request.
A name always means the caller's own account; an ARN says its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product

from sagepass.calls.call import Call, ResourceState
from sagepass.calls.request_paths import Found, find_values
from sagepass.catalog.arn_templates import fill, variables
from sagepass.catalog.operations import Operation, ResourceClass
from sagepass.catalog.resources import is_made_by_service, resource_type, type_of_arn
from sagepass.policy.arn import parse_arn
from sagepass.source.route import Route

_TEMPLATES_BESIDE_REFERENCE = {
    "inference-router": "arn:${Partition}:sagemaker:${Region}:${Account}:inference-router/${InferenceRouterName}",
    "workteam": "arn:${Partition}:sagemaker:${Region}:${Account}:workteam/private-crowd/${WorkteamName}",
}
"""Where the reference has no template, or one that real ARNs do not follow.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-router-security.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/sms-workforce-management-private.html"""

_MOST_COMBINATIONS = 1000
"""Lists that name more resources are longer than any API accepts: what is beyond stands as the set of all of its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A resource that a request names; ``kind`` is its type, ``route`` the field that names it."""

    arn: str
    kind: str
    state: ResourceState
    route: Route = ()
    note: str = ""


def resources_of(call: Call, operation: Operation) -> tuple[Named, ...]:
    """All resources of an operation, in the order of its types; empty if its action takes none."""
    named: list[Named] = []
    for kind, rule in operation.resources:
        named += _of_type(call, operation, kind, dict(rule))
    return tuple(dict.fromkeys(named))


def arn_of(call: Call, kind: str, *, prefix: str = "sagemaker", **values: str) -> str:
    """The ARN of a resource of a type in the caller's account; variables without value stay ``*``."""
    template = _template(prefix, kind)
    place = {"Partition": call.partition, "Region": call.region or "*", "Account": call.caller_account or "*"}
    return fill(template, place | values) if template else "*"


def state_of(arn: str) -> ResourceState:
    """Whether an ARN is one ARN or, holding ``*``, a set of them."""
    return ResourceState.SET if "*" in arn else ResourceState.EXACT


def _template(prefix: str, kind: str) -> str | None:
    known = resource_type(prefix, kind)
    return _TEMPLATES_BESIDE_REFERENCE.get(kind) or (known.arn_templates[0] if known else None)


def _of_type(call: Call, operation: Operation, kind: str, rule: dict[str, str]) -> list[Named]:
    if not rule:
        arn = arn_of(call, kind, prefix=operation.prefix)
        return [Named(arn=arn, kind=kind, state=state_of(arn), note=_no_rule_note(operation, kind))]
    if "" in rule:
        found = find_values(call.params, rule[""])
        return [_from_arn_member(call, operation, kind, value) for value in found] or [
            _not_there(call, operation, kind, rule[""])
        ]
    columns = {variable: _alternatives(call, path) for variable, path in rule.items()}
    rows = product(*columns.values())
    named = [
        _from_names(call, operation, kind, dict(zip(columns, row, strict=True)))
        for row in islice(rows, _MOST_COMBINATIONS)
    ]
    if next(rows, None) is not None:
        arn = arn_of(call, kind, prefix=operation.prefix)
        note = "the request names more resources than are looked at one by one"
        named.append(Named(arn=arn, kind=kind, state=state_of(arn), note=note))
    return named


def _no_rule_note(operation: Operation, kind: str) -> str:
    if operation.resource_class is ResourceClass.ID_MADE_BY_SERVICE:
        return f"the id of the {kind} does not exist before the call"
    return f"the request does not name the {kind}"


def _alternatives(call: Call, path: str) -> tuple[Found | None, ...]:
    """The values at the first of several paths that has any; ``=text`` stands for itself; ``/*`` is added to the value."""
    if path.startswith("="):
        return (Found(route=(), text=path[1:]),)
    for choice in path.split("|"):
        found = find_values(call.params, choice.removesuffix("/*"))
        if not found:
            continue
        if not choice.endswith("/*"):
            return found
        return tuple(Found(route=value.route, text=value.text and f"{value.text}/*") for value in found)
    return (None,)


def _from_arn_member(call: Call, operation: Operation, kind: str, found: Found) -> Named:
    if found.text is None:
        return _not_there(call, operation, kind, ".".join(str(step) for step in found.route))
    if found.text.startswith("arn:"):
        own = type_of_arn(found.text)
        return Named(arn=found.text, kind=own.name if own else kind, state=state_of(found.text), route=found.route)
    template = _template(operation.prefix, kind)
    if template is None:
        return Named(
            arn="*", kind=kind, state=ResourceState.UNKNOWN, route=found.route, note="an ARN was expected here"
        )
    arn = arn_of(call, kind, prefix=operation.prefix, **{variables(template)[-1]: found.text})
    return Named(arn=arn, kind=kind, state=state_of(arn), route=found.route, note="a name where the API expects an ARN")


def _not_there(call: Call, operation: Operation, kind: str, path: str) -> Named:
    note = f"{path} is not known before the call" if path in call.params else f"{path} is not in the request"
    if _template(operation.prefix, kind) is None:
        return Named(arn="*", kind=kind, state=ResourceState.UNKNOWN, note=note)
    arn = arn_of(call, kind, prefix=operation.prefix)
    return Named(arn=arn, kind=kind, state=state_of(arn), note=note)


def _from_names(call: Call, operation: Operation, kind: str, row: dict[str, Found | None]) -> Named:
    """One ARN from one value per variable; a value that is an ARN is the resource, or says whose it is."""
    values: dict[str, str] = {}
    place: dict[str, str] = {}
    notes: list[str] = []
    route = next((found.route for found in reversed(row.values()) if found is not None and found.route), ())
    for variable, found in row.items():
        text = found.text if found else None
        if text is None:
            notes.append(f"{variable} is not known before the call" if found else f"{variable} is not in the request")
        elif text.startswith("arn:") and (parsed := parse_arn(text)):
            own = type_of_arn(text)
            if found and str(found.route[0]) not in operation.arn_members:
                notes.append(f"{found.route[0]} takes a name: an ARN is refused as not valid")
            if own and own.name == kind:
                return Named(arn=text, kind=kind, state=state_of(text), route=route, note="; ".join(notes))
            place = {"Partition": parsed.partition, "Region": parsed.region, "Account": parsed.account}
            values[variable] = parsed.resource.partition("/")[2] or "*"
        elif found and is_made_by_service(kind) and str(found.route[-1]).endswith("Name"):
            notes.append(f"the ARN of a {kind} carries an id that its name does not tell: look it up, or pass the ARN")
        else:
            values[variable] = text
    template = _template(operation.prefix, kind) or "*"
    own_place = {"Partition": call.partition, "Region": call.region or "*", "Account": call.caller_account or "*"}
    arn = fill(template, own_place | place | values)
    return Named(arn=arn, kind=kind, state=state_of(arn), route=route, note="; ".join(notes))
