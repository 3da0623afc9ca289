"""The combined plan: one part for each owner, everything allowed afterwards, nothing in it that is not needed."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from tests.preflight import world
from tests.preflight.removals import Removal, removals
from tests.repair.worlds import BOUNDARY, allow, alone, deny, policy

from sagepass.jobs.preflight.merge_statements import merge_statements
from sagepass.jobs.preflight.record import Authorization, Plan, Preflight
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.repair.fix import Edit, Owner
from sagepass.snapshot.snapshot import Snapshot


def one_each(name: str) -> list[tuple[Authorization, Removal]]:
    """A way to take away each authorization of a request."""
    found = world.check(name)
    return [(item, removal) for item in found.authorizations for removal in removals(item)]


def edits(plan: Plan) -> list[Edit]:
    """All edits of a plan."""
    return [edit for part in plan.parts if part.fix for edit in part.fix.edits]


def planned(found: Preflight) -> Plan:
    """The plan, which has to be there."""
    assert found.plan is not None
    return found.plan


@pytest.mark.parametrize("name", world.REQUESTS)
def test_any_few_permissions_are_given_back(name: str) -> None:
    """Several permissions in several policies are missing: with the plan the whole call passes again."""
    places: dict[tuple[str, str], list[tuple[Authorization, Removal]]] = {}
    for item, removal in one_each(name):
        places.setdefault((removal.change.holder, removal.change.name), []).append((item, removal))
    chooser = random.Random(name)
    for _ in range(4):
        chosen = [chooser.choice(places[place]) for place in chooser.sample(sorted(places), 3)]
        changed = world.snapshot().with_changes([removal.change for _, removal in chosen])
        found = world.check(name, changed, with_plan=True)
        plan = planned(found)
        assert {world.named(item) for item, _ in chosen} <= {world.named(item) for item in found.missing}
        assert (plan.effect, plan.remaining) == (Effect.ALLOW, ())
        repaired = changed.with_changes([edit.change for edit in edits(plan)])
        assert world.check(name, repaired).effect is Effect.ALLOW


def test_a_plan_grants_the_missing_and_nothing_else() -> None:
    """The statements of the plan name exactly the missing actions, on exactly their resources."""
    policy = next(r.change for i, r in one_each("training-job") if "s3:PutObject" in r.label and "training" in r.label)
    bare = world.snapshot().with_changes([replace(policy, document=_nothing())])
    found = world.check("training-job", bare, with_plan=True)
    (edit,) = edits(planned(found))
    assert isinstance(edit.after, dict)
    granted = {
        (action, resource)
        for statement in edit.after["Statement"]
        for action in _list(statement["Action"])
        for resource in _list(statement["Resource"])
    }
    lacking = {(item.need.needed.action, item.need.needed.resource) for item in found.missing}
    assert granted == lacking
    assert len(granted) > 25


def test_every_statement_of_a_plan_is_needed() -> None:
    """Leaving out any one statement of the combined policy makes something missing again."""
    policy = next(r.change for i, r in one_each("processing-job") if "logs:PutLogEvents" in r.label)
    bare = world.snapshot().with_changes([replace(policy, document=_nothing())])
    (edit,) = edits(planned(world.check("processing-job", bare, with_plan=True)))
    assert isinstance(edit.after, dict)
    statements = edit.after["Statement"]
    for left_out in range(len(statements)):
        rest = [statement for index, statement in enumerate(statements) if index != left_out]
        change = replace(edit.change, document={**edit.after, "Statement": rest})
        assert world.check("processing-job", bare.with_changes([change])).missing


def test_a_second_plan_extends_the_policy_of_the_first() -> None:
    """The policy that an earlier plan made is not overwritten: the next plan for the same operation adds to it."""
    ways = dict.fromkeys(("ecr:BatchGetImage", "s3:PutObject"))
    for item, removal in one_each("training-job"):
        if (
            item.need.needed.action in ways
            and item.need.principal == world.TRAINING
            and removal.change.name == "churn-training"
        ):
            ways[item.need.needed.action] = removal.change
    first, second = ways.values()
    assert first is not None
    assert second is not None
    lacking = world.snapshot().with_changes([first])
    repaired = lacking.with_changes(
        [edit.change for edit in edits(planned(world.check("training-job", lacking, with_plan=True)))]
    )
    lacking_again = repaired.with_changes([second])
    again = world.check("training-job", lacking_again, with_plan=True)
    assert sorted(item.need.needed.action for item in again.missing) == ["s3:PutObject"]
    (edit,) = edits(planned(again))
    assert (edit.change.name, edit.before is None) == ("sagepass-CreateTrainingJob", False)
    assert planned(again).effect is Effect.ALLOW


def test_each_owner_has_a_part() -> None:
    """A permission of the caller, one of the repository in another account and one of the key: three owners, three parts."""
    wanted = ("iam:PassRole", "ecr:BatchGetImage", "kms:CreateGrant")
    places = (PolicyType.IDENTITY_BASED_POLICY, PolicyType.RESOURCE_BASED_POLICY, PolicyType.RESOURCE_BASED_POLICY)
    chosen = [
        next(r.change for i, r in one_each("training-job") if i.need.needed.action == action and r.change.type is place)
        for action, place in zip(wanted, places, strict=True)
    ]
    found = world.check("training-job", world.snapshot().with_changes(chosen), with_plan=True)
    owners = {(edit.owner, edit.account) for edit in edits(planned(found))}
    assert sorted(item.need.needed.action for item in found.missing) == sorted(wanted)
    assert (Owner.RESOURCE_ACCOUNT, world.SHARED) in owners
    assert (Owner.ACCOUNT, world.ACCOUNT) in owners
    assert len(planned(found).parts) == len(owners)
    assert planned(found).effect is Effect.ALLOW


def test_an_instance_type_that_the_organization_forbids_is_changed_in_the_request() -> None:
    """A Deny of the organization on instance types: the plan is another instance type, not a hole in the guardrail."""
    (read,) = world.requests("training-job")
    params = {**read.call.params, "ResourceConfig": {"InstanceType": "ml.p4d.24xlarge", "InstanceCount": 1}}
    found = world.run([world.request("CreateTrainingJob", params)])
    (missing,) = found.missing
    assert missing.effect is Effect.EXPLICIT_DENY
    (part,) = planned(found).parts
    assert part.fix is None
    assert part.steps == ("change the request instead: send the request with sagemaker:InstanceTypes = ml.g5.xlarge",)
    assert planned(found).effect is Effect.ALLOW


def test_one_file_of_policies_already_tells_what_is_missing() -> None:
    """With the account's details alone most is allowed so far, and what no policy of the role allows still stands out."""
    details = world.FOLDER / "snapshot" / "accounts" / world.ACCOUNT / "iam" / "get-account-authorization-details.json"
    (read,) = world.requests("training-job")
    params = {**read.call.params, "OutputDataConfig": {"S3OutputPath": "s3://acme-churn-models/elsewhere/"}}
    call = replace(world.request("CreateTrainingJob", params), label="job")
    call = replace(call, call=replace(call.call, region=world.REGION))
    found = world.run([call], Snapshot.load(details))
    silent = [item.need.needed.action for item in found.undecided if not item.so_far]
    assert silent == ["s3:PutObject", "s3:AbortMultipartUpload"]
    assert (found.missing, found.effect) == ((), Effect.UNKNOWN)
    assert any("service control policies" in missing.what for missing, _ in found.hanging)
    plan = planned(found)
    assert (plan.effect, plan.remaining, plan.minimal) == (Effect.UNKNOWN, (), False)
    (edit,) = edits(plan)
    assert edit.statement == {
        "Effect": "Allow",
        "Action": ["s3:AbortMultipartUpload", "s3:PutObject"],
        "Resource": "arn:aws:s3:::acme-churn-models/elsewhere/churn-2026-11/*",
    }


def test_statements_are_merged_without_granting_more() -> None:
    """Only statements that are alike in everything else become one: never a product of actions and resources."""
    merged = merge_statements(
        [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "a"},
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "b"},
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "b"},
            {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "k", "Condition": {"Bool": {"x": "true"}}},
            {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "k"},
        ]
    )
    assert merged == [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "a"},
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "b"},
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "k", "Condition": {"Bool": {"x": "true"}}},
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "k"},
    ]


def _nothing() -> dict[str, object]:
    unused = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [unused]}


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def test_statements_added_to_one_policy_are_all_shown() -> None:
    """Two permissions that one boundary lacks: the plan's edit begins with the boundary as it stands, and adds both."""
    boundary = policy(allow(["sagemaker:Describe*", "iam:PassRole"]))
    user = "arn:aws:iam::123456789012:user/bounded"
    snapshot = (
        alone()
        .principal(user, inline={"all": policy(allow("*"))}, boundary=BOUNDARY)
        .managed_policy(BOUNDARY, boundary)
        .build()
    )
    tagged: dict[str, object] = {
        "EndpointConfigName": "c",
        "EndpointName": "e",
        "Tags": [{"Key": "team", "Value": "ds"}],
    }
    plan = planned(world.run([world.request("CreateEndpoint", tagged)], snapshot, caller=user))
    (edit,) = [edit for edit in edits(plan) if edit.policy_type is PolicyType.PERMISSIONS_BOUNDARY]
    assert edit.before == boundary
    shown = str(edit.statement)
    assert "sagemaker:CreateEndpoint" in shown
    assert "sagemaker:AddTags" in shown


def test_an_exception_from_a_deny_is_not_called_a_permission() -> None:
    """The guardrail's owner is told that the deny no longer stops the caller, not that the caller may do all it names."""
    user = "arn:aws:iam::123456789012:user/guarded"
    guard = policy(deny(["sagemaker:AddTags", "sagemaker:DeleteTags"]))
    snapshot = alone().principal(user, inline={"all": policy(allow("*")), "guard": guard}).build()
    tagged: dict[str, object] = {
        "EndpointConfigName": "c",
        "EndpointName": "e",
        "Tags": [{"Key": "team", "Value": "ds"}],
    }
    plan = planned(world.run([world.request("CreateEndpoint", tagged)], snapshot, caller=user))
    (fix,) = [part.fix for part in plan.parts if part.fix is not None]
    assert fix.grants
    assert all(sentence.startswith("the deny Guardrail in guard no longer stops") for sentence in fix.grants)
