"""The object or bucket that stands before an SDK's error: in its own line, or in the library that wraps it.

``upload failed: ./a to s3://b/a An error occurred …`` (CLI), ``Failed to upload a to b/a:`` (boto3), ``… under key 'a' in
bucket 'b': AWS Error …`` (Arrow), ``Bucket b exists, but access is forbidden.`` (SageMaker's SDK).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sagepass.denial.reference import Reference, joined, trimmed

if TYPE_CHECKING:
    from sagepass.denial.draft import Draft

_REACH = 2400
_NEAR = 1300


@cache
def _transfer() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?P<verb>upload|download|copy|move|delete|make_bucket|remove_bucket)\s+failed|Failed\s+to\s+(?P<verb2>upload|download|copy))\s*:?\s+(?P<first>\S{1,1100})"
        r"(?:\s+to\s+(?P<second>\S{1,1100}?(?:(?<=[-/_])[ \t]{0,9}\n[ \t]{0,40}\S{1,400}?){0,3}))?:?\s+$",
        re.IGNORECASE,
    )


@cache
def _arrow() -> re.Pattern[str]:
    return re.compile(
        r"(?:\bkey\s+'(?P<key>[^'\n]{0,1024})'\s+in\s+)?\bbucket\s+'(?P<bucket>[\w.-]{1,63}(?:\n[ \t]{0,40}[\w.-]{1,62})?)':\s{1,3}$"
    )


@cache
def _own_bucket() -> re.Pattern[str]:
    return re.compile(r"\bBucket\s+(?P<bucket>[\w.-]{3,63})\s+exists,\s+but\s+access\s+is\s+forbidden\.")


def set_data_address(text: str, draft: Draft) -> None:
    """Take the address that stands before ``draft``, if there is one and no resource is known."""
    if draft.resource is not None:
        return
    start = max(0, draft.start - _NEAR)
    found = (
        _bucket_and_key(text, draft, start)
        or _sdk_bucket(text, draft, start)
        or _transferred(text, draft, max(0, draft.start - _REACH))
    )
    if found is not None:
        draft.set_resource(found)


def _bucket_and_key(text: str, draft: Draft, start: int) -> Reference | None:
    match = _arrow().search(text, start, draft.start)
    if match is None:
        return None
    bucket = joined(text, *match.span("bucket"))
    if bucket is None or not match["key"] or (draft.operation or "").startswith("List"):
        return bucket
    return Reference(f"{bucket.value}/{match['key']}", match.start("key"), bucket.end)


def _sdk_bucket(text: str, draft: Draft, start: int) -> Reference | None:
    if draft.operation not in {None, "HeadBucket", "CreateBucket"}:
        return None
    match = _own_bucket().search(text, start, draft.start + 1)
    return Reference(match["bucket"], *match.span("bucket")) if match else None


def _transferred(text: str, draft: Draft, start: int) -> Reference | None:
    found = list(_transfer().finditer(text[start : draft.start]))
    if not found:
        return None
    match = found[-1]
    first, second = match["first"], match["second"]
    group = "first" if first.startswith("s3:") or not second else "second"
    left, right = trimmed(text, start + match.start(group), start + match.end(group))
    return joined(text, left, right - 1 if text[right - 1 : right] == ":" else right)
