"""Texts without IAM's sentence lead to whoever can let the caller in: the right service, account, or other system."""

from __future__ import annotations

import pytest
from tests.denial.labelled import all_records
from tests.repair.worlds import ACCOUNT, OTHER, allow, alone, policy, trusting

from sagepass.denial import read_denials
from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Verdict
from sagepass.repair.fix import Applicability, Owner
from sagepass.snapshot.build import SnapshotBuilder

ROLE = f"arn:aws:iam::{ACCOUNT}:role/MlExec"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/MlExec/SageMaker"
PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]


def account(**role: object) -> SnapshotBuilder:
    """One account with an execution role that SageMaker may assume."""
    return alone().principal(ROLE, **{"trust": trusting({"Service": "sagemaker.amazonaws.com"}), **role})  # type: ignore[arg-type]


def test_a_repository_belongs_to_the_registry_that_the_text_names() -> None:
    """SageMaker names repository and registry apart; the policy to change is that of the registry's account."""
    builder = account(inline={"pull": policy(allow([*PULL, "ecr:GetAuthorizationToken"]))})
    builder.principal(f"arn:aws:iam::{OTHER}:user/owner")
    builder.resource_policy(f"arn:aws:ecr:eu-west-1:{OTHER}:repository/acme", policy())
    text = f"Access denied for repository: acme in registry ID: {OTHER}. Please check if role {ROLE} has proper pull permissions"
    diagnosis = diagnose(text, builder.build(), region="eu-west-1")
    assert diagnosis.verdict is Verdict.DENIED
    edit = diagnosis.fixes[0].edits[0]
    assert (edit.owner, edit.account) == (Owner.RESOURCE_ACCOUNT, OTHER)
    assert edit.change.holder == f"arn:aws:ecr:eu-west-1:{OTHER}:repository/acme"


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        ("OSError: When reading information for key 'a/b.csv' in bucket 'acme': AWS Error ACCESS_DENIED during HeadObject operation: No response body.", "arn:aws:s3:::acme/a/b.csv"),
        ("OSError: When listing objects under key 'a' in bucket 'acme': AWS Error ACCESS_DENIED during ListObjectsV2 operation: Access Denied", "arn:aws:s3:::acme"),
        ("Failed to upload m.gz to acme/m.gz: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied", "arn:aws:s3:::acme/m.gz"),
    ],
)  # fmt: skip
def test_buckets_without_an_address_are_buckets(text: str, arn: str) -> None:
    """A bare bucket and key is no name of an access point."""
    diagnosis = diagnose(text, account().build(), caller=SESSION)
    assert diagnosis.decision is not None
    assert (diagnosis.decision.request.resource, len(diagnosis.candidates)) == (arn, 0)


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("An error occurred (AccessDeniedException) when calling the AssumeRoleForPodIdentity operation: Unauthorized Exception! EKS does not have permissions to assume the associated role.", "pods.eks.amazonaws.com"),
        (f"Access denied while assuming the role {ROLE}", "servicecatalog.amazonaws.com"),
        (f"An error occurred (InvalidInputException) when calling the CreateProject operation: CodeBuild is not authorized to perform: sts:AssumeRole on {ROLE}", "codebuild.amazonaws.com"),
        ("An error occurred (ValidationException) when calling the CreateModelCustomizationJob operation: Could not assume provided IAM role.", "bedrock.amazonaws.com"),
    ],
)  # fmt: skip
def test_the_service_that_wanted_the_role_is_let_in_and_no_other(text: str, service: str) -> None:
    """Not every role that could not be assumed was wanted by SageMaker."""
    diagnosis = diagnose(text, account().build(), resource=ROLE)
    fix = diagnosis.fixes[0]
    assert fix.applicability is Applicability.PROVEN
    assert fix.edits[0].statement == {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}


def test_a_role_that_people_could_not_assume_is_not_opened_to_sagemaker() -> None:
    """CDK says so of its user's credentials; whose they are, the text does not tell."""
    text = (
        f"current credentials could not be used to assume '{ROLE}', but are for the right account. Proceeding anyway."
    )
    for diagnosis in (diagnose(text), diagnose(text, account().build())):
        told = " ".join(step for fix in diagnosis.fixes for step in (fix.title, *fix.steps))
        assert "aws sts get-caller-identity" in told
        assert "sagemaker.amazonaws.com" not in told


def test_a_role_without_a_name_is_asked_for_and_not_decided_for_all_roles() -> None:
    """With a snapshot as without one: the trust policy to look at is that of the role in the call."""
    text = (
        "An error occurred (ValidationException) when calling the CreateFeatureGroup operation: The execution role ARN is invalid. Please "
        "ensure that the role exists and that its trust relationship policy allows the action 'sts:AssumeRole' for the service principal "
        "'sagemaker.amazonaws.com'."
    )
    diagnosis = diagnose(text, account().build())
    assert diagnosis.verdict is Verdict.REPORTED
    assert "the role that the call named" in diagnosis.fixes[0].title
    assert any("--resource ROLE-ARN" in step for step in diagnosis.fixes[0].steps)


def test_the_policies_of_a_service_linked_role_stay_as_they_are() -> None:
    """AWS alone edits them; the call has to name another role."""
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMakerNotebooks"
    text = f"The role '{role}' does not have BatchGetImage permission for the image: '{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/iris:1'."
    (fix,) = diagnose(text).fixes
    assert "name another role" in fix.title
    assert not fix.edits


def test_session_tags_need_the_trust_policy_too() -> None:
    """The text alone names the role's trust policy beside the caller's own policies."""
    text = (
        f"User: {SESSION} is not authorized to perform: sts:TagSession on resource: arn:aws:iam::{ACCOUNT}:role/target"
    )
    assert [fix.title.split(" allow ")[0] for fix in diagnose(text).fixes][1:] == [
        f"let the trust policy of arn:aws:iam::{ACCOUNT}:role/target"
    ]


@pytest.mark.parametrize(
    ("text", "who", "way"),
    [
        ("Insufficient Lake Formation permission(s): Required Create Database on Catalog (Service: AWSGlue; Status Code: 400; Error Code: AccessDeniedException)", "Lake Formation", "grant-permissions"),
        ("An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access", "Identity Center", "create-account-assignment"),
        ("An error occurred (AccessDeniedException) when calling the InvokeModel operation: You don't have access to the model with the specified model ID.", "Bedrock", "model"),
        ("ValidationException: Caller is not subscribed to the Marketplace listing.", "Marketplace", "aws-marketplace:Subscribe"),
        ("ResourceNotFoundException: No launch paths found for resource: prod-abcdefghijklm", "Service Catalog", "associate-principal-with-portfolio"),
        ('Error from server (Forbidden): pods is forbidden: User "ann" cannot list resource "pods"', "Kubernetes", "create-access-entry"),
        ("InvalidParameterException: The specified KMS key does not exist or is not allowed to be used with LogGroup 'x'", "CloudWatch Logs", "logs.REGION.amazonaws.com"),
        ("GatedRepoError: 403 Client Error. Cannot access gated repo", "Hugging Face", "HF_TOKEN"),
        ("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", "presigned", "credentials that signed it"),
        ("An error occurred (AccessDenied) when calling the GetSessionToken operation: Cannot call GetSessionToken with session credentials", "STS", "assume-role"),
        ("An error occurred (AccessDenied) when calling the AssumeRole operation: MultiFactorAuthentication failed with invalid MFA one time pass code.", "MFA", "next code"),
        ("Account 123456789012 should have 'AWSCloudFormationStackSetExecutionRole' role with trust relationship to Role 'AWSCloudFormationStackSetAdministrationRole'.", "StackSets", "trusts AWS"),
        ("An error occurred (InvalidParameterException) when calling the RunTask operation: Unable to assume the service linked role. Please verify that the ECS service linked role exists.", "service-linked role", "create-service-linked-role"),
        ("This bucket cannot be configured to use as it is not owned by Account 123456789012.", "another account", "default_bucket"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("saved", [False, True])
def test_what_iam_does_not_decide_leads_to_what_does(text: str, who: str, way: str, saved: bool) -> None:
    """The headline names what refused, the steps name the way there, and no policy is changed, with a snapshot or without."""
    diagnosis = diagnose(text, account().build() if saved else None)
    (fix,) = diagnosis.fixes
    assert who in diagnosis.headline
    assert any(way in step for step in (fix.title, *fix.steps))
    assert not fix.edits


def test_no_text_is_left_without_a_way_out() -> None:
    """Whatever a labelled text tells, there is something that its reader can do."""
    silent = [
        record["id"]
        for record in all_records()
        for denial in read_denials(record["text"])[:1]
        if not any(fix.steps or fix.edits for fix in diagnose(denial).fixes)
    ]
    assert silent == []
