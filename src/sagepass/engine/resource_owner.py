"""Which account owns the resource of a request."""

from __future__ import annotations

from sagepass.policy.arn import account_of, parse_arn
from sagepass.policy.caller import Caller


def owner_of(resource: str, caller: Caller) -> str | None:
    """The account that the ARN names; the caller's own for calls without a resource; ``None`` if nothing says.

    The ARN of an S3 bucket or object names no account. For an action that takes no resource the request is about the
    caller's own account.
    """
    named = account_of(resource)
    if named is not None:
        return named
    if resource == "*" or parse_arn(resource) is None:
        return caller.account
    return None
