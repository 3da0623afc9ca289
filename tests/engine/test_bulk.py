"""Whole accounts at once: the matrix, its questions, its bounds, and the difference between two snapshots."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sagepass
from sagepass.engine.bulk import decide_matrix
from sagepass.engine.compare import Change, compare_snapshots
from sagepass.engine.compiled import Compiled, compiled
from sagepass.engine.matrix import MatrixTooLargeError, WhoCan
from sagepass.engine.request import Request
from sagepass.policy.document import PolicyForm
from sagepass.policy.document_index import DocumentIndex
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.policy.truth import Truth
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.snapshot import Snapshot

HERE, THERE = "111122223333", "444455556666"
ANA, BEN, EVE = (f"arn:aws:iam::{HERE}:user/{name}" for name in ("ana", "ben", "eve"))
GUEST = f"arn:aws:iam::{THERE}:role/guest"
JOB = f"arn:aws:sagemaker:eu-west-1:{HERE}:training-job/a"
MODEL = f"arn:aws:sagemaker:eu-west-1:{HERE}:model/a"
GROUP = f"arn:aws:sagemaker:eu-west-1:{HERE}:model-package-group/shared"
ACTIONS = ("sagemaker:DescribeModel", "sagemaker:DescribeTrainingJob", "sagemaker:DescribeModelPackageGroup")
RESOURCES = (JOB, MODEL, GROUP)
DESCRIBE = "sagemaker:DescribeTrainingJob"
TRUTHS = {Effect.ALLOW: Truth.TRUE, Effect.UNKNOWN: Truth.UNKNOWN}


def _document(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: str, resource: str, **condition: object) -> dict[str, object]:
    found: dict[str, object] = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**found, "Condition": condition} if condition else found


def _world() -> Snapshot:
    builder = SnapshotBuilder("bulk").account(HERE).account(THERE).settings(no_organization=True)
    builder.principal(ANA, inline={"all": _document(_allow("sagemaker:*", "*"))})
    tagged = _allow("sagemaker:Describe*", JOB, StringEquals={"sagemaker:ResourceTag/team": "vision"})
    builder.principal(BEN, inline={"tagged": _document(tagged)})
    builder.principal(EVE)
    builder.principal(GUEST, inline={"all": _document(_allow("sagemaker:*", "*"))})
    policy = _document(
        {"Effect": "Allow", "Principal": {"AWS": GUEST}, "Action": "sagemaker:Describe*", "Resource": GROUP}
    )
    builder.resource_policy(GROUP, policy)
    name = GROUP.split(":")[5]
    builder.answer(HERE, "ram", "get-resource-policies", {"policies": []}, name=name, region="eu-west-1")
    return builder.build()


def _inline(holder: str, document: object, name: str = "all") -> PolicyChange:
    return PolicyChange(
        holder=holder,
        type=PolicyType.IDENTITY_BASED_POLICY,
        name=name,
        form=PolicyForm.INLINE_USER,
        document=document,
    )


def test_every_cell_is_the_single_decision() -> None:
    """For each principal, action and resource the matrix says what one decision says."""
    snapshot = _world()
    matrix = decide_matrix(snapshot, None, ACTIONS, RESOURCES)
    home = Compiled(snapshot)

    for principal in (ANA, BEN, EVE, GUEST):
        for action in ACTIONS:
            for resource in RESOURCES:
                single = home.decide(Request(principal=principal, action=action, resource=resource))
                assert matrix.truth(principal, action, resource) is TRUTHS.get(single.effect, Truth.FALSE)


def test_who_can() -> None:
    """Certain ones and those that hang on something unknown come apart; across accounts both sides count."""
    matrix = decide_matrix(_world(), None, ACTIONS, RESOURCES)

    assert matrix.who_can(DESCRIBE, JOB) == WhoCan(certain=(ANA,), open=(BEN,))
    assert matrix.who_can("SAGEMAKER:describemodelpackagegroup", GROUP) == WhoCan(certain=(ANA, GUEST), open=())
    assert matrix.who_can("sagemaker:DescribeModel", MODEL) == WhoCan(certain=(ANA,), open=())


def test_known_keys_settle_what_was_open() -> None:
    """A key that is given decides; with a complete context nothing else is unknown."""
    vision = {"sagemaker:ResourceTag/team": "vision"}

    assert decide_matrix(_world(), [BEN], ACTIONS, RESOURCES, vision).who_can(DESCRIBE, JOB).certain == (BEN,)
    absent = decide_matrix(_world(), [BEN], ACTIONS, RESOURCES, context_complete=True)
    assert absent.truth(BEN, DESCRIBE, JOB) is Truth.FALSE


def test_can_what() -> None:
    """All that one principal may do, by action and resource."""
    found = decide_matrix(_world(), None, ACTIONS, RESOURCES).can_what(BEN)

    assert found.certain == ()
    assert found.open == tuple((action, JOB) for action in sorted(ACTIONS))


def test_equal_principals_share_a_row() -> None:
    """Memory grows with the principals that differ: a thousand with the same policies are one row."""
    builder = SnapshotBuilder("equal").account(HERE).settings(no_organization=True)
    names = [f"arn:aws:iam::{HERE}:role/role-{number}" for number in range(1000)]
    for name in names:
        builder.principal(name, managed=["arn:aws:iam::aws:policy/AmazonSageMakerReadOnly"])
    matrix = decide_matrix(builder.build(), None, ACTIONS, RESOURCES)

    assert len(matrix.definite) == 1
    assert matrix.who_can(DESCRIBE, JOB).certain == tuple(names)
    assert matrix.counts()[0] == 1000 * len(matrix.can_what(names[0]).certain) > 0


def test_memory_is_bounded() -> None:
    """What does not fit is refused with a remedy, before it is tried."""
    with pytest.raises(MatrixTooLargeError, match="ask for fewer principals"):
        decide_matrix(_world(), None, ACTIONS, RESOURCES, max_bytes=12)


def test_nothing_to_decide() -> None:
    """A grid without actions or resources is a mistake, a grid without principals is empty."""
    with pytest.raises(ValueError, match="at least one action"):
        decide_matrix(_world(), None, [], RESOURCES)
    assert decide_matrix(_world(), [], ACTIONS, RESOURCES).who_can(DESCRIBE, JOB) == WhoCan(certain=(), open=())


def test_progress() -> None:
    """Whoever shows a bar hears how far it is, and that it is over."""
    heard: list[tuple[int, int]] = []
    decide_matrix(_world(), None, ACTIONS, RESOURCES, progress=lambda done, of: heard.append((done, of)))

    assert heard[0] == (0, 4)
    assert heard[-1] == (4, 4)


def test_who_gained_and_lost() -> None:
    """Two snapshots compared: what one principal gained, another lost, and what hangs on something unknown."""
    before = _world()
    after = before.with_changes(
        [
            _inline(EVE, _document(_allow("sagemaker:DescribeModel", MODEL)), name="new"),
            _inline(ANA, _document(_allow("sagemaker:*", MODEL))),
            _inline(BEN, None, name="tagged"),
        ]
    )
    everything = tuple((action, resource) for action in sorted(ACTIONS) for resource in sorted(RESOURCES))

    assert compare_snapshots(before, after, ACTIONS, RESOURCES) == (
        Change(principal=ANA, lost=tuple(pair for pair in everything if pair[1] != MODEL)),
        Change(principal=BEN, may_lose=tuple((action, JOB) for action in sorted(ACTIONS))),
        Change(principal=EVE, gained=(("sagemaker:DescribeModel", MODEL),)),
    )
    assert compare_snapshots(before, before, ACTIONS, RESOURCES) == ()


def test_a_principal_that_is_gone_lost_everything() -> None:
    """One that a snapshot does not have can do nothing there."""
    without = SnapshotBuilder("without").account(HERE).account(THERE).settings(no_organization=True).principal(EVE)
    change = next(iter(compare_snapshots(_world(), without.build(), ACTIONS, [JOB])))

    assert (change.principal, change.gained, len(change.lost)) == (ANA, (), 3)


def _decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The callers of whom a row is worked out from now on."""
    from sagepass.engine.bulk import _Filling

    decided: list[str] = []
    decide = _Filling._decided

    def count(self: _Filling, inputs: object, *rest: object) -> object:
        decided.append(inputs.caller.arn)  # type: ignore[attr-defined]
        return decide(self, inputs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(_Filling, "_decided", count)
    return decided


def test_only_whom_a_change_touches_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of one principal's policies is compared by deciding for that principal, before and after."""
    decided = _decided(monkeypatch)
    before = _world()
    after = before.with_changes([_inline(EVE, _document(_allow("sagemaker:DescribeModel", MODEL)), name="new")])

    assert [change.principal for change in compare_snapshots(before, after, ACTIONS, RESOURCES)] == [EVE]
    assert decided == [EVE, EVE]


def test_only_what_changed_is_decided_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a change may concern anyone, all are decided before it, and after it only whose policies say something new."""
    decided = _decided(monkeypatch)
    trust = PolicyChange(
        holder=GUEST, type=PolicyType.ROLE_TRUST_POLICY, name="trust", form=PolicyForm.TRUST, document=_document()
    )
    before = _world()
    after = before.with_changes([trust, _inline(EVE, _document(_allow("sagemaker:DescribeModel", MODEL)), name="new")])
    compare_snapshots(before, after, ACTIONS, RESOURCES)

    assert sorted(decided[:4]) == sorted((ANA, BEN, EVE, GUEST))
    assert decided[4:] == [EVE]


SHARED = f"arn:aws:iam::{HERE}:policy/shared"
TEAM = f"arn:aws:iam::{HERE}:group/team"
LIMIT = f"arn:aws:iam::{HERE}:policy/limit"


def _shared_policies() -> Snapshot:
    """Policies that several have: attached to two users, to a group of one, and as a boundary of another."""
    builder = SnapshotBuilder("shared").account(HERE).settings(no_organization=True)
    builder.managed_policy(SHARED, _document(_allow("sagemaker:DescribeModel", "*")))
    builder.managed_policy(LIMIT, _document(_allow("sagemaker:*", "*")))
    builder.principal(TEAM, managed=[SHARED], inline={"own": _document(_allow(DESCRIBE, "*"))})
    builder.principal(ANA, managed=[SHARED])
    builder.principal(BEN, groups=["team"])
    builder.principal(EVE, inline={"all": _document(_allow("sagemaker:*", "*"))}, boundary=LIMIT)
    return builder.build()


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        (_inline(ANA, _document(_allow("sagemaker:*", "*")), name="own"), {ANA}),
        (
            PolicyChange(
                holder=TEAM,
                type=PolicyType.IDENTITY_BASED_POLICY,
                name="own",
                form=PolicyForm.INLINE_GROUP,
                document=None,
            ),
            {BEN},
        ),
        (
            PolicyChange(
                holder=ANA,
                type=PolicyType.IDENTITY_BASED_POLICY,
                name="shared",
                arn=SHARED,
                form=PolicyForm.CUSTOMER_MANAGED,
                document=_document(_allow("sagemaker:*", "*")),
            ),
            {ANA, BEN},
        ),
        (
            PolicyChange(
                holder=EVE,
                type=PolicyType.PERMISSIONS_BOUNDARY,
                name="limit",
                arn=LIMIT,
                form=PolicyForm.CUSTOMER_MANAGED,
                document=_document(_allow("s3:*", "*")),
            ),
            {EVE},
        ),
    ],
    ids=["own policy", "policy of a group", "managed policy", "boundary"],
)
def test_everyone_whom_a_change_touches_is_compared(
    monkeypatch: pytest.MonkeyPatch, change: PolicyChange, touched: set[str]
) -> None:
    """A policy reaches whom it is attached to, directly, through a group or as a boundary; all of them are found."""
    before = _shared_policies()
    after = before.with_changes([change])
    changes = compare_snapshots(before, after, ACTIONS, RESOURCES)

    assert {change.principal for change in changes} == touched
    assert before.touched_in(after) is not None
    monkeypatch.setattr(Snapshot, "touched_in", lambda *_: None)
    assert compare_snapshots(before, after, ACTIONS, RESOURCES) == changes


def test_a_change_keeps_what_was_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deciding again under a changed policy indexes that policy and no other."""
    before = _world()
    request = Request(principal=ANA, action=DESCRIBE, resource=JOB)
    compiled(before).decide(request)
    indexed: list[int] = []
    make = DocumentIndex.__init__

    def count(self: DocumentIndex, document: object) -> None:
        indexed.append(1)
        make(self, document)  # type: ignore[arg-type]

    monkeypatch.setattr(DocumentIndex, "__init__", count)
    after = before.with_changes([_inline(ANA, _document(_allow("sagemaker:List*", "*")), name="more")])

    assert compiled(after).decide(request).effect is Effect.ALLOW
    assert len(indexed) == 1


@pytest.mark.parametrize("module", ["bulk", "compare"])
def test_without_numpy(module: str) -> None:
    """Where the extra is not installed, the error says how to install it."""
    code = f"import sys; sys.modules['numpy'] = None; import sagepass.engine.{module}"
    environment = {**os.environ, "PYTHONPATH": str(Path(sagepass.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)

    assert done.stderr.rstrip().endswith("ImportError: this needs the extra [bulk]; pip install 'sagepass[bulk]'")
