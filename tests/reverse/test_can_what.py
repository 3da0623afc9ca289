"""Effective permissions by example: what each layer takes away, and how that reads as one document."""

from __future__ import annotations

import pytest
from tests.repair.worlds import ACCOUNT, ADMIN, BOUNDARY, JOB, ROLE, USER, allow, alone, deny, organized, policy

from sagepass.engine.authorize import UnknownPrincipal, authorize
from sagepass.engine.request import Request
from sagepass.jobs.can_what.can_what import can_what
from sagepass.jobs.can_what.record import CanWhat
from sagepass.jobs.can_what.writing import policy_document
from sagepass.policy.kinds import Effect
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

SAGEMAKER = "sagemaker"
TEAM = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/team-*"


def statements(answer: CanWhat) -> list[dict[str, object]]:
    """The statements of the document."""
    found = policy_document(answer.clauses)["Statement"]
    assert isinstance(found, list)
    return found


def bounded(boundary: object, *identity: dict[str, object]) -> Snapshot:
    """A user with a boundary."""
    inline = {"p": policy(*identity)}
    return alone().principal(USER, inline=inline, boundary=BOUNDARY).managed_policy(BOUNDARY, boundary).build()


def test_an_identity_alone_is_its_own_document() -> None:
    """Nothing else limits: the statements come out as they are, each with its source."""
    guarded = allow("sagemaker:Create*", TEAM, Condition={"StringEquals": {"aws:RequestTag/team": "ml"}})
    answer = can_what(USER, alone().principal(USER, inline={"p": policy(guarded)}).build())
    assert statements(answer) == [guarded]
    assert answer.clauses[0].sources[0].policy.name == "p"
    assert answer.exact


def test_a_boundary_cuts_actions() -> None:
    """Actions that the boundary lacks are gone, and told as granted without effect."""
    answer = can_what(
        USER, bounded(policy(allow("sagemaker:Describe*")), allow(["sagemaker:Describe*", "s3:GetObject"]))
    )
    assert statements(answer) == [allow("sagemaker:Describe*")]
    (idle,) = answer.idle
    assert (idle.actions, idle.because) == (("s3:GetObject",), "the permissions boundary")


def test_an_action_without_a_resource_is_not_granted_on_an_arn() -> None:
    """What is spelled out on an ARN alone grants nothing of such an action, and is told so; on ``*`` it stays."""
    inline = {
        "p": policy(allow(["sagemaker:ListModels", "sagemaker:DescribeTrainingJob"], TEAM), allow("sagemaker:ListApps"))
    }
    answer = can_what(USER, alone().principal(USER, inline=inline).build())
    assert statements(answer) == [allow("sagemaker:DescribeTrainingJob", TEAM), allow("sagemaker:ListApps")]
    (idle,) = answer.idle
    assert idle.actions == ("sagemaker:ListModels",)
    assert "take no resource" in idle.because


def test_a_boundary_cuts_resources_and_conditions() -> None:
    """What the boundary allows on some resources, or under a condition, becomes a Deny of the rest."""
    region = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    boundary = policy(allow("sagemaker:Describe*", TEAM), allow("sagemaker:Create*", "*", Condition=region))
    answer = can_what(USER, bounded(boundary, allow("sagemaker:*")), service=SAGEMAKER)
    assert statements(answer)[1:] == [
        {"Effect": "Deny", "Action": "sagemaker:Describe*", "NotResource": TEAM},
        {
            "Effect": "Deny",
            "Action": "sagemaker:Create*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}},
        },
    ]


def test_every_level_of_the_organization_counts() -> None:
    """Service control policies of the root and of the account both cut; a Deny of one of them stays a Deny."""
    root = {"most": policy(allow(["sagemaker:Describe*", "sagemaker:List*"]))}
    guard = deny("sagemaker:ListApps", "*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})
    snapshot = organized(root=root, account={"all": ADMIN, "guard": policy(guard)}).principal(USER, inline={"a": ADMIN})
    answer = can_what(USER, snapshot.build(), service=SAGEMAKER)
    first, *rest = statements(answer)
    assert first == allow(["sagemaker:Describe*", "sagemaker:List*"])
    assert [statement["Effect"] for statement in rest] == ["Deny"]
    assert rest[0]["Condition"] == guard["Condition"]


def test_a_bucket_that_names_the_user_adds_to_it_beside_the_boundary() -> None:
    """A grant to the user itself is not limited by the boundary; one to the role is."""
    bucket = "arn:aws:s3:::ml-data"
    for arn, effect in ((USER, Effect.ALLOW), (ROLE, Effect.IMPLICIT_DENY)):
        named = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "s3:GetObject", "Resource": f"{bucket}/*"}
        builder = alone().principal(arn, boundary=BOUNDARY).managed_policy(BOUNDARY, policy(allow("logs:*")))
        snapshot = builder.resource_policy(bucket, policy(named), account=ACCOUNT).build()
        document = policy_document(can_what(arn, snapshot).clauses)
        lone = alone().principal(arn, inline={"d": document}).resource_policy(bucket, None, account=ACCOUNT).build()
        request = Request(principal=arn, action="s3:GetObject", resource=f"{bucket}/x", context_complete=True)
        assert authorize(request, snapshot).effect is authorize(request, lone).effect is effect


def test_a_condition_without_an_opposite_is_said() -> None:
    """BinaryEquals cannot be turned round: the document is not exact then, and names the layer."""
    binary = allow("s3:*", "*", Condition={"BinaryEquals": {"s3:x-amz-content-sha256": "AAEC"}})
    answer = can_what(USER, bounded(policy(binary), allow("s3:GetObject")))
    assert not answer.exact
    assert any("BinaryEquals" in text for text in answer.inexact)


def test_keys_and_roles_are_said_to_need_their_own_policy() -> None:
    """No document of an identity is enough for a KMS key or a role."""
    answer = can_what(
        USER, alone().principal(USER, inline={"p": policy(allow(["kms:Decrypt", "sts:AssumeRole"]))}).build()
    )
    assert len(answer.inexact) == 2


def test_literal_variables_of_an_old_document_stay_literal() -> None:
    """Without Version 2012-10-17 ``${aws:username}`` is text; in the new document it is written so that it stays text."""
    old = {"Statement": [allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}")]}
    answer = can_what(USER, alone().principal(USER, inline={"p": old}).build())
    assert statements(answer)[0]["Resource"] == "arn:aws:s3:::b/${$}{aws:username}"


def test_what_is_not_supplied_is_listed() -> None:
    """Without the organization's policies the answer says that they may take away more."""
    snapshot = SnapshotBuilder().principal(USER, inline={"p": ADMIN}).build()
    assert any("service control policies" in text for text in can_what(USER, snapshot).depends)


def test_access_levels_of_one_service() -> None:
    """How many of the actions of each level are allowed somewhere."""
    answer = can_what(USER, bounded(ADMIN, allow("sagemaker:List*")), service=SAGEMAKER)
    levels = {level: allowed for level, allowed, _ in answer.levels}
    assert levels["Write"] == 0
    assert levels["List"] > 50


def test_one_resource_is_decided_action_by_action() -> None:
    """With a resource, every action that is authorized on its type is decided, with what it depends on."""
    tagged = allow("sagemaker:StopTrainingJob", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "ml"}})
    snapshot = bounded(ADMIN, allow("sagemaker:Describe*", "*"), tagged, allow("sagemaker:*", TEAM))
    answer = can_what(USER, snapshot, resource=JOB)
    assert {(row.action, row.effect) for row in answer.on_resource} == {
        ("sagemaker:DescribeTrainingJob", Effect.ALLOW),
        ("sagemaker:StopTrainingJob", Effect.UNKNOWN),
    }
    assert TEAM not in {resource for clause in answer.clauses for resource in clause.resources}


def test_root_has_everything_that_the_organization_leaves() -> None:
    """The root user: every action, cut by the service control policies."""
    snapshot = organized(root={"all": ADMIN}, account={"all": ADMIN, "no": policy(deny("sagemaker:Delete*"))}).build()
    answer = can_what(ACCOUNT, snapshot, service=SAGEMAKER)
    assert "sagemaker:DeleteModel" not in statements(answer)[0]["Action"]  # type: ignore[operator]
    assert any(idle.actions == ("sagemaker:Delete*",) for idle in answer.idle)


def test_long_lists_are_not_written_out() -> None:
    """NotAction with a boundary keeps its form: one Allow as it was, and a Deny of what the boundary lacks."""
    everything_but: dict[str, object] = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    answer = can_what(USER, bounded(policy({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}), everything_but))
    assert len(str(policy_document(answer.clauses))) < 500
    assert statements(answer)[0] == everything_but


@pytest.mark.parametrize("principal", ["sagemaker.amazonaws.com", "*"])
def test_who_has_no_permissions_of_its_own_is_refused(principal: str) -> None:
    """Services and anonymous callers have none; who-can answers for them."""
    with pytest.raises(ValueError, match="no permissions of its own"):
        can_what(principal, alone().build())


def test_federated_user_is_answered_with_its_user() -> None:
    """Nobody can tell a session's policy afterwards: the user behind it is to be asked for."""
    with pytest.raises(ValueError, match="ask for that user"):
        can_what(f"arn:aws:sts::{ACCOUNT}:federated-user/x", alone().build())


def test_unknown_principal_is_no_empty_answer() -> None:
    """A user that the snapshot does not have is an error, not somebody without permissions."""
    with pytest.raises(UnknownPrincipal):
        can_what(USER, alone().build())
