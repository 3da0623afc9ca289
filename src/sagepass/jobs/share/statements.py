"""Statements for identity-based policies: grants put together by ARN."""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.catalog.actions import takes_no_resource
from sagepass.jobs.share.plan import Statement
from sagepass.jobs.share.subject import Grant


def identity_statements(grants: Iterable[Grant]) -> list[Statement]:
    """One statement for each ARN; an action that takes no resource stands on ``*``."""
    spread = (
        Grant(action=grant.action, resource="*" if takes_no_resource(grant.action) else grant.resource)
        for grant in grants
    )
    statements: dict[tuple[str, ...], list[str]] = {}
    for resource, actions in by_resource(spread).items():
        statements.setdefault(actions, []).append(resource)
    return [
        {"Effect": "Allow", "Action": one_or_list(actions), "Resource": one_or_list(tuple(resources))}
        for actions, resources in statements.items()
    ]


def by_resource(grants: Iterable[Grant]) -> dict[str, tuple[str, ...]]:
    """The actions on each ARN, each once."""
    found: dict[str, dict[str, None]] = {}
    for grant in grants:
        found.setdefault(grant.resource, {})[grant.action] = None
    return {resource: tuple(actions) for resource, actions in found.items()}


def one_or_list(values: tuple[str, ...]) -> str | list[str]:
    """As policies are written: a single value stands without a list."""
    return values[0] if len(values) == 1 else list(values)
