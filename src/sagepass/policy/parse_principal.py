"""Reads a Principal or NotPrincipal element.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re

from sagepass.policy.problems import Problems
from sagepass.policy.statement import PrincipalEntry, PrincipalForm
from sagepass.source.route import Route

_ACCOUNT = re.compile(r"[0-9]{12}")
_UNIQUE_ID = re.compile(r"A[A-Z0-9]{3}[A-Z0-9]{12,124}")
_FORMS = {form.value: form for form in PrincipalForm if form is not PrincipalForm.ANYONE}


def parse_principal(value: object, route: Route, problems: Problems) -> tuple[PrincipalEntry, ...]:
    """Read the element; malformed entries become findings and are left out."""
    if value == "*":
        return (PrincipalEntry(PrincipalForm.ANYONE, "*", route),)
    if not isinstance(value, dict) or not value:
        _malformed(route, 'a principal is * or an object such as {"AWS": "arn:…"}', problems)
        return ()
    problems.duplicate_keys(value, route)
    entries: list[PrincipalEntry] = []
    for key, given in value.items():
        form = _FORMS.get(key)
        if form is None:
            _malformed((*route, key), f"{key!r} is no kind of principal", problems)
            continue
        items = (
            [((*route, key, index), item) for index, item in enumerate(given)]
            if isinstance(given, list)
            else [((*route, key), given)]
        )
        for place, item in items:
            entry = _entry(form, item, place, problems)
            if entry is not None:
                entries.append(entry)
    return tuple(entries)


def _entry(form: PrincipalForm, item: object, route: Route, problems: Problems) -> PrincipalEntry | None:
    if not isinstance(item, str):
        _malformed(route, "a principal must be a string", problems)
        return None
    if form is PrincipalForm.AWS:
        if item == "*":
            return PrincipalEntry(PrincipalForm.ANYONE, item, route)
        if not is_aws_principal(item):
            _malformed(route, f"{item!r} is no account, ARN or unique id, or holds a wildcard", problems)
            return None
    elif "*" in item or "?" in item:
        _malformed(route, f"{item!r}: a {form} principal takes no wildcard", problems)
        return None
    return PrincipalEntry(form, item, route)


def is_aws_principal(value: str) -> bool:
    """Whether a value may stand under ``AWS``: an account id, a full ARN without wildcards, or a unique id."""
    if _ACCOUNT.fullmatch(value) or _UNIQUE_ID.fullmatch(value):
        return True
    parts = value.split(":", 5)
    return len(parts) == 6 and parts[0] == "arn" and parts[2] in {"iam", "sts"} and not set(value) & set("*?")


def _malformed(route: Route, message: str, problems: Problems) -> None:
    problems.error("POLICY_PRINCIPAL", route, message, "name an account, a full ARN, a service or a provider")
