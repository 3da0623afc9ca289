"""One statement as a formula: its resource, its conditions and its principal, each a statement about one variable.

The action is kept apart: it is a set of listed actions, or in the open world an atom like the others.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sagepass.catalog.condition_keys import condition_key
from sagepass.engine.derive_context import derive_context
from sagepass.engine.request import Request
from sagepass.policy.arn import account_of, is_account_id
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.conditions.evaluate import evaluate_condition
from sagepass.policy.conditions.null import asks_for
from sagepass.policy.conditions.operator import BaseOperator, Operator, Quantifier
from sagepass.policy.context import Context
from sagepass.policy.document import Document
from sagepass.policy.match_principal import Naming, match_principals, not_principal_applies
from sagepass.policy.statement import Condition, PrincipalEntry, PrincipalForm, Statement
from sagepass.policy.truth import Truth
from sagepass.proof.actions import action_mask, every_action
from sagepass.proof.atom import ACTION, FREE, RESOURCE, Ask, atom
from sagepass.proof.formula import FALSE, TRUE, Formula, both, either, lit, negated
from sagepass.proof.values import Domain, Values, values_of
from sagepass.proof.who import PRINCIPAL_ARN, Side, Who
from sagepass.proof.word import Word, WordKind, is_exact

_UNNAMED_SESSION = "-" * 65
"""One character longer than a session name can be, so that no policy names it
(https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)."""
HAS_BOUNDARY = "the caller has a permissions boundary"
_PRINCIPAL_KEYS = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:username",
        "aws:principalisawsservice",
        "aws:principalservicename",
    }
)
"""Keys that follow from the caller alone (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)."""


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

    def formula(self, who: Who | None) -> Formula:
        """Resource, conditions and principal, for one caller; ``None`` for a caller of whom nothing is known."""
        parts = [self.rest]
        if who is not None and self.statement.principals is not None:
            parts.insert(0, self._principal(who))
        variables = self.document.variables_enabled
        parts += [_caller_condition(condition, who, variables=variables) for condition in self.about_caller]
        return both(parts)

    def _principal(self, who: Who) -> Formula:
        if self.statement.not_principal:
            return principal_formula(self.statement, who)
        return _means(self._candidates(who), who)

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
        parts.append(_unknown(f"{document.origin.name}: {statement.defects[0].message}", statement))
    if statement.resources is not None:
        entries = tuple(element.value for element in statement.resources)
        found = resources_formula(entries, variables)
        parts.append(negated(found) if statement.not_resource else found)
    about_caller: list[Condition] = []
    for condition in statement.conditions:
        if condition.key.lower() in _PRINCIPAL_KEYS:
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


def _unknown(name: str, owner: object) -> Formula:
    """Something of which nothing is known; the same only for the very same object, which lives as long as the atom."""
    made = atom(FREE, Ask.FREE, name=f"{name}\0{id(owner)}")
    made.__dict__["owner"] = owner
    return lit(made)


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
    return _any_word(
        RESOURCE, Ask.ONE, [Word(WordKind.RESOURCE, entry, variables and "${" in entry) for entry in entries]
    )


def _any_word(variable: str, ask: Ask, words: list[Word]) -> Formula:
    """One atom for all exact words together, and one for each of the others, so that the same one is one atom."""
    exact = frozenset(word for word in words if is_exact(word))
    found = [lit(atom(variable, ask, Values(Domain.TEXT, words=exact)))] if exact else []
    found += [
        lit(atom(variable, ask, Values(Domain.TEXT, words=frozenset({word})))) for word in words if not is_exact(word)
    ]
    return either(found)


def condition_formula(condition: Condition, *, variables: bool) -> Formula:
    """One condition as a formula about its key.

    Missing keys, IfExists, negation and the set operators are all put into presence, "one of the values", "every value";
    source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    values = tuple(element.value for element in condition.values)
    operator = condition.operator
    return _condition(operator, condition.key.lower(), values, variables=variables)


@lru_cache(maxsize=16384)
def _condition(operator: Operator, key: str, values: tuple[str, ...], *, variables: bool) -> Formula:
    base, quantifier, if_exists = operator.base, operator.quantifier, operator.if_exists
    present = lit(atom(key, Ask.PRESENT))
    if base is BaseOperator.NULL:
        kept = [negated(present)] if any(asks_for(value, absent=True) for value in values) else []
        kept += [present] if any(asks_for(value, absent=False) for value in values) else []
        return either(kept)
    several = is_multivalued(key) or (quantifier is not Quantifier.NONE and condition_key(key) is None)
    if base is BaseOperator.BOOL and variables and any("${" in value for value in values):
        return both([present, _undocumented("Bool with a policy variable", base, key, values)])
    if quantifier is Quantifier.NONE and is_multivalued(key):
        name = f"{key} can hold several values and stands without ForAllValues or ForAnyValue"
        open_part = _undocumented(name, base, key, values)
        return either([both([present, open_part]), *([negated(present)] if base.negated or if_exists else [])])
    some = Ask.SOME if several else Ask.ONE
    match quantifier:
        case Quantifier.NONE:
            found = _some_of(key, some, base, values, variables)
            if base.negated:
                return negated(found)
            return either([negated(present), found]) if if_exists else found
        case Quantifier.FOR_ANY_VALUE if not base.negated:
            return _some_of(key, some, base, values, variables)
        case Quantifier.FOR_ANY_VALUE:
            return negated(_every_of(key, several, base, values, variables))
        case Quantifier.FOR_ALL_VALUES if not base.negated:
            return _every_of(key, several, base, values, variables)
        case _:
            return negated(_some_of(key, some, base, values, variables))


def _undocumented(name: str, base: BaseOperator, key: str, values: tuple[str, ...]) -> Formula:
    return lit(atom(FREE, Ask.FREE, name=f"{name}\0{base} {key} {values}"))


def is_multivalued(key: str) -> bool:
    """Whether AWS lists the key as one that can hold several values."""
    known = condition_key(key)
    return known is not None and known.multivalued


def _some_of(key: str, ask: Ask, base: BaseOperator, values: tuple[str, ...], variables: bool) -> Formula:
    found = [values_of(base, value, variables=variables and "${" in value) for value in values]
    spans = [item for item in found if item.domain is not Domain.TEXT]
    if spans:
        joined = Values(spans[0].domain, spans=frozenset().union(*(item.spans for item in spans)))
        return lit(atom(key, ask, joined))
    words = [word for item in found for word in item.words]
    return _any_word(key, ask, words) if words else FALSE


def _every_of(key: str, several: bool, base: BaseOperator, values: tuple[str, ...], variables: bool) -> Formula:
    """Absent, or every value is one of these; a key with one value at most needs no atom of its own for that."""
    if not several:
        return either([negated(lit(atom(key, Ask.PRESENT))), _some_of(key, Ask.ONE, base, values, variables)])
    found = [values_of(base, value, variables=variables and "${" in value) for value in values]
    joined = Values(
        found[0].domain if found else Domain.TEXT,
        words=frozenset[Word]().union(*(item.words for item in found)),
        spans=frozenset().union(*(item.spans for item in found)),
    )
    return lit(atom(key, Ask.EVERY, joined))


def principal_formula(statement: Statement, who: Who) -> Formula:
    """Whether the Principal or NotPrincipal element means this caller."""
    assert statement.principals is not None
    if statement.not_principal:
        acting = _acting(who.caller)
        without = not_principal_applies(statement.principals, acting, has_boundary=Truth.FALSE)
        with_boundary = not_principal_applies(statement.principals, acting, has_boundary=Truth.TRUE)
        if Truth.UNKNOWN in {without, with_boundary}:
            return _unknown("whose canonical user id this is cannot be told from a policy", statement)
        if without is with_boundary:
            return TRUE if without is Truth.TRUE else FALSE
        return lit(atom(FREE, Ask.FACT, name=HAS_BOUNDARY))
    return _means(statement.principals, who)


def _acting(caller: Caller) -> Caller:
    """A role acts through its sessions, each with a name of its own; those that a policy names are looked at by themselves."""
    if caller.kind is not CallerKind.ROLE:
        return caller
    place = f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.name}"
    return parse_caller(f"{place}/{_UNNAMED_SESSION}").known_as(path=caller.path)


def _means(entries: tuple[PrincipalEntry, ...], who: Who) -> Formula:
    """Whether one of the entries names the caller."""
    found = match_principals(entries, who.caller)
    if found.naming is not Naming.NOT_AT_ALL:
        return TRUE
    if found.undecided is not None:
        return lit(atom(FREE, Ask.FREE, name=f"whether {found.undecided.value} is this caller"))
    return FALSE


def _caller_condition(condition: Condition, who: Who | None, *, variables: bool) -> Formula:
    """A condition on a key that follows from the caller: decided where the caller is fixed, else about one ARN."""
    key = condition.key.lower()
    if who is None or (who.bound.groups and key == PRINCIPAL_ARN):
        return condition_formula(condition, variables=variables)
    if any("${" in element.value for element in condition.values) and variables:
        return condition_formula(condition, variables=variables)
    if key == "aws:principalservicename" and who.side is Side.SERVICE:
        return condition_formula(condition, variables=variables)
    if who.bound.groups and key == "aws:principalaccount" and who.account is None:
        return _account_condition(condition)
    if who.bound.groups and key == "aws:username":
        return condition_formula(condition, variables=variables)
    truth = evaluate_condition(condition, caller_context(who.caller), variables=variables).truth
    match truth:
        case Truth.TRUE:
            return TRUE
        case Truth.FALSE:
            return FALSE
        case Truth.UNKNOWN:
            values = ", ".join(element.value for element in condition.values)
            return _unknown(f"what {condition.operator} {condition.key} {values} matches is not documented", condition)


@lru_cache(maxsize=1024)
def caller_context(caller: Caller) -> Context:
    """The keys that follow from a caller."""
    request = Request(principal=caller.arn, action="", resource="*", context_complete=True)
    return derive_context(request, caller, None, None)


def _account_condition(condition: Condition) -> Formula:
    """``aws:PrincipalAccount`` of a caller of any account: a component of the caller's ARN."""
    operator = condition.operator
    kinds = {"StringEquals": WordKind.EQUALS, "StringLike": WordKind.LIKE, "StringEqualsIgnoreCase": WordKind.FOLDED}
    kind = kinds.get(operator.base.value.replace("Not", ""))
    if kind is None:
        return condition_formula(condition, variables=False)
    words = [Word(kind, element.value, component=4) for element in condition.values]
    found = _any_word(PRINCIPAL_ARN, Ask.ONE, words)
    return negated(found) if operator.base.negated else found
