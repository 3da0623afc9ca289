# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""A word on standard error about an action: AWS's tables do not list it, it takes no resource, or none of this form."""

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


def note_resource_of_no_type(action: str, resource: str) -> None:
    """Say that the action is about other resources than the one that the question names, as after a slip in an ARN.

    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    from sagepass.catalog.actions import find_action
    from sagepass.catalog.resources import resource_types_of
    from sagepass.jobs.requests_that_fit import fits

    known = find_action(action)
    if known is None or not known.resource_types or fits(action, resource):
        return
    forms = [template for kind in resource_types_of(action) for template in kind.arn_templates]
    more = f" and {len(forms) - 1} more" if len(forms) > 1 else ""
    note(f"{action} is asked of other resources than {resource}; their ARNs look like {forms[0]}{more}")
