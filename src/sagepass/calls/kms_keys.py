"""KMS key identifiers: the four ways to write a key, and the one that condition keys hold.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
"""

from __future__ import annotations

import re

_KEY_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")


def key_arn(identifier: str, *, partition: str, region: str | None, account: str | None) -> str | None:
    """The ARN of a key given by key id, key ARN, alias name or alias ARN.

    ``None`` where the identifier does not tell it: an alias has to be looked up (``aws kms describe-key``), and so has
    anything that has none of the four forms. An id without Region or account gets ``*`` in their place.
    """
    if identifier.startswith("arn:"):
        return identifier if identifier.split(":", 5)[-1].startswith("key/") else None
    if not _KEY_ID.fullmatch(identifier):
        return None
    return f"arn:{partition}:kms:{region or '*'}:{account or '*'}:key/{identifier}"


def is_alias(identifier: str) -> bool:
    """Whether an identifier names an alias (by name or ARN), so that the key behind it must be looked up."""
    return identifier.split(":", 5)[-1].startswith("alias/")
