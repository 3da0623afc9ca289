"""A note for each administrator who has to act: plain text that can be pasted into a ticket."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sagepass.denial import message_of
from sagepass.denial.record import Denial
from sagepass.jobs.diagnosis import Diagnosis
from sagepass.render.fix_text import applicability_words
from sagepass.render.forms import FixForm, note_text
from sagepass.repair.fix import Edit, Fix
from sagepass.source.terminal import printable

_RULE = "-" * 72


def render_handoff(diagnosis: Diagnosis, *, form: FixForm | None = None) -> str:
    """One note per owner of the first fix that changes a policy; without one, what can be said instead."""
    fix = next((fix for fix in diagnosis.fixes if fix.edits and not fix.optional), None)
    if fix is None:
        return _safe("\n".join(_nothing_to_hand_over(diagnosis)) + "\n")
    groups = _by_owner(fix)
    notes = [_note(diagnosis, fix, who=who, groups=groups, form=form) for who in groups]
    return _safe(f"\n{_RULE}\n\n".join(notes))


def _by_owner(fix: Fix) -> dict[str, list[Edit]]:
    groups: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        who = f"{edit.owner} {edit.account}" if edit.account else str(edit.owner)
        groups.setdefault(who, []).append(edit)
    return groups


def _note(
    diagnosis: Diagnosis, fix: Fix, *, who: str, groups: Mapping[str, Sequence[Edit]], form: FixForm | None
) -> str:
    edits = groups[who]
    lines = [f"To: {who}", f"Subject: {fix.title}", "", "Who was denied what", *_denied(diagnosis.denial), "", "Why"]
    lines += [f"  {diagnosis.headline}"]
    own = {edit.check for edit in edits}
    lines += [
        f"  {cause.headline}"
        for cause in diagnosis.causes
        if cause.check is not None and cause.check.type in own and cause.headline != diagnosis.headline
    ]
    for edit in edits:
        lines += ["", f"Please change: {edit.where}", ""]
        lines += [f"    {line}" for line in note_text(edit, form).splitlines()]
    lines += _section("What this grants", fix.grants)
    lines += _section("How it was checked", (applicability_words(fix),))
    lines += _section("Not checked", fix.not_checked)
    lines += _section("Please note", fix.warnings)
    lines += _section("Afterwards", fix.after)
    others = [other for other in groups if other != who]
    lines += _section("Others who have to act as well", others)
    lines += _how_to_check(diagnosis.denial)
    return "\n".join(lines) + "\n"


def _denied(denial: Denial) -> list[str]:
    found = [
        ("caller", denial.principal),
        ("action", denial.action or denial.action_inferred),
        ("resource", denial.resource),
        ("API called", denial.operation),
        ("Region", denial.region),
    ]
    return [f"  {name}: {value}" for name, value in found if value]


def _how_to_check(denial: Denial) -> list[str]:
    """The commands that decide it again from the policies of whoever got the note; nothing secret of the message is in them."""
    message = message_of(replace(denial, authorization_id=None, encoded_message=None))
    if message is None or denial.principal is None:
        return []
    return [
        "",
        "To check it against your policies (offline; nothing is changed)",
        "    aws iam get-account-authorization-details --output json > account.json",
        f"    sagepass why {shlex.quote(message)} --snapshot account.json",
    ]


def _section(title: str, entries: tuple[str, ...] | list[str]) -> list[str]:
    return ["", title, *(f"  - {entry}" for entry in entries)] if entries else []


def _nothing_to_hand_over(diagnosis: Diagnosis) -> list[str]:
    lines = ["There is no change of a policy to ask for.", "", diagnosis.headline]
    for fix in diagnosis.fixes:
        lines += ["", fix.title, *(f"  - {step}" for step in fix.steps)]
    if diagnosis.next_command:
        lines += ["", f"Next: {diagnosis.next_command}"]
    return lines


def _safe(text: str) -> str:
    return printable(text)
