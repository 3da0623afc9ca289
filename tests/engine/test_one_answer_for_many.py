"""Many at once is one by one: whoever is asked first, whosever the resource is, whatever the actions of one service differ in."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from sagepass.engine.bulk import decide_matrix
from sagepass.engine.compiled import Compiled
from sagepass.engine.request import Request
from sagepass.jobs.decide_many import decide_one_by_one
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.policy.truth import Truth
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

HERE, THERE = "111122223333", "444455556666"
ANA, GUEST = f"arn:aws:iam::{HERE}:user/ana", f"arn:aws:iam::{THERE}:role/Guest"
LINKED = f"arn:aws:iam::{THERE}:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForX"
CALLERS = (ANA, GUEST, LINKED)
MODEL = f"arn:aws:sagemaker:us-east-1:{THERE}:model/m"
ROLE = f"arn:aws:iam::{THERE}:role/Guest"
AWS_MANAGED = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
TRUTHS = {Effect.ALLOW: Truth.TRUE, Effect.UNKNOWN: Truth.UNKNOWN}


def statement(effect: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - elements of a policy
    """A document of one statement about everything, but for what is said."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": "*", "Resource": "*", **more}]}


def world(own: dict[str, Any] | None = None, rcp: dict[str, Any] | None = None) -> Snapshot:
    """Two accounts of one organization, the second of which may have a resource control policy."""
    builder = SnapshotBuilder("many").account(HERE).account(THERE).organization("777788889999")
    for account in (HERE, THERE):
        builder.parent(account, "r-root")
    for target in ("r-root", HERE, THERE):
        builder.control_policies(target, PolicyType.SERVICE_CONTROL_POLICY, {"Full": statement("Allow")})
        extra = {"perimeter": rcp} if rcp is not None and target == THERE else {}
        full = {"RCPFull": statement("Allow", Principal="*"), **extra}
        builder.control_policies(target, PolicyType.RESOURCE_CONTROL_POLICY, full)
    for caller in CALLERS:
        trust = statement("Allow", Principal="*") if ":role/" in caller else None
        builder.principal(caller, inline={"own": own or statement("Allow")}, trust=trust)
    everyone = statement("Allow", Principal={"AWS": [HERE, THERE]})
    builder.resource_policy("arn:aws:s3:::data", everyone, account=THERE)
    tags = {"Tags": [{"Key": "team", "Value": "ml"}]}
    builder.answer(THERE, "sagemaker", "list-tags", tags, name="model/m", region="us-east-1")
    return builder.build()


def differences(snapshot: Snapshot, callers: tuple[str, ...], actions: list[str], resources: list[str]) -> list[Any]:
    """Where one of the ways of asking for many says something else than one request."""
    home = Compiled(snapshot)
    matrix = decide_matrix(snapshot, callers, actions, resources)
    cells = {
        (c.principal, c.action, c.resource): c.effect
        for c in decide_one_by_one(snapshot, callers, actions, resources, {})
    }
    found = []
    for caller in callers:
        for action in actions:
            for resource in resources:
                single = home.decide(Request(principal=caller, action=action, resource=resource)).effect
                ways = (
                    matrix.truth(caller, action, resource),
                    TRUTHS.get(cells.get((caller, action, resource), Effect.IMPLICIT_DENY), Truth.FALSE),
                )
                if set(ways) != {TRUTHS.get(single, Truth.FALSE)}:
                    found.append((caller, action, resource, single, *ways))
    return found


@pytest.mark.parametrize(
    "callers", list(permutations(CALLERS)), ids=lambda callers: "-".join(name.rpartition("/")[2] for name in callers)
)
def test_resource_control_policies_do_not_hang_on_who_comes_first(callers: tuple[str, ...]) -> None:
    """A service-linked role is exempt, and nobody after it; a request without a resource is about the caller's own account."""
    snapshot = world(rcp=statement("Deny", Principal="*", Action="s3:*"))
    assert differences(snapshot, callers, ["s3:ListAllMyBuckets", "s3:GetObject"], ["*", "arn:aws:s3:::data"]) == []
    guest = Request(principal=GUEST, action="s3:ListAllMyBuckets", resource="*")
    assert Compiled(snapshot).decide(guest).effect is Effect.EXPLICIT_DENY


def test_what_a_service_never_allows() -> None:
    """The policy of a bucket is not written from another account, also if both accounts allow everything."""
    snapshot = world()
    assert differences(snapshot, CALLERS, ["s3:PutBucketPolicy", "s3:GetObject"], ["arn:aws:s3:::data"]) == []
    write = Request(principal=ANA, action="s3:PutBucketPolicy", resource="arn:aws:s3:::data", context_complete=True)
    assert Compiled(snapshot).decide(write).effect is Effect.IMPLICIT_DENY


def test_actions_of_one_service_do_not_look_at_tags_alike() -> None:
    """A tag of the resource settles the answer only for the actions of which AWS lists the key."""
    snapshot = world(own=statement("Allow", Condition={"StringEquals": {"aws:ResourceTag/team": "ml"}}))
    actions = ["sagemaker:DescribeModel", "sagemaker:ListDomains", "sagemaker:DeleteModel"]
    assert differences(snapshot, (GUEST,), actions, [MODEL]) == []
    effects = {
        Compiled(snapshot).decide(Request(principal=GUEST, action=action, resource=MODEL)).effect for action in actions
    }
    assert effects == {Effect.ALLOW, Effect.UNKNOWN}


def test_calls_that_need_no_permission_and_policies_of_aws() -> None:
    """Nobody is left out who needs no permission, whatever resource is named; AWS's own policies are read in every account."""
    snapshot = world(own=statement("Allow", Action="iam:*"))
    for callers in permutations((ANA, GUEST)):
        assert differences(snapshot, callers, ["sts:GetCallerIdentity"], [ROLE, "*"]) == []
        assert differences(snapshot, callers, ["iam:GetPolicy"], [AWS_MANAGED]) == []
    assert (
        Compiled(snapshot).decide(Request(principal=ANA, action="iam:GetPolicy", resource=AWS_MANAGED)).effect
        is Effect.ALLOW
    )


def test_the_account_of_what_is_of_aws_is_not_known() -> None:
    """Which account a condition key gives AWS's own policies is not documented, so nothing is concluded from it."""
    same = {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}
    snapshot = world(own=statement("Allow", Action="iam:*", Condition=same))
    for complete in (False, True):
        request = Request(principal=ANA, action="iam:GetPolicy", resource=AWS_MANAGED, context_complete=complete)
        assert Compiled(snapshot).decide(request).effect is Effect.UNKNOWN
    assert differences(snapshot, (ANA, GUEST), ["iam:GetPolicy"], [AWS_MANAGED, "*"]) == []
