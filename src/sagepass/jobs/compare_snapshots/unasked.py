"""What differs between two snapshots and was not asked about: nobody shall take "nothing gained" for more than it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sagepass.jobs.compare_snapshots.work import Work
from sagepass.proof.actions import action_mask, actions_in

_RESOURCES, _SERVICES = 3, 6
"""How many a sentence names."""


def unasked(work: Work) -> Iterator[str]:
    """A sentence on other actions, and one on other resources, that policies which differ are about."""
    services = _services(work)
    if services:
        yield _of_services(services)
    resources = work.unasked_resources
    if resources:
        more = f" and {len(resources) - _RESOURCES} more" if len(resources) > _RESOURCES else ""
        named = ", ".join(resources[:_RESOURCES])
        yield f"the actions that are about {named}{more}: something differs there, and none was asked about"


def _services(work: Work) -> tuple[str, ...]:
    mask = 0
    for statement in work.differing_statements:
        named = action_mask([element.value for element in statement.actions])
        mask |= ~named & action_mask(["*"]) if statement.not_action else named
    beyond = actions_in(mask & ~action_mask(work.actions))
    return tuple(sorted({action.partition(":")[0] for action in beyond}))


def _of_services(services: Sequence[str]) -> str:
    if len(services) > _SERVICES:
        return (
            f"other actions of {len(services)} services, which policies that differ name; --actions compares them, for "
            "example --actions 's3:*,kms:*,iam:*'"
        )
    patterns = ",".join(f"{service}:*" for service in services)
    return (
        f"other actions of {', '.join(services)}, which policies that differ name; --actions '{patterns}' compares them"
    )
