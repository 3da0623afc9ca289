"""The table of "who can", for people and for grep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sagepass.jobs.who_can.record import Certainty
from sagepass.jobs.who_can.table import Outside, Row, WhoCanTable
from sagepass.policy.arn import account_of
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.render.who_can import holder_words
from sagepass.repair.option import name_of
from sagepass.source.terminal import printable

_BRIEF = 12
"""Names, actions, resources and rows that are shown without ``--verbose``."""


def headline(table: WhoCanTable) -> str:
    """One sentence that makes sense alone."""
    taken = sum(len(row.actions) * len(row.resources) for row in table.rows if not row.is_nobody)
    resources = "1 resource" if len(table.resources) == 1 else f"{len(table.resources)} resources"
    return (
        f"{', '.join(table.asked_for)} on {resources}: somebody can make {taken:,} of {table.requests:,} requests "
        f"({table.principals:,} principals asked)"
    )


def render_who_can_table(table: WhoCanTable, view: HumanView) -> str:
    """The page: for each group of requests, who can make them; then what nobody can, and what was not looked at."""
    page = Page(width=view.width, rewrite=view.rewrite)
    page.line((headline(table), "bold"), hang=2)
    rows = [row for row in table.rows if not row.is_nobody]
    shown = rows if view.verbose else rows[:_BRIEF]
    resources: tuple[str, ...] = ()
    for row in shown:
        if row.resources != resources:
            page.blank()
            page.line(("on ", "dim"), (_some(row.resources, verbose=view.verbose), "bold"), hang=3)
            resources = row.resources
        _row(page, row, verbose=view.verbose)
    if len(shown) < len(rows):
        page.line((f"and {len(rows) - len(shown)} more groups of requests (--verbose)", "dim"))
    _nobody(page, [row for row in table.rows if row.is_nobody], verbose=view.verbose)
    page.blank()
    for text in table.limits:
        page.line(("not checked: ", "cyan"), text, hang=2)
    return page.render(color=view.color)


def _row(page: Page, row: Row, *, verbose: bool) -> None:
    page.line(_some(row.actions, verbose=verbose), indent=2, hang=2)
    if row.certain:
        page.line(
            (f"{len(row.certain):,} can: ", "bold green"), _some(_names(row.certain), verbose=verbose), indent=4, hang=2
        )
    if row.open:
        page.line(
            (f"{len(row.open):,} under conditions: ", "bold yellow"),
            _some(_names(row.open), verbose=verbose),
            indent=4,
            hang=2,
        )
    for one in row.outside:
        page.line(("let in from outside: ", "bold cyan"), _outside(one), indent=4, hang=2)


def _nobody(page: Page, rows: Sequence[Row], *, verbose: bool) -> None:
    if not rows:
        return
    page.blank()
    count = sum(len(row.actions) * len(row.resources) for row in rows)
    if not verbose:
        page.line(f"nobody can make the other {count:,} requests (--verbose lists them)")
        return
    page.line((f"nobody can make the other {count:,} requests", "bold"))
    for row in rows:
        page.line(f"{', '.join(row.actions)} on {', '.join(row.resources)}", indent=2, hang=2)


def _names(arns: Iterable[str]) -> list[str]:
    return [f"{_named(arn)} ({account_of(arn)})" for arn in arns]


def _named(arn: str) -> str:
    return "the root user" if arn.endswith(":root") else name_of(arn)


def _outside(one: Outside) -> str:
    words = holder_words(one.holder)
    match one.certainty:
        case Certainty.CERTAIN:
            return words
        case Certainty.THEIR_SIDE:
            return f"{words}, as far as their own account lets them"
        case Certainty.CONDITIONAL:
            return f"{words}, under conditions"


def _some(words: Sequence[str], *, verbose: bool) -> str:
    if verbose or len(words) <= _BRIEF + 1:
        return ", ".join(words)
    return f"{', '.join(words[:_BRIEF])} and {len(words) - _BRIEF:,} more"


def render_who_can_table_concise(table: WhoCanTable) -> str:
    """One line for each action and resource: ``ACTION on RESOURCE: CERTAINTY: who, who``."""
    lines = [line for row in table.rows for line in _lines(row)]
    return "".join(printable(line, one_line=True) + "\n" for line in lines or [f"NOBODY: {headline(table)}"])


def _lines(row: Row) -> Iterable[str]:
    groups = (
        ("CERTAIN", row.certain),
        ("CONDITIONAL", row.open),
        *((one.certainty.name, (one.holder.name,)) for one in row.outside),
    )
    told = [f"{word}: {', '.join(names)}" for word, names in groups if names] or ["NOBODY"]
    for resource in row.resources:
        for action in row.actions:
            for text in told:
                yield f"{action} on {resource}: {text}"
