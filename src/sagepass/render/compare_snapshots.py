"""Who gained or lost what between two snapshots, for people and for grep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from sagepass.engine.decision import StatementRef
from sagepass.jobs.compare_snapshots.record import Direction, Group, Holder, Side, SnapshotComparison, Verdict
from sagepass.render.concise import place_of
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.render.who_can import statement_words
from sagepass.render.words import check_phrase
from sagepass.source.terminal import printable

_BRIEF = 12
"""Groups, names, actions and resources that are shown without ``--verbose``."""
_LINES = 6
"""Lines of requests of one group that are shown without ``--verbose``."""
_NAMED = 3
"""Actions that the headline names."""
_STYLES = {
    Direction.GAINED: "bold red",
    Direction.MAY_GAIN: "bold yellow",
    Direction.OPEN: "bold yellow",
    Direction.LOST: "bold cyan",
    Direction.MAY_LOSE: "bold cyan",
}


def headline(answer: SnapshotComparison) -> str:
    """One sentence that makes sense alone."""
    gained, lost = (_holders(answer, {direction}) for direction in (Direction.GAINED, Direction.LOST))
    open_gains = _holders(answer, {Direction.MAY_GAIN, Direction.OPEN})
    match answer.verdict:
        case Verdict.GAINED:
            told = f"{_people(gained)} gained access"
        case Verdict.UNDECIDED:
            told = f"nobody gained access for certain, {_people(open_gains)} may have"
        case Verdict.NOTHING_GAINED:
            told = "nobody gained access"
        case _:
            assert_never(answer.verdict)
    if lost:
        told += f", {_people(lost)} lost access"
    asked = answer.asked_for
    more = f" and {len(asked) - _NAMED} more" if len(asked) > _NAMED else ""
    return f"{', '.join(asked[:_NAMED])}{more}: {told}"


def _holders(answer: SnapshotComparison, directions: set[Direction]) -> int:
    return len({holder.name for group in answer.groups if group.direction in directions for holder in group.who})


def _people(count: int) -> str:
    return "1 principal" if count == 1 else f"{count:,} principals"


def render_snapshot_comparison(answer: SnapshotComparison, view: HumanView) -> str:
    """The page: verdict, what was compared, then each change with what allows it now and what stopped it before."""
    page = Page(width=view.width, rewrite=view.rewrite)
    page.line((headline(answer), "bold"), hang=2)
    page.line(
        f"compared: {_people(answer.principals)} (the policies of {answer.changed_principals:,} differ), "
        f"{answer.actions:,} {'action' if answer.actions == 1 else 'actions'} on {answer.resources:,} "
        f"{'resource' if answer.resources == 1 else 'resources'}, a pattern counting as one",
        hang=2,
    )
    for resource in _some(answer.changed_resources, verbose=view.verbose):
        page.line(f"its own policy, or what stands above it, differs: {resource}", hang=2)
    for direction in Direction:
        groups = [group for group in answer.groups if group.direction is direction]
        if groups:
            _direction(page, direction, groups, verbose=view.verbose)
    page.blank()
    for text in answer.limits:
        page.line(("not compared: ", "cyan"), text, hang=2)
    return page.render(color=view.color)


def _direction(page: Page, direction: Direction, groups: Sequence[Group], *, verbose: bool) -> None:
    page.blank()
    page.line((_title(direction), _STYLES[direction]), hang=2)
    shown = groups if verbose else groups[:_BRIEF]
    for group in shown:
        _group(page, group, verbose=verbose)
    if len(shown) < len(groups):
        page.line((f"and {len(groups) - len(shown)} more (--verbose)", "dim"), indent=2)


def _title(direction: Direction) -> str:
    match direction:
        case Direction.GAINED:
            return "gained"
        case Direction.MAY_GAIN:
            return "may have gained"
        case Direction.OPEN:
            return "depends on something else than before"
        case Direction.LOST:
            return "lost"
        case Direction.MAY_LOSE:
            return "may have lost"
    assert_never(direction)


def _group(page: Page, group: Group, *, verbose: bool) -> None:
    page.line((", ".join(_some([_words(holder) for holder in group.who], verbose=verbose)), "bold"), indent=2, hang=2)
    requests = _requests(group)
    shown = requests if verbose else requests[:_LINES]
    for actions, resources in shown:
        told = ", ".join(_some(actions, verbose=verbose))
        page.line(f"{told} on {', '.join(_some(resources, verbose=verbose))}", indent=4, hang=2)
    if len(shown) < len(requests):
        left = sum(len(actions) * len(resources) for actions, resources in requests[_LINES:])
        page.line((f"and {left:,} more requests (--verbose)", "dim"), indent=4)
    _side(page, "before", group.before, shows_grants=not group.direction.is_gain)
    _side(page, "now", group.after, shows_grants=group.direction.is_gain)


def _words(holder: Holder) -> str:
    named = holder.account is None or holder.account in holder.label
    return holder.label if named else f"{holder.label} ({holder.account})"


def _requests(group: Group) -> list[tuple[list[str], tuple[str, ...]]]:
    """Actions on the same resources together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for action, resources in group.requests:
        found.setdefault(resources, []).append(action)
    return [(actions, resources) for resources, actions in found.items()]


def _side(page: Page, when: str, side: Side | None, *, shows_grants: bool) -> None:
    if side is None:
        return
    style = "green" if side.by else "dim"
    if not side.exists:
        page.line(
            (f"{when}: ", style),
            "the account had no such principal" if when == "before" else "there is no such principal",
            indent=4,
            hang=2,
        )
    for check in side.stopped_by:
        if not side.denials:
            page.line((f"{when}: ", style), f"not allowed by {check_phrase(check)}", indent=4, hang=2)
    for ref in side.denials:
        page.line((f"{when}: ", style), f"denied by {statement_words(ref)}", indent=4, hang=2)
        page.code(("--> ", "blue"), place_of(ref, ref.statement.route), indent=6)
    for ref in side.by if shows_grants else ():
        page.line((f"{when}: ", style), f"by {statement_words(ref)}", indent=4, hang=2)
        page.code(("--> ", "blue"), place_of(ref, ref.statement.route), indent=6)
    for text in side.conditions:
        page.line((f"{when}: ", style), ("provided that ", "yellow"), text, indent=4, hang=2)


def _some(words: Sequence[str], *, verbose: bool) -> list[str]:
    if verbose or len(words) <= _BRIEF + 1:
        return list(words)
    return [*words[:_BRIEF], f"and {len(words) - _BRIEF:,} more"]


def render_snapshot_comparison_concise(answer: SnapshotComparison) -> str:
    """One line for each holder and action: ``file:line:column: GAINED: who: action on resource, resource``."""
    lines = [line for group in answer.groups for line in _lines(group)]
    text = lines or [f"{answer.verdict.name}: {headline(answer)}"]
    return "".join(printable(line, one_line=True) + "\n" for line in text)


def _lines(group: Group) -> Iterator[str]:
    side = group.after if group.direction.is_gain else group.before
    first = next(iter(_refs(side)), None)
    where = f"{place_of(first, first.statement.route)}: " if first is not None else ""
    for holder in group.who:
        for action, resources in group.requests:
            yield f"{where}{group.direction.name}: {holder.name}: {action} on {', '.join(resources)}"


def _refs(side: Side | None) -> Iterable[StatementRef]:
    return side.by if side is not None else ()
