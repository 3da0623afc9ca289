"""Statements whose actions, resources and keys do not go together, by AWS's tables.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sagepass.catalog.actions import find_action, nearest_actions, takes_no_resource
from sagepass.catalog.condition_keys import condition_key, keys_of_action, template_matches
from sagepass.catalog.dates import catalog_date
from sagepass.jobs.lint.subject import Subject, few, verb
from sagepass.policy.statement import Condition, Element, Statement
from sagepass.proof.actions import action_mask, actions_in
from sagepass.proof.budget import Budget
from sagepass.proof.emptiness import find_text
from sagepass.proof.policy_formula import compiled
from sagepass.proof.shapes import documented
from sagepass.proof.statement_formula import Compiled
from sagepass.proof.word import Reading, Word, WordKind
from sagepass.proof.word_glob import matched_by
from sagepass.source.finding import Finding

_TAG_KEYS = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")
_ACTION, _RESOURCE = frozenset({"Action", "NotAction"}), frozenset({"Resource", "NotResource"})
_CONDITION = frozenset({"Condition"})
_MOST_ACTIONS = 400
"""Actions of one pattern that are looked at; a wider pattern surely holds one that fits."""


def lint_reach(subject: Subject, budget: Budget) -> Iterator[Finding]:
    """Actions that do not exist, that take no resource or another type, and keys that the actions never carry."""
    for item in compiled(subject.document):
        statement = item.statement
        told = _spoilt(statement)
        for element in statement.actions if not told & _ACTION else ():
            if element.value not in {"*", "*:*"} and not action_mask([element.value]):
                yield _no_such_action(subject, element)
            elif (
                not statement.not_action and not statement.not_resource and statement.resources and not told & _RESOURCE
            ):
                yield from _resources(subject, statement, element, budget)
        for condition in statement.conditions if not told & (_ACTION | _CONDITION) else ():
            budget.tick()
            yield from _key(subject, item, condition)


def _spoilt(statement: Statement) -> frozenset[str]:
    """The elements of a statement of which the reader has said what is wrong; the others can be looked at all the same."""
    start = len(statement.route)
    return frozenset(str(step) for defect in statement.defects for step in defect.route[start : start + 1])


def _no_such_action(subject: Subject, element: Element) -> Finding:
    near = nearest_actions(element.value, 1)
    return subject.finding(
        "LINT_NO_SUCH_ACTION",
        element.route,
        f"{element.value} matches no action that AWS lists (catalog of {catalog_date()})",
        f"did you mean {near[0]}?" if near else "check the name in the Service Authorization Reference",
    )


def _resources(subject: Subject, statement: Statement, element: Element, budget: Budget) -> Iterator[Finding]:
    """An action none of whose resources can be one of the statement's."""
    resources = statement.resources or ()
    if any(entry.value == "*" for entry in resources):
        return
    mask = action_mask([element.value])
    if mask.bit_count() > _MOST_ACTIONS:
        return
    actions = list(actions_in(mask))
    if any(_fits(action, resources, budget) for action in actions):
        return
    if all(takes_no_resource(action) for action in actions):
        yield subject.finding(
            "LINT_NEEDS_STAR",
            element.route,
            f"{few(actions)} takes no resource, so on {few(e.value for e in resources)} this {verb(statement)} nothing",
            'move it to a statement with "Resource": "*"',
        )
        return
    kinds = few(
        sorted({use.type for action in actions if (found := find_action(action)) for use in found.resource_types})
    )
    yield subject.finding(
        "LINT_RESOURCE_TYPE",
        element.route,
        f"{few(actions)} is about {kinds}, and none of the resources can be one: this {verb(statement)} nothing",
        f"name resources of type {kinds}",
    )


def _fits(action: str, resources: tuple[Element, ...], budget: Budget) -> bool:
    """Whether some entry and some ARN form of the action have an ARN in common."""
    (forms,) = documented(action).groups
    shapes = frozenset(glob for form in forms if (glob := matched_by(form, Reading.ACROSS, positive=True)))
    words = (_entry(entry.value) for entry in resources)
    entries = frozenset(glob for word in words if (glob := matched_by(word, Reading.ACROSS, positive=True)))
    return find_text([shapes, entries], frozenset(), budget) is not None


def _entry(text: str) -> Word:
    """An entry component by component, as it is meant: a wildcard for the Region is no part of a name."""
    return Word(WordKind.ARN if text.count(":") >= 5 else WordKind.RESOURCE, text, variables=True)


def _key(subject: Subject, item: Compiled, condition: Condition) -> Iterator[Finding]:
    """A key that none of the actions carries; the effect depends on what the operator makes of an absent key."""
    key, known = condition.key.lower(), condition_key(condition.key)
    if known is None and "tag/" in key:
        return
    if known is None:
        yield subject.finding(
            "LINT_KEY_NEVER_PRESENT",
            condition.route,
            f"AWS defines no condition key {condition.key}, so no request carries it",
            "correct its name, or remove the condition",
        )
        return
    if (known.is_global and not key.startswith(_TAG_KEYS)) or _is_claim(key) or item.statement.not_action:
        return
    for element in item.statement.actions:
        mask = action_mask([element.value])
        actions = list(actions_in(mask)) if mask.bit_count() <= _MOST_ACTIONS else []
        if not actions or any(_carries(action, key) for action in actions):
            continue
        effect = (
            "the condition always holds for it"
            if condition.operator.base.negated or condition.operator.if_exists
            else f"this {verb(item.statement)} nothing for it"
        )
        yield subject.finding(
            "LINT_KEY_NEVER_PRESENT",
            condition.route,
            f"{few(actions)} does not carry {condition.key} by AWS's tables, so {effect}",
            "move the action to a statement without this condition, or use a key that it carries",
        )


def _is_claim(key: str) -> bool:
    """Whether a key is a claim of an OIDC provider, whose host stands before the colon; AWS cannot list all providers.

    The request with the token carries it, and so do those of the session
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
    """
    return "." in key.partition(":")[0]


def _carries(action: str, key: str) -> bool:
    known = keys_of_action(action)
    return known is None or any(template_matches(template, key) for template in known)
