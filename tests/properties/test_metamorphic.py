"""Changes of a case whose effect on the answer is known without knowing the answer.

Each property is asked of the engine, and of the reference semantics too, since a rule that both break would not show in
their comparison.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.generators.access_cases import access_cases
from tests.reference import evaluate

import sagepass

Case: TypeAlias = dict[str, Any]
Answer: TypeAlias = tuple[str, tuple[str, ...]]
Decide: TypeAlias = Callable[[Case], Answer]
DENIES = ("IMPLICIT_DENY", "EXPLICIT_DENY")
RANDOMS = st.randoms(use_true_random=False)


def _engine(case: Case) -> Answer:
    outcome = sagepass.run_case(case)
    return str(outcome.effect), tuple(map(str, outcome.decided_by))


def _reference(case: Case) -> Answer:
    verdict = evaluate(case)
    return verdict.effect, verdict.decided_by


pytestmark = pytest.mark.parametrize("decide", [_engine, _reference], ids=["engine", "reference"])
relaxed = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def _lists_of_policies(case: Case) -> Iterator[list[Any]]:
    """Every list of policies that are read as one: a kind, or a level of SCPs or RCPs."""
    for kind, held in case["policies"].items():
        if kind in ("service_control", "resource_control"):
            yield from (level["policies"] for level in held)
        else:
            yield held


def _documents(case: Case) -> list[dict[str, Any]]:
    return [policy["document"] for policies in _lists_of_policies(case) for policy in policies]


def _statements(case: Case, effect: str) -> list[dict[str, Any]]:
    return [
        statement for document in _documents(case) for statement in _listed(document) if statement["Effect"] == effect
    ]


def _listed(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements of a document, which from now on stand in a list."""
    if isinstance(document["Statement"], dict):
        document["Statement"] = [document["Statement"]]
    statements: list[dict[str, Any]] = document["Statement"]
    return statements


@given(case=access_cases(), rng=RANDOMS)
@relaxed
def test_order_does_not_matter(decide: Decide, case: Case, rng: Random) -> None:
    """Policies of a kind and statements of a policy are sets."""
    changed = copy.deepcopy(case)
    for policies in _lists_of_policies(changed):
        rng.shuffle(policies)
    for document in _documents(changed):
        rng.shuffle(_listed(document))
    assert decide(changed) == decide(case)


@given(case=access_cases(), rng=RANDOMS)
@relaxed
def test_saying_it_twice_does_not_matter(decide: Decide, case: Case, rng: Random) -> None:
    """A statement repeated, or moved to a policy of its own beside the first, changes nothing."""
    changed = copy.deepcopy(case)
    for policies in _lists_of_policies(changed):
        for policy in list(policies):
            statement = rng.choice(_listed(policy["document"]))
            if rng.random() < 0.5:
                policy["document"]["Statement"].append(statement)
            else:
                policies.append({"name": "again", "document": {**policy["document"], "Statement": statement}})
    assert decide(changed) == decide(case)


@given(case=access_cases(), other=access_cases(), rng=RANDOMS)
@relaxed
def test_a_deny_never_allows(decide: Decide, case: Case, other: Case, rng: Random) -> None:
    """A Deny added to a document never opens anything, and an explicit deny stays one."""
    before, _ = decide(case)
    after, _ = decide(_with_one_more(case, other, rng, "Deny"))
    assert after in {"EXPLICIT_DENY", "UNKNOWN", before}


@given(case=access_cases(), other=access_cases(), rng=RANDOMS)
@relaxed
def test_an_allow_never_denies(decide: Decide, case: Case, other: Case, rng: Random) -> None:
    """An Allow added to a document takes nothing away and overrides no explicit deny, NotPrincipal or not."""
    before, _ = decide(case)
    after, _ = decide(_with_one_more(case, other, rng, "Allow"))
    assert before != "ALLOW" or after == "ALLOW"
    assert (before == "EXPLICIT_DENY") == (after == "EXPLICIT_DENY")


def _with_one_more(case: Case, other: Case, rng: Random, effect: str) -> Case:
    """The case with one statement more, taken over from a policy of the same kind in the other case."""
    changed, donor = copy.deepcopy(case), copy.deepcopy(other)
    offers = [
        (document, statement)
        for kind, held in changed["policies"].items()
        for statement in _statements({"policies": {kind: donor["policies"].get(kind, [])}}, effect)
        for document in _documents({"policies": {kind: held}})
        if _names_resources(statement) == all(map(_names_resources, _listed(document)))
    ]
    assume(offers)
    document, statement = rng.choice(offers)
    _listed(document).append(statement)
    return changed


def _names_resources(statement: dict[str, Any]) -> bool:
    """Trust policies do not, all others do."""
    return "Resource" in statement or "NotResource" in statement


@given(case=access_cases(), element=st.sampled_from(["Action", "Resource"]))
@relaxed
def test_a_wider_allow_never_denies(decide: Decide, case: Case, element: str) -> None:
    """Allows for every action, or every resource, allow what the narrower ones did."""
    before, _ = decide(case)
    after, _ = decide(_widened(case, "Allow", element))
    assert before != "ALLOW" or after == "ALLOW"
    assert (before == "EXPLICIT_DENY") == (after == "EXPLICIT_DENY")


@given(case=access_cases(), element=st.sampled_from(["Action", "Resource"]))
@relaxed
def test_a_wider_deny_never_allows(decide: Decide, case: Case, element: str) -> None:
    """Denies for every action, or every resource, deny what the narrower ones did."""
    before, _ = decide(case)
    after, _ = decide(_widened(case, "Deny", element))
    assert after in {"EXPLICIT_DENY", "UNKNOWN", before}


def _widened(case: Case, effect: str, element: str) -> Case:
    changed = copy.deepcopy(case)
    for statement in _statements(changed, effect):
        if element in statement or f"Not{element}" in statement:
            statement.pop(f"Not{element}", None)
            statement[element] = "*"
    return changed


@given(case=access_cases())
@relaxed
def test_an_unconditional_allow_never_denies(decide: Decide, case: Case) -> None:
    """An Allow without its condition allows no less (but a wildcard that no longer asks for aws:PrincipalArn may become UNKNOWN)."""
    changed = copy.deepcopy(case)
    for statement in _statements(changed, "Allow"):
        statement.pop("Condition", None)
    before, _ = decide(case)
    after, _ = decide(changed)
    assert before != "ALLOW" or after not in DENIES


@given(case=access_cases())
@relaxed
def test_a_key_nobody_asks_for_does_not_matter(decide: Decide, case: Case) -> None:
    """A context key that no policy mentions changes nothing."""
    changed = copy.deepcopy(case)
    changed["request"]["context"] |= {"aws:Referer": "https://example.com/", "ec2:InstanceType": ["a", "b"]}
    assert decide(changed) == decide(case)


@given(case=access_cases(), rng=RANDOMS)
@relaxed
def test_case_of_names_does_not_matter(decide: Decide, case: Case, rng: Random) -> None:
    """Actions and condition keys are the same in any case, in the request and in the policies."""

    def spelled(name: str) -> str:
        return "".join(rng.choice((letter.lower(), letter.upper())) for letter in name)

    changed = copy.deepcopy(case)
    request = changed["request"]
    request["action"] = spelled(request["action"])
    request["context"] = {spelled(key): value for key, value in request["context"].items()}
    for statement in _statements(changed, "Allow") + _statements(changed, "Deny"):
        for operator, keys in statement.get("Condition", {}).items():
            statement["Condition"][operator] = {spelled(key): value for key, value in keys.items()}
    assert decide(changed) == decide(case)


@given(case=access_cases())
@relaxed
def test_account_id_and_root_arn_are_one(decide: Decide, case: Case) -> None:
    """The bare account id and the ARN ending in :root name the same principal."""
    changed = copy.deepcopy(case)
    for statement in _statements(changed, "Allow") + _statements(changed, "Deny"):
        for element in ("Principal", "NotPrincipal"):
            named = statement.get(element)
            if isinstance(named, dict) and "AWS" in named:
                names = named["AWS"] if isinstance(named["AWS"], list) else [named["AWS"]]
                named["AWS"] = [f"arn:aws:iam::{name}:root" if name.isdigit() else name for name in names]
    assert decide(changed) == decide(case)
