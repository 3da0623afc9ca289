"""Explanations share what they have in common, and nobody can tell: a full index explains as an empty one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from tests.generators.access_cases import random_case
from tests.generators.case_world import case_world
from tests.generators.vocabulary import LISTS, STRING_VALUES

from sagepass.engine import alike, explanations, report
from sagepass.engine.checks.applied import Applied
from sagepass.engine.compiled import Compiled
from sagepass.engine.decide import decide
from sagepass.engine.decision import Check, Decision
from sagepass.engine.request import Request
from sagepass.engine.request_context import RequestContext
from sagepass.engine.taking import ResourceTaking
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.policy.match_resource import ResourceMatch
from sagepass.policy.parse import parse_document
from sagepass.policy.truth import Truth
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.origin import Origin

FIXED_SEED = 20261124
ACCOUNT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Exec"
SESSIONS = tuple(f"arn:aws:sts::{ACCOUNT}:assumed-role/Exec/{name}" for name in ("ana", "dana"))
JOBS = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1111-aaaa"
ENDPOINT = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/"
ENDPOINTS = ("vpce-0a", "vpce-0b", "vpce-0c")


def _statement(effect: str, action: object, **more: object) -> dict[str, object]:
    return {"Effect": effect, "Action": action, **({} if "NotResource" in more else {"Resource": "*"}), **more}


def _policy(*statements: Mapping[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALLOW_ALL = _policy(_statement("Allow", "*"))
IDENTITY = _policy(
    _statement("Allow", ["sagemaker:Describe*", "sagemaker:*Job"], Resource=[f"{JOBS}a-*", f"{JOBS}*", "arn:aws:sagemaker:*:*:endpoint/*-x"]),
    _statement("Allow", "sagemaker:*", NotResource=[f"{JOBS}b-*", f"{JOBS}c"], Condition={"StringEquals": {"aws:RequestTag/team": ["ml", "ops"]}}),
    _statement("Allow", "s3:*", Resource="arn:aws:s3:::${aws:PrincipalTag/team}-data/*"),
    _statement("Allow", "sagemaker:AddTags", Condition={"ForAllValues:StringEquals": {"AWS:TagKeys": ["team"]}, "Bool": {"aws:SecureTransport": "true"}}),
    _statement("Allow", ["kms:Decrypt", "kms:CreateGrant"], Condition={"NumericLessThan": {"sagemaker:MaxRuntimeInSeconds": "1"}}),
    _statement("Deny", "sagemaker:Delete*", Condition={"StringNotEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}),
    _statement("Allow", "iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}),
)  # fmt: skip
GUARD = _policy(_statement("Deny", "*", Condition={"StringNotEquals": {"aws:PrincipalTag/team": "ml"}, "Null": {"aws:SourceIp": "true"}}))  # fmt: skip


def _world() -> Snapshot:
    """One role with all that an explanation can follow from: tags, levels, endpoints, buckets, a key with a grant."""
    builder = SnapshotBuilder("shared").account(ACCOUNT).account(OTHER).organization("777788889999")
    builder.parent("ou-ml", "r-root").parent(ACCOUNT, "ou-ml").parent(OTHER, "ou-ml")
    for target in ("r-root", "ou-ml", ACCOUNT, OTHER):
        extra = {"guard": GUARD} if target == "r-root" else {}
        builder.control_policies(target, PolicyType.SERVICE_CONTROL_POLICY, {"FullAWSAccess": ALLOW_ALL, **extra})
        perimeter = _policy(_statement("Deny", "s3:Put*", Condition={"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}, Principal="*"))  # fmt: skip
        builder.control_policies(target, PolicyType.RESOURCE_CONTROL_POLICY, {"RCPFullAWSAccess": ALLOW_ALL, **({"perimeter": perimeter} if extra else {})})  # fmt: skip
    builder.principal(ROLE, inline={"own": IDENTITY}, tags={"team": "ml"}, trust=_policy(), unique_id="AROAEXAMPLE1")
    builder.principal(f"arn:aws:iam::{ACCOUNT}:user/eve", inline={"own": IDENTITY}, tags={"team": "ops"})
    named = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "s3:*", "Resource": "arn:aws:s3:::ml-data/*"}
    builder.resource_policy("arn:aws:s3:::ml-data/a", _policy(named), account=ACCOUNT)
    builder.resource_policy("arn:aws:s3:::ml-plain/a", None, account=ACCOUNT)
    enabled = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}  # fmt: skip
    builder.resource_policy(KEY, _policy(enabled), account=ACCOUNT)
    grant = {"GrantId": "g1", "GranteePrincipal": ROLE, "Operations": ["Decrypt"], "Constraints": {"EncryptionContextSubset": {"a": "b"}}}  # fmt: skip
    builder.answer(ACCOUNT, "kms", "list-grants", {"Grants": [grant]}, name="1111-aaaa", region="us-east-1")
    documents = (ALLOW_ALL, _policy(_statement("Allow", "sagemaker:*", Principal="*")))
    rows = [{"VpcEndpointId": name, "PolicyDocument": held} for name, held in zip(ENDPOINTS, documents, strict=False)]
    builder.answer(ACCOUNT, "ec2", "describe-vpc-endpoints", {"VpcEndpoints": rows})
    builder.answer(ACCOUNT, "sagemaker", "list-tags", {"Tags": [{"Key": "team", "Value": "ops"}]}, name="training-job/b-1", region="us-east-1")  # fmt: skip
    return builder.build()


PRINCIPALS = (
    *SESSIONS,
    ROLE,
    f"arn:aws:iam::{ACCOUNT}:user/eve",
    f"arn:aws:iam::{ACCOUNT}:root",
    "sagemaker.amazonaws.com",
)
CALLS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sagemaker": (
        ("DescribeTrainingJob", "describetrainingjob", "StopTrainingJob", "DescribeEndpoint", "DeleteModel", "AddTags"),
        (*(f"{JOBS}{name}" for name in ("a-1", "a-2", "b-1", "b-2", "c", "d", "*")), f"{ENDPOINT}y:z-x", f"{ENDPOINT}y-x", "*"),
    ),
    "s3": (("GetObject", "PutObject"), tuple(f"arn:aws:s3:::{name}" for name in ("ml-data/a", "ml-plain/a", "ml-plain/b", "unknown/a"))),
    "kms": (("Decrypt", "CreateGrant", "PutKeyPolicy"), (KEY, f"{KEY[:-4]}bbbb")),
    "iam": (("PassRole", "GetRole"), (f"{ROLE}2", f"{ROLE}3")),
    "sts": (("GetCallerIdentity", "AssumeRole"), ("*", f"{ROLE}2")),
}  # fmt: skip
VALUES: dict[str, tuple[object, ...]] = {
    **STRING_VALUES,
    **{key: (None, [], list(values), tuple(values[:1]), set(values[:1]), values[0]) for key, values in LISTS.items()},
    "aws:RequestTag/team": ("ml", "ops", "ML", None, ["ml"], ["ml", "ops"]),
    "AWS:requesttag/TEAM": ("ml", "other"),
    "aws:SecureTransport": (True, False, "true", "false", "True", None),
    "sagemaker:MaxRuntimeInSeconds": (0, 1, "0", "1", False, True, 0.0, [0], [False]),
    "aws:SourceIp": ("192.0.2.1", None, [], ["192.0.2.1"]),
    "aws:SourceVpce": (*ENDPOINTS, None),
    "aws:SourceVpc": ("vpc-1", None),
    "aws:PrincipalArn": (ROLE, f"{ROLE}2", None),
    "kms:EncryptionContext:a": ("b", "c"),
}


def _session_policy() -> Policy:
    document = _policy(_statement("Allow", ["sagemaker:*", "s3:*"]))
    kind = PolicyType.SESSION_POLICY
    parsed = parse_document(document, origin=Origin(name="session", value=document), policy_type=kind)
    return Policy(name="session", type=kind, form=PolicyForm.SESSION, document=parsed)


SESSION_POLICIES = (None, (), (_session_policy(),))


def _changed(request: Request, rng: Random) -> Request:
    """A request that differs in one thing."""
    service = request.action.partition(":")[0].lower()
    names, resources = CALLS.get(service, CALLS["sagemaker"])
    key = rng.choice(sorted(VALUES))
    others = {name: value for name, value in request.context.items() if name.lower() != key.lower()}
    ways: tuple[dict[str, object], ...] = (
        {"resource_account": rng.choice((None, ACCOUNT, OTHER))},
        {"context_complete": not request.context_complete},
        {"session_policies": rng.choice(SESSION_POLICIES)},
        {"action": rng.choice((request.action.upper(), *(f"{service}:{name}" for name in names)))},
        {"resource": rng.choice((f"{request.resource[:-1]}-2", f"{request.resource}*", *resources))},
        {"context": {**others, key: rng.choice(VALUES[key])}},
        {"context": {**others, key: rng.choice(VALUES[key])}},
        {"context": others},
    )
    return replace(request, **rng.choice(ways))  # type: ignore[arg-type]


def _anywhere(rng: Random) -> Request:
    """A request in the world above, with a few keys."""
    keys = rng.sample(sorted(VALUES), rng.randrange(5))
    context = {key.lower(): (key, rng.choice(VALUES[key])) for key in keys}
    service = rng.choice(("sagemaker", *CALLS))
    names, resources = CALLS[service]
    return Request(
        principal=rng.choice(PRINCIPALS),
        action=f"{service}:{rng.choice(names)}",
        resource=rng.choice(resources),
        resource_account=rng.choice((None, ACCOUNT, ACCOUNT, OTHER)),
        context=dict(context.values()),
        context_complete=rng.random() < 0.5,
        session_policies=rng.choice((None, None, *SESSION_POLICIES)),
    )


def _series(request: Request, rng: Random, steps: int) -> Iterator[Request]:
    """The request, and others that each differ from one before in one thing; most come twice."""
    found = [request]
    for _ in range(steps):
        found.append(_changed(rng.choice(found), rng))
    yield from found
    yield from rng.sample(found, len(found) // 2)


def _anew(request: Request, snapshot: Snapshot) -> Decision:
    """The decision out of an index that nobody asked before, of which nothing is kept."""
    return decide(Compiled(snapshot).inputs(request))


def _differs(home: Compiled, request: Request) -> str | None:
    try:
        shared, anew = home.explain(request), _anew(request, home.snapshot)
    except ValueError:  # a name in capitals that is none
        return None
    if shared == anew:
        return None
    return f"{request}\n{shared.evaluations}\n{anew.evaluations}"


@pytest.mark.parametrize("seed", [FIXED_SEED, datetime.now(UTC).date().toordinal()], ids=["fixed", "today"])
def test_a_full_index_explains_as_an_empty_one(seed: int) -> None:
    """Whatever was explained before: requests by several callers that differ in a value, its kind, the resource, its account, …."""
    rng, home = Random(seed), Compiled(_world())
    effects = set()
    for _ in range(60):
        for request in _series(_anywhere(rng), rng, 6):
            assert _differs(home, request) is None
            effects.add(home.decide(request).effect)

    assert effects == set(Effect) - {Effect.NO_IMPACT}


@pytest.mark.parametrize("seed", [FIXED_SEED, datetime.now(UTC).date().toordinal()], ids=["fixed", "today"])
def test_on_random_accounts(seed: int) -> None:
    """The same on accounts with policies at random."""
    rng = Random(seed)
    for _ in range(60):
        world = case_world(random_case(rng))
        home = Compiled(world.snapshot)
        for request in _series(world.request, rng, 8):
            assert _differs(home, request) is None


def test_a_small_bound_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept starts anew at a bound, while other records that were made with it are still held."""
    monkeypatch.setattr("sagepass.engine.bounded.MOST", 5)
    monkeypatch.setattr(explanations, "MOST_EXPLAINED", 3)
    rng, home = Random(FIXED_SEED), Compiled(_world())
    for _ in range(20):
        for request in _series(_anywhere(rng), rng, 6):
            assert _differs(home, request) is None

    kept = home.sides.explanations
    assert len(kept.whole) <= 3
    assert all(len(getattr(kept, name)) <= 5 for name in kept.__slots__)


def test_records_are_shared() -> None:
    """Two resources that the same elements cover have the same checks, which are the same objects; each has its own evaluation."""
    home = Compiled(_world())
    context = {"aws:RequestTag/team": "ml"}
    first, second, other = (
        home.explain(Request(principal=SESSIONS[0], action="sagemaker:StopTrainingJob", resource=f"{JOBS}{name}", context=context))
        for name in ("a-1", "a-2", "d")
    )  # fmt: skip

    assert first.checks == second.checks
    assert all(one is another for one, another in zip(first.checks, second.checks, strict=True))
    assert [evaluation.resource for evaluation in second.evaluations] == [f"{JOBS}a-2"]
    assert first.checks != other.checks


def test_given_as_absent_is_told_apart() -> None:
    """A key that the request gives as absent is not one that it does not give, whichever was explained first."""
    for order in (1, -1):
        home = Compiled(_world())
        notes = {}
        for context in ({}, {"aws:RequestTag/team": None})[::order]:
            request = Request(principal=ROLE, action="sagemaker:StopTrainingJob", resource=f"{JOBS}d", context=context, context_complete=True)  # fmt: skip
            facts = {fact.key: fact.note for fact in home.explain(request).evaluations[0].context}
            notes[len(context)] = facts["aws:RequestTag/team"]
        assert notes[0] != notes[1] == "given as absent"


_FIRST: dict[int, Check] = {}
_DENIAL_OF = report.Denial.of


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (RequestContext, "told", lambda self, keys: tuple(type(self.state(key)) for key in keys)),
        (explanations, "states_of", lambda told: tuple(map(str, map(type, told)))),
        (explanations, "fit", lambda *_: None),
        (alike, "match_resource", lambda *_, **__: ResourceMatch(Truth.TRUE)),
        (alike, "_fitting_actions", lambda *_: ()),
        (alike, "_narrows", lambda _: False),
        (Applied, "said", property(lambda self: self.type)),
        (ResourceTaking, "said", property(lambda self: self.rules)),
        (report.Denial, "of", lambda self, action: _FIRST.setdefault(id(self), _DENIAL_OF(self, action))),
    ],
    ids=[
        "values",
        "states",
        "resource",
        "resource entry",
        "action entry",
        "narrowing",
        "policies",
        "resource's policies",
        "action",
    ],
)
def test_a_part_left_out_of_a_key_is_seen(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, broken: object
) -> None:
    """The comparison can fail: with one thing less in what records are kept by, it sees a wrong record soon."""
    monkeypatch.setattr(owner, name, broken)
    rng, home = Random(FIXED_SEED), Compiled(_world())

    assert any(_notices(home, request) for _ in range(200) for request in _series(_anywhere(rng), rng, 6))


def _notices(home: Compiled, request: Request) -> bool:
    try:
        return _differs(home, request) is not None
    except AssertionError as error:
        return "both ways ask the same statements" in str(error)
