"""Which account owns the resource of a request."""

from __future__ import annotations

from sagepass.policy.arn import account_of, parse_arn
from sagepass.policy.caller import Caller


def owner_of(resource: str, caller: Caller) -> str | None:
    """The account that the ARN names; the caller's own for calls without a resource; ``None`` if nothing says.

    The ARN of an S3 bucket or object names no account, nor does a set of ARNs of several. For an action that takes no resource the
    request is about the caller's own account, and AWS managed policies are read as if they were its own
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html).
    """
    named = account_of(resource)
    if named is not None:
        return named
    return caller.account if belongs_to_caller(resource) else None


def belongs_to_caller(resource: str) -> bool:
    """Whether a request about it is one about the caller's account, whoever calls."""
    return parse_arn(resource) is None or is_of_aws(resource)


def is_of_aws(resource: str) -> bool:
    """Whether it is one of AWS's own, such as a managed policy; of which account a condition key says it is, is not documented."""
    parts = parse_arn(resource)
    return parts is not None and parts.account == "aws" and parts.service == "iam"
