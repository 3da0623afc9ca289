"""Roles that a call passes: three questions with three answers, and roles that AWS does not take at all."""

from __future__ import annotations

import pytest
from tests.preflight import world

from sagepass.calls.need import Block
from sagepass.jobs.preflight.record import Preflight
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.snapshot import Snapshot

REFUSED = {
    "at another path": (
        f"arn:aws:iam::{world.ACCOUNT}:role/ChurnTraining",
        "the role ChurnTraining lies at another path",
        f"give the ARN {world.TRAINING}",
    ),
    "of another account": (
        f"arn:aws:iam::{world.SHARED}:role/ml/ChurnTraining",
        f"a role of account {world.SHARED} cannot be passed",
        f"use a role of account {world.ACCOUNT}",
    ),
    "service-linked": (
        f"arn:aws:iam::{world.ACCOUNT}:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMakerNotebooks",
        "a service-linked role cannot serve as an execution role",
        "--write-role",
    ),
    "a name": ("ChurnTraining", "a role name where the API expects the role's ARN", f"give the ARN {world.TRAINING}"),
    "that does not exist": (
        f"arn:aws:iam::{world.ACCOUNT}:role/ml/ChurnTrainning",
        f"account {world.ACCOUNT} has no role ChurnTrainning",
        f"did you mean {world.TRAINING}?",
    ),
}


def with_role(arn: str) -> Preflight:
    """The training job with another role."""
    (read,) = world.requests("training-job")
    return world.run([world.request("CreateTrainingJob", {**read.call.params, "RoleArn": arn})])


@pytest.mark.parametrize("kind", REFUSED)
def test_a_role_that_cannot_be_passed(kind: str) -> None:
    """A role at another path, of another account, service-linked, named without ARN or missing: said so, with the remedy."""
    arn, reason, remedy = REFUSED[kind]
    (missing,) = with_role(arn).missing
    assert missing.need.block is Block.PASS_ROLE
    assert reason in missing.reason
    assert remedy in missing.need.remedy


@pytest.mark.parametrize("kind", ["at another path", "a name"])
def test_the_rest_is_answered_for_the_role_that_was_meant(kind: str) -> None:
    """Where the remedy names the role, its trust and its permissions are looked at as well, and the plan passes with it."""
    found = with_role(REFUSED[kind][0])
    assert {item.need.principal for item in found.authorizations} >= {world.TRAINING, "sagemaker.amazonaws.com"}
    assert found.plan is not None
    assert found.plan.effect is Effect.ALLOW


def test_three_questions_with_three_owners() -> None:
    """Passing, trusting and working are separate: all three broken, three findings, each at its own principal."""
    trust = PolicyChange(
        holder=world.TRAINING,
        type=PolicyType.ROLE_TRUST_POLICY,
        name="trust policy",
        form=PolicyForm.TRUST,
        document=_document("sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"}),
    )
    nothing = _document("sts:GetCallerIdentity", Resource="*")
    work = PolicyChange(
        holder=world.TRAINING,
        type=PolicyType.IDENTITY_BASED_POLICY,
        name="churn-training",
        form=PolicyForm.INLINE_ROLE,
        document=nothing,
    )
    passing = PolicyChange(
        holder=world.STUDIO_ROLE,
        type=PolicyType.IDENTITY_BASED_POLICY,
        name="churn-project",
        form=PolicyForm.INLINE_ROLE,
        document=_document("sagemaker:*", Resource="*"),
    )
    found = world.run([*world.requests("training-job")], world.snapshot().with_changes([trust, work, passing]))
    blocks = {
        item.need.principal: {one.need.block for one in found.missing if one.need.principal == item.need.principal}
        for item in found.missing
    }
    assert blocks[world.STUDIO] == {Block.PASS_ROLE}
    assert blocks["sagemaker.amazonaws.com"] == {Block.TRUST}
    assert blocks[world.TRAINING] >= {Block.IMAGE, Block.INPUT, Block.OUTPUT, Block.KEY, Block.NETWORK, Block.LOGS}
    assert found.plan is not None
    assert found.plan.effect is Effect.ALLOW


SOURCES = {
    "the job itself": ("arn:aws:sagemaker:eu-west-1:123456789012:training-job/churn-2026-11", Effect.ALLOW),
    "any job": ("arn:aws:sagemaker:eu-west-1:123456789012:training-job/*", Effect.ALLOW),
    "another job": ("arn:aws:sagemaker:eu-west-1:123456789012:training-job/other", Effect.IMPLICIT_DENY),
    "a processing job": ("arn:aws:sagemaker:eu-west-1:123456789012:processing-job/*", Effect.IMPLICIT_DENY),
}


@pytest.mark.parametrize("name", SOURCES)
def test_trust_is_asked_with_the_source_that_sagemaker_sends(name: str) -> None:
    """The trust policy compares ``aws:SourceArn``; for a training job SageMaker sends the job's ARN."""
    pattern, effect = SOURCES[name]
    assert _trust_with("training-job", world.TRAINING, pattern) is effect


def test_hosting_sends_the_whole_region_and_nothing_narrower() -> None:
    """A trust policy that names one endpoint never lets hosting in: SageMaker sends ``…:*`` with a literal asterisk."""
    narrow = f"arn:aws:sagemaker:{world.REGION}:{world.ACCOUNT}:endpoint/churn-live"
    assert _trust_with("deployment", world.SERVING, narrow) is Effect.IMPLICIT_DENY
    assert (
        _trust_with("deployment", world.SERVING, f"arn:aws:sagemaker:{world.REGION}:{world.ACCOUNT}:*") is Effect.ALLOW
    )


def test_an_undocumented_source_is_not_guessed() -> None:
    """AWS does not document what a tuning job sends: a trust policy that compares it leaves the answer open, with the key."""
    pattern = f"arn:aws:sagemaker:{world.REGION}:{world.ACCOUNT}:training-job/*"
    found = world.run(list(world.requests("tuning-job")), _trusting(world.TRAINING, pattern))
    (open_one,) = found.undecided
    assert open_one.need.block is Block.TRUST
    assert open_one.decision is not None
    assert any("aws:SourceArn" in item.keys for item in open_one.decision.residual)


def test_a_stored_role_comes_from_the_saved_answer() -> None:
    """CreateTransformJob passes no role: the one that its model holds is asked for, and reads the model and the input."""
    model = {"ModelName": "churn", "ExecutionRoleArn": world.SERVING, "PrimaryContainer": {"Image": "x"}}
    builder = SnapshotBuilder().settings(no_organization=True, default_region=world.REGION)
    builder.principal(
        world.SERVING, trust=_document("sts:AssumeRole", Principal={"Service": "sagemaker.amazonaws.com"})
    )
    builder.principal(world.STUDIO_ROLE, inline={"all": _document("sagemaker:*", Resource="*")})
    builder.answer(world.ACCOUNT, "sagemaker", "describe-model", model, name="churn", region=world.REGION)
    params: dict[str, object] = {
        "TransformJobName": "score",
        "ModelName": "churn",
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://in/scores/"}}},
        "TransformOutput": {"S3OutputPath": "s3://out/scores"},
    }
    found = world.run([world.request("CreateTransformJob", params)], builder.build())
    asked = {(item.need.principal, item.need.needed.action) for item in found.authorizations}
    assert (world.SERVING, "s3:GetObject") in asked
    assert (world.SERVING, "s3:PutObject") in asked
    assert ("sagemaker.amazonaws.com", "sts:AssumeRole") in asked
    assert all(action != "iam:PassRole" for _, action in asked)


def test_a_stored_role_that_is_not_known_is_looked_up() -> None:
    """Without a saved answer the role is not guessed: the command that shows it is named."""
    params: dict[str, object] = {"TransformJobName": "score", "ModelName": "churn"}
    found = world.run([world.request("CreateTransformJob", params)])
    (question,) = found.open_questions
    assert question.point.look_up.startswith("aws sagemaker describe-model --model-name churn --region eu-west-1")
    assert question.asked.field == ("ModelName",)


def test_an_endpoint_is_followed_to_the_roles_of_its_models() -> None:
    """CreateEndpoint alone: configuration, model and role are read from saved answers, one after the other."""
    deployment = world.requests("deployment")
    config = dict(deployment[1].call.params)
    model = dict(deployment[0].call.params)
    saved = world.snapshot()
    builder = SnapshotBuilder().settings(no_organization=True, default_region=world.REGION)
    builder.answer(
        world.ACCOUNT, "sagemaker", "describe-endpoint-config", config, name="churn-2026-11", region=world.REGION
    )
    builder.answer(world.ACCOUNT, "sagemaker", "describe-model", model, name="churn-2026-11", region=world.REGION)
    builder.principal(world.STUDIO_ROLE)
    builder.principal(world.SERVING)
    found = world.run([deployment[2]], builder.build())
    asked = {(item.need.needed.action, item.need.needed.resource) for item in found.authorizations}
    assert ("s3:GetObject", "arn:aws:s3:::acme-churn-models/training/churn-2026-11/output/model.tar.gz") in asked
    assert ("s3:PutObject", "arn:aws:s3:::acme-churn-data/captured/*") in asked
    assert saved.principal(world.SERVING) is not None


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("CreateDomain", "AWSServiceRoleForAmazonSageMakerNotebooks"),
        ("CreateCluster", "AWSServiceRoleForSageMakerHyperPod"),
    ],
)
def test_a_service_linked_role_is_made_by_the_first_who_needs_it(operation: str, name: str) -> None:
    """Until the account has the role, the caller needs ``iam:CreateServiceLinkedRole`` with ``iam:AWSServiceName``."""
    found = world.run([world.request(operation, {})])
    (need,) = [item.need for item in found.missing if item.need.block is Block.SERVICE_LINKED_ROLE]
    assert need.needed.resource.endswith(name)
    assert dict(need.needed.context)["iam:AWSServiceName"][0] in need.needed.resource


def _trust_with(request: str, role: str, pattern: str) -> Effect:
    found = world.check(request, _trusting(role, pattern))
    return next(
        item.effect
        for item in found.authorizations
        if item.need.needed.resource == role and item.need.block is Block.TRUST
    )


def _trusting(role: str, pattern: str) -> Snapshot:
    """The example with a trust policy that compares ``aws:SourceArn``."""
    service = {"Service": "sagemaker.amazonaws.com"}
    condition = {"ArnLike": {"aws:SourceArn": pattern}}
    change = PolicyChange(
        holder=role,
        type=PolicyType.ROLE_TRUST_POLICY,
        name="trust policy",
        form=PolicyForm.TRUST,
        document=_document("sts:AssumeRole", Principal=service, Condition=condition),
    )
    return world.snapshot().with_changes([change])


def _document(action: str, **more: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **more}]}


def test_starting_a_stored_pipeline_takes_what_its_steps_take() -> None:
    """The definition comes from the saved DescribePipeline: the pipeline's role makes the calls of the steps."""
    create = world.requests("pipeline")[0]
    stored = {
        **create.call.params,
        "PipelineArn": f"arn:aws:sagemaker:{world.REGION}:{world.ACCOUNT}:pipeline/churn-monthly",
    }
    builder = SnapshotBuilder().settings(no_organization=True, default_region=world.REGION).account(world.ACCOUNT)
    builder.principal(world.STUDIO_ROLE).principal(world.PIPELINE).principal(world.TRAINING)
    builder.answer(world.ACCOUNT, "sagemaker", "describe-pipeline", stored, name="churn-monthly", region=world.REGION)
    start = world.request("StartPipelineExecution", {"PipelineName": "churn-monthly"})
    found = world.run([start], builder.build())
    asked = {(item.need.principal, item.need.needed.action) for item in found.authorizations}
    assert (world.STUDIO, "sagemaker:StartPipelineExecution") in asked
    assert (world.PIPELINE, "sagemaker:CreateTrainingJob") in asked
    assert (world.PIPELINE, "iam:PassRole") in asked
    assert (world.TRAINING, "s3:GetObject") in asked


def test_starting_a_pipeline_that_is_not_known_stays_open() -> None:
    """Without the saved answer, the command that shows the definition is named."""
    found = world.run([world.request("StartPipelineExecution", {"PipelineName": "other"})])
    assert any("aws sagemaker describe-pipeline --pipeline-name other" in q.point.look_up for q in found.open_questions)


@pytest.mark.parametrize(("config", "asked"), [("USER_PROFILE_NAME", True), ("DISABLED", False)])
def test_a_domain_that_passes_on_names_asks_more_of_the_trust(config: str, *, asked: bool) -> None:
    """With ExecutionRoleIdentityConfig the trust policy has to allow ``sts:SetSourceIdentity`` as well."""
    builder = SnapshotBuilder().settings(no_organization=True, default_region=world.REGION)
    builder.principal(world.STUDIO_ROLE)
    builder.principal(
        world.TRAINING, trust=_document("sts:AssumeRole", Principal={"Service": "sagemaker.amazonaws.com"})
    )
    domain = {"DomainId": "d-1", "DomainSettings": {"ExecutionRoleIdentityConfig": config}}
    builder.answer(world.ACCOUNT, "sagemaker", "describe-domain", domain, name="d-1", region=world.REGION)
    found = world.run(list(world.requests("training-job")), builder.build())
    trust = {item.need.needed.action: item.effect for item in found.authorizations if item.need.block is Block.TRUST}
    assert trust["sts:AssumeRole"] is Effect.ALLOW
    assert ("sts:SetSourceIdentity" in trust) is asked
    if asked:
        assert trust["sts:SetSourceIdentity"] is Effect.IMPLICIT_DENY


SPECIAL: dict[str, tuple[str, dict[str, object], str]] = {
    "a cluster's own role": ("CreateCluster", {"ClusterRole": world.TRAINING}, "hyperpod.sagemaker.amazonaws.com"),
    "a role for CloudFormation": (
        "CreateProject",
        {"TemplateProviders": [{"CfnTemplateProvider": {"RoleARN": world.TRAINING}}]},
        "cloudformation.amazonaws.com",
    ),
    "a role for EMR Serverless": (
        "CreateAutoMLJobV2",
        {"AutoMLComputeConfig": {"EmrServerlessComputeConfig": {"ExecutionRoleARN": world.TRAINING}}},
        "emr-serverless.amazonaws.com",
    ),
    "a role of a job": ("CreateJob", {"RoleArn": world.TRAINING}, "job.sagemaker.amazonaws.com"),
}


@pytest.mark.parametrize("name", SPECIAL)
def test_the_service_that_a_role_is_for_has_to_be_trusted(name: str) -> None:
    """Some members pass a role that another service assumes: that service's trust is asked, not SageMaker's."""
    operation, params, service = SPECIAL[name]
    found = world.run([world.request(operation, params)])
    asked = {item.need.principal for item in found.authorizations if item.need.block is Block.TRUST}
    assert asked == {service}
    if service.startswith("job."):
        actions = {item.need.needed.action for item in found.authorizations if item.need.block is Block.TRUST}
        assert actions == {"sts:AssumeRole", "sts:TagSession"}
