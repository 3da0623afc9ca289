"""Which requests carry the tags of their resource: not those that only bring it into being, nor those that AWS lists no tags for.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
"""

from __future__ import annotations

from functools import lru_cache

from sagepass.catalog.condition_keys import keys_of_action, template_matches
from sagepass.catalog.resources import types_of_arn


def made_by(action: str) -> str | None:
    """What an action makes, in lower case without dashes (``trainingjob``); ``None`` if it is not called Create…."""
    name = action.partition(":")[2].lower()
    return name.removeprefix("create").removesuffix("v2") if name.startswith("create") else None


def is_made_by(resource: str, action: str) -> bool:
    """Whether the resource only comes into being with the request, and so has no tags yet.

    Many actions called Create… are asked of something that exists: CreatePresignedDomainUrl of a user profile, CreateEndpoint
    of the endpoint configuration as well, ``kms:CreateGrant`` of a key.
    """
    made = made_by(action)
    kinds = types_of_arn(resource) if made else ()
    return any(kind.name.replace("-", "").lower() == made for kind in kinds)


@lru_cache(maxsize=32768)
def counts_tags(key: str, action: str) -> bool:
    """Whether a tag that the resource has is certainly in the request.

    AWS's tables list the actions that look at tags; a bucket's count only once that was switched on for the bucket
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html).
    """
    if action.lower().startswith("s3:"):
        return False
    known = keys_of_action(action)
    return known is None or any(template_matches(name, key) for name in known if "${" in name)
