"""The calls that a change in a Terraform plan brings beside its own: tags by themselves, and stopping what must be stopped.

Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateNotebookInstance.html and
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteNotebookInstance.html (an instance is stopped before it is
changed or removed)
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.calls.read.record import ReadCall
from sagepass.calls.read.terraform_change import Change, Plan, region_of
from sagepass.calls.read.terraform_resources import tag_list
from sagepass.calls.request_paths import is_open, not_known
from sagepass.source.route import Route

_STOPPED = frozenset({"NotebookInstance"})
"""What has to be stopped before it is changed or removed."""


def tag_calls(plan: Plan, change: Change) -> list[ReadCall]:
    """``AddTags`` for what is new or different, ``DeleteTags`` for what is gone."""
    before, wanted = _tags(change.before), change.after.get("tags_all")
    after = _tags(change.after)
    added = wanted if is_open(wanted) else {key: one for key, one in after.items() if before.get(key) != one}
    removed = [] if is_open(wanted) else [key for key in before if key not in after]
    arn = change.before.get("arn") or not_known(f"{change.address}.arn")
    place: Route = (*change.route, "after", "tags_all")
    old: Route = (*change.route, "before")
    places: dict[Route, Route] = {("ResourceArn",): (*old, "arn"), ("Tags",): place, ("TagKeys",): (*old, "tags_all")}
    calls = []
    if added:
        params: dict[str, object] = {"ResourceArn": arn, "Tags": tag_list(added)}
        calls.append(_call(plan, change, "AddTags", params, places))
    if removed:
        calls.append(_call(plan, change, "DeleteTags", {"ResourceArn": arn, "TagKeys": removed}, places))
    return calls


def stops_before(plan: Plan, change: Change) -> list[ReadCall]:
    """The call that stops the resource, if the change needs that."""
    return [] if change.verb == "create" else _by_name(plan, change, "Stop")


def starts_after(plan: Plan, change: Change) -> list[ReadCall]:
    """The call that starts it again after an update."""
    return _by_name(plan, change, "Start")


def _by_name(plan: Plan, change: Change, verb: str) -> list[ReadCall]:
    if change.kind.thing not in _STOPPED:
        return []
    name = change.before.get("name") or not_known(f"{change.address}.name")
    member = f"{change.kind.thing}Name"
    places: dict[Route, Route] = {(member,): (*change.route, "before", "name")}
    return [_call(plan, change, f"{verb}{change.kind.thing}", {member: name}, places)]


def _call(
    plan: Plan, change: Change, operation: str, params: dict[str, object], places: Mapping[Route, Route]
) -> ReadCall:
    return ReadCall(
        call=plan.setting.call(operation, params, service="sagemaker", region=region_of(plan, change)),
        label=f"{change.label}: {operation}",
        origin=plan.document.origin,
        route=change.route,
        places=places,
    )


def _tags(values: Mapping[str, object]) -> Mapping[str, object]:
    tags = values.get("tags_all")
    return tags if isinstance(tags, Mapping) and not is_open(tags) else {}
