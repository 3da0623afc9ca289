"""A plan for people, top to bottom: verdict, way, who gets in, who stays out, conditions, documents, what is open, next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from sagepass.jobs.share.attempt import Step
from sagepass.jobs.share.plan import Piece
from sagepass.jobs.share.report import ShareReport, ShareVerdict, StrangerTrial
from sagepass.jobs.share.trials import blocked_reasons
from sagepass.policy.kinds import Effect
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.render.share_forms import piece_text
from sagepass.render.share_proof import failure_sentence, render_proofs
from sagepass.render.words import effect_style, effect_word

_BRIEF_LINES = 16
"""Lines of a document that are shown without ``--verbose``."""
_BRIEF = 4
_EFFECT_COLUMN = 15
_LEVELS = {
    ShareVerdict.READY: ("note", "bold cyan"),
    ShareVerdict.CONDITIONAL: ("warning", "bold yellow"),
    ShareVerdict.BLOCKED: ("error", "bold red"),
    ShareVerdict.TOO_OPEN: ("error", "bold red"),
}


def render_share(report: ShareReport, view: HumanView) -> str:
    """The whole page."""
    page = Page(width=view.width, rewrite=view.rewrite)
    level, style = _LEVELS[report.verdict]
    page.line((f"{level}[{report.verdict}]", style), ": ", (share_headline(report), "bold"), hang=2)
    for sentence in report.choice:
        page.line(("how: ", "cyan"), sentence, hang=5)
    for cost in report.costs:
        page.line(("cost: ", "cyan"), cost, hang=6)
    _gets_in(page, report, view)
    _stays_out(page, report.strangers, view)
    _conditions(page, report)
    render_proofs(page, report.proofs)
    _listed(page, "what still blocks it, and has to change first", blocked_reasons(report.trial.blocked), view)
    _listed(page, "it depends on", report.depends_on, view)
    for command in report.supplies if view.verbose else report.supplies[:_BRIEF]:
        page.command(("supply: ", "cyan"), command, indent=4)
    for number, piece in enumerate(report.plan.pieces, start=1):
        _piece(page, number, piece, view)
    if len(report.plan.pieces) > 1 and not view.verbose and view.form is None:
        page.line(("(--show json shows every document, --out DIR writes them)", "dim"), indent=4)
    page.blank()
    _items(page, "note", report.notes, "cyan")
    _items(page, "taken out", report.decoration, "yellow")
    _items(page, "evidence", (evidence_words(report),), "cyan")
    _items(page, "not checked", report.not_checked, "cyan")
    page.command(("next: ", "bold"), report.next_command)
    return page.render(color=view.color)


def share_headline(report: ShareReport) -> str:
    """One sentence that makes sense alone."""
    who, what = report.plan.party.words, report.plan.subject.words
    match report.verdict:
        case ShareVerdict.READY:
            count = len(report.trial.strangers)
            return f"with this plan {who} can use {what}, and all {count} strangers who tried were kept out"
        case ShareVerdict.CONDITIONAL:
            return f"with this plan {who} can use {what}, and {_kept_out(report.strangers)}"
        case ShareVerdict.BLOCKED:
            return f"even with this plan {who} cannot use {what}: {blocked_reasons(report.trial.blocked)[0]}"
        case ShareVerdict.TOO_OPEN if not report.trial.too_open:
            return failure_sentence(report.proofs)
        case ShareVerdict.TOO_OPEN:
            first = report.trial.too_open[0]
            step = next(step for step in first.steps if step.let_in_by_owner)
            return f"{first.label} gets in as well: {step.opened_by} allows {step.request.action} on {step.request.resource}"
    assert_never(report.verdict)


def _kept_out(strangers: Sequence[StrangerTrial]) -> str:
    count, left = len(strangers), sum(not trial.kept_out for trial in strangers)
    if not left:
        return f"the {count} strangers who tried are kept out, as far as what was supplied tells"
    if left == count:
        return f"what was supplied does not settle whether the {count} strangers who tried are kept out"
    return f"{count - left} of the {count} strangers who tried are kept out; of the others what was supplied does not settle it"


def evidence_words(report: ShareReport) -> str:
    """What the trials were made with."""
    alone = "computed with nothing but the plan's own documents"
    return (
        alone
        if report.saved is None
        else f"{alone}, and again in a copy of the saved accounts with the plan carried out"
    )


def _gets_in(page: Page, report: ShareReport, view: HumanView) -> None:
    page.blank()
    page.line(("who gets in", "bold"), f": {report.plan.party.words}")
    steps = report.trial.own
    shown = steps if view.verbose else steps[:6]
    for step in shown:
        detail = f"{step.request.action} on {step.request.resource}"
        if step.decision.effect is not Effect.ALLOW:
            detail += f": {step.reason}"
        _row(page, step.decision.effect, detail)
    if len(shown) < len(steps):
        page.line((f"and {len(steps) - len(shown)} more (--verbose)", "dim"), indent=2)


def _row(page: Page, effect: Effect, detail: str) -> None:
    page.line((effect_word(effect).ljust(_EFFECT_COLUMN), effect_style(effect)), detail, indent=2, hang=_EFFECT_COLUMN)


def _stays_out(page: Page, strangers: Sequence[StrangerTrial], view: HumanView) -> None:
    _attempts(page, "who stays out", [trial for trial in strangers if trial.kept_out], view)
    _attempts(page, "who gets in as well", [trial for trial in strangers if trial.let_in], view)
    still_open = [trial for trial in strangers if not trial.kept_out and not trial.let_in]
    _attempts(page, "who may get in: what was supplied does not settle it", still_open, view)


def _attempts(page: Page, title: str, strangers: Sequence[StrangerTrial], view: HumanView) -> None:
    if not strangers:
        return
    page.blank()
    page.line((title, "bold"))
    for trial in strangers:
        steps = trial.steps if view.verbose else [step for step in (trial.telling,) if step is not None]
        for step in steps:
            _row(page, step.decision.effect, f"{trial.label}: {_why(step)}")


def _why(step: Step) -> str:
    return f"{step.opened_by} allows {step.request.action}" if step.let_in_by_owner else step.reason


def _conditions(page: Page, report: ShareReport) -> None:
    if not report.conditions:
        return
    page.blank()
    page.line(("each condition was left out in turn", "bold"))
    for line in condition_lines(report):
        page.line(line, indent=2, hang=2)


def condition_lines(report: ShareReport) -> tuple[str, ...]:
    """One sentence for each condition, with the documents that hold it."""
    found: dict[tuple[str, str, tuple[str, ...]], dict[str, None]] = {}
    for trial in report.conditions:
        found.setdefault((trial.operator, trial.key, trial.lets_in), {})[trial.piece] = None
    return tuple(
        f"without {operator} {key} in {', '.join(pieces)}: {_in_words(lets_in)}"
        for (operator, key, lets_in), pieces in found.items()
    )


def _in_words(labels: Sequence[str]) -> str:
    if len(labels) == 1:
        return f"{labels[0]} gets in"
    return f"{', '.join(labels[:-1])} and {labels[-1]} get in"


def _listed(page: Page, title: str, entries: Sequence[str], view: HumanView) -> None:
    if not entries:
        return
    page.blank()
    page.line((title, "bold"))
    shown = entries if view.verbose else entries[:_BRIEF]
    for entry in shown:
        page.line(f"- {entry}", indent=2, hang=2)
    if len(shown) < len(entries):
        page.line((f"- and {len(entries) - len(shown)} more (--verbose)", "dim"), indent=2)


def _piece(page: Page, number: int, piece: Piece, view: HumanView) -> None:
    page.blank()
    page.line((f"document {number}", "bold green"), ": ", (piece.title, "bold"), hang=4)
    account = f" (account {piece.account})" if piece.account else ""
    page.line(("where: ", "cyan"), f"{piece.side}{account}", indent=4, hang=7)
    page.line(("why:   ", "cyan"), piece.why, indent=4, hang=7)
    brief = not view.verbose and view.form is None
    lines = [] if brief and number > 1 else piece_text(piece, view.form).splitlines()
    cut = brief and len(lines) > _BRIEF_LINES
    shown = lines[: _BRIEF_LINES - 1] if cut else lines
    for line in shown:
        page.code(line, indent=6)
    if cut:
        page.code((f"... {len(lines) - len(shown)} more lines (--show json, --verbose or --out DIR)", "dim"), indent=6)
    for warning in piece.warnings:
        page.line(("warning: ", "yellow"), warning, indent=4, hang=9)


def _items(page: Page, name: str, entries: Iterable[str], style: str) -> None:
    for entry in entries:
        page.line((f"{name}: ", style), entry, hang=2)
