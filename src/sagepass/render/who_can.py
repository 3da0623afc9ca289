"""The answer to "who can", for people and for grep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from sagepass.engine.decision import StatementRef
from sagepass.jobs.who_can.record import Access, Basis, Certainty, Holder, WhoCan
from sagepass.policy.document import Policy
from sagepass.policy.kinds import PolicyType
from sagepass.render.concise import place_of
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.repair.option import name_of
from sagepass.source.route import render_route
from sagepass.source.terminal import printable

_BRIEF = 12
"""Holders of one group that are shown without ``--verbose``."""

_TITLES = {
    Certainty.CERTAIN: "certainly can",
    Certainty.THEIR_SIDE: "let in from this side; the rest is up to their own account, which is not in the snapshot",
    Certainty.CONDITIONAL: "can under conditions",
}
_STYLES = {Certainty.CERTAIN: "bold green", Certainty.THEIR_SIDE: "bold cyan", Certainty.CONDITIONAL: "bold yellow"}


def headline(answer: WhoCan) -> str:
    """One sentence that makes sense alone."""
    counts = [
        (len({access.holder for access in answer.access if access.certainty is certainty}), words)
        for certainty, words in (
            (Certainty.CERTAIN, "can"),
            (Certainty.THEIR_SIDE, "let in from this side"),
            (Certainty.CONDITIONAL, "under conditions"),
        )
    ]
    told = ", ".join(f"{count} {words}" for count, words in counts if count)
    way = "directly" if answer.max_hops == 0 else f"directly or through up to {answer.max_hops} roles"
    return f"{answer.action} on {answer.resource}, {way}: {told or 'nobody'} (asked: {answer.asked} principals, and whoever is let in from outside)"


def render_who_can(answer: WhoCan, view: HumanView) -> str:
    """The whole page: certain holders first, each with its way, the statements that grant and the conditions."""
    page = Page(width=view.width, rewrite=view.rewrite)
    page.line((headline(answer), "bold"), hang=2)
    for certainty in Certainty:
        group = [access for access in answer.access if access.certainty is certainty]
        if group:
            _group(page, certainty, group, verbose=view.verbose)
    page.blank()
    for text in answer.limits:
        page.line(("not checked: ", "cyan"), text, hang=2)
    for text in answer.assumptions:
        page.line(("assumed: ", "cyan"), text, hang=2)
    return page.render(color=view.color)


def _group(page: Page, certainty: Certainty, group: Sequence[Access], *, verbose: bool) -> None:
    page.blank()
    page.line((_TITLES[certainty], _STYLES[certainty]), hang=2)
    shared = _shared(group)
    for text in shared:
        page.line(("all of them provided that ", "yellow"), text, indent=2, hang=2)
    shown = group if verbose else group[:_BRIEF]
    for access in shown:
        _access(page, access, shared)
    if len(shown) < len(group):
        page.line((f"and {len(group) - len(shown)} more (--verbose)", "dim"), indent=2)


def _shared(group: Sequence[Access]) -> tuple[str, ...]:
    """Conditions that hold for every one of several."""
    if len(group) < 2:
        return ()
    first, *others = [access.conditions for access in group]
    return tuple(text for text in first if all(text in conditions for conditions in others))


def _access(page: Page, access: Access, shared: Sequence[str]) -> None:
    page.line(holder_words(access.holder), indent=2, hang=2)
    for number, hop in enumerate(access.hops, start=1):
        page.line(f"{number}. {hop.action} on ", (name_of(hop.role), "bold"), f" ({hop.role})", indent=4, hang=3)
        _grants(page, hop.basis, indent=7)
    if access.hops:
        page.line(f"{len(access.hops) + 1}. and then the request itself, as that role", indent=4, hang=3)
    _grants(page, access.final, indent=7 if access.hops else 4)
    for text in access.conditions:
        if text not in shared:
            page.line(("provided that ", "yellow"), text, indent=4, hang=2)
    for text in dict.fromkeys(text for basis in access.steps for text in basis.theirs):
        page.line(("left open: ", "cyan"), f"whether {text}", indent=4, hang=2)
    if access.more_ways:
        roles, leads = ("role", "leads") if access.more_ways == 1 else ("roles", "lead")
        page.line(f"{access.more_ways} more {roles} that it may assume {leads} there as well", indent=4, hang=2)
    for note in access.notes:
        page.line(("note: ", "cyan"), note, indent=4, hang=2)


def holder_words(holder: Holder) -> str:
    """A holder with its account, where the label does not say it."""
    named = holder.account is None or holder.account in holder.label
    return holder.label if named else f"{holder.label} ({holder.account})"


def _grants(page: Page, basis: Basis, *, indent: int) -> None:
    for ref in basis.grants:
        page.line(("by ", "dim"), statement_words(ref, of_the_resource=True), indent=indent, hang=3)
        page.code(("--> ", "blue"), place_of(ref, ref.statement.route), indent=indent + 3)
    for text in basis.because:
        page.line(("because ", "dim"), text, indent=indent, hang=3)


def statement_words(ref: StatementRef, *, of_the_resource: bool = False) -> str:
    """A statement and its policy in words: ``Statement[0] (Sid X) of the trust policy of role Y``.

    Args:
        ref: the statement.
        of_the_resource: it is clear which resource is meant, so that its policy needs no name.
    """
    if of_the_resource and ref.policy.type is PolicyType.RESOURCE_BASED_POLICY:
        return f"{_number(ref)} of the resource's own policy"
    return f"{_number(ref)} of {_policy_words(ref.policy)}"


def _number(ref: StatementRef) -> str:
    sid = f" (Sid {ref.statement.sid})" if ref.statement.sid else ""
    return f"{render_route(ref.statement.route)}{sid}"


def _policy_words(policy: Policy) -> str:
    holder = policy.holder or ""
    match policy.type:
        case PolicyType.IDENTITY_BASED_POLICY | PolicyType.PERMISSIONS_BOUNDARY:
            return f"{policy.name}, on {name_of(holder)}" if holder else policy.name
        case PolicyType.ROLE_TRUST_POLICY:
            return f"the trust policy of {name_of(holder)}"
        case PolicyType.RESOURCE_BASED_POLICY:
            return f"the policy of {holder}" if holder else policy.name
        case (
            PolicyType.SERVICE_CONTROL_POLICY
            | PolicyType.RESOURCE_CONTROL_POLICY
            | PolicyType.VPC_ENDPOINT_POLICY
            | PolicyType.SESSION_POLICY
        ):
            return f"{policy.name}, on {holder}" if holder else policy.name
    assert_never(policy.type)


def render_who_can_concise(answer: WhoCan) -> str:
    """One line an access: ``file:line:column: CERTAINTY: holder -> role -> role [provided that …]``."""
    lines = [_concise(access) for access in answer.access] or [f"NOBODY: {headline(answer)}"]
    return "".join(printable(line, one_line=True) + "\n" for line in lines)


def _concise(access: Access) -> str:
    first = next(_refs(access), None)
    where = f"{place_of(first, first.statement.route)}: " if first is not None else ""
    way = " -> ".join((holder_words(access.holder), *(hop.role for hop in access.hops)))
    under = f" [provided that {'; '.join(access.conditions)}]" if access.conditions else ""
    return f"{where}{access.certainty.name}: {way}{under}"


def _refs(access: Access) -> Iterator[StatementRef]:
    return iter([ref for basis in reversed(access.steps) for ref in basis.grants])
