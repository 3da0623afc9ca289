"""Who calls, as a formula: Principal and NotPrincipal elements, and conditions on keys that follow from the caller.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from functools import lru_cache

from sagepass.engine.derive_context import derive_context
from sagepass.engine.request import Request
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.conditions.evaluate import evaluate_condition
from sagepass.policy.context import Context
from sagepass.policy.match_principal import Naming, match_principals, not_principal_applies
from sagepass.policy.statement import Condition, PrincipalEntry, Statement
from sagepass.policy.truth import Truth
from sagepass.proof.atom import FREE, Ask, atom
from sagepass.proof.condition_formula import any_word, condition_formula, unknown
from sagepass.proof.formula import FALSE, TRUE, Formula, lit, negated
from sagepass.proof.who import PRINCIPAL_ARN, Side, Who
from sagepass.proof.word import Word, WordKind

_UNNAMED_SESSION = "-" * 65
"""One character longer than a session name can be, so that no policy names it
(https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)."""
HAS_BOUNDARY = "the caller has a permissions boundary"
PRINCIPAL_KEYS = frozenset(
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


def principal_formula(statement: Statement, who: Who) -> Formula:
    """Whether the Principal or NotPrincipal element means this caller."""
    assert statement.principals is not None
    if statement.not_principal:
        acting = _acting(who.caller)
        without = not_principal_applies(statement.principals, acting, has_boundary=Truth.FALSE)
        with_boundary = not_principal_applies(statement.principals, acting, has_boundary=Truth.TRUE)
        if Truth.UNKNOWN in {without, with_boundary}:
            return unknown("whose canonical user id this is cannot be told from a policy", statement)
        if without is with_boundary:
            return TRUE if without is Truth.TRUE else FALSE
        return lit(atom(FREE, Ask.FACT, name=HAS_BOUNDARY))
    return means(statement.principals, who)


def _acting(caller: Caller) -> Caller:
    """A role acts through its sessions, each with a name of its own; those that a policy names are looked at by themselves."""
    if caller.kind is not CallerKind.ROLE:
        return caller
    place = f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.name}"
    return parse_caller(f"{place}/{_UNNAMED_SESSION}").known_as(path=caller.path)


def means(entries: tuple[PrincipalEntry, ...], who: Who) -> Formula:
    """Whether one of the entries names the caller."""
    found = match_principals(entries, who.caller)
    if found.naming is not Naming.NOT_AT_ALL:
        return TRUE
    if found.undecided is not None:
        return lit(atom(FREE, Ask.FREE, name=f"whether {found.undecided.value} is this caller"))
    return FALSE


def caller_condition(condition: Condition, who: Who | None, *, variables: bool) -> Formula:
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
            return unknown(f"what {condition.operator} {condition.key} {values} matches is not documented", condition)


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
    found = any_word(PRINCIPAL_ARN, Ask.ONE, words)
    return negated(found) if operator.base.negated else found
