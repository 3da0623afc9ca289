"""A policy document and a policy: the document together with its name, kind and holder."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import Statement
from sagepass.source.finding import Finding
from sagepass.source.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed policy document.

    Attributes:
        origin: where its text lies.
        variables_enabled: true for ``"Version": "2012-10-17"`` only; otherwise ``${…}`` is literal text
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
        statements: in their order.
        findings: everything wrong with the document.
        readable: false when the document as a whole could not be understood; its effect is then unknown.
        size: characters without white space, as IAM counts them against its quotas; 0 when not readable.
        memo: what was worked out from the document once and holds as long as it does; see
            :func:`sagepass.policy.document_index.document_index`.
    """

    origin: Origin
    variables_enabled: bool
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...] = ()
    readable: bool = True
    size: int = 0
    memo: dict[str, object] = field(default_factory=dict, init=False, compare=False, repr=False)


class PolicyForm(StrEnum):
    """Where a policy lives, which decides who may edit it and how large it may be."""

    INLINE_USER = "inline policy of a user"
    INLINE_GROUP = "inline policy of a group"
    INLINE_ROLE = "inline policy of a role"
    CUSTOMER_MANAGED = "customer managed policy"
    AWS_MANAGED = "AWS managed policy"
    TRUST = "role trust policy"
    RESOURCE = "resource-based policy"
    RAM_SHARE = "resource-based policy made by AWS RAM"
    SESSION = "session policy"
    VPC_ENDPOINT = "VPC endpoint policy"
    ORGANIZATION = "policy of the organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy in force.

    Attributes:
        name: the policy's name as the console shows it.
        type: what it is in the authorization.
        form: where it lives.
        document: what it says.
        arn: of a managed policy or an organization policy.
        holder: ARN (or id) of what it is attached to: user, group, role, resource, account, OU, root.
    """

    name: str
    type: PolicyType
    form: PolicyForm
    document: Document
    arn: str | None = None
    holder: str | None = None
