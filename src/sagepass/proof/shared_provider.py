"""Somebody else of a provider that many organizations share: a token that says of nothing that it is the policy's own customer.

A policy names a customer where a value of the telling claim has the customer's name in full (``repo:acme/*``); whoever is not
named so is a stranger, also one whose name a wildcard happens to cover (``repo:ac*``).
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sagepass.catalog.shared_providers import SharedProvider
from sagepass.policy.caller import parse_caller
from sagepass.policy.document import Document
from sagepass.policy.statement import Condition
from sagepass.proof.atom import Ask, atom
from sagepass.proof.formula import Formula, both, either, lit, negated
from sagepass.proof.values import Domain, Values
from sagepass.proof.who import Claim, Side, Who
from sagepass.proof.word import Word, WordKind

_NAME_ENDS = re.compile(r"[/:]")


def stranger_of(shared: SharedProvider, principal: str, given: Sequence[Document]) -> Who:
    """The caller: of what the policies ask, the audience is chosen freely, and the rest is a stranger's.

    Args:
        shared: the provider.
        principal: as the policies name it.
        given: the policies.
    """
    own = f"{shared.host}:{shared.claim}"
    asked: dict[str, list[str]] = {own: []}
    for condition in _conditions(given):
        key = condition.key.lower()
        if key == own or (key.startswith(f"{shared.host}:") and key.rpartition(":")[2] not in shared.chosen):
            asked.setdefault(key, []).extend(element.value for element in condition.values)
    claims = []
    for key, values in asked.items():
        before, after = (shared.before, shared.after) if key == own else ("", "")
        named = (_customer(value, before, after, whole=key == own and not after) for value in values)
        form = f"{before}?*{after}*" if after else "?*"
        claims.append(Claim(key=key, form=form, but=tuple(dict.fromkeys(one for one in named if one is not None))))
    words = f"anyone else whom {shared.host} vouches for"
    return Who(side=Side.NAMED, caller=parse_caller(principal), words=words, claims=tuple(claims))


def claimed(who: Who) -> tuple[Formula, ...]:
    """That the claims are those of the caller: the first is there, each of the others may be."""
    found = [
        both([_is(claim.key, claim.form), *(negated(_is(claim.key, pattern)) for pattern in claim.but)])
        for claim in who.claims
    ]
    absent = [negated(lit(atom(claim.key, Ask.PRESENT))) for claim in who.claims]
    return (*found[:1], *(either(pair) for pair in list(zip(found, absent, strict=True))[1:]))


def _is(key: str, pattern: str) -> Formula:
    return lit(atom(key, Ask.ONE, Values(Domain.TEXT, words=frozenset({Word(WordKind.LIKE, pattern)}))))


def _conditions(given: Sequence[Document]) -> Iterator[Condition]:
    for document in given:
        for statement in document.statements:
            yield from statement.conditions


def _customer(value: str, before: str, after: str, *, whole: bool) -> str | None:
    """A pattern of all values of the customer that a policy's value names; ``None`` if it names none in full."""
    rest = value.removeprefix(before)
    if rest == value and before:
        return None
    end = None if whole else re.search(re.escape(after), rest) if after else _NAME_ENDS.search(rest)
    name = rest[: end.start()] if end else rest
    if not name or set(name) & set("*?$"):
        return None
    return f"{before}{name}{end.group()}*" if end else value
