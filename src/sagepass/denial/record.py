"""The record of one denial, as a text or an event tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sagepass.policy.kinds import Effect, PolicyType
from sagepass.source.text import Span


class DenialKind(StrEnum):
    """What sort of refusal a text reports; where two fit, the earlier one counts."""

    PASS_ROLE = "pass_role"  # noqa: S105 - the name of a kind, not a secret
    """``iam:PassRole`` was refused."""
    ASSUME_ROLE = "assume_role"
    """A role could not be assumed, by a person or by a service."""
    DATA_ACCESS = "data_access"
    """Data that a job or a call needs could not be read or written (S3, ECR, KMS), often without an IAM message."""
    IAM_DENIAL = "iam_denial"
    """Any other refusal by IAM."""
    NOT_A_DENIAL = "not_a_denial"
    """A recognised error that is not about permissions: throttling, expired token, quota, not found, network, …"""


class PrincipalType(StrEnum):
    """The kind of caller that a text names."""

    USER = "user"
    ROLE = "role"
    ASSUMED_ROLE = "assumed-role"
    FEDERATED_USER = "federated-user"
    SERVICE = "service"
    ROOT = "root"
    ANONYMOUS = "anonymous"


class OtherError(StrEnum):
    """Why a recognised error is not a permission problem (the ``reason`` of a ``not_a_denial``)."""

    THROTTLING = "throttling"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the name of a reason, not a secret
    INVALID_CREDENTIALS = "invalid_credentials"
    MISSING_CREDENTIALS = "missing_credentials"
    SIGNATURE = "signature"
    CLOCK_SKEW = "clock_skew"
    QUOTA = "quota"
    NOT_FOUND = "not_found"
    NETWORK = "network"
    REGION_NOT_ENABLED = "region_not_enabled"
    VALIDATION = "validation"
    CONFLICT = "conflict"
    RESOURCE_STATE = "resource_state"
    """The resource is there but cannot be used: a key that is disabled or pending deletion, an archived object."""
    OUTSIDE_AWS = "outside_aws"
    """A refusal that AWS did not make: a file system, a container, Hugging Face, Git, Kubernetes."""
    INTERNAL = "internal"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """One denial. ``None`` means that the text does not say.

    Attributes:
        kind: see :class:`DenialKind`.
        text: the piece of the input that this denial was read from, as given.
        span: where that piece lies in the input.
        principal: the caller, verbatim: an ARN, a service name, or what stands in its place.
        principal_type: the kind of caller.
        account: the 12-digit account of the **principal**.
        action: ``service:Name`` as the text spells it.
        action_inferred: the action where the text only implies it.
        resource: verbatim: an ARN, a bare name, an ``s3://`` address, an image.
        policy_type: the one type of policy that the text names.
        effect: ``IMPLICIT_DENY`` or ``EXPLICIT_DENY`` where the text tells them apart.
        operation: the API that was called, if the text names it.
        service: prefix of ``action`` (or of ``action_inferred``).
        policy_arn: the policy an explicit deny names
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
        authorization_id: the id that the Access Troubleshooter takes; treat it like a secret.
        encoded_message: an encoded authorization message; only ``sts:DecodeAuthorizationMessage`` can read it.
        reason: for ``NOT_A_DENIAL`` only.
        region: the Region that the text, the event or an ARN in it names.
        error_code: ``AccessDeniedException``, ``ValidationException``, …
        context: request context that the evidence itself carries (a CloudTrail event, an authorization-details
            answer): condition key to values.
        basis: for each inferred field, its name and a sentence on what it was inferred from.
        request_parameters: the request of a CloudTrail event, as it stands there; never printed, it may hold anything.
        places: field name to the span of its value in the input.
    """

    kind: DenialKind
    text: str
    span: Span
    principal: str | None = None
    principal_type: PrincipalType | None = None
    account: str | None = None
    action: str | None = None
    action_inferred: str | None = None
    resource: str | None = None
    policy_type: PolicyType | None = None
    effect: Effect | None = None
    operation: str | None = None
    service: str | None = None
    policy_arn: str | None = None
    authorization_id: str | None = None
    encoded_message: str | None = None
    reason: OtherError | None = None
    region: str | None = None
    error_code: str | None = None
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    basis: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, Span], ...] = field(default=())
    request_parameters: str | None = field(default=None, repr=False)
