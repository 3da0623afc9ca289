"""``s3://bucket/key`` addresses and what they stand for as resources.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"s3a?://(?P<bucket>[^/\s]+)(?:/(?P<key>\S.*|))?", re.IGNORECASE | re.DOTALL)
_HTTPS = re.compile(
    r"https://(?:(?P<host>[a-z0-9.-]{3,63})\.)?s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?/(?P<path>\S*)"
)
_LONGEST = 2048


@dataclass(frozen=True, slots=True)
class S3Address:
    """A place in S3; ``key`` may be an object, a prefix, or empty for the whole bucket."""

    bucket: str
    key: str

    def bucket_arn(self, partition: str) -> str:
        """The bucket itself."""
        return f"arn:{partition}:s3:::{self.bucket}"

    def object_arn(self, partition: str) -> str:
        """The one object."""
        return f"{self.bucket_arn(partition)}/{self.key}"

    def prefix_arn(self, partition: str) -> str:
        """Every object whose key begins with the prefix."""
        return f"{self.bucket_arn(partition)}/{self.key}*"

    def folder_arn(self, partition: str, *below: str) -> str:
        """Every object in the folder, or in a folder below it."""
        folder = "/".join(part for part in (self.key.rstrip("/"), *below) if part)
        return f"{self.bucket_arn(partition)}/{folder}/*" if folder else f"{self.bucket_arn(partition)}/*"


def parse_s3(text: str) -> S3Address | None:
    """Read ``s3://bucket/key`` or the HTTPS address of an object; ``None`` for anything else.

    A key with a wildcard in it is none that IAM could match literally: it is refused too.
    """
    if len(text) > _LONGEST or set(text) & set("*?$"):
        return None
    found = _ADDRESS.fullmatch(text)
    if found:
        return S3Address(found["bucket"], found["key"] or "")
    web = _HTTPS.fullmatch(text)
    if web is None:
        return None
    if web["host"]:
        return S3Address(web["host"], web["path"])
    bucket, _, key = web["path"].partition("/")
    return S3Address(bucket, key) if bucket else None
