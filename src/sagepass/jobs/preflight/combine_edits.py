"""The edits of many fixes as few: one new policy for each principal, one change of each policy that there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sagepass.calls.need import CallNeed
from sagepass.jobs.preflight.merge_statements import merge_statements
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.repair.fits import holder_of
from sagepass.repair.fix import Edit
from sagepass.repair.place import SSO_INLINE
from sagepass.repair.policy_text import document_value, new_document, with_statement
from sagepass.repair.verify import merged
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.edit import EditError

_NEW = "new policy"
_INLINE = frozenset({PolicyForm.INLINE_USER, PolicyForm.INLINE_ROLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One edit that one need called for; edits of the same policy build on one another, in order."""

    need: CallNeed
    edit: Edit


def combined(changes: Sequence[Change], snapshot: Snapshot, *, name: str) -> tuple[Edit, ...]:
    """All changes as edits of the snapshot as it was.

    Statements for a principal go into one new inline policy called ``name``; statements added to a policy go into it at once;
    edits of another kind follow one another.
    """
    groups: dict[tuple[object, ...], list[Edit]] = {}
    for change in changes:
        edit = change.edit
        place = _place(edit)
        if is_new_inline(edit, snapshot):
            place = (_NEW, edit.change.holder)
        groups.setdefault(place, []).append(edit)
    found: list[Edit] = []
    for place, edits in groups.items():
        if place[0] == _NEW:
            found.append(_own_policy(edits, snapshot, name))
        elif all(is_added(edit) for edit in edits):
            found.append(_with_all(edits))
        else:
            found += merged(edits)
    return tuple(found)


def rebased(changes: Sequence[Change]) -> list[Change]:
    """Statements that were added one after another, each as an edit of the policy as it stood before all of them.

    Any of them can then be left out without a trace: the document that a later one begins with does not hold it.
    """
    first: dict[tuple[object, ...], Edit] = {}
    mixed: set[tuple[object, ...]] = set()
    for change in changes:
        place = _place(change.edit)
        first.setdefault(place, change.edit)
        if not is_added(change.edit):
            mixed.add(place)
    return [
        change
        if _place(change.edit) in mixed
        else replace(change, edit=_begun(change.edit, first[_place(change.edit)]))
        for change in changes
    ]


def _place(edit: Edit) -> tuple[object, ...]:
    return (edit.policy_type, edit.change.holder, edit.change.arn or edit.change.name)


def _begun(edit: Edit, first: Edit) -> Edit:
    after = _added_to(first.before, statements_of(edit))
    return replace(
        edit, change=replace(edit.change, document=after), where=first.where, before=first.before, after=after
    )


def _added_to(before: object, statements: Sequence[dict[str, object]]) -> object:
    return with_statement(before, *statements) if isinstance(before, dict) else new_document(*statements)


def is_new_inline(edit: Edit, snapshot: Snapshot) -> bool:
    """Whether an edit makes (or extends) an inline policy that the principal does not have yet."""
    if edit.policy_type is not PolicyType.IDENTITY_BASED_POLICY or edit.change.form not in _INLINE:
        return False
    stored = holder_of(edit.change.holder, snapshot)
    present = {policy.name for policy in stored.inline} if stored else set()
    return edit.change.name not in present and edit.change.name != SSO_INLINE and bool(statements_of(edit))


def is_added(edit: Edit) -> bool:
    """Whether an edit does nothing but add statements."""
    statements = statements_of(edit)
    if not statements:
        return False
    if edit.before is None:
        return edit.after == new_document(*statements)
    try:
        return isinstance(edit.before, dict) and edit.after == with_statement(edit.before, *statements)
    except EditError:
        return False


def statements_of(edit: Edit) -> list[dict[str, object]]:
    """The statements that an edit adds or changes."""
    given = edit.statement if isinstance(edit.statement, list) else [edit.statement]
    return [dict(item) for item in given if isinstance(item, dict)]


def _all_statements(edits: Iterable[Edit]) -> list[dict[str, object]]:
    return merge_statements(statement for edit in edits for statement in statements_of(edit))


def _own_policy(edits: Sequence[Edit], snapshot: Snapshot, name: str) -> Edit:
    """One policy for a principal: a new one, or the one of that name that an earlier plan made, with more in it."""
    stored = holder_of(edits[0].change.holder, snapshot)
    holder = edits[0].change.holder
    named = next((policy for policy in (stored.inline if stored else ()) if policy.name == name), None)
    present = document_value(named.attached_to(holder)) if named else None
    if named is None:
        return _new_policy(edits, name)
    if present is None or "Statement" not in present:
        return _new_policy(edits, f"{name[:61]}-2")
    statements = _all_statements(edits)
    after = with_statement(present, *statements)
    first = edits[0]
    return replace(
        first,
        change=replace(first.change, name=name, document=after),
        where=first.where.replace(first.change.name, name).removeprefix("new "),
        before=present,
        after=after,
        statement=_alone_or_all(statements),
    )


def _new_policy(edits: Sequence[Edit], name: str) -> Edit:
    statements = _all_statements(edits)
    document = new_document(*statements)
    first = edits[0]
    return replace(
        first,
        change=replace(first.change, name=name, document=document),
        where=first.where.replace(first.change.name, name),
        before=None,
        after=document,
        statement=_alone_or_all(statements),
    )


def _with_all(edits: Sequence[Edit]) -> Edit:
    first = edits[0]
    statements = _all_statements(edits)
    after = _added_to(first.before, statements)
    return replace(
        first, change=replace(first.change, document=after), after=after, statement=_alone_or_all(statements)
    )


def _alone_or_all(statements: list[dict[str, object]]) -> object:
    return statements[0] if len(statements) == 1 else statements
