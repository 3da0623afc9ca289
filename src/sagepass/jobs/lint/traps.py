"""Statements that do more than they seem to: passed roles, absent keys, wide trust, confused deputies."""

from __future__ import annotations

from collections.abc import Iterator

from sagepass.catalog.condition_keys import condition_key
from sagepass.catalog.services import use_of_service_principal
from sagepass.catalog.shared_providers import CHOSEN, shared_provider
from sagepass.jobs.lint.subject import Subject, few, keys_of
from sagepass.policy.conditions.operator import BaseOperator, Quantifier
from sagepass.policy.conditions.without_set_operator import several_match_nothing
from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import Condition, PrincipalForm, Statement, StatementEffect
from sagepass.proof.actions import action_mask
from sagepass.proof.public import reachable_from_outside
from sagepass.source.finding import Finding, Severity

_SOURCE_KEYS = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
_TRUST, _RESOURCE = PolicyType.ROLE_TRUST_POLICY, PolicyType.RESOURCE_BASED_POLICY


def lint_traps(subject: Subject, *, seconds: float) -> Iterator[Finding]:
    """All of them for one policy."""
    told: set[int] = set()
    for item in subject.sound():
        yield from _set_operator(subject, item.statement)
        if item.statement.effect is not StatementEffect.ALLOW:
            continue
        if subject.policy_type not in {_TRUST, _RESOURCE}:
            yield from _pass_role(subject, item.statement, item.mask)
        yield from _for_all_values(subject, item.statement)
        if subject.policy_type in {_TRUST, _RESOURCE}:
            yield from _confused_deputy(subject, item.statement)
            of_provider = list(_provider(subject, item.statement))
            told |= {item.statement.index} if of_provider else set()
            yield from of_provider
    if subject.policy_type in {_TRUST, _RESOURCE}:
        yield from _wide(subject, seconds, told)


def _pass_role(subject: Subject, statement: Statement, mask: int) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html."""
    if not mask & action_mask(["iam:PassRole"]) or _limits(statement.conditions, "iam:passedtoservice"):
        return
    element = next((e for e in statement.actions if action_mask([e.value]) & action_mask(["iam:PassRole"])), None)
    every = any(entry.value == "*" for entry in statement.resources or ())
    what = "every role of the account" if every else few(entry.value for entry in statement.resources or ())
    yield subject.finding(
        "LINT_PASS_ROLE",
        element.route if element is not None else statement.route,
        f"{what} can be passed to any service: whoever has this has the rights of the role wherever it is taken",
        'add "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}, and name the roles',
    )


def _limits(conditions: tuple[Condition, ...], key: str) -> bool:
    """Whether a condition asks for certain values of a key."""
    return any(
        condition.key.lower() == key
        and not condition.operator.base.negated
        and not condition.operator.if_exists
        and condition.operator.base is not BaseOperator.NULL
        and condition.operator.quantifier is not Quantifier.FOR_ALL_VALUES
        for condition in conditions
    )


def _for_all_values(subject: Subject, statement: Statement) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html."""
    for condition in statement.conditions:
        if condition.operator.quantifier is not Quantifier.FOR_ALL_VALUES:
            continue
        guarded = any(
            other.key.lower() == condition.key.lower()
            and (other.operator.base is BaseOperator.NULL or other.operator.quantifier is Quantifier.FOR_ANY_VALUE)
            for other in statement.conditions
        )
        if not guarded:
            yield subject.finding(
                "LINT_FOR_ALL_VALUES",
                condition.route,
                f"{condition.operator} also holds where the request does not carry {condition.key}",
                f'add "Null": {{"{condition.key}": "false"}} beside it',
            )


def _set_operator(subject: Subject, statement: Statement) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, missing qualifier."""
    for condition in statement.conditions:
        operator, known = condition.operator, condition_key(condition.key)
        plain = operator.quantifier is Quantifier.NONE and operator.base is not BaseOperator.NULL
        if plain and known is not None and known.multivalued:
            nothing = several_match_nothing(operator.base, condition.key.lower())
            several = "several match nothing" if nothing else "AWS does not say what several match"
            yield subject.finding(
                "LINT_SET_OPERATOR",
                condition.route,
                f"{condition.key} can hold several values, and {operator} stands without a set operator: {several}",
                f"write ForAllValues:{operator} if every value has to pass, ForAnyValue:{operator} if one is enough",
            )


def _confused_deputy(subject: Subject, statement: Statement) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html."""
    if keys_of(statement.conditions) & _SOURCE_KEYS:
        return
    for entry in statement.principals or ():
        if entry.form is not PrincipalForm.SERVICE:
            continue
        if subject.policy_type is _RESOURCE or use_of_service_principal(entry.value) is not None:
            yield subject.finding(
                "LINT_CONFUSED_DEPUTY",
                entry.route,
                f"{entry.value} may act here for any account that asks it to",
                'add "StringEquals": {"aws:SourceAccount": "ACCOUNT"}, or ArnLike on aws:SourceArn',
            )


def _provider(subject: Subject, statement: Statement) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html, and the page on shared providers."""
    for entry in statement.principals or ():
        if entry.form is not PrincipalForm.FEDERATED or ":saml-provider/" in entry.value:
            continue
        host = entry.value.partition(":oidc-provider/")[2].partition("/")[0].lower()
        if any(_tells_tenants_apart(condition, host) for condition in statement.conditions):
            continue
        if not any(key.endswith((":sub", ":aud", ":amr")) for key in keys_of(statement.conditions)):
            who, lacking = f"every identity of {entry.value}", "no condition on its sub or aud"
        elif (shared := shared_provider(entry.value)) is not None and shared.chosen:
            who, lacking = (
                f"every customer of {host}",
                "whoever asks it for a token chooses the aud, and no sub is asked for",
            )
        else:
            continue
        yield subject.finding(
            "LINT_TRUST_WIDE",
            entry.route,
            f"{who} may assume the role: {lacking}",
            "limit the sub claim to the identities that are meant, and aud to your client",
            Severity.ERROR,
        )


def _tells_tenants_apart(condition: Condition, host: str) -> bool:
    """Whether a condition asks for a claim by which the provider tells its customers apart."""
    key = condition.key.lower()
    claim = key.rpartition(":")[2]
    if not key.startswith((f"{host}:", f"{host}/")) or claim in CHOSEN or not _limits((condition,), key):
        return False
    return any(set(element.value) - set("*?") for element in condition.values)


def _wide(subject: Subject, seconds: float, told: set[int]) -> Iterator[Finding]:
    """Everybody gets in: proven with a caller whom the policy does not name; of other statements than were told of."""
    answer = reachable_from_outside(subject.document, subject.policy_type, seconds=seconds)
    seen = set(told)
    for difference in answer.differences:
        for place in difference.by:
            if place.index in seen:
                continue
            seen.add(place.index)
            witness = difference.witness
            what = "assume this role" if subject.policy_type is _TRUST else f"{witness.action} {witness.resource}"
            shared = shared_provider(witness.principal)
            example = witness.principal
            if shared is not None:
                key = f"{shared.host}:{shared.claim}"
                example = f"with {key} = {witness.context.get(key)}"
            yield subject.finding(
                "LINT_TRUST_WIDE",
                subject.document.statements[place.index].route,
                f"{difference.who} can {what}, for example {example}",
                "name the principals, or add a condition on aws:PrincipalOrgID or aws:PrincipalAccount"
                if shared is None
                else f"write the name in {shared.host}:{shared.claim} in full; a * may follow what ends it",
                Severity.ERROR,
            )
