"""Which actions can be asked of which resources: most combinations of the two are requests that do not exist.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(column "Resource types"; an action without a required type can also be asked of ``*``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from sagepass.catalog.actions import find_action
from sagepass.catalog.resources import ResourceType, arn_matches_type, resource_types_of
from sagepass.policy.glob import overlaps, read_pattern

_PLACE = re.compile(r"\$\{[^}]*\}")


def pairs_that_fit(actions: Iterable[str], resources: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The combinations that are requests, by action and resource in the given order."""
    resources = tuple(resources)
    return tuple((action, resource) for action in actions for resource in resources if fits(action, resource))


@lru_cache(maxsize=300_000)
def fits(action: str, resource: str) -> bool:
    """Whether an action can be asked of a resource, or of some of those that a pattern stands for.

    An action that the catalog does not have may take any resource.
    """
    known = find_action(action)
    if known is None:
        return True
    if resource == "*":
        return not any(use.required for use in known.resource_types)
    if not may_take(action, resource.split(":", 3)[2] if resource.count(":") > 2 else "*"):
        return False
    return any(_is_of(resource, kind) for kind in resource_types_of(action))


def may_take(action: str, service: str) -> bool:
    """Whether an action can take resources in whose ARNs a service stands; true for a pattern of services."""
    return find_action(action) is None or bool(set(service) & set("*?")) or service in _arn_services(action)


@lru_cache(maxsize=10_000)
def _arn_services(action: str) -> frozenset[str]:
    """The services that stand in the ARNs of an action's resources; empty for an action without any or an unknown one."""
    templates = (template for kind in resource_types_of(action) for template in kind.arn_templates)
    return frozenset(template.split(":")[2] for template in templates if template.count(":") > 1)


@lru_cache(maxsize=100_000)
def _is_of(resource: str, kind: ResourceType) -> bool:
    if "*" not in resource and "?" not in resource:
        return arn_matches_type(resource, kind)
    return any(_overlap(_PLACE.sub("*", template), resource) for template in kind.arn_templates)


def _overlap(template: str, resource: str) -> bool:
    """Whether a pattern can stand for ARNs of a form, field by field: a ``*`` of one field does not reach into the next."""
    forms, asked = template.split(":", 5), resource.split(":", 5)
    if len(asked) < len(forms):
        return overlaps(read_pattern(template), read_pattern(resource))
    return all(overlaps(read_pattern(one), read_pattern(other)) for one, other in zip(forms, asked, strict=True))
