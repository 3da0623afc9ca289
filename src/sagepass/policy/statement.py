"""One statement of a policy, as it was written, each part with its route.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.policy.conditions.operator import Operator
from sagepass.source.finding import Finding
from sagepass.source.route import Route


class StatementEffect(StrEnum):
    """The Effect element."""

    ALLOW = "Allow"
    DENY = "Deny"


class PrincipalForm(StrEnum):
    """The key under which a principal stands in a Principal element."""

    ANYONE = "*"
    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"


@dataclass(frozen=True, slots=True)
class Element:
    """One string of a list-or-string element (an action, a resource, a condition value), with its route."""

    value: str
    route: Route


@dataclass(frozen=True, slots=True)
class PrincipalEntry:
    """One principal of a Principal or NotPrincipal element."""

    form: PrincipalForm
    value: str
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One key of one condition operator with its values: ``{"StringEquals": {"aws:username": ["a", "b"]}}``."""

    operator: Operator
    key: str
    values: tuple[Element, ...]
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement.

    ``resources`` is ``None`` where the policy kind has no Resource element (a trust policy). ``principals`` is ``None``
    where there is no Principal element. ``defects`` are the errors that make the statement's meaning uncertain: AWS
    would refuse to save it, so the engine never relies on it and answers ``UNKNOWN`` where it could matter.
    """

    index: int
    route: Route
    sid: str | None
    effect: StatementEffect
    actions: tuple[Element, ...]
    not_action: bool = False
    resources: tuple[Element, ...] | None
    not_resource: bool = False
    principals: tuple[PrincipalEntry, ...] | None = None
    not_principal: bool = False
    conditions: tuple[Condition, ...] = ()
    defects: tuple[Finding, ...] = ()
