"""One statement as a formula: its resource, its conditions and its principal, each a statement about one variable.

The action is kept apart: it is a set of listed actions, or in the open world an atom like the others.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sagepass.policy.arn import account_of, is_account_id
from sagepass.policy.document import Document
from sagepass.policy.match_principal import Naming, match_principals
from sagepass.policy.statement import Condition, PrincipalEntry, PrincipalForm, Statement
from sagepass.proof.actions import action_mask, every_action, names_unlisted
from sagepass.proof.atom import ACTION, RESOURCE, Ask, atom
from sagepass.proof.caller_formula import PRINCIPAL_KEYS, caller_condition, means, principal_formula
from sagepass.proof.condition_formula import any_word, condition_formula, unknown
from sagepass.proof.formula import TRUE, Formula, both, lit, negated
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
        rest: its resource and its conditions, as far as they do not depend on who calls.
        about_caller: the conditions that do.
    """

    statement: Statement
    document: Document
    action: Formula
    rest: Formula
    about_caller: tuple[Condition, ...]

    @cached_property
    def mask(self) -> int:
        """The listed actions that it is about."""
        mask = action_mask(element.value for element in self.statement.actions)
        return every_action() & (~mask if self.statement.not_action else mask)

    @cached_property
    def names_unlisted(self) -> bool:
        """Whether it can be about actions that AWS does not list."""
        return names_unlisted(self.statement)

    def formula(self, who: Who | None) -> Formula:
        """Resource, conditions and principal, for one caller; ``None`` for a caller of whom nothing is known."""
        parts = [self.rest]
        if who is not None and self.statement.principals is not None:
            parts.insert(0, self._principal(who))
        variables = self.document.variables_enabled
        parts += [caller_condition(condition, who, variables=variables) for condition in self.about_caller]
        return both(parts)

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


def compile_statement(statement: Statement, document: Document) -> Compiled:
    """Make one statement ready for proofs."""
    variables = document.variables_enabled
    parts: list[Formula] = []
    if statement.defects:
        parts.append(unknown(f"{document.origin.name}: {statement.defects[0].message}", statement))
    if statement.resources is not None:
        entries = tuple(element.value for element in statement.resources)
        found = resources_formula(entries, variables)
        parts.append(negated(found) if statement.not_resource else found)
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
        rest=both(parts),
        about_caller=tuple(about_caller),
    )


def _action(statement: Statement) -> Formula:
    found = actions_formula(tuple(element.value for element in statement.actions))
    return negated(found) if statement.not_action else found


@lru_cache(maxsize=8192)
def actions_formula(patterns: tuple[str, ...]) -> Formula:
    """Whether one of the patterns of an Action element matches the action."""
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
