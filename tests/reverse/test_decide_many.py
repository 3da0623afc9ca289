"""The seam of many decisions: the same cells as deciding each request by itself, for any engine behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from tests.generators.policies import PolicyWriter
from tests.generators.vocabulary import CALLS, HERE, THERE, caller
from tests.reverse.worlds import (
    ACCOUNT,
    OBJECT,
    account,
    allow,
    asked,
    holders,
    may_assume,
    policy,
    reader,
    role,
    trusting,
    user,
)

from sagepass.engine.authorize import authorize
from sagepass.engine.decide import decide
from sagepass.engine.decision import Decision
from sagepass.engine.inputs import Inputs
from sagepass.engine.request import Request
from sagepass.jobs.decide_in_bulk import decide_in_bulk
from sagepass.jobs.decide_many import Cell, DecideMany, decide_one_by_one, decision_of
from sagepass.policy.kinds import Effect
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ENGINES: tuple[DecideMany, ...] = (decide_one_by_one, decide_in_bulk)
"""Every engine that can stand behind the seam."""
WORLDS = 150
FAMILIES = ("data", "sagemaker", "key", "trust", "pass", "free")
PRINCIPALS = (("user", HERE), ("role", HERE), ("user", THERE), ("role", THERE))


def _world(rng: Random) -> tuple[Snapshot, list[str], str, str]:
    """Four principals in two accounts with random policies, and a resource with a random policy of its own."""
    family = rng.choice(FAMILIES)
    action, resource = rng.choice(CALLS[family])
    resource = resource.format(account=HERE)
    builder = SnapshotBuilder().settings(no_organization=True)
    names: dict[str, None] = {}
    for kind, number in PRINCIPALS:
        who = caller(rng, kind, number)
        writer = PolicyWriter(rng, who, action, resource)
        arn = who.behind or who.principal
        documents = [writer.policy("identity", deny=0.1, silent=0.4)["document"] for _ in range(rng.choice((0, 1, 2)))]
        trust = writer.policy("trust", deny=0.1, silent=0.3)["document"]
        inline = {f"p{index}": document for index, document in enumerate(documents)}
        builder.principal(arn, inline=inline, trust=trust if kind == "role" else None)
        names[arn] = None
        names[f"arn:aws:iam::{number}:root"] = None
    writer = PolicyWriter(rng, caller(rng, *rng.choice(PRINCIPALS)), action, resource)
    if resource.startswith("arn:aws:s3:::"):
        builder.resource_policy(resource, writer.policy("resource", deny=0.2, silent=0.3)["document"], account=HERE)
    elif ":kms:" in resource and rng.random() < 0.8:
        builder.resource_policy(resource, writer.policy("key", deny=0.1, silent=0.2)["document"])
    elif family in {"trust", "pass"} and rng.random() < 0.8:
        builder.principal(resource, trust=writer.policy("trust", deny=0.1, silent=0.2)["document"])
    return builder.build(), list(names), action, resource


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", [20261124, datetime.now(UTC).date().toordinal()], ids=["fixed", "today"])
def test_nothing_is_ruled_out_that_could_be_allowed(seed: int, engine: DecideMany) -> None:
    """Random accounts: the cells are exactly the requests that are allowed or open when decided one by one."""
    rng = Random(seed)
    seen = {Effect.ALLOW: 0, Effect.UNKNOWN: 0}
    denied = 0
    for _ in range(WORLDS):
        snapshot, principals, action, resource = _world(rng)
        cells = {cell.principal: cell.effect for cell in engine(snapshot, principals, [action], [resource], {})}
        for principal in principals:
            effect = authorize(Request(principal=principal, action=action, resource=resource), snapshot).effect
            if effect in seen:
                assert cells.get(principal) is effect, (seed, principal, action, resource)
                seen[effect] += 1
            else:
                assert principal not in cells
                denied += 1
    assert min(*seen.values(), denied) > 40


@pytest.mark.parametrize("engine", ENGINES)
def test_every_combination_is_asked(engine: DecideMany) -> None:
    """Two principals, two actions, two resources: the allowed ones of the eight come back, in the order of the question."""
    read_all = policy(allow("s3:GetObject"))
    snapshot = account().principal(user("a"), inline={"p": read_all}).principal(user("b")).build()
    objects = [OBJECT, f"{OBJECT}2"]
    cells = engine(snapshot, [user("a"), user("b")], ["s3:PutObject", "s3:GetObject"], objects, {})
    assert [(cell.principal, cell.action, cell.resource) for cell in cells] == [
        (user("a"), "s3:GetObject", OBJECT),
        (user("a"), "s3:GetObject", f"{OBJECT}2"),
    ]


def test_progress_is_told_to_the_end() -> None:
    """The last report says that all are done."""
    told: list[tuple[int, int]] = []
    snapshot = account().principal(user("a")).build()
    list(
        decide_one_by_one(
            snapshot, [user("a")] * 600, ["s3:GetObject"], [OBJECT], {}, progress=lambda d, t: told.append((d, t))
        )
    )
    assert told == [(256, 600), (512, 600), (600, 600)]


def test_cell_without_a_decision_is_decided_when_somebody_looks() -> None:
    """A bulk engine may leave the decision out: it is made for the cells that are shown."""
    snapshot = account().principal(user("a"), inline={"p": policy(allow("s3:GetObject"))}).build()
    cell = Cell(principal=user("a"), action="s3:GetObject", resource=OBJECT, effect=Effect.ALLOW)
    assert decision_of(cell, snapshot, {}).effect is Effect.ALLOW


def test_few_of_many_are_decided_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large account most principals are ruled out by a glance at their policies, also on the way through roles."""
    made: list[str] = []

    def counted(inputs: Inputs) -> Decision:
        made.append(inputs.caller.arn)
        return decide(inputs)

    monkeypatch.setattr("sagepass.jobs.decide_many.decide", counted)
    builder = reader(account(), "reader", trusting({"AWS": ACCOUNT}))
    for number in range(400):
        builder.principal(user(f"u{number}"), inline={"p": may_assume(role(f"other-{number}"))})
    builder.principal(user("one"), inline={"p": may_assume(role("reader"))})
    answer = asked(builder.build())
    assert {user("one"), role("reader")} <= holders(answer)
    assert len(made) < 20
