"""What one statement means, prepared for many questions; statements that mean the same share one.

It answers what :func:`sagepass.policy.match_statement.match_statement` answers, without saying why. Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from collections.abc import Hashable
from weakref import WeakValueDictionary

from sagepass.policy.action_entries import ActionEntries
from sagepass.policy.conditions.condition_test import ConditionTest
from sagepass.policy.conditions.operator import Quantifier
from sagepass.policy.context import Context
from sagepass.policy.resource_entries import ResourceEntries
from sagepass.policy.resource_reading import ResourceReading, covers
from sagepass.policy.statement import Condition, Statement, StatementEffect
from sagepass.policy.truth import Truth

_POSITIVE_NAMES = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})


class StatementTest:
    """Whether a statement applies, apart from its Action and its Principal, which are looked up beforehand.

    Attributes:
        statement: one statement that means this; routes are those of that one.
        variables: policy variables are in force.
        denies: its effect is Deny.
        actions: the Action or NotAction entries.
        resources: the Resource or NotResource entries; ``None`` if it applies to whatever it is attached to.
        conditions: the cheap ones first.
        unconditional: it has no conditions and covers every resource.
        plain: it names no principal and has no defect, so that :meth:`truth` alone tells whether it applies.
        names_principals: it has a Principal or NotPrincipal element.
        not_resource: the entries are those of NotResource.
        names_principal_arn: a positive condition on ``aws:PrincipalArn``: with Principal ``*``, boundary and session policy
            do not limit the grant
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
        needs: all condition keys that it asks for, in lower case.
        defective: AWS would refuse it, and only the full match tells what it comes to.
    """

    __slots__ = (
        "__weakref__", "_narrows", "actions", "conditions", "defective", "denies", "names_principal_arn", "names_principals",
        "needs", "not_resource",
        "plain", "resources", "statement", "unconditional", "variables",
    )  # fmt: skip

    def __init__(self, statement: Statement, *, variables: bool) -> None:
        self.statement = statement
        self.variables = variables
        self.denies = statement.effect is StatementEffect.DENY
        self.defective = bool(statement.defects)
        self.actions = ActionEntries(element.value for element in statement.actions)
        entries = statement.resources
        self.resources = None if entries is None else ResourceEntries((e.value for e in entries), variables=variables)
        tests = [ConditionTest(condition, variables=variables) for condition in statement.conditions]
        self.conditions = tuple(sorted(tests, key=lambda test: test.has_variables))
        covers_all = self.resources is None or (self.resources.everything and not statement.not_resource)
        self._narrows = None if covers_all else self.resources
        self.unconditional = covers_all and not self.conditions and not self.defective
        self.names_principals = statement.principals is not None
        self.plain = not self.names_principals and not self.defective
        self.not_resource = statement.not_resource
        self.names_principal_arn = any(map(_names_principal_arn, statement.conditions))
        asked = {key for condition in self.conditions for key in condition.needs}
        self.needs = frozenset(asked | (self.resources.needs if self.resources is not None else frozenset()))

    @property
    def narrows(self) -> bool:
        """Whether it has a Resource or NotResource that leaves anything out."""
        return self._narrows is not None

    def fits_action(self, action: str) -> bool:
        """Whether the action, which is given in lower case, leaves the statement in play.

        For a defective statement that is always so: the defect may be in its actions.
        """
        return self.defective or self.actions.fit(action) is not self.statement.not_action

    def truth(self, resource: str, resource_is_set: bool, reading: ResourceReading, context: Context) -> Truth:
        """Whether resource and conditions fit; not for a defective statement."""
        lowest = Truth.TRUE
        for condition in self.conditions:
            truth = condition.truth(context)
            if truth < lowest:
                if truth is Truth.FALSE:
                    return truth
                lowest = truth
        if self._narrows is None:
            return lowest
        fits = self.resource_truth(resource, resource_is_set, reading, context)
        return fits if fits < lowest else lowest  # noqa: FURB136 - half a million times a second

    def resource_truth(self, resource: str, resource_is_set: bool, reading: ResourceReading, context: Context) -> Truth:
        """Whether the resource fits, whatever the conditions say; not for a defective statement."""
        entries = self._narrows
        if entries is None:
            return Truth.TRUE
        fits = entries.truth_of_set(resource, context) if resource_is_set else entries.truth(resource, context)
        named = ~fits if self.not_resource else fits
        if reading is ResourceReading.NAMED:
            return named
        star = self.star_truth(context)
        return covers(reading, named=named, star=star, denies=self.denies, of_resource=self.names_principals)

    def star_truth(self, context: Context) -> Truth:
        """Whether the Resource or NotResource element covers ``*``; not for a defective statement."""
        entries = self._narrows
        if entries is None:
            return Truth.TRUE
        fits = entries.truth("*", context)
        return ~fits if self.not_resource else fits


def _names_principal_arn(condition: Condition) -> bool:
    operator = condition.operator
    return (
        condition.key.lower() == "aws:principalarn"
        and operator.base.value in _POSITIVE_NAMES
        and not operator.if_exists
        and operator.quantifier is Quantifier.NONE
    )


def statement_test(statement: Statement, *, variables: bool) -> StatementTest:
    """The test of a statement; the same one for all statements that mean the same.

    Args:
        statement: any; one with defects is shared with nobody.
        variables: whether policy variables are in force in its document.
    """
    if statement.defects:
        return StatementTest(statement, variables=variables)
    key = statement_meaning(statement, variables)
    found = _shared.get(key)
    if found is None:
        found = _shared[key] = StatementTest(statement, variables=variables)
    return found


_shared: WeakValueDictionary[Hashable, StatementTest] = WeakValueDictionary()


def statement_meaning(statement: Statement, variables: bool) -> Hashable:
    """What a statement says, without its name and its place; equal for statements that no request tells apart."""
    resources, principals = statement.resources, statement.principals
    return (
        variables,
        statement.effect,
        statement.not_action,
        tuple(element.value for element in statement.actions),
        statement.not_resource,
        None if resources is None else tuple(element.value for element in resources),
        statement.not_principal,
        None if principals is None else tuple((entry.form, entry.value) for entry in principals),
        tuple(
            (condition.operator, condition.key, tuple(element.value for element in condition.values))
            for condition in statement.conditions
        ),
    )
