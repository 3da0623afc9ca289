"""Chains on random graphs of roles: exactly those who can be reached by hand, each by a shortest way."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reverse.worlds import ACCOUNT, OTHER, account, allow, asked, deny, policy, role, trusting, user

from sagepass.snapshot.snapshot import Snapshot

MOST_HOPS = 3
NAMES = ("a", "b", "c", "d", "reader")
ROLES = tuple(role(name, OTHER if name in "cd" else ACCOUNT) for name in NAMES)
USERS = (user("u"), user("v", OTHER))
PRINCIPALS = (*USERS, *ROLES)
Edges = frozenset[tuple[str, str]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Edges, Edges, Edges]:
    """Who is trusted by which role, whose own policies allow to assume it, and whose deny that."""
    pairs = st.tuples(st.sampled_from(PRINCIPALS), st.sampled_from(ROLES))
    trusted, allowed, denied = (draw(st.frozensets(pairs, max_size=size)) for size in (14, 14, 4))
    return trusted, allowed, denied


def _snapshot(trusted: Edges, allowed: Edges, denied: Edges) -> Snapshot:
    builder = account().account(OTHER)
    for principal in PRINCIPALS:
        go = [allow("sts:AssumeRole", target) for who, target in sorted(allowed) if who == principal]
        stop = [deny("sts:AssumeRole", target) for who, target in sorted(denied) if who == principal]
        inline = {"go": policy(*go, *stop)} if go or stop else {}
        named = sorted(who for who, target in trusted if target == principal)
        trust = trusting(
            {"AWS": [*named, *([whole] if (whole := _whole(trusted, principal)) else [])] or [user("nobody")]}
        )
        if principal == ROLES[-1]:
            inline["read"] = policy(allow("s3:GetObject"))
        builder.principal(principal, inline=inline, trust=trust if principal in ROLES else None)
    return builder.build()


def _whole(trusted: Edges, target: str) -> str | None:
    """The account that a role trusts as a whole: that of the caller, where two of its principals are trusted."""
    accounts = [who.split(":")[4] for who, role_arn in trusted if role_arn == target]
    return next((account for account in (ACCOUNT, OTHER) if accounts.count(account) > 1), None)


def _distances(trusted: Edges, allowed: Edges, denied: Edges) -> dict[str, int]:
    """Hops to the reader. Within one account a role that names the caller is enough; between two the caller's side too."""
    edges = {
        (who, target)
        for who, target in trusted
        if who != target and (who, target) not in denied
        if who.split(":")[4] == target.split(":")[4] or (who, target) in allowed
    }
    edges |= {
        (who, target)
        for who, target in allowed
        if who != target and (who, target) not in denied and who.split(":")[4] == _whole(trusted, target)
    }
    found, frontier = {ROLES[-1]: 0}, {ROLES[-1]}
    for distance in range(1, MOST_HOPS + 1):
        frontier = {who for who, target in edges if target in frontier and who not in found}
        found.update(dict.fromkeys(frontier, distance))
    return found


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_chains_are_those_of_the_graph(graph: tuple[Edges, Edges, Edges]) -> None:
    """Nobody more, nobody less, and none by a longer way than there is."""
    answer = asked(_snapshot(*graph), hops=MOST_HOPS)
    told = {a.holder.name: len(a.hops) for a in answer.access if not a.holder.name.endswith(":root")}
    assert told == _distances(*graph)
    for access in answer.access:
        assert len({hop.role for hop in access.hops}) == len(access.hops)
