"""A fix on the page: the title with its applicability, where, who, the change, and what to know about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sagepass.render.forms import FixForm, edit_text
from sagepass.render.page import Page
from sagepass.repair.fix import Applicability, Edit, Fix

_BRIEF_LINES = 14
"""Lines of a change that are shown without ``--verbose``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixView:
    """How much of the fixes is shown."""

    form: FixForm | None = None
    verbose: bool = False


def show_fixes(page: Page, fixes: Sequence[Fix], view: FixView) -> None:
    """All fixes, numbered: the first, and the first that changes a policy, in full; the others in short unless ``verbose``."""
    first_change = next((fix for fix in fixes if fix.edits), None)
    for number, fix in enumerate(fixes, start=1):
        page.blank()
        full = view.verbose or number == 1 or fix is first_change or (view.form is not None and bool(fix.edits))
        _title(page, number, fix)
        if full:
            _body(page, fix, view)
        else:
            for edit in fix.edits[:1]:
                page.line(f"in {edit.where}; by {_who(edit)}", indent=4, hang=2)
            for step in fix.steps[:1]:
                page.line(step, indent=4, hang=2)
            for warning in fix.warnings:
                _item(page, "warning", warning, "yellow")
    if len(fixes) > 1 and not view.verbose:
        page.line(("(--verbose shows every fix in full)", "dim"), indent=4)


def show_fix(page: Page, fix: Fix, view: FixView) -> None:
    """One fix in full, under a heading that stands already."""
    _body(page, fix, view)


def applicability_words(fix: Fix) -> str:
    """How far the fix can be relied on, in words."""
    match fix.applicability:
        case Applicability.PROVEN:
            return "proven: allows the request, and lets nothing else through, whatever all other policies say"
        case Applicability.LIKELY:
            far = " as far as the supplied policies tell" if fix.not_checked else ""
            minimal = "; without any one edit it is denied again" if fix.minimal else ""
            return f"re-evaluated: allows the request{far}{minimal}"
        case Applicability.PLACEHOLDERS:
            return "fill in the parts in <>"
        case Applicability.DISPLAY_ONLY:
            return "not at all: this is what the message suggests"
    raise AssertionError(fix.applicability)


def _title(page: Page, number: int, fix: Fix) -> None:
    kind = "optional" if fix.optional else "fix"
    page.line((f"{kind} {number}", "bold green"), f" [{fix.applicability}]: ", (fix.title, "bold"), hang=4)


def _body(page: Page, fix: Fix, view: FixView) -> None:
    for edit in fix.edits:
        page.line(("where: ", "cyan"), edit.where, indent=4, hang=7)
        page.line(("who:   ", "cyan"), _who(edit), indent=4, hang=7)
        _change(page, edit, view)
    for index, step in enumerate(fix.steps, start=1):
        page.line(f"{index}. {step}" if len(fix.steps) > 1 else step, indent=4, hang=3)
    for grant in fix.grants:
        _item(page, "grants", grant, "cyan")
    _item(page, "checked", _checked(fix), "cyan")
    _item(page, "not proven", _not_proven(fix), "yellow")
    for gap in fix.not_checked:
        _item(page, "not checked", gap, "yellow")
    for warning in fix.warnings:
        _item(page, "warning", warning, "yellow")
    for after in fix.after:
        _item(page, "then", after, "cyan")


def _checked(fix: Fix) -> str:
    return "" if fix.applicability is Applicability.DISPLAY_ONLY else applicability_words(fix)


def _not_proven(fix: Fix) -> str:
    return fix.proof.reason if fix.proof is not None else ""


def _change(page: Page, edit: Edit, view: FixView) -> None:
    lines = edit_text(edit, view.form).splitlines()
    cut = not view.verbose and view.form is None and len(lines) > _BRIEF_LINES
    shown = lines[: _BRIEF_LINES - 1] if cut else lines
    for line in shown:
        style = {"+": "green", "-": "red"}.get(line[:1], "") if _is_diff(edit, view) else ""
        page.code((line, style), indent=6)
    if cut:
        page.code((f"... {len(lines) - len(shown)} more lines (--verbose or --show json)", "dim"), indent=6)


def _is_diff(edit: Edit, view: FixView) -> bool:
    return view.form is FixForm.DIFF or (view.form is None and edit.before is not None)


def _who(edit: Edit) -> str:
    return f"{edit.owner} ({edit.account})" if edit.account else str(edit.owner)


def _item(page: Page, name: str, text: str, style: str) -> None:
    if text:
        page.line((f"{name}: ", style), text, indent=4, hang=2)
