"""The further reads that a console page makes beside the action, as a fix of their own that nobody needs for the API.

Source: :func:`sagepass.catalog.services.console_companions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sagepass.catalog.actions import takes_no_resource
from sagepass.catalog.services import console_companions
from sagepass.engine.request import Request
from sagepass.policy.arn import parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.repair.after import after_change
from sagepass.repair.fix import Applicability, Edit, Fix
from sagepass.repair.option import name_of
from sagepass.repair.policy_text import new_document, with_statement
from sagepass.repair.verify import Authorize, apply, merged
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.edit import EditError

_INLINE = frozenset({PolicyForm.INLINE_USER, PolicyForm.INLINE_ROLE})


def companion_fix(request: Request, snapshot: Snapshot, fixes: Sequence[Fix], authorize: Authorize) -> Fix | None:
    """An optional fix beside the first edit of the caller's own policy; ``None`` if the page needs nothing more."""
    home = next((edit for fix in fixes for edit in fix.edits if _is_own(edit)), None)
    asked = [
        replace(request, action=action, resource=resource, resource_account=None)
        for action in console_companions(request.action)
        if (resource := _resource(action, request)) is not None
    ]
    wanted = [item for item in asked if authorize(item, snapshot).effect is not Effect.ALLOW]
    if home is None or not wanted:
        return None
    edit = _with_reads(home, wanted)
    applied = apply(merged([home, edit]), request, snapshot, authorize) if edit else None
    if edit is None or applied is None:
        return None
    still = [item for item in wanted if authorize(item, applied.snapshot).blocking]
    reads = ", ".join(f"{item.action} on {item.resource}" for item in wanted)
    who = name_of(request.principal)
    return Fix(
        title=f"for the console page, also allow {who} the reads that it makes",
        edits=(edit,),
        applicability=Applicability.LIKELY,
        grants=(f"{who} may call {reads}",),
        grants_data=tuple((edit.change.holder, item.action, item.resource, "") for item in wanted),
        not_checked=tuple(f"another policy still denies {item.action}" for item in still),
        after=after_change((edit,)),
        optional=True,
    )


def _is_own(edit: Edit) -> bool:
    return (
        edit.policy_type is PolicyType.IDENTITY_BASED_POLICY and edit.change.form in _INLINE and edit.after is not None
    )


def _with_reads(home: Edit, wanted: Sequence[Request]) -> Edit | None:
    """The fix's own policy with the reads added to it."""
    by_resource: dict[str, list[str]] = {}
    for item in wanted:
        by_resource.setdefault(item.resource, []).append(item.action)
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": resource} for resource, actions in by_resource.items()
    ]
    try:
        after = with_statement(home.after, *statements) if isinstance(home.after, dict) else new_document(*statements)
    except EditError:
        return None
    statement = statements[0] if len(statements) == 1 else statements
    return replace(
        home, change=replace(home.change, document=after), before=home.after, after=after, statement=statement
    )


def _resource(action: str, request: Request) -> str | None:
    """What a companion is called on: everything, the resource itself, or the log group of SageMaker's jobs."""
    if takes_no_resource(action):
        return "*"
    if not action.startswith("logs:"):
        return request.resource if action.startswith("sagemaker:") else "*"
    parts = parse_arn(request.resource)
    if parts is None:
        return None
    return f"arn:{parts.partition}:logs:{parts.region}:{parts.account}:log-group:/aws/sagemaker/*"
