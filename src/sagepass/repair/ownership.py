"""Changes by hand that somebody's code will undo.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.repair.fix import Edit
from sagepass.repair.option import name_of
from sagepass.snapshot.snapshot import Snapshot

_STACK = "aws:cloudformation:stack-name"
_TERRAFORM = ("terraform", "opentofu")


def ownership_warnings(edits: Iterable[Edit], snapshot: Snapshot) -> tuple[str, ...]:
    """One warning for each changed thing whose tags say that a stack or Terraform code owns it."""
    found: dict[str, None] = {}
    for edit in edits:
        if not edit.change.holder.startswith("arn:"):
            continue
        tags = snapshot.resource_tags(edit.change.holder) or ()
        owner = _owner(tags)
        if owner:
            found[
                f"{name_of(edit.change.holder)} is made by {owner}: a change by hand is lost when that runs again"
            ] = None
    return tuple(found)


def _owner(tags: Iterable[tuple[str, str]]) -> str | None:
    for key, value in tags:
        if key == _STACK:
            return f"the CloudFormation stack {value}"
        for tool in _TERRAFORM:
            if tool in key.lower() or tool in value.lower():
                return f"{tool.capitalize()} code (tag {key}={value})"
    return None
