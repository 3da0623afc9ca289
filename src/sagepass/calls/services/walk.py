"""From one call of a service in this room to the authorizations it needs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sagepass.calls.call import Confidence, Needed, ResourceState, Unsettled
from sagepass.calls.condition_values import Conditions, member_conditions
from sagepass.calls.passed_roles import role_arn
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import Named, resources_of
from sagepass.calls.services.request_tags import request_tag_conditions
from sagepass.calls.services.table import Asked, Row, Rule, ServiceTable
from sagepass.catalog.actions import find_action
from sagepass.catalog.condition_keys import keys_of_action
from sagepass.catalog.operations import Operation, ResourceClass

_NOT_LISTED = "the Service Authorization Reference of the catalog's date does not list this action"


def service_needs(asked: Asked, table: ServiceTable, *, possible: bool = False) -> tuple[Needed, ...]:
    """Everything that AWS checks for the caller of one call, in the order of the table's rows; each check once."""
    needed: dict[tuple[str, str], Needed] = {}
    for row in _rows(table, asked.call.operation):
        if not _counts(asked, row) or (row.confidence is Confidence.POSSIBLE and not possible):
            continue
        for one in _of_row(asked, table, row):
            needed.setdefault((one.action, one.resource), one)
    return tuple(needed.values()) or (_nothing_named(asked, table),)


def _nothing_named(asked: Asked, table: ServiceTable) -> Needed:
    """A request without anything in it to check still needs its action: nothing is ever allowed for want of a check."""
    row = _rows(table, asked.call.operation)[0]
    action = row.action if ":" in row.action else f"{table.prefix}:{row.action}"
    note = "the request names nothing that the action is about"
    return Needed(
        action=action, resource="*", resource_state=ResourceState.UNKNOWN, confidence=Confidence.INFERRED, note=note
    )


@lru_cache(maxsize=4096)
def _rows(table: ServiceTable, operation: str) -> tuple[Row, ...]:
    name = operation.replace("-", "").replace("_", "").lower()
    own = _named(table.instead, name)
    beside = _named(table.beside, name) or ()
    return (*(own if own is not None else (Row(action=_spelled(table, operation)),)), *beside)


def _named(rows: Mapping[str, tuple[Row, ...]], name: str) -> tuple[Row, ...] | None:
    return next((found for operation, found in rows.items() if operation.lower() == name), None)


def _spelled(table: ServiceTable, operation: str) -> str:
    """The operation as AWS spells it: the CLI writes dashes."""
    if "-" in operation:
        operation = "".join(part[:1].upper() + part[1:] for part in operation.split("-"))
    known = find_action(f"{table.prefix}:{operation}")
    return known.name if known else operation


def _counts(asked: Asked, row: Row) -> bool:
    wanted = not row.when or _has(asked, row.when)
    return wanted and not (row.unless and _has(asked, row.unless))


def _has(asked: Asked, paths: str) -> bool:
    """Whether one of several paths leads to something: a scalar but false, or a list or an object that is not empty."""
    for path in paths.split("|"):
        value = asked.call.params.get(path)
        if value is False:
            continue
        if find_values(asked.call.params, path) or (isinstance(value, list | tuple | Mapping) and value):
            return True
    return False


def _of_row(asked: Asked, table: ServiceTable, row: Row) -> list[Needed]:
    action = row.action if ":" in row.action else f"{table.prefix}:{row.action}"
    known = find_action(action)
    action = known.id if known else action
    confidence = row.confidence if known else Confidence.INFERRED
    needed = []
    for target in _targets(asked, table, row, action):
        conditions = _conditions(asked, table, row, action, target)
        note = "; ".join(text for text in (target.note, row.note, "" if known else _NOT_LISTED) if text)
        needed.append(
            Needed(
                action=action,
                resource=target.arn,
                resource_state=target.state,
                context=tuple(conditions.context.items()),
                absent=tuple(dict.fromkeys(conditions.absent)),
                unsettled=tuple(conditions.unsettled),
                because=target.route,
                confidence=confidence,
                note=note,
            )
        )
    return needed


# resources


def _targets(asked: Asked, table: ServiceTable, row: Row, action: str) -> tuple[Named, ...]:
    if row.role:
        return tuple(_passed(asked, row))
    kinds = row.on or _kinds(asked, table, action)
    found = [named for kind in kinds for named in _of_kind(asked, table, kind)]
    unique = tuple({named.arn: named for named in reversed(found)}.values())[::-1]
    return unique or (() if row.each else (_nowhere(action),))


def _kinds(asked: Asked, table: ServiceTable, action: str) -> tuple[str, ...]:
    """The types that the reference requires; of optional ones those that the request names, or else the first."""
    known = find_action(action)
    uses = known.resource_types if known else ()
    required = tuple(use.type for use in uses if use.required)
    if required:
        return required
    optional = tuple(use.type for use in uses)
    named = tuple(kind for kind in optional if _settles(_of_kind(asked, table, kind)))
    return named or optional[:1]


def _settles(found: tuple[Named, ...]) -> bool:
    return bool(found) and all(named.route for named in found)


def _of_kind(asked: Asked, table: ServiceTable, kind: str) -> tuple[Named, ...]:
    rule = table.resources.get(kind, {})
    if callable(rule):
        return tuple(rule(asked))
    call = asked.call
    return resources_of(call, _operation(table, call.operation, ((kind, _present(asked, rule)),), ()))


def _present(asked: Asked, rule: Rule) -> tuple[tuple[str, str], ...]:
    """A rule as this request needs it: without the account where it names none, with the one member that holds the ARN."""
    present = []
    for variable, path in rule.items():
        paths = path.split("|")
        there = [one for one in paths if find_values(asked.call.params, one)]
        if variable:
            present += [] if variable == "Account" and not there else [(variable, path)]
        else:
            present.append((variable, (there or paths)[0]))
    return tuple(present)


def _operation(
    table: ServiceTable,
    name: str,
    resources: tuple[tuple[str, tuple[tuple[str, str], ...]], ...],
    key_paths: tuple[tuple[str, tuple[str, ...]], ...],
) -> Operation:
    """The part of an operation that the look-ups of this house take."""
    members = (path for _, rule in resources for _, paths in rule for path in paths.split("|"))
    return Operation(
        client=table.prefix,
        prefix=table.prefix,
        name=name,
        input_shape="",
        resource_class=ResourceClass.EXACT,
        resources=resources,
        role_paths=(),
        key_paths=key_paths,
        has_tags=False,
        arn_members=tuple(path.partition(".")[0].removesuffix("[]") for path in members),
    )


def _passed(asked: Asked, row: Row) -> list[Named]:
    passed = []
    for found in find_values(asked.call.params, row.role):
        arn, problem = role_arn(asked.call, found)
        state = ResourceState.SET if "*" in arn else ResourceState.EXACT
        passed.append(Named(arn=arn, kind="role", state=state, route=found.route, note=problem))
    return passed


def _nowhere(action: str) -> Named:
    known = find_action(action)
    if known is not None and not known.resource_types:
        return Named(arn="*", kind="", state=ResourceState.NONE)
    return Named(arn="*", kind="", state=ResourceState.UNKNOWN, note="the resource of this operation is not known")


# condition keys


def _conditions(asked: Asked, table: ServiceTable, row: Row, action: str, target: Named) -> Conditions:
    conditions = Conditions()
    if row.keys:
        _add(conditions, member_conditions(asked.call, _with_keys(table, action)))
        _add(conditions, request_tag_conditions(asked.call.params, action))
        _take_defaults(conditions, table)
    if table.conditions is not None:
        _add(conditions, table.conditions(asked, action, target))
    conditions.context |= dict(row.context)
    if row.role and not row.context:
        why = "AWS does not document to which service the role is passed"
        conditions.unsettled.append(Unsettled(key="iam:PassedToService", choices=(), why=why))
    _leave_open(conditions, table, action)
    settled = {key.lower() for key in conditions.context} | {one.key.lower() for one in conditions.unsettled}
    conditions.absent[:] = [key for key in conditions.absent if key.lower() not in settled]
    return conditions


@lru_cache(maxsize=4096)
def _with_keys(table: ServiceTable, action: str) -> Operation:
    """The keys of the table that an action can carry, with their request paths."""
    carried = keys_of_action(action) or frozenset()
    paths = tuple((key, places) for key, places in table.keys.items() if key.lower() in carried)
    return _operation(table, action.partition(":")[2], (), paths)


def _take_defaults(conditions: Conditions, table: ServiceTable) -> None:
    """A member that is left out has a documented default; whether the key then holds it is not documented."""
    for key, default in table.defaults.items():
        if key in conditions.absent:
            why = f"AWS does not document whether a member that is left out counts as {default} or as absent"
            conditions.unsettled.append(Unsettled(key=key, choices=((default,), None), why=why))


def _leave_open(conditions: Conditions, table: ServiceTable, action: str) -> None:
    """Keys that are settled nowhere, although the action can carry them."""
    carried = keys_of_action(action) or frozenset()
    named = {key.lower() for key in (*conditions.context, *conditions.absent)}
    named |= {one.key.lower() for one in conditions.unsettled}
    why = "AWS takes it from what is stored, not from the request"
    conditions.unsettled += [
        Unsettled(key=key, choices=(), why=why)
        for key in table.looked_up
        if key.lower() in carried and key.lower() not in named
    ]


def _add(conditions: Conditions, more: Conditions) -> None:
    conditions.context |= more.context
    conditions.absent += more.absent
    conditions.unsettled += more.unsettled
