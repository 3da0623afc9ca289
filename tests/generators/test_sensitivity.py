"""An engine that gets one rule wrong is found out by the random cases: each rule is broken once, and must show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from tests.generators.access_cases import random_case
from tests.generators.agreement import _accepts
from tests.reference import Verdict, conditions, evaluate, patterns, request, semantics, statements
from tests.reference.request import ComparedAs, Kind
from tests.reference.statements import Naming

CASES = 4_000


@pytest.fixture(scope="module")
def answered() -> list[tuple[dict[str, Any], Verdict]]:
    """Random cases with the answers of the unbroken reference."""
    rng = Random(20261124)
    return [(case, evaluate(case)) for case in (random_case(rng) for _ in range(CASES))]


def _key_holds_but(when: Callable[..., bool], result: bool) -> Callable[..., bool]:
    honest = conditions._key_holds

    def broken(operator: str, values: tuple[str, ...], *rest: Any, **named: Any) -> bool:  # noqa: ANN401 - passed on
        return result if when(operator, values) else honest(operator, values, *rest, **named)

    return broken


def _without(naming: Naming) -> Callable[..., set[Naming]]:
    honest = semantics._namings
    return lambda case: honest(case) - {naming}


def _seen_as(naming: Naming, other: Naming) -> Callable[..., set[Naming]]:
    honest = semantics._namings
    return lambda case: {other if name is naming else name for name in honest(case)}


def _negated(operator: str) -> bool:
    return "Not" in operator


BROKEN: dict[str, tuple[Any, str, Any]] = {
    "E2 self-naming treated as naming the role": (semantics, "_namings", _seen_as(Naming.ITSELF, Naming.ROLE)),
    "E3 role treated as the session": (semantics, "_namings", _seen_as(Naming.ROLE, Naming.ITSELF)),
    "E4 aws:PrincipalArn not looked at": (semantics, "_namings", _seen_as(Naming.EVERYONE_BY_ARN, Naming.ROLE)),
    "E6 account treated as a direct grant": (semantics, "_namings", _seen_as(Naming.ACCOUNT, Naming.ROLE)),
    "E6 account treated as nothing": (semantics, "_namings", _without(Naming.ACCOUNT)),
    "E9 key and trust policies treated as any other": (semantics, "_needs_resource_policy", lambda _: False),
    "E10 accounts never differ": (semantics._Case, "same_account", property(lambda _: True)),
    "E11 SCPs for services": (semantics, "_scp_applies", lambda case: not case.request.is_service_linked),
    "E12 SCPs never": (semantics, "_scp_applies", lambda _: False),
    "E12 SCPs for service-linked roles": (request.Request, "is_service_linked", property(lambda _: False)),
    "E13 RCPs never": (semantics, "_rcp_applies", lambda _: False),
    "E13 RCPs always": (semantics, "_rcp_applies", lambda _: True),
    "E13 RCPs of every service": (semantics, "RCP_SERVICES", semantics.RCP_SERVICES | {"sagemaker", "iam"}),
    "E14 no session policy needed": (semantics, "_lacks_session_policy", lambda _: False),
    "E16 root as anybody": (semantics, "_identity_allows", lambda case: case.allows("identity")),
    "trust policy consulted for PassRole": (semantics._Case, "is_pass_role", property(lambda _: False)),
    "an action without a resource asked of an ARN": (semantics, "takes_no_resource", lambda _: False),
    "an ARN of messages never compared": (
        statements,
        "_resource_fits",
        lambda item, asked, honest=statements._resource_fits, **named: honest(
            item, replace(asked, compared_as=ComparedAs.DOCUMENTED), **named
        ),
    ),
    "caller identity needs permission": (semantics, "FREE_ACTIONS", set()),
    "variables in every Version": (
        statements,
        "_fits",
        lambda item, asked, honest=statements._fits, **_: honest(item, asked, variables=True),
    ),
    "variable without value is empty": (
        patterns,
        "_value_of",
        lambda name, ctx, honest=patterns._value_of: honest(name, ctx) or "",
    ),
    "put-in values have wildcards": (
        patterns,
        "Part",
        lambda text, *_, honest=patterns.Part, **__: honest(text, as_written=True),
    ),
    "ARNs compared in one piece": (conditions, "arn_like", patterns.like),
    "positive operator true without key": (
        conditions,
        "_key_holds",
        _key_holds_but(
            lambda op, values: not values and ":" not in op and not _negated(op) and op != "Null", result=True
        ),
    ),
    "negated operator false without key": (
        conditions,
        "_key_holds",
        _key_holds_but(lambda op, values: not values and _negated(op) and ":" not in op, result=False),
    ),
    "IfExists false without key": (
        conditions,
        "_key_holds",
        _key_holds_but(lambda op, values: not values and op.endswith("IfExists") and ":" not in op, result=False),
    ),
    "ForAllValues false without key": (
        conditions,
        "_key_holds",
        _key_holds_but(lambda op, values: not values and op.startswith("ForAll"), result=False),
    ),
    "ForAnyValue true without key": (
        conditions,
        "_key_holds",
        _key_holds_but(lambda op, values: not values and op.startswith("ForAny"), result=True),
    ),
    "plain operator on several values": (
        conditions,
        "_key_holds",
        _key_holds_but(lambda op, values: len(values) > 1 and ":" not in op and not _negated(op), result=True),
    ),
    "dates as text": (conditions, "_moment", lambda text: text),
    "aws:username for everybody": (
        request,
        "_kind",
        lambda arn, honest=request._kind: Kind.USER if "/dana" in arn else honest(arn),
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_rule_shows(
    what: str, answered: list[tuple[dict[str, Any], Verdict]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With this rule broken, at least one of the cases gets an answer that is not accepted."""
    monkeypatch.setattr(*BROKEN[what])

    def differs(case: dict[str, Any], honest: Verdict) -> bool:
        broken = evaluate(case)
        return not _accepts(honest, broken.effect, broken.decided_by)

    assert any(differs(case, honest) for case, honest in answered)
