"""What is prepared for many questions answers as the plain rule does, and no pattern makes it slow."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagepass.policy.action_entries import ActionEntries
from sagepass.policy.conditions.condition_test import ConditionTest
from sagepass.policy.conditions.evaluate import evaluate_condition
from sagepass.policy.conditions.operator import BaseOperator, Operator, Quantifier
from sagepass.policy.context import Context, context_from
from sagepass.policy.glob import matches, read_pattern
from sagepass.policy.glob_expression import matcher_of, matcher_within_segments
from sagepass.policy.match_action import action_matches
from sagepass.policy.match_resource import match_resource, within_segments
from sagepass.policy.resource_entries import ResourceEntries, is_set
from sagepass.policy.statement import Condition, Element
from sagepass.policy.truth import Truth, any_of

patterns = st.text("ab:*?", max_size=9)
texts = st.text("ab:", max_size=9)
entries = st.lists(st.one_of(patterns, st.sampled_from(["a${aws:username}*", "${aws:username}", "*${k}b"])), max_size=4)
contexts = st.fixed_dictionaries({}, optional={"aws:username": st.sampled_from(["a", "ab", "*"]), "k": st.none()})


@given(st.lists(patterns, min_size=1, max_size=4), texts)
def test_expression(given_patterns: list[str], text: str) -> None:
    """The expression for many patterns matches what one of them does."""
    read = [read_pattern(pattern) for pattern in given_patterns]

    assert (matcher_of(read)(text) is not None) is any(matches(pattern, text) for pattern in read)


@given(patterns, texts)
def test_expression_within_segments(pattern: str, text: str) -> None:
    """What the expression within segments finds is a match within segments."""
    read = read_pattern(pattern)
    if matcher_within_segments([read])(text) is not None:
        assert matches(read, text)
        assert within_segments(read, text)


@given(st.lists(st.text("Ab:*?", max_size=6), max_size=4), st.text("aB:", max_size=6))
def test_actions(values: list[str], action: str) -> None:
    """Prepared Action entries cover what one of them covers, without regard to case."""
    assert ActionEntries(values).fit(action.lower()) is any(action_matches(value, action) for value in values)


@given(entries, st.one_of(texts, patterns), contexts, st.booleans(), st.integers(1, 40))
def test_resources(
    values: list[str], resource: str, given_context: dict[str, object], variables: bool, asked: int
) -> None:
    """Prepared Resource entries answer as the best of them, before and after an expression was made for all of them."""
    context = context_from(given_context, complete=False)
    prepared = ResourceEntries(values, variables=variables)
    wanted = any_of(match_resource(value, resource, context, variables=variables).truth for value in values)
    ask = prepared.truth_of_set if is_set(resource) else prepared.truth

    assert {ask(resource, context) for _ in range(asked)} == {wanted}


operators = st.builds(
    Operator,
    base=st.sampled_from(BaseOperator),
    quantifier=st.sampled_from(Quantifier),
    if_exists=st.booleans(),
)
values = st.sampled_from(
    ["a", "A", "a*", "${k}", "${k, 'a'}", "true", "10", "2026-01-01", "10.0.0.0/8", "10.1.2.3", "arn:aws:s3:::a", "arn:aws:s3:::${k}"]
)  # fmt: skip
held = st.one_of(st.none(), values, st.lists(values, max_size=2))


@given(operators, st.lists(values, min_size=1, max_size=3), st.lists(held, min_size=1, max_size=4), held, st.booleans())
def test_conditions(
    operator: Operator, wanted: list[str], actual: list[object], other: object, variables: bool
) -> None:
    """A prepared condition answers as the plain one, one context after the other; what it keeps does no harm."""
    if operator.base is BaseOperator.NULL:
        operator = Operator(BaseOperator.NULL)
    elements = tuple(Element(value, ("v", number)) for number, value in enumerate(wanted))
    condition = Condition(operator=operator, key="Some:Key", values=elements, route=())
    prepared = ConditionTest(condition, variables=variables)
    for value in (*actual, *actual):
        for complete in (True, False):
            given_keys = {} if value == "a" and not complete else {"some:key": value}
            context: Context = context_from({**given_keys, "k": other}, complete=complete)

            assert prepared.truth(context) is evaluate_condition(condition, context, variables=variables).truth


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Ends a test that would run for hours; says nothing about speed otherwise."""

    def stop(_signal: int, _frame: object) -> None:
        pytest.fail(f"still running after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


HOSTILE = {
    "many runs": ("*a" * 800, "a" * 2000 + "b"),
    "runs and single characters": ("*?a" * 500 + "*c", "a" * 2000),
    "inside a segment": ("arn:aws:s3:::" + "*a*b" * 200 + "/*x", "arn:aws:s3:::" + "ab" * 1000),
    "across colons": ("*a:*b" * 200 + "*!", "a:b" * 700),
    "single characters": ("?" * 1500 + "*" + "?" * 400 + "z", "a" * 2000),
    "a long set": ("a*" * 100, "*a" * 60),
}


@pytest.mark.parametrize(("pattern", "text"), HOSTILE.values(), ids=HOSTILE)
def test_no_pattern_is_slow(pattern: str, text: str) -> None:
    """Patterns on which a backtracking matcher needs longer than the universe is old, by every way of matching."""
    with _within(60):
        prepared = ResourceEntries([pattern, f"x{pattern}"], variables=True)
        ask = prepared.truth_of_set if is_set(text) else prepared.truth
        answers = {ask(text, Context(complete=True)) for _ in range(30)}
        matcher_of([read_pattern(pattern)])(text)
        matcher_within_segments([read_pattern(pattern)])(text)

    assert answers == {match_resource(pattern, text, Context(complete=True), variables=True).truth}
    assert answers <= set(Truth)
