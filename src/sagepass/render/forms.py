# ruff: noqa: PLC0415 - a form is imported only when it is asked for
"""The forms in which a fix can be shown, and the way from an edit to its text in one of them."""

from __future__ import annotations

import json
from difflib import unified_diff
from enum import StrEnum
from typing import assert_never

from sagepass.repair.fix import Edit


class FixForm(StrEnum):
    """A form to copy a fix in."""

    JSON = "json"
    TERRAFORM = "terraform"
    CLOUDFORMATION = "cloudformation"
    AWSCLI = "awscli"
    DIFF = "diff"


def edit_text(edit: Edit, form: FixForm | None = None) -> str:
    """An edit in the chosen form; by default a diff of a policy that exists, the statement of one that does not."""
    if form is None and edit.before is None:
        return pretty_json(edit.after if edit.statement is None else edit.statement)
    form = form or FixForm.DIFF
    match form:
        case FixForm.JSON:
            return pretty_json(edit.after)
        case FixForm.DIFF:
            return document_diff(edit)
        case FixForm.TERRAFORM:
            from sagepass.render.terraform import edit_to_terraform

            return edit_to_terraform(edit)
        case FixForm.CLOUDFORMATION:
            from sagepass.render.cloudformation import edit_to_cloudformation

            return edit_to_cloudformation(edit)
        case FixForm.AWSCLI:
            from sagepass.render.awscli import edit_to_awscli

            return edit_to_awscli(edit)
    assert_never(form)


def note_text(edit: Edit, form: FixForm | None = None) -> str:
    """An edit as a note to somebody else shows it: a new policy whole, since a lone statement cannot be saved."""
    return edit_text(edit, FixForm.JSON if form is None and edit.before is None else form)


def document_diff(edit: Edit) -> str:
    """The change of the document as a unified diff, both sides laid out in the same way."""
    before = [] if edit.before is None else pretty_json(edit.before).splitlines()
    after = [] if edit.change.document is None else pretty_json(edit.after).splitlines()
    name = edit.change.name
    lines = unified_diff(before, after, fromfile=f"a/{name}", tofile=f"b/{name}", lineterm="", n=2)
    return "\n".join(lines)


def pretty_json(value: object) -> str:
    """JSON as people write policies, indented by two spaces."""
    return json.dumps(value, indent=2, ensure_ascii=False)
