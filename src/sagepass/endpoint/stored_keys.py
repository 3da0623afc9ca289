"""Condition keys that AWS takes from what is stored, and not from the request, as far as the emulation stores it.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html#tagging-and-policies (an object's tags),
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (``s3:ResourceAccount``, the tags of
access points). Those of KMS keys are part of the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.calls.call import Needed, ResourceState
from sagepass.endpoint.moto_adapter.resources import object_tags

_OBJECT_TAGS = "s3:ExistingObjectTag/"


def stored_values(key: str, needed: Needed, owner: str | None) -> Mapping[str, object] | None:
    """The keys of a family (``s3:ExistingObjectTag/<key>``), or the one key, with their values.

    Args:
        key: as :class:`~sagepass.calls.call.Unsettled` has it.
        needed: the authorization that carries it.
        owner: the account of its resource.

    Returns:
        The values; other keys of the family are absent. ``None`` if it is not known.
    """
    arn = needed.resource
    if not arn.startswith("arn:") or needed.resource_state is not ResourceState.EXACT or ":accesspoint/" in arn:
        return None
    if key == "s3:ResourceAccount" and owner is not None:
        return {key: owner}
    if key.startswith("s3:AccessPointTag/"):
        return {}
    if not key.startswith(_OBJECT_TAGS):
        return None
    bucket, slash, name = arn.split(":", 5)[5].partition("/")
    if not slash:
        return {}
    version = next((values[0] for name, values in needed.context if name.lower() == "s3:versionid" and values), None)
    return {f"{_OBJECT_TAGS}{tag}": value for tag, value in object_tags(bucket, name, version).items()}
