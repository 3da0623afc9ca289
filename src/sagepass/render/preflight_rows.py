"""The rows of a preflight: who needs what, in the order in which AWS comes to it; alike rows are put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from sagepass.calls.call import Who
from sagepass.calls.need import Necessity
from sagepass.jobs.preflight.record import Asked, Authorization, Preflight
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.kinds import Effect
from sagepass.repair.option import name_of
from sagepass.source.route import render_route

_ORDER = {
    Effect.EXPLICIT_DENY: 0,
    Effect.IMPLICIT_DENY: 0,
    Effect.UNKNOWN: 1,
    Effect.ALLOW: 2,
    Effect.NO_IMPACT: 2,
}
"""What is missing comes first, then what is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Authorizations that have everything in common but the action."""

    items: tuple[Authorization, ...]

    @property
    def first(self) -> Authorization:
        """One of them."""
        return self.items[0]

    @property
    def actions(self) -> str:
        """The actions, the service named once."""
        names = [item.need.needed.action for item in self.items]
        service = names[0].partition(":")[0]
        return ", ".join([names[0], *(name.removeprefix(f"{service}:") for name in names[1:])])

    @property
    def field(self) -> str:
        """The fields of the request that ask for it."""
        return fields_of(self.first.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One principal with all it needs."""

    title: str
    rows: tuple[Row, ...]


def parties(preflight: Preflight, *, one_by_one: bool = False) -> tuple[Party, ...]:
    """Who needs what; the caller first, then as AWS comes to them."""
    groups: dict[tuple[Who, str], list[Authorization]] = {}
    for item in preflight.authorizations:
        groups.setdefault((item.need.needed.who, item.need.principal), []).append(item)
    return tuple(
        Party(title=_title(who, principal, preflight), rows=tuple(_rows(items, one_by_one=one_by_one)))
        for (who, principal), items in groups.items()
    )


def _rows(items: Iterable[Authorization], *, one_by_one: bool) -> Iterator[Row]:
    """Rows that are alike and allowed stand together; what is missing stands alone, and first."""
    groups: dict[tuple[object, ...], list[Authorization]] = {}
    for item in items:
        need = item.need.needed
        service = need.action.partition(":")[0]
        places = tuple((asked.label, asked.origin.name, asked.route) for asked in item.asked)
        alone = one_by_one or item.effect in {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY}
        key = (item.need.key,) if alone else (service, need.resource, item.effect, places, item.reason_alike)
        groups.setdefault(key, []).append(item)
    rows = [Row(items=tuple(group)) for group in groups.values()]
    yield from sorted(rows, key=lambda row: (_ORDER[row.first.effect], row.first.so_far))


def _title(who: Who, principal: str, preflight: Preflight) -> str:
    name = principal_words(principal)
    match who:
        case Who.CALLER if principal == preflight.caller:
            return f"the caller: {name}"
        case Who.CALLER:
            return f"{name}, which makes calls itself"
        case Who.EXECUTION_ROLE:
            return f"{name}, once SageMaker works with it"
        case Who.SERVICE:
            return f"the service {principal}"
        case Who.OTHER_ACCOUNT:
            return f"the other account: {name}"
    assert_never(who)


def principal_words(principal: str) -> str:
    """A principal in words, with the session and the account."""
    try:
        caller = parse_caller(principal)
    except ValueError:
        return principal
    session = f", session {caller.session_name}" if caller.kind is CallerKind.ROLE_SESSION else ""
    account = f" of account {caller.account}" if caller.account else ""
    return f"{name_of(principal)}{account}{session}"


def standing(item: Authorization) -> tuple[str, str]:
    """The word for how an authorization stands, and its style."""
    if item.effect is Effect.ALLOW:
        return "allowed", "green"
    if item.effect is Effect.UNKNOWN:
        return ("so far", "cyan") if item.so_far else ("unknown", "yellow")
    return "MISSING", "bold red" if item.need.necessity is Necessity.REQUIRED else "bold yellow"


def fields_of(asked: Iterable[Asked]) -> str:
    """The request fields, with the call's label where several calls ask."""
    places = list(asked)
    labels = dict.fromkeys(place.label for place in places)
    shown: dict[str, None] = {}
    for place in places:
        name = render_route(place.field) if place.field else "the call itself"
        shown[f"{place.label}: {name}" if len(labels) > 1 else name] = None
    listed = list(shown)
    more = f" and {len(listed) - 2} more" if len(listed) > 2 else ""
    return ", ".join(listed[:2]) + more
