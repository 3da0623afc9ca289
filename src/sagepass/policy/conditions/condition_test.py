"""One condition, prepared for many questions: only whether it holds, and what it answered before is kept.

The rules are those of :mod:`sagepass.policy.conditions.evaluate`, which also says why.
"""

from __future__ import annotations

from sagepass.policy.conditions.evaluate import null_truth, truth_of_value, truth_of_values, truth_when_absent
from sagepass.policy.conditions.operator import BaseOperator, Quantifier
from sagepass.policy.context import Context, Known, NoValue
from sagepass.policy.statement import Condition
from sagepass.policy.truth import Truth
from sagepass.policy.variables import variable_keys

_KEPT = 1024
"""Values whose answer is kept; a key with more (a time, a random name) starts anew."""


class ConditionTest:
    """Whether one condition holds.

    Attributes:
        key: in lower case.
        needs: all keys that it asks for, in lower case: its own, and those of policy variables.
        has_variables: the answer depends on other keys as well.
    """

    __slots__ = ("_absent", "_condition", "_kept", "_null", "_plain", "has_variables", "key", "needs")

    def __init__(self, condition: Condition, *, variables: bool) -> None:
        self._condition = condition
        self.key = condition.key.lower()
        named = {key.lower() for e in condition.values if "${" in e.value for key in variable_keys(e.value)}
        self.has_variables = variables and any("${" in element.value for element in condition.values)
        self.needs = frozenset({self.key, *named}) if self.has_variables else frozenset({self.key})
        self._null = condition.operator.base is BaseOperator.NULL
        self._absent = null_truth(condition, absent=True) if self._null else truth_when_absent(condition.operator)
        self._plain = condition.operator.quantifier is Quantifier.NONE
        self._kept: dict[str, Truth] = {}

    def truth(self, context: Context) -> Truth:
        """Whether it holds in this context."""
        found = context.state(self.key)
        if self.has_variables and not self._null and not isinstance(found, NoValue):
            return truth_of_values(self._condition.operator, found, lambda actual: self._fresh(actual, context))
        return self.truth_of(found)

    def truth_of(self, found: Known) -> Truth:
        """Whether it holds where this is known of its key; not for one with policy variables."""
        if isinstance(found, NoValue):
            return Truth.UNKNOWN if found is NoValue.UNKNOWN else self._absent
        if self._null:
            return null_truth(self._condition, absent=False)
        if self._plain and not found.multivalued:
            kept = self._kept.get(found.values[0])
            return kept if kept is not None else self._single(found.values[0])
        return truth_of_values(self._condition.operator, found, self._single)

    def _single(self, actual: str) -> Truth:
        kept = self._kept.get(actual)
        if kept is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            kept = self._kept[actual] = truth_of_value(self._condition, actual, _NOTHING, variables=False)
        return kept

    def _fresh(self, actual: str, context: Context) -> Truth:
        return truth_of_value(self._condition, actual, context, variables=True)


_NOTHING = Context(complete=True)
