"""A preflight for people: the verdict, who needs what, what is not known, what each owner changes, what comes of it."""

from __future__ import annotations

from sagepass.calls.need import Necessity
from sagepass.engine.decision import StatementRef
from sagepass.jobs.preflight.record import Authorization, OwnerPart, Plan, Preflight
from sagepass.policy.kinds import CheckType, Effect
from sagepass.render.concise import place_of
from sagepass.render.fix_text import FixView, show_fix
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.render.preflight_rows import Party, Row, parties, standing
from sagepass.render.preflight_verdict import (
    authorization_code,
    preflight_code,
    preflight_level,
    preflight_sentence,
)
from sagepass.render.source_window import policy_name, statement_name
from sagepass.source.route import render_route

_BRIEF = 4
_COLUMN = 9
_LEVEL_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


def render_preflight(preflight: Preflight, view: HumanView) -> str:
    """The whole page."""
    page = Page(width=view.width, rewrite=view.rewrite)
    level, code = preflight_level(preflight), preflight_code(preflight)
    page.line((f"{level}[{code}]", _LEVEL_STYLES[level]), ": ", (preflight_sentence(preflight), "bold"), hang=2)
    _findings(page, preflight)
    for party in parties(preflight, one_by_one=view.verbose):
        _party(page, party, view)
    _hanging(page, preflight, view)
    _open_questions(page, preflight, view)
    if preflight.plan is not None:
        _plan(page, preflight.plan, view)
    page.blank()
    for text in preflight.assumptions if view.verbose else preflight.assumptions[:_BRIEF]:
        page.line(("assumed: ", "cyan"), text, hang=2)
    page.command(("next: ", "bold"), _next(preflight))
    return page.render(color=view.color)


def _findings(page: Page, preflight: Preflight) -> None:
    if preflight.findings:
        page.blank()
    for finding in preflight.findings:
        place = f"{finding.document} {render_route(finding.route)}" if finding.route else finding.document
        page.line((f"{finding.severity}[{finding.code}]: ", "yellow"), f"{place}: {finding.message}", hang=2)
        if finding.remedy:
            page.line(("help: ", "cyan"), finding.remedy, indent=2, hang=6)


def _party(page: Page, party: Party, view: HumanView) -> None:
    page.blank()
    page.line((party.title, "bold"), hang=2)
    for row in party.rows:
        _row(page, row, view)


def _row(page: Page, row: Row, view: HumanView) -> None:
    item = row.first
    word, style = standing(item)
    usual = (
        " (usual)"
        if item.need.necessity is Necessity.USUAL and (view.verbose or item.effect is not Effect.ALLOW)
        else ""
    )
    page.line((f"{word:<{_COLUMN}}", style), f"{row.actions}{usual}", indent=2, hang=_COLUMN)
    where = f"on {item.need.needed.resource}"
    other = f"by account {item.other_account} too  " if item.other_account else ""
    page.line(f"{where}  {other}", (f"[{row.field}]", "dim"), indent=2 + _COLUMN, hang=2)
    if item.effect is Effect.ALLOW or (item.so_far and not view.verbose):
        if item.by_instead or view.verbose:
            _notes(page, item)
        return
    _why(page, item)
    _notes(page, item)


def _why(page: Page, item: Authorization) -> None:
    indent = 2 + _COLUMN
    page.line(("why: ", "cyan"), f"{authorization_code(item)}: {item.reason}", indent=indent, hang=5)
    if item.need.remedy:
        page.line(("help: ", "cyan"), item.need.remedy, indent=indent, hang=6)
    if item.supply and item.effect is Effect.UNKNOWN:
        page.command(("supply: ", "cyan"), item.supply, indent=indent)
    for check in item.decision.checks if item.decision else ():
        if not check.blocks and not (check.effect is Effect.UNKNOWN and check.type is CheckType.PRINCIPAL):
            continue
        near = check.nearest[0] if check.nearest else None
        if check.matched:
            page.line(("in: ", "cyan"), _statement(check.matched[0]), indent=indent, hang=4)
        elif near is not None:
            text = f"{_statement(near.statement)}: {near.sentence or near.difference}"
            page.line(("nearest: ", "cyan"), text, indent=indent, hang=9)


def _notes(page: Page, item: Authorization) -> None:
    if item.note and item.note != item.reason:
        page.line(("note: ", "blue"), item.note, indent=2 + _COLUMN, hang=6)


def _statement(ref: StatementRef) -> str:
    route = ref.elements[-1] if ref.elements else ref.statement.route
    return f"{statement_name(ref.statement)} of {policy_name(ref.policy)} ({place_of(ref, route)})"


def _hanging(page: Page, preflight: Preflight, view: HumanView) -> None:
    """What was not supplied, each once, however many rows hang on it."""
    hanging = preflight.hanging
    if not hanging:
        return
    page.blank()
    page.line(("so far", "bold"), " means: all that was supplied allows it. It still hangs on", hang=2)
    for missing, count in hanging if view.verbose else hanging[: _BRIEF * 2]:
        page.line(f"- {missing.what}  ", (f"[{count} of them]", "dim"), indent=2, hang=2)
        if missing.supply:
            page.command(("supply: ", "cyan"), missing.supply, indent=4)
    if len(hanging) > _BRIEF * 2 and not view.verbose:
        page.line((f"- and {len(hanging) - _BRIEF * 2} more (--verbose)", "dim"), indent=2)


def _open_questions(page: Page, preflight: Preflight, view: HumanView) -> None:
    questions = preflight.open_questions
    if not questions:
        return
    page.blank()
    page.line(("not known", "bold"), ": the request does not tell, and it may take more")
    for question in questions if view.verbose else questions[: _BRIEF * 2]:
        field = render_route(question.asked.field) if question.asked.field else "the call itself"
        page.line(f"- {question.point.what}  ", (f"[{field}]", "dim"), indent=2, hang=2)
        page.line(("look up: ", "cyan"), question.point.look_up, indent=4, hang=9)
    if len(questions) > _BRIEF * 2 and not view.verbose:
        page.line((f"- and {len(questions) - _BRIEF * 2} more (--verbose)", "dim"), indent=2)


def _plan(page: Page, plan: Plan, view: HumanView) -> None:
    for number, part in enumerate(plan.parts, start=1):
        page.blank()
        page.line((f"part {number}: ", "bold green"), (part.who, "bold"), hang=8)
        _part(page, part, view)
    page.blank()
    if plan.effect is Effect.ALLOW:
        page.line(("after that: ", "bold"), "everything was decided again with these changes, and all of it is allowed")
        return
    if not plan.remaining:
        page.line(
            ("after that: ", "bold"),
            "decided again with these changes: all that was supplied allows it, and it hangs only on what was not",
            hang=2,
        )
        return
    page.line(("after that: ", "bold"), f"decided again; {len(plan.remaining)} still not allowed for certain", hang=2)
    for text in plan.remaining if view.verbose else plan.remaining[:_BRIEF]:
        page.line(f"- {text}", indent=2, hang=2)
    if len(plan.remaining) > _BRIEF and not view.verbose:
        page.line((f"- and {len(plan.remaining) - _BRIEF} more (--verbose)", "dim"), indent=2)


def _part(page: Page, part: OwnerPart, view: HumanView) -> None:
    for step in part.steps:
        page.line(f"- {step}", indent=2, hang=2)
    if part.fix is not None:
        show_fix(page, part.fix, FixView(form=view.form, verbose=view.verbose))


def _next(preflight: Preflight) -> str:
    if preflight.open_questions and not preflight.missing:
        return preflight.open_questions[0].point.look_up
    supply = next((missing.supply for missing, _ in preflight.hanging if missing.supply), "")
    supply = supply or next((item.supply for item in preflight.undecided if item.supply), "")
    if not preflight.missing and supply:
        return supply
    return f"sagepass explain {preflight_code(preflight)}"
