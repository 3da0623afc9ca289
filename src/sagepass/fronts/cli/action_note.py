# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""A word on standard error about an action: AWS's tables do not list it, or it takes no resource."""

from __future__ import annotations

from sagepass.fronts.cli.output import note


def note_unknown_action(action: str) -> None:
    """Say that nobody has heard of the action, and which one may be meant; nothing of an action that is known."""
    from sagepass.catalog.actions import find_action, nearest_actions
    from sagepass.catalog.dates import catalog_date

    if find_action(action) is not None or set(action) & set("*?"):
        return
    near = nearest_actions(action, 1)
    hint = f"did you mean {near[0]}?" if near else "check its spelling in the Service Authorization Reference"
    note(f"{action} is not among AWS's actions in the catalog of {catalog_date()}; {hint}")


def note_action_without_resource(action: str, resource: str) -> None:
    """Say that the action takes no resource, where the question names one.

    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    from sagepass.catalog.actions import takes_no_resource

    if resource != "*" and takes_no_resource(action):
        note(f"{action} takes no resource: a statement allows it on * alone")
