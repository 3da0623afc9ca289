"""IAM's messages name some resources by two words, ``role Execution``: the kind and the name, without the path.

Names are unique in an account, so a snapshot tells the path; without one the ARN stays a set (``role/*Execution``).
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
"""

from __future__ import annotations

import re

from sagepass.calls.missing_role import role_of_that_name
from sagepass.snapshot.snapshot import Snapshot

_NAMED = re.compile(
    r"(?P<kind>role|user|group|policy|instance profile|server certificate|saml provider) (?P<name>[\w+=,.@-]{1,128})",
    re.IGNORECASE,
)


def arn_of_two_words(text: str, *, partition: str, account: str | None, snapshot: Snapshot | None) -> str | None:
    """The ARN, or the set of ARNs, that such a text stands for; ``None`` if it is none of these.

    Args:
        text: the resource as the message has it.
        partition: of the caller.
        account: of the caller: IAM's calls take names, and look in the account of the credentials.
        snapshot: where the path comes from, if there is one.
    """
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    kind, name = found["kind"].lower().replace(" ", "-"), found["name"]
    prefix = f"arn:{partition}:iam::{account or '*'}:{kind}"
    stored = role_of_that_name(f"{prefix}/{name}", account, snapshot) if kind == "role" and snapshot and account else ""
    return stored or f"{prefix}/*{name}"
