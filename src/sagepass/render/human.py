"""A diagnosis for people, top to bottom: verdict, identity, checks, the statement, fixes, evidence, next command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sagepass.engine.decision import Check, Decision, Residual
from sagepass.jobs.diagnosis import Candidate, Cause, Diagnosis, Verdict
from sagepass.policy.kinds import Effect
from sagepass.render.chain import show_chain, show_checks
from sagepass.render.fix_text import FixView, show_fixes
from sagepass.render.forms import FixForm
from sagepass.render.page import DEFAULT_WIDTH, Page, unchanged
from sagepass.render.source_window import policy_name, show_denying, show_near, statement_name
from sagepass.render.verdict import (
    check_code,
    decision_code,
    decision_level,
    verdict_code,
    verdict_level,
)
from sagepass.render.words import check_phrase, effect_style, effect_word

_BRIEF = 3
"""Entries of a list that are shown without ``--verbose``."""
_HANDOFF = "the same command with --handoff, for a note to whoever can make the change"
_LEVEL_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanView:
    """How a page is laid out.

    Attributes:
        width: columns.
        color: with ANSI styles.
        verbose: everything, however long.
        form: the form in which fixes are shown.
        rewrite: applied to every text, to put pseudonyms in the place of names.
    """

    width: int = DEFAULT_WIDTH
    color: bool = False
    verbose: bool = False
    form: FixForm | None = None
    rewrite: Callable[[str], str] = unchanged


def render_human(diagnosis: Diagnosis, view: HumanView) -> str:
    """The whole page."""
    page = Page(width=view.width, rewrite=view.rewrite)
    _verdict(page, verdict_level(diagnosis), verdict_code(diagnosis), diagnosis.headline)
    _list(page, "who", diagnosis.identity, verbose=True)
    _list(page, "note", diagnosis.contradictions, verbose=True, style="yellow")
    _checks(page, diagnosis)
    _causes(page, diagnosis.causes, view)
    if diagnosis.decision is not None:
        _residual(page, diagnosis.decision.residual, view)
    _list(page, "denied next", diagnosis.next_denials, verbose=view.verbose, style="yellow")
    show_fixes(page, diagnosis.fixes, FixView(form=view.form, verbose=view.verbose))
    page.blank()
    _list(page, "evidence", diagnosis.evidence, verbose=view.verbose)
    _list(page, "not checked", diagnosis.limits, verbose=view.verbose)
    if diagnosis.decision is not None:
        _list(page, "assumed", diagnosis.decision.assumptions, verbose=view.verbose)
    _next(page, diagnosis)
    return page.render(color=view.color)


def render_decision(decision: Decision, view: HumanView) -> str:
    """A decision that belongs to no denial: verdict, checks, the statements, what it still depends on."""
    page = Page(width=view.width, rewrite=view.rewrite)
    _verdict(page, decision_level(decision), decision_code(decision), decision_sentence(decision))
    page.blank()
    show_chain(page, decision)
    _causes(page, decision_causes(decision), view)
    _residual(page, decision.residual, view)
    page.blank()
    _list(page, "assumed", decision.assumptions, verbose=view.verbose)
    if decision.effect is not Effect.ALLOW:
        page.line(("next: ", "bold"), f"sagepass explain {decision_code(decision)}")
    return page.render(color=view.color)


def decision_sentence(decision: Decision) -> str:
    """One sentence that makes sense alone."""
    request = decision.request
    told = f"{request.principal} {_may(decision.effect)} {request.action} on {request.resource}"
    if decision.effect is Effect.UNKNOWN and decision.residual:
        return f"{told}: allowed provided that {decision.residual[0].text}"
    by = ", ".join(check_phrase(check) for check in decision.decided_by)
    return f"{told}: decided by {by}" if by else told


def decision_causes(decision: Decision) -> tuple[Cause, ...]:
    """The blocking checks, those that decide first; for an allow, the checks that decided, if a statement did it."""
    if decision.effect is Effect.ALLOW:
        deciding = (check for check in decision.checks if check.type in decision.decided_by)
        return tuple(_cause(check) for check in deciding if check.effect is Effect.ALLOW and check.matched)
    ordered = sorted(decision.blocking, key=lambda check: check.effect is not Effect.EXPLICIT_DENY)
    return tuple(_cause(check) for check in ordered)


def _cause(check: Check) -> Cause:
    statement = check.matched[0] if check.matched else None
    near = check.nearest[0] if check.nearest and check.effect is not Effect.ALLOW else None
    return Cause(check=check, headline=check.reason, statement=statement, near=near)


def _may(effect: Effect) -> str:
    if effect is Effect.ALLOW:
        return "may perform"
    return "may or may not perform" if effect is Effect.UNKNOWN else "may not perform"


def _verdict(page: Page, level: str, code: str, headline: str) -> None:
    page.line((f"{level}[{code}]", _LEVEL_STYLES[level]), ": ", (headline, "bold"), hang=2)


def _checks(page: Page, diagnosis: Diagnosis) -> None:
    if diagnosis.verdict is Verdict.NOT_A_DENIAL:
        return
    page.blank()
    if diagnosis.candidates:
        page.line((candidates_title(diagnosis), "bold"), hang=2)
        for candidate in diagnosis.candidates:
            _candidate(page, candidate)
        page.blank()
    if diagnosis.decision is not None:
        show_chain(page, diagnosis.decision)
        return
    reported = [cause.check for cause in diagnosis.causes if cause.check is not None]
    if reported:
        page.line(("checks", "bold"), " that the message tells of")
        show_checks(page, reported)


def candidates_title(diagnosis: Diagnosis) -> str:
    """Why there are several decisions: what the text leaves open."""
    action = diagnosis.candidates[0].decision.request.action
    if any(
        one.decision.request.principal != diagnosis.candidates[0].decision.request.principal
        for one in diagnosis.candidates
    ):
        what = "who it was"
    else:
        what = "which role" if action == "iam:PassRole" else "which resource"
    return f"the text does not say {what}: one decision for each"


def _candidate(page: Page, candidate: Candidate) -> None:
    effect = candidate.decision.effect
    page.line("if ", candidate.label, ": ", (effect_word(effect), effect_style(effect)), indent=2, hang=2)


def _causes(page: Page, causes: Sequence[Cause], view: HumanView) -> None:
    for index, cause in enumerate(causes):
        if index and not view.verbose:
            _also(page, causes[1:])
            return
        page.blank()
        if index:
            page.line(("also: ", "bold"), cause.headline, hang=2)
        _located(page, cause)
        for note in cause.notes:
            page.line(("  = note: ", "blue"), note, hang=4)


def _located(page: Page, cause: Cause) -> None:
    if cause.statement is not None:
        allows = cause.check is not None and cause.check.effect is Effect.ALLOW
        show_denying(page, cause.statement, label="this allows it" if allows else "this denies the request")
    elif cause.near is not None:
        page.line(("nearest statement that allows something like it:", "bold"))
        show_near(page, cause.near)
    elif cause.check is not None and cause.check.policies:
        page.line(("no statement comes near", "bold"), " in: ", ", ".join(cause.check.policies), hang=2)


def _also(page: Page, causes: Sequence[Cause]) -> None:
    page.blank()
    allowed = all(cause.check is not None and cause.check.effect is Effect.ALLOW for cause in causes)
    page.line(("what else allows it" if allowed else "what else blocks it", "bold"))
    for cause in causes:
        code = f"{check_code(cause.check)}: " if cause.check is not None and not allowed else ""
        page.line(f"{code}{cause.headline}", indent=2, hang=2)
        place = cause.statement or (cause.near.statement if cause.near is not None else None)
        if place is not None:
            page.line(f"in {statement_name(place.statement)} of {policy_name(place.policy)}", indent=4, hang=2)


def _residual(page: Page, residual: Sequence[Residual], view: HumanView) -> None:
    if not residual:
        return
    page.blank()
    page.line(("it still depends on", "bold"), ": allowed provided that")
    for item in residual if view.verbose else residual[: _BRIEF + 1]:
        page.line(f"- {item.text}", indent=2, hang=2)
        if item.missing is not None and item.missing.supply:
            page.command(("supply: ", "cyan"), item.missing.supply, indent=4)
    hidden = len(residual) - _BRIEF - 1
    if hidden > 0 and not view.verbose:
        page.line((f"- and {hidden} more (--verbose)", "dim"), indent=2)


def _list(page: Page, name: str, entries: Sequence[str], *, verbose: bool, style: str = "cyan") -> None:
    shown = entries if verbose else entries[:_BRIEF]
    for entry in shown:
        page.line((f"{name}: ", style), entry, hang=2)
    if len(shown) < len(entries):
        page.line((f"{name}: and {len(entries) - len(shown)} more (--verbose)", "dim"))


def _next(page: Page, diagnosis: Diagnosis) -> None:
    command = diagnosis.next_command or f"sagepass explain {verdict_code(diagnosis)}"
    page.command(("next: ", "bold"), command)
    if any(fix.edits and not fix.optional for fix in diagnosis.fixes):
        page.line(("next: ", "bold"), _HANDOFF, hang=6)
