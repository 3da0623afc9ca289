"""A window on a policy: file, line and column, a few lines, and carets under the very element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len

from sagepass.engine.decision import NearMiss, StatementRef
from sagepass.policy.document import Policy
from sagepass.policy.statement import Statement
from sagepass.render.page import Page
from sagepass.source.errors import SourceError
from sagepass.source.locate import Place, locate
from sagepass.source.route import Route, render_route
from sagepass.source.terminal import printable

_ELISION = "..."
_BEFORE = 12
"""Columns kept before the element where a long line is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One element to point at, with what to say about it."""

    route: Route
    label: str
    piece: tuple[int, int] | None = None


def show_denying(page: Page, ref: StatementRef, *, label: str) -> None:
    """The statement that denies, with carets under what made it match; the label stands at the last of them."""
    routes = ref.elements or (ref.statement.route,)
    marks = [Mark(route=route, label="") for route in routes[:-1]]
    show_statement(page, ref, [*marks, Mark(route=routes[-1], label=label)])


def show_near(page: Page, near: NearMiss) -> None:
    """The Allow that came closest, with carets under what kept it from matching."""
    label = near.sentence or _difference(near)
    if near.others:
        label += f" (and {near.others} more {'obstacle' if near.others == 1 else 'obstacles'})"
    show_statement(page, near.statement, [Mark(route=near.route, label=label, piece=near.piece)])


def show_statement(page: Page, ref: StatementRef, marks: Sequence[Mark], *, of: str | None = None) -> None:
    """One window. Where the file can no longer be read, the route is named instead.

    Args:
        page: where it is put.
        ref: the statement.
        marks: the elements to point at.
        of: what holds the statement, in words; by default the policy's name, form and holder.
    """
    origin = ref.policy.document.origin
    try:
        places = [(locate(origin, mark.route, within=mark.piece), mark) for mark in marks]
    except SourceError as error:
        page.line("  --> ", f"{origin.name} {render_route(marks[-1].route)}")
        page.line(f"    (cannot be shown: {error})")
        for mark in marks:
            if mark.label:
                page.line(f"    = {mark.label}", hang=2)
        return
    last = places[-1][0]
    page.code(("  --> ", "blue"), f"{last.source.name}:{last.line}:{last.column}")
    page.line(f"in {statement_name(ref.statement)} of {of or policy_name(ref.policy)}", indent=6, hang=2)
    _window(page, sorted(places, key=lambda item: item[0].span.start))


def statement_name(statement: Statement) -> str:
    """``Statement[2] (Sid DenyOutside)``."""
    route = render_route(statement.route)
    return f"{route} (Sid {printable(statement.sid, one_line=True)})" if statement.sid else route


def policy_name(policy: Policy) -> str:
    """Name, form and holder of a policy."""
    holder = f" on {policy.holder}" if policy.holder else ""
    form = str(policy.form)
    named = form if policy.name in form else f"policy {policy.name} ({form})"
    return printable(named + holder, one_line=True)


def _window(page: Page, places: list[tuple[Place, Mark]]) -> None:
    source = places[0][0].source
    gutter = len(str(max(place.line for place, _ in places)))
    bar = f"{' ' * gutter} |"
    room = max(page.width - gutter - 4 - 2 * len(_ELISION), 20)
    lines = _lines(sorted({place.line for place, _ in places}))
    indentation = min(_indentation(source.line(line)) for line in lines)
    page.code((bar, "blue"), indent=1)
    shown = 0
    for line in lines:
        if shown and line > shown + 1:
            page.code((_ELISION, "blue"), indent=1)
        shown = line
        here = [(place, mark) for place, mark in places if place.line == line]
        raw = source.line(line)
        start = _first_shown(raw, here, indentation, room)
        page.source((f"{line:>{gutter}} | ", "blue"), _cropped(page.rewritten(raw), start, room), indent=1)
        for place, mark in here:
            _carets(page, raw, place, mark, offset=start, bar=bar)


def _lines(marked: list[int]) -> list[int]:
    """The marked lines, the line before the first, and single lines between two marked ones."""
    lines = {marked[0] - 1, *marked} if marked[0] > 1 else set(marked)
    for one, other in pairwise(marked):
        if other - one == 2:
            lines.add(one + 1)
    return sorted(lines)


def _indentation(raw: str) -> int:
    return len(raw) - len(raw.lstrip())


def _first_shown(raw: str, here: list[tuple[Place, Mark]], indentation: int, room: int) -> int:
    """The first character of a line that is shown: behind the common indentation, or as far right as is needed."""
    if not here or len(raw) - indentation <= room:
        return indentation
    first = min(place.column for place, _ in here) - 1
    last = max(min(place.column - 1 + (place.span.end - place.span.start), len(raw)) for place, _ in here)
    if last - indentation <= room:
        return indentation
    return max(min(first - _BEFORE, last - room), indentation) if last - first > room - _BEFORE else last - room


def _cropped(raw: str, start: int, room: int) -> str:
    before = _ELISION if raw[:start].strip() else ""
    after = _ELISION if raw[start + room :].strip() else ""
    return before + _flat(raw[start : start + room]) + after


def _carets(page: Page, raw: str, place: Place, mark: Mark, *, offset: int, bar: str) -> None:
    start = place.column - 1
    end = min(start + (place.span.end - place.span.start), len(raw))
    lead = len(_ELISION) if raw[:offset].strip() else 0
    column = lead + cell_len(_flat(raw[offset:start]))
    room = max(page.width - len(bar) - 3 - column, 1)
    length = min(max(cell_len(_flat(raw[start : min(end, start + page.width)])), 1), room)
    style = "bold red" if mark.label else "red"
    head = f" {bar} {' ' * column}"
    if not mark.label or len(head) + length + 1 + cell_len(mark.label) + 1 <= page.width:
        page.code(
            (bar, "blue"),
            f" {' ' * column}",
            ("^" * length, style),
            (f" {mark.label}" if mark.label else "", style),
            indent=1,
        )
        return
    page.code((bar, "blue"), f" {' ' * column}", ("^" * length, style), indent=1)
    page.line((f"{' ' * (len(bar) - 1)}= ", "blue"), (mark.label, style), indent=1, hang=len(bar) + 1)


def _flat(text: str) -> str:
    return printable(text.replace("\t", " "), one_line=True)


def _difference(near: NearMiss) -> str:
    said = ", ".join(near.expected[:2])
    has = ", ".join(near.actual[:2])
    words = near.difference.value
    if near.key:
        words = f"{near.operator} {near.key}: {words}" if near.operator else f"{near.key}: {words}"
    if said and has:
        return f"{words}: the policy says {said}, the request has {has}"
    return words
