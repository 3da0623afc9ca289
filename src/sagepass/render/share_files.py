"""A plan as files: every document in the chosen form, and the note to the administrator of each side."""

from __future__ import annotations

import re

from sagepass.jobs.share.plan import Piece, Side
from sagepass.jobs.share.report import ShareReport
from sagepass.render.forms import FixForm, pretty_json
from sagepass.render.share_forms import piece_documents, piece_text
from sagepass.render.share_handoff import share_notes

_ENDINGS = {FixForm.TERRAFORM: "tf", FixForm.CLOUDFORMATION: "template", FixForm.AWSCLI: "sh", FixForm.DIFF: "diff"}
_FOLDERS = {Side.OWNER: "owner", Side.OTHER: "other-side"}


def share_files(report: ShareReport, form: FixForm | None) -> dict[str, str]:
    """Relative path to text, in the order of the plan; a path holds nothing that came from outside but safe characters."""
    files: dict[str, str] = {}
    for number, piece in enumerate(report.plan.pieces, start=1):
        files.update(_files_of(piece, number, form))
    for side, note in share_notes(report, form=form).items():
        files[f"{_FOLDERS[side]}/NOTE.txt"] = note
    return files


def _files_of(piece: Piece, number: int, form: FixForm | None) -> dict[str, str]:
    folder = _FOLDERS[piece.side]
    if form is None or form is FixForm.JSON:
        return {
            f"{folder}/{number:02d}-{_safe(name)}.json": pretty_json(document) + "\n"
            for name, document in piece_documents(piece)
        }
    return {f"{folder}/{number:02d}-{_safe(piece.name)}.{_ENDINGS[form]}": piece_text(piece, form) + "\n"}


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:80]
