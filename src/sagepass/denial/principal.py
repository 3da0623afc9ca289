"""Who a text says the caller was: the kind of principal and its account."""

from __future__ import annotations

import re
from typing import Final

from sagepass.denial.record import PrincipalType

_BY_RESOURCE: Final = (
    ("assumed-role/", PrincipalType.ASSUMED_ROLE),
    ("federated-user/", PrincipalType.FEDERATED_USER),
    ("user/", PrincipalType.USER),
    ("role/", PrincipalType.ROLE),
)
_ACCOUNT: Final = re.compile(
    r"^arn:[\w-]{1,20}:(?:iam|sts):[^:]{0,20}:(\d{1,12}):|^(\d{1,12}):(?:assumed-role|role|user)/"
)
_ELIDED: Final = re.compile(r"^(?:\.{2,3}|…)[^/]*/")


def principal_type(principal: str) -> PrincipalType | None:
    """The kind of caller, from an ARN or from what people leave of one; ``None`` where the text does not tell.

    The forms are those of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
    """
    text = principal.strip().strip("<>[]{}").strip()
    lowered = text.lower()
    if lowered in {"anonymous", "*"}:
        return PrincipalType.ANONYMOUS
    if lowered.endswith((".amazonaws.com", ".amazonaws.com.cn", ".aws.internal")) and "/" not in text:
        return PrincipalType.SERVICE
    if re.search(r":root$", lowered):
        return PrincipalType.ROOT
    for marker, kind in _BY_RESOURCE:
        if re.search(rf"(?:^|[:/.…\W]){re.escape(marker)}", lowered):
            return kind
    return _from_remains(text)


def _from_remains(text: str) -> PrincipalType | None:
    """An ARN cut short: ``…/Role/Session`` can only be an assumed role; ``<assumed role>`` says so."""
    if re.fullmatch(r"(?:arn of )?assumed[- _]role(?:[- _]\w+)?", text, re.IGNORECASE):
        return PrincipalType.ASSUMED_ROLE
    if _ELIDED.match(text) and text.count("/") >= 2:
        return PrincipalType.ASSUMED_ROLE
    if "/" not in text and re.search(r"(?:^|[-_])role(?:[-_]|$)|Role(?![a-z])", text):
        return PrincipalType.ROLE
    return None


def account_of(principal: str) -> str | None:
    """The account number in a principal's ARN, as far as it is written in digits."""
    match = _ACCOUNT.match(principal)
    return (match[1] or match[2]) if match else None
