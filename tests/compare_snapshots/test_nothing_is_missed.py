"""What is left out as untouched is untouched: random accounts, held against the decisions on every single request."""

from __future__ import annotations

from random import Random

import pytest
from tests.compare_snapshots.worlds import (
    ACCOUNT,
    ANNA,
    BEN,
    DELETE,
    DESCRIBE,
    GROUP,
    MODEL,
    MODELS,
    OTHER,
    WORKER,
    allow,
    deny,
    policy,
    told,
)

from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.jobs.compare_snapshots import differences
from sagepass.jobs.compare_snapshots.compare import compare_snapshots
from sagepass.jobs.compare_snapshots.covering import covers
from sagepass.jobs.requests_that_fit import fits
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ACTIONS = (DESCRIBE, DELETE, "sagemaker:DescribeModelPackageGroup", "iam:PassRole", "sts:AssumeRole")
SINGLE = (f"{MODEL}-a", f"{MODEL}-b", GROUP, WORKER)
NAMED = (*SINGLE, MODELS, "*", f"{MODEL}-*", f"arn:aws:iam::{ACCOUNT}:role/*")
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
SHARED, LIMIT = (f"arn:aws:iam::{ACCOUNT}:policy/{name}" for name in ("shared", "limit"))
ALL = policy(allow("*", "*"))


class Account:
    """A random account, of which single parts are drawn again."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.parts = {name: self._draw(name) for name in self._NAMES}

    _NAMES = ("anna", "ben", "shared", "limit", "team", "control", "trust", "package", "tag", "worker", "guard")

    def changed(self) -> Account:
        """The same but for one to three parts."""
        other = Account(self._rng)
        for name in self._NAMES:
            other.parts[name] = self.parts[name]
        for name in self._rng.sample(self._NAMES, self._rng.choice((1, 1, 2, 3))):
            other.parts[name] = self._draw(name)
        return other

    def _draw(self, name: str) -> object:
        if name in {"trust", "package"}:
            return self._of_resource(name)
        if name == "tag":
            return self._rng.choice(("a", "b"))
        if name == "guard":
            return self._rng.choice(({}, {"guard": policy({**deny("sts:AssumeRole", WORKER), "Principal": "*"})}))
        statements = [self._statement() for _ in range(self._rng.choice((1, 2, 3)))]
        return policy(*statements, *([allow("*", "*")] if name in {"limit", "control"} else []))

    def _statement(self) -> dict[str, object]:
        rng = self._rng
        make = allow if rng.random() < 0.75 else deny
        key = rng.choice(("aws:PrincipalTag/team", "aws:ResourceTag/team"))
        condition = {"Condition": {"StringEquals": {key: rng.choice("ab")}}} if rng.random() < 0.4 else {}
        return make(rng.choice((*ACTIONS, "sagemaker:*", "s3:GetObject")), rng.choice(NAMED), **condition)

    def _of_resource(self, name: str) -> object:
        who = self._rng.choice((ANNA, BEN, ACCOUNT, OTHER, "*"))
        action = "sts:AssumeRole" if name == "trust" else "sagemaker:DescribeModelPackageGroup"
        statement: dict[str, object] = {"Effect": "Allow", "Principal": {"AWS": who}, "Action": action}
        return policy(statement if name == "trust" else {**statement, "Resource": GROUP})

    def snapshot(self) -> Snapshot:
        """Anna and Ben (in a team) with a policy they share, a limit on Anna, a role, a group of models, and a control above."""
        part = self.parts
        builder = SnapshotBuilder().account(ACCOUNT).organization("999988887777").parent(ACCOUNT, "r-root")
        scp, rcp = PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY
        for target, control in (("r-root", ALL), (ACCOUNT, part["control"])):
            builder.control_policies(target, scp, {"own": control})
            builder.control_policies(target, rcp, part["guard"] if target == ACCOUNT else {})  # type: ignore[arg-type]
        builder.managed_policy(SHARED, part["shared"]).managed_policy(LIMIT, part["limit"])
        team = f"arn:aws:iam::{ACCOUNT}:group/team"
        builder.principal(team, inline={"team": part["team"]})
        tags = {"team": str(part["tag"])}
        builder.principal(ANNA, inline={"own": part["anna"]}, managed=[SHARED], boundary=LIMIT, tags=tags)
        builder.principal(BEN, inline={"own": part["ben"]}, managed=[SHARED], groups=["team"], tags={"team": "b"})
        builder.principal(WORKER, trust=part["trust"], inline={"own": part["worker"]})
        builder.resource_policy(GROUP, part["package"])
        return builder.answer(ACCOUNT, "ram", "list-resources", {"resources": []}, region="us-east-1").build()


def _effect(snapshot: Snapshot, who: str, action: str, resource: str) -> Effect | None:
    effect = authorize(Request(principal=who, action=action, resource=resource), snapshot).effect
    return effect if effect in {Effect.ALLOW, Effect.UNKNOWN} else None


@pytest.mark.parametrize("bulk", [True, False], ids=["in bulk", "one by one"])
def test_every_change_is_told_and_nothing_else(bulk: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single request whose answer differs is told, itself or in a set that it lies in; what is told has that direction."""
    monkeypatch.setattr(differences, "has_bulk", lambda: bulk)
    monkeypatch.setattr(differences, "_FROM_PAIRS", 1)
    rng, changes, still = Random(20261125), 0, 0
    for _ in range(120):
        account = Account(rng)
        before, after = account.snapshot(), account.changed().snapshot()
        found = told(compare_snapshots(before, after, actions=ACTIONS))
        for who in (ANNA, BEN, WORKER, ROOT):
            for action in ACTIONS:
                of_action = [item[3] for item in found if item[1:3] == (who, action)]
                for resource in (single for single in SINGLE if fits(action, single)):
                    was, now = (_effect(snapshot, who, action, resource) for snapshot in (before, after))
                    if was is not now:
                        assert any(one == resource or covers(one, resource) for one in of_action), (
                            who,
                            action,
                            resource,
                        )
                        changes += 1
                    else:
                        still += 1
        for direction, who, action, resource in found:
            if who in {ANNA, BEN, WORKER, ROOT}:
                was, now = (_effect(snapshot, who, action, resource) for snapshot in (before, after))
                assert differences._DIRECTIONS[was, now].value == direction
    assert changes > 100
    assert still > 3000
