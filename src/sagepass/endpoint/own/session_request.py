"""The members that the calls of STS share: session policies, tags, credentials.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.own.scene import Scene, objects, text, texts
from sagepass.endpoint.sessions import Session

_LONGEST_POLICY = 2048
_MOST_POLICIES = 10
_MOST_TAGS = 50
_TAG = re.compile(r"[\w\s.:/=+@-]*", re.UNICODE)


def read_policies(params: Mapping[str, object], scene: Scene, account: str) -> tuple[str | None, tuple[str, ...]]:
    """The inline session policy and the ARNs of managed ones.

    Raises:
        ApiError: the document is malformed or too long, or a managed policy does not exist in the account.
    """
    policy = text(params, "Policy")
    if policy is not None:
        _check_document(policy)
    arns = tuple(arn for one in objects(params, "PolicyArns") if (arn := text(one, "arn")))
    if len(arns) > _MOST_POLICIES:
        raise ApiError(
            "ValidationError", f"1 validation error detected: at most {_MOST_POLICIES} policy ARNs can be given"
        )
    held = scene.snapshot.identities(account)
    for arn in arns:
        if held is None or held.managed_policy(arn) is None:
            raise ApiError(
                "InvalidParameterValue", f"The policy {arn[:256]} does not exist in the account of the session"
            )
    return policy, arns


def _check_document(policy: str) -> None:
    if len(policy) > _LONGEST_POLICY:
        raise ApiError(
            "ValidationError",
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_LONGEST_POLICY}",
        )
    try:
        value = json.loads(policy)
    except (ValueError, RecursionError):
        raise ApiError("MalformedPolicyDocument", "This policy contains invalid Json") from None
    if not isinstance(value, dict) or not value.get("Statement"):
        raise ApiError("MalformedPolicyDocument", "Syntax errors in policy.")
    statements = value["Statement"] if isinstance(value["Statement"], list) else [value["Statement"]]
    for statement in statements:
        if not isinstance(statement, dict) or statement.get("Effect") not in {"Allow", "Deny"}:
            raise ApiError("MalformedPolicyDocument", "Syntax errors in policy.")
        if "Principal" in statement or "NotPrincipal" in statement:
            raise ApiError("MalformedPolicyDocument", "Policy document should not specify a principal.")


def read_tags(params: Mapping[str, object]) -> dict[str, str]:
    """The session tags of a request.

    Raises:
        ApiError: too many, a key twice (compared without regard to case), or a character that tags cannot hold.
    """
    tags: dict[str, str] = {}
    for one in objects(params, "Tags"):
        key, value = text(one, "Key") or "", text(one, "Value") or ""
        if not 1 <= len(key) <= 128 or len(value) > 256 or not _TAG.fullmatch(key) or not _TAG.fullmatch(value):
            raise ApiError("ValidationError", "1 validation error detected: a session tag has an invalid key or value")
        if key.lower() in {known.lower() for known in tags}:
            raise ApiError(
                "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive."
            )
        tags[key] = value
    if len(tags) > _MOST_TAGS:
        raise ApiError(
            "ValidationError", f"1 validation error detected: at most {_MOST_TAGS} session tags can be given"
        )
    return tags


def read_transitive(params: Mapping[str, object], tags: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of tags that go over into the next session; each has to be a tag of the request."""
    keys = texts(params, "TransitiveTagKeys")
    known = {key.lower() for key in tags}
    for key in keys:
        if key.lower() not in known:
            raise ApiError(
                "InvalidParameterValue", "One of the specified transitive tag keys can't be found in the tags"
            )
    return tuple(keys)


def packed_size(session: Session) -> int:
    """How full the packed session policies and tags are, in percent; AWS's compression is not documented."""
    size = len(session.policy or "") + sum(map(len, session.policy_arns))
    size += sum(len(key) + len(value) for key, value in session.tags.items())
    return min(100, -(-size * 100 // 4096))


def credentials(session: Session) -> dict[str, object]:
    """The credentials as STS answers them."""
    return {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret,
        "SessionToken": session.token,
        "Expiration": session.expires.replace(microsecond=0),
    }
