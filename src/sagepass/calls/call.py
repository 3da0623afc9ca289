"""The records of this room: a call as it would be made, and what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from sagepass.source.route import Route

Values: TypeAlias = tuple[str, ...]


class AddedTags(StrEnum):
    """Where a call comes from that adds tags on the way, so that ``sagemaker:AddTags`` is checked without ``Tags``."""

    NONE = "none"
    STUDIO = "studio"
    STUDIO_SPACE = "studio-space"
    STEP_FUNCTIONS = "step-functions"
    CLOUDFORMATION = "cloudformation"
    SERVICE_CATALOG = "service-catalog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One API call.

    Attributes:
        service: the client as the SDKs and the CLI name it (``sagemaker``, ``sagemaker-runtime``, ``sts``).
        operation: the API (``CreateTrainingJob``); any case, dashes allowed.
        params: the request as the SDKs take it. A value that is not text where text belongs (a reference of a template, a
            parameter of a pipeline) counts as not known before the call.
        caller_account: 12 digits, ``None`` if not known.
        partition: ``aws``, ``aws-cn``, ``aws-us-gov``, …
        region: where the call goes, ``None`` if not known.
        added_tags: who adds tags on the way.
    """

    service: str
    operation: str
    params: Mapping[str, object] = field(default_factory=dict)
    caller_account: str | None = None
    partition: str = "aws"
    region: str | None = None
    added_tags: AddedTags = AddedTags.NONE


class Who(StrEnum):
    """Who needs an authorization."""

    CALLER = "caller"
    EXECUTION_ROLE = "execution role"
    SERVICE = "service principal"
    OTHER_ACCOUNT = "other account"


class Confidence(StrEnum):
    """How sure it is that AWS checks it."""

    DOCUMENTED = "documented"
    """AWS's tables or pages say so."""
    INFERRED = "inferred"
    """It follows from the request and the rules, but AWS's tables do not list it for this operation."""
    POSSIBLE = "possible"
    """AWS lists it as something that can be checked; the request does not tell whether it is."""


class ResourceState(StrEnum):
    """How much of a resource is known before the call."""

    EXACT = "exact"
    """One ARN."""
    SET = "set"
    """A set of ARNs: ``*`` stands for what is not known; the call passes if all of them are allowed."""
    NONE = "none"
    """The action takes no resource; the policy must say ``"Resource": "*"``."""
    UNKNOWN = "unknown"
    """Nothing is known of it; the ``*`` in its place is not a statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """A condition key whose values the request does not settle.

    ``choices`` are the values it may have, likeliest first; ``None`` among them stands for "the key is absent". The call
    passes for certain only if it passes with each. No choices: the values are not known at all. ``why`` says what would
    settle it.
    """

    key: str
    choices: tuple[Values | None, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One authorization that a call needs.

    Attributes:
        action: ``service:Name``, spelled as AWS spells it.
        resource: the ARN, a set of ARNs, or ``*``; ``resource_state`` says which.
        context: condition keys that the request settles, with their values.
        absent: condition keys that the request certainly does not carry. A family (``aws:RequestTag/${TagKey}``) stands
            for all its keys except those that ``context`` and ``unsettled`` name.
        unsettled: condition keys of which several values are possible. Of a key that is also in ``context``, the value
            there is the likeliest.
        who: who must be allowed.
        because: the route of the request field that asks for it; the empty route is the call itself.
        confidence: how sure it is that AWS checks it.
        note: what a person should know about it, empty in the ordinary case.
    """

    action: str
    resource: str
    resource_state: ResourceState
    context: tuple[tuple[str, Values], ...] = ()
    absent: tuple[str, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    who: Who = Who.CALLER
    because: Route = ()
    confidence: Confidence = Confidence.DOCUMENTED
    note: str = ""
