"""The changes of a plan, by who has to make them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sagepass.jobs.preflight.combine_edits import is_added, statements_of
from sagepass.jobs.preflight.record import OwnerPart
from sagepass.repair.after import after_change
from sagepass.repair.completion import quota_warnings
from sagepass.repair.fix import Applicability, Edit, Fix
from sagepass.repair.option import name_of
from sagepass.repair.ownership import ownership_warnings
from sagepass.snapshot.snapshot import Snapshot

CALLER = "whoever makes the call"
_BRIEF = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something to do that is no change of a policy at hand; ``who`` is the principal concerned."""

    who: str
    step: str


def owner_parts(
    edits: Sequence[Edit],
    fixes: Sequence[Fix],
    advice: Sequence[Advice],
    snapshot: Snapshot,
    *,
    policy: str,
    settled: bool = True,
) -> tuple[OwnerPart, ...]:
    """One part for each owner; steps for whoever makes the call come first.

    ``settled`` says that after the changes nothing hangs on policies that were not supplied.
    """
    steps = tuple(dict.fromkeys(item.step for item in advice))
    parts = [OwnerPart(who=CALLER, steps=steps)] if steps else []
    for who, own in _by_owner(edits).items():
        parts.append(OwnerPart(who=who, fix=_fix(own, fixes, snapshot, policy, settled=settled)))
    return tuple(parts)


def _by_owner(edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    groups: dict[str, list[Edit]] = {}
    for edit in edits:
        who = f"{edit.owner} ({edit.account})" if edit.account else str(edit.owner)
        groups.setdefault(who, []).append(edit)
    return groups


def _fix(edits: Sequence[Edit], fixes: Sequence[Fix], snapshot: Snapshot, policy: str, *, settled: bool) -> Fix:
    places = {_place(edit) for edit in edits}
    related = [fix for fix in fixes if any(_place(edit) in places for edit in fix.edits)]
    rows = _rows_of(edits, related)
    warnings = (
        *(warning for fix in related for warning in fix.warnings if not _says_the_obvious(warning)),
        *ownership_warnings(tuple(edits), snapshot),
        *quota_warnings(tuple(edits), snapshot),
    )
    return Fix(
        title=f"let {policy} pass: {_places(edits)}",
        edits=tuple(edits),
        applicability=Applicability.LIKELY,
        grants=_sentences_of(edits, related, rows),
        grants_data=rows,
        minimal=settled,
        not_checked=() if settled else ("the policies that were not supplied",),
        warnings=tuple(dict.fromkeys(warnings)),
        after=after_change(edits),
    )


def _rows_of(edits: Sequence[Edit], related: Sequence[Fix]) -> tuple[tuple[str, str, str, str], ...]:
    """What the edits of one owner grant: of a fix that takes several owners, the rows that the statements here make."""
    rows = tuple(dict.fromkeys(row for fix in related for row in fix.grants_data))
    if not all(is_added(edit) for edit in edits):
        return rows
    added = _actions_added(edits)
    return tuple(row for row in rows if set(row[1].split(", ")) <= added) or rows


def _sentences_of(
    edits: Sequence[Edit], related: Sequence[Fix], rows: Sequence[tuple[str, str, str, str]]
) -> tuple[str, ...]:
    """The rows in words; an exception from a Deny grants nothing by itself, and is said in the words of its fix."""
    statements = [statement for edit in edits for statement in statements_of(edit)]
    if all(statement.get("Effect") != "Deny" for statement in statements):
        return grant_sentences(rows)
    exceptions = (text for fix in related for text in fix.grants if text.startswith("the deny"))
    added = _actions_added(edits)
    allowed = grant_sentences(row for row in rows if set(row[1].split(", ")) <= added)
    return tuple(dict.fromkeys((*exceptions, *allowed)))


def _actions_added(edits: Sequence[Edit]) -> set[str]:
    entries = [statement.get("Action") for edit in edits if is_added(edit) for statement in statements_of(edit)]
    return {str(action) for entry in entries for action in (entry if isinstance(entry, list) else [entry])}


def _says_the_obvious(warning: str) -> bool:
    """That a statement covers a whole folder or everything stands in the grants; here it is what the request asks for."""
    return warning.startswith("a part of the resource is not known") or warning.endswith('only "Resource": "*" works')


def _place(edit: Edit) -> tuple[object, ...]:
    return (edit.policy_type, edit.change.holder)


def _places(edits: Sequence[Edit]) -> str:
    shown = [edit.where for edit in edits[:_BRIEF]]
    more = f" and {len(edits) - _BRIEF} more" if len(edits) > _BRIEF else ""
    return ", ".join(shown) + more


def grant_sentences(rows: Iterable[tuple[str, str, str, str]]) -> tuple[str, ...]:
    """What becomes allowed, actions on the same resource under the same conditions in one sentence."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for principal, action, resource, conditions in rows:
        groups.setdefault((principal, resource, conditions), []).append(action)
    return tuple(_sentence(key, actions) for key, actions in groups.items())


def _sentence(key: tuple[str, str, str], actions: Sequence[str]) -> str:
    principal, resource, conditions = key
    limited = f", if {conditions}" if conditions else ""
    return f"{name_of(principal)} may call {', '.join(dict.fromkeys(actions))} on {resource}{limited}"
