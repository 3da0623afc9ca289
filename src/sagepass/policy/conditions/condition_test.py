"""One condition, prepared for many questions: only whether it holds, and what it answered before is kept.

The rules are those of :mod:`sagepass.policy.conditions.evaluate`, which also says why.
"""

from __future__ import annotations

from sagepass.policy.conditions.evaluate import null_truth, truth_of_value, truth_of_values, truth_when_absent
from sagepass.policy.conditions.operator import BaseOperator
from sagepass.policy.context import NO_CONTEXT, Context, KeyValue, Known, NoValue
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
        kept_texts: what it answered, by the one text of its key; empty where it has policy variables.
    """

    __slots__ = (
        "_absent",
        "_condition",
        "_kept",
        "_kept_of_many",
        "_null",
        "has_variables",
        "kept_texts",
        "key",
        "needs",
    )

    def __init__(self, condition: Condition, *, variables: bool) -> None:
        self._condition = condition
        self.key = condition.key.lower()
        self._null = condition.operator.base is BaseOperator.NULL
        self._absent = null_truth(condition, absent=True) if self._null else truth_when_absent(condition.operator)
        templates = [e.value for e in condition.values if "${" in e.value] if variables and not self._null else []
        self.has_variables = bool(templates)
        self.needs = frozenset({self.key, *(key.lower() for text in templates for key in variable_keys(text))})
        self.kept_texts: dict[str, Truth] = {}
        self._kept: dict[tuple[str, ...], Truth] = {}
        self._kept_of_many: dict[tuple[str, ...], Truth] = {}

    def truth(self, context: Context) -> Truth:
        """Whether it holds in this context."""
        text = context.text(self.key)
        if text is not None:
            kept = self.kept_texts.get(text)
            if kept is not None:
                return kept
        found = context.state(self.key)
        if found is _ABSENT:
            return self._absent
        if self.has_variables and not isinstance(found, NoValue):
            return truth_of_values(self._condition.operator, found, lambda actual: self._fresh(actual, context))
        truth = self.truth_of(found)
        if text is not None:
            if len(self.kept_texts) >= _KEPT:
                self.kept_texts.clear()
            self.kept_texts[text] = truth
        return truth

    def truth_of(self, found: Known) -> Truth:
        """Whether it holds where this is known of its key; not for one with policy variables."""
        if found is _ABSENT:
            return self._absent
        if isinstance(found, NoValue):
            return Truth.UNKNOWN
        kept = self._kept_of_many if found.multivalued else self._kept
        truth = kept.get(found.values)
        if truth is None:
            if len(kept) >= _KEPT:
                kept.clear()
            truth = kept[found.values] = self._work_out(found)
        return truth

    def _work_out(self, found: KeyValue) -> Truth:
        if self._null:
            return null_truth(self._condition, absent=False)
        return truth_of_values(self._condition.operator, found, self._single)

    def _single(self, actual: str) -> Truth:
        return truth_of_value(self._condition, actual, NO_CONTEXT, variables=False)

    def _fresh(self, actual: str, context: Context) -> Truth:
        return truth_of_value(self._condition, actual, context, variables=True)


_ABSENT = NoValue.ABSENT
