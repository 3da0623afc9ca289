"""The answer to "can what", for people and for grep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sagepass.engine.decision import StatementRef
from sagepass.jobs.can_what.can_what import allow_clauses, deny_clauses
from sagepass.jobs.can_what.record import CanWhat, Clause, Idle, OnResource, Test
from sagepass.policy.kinds import Effect
from sagepass.render.concise import place_of
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.render.who_can import statement_words
from sagepass.render.words import effect_style
from sagepass.source.terminal import printable

_BRIEF = 12
"""Rows of one table that are shown without ``--verbose``."""
_ACTIONS = 8
"""Actions of one row that are shown without ``--verbose``."""


def headline(answer: CanWhat) -> str:
    """One sentence that makes sense alone."""
    where = f" in {answer.service}" if answer.service else ""
    on = f" on {answer.resource}" if answer.resource else ""
    if answer.resource is not None:
        certain = sum(item.effect is Effect.ALLOW for item in answer.on_resource)
        return (
            f"{answer.principal} can perform {certain} actions{where}{on}, "
            f"and {len(answer.on_resource) - certain} more under conditions"
        )
    if not allow_clauses(answer):
        return f"{answer.principal} can do nothing{where}"
    limits = len(deny_clauses(answer))
    cut = f", cut by {limits} denying statement{'s' if limits > 1 else ''}" if limits else ""
    count = len(allow_clauses(answer))
    return f"{answer.principal}{where}: {count} effective grant{'s' if count > 1 else ''}{cut}"


def render_can_what(answer: CanWhat, view: HumanView) -> str:
    """The whole page: what is allowed, what is taken away again, what is granted without effect."""
    page = Page(width=view.width, rewrite=view.rewrite)
    page.line((headline(answer), "bold"), hang=2)
    for level, allowed, total in answer.levels if answer.resource is None else ():
        page.line(f"{allowed:>4} of {total:<4} {level}", indent=2)
    _on_resource(page, answer.on_resource, verbose=view.verbose)
    _clauses(page, "may", "bold green", allow_clauses(answer), verbose=view.verbose)
    _clauses(page, "but not", "bold red", deny_clauses(answer), verbose=view.verbose)
    _idle(page, answer.idle, verbose=view.verbose)
    page.blank()
    for text in answer.inexact:
        page.line(("not in the document: ", "yellow"), text, hang=2)
    for text in answer.depends:
        page.line(("not supplied: ", "yellow"), text, hang=2)
    for text in answer.assumptions:
        page.line(("assumed: ", "cyan"), text, hang=2)
    page.line(("next: ", "bold"), "--show json prints this as one policy document", hang=6)
    return page.render(color=view.color)


def _on_resource(page: Page, rows: Sequence[OnResource], *, verbose: bool) -> None:
    if not rows:
        return
    page.blank()
    page.line(("decided for this resource", "bold"))
    shown = rows if verbose else rows[: 2 * _BRIEF]
    for row in shown:
        word = "ALLOW" if row.effect is Effect.ALLOW else "if"
        under = f"  {'; '.join(row.conditions)}" if row.conditions else ""
        page.line((f"{word:<5} ", effect_style(row.effect)), row.action, under, indent=2, hang=8)
    _more(page, len(rows) - len(shown))


def _clauses(page: Page, title: str, style: str, clauses: Sequence[Clause], *, verbose: bool) -> None:
    if not clauses:
        return
    page.blank()
    page.line((title, style))
    shown = clauses if verbose else clauses[:_BRIEF]
    for clause in shown:
        page.line((_actions(clause, verbose=verbose), "bold"), indent=2, hang=2)
        page.line(("on ", "dim"), resources_words(clause), indent=4, hang=3)
        for test in clause.conditions:
            page.line(("if ", "yellow"), test_words(test), indent=4, hang=3)
        page.line(("by ", "dim"), clause.because, indent=4, hang=3)
        for ref in clause.sources if verbose else clause.sources[:2]:
            page.line(statement_words(ref), indent=7, hang=2)
            page.code(("--> ", "blue"), place_of(ref, ref.statement.route), indent=7)
    _more(page, len(clauses) - len(shown))


def _idle(page: Page, idle: Sequence[Idle], *, verbose: bool) -> None:
    if not idle:
        return
    page.blank()
    page.line(("granted without effect", "bold yellow"))
    shown = idle if verbose else idle[:_BRIEF]
    for item in shown:
        page.line(_listed(item.actions, verbose=verbose), indent=2, hang=2)
        page.line(("granted by ", "dim"), statement_words(item.source), indent=4, hang=3)
        page.line(("taken away by ", "dim"), item.because, indent=4, hang=3)
    _more(page, len(idle) - len(shown))


def _more(page: Page, count: int) -> None:
    if count > 0:
        page.line((f"and {count} more (--verbose)", "dim"), indent=2)


def _actions(clause: Clause, *, verbose: bool) -> str:
    return ("every action but " if clause.not_action else "") + _listed(clause.actions, verbose=verbose)


def _listed(actions: Sequence[str], *, verbose: bool) -> str:
    shown = actions if verbose else actions[:_ACTIONS]
    more = f" and {len(actions) - len(shown)} more" if len(shown) < len(actions) else ""
    return ", ".join(shown) + more


def resources_words(clause: Clause) -> str:
    """The resources of a clause in words."""
    if clause.resources == ("*",) and not clause.not_resource:
        return "every resource"
    return ("everything but " if clause.not_resource else "") + ", ".join(clause.resources)


def test_words(test: Test) -> str:
    """A condition in words: ``StringEquals aws:RequestedRegion = us-east-1 or eu-west-1``."""
    return f"{test.operator} {test.key} = {' or '.join(test.values)}"


def render_can_what_concise(answer: CanWhat) -> str:
    """One line a clause, with the place of the statement it comes from."""
    lines = [f"{row.effect}: {row.action}" for row in answer.on_resource]
    lines += [_concise(clause) for clause in answer.clauses]
    return "".join(printable(line, one_line=True) + "\n" for line in lines or [f"NOTHING: {headline(answer)}"])


def _concise(clause: Clause) -> str:
    where = next(_places(clause.sources), "")
    under = f" if {' and '.join(test_words(test) for test in clause.conditions)}" if clause.conditions else ""
    told = f"{_actions(clause, verbose=True)} on {resources_words(clause)}{under}"
    return f"{where}{clause.effect.value.upper()}: {told}"


def _places(refs: Sequence[StatementRef]) -> Iterator[str]:
    return (f"{place_of(ref, ref.statement.route)}: " for ref in refs)
