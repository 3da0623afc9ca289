"""A note for each administrator who has to act: whom it lets in, what to put in place, and how it was checked."""

from __future__ import annotations

from sagepass.jobs.share.plan import Piece, Side
from sagepass.jobs.share.report import ShareReport
from sagepass.jobs.share.trials import blocked_reasons
from sagepass.render.forms import FixForm, note_text
from sagepass.render.share import condition_lines, evidence_words, share_headline
from sagepass.render.share_forms import piece_text
from sagepass.repair.fix import Edit
from sagepass.source.terminal import printable

_RULE = "-" * 72


def share_notes(report: ShareReport, *, form: FixForm | None = None) -> dict[Side, str]:
    """One note for each side that has something to make."""
    found: dict[Side, list[Piece]] = {}
    for piece in report.plan.pieces:
        found.setdefault(piece.side, []).append(piece)
    return {side: printable(_note(report, side, pieces, form)) for side, pieces in found.items()}


def render_share_handoff(report: ShareReport, *, form: FixForm | None = None) -> str:
    """All notes, one after the other."""
    return f"\n{_RULE}\n\n".join(share_notes(report, form=form).values())


def _note(report: ShareReport, side: Side, pieces: list[Piece], form: FixForm | None) -> str:
    plan = report.plan
    account = next((piece.account for piece in pieces if piece.account), None)
    lines = [
        f"To: an administrator of {f'account {account}' if account else 'each account that is to use it'}",
        f"Subject: access of {plan.party.words} to {plan.subject.words}",
        "",
        "What it is about",
        f"  resource: {plan.subject.text}",
        f"  who: {plan.party.words}",
        f"  actions: {', '.join(plan.actions)}",
        f"  how: {report.choice[0]}",
    ]
    for piece in pieces:
        lines += ["", f"Please make: {piece.title}", f"  ({piece.why})", ""]
        lines += [f"    {line}" for line in _text(piece, form).splitlines()]
        lines += [f"  warning: {warning}" for warning in piece.warnings]
    checked = [share_headline(report), evidence_words(report), *condition_lines(report)]
    lines += _section("How it was checked", checked)
    lines += _section("What still blocks it", list(blocked_reasons(report.trial.blocked)))
    lines += _section("It depends on", list(report.depends_on))
    lines += _section("Please note", [*report.notes, *report.costs])
    other = Side.OTHER if side is Side.OWNER else Side.OWNER
    if any(piece.side is other for piece in plan.pieces):
        lines += _section("Others who have to act as well", [f"an administrator on {other}"])
    return "\n".join(lines) + "\n"


def _text(piece: Piece, form: FixForm | None) -> str:
    return note_text(piece.content, form) if isinstance(piece.content, Edit) else piece_text(piece, form)


def _section(title: str, entries: list[str]) -> list[str]:
    return ["", title, *(f"  - {entry}" for entry in entries)] if entries else []
