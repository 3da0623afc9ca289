"""One statement as a formula: its resource, its conditions and its principal, each a statement about one variable.

The action is kept apart: it is a set of listed actions, or in the open world an atom like the others.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sagepass.policy.arn import account_of, is_account_id
from sagepass.policy.context import NO_CONTEXT
from sagepass.policy.document import Document
from sagepass.policy.match_principal import Naming, match_principals
from sagepass.policy.match_resource import match_resource
from sagepass.policy.statement import Condition, PrincipalEntry, PrincipalForm, Statement, StatementEffect
from sagepass.policy.truth import Truth
from sagepass.proof.actions import action_mask, every_action, without_resource
from sagepass.proof.atom import ACTION, COMPARES_ARN, FREE, RESOURCE, Ask, atom
from sagepass.proof.caller_formula import PRINCIPAL_KEYS, caller_condition, means, principal_formula
from sagepass.proof.condition_formula import any_word, condition_formula, unknown
from sagepass.proof.formula import FALSE, TRUE, Formula, both, either, lit, negated
from sagepass.proof.values import Domain, Values
from sagepass.proof.who import Who
from sagepass.proof.word import Word, WordKind


@dataclass(frozen=True, eq=False)
class Compiled:
    """One statement made ready.

    Attributes:
        statement: as it was read.
        document: where it stands.
        action: what it says of the action's name, for actions that AWS does not list.
        named: whether its resource covers the one that a request names.
        star: whether it covers ``*``.
        rest: its conditions, as far as they do not depend on who calls.
        about_caller: the conditions that do.
    """

    statement: Statement
    document: Document
    action: Formula
    named: Formula
    star: Formula
    rest: Formula
    about_caller: tuple[Condition, ...]

    @cached_property
    def mask(self) -> int:
        """The listed actions that it is about."""
        mask = action_mask(element.value for element in self.statement.actions)
        return every_action() & (~mask if self.statement.not_action else mask)

    @cached_property
    def split(self) -> int:
        """The listed actions that it is about and that take no resource, where that tells them from the others."""
        return 0 if self.named is self.star else without_resource(self.mask)

    @cached_property
    def unlisted(self) -> Formula:
        """What it says of the name of an action that AWS does not list.

        An Allow that spells out an action without a resource is about a listed one, of which more is known.
        """
        if self.statement.effect is StatementEffect.DENY or self.statement.not_action or not self.split:
            return self.action
        patterns = [element.value for element in self.statement.actions]
        return actions_formula(
            tuple(p for p in patterns if set(p) & set("*?") or not without_resource(action_mask([p])))
        )

    @cached_property
    def cuts(self) -> tuple[int, ...]:
        """What tells the listed actions that it is about from the others, and from one another."""
        return (self.mask, self.split) if self.split else (self.mask,)

    def formula_for(self, action: int | None, who: Who | None) -> Formula:
        """Resource, conditions and principal, for one listed action, or for one that AWS does not list.

        Args:
            action: its bit; ``None`` for any that is not listed.
            who: the caller; ``None`` for one of whom nothing is known.
        """
        return self.formula(who, takes_resource=action is None or not self.split & action)

    def formula(self, who: Who | None, *, takes_resource: bool) -> Formula:
        """The same; ``takes_resource`` is false for actions that take none, or of which that is not known."""
        parts = [self.named if takes_resource else self._as_compared, self.rest]
        if who is not None and self.statement.principals is not None:
            parts.insert(0, self._principal(who))
        variables = self.document.variables_enabled
        parts += [caller_condition(condition, who, variables=variables) for condition in self.about_caller]
        return both(parts)

    @cached_property
    def _as_compared(self) -> Formula:
        """For an action without a resource: as AWS documents it, or as its messages suggest; a proof has to hold in both.

        That is wider than what the engine lets in (:func:`sagepass.policy.resource_reading.covers`): a witness is decided again.
        """
        if self.named is self.star:
            return self.named
        compares_arn = counts_arn()
        return either([both([compares_arn, self.named]), both([negated(compares_arn), self.star])])

    def _principal(self, who: Who) -> Formula:
        if self.statement.not_principal:
            return principal_formula(self.statement, who)
        return means(self._candidates(who), who)

    def _candidates(self, who: Who) -> tuple[PrincipalEntry, ...]:
        """The entries that can name a caller: those of its account, and those of none."""
        found = self._by_account
        return (*found.get(who.caller.account, ()), *(found.get(None, ()) if who.caller.account is not None else ()))

    @cached_property
    def _by_account(self) -> dict[str | None, list[PrincipalEntry]]:
        groups: dict[str | None, list[PrincipalEntry]] = {}
        for entry in self.statement.principals or ():
            account = entry.value if is_account_id(entry.value) else account_of(entry.value)
            groups.setdefault(account if entry.form is PrincipalForm.AWS else None, []).append(entry)
        return groups

    def naming(self, who: Who) -> Naming:
        """How its Principal element names the caller."""
        if self.statement.principals is None or self.statement.not_principal:
            return Naming.ANYONE
        return match_principals(self._candidates(who), who.caller).naming


def counts_arn() -> Formula:
    """That the ARN which the request names is what its policies are held against."""
    return lit(atom(FREE, Ask.FACT, name=COMPARES_ARN))


def compile_statement(statement: Statement, document: Document) -> Compiled:
    """Make one statement ready for proofs."""
    variables = document.variables_enabled
    parts: list[Formula] = []
    if statement.defects:
        parts.append(unknown(f"{document.origin.name}: {statement.defects[0].message}", statement))
    named: Formula = TRUE
    star: Formula = TRUE
    if statement.resources is not None:
        entries = tuple(element.value for element in statement.resources)
        named, star = resources_formula(entries, variables), _covers_star(entries, variables, statement)
        if statement.not_resource:
            named, star = negated(named), negated(star)
    about_caller: list[Condition] = []
    for condition in statement.conditions:
        if condition.key.lower() in PRINCIPAL_KEYS:
            about_caller.append(condition)
        else:
            parts.append(condition_formula(condition, variables=variables))
    return Compiled(
        statement=statement,
        document=document,
        action=_action(statement),
        named=named,
        star=star,
        rest=both(parts),
        about_caller=tuple(about_caller),
    )


def _covers_star(entries: tuple[str, ...], variables: bool, statement: Statement) -> Formula:
    """Whether one of the entries covers ``*``; a policy variable in front of everything else might."""
    open_too = [entry for entry in entries if variables and "${" in entry]
    found = (
        match_resource(entry, "*", NO_CONTEXT, variables=variables).truth for entry in entries if entry not in open_too
    )
    if any(truth is Truth.TRUE for truth in found):
        return TRUE
    if any(entry.startswith(("${", "*", "?")) for entry in open_too):
        return unknown("a policy variable that may have the value *", statement)
    return FALSE


def _action(statement: Statement) -> Formula:
    found = actions_formula(tuple(element.value for element in statement.actions))
    return negated(found) if statement.not_action else found


@lru_cache(maxsize=8192)
def actions_formula(patterns: tuple[str, ...]) -> Formula:
    """Whether one of the patterns of an Action element matches the action."""
    if not patterns:
        return FALSE
    words = frozenset(Word(WordKind.ACTION, "*" if p in {"*", "*:*"} else p.lower()) for p in patterns)
    return lit(atom(ACTION, Ask.ONE, Values(Domain.TEXT, words=words)))


@lru_cache(maxsize=8192)
def resources_formula(entries: tuple[str, ...], variables: bool) -> Formula:
    """Whether one of the entries of a Resource element covers the resource."""
    if "*" in entries:
        return TRUE
    return any_word(
        RESOURCE, Ask.ONE, [Word(WordKind.RESOURCE, entry, variables and "${" in entry) for entry in entries]
    )
