"""Organizations, other accounts, the operations that are answered here, and those that nothing emulates."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from tests.endpoint.conftest import ACCOUNT, Aws, Client, allow, deny, refused, statement, trusting

from sagepass.endpoint.endpoint import Credentials


@pytest.fixture(scope="module")
def organization(aws: Aws) -> dict[str, str]:
    """An organization with one unit and one member account, into which the management account can go."""
    client = aws.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="ml")["OrganizationalUnit"]["Id"]
    member = client.create_account(AccountName="member", Email="member@example.com")["CreateAccountStatus"]["AccountId"]
    client.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
    return {"root": root, "unit": unit, "member": member}


@pytest.fixture(scope="module")
def member_admin(aws: Aws, organization: dict[str, str]) -> Credentials:
    """A session of the role that Organizations makes in a new account."""
    who = aws.user("org-admin", allow("sts:AssumeRole"))
    return aws.assume(who, f"arn:aws:iam::{organization['member']}:role/OrganizationAccountAccessRole")


def test_a_service_control_policy_denies_member_accounts_only(
    aws: Aws, organization: dict[str, str], member_admin: Credentials
) -> None:
    """It names its ARN; the management account is exempt; detached, it does not count."""
    client = aws.client("organizations")
    aws.client("sagemaker", member_admin).list_models()
    content = json.dumps(statement(deny("sagemaker:*")))
    policy = client.create_policy(Name="no-ml", Description="d", Type="SERVICE_CONTROL_POLICY", Content=content)
    summary = policy["Policy"]["PolicySummary"]
    client.attach_policy(PolicyId=summary["Id"], TargetId=organization["unit"])
    error = refused(aws.client("sagemaker", member_admin).list_models)
    assert (error.code, error.status) == ("AccessDeniedException", 400)
    assert error.message.endswith(f"with an explicit deny in a service control policy: {summary['Arn']}")
    aws.client("sagemaker").list_models()
    client.detach_policy(PolicyId=summary["Id"], TargetId=organization["unit"])
    aws.client("sagemaker", member_admin).list_models()


def test_a_resource_control_policy_protects_resources_of_member_accounts(
    aws: Aws, organization: dict[str, str], member_admin: Credentials
) -> None:
    """Also against principals of the account itself."""
    s3 = aws.client("s3", member_admin)
    s3.create_bucket(Bucket="member-bucket")
    s3.put_object(Bucket="member-bucket", Key="k", Body=b"v")
    client = aws.client("organizations")
    content = json.dumps(statement(deny("s3:GetObject", Principal="*")))
    policy = client.create_policy(Name="shut", Description="d", Type="RESOURCE_CONTROL_POLICY", Content=content)
    ident = policy["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=ident, TargetId=organization["member"])
    error = refused(s3.get_object, Bucket="member-bucket", Key="k")
    assert "with an explicit deny in a resource control policy" in error.message
    client.detach_policy(PolicyId=ident, TargetId=organization["member"])
    assert s3.get_object(Bucket="member-bucket", Key="k")["Body"].read() == b"v"


def test_across_accounts_both_sides_must_allow(aws: Aws, member_admin: Credentials) -> None:
    """A bucket policy and the caller's own policy; and the object is that of the owner."""
    s3 = aws.client("s3", member_admin)
    s3.create_bucket(Bucket="shared")
    s3.put_object(Bucket="shared", Key="k", Body=b"theirs")
    who = aws.user("reaches-over")
    arn = f"arn:aws:iam::{ACCOUNT}:user/reaches-over"
    both = allow("s3:GetObject", resource="arn:aws:s3:::shared/*", Principal={"AWS": arn})
    s3.put_bucket_policy(Bucket="shared", Policy=json.dumps(both))
    assert refused(aws.client("s3", who).get_object, Bucket="shared", Key="k").code == "AccessDenied"
    own = json.dumps(allow("s3:GetObject", resource="arn:aws:s3:::shared/*"))
    aws.client("iam").put_user_policy(UserName="reaches-over", PolicyName="p", PolicyDocument=own)
    assert aws.client("s3", who).get_object(Bucket="shared", Key="k")["Body"].read() == b"theirs"
    s3.delete_bucket_policy(Bucket="shared")
    assert "no resource-based policy" in refused(aws.client("s3", who).get_object, Bucket="shared", Key="k").message


def test_a_key_of_another_account(aws: Aws, member_admin: Credentials) -> None:
    """A call that names the key's ARN takes place in the key's account."""
    kms = aws.client("kms", member_admin)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    who = aws.user("foreign-key", allow("kms:Encrypt"))
    assert refused(aws.client("kms", who).encrypt, KeyId=key, Plaintext=b"x").code == "AccessDeniedException"
    account = key.split(":")[4]
    policy = statement(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:Encrypt",
            "Resource": "*",
        },
    )
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    assert aws.client("kms", who).encrypt(KeyId=key, Plaintext=b"x")["KeyId"] == key


def test_a_ciphertext_of_another_account(aws: Aws, member_admin: Credentials) -> None:
    """Its key, which nobody names, is found in the other account: the call takes place there, if both sides allow."""
    kms = aws.client("kms", member_admin)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"theirs")["CiphertextBlob"]
    who = aws.client("kms", aws.user("foreign-ciphertext", allow("kms:Decrypt")))
    error = refused(who.decrypt, CiphertextBlob=blob)
    assert f"kms:Decrypt on resource: {key} because no resource-based policy" in error.message
    every = {"Action": "kms:*", "Resource": "*", "Effect": "Allow"}
    both = [f"arn:aws:iam::{account}:root" for account in (key.split(":")[4], ACCOUNT)]
    policy = statement({**every, "Principal": {"AWS": both}})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    assert who.decrypt(CiphertextBlob=blob)["Plaintext"] == b"theirs"


def test_a_repository_of_another_account(aws: Aws, member_admin: Credentials) -> None:
    """``registryId`` names the owner: its policy decides beside the caller's own, and its images are listed."""
    theirs = aws.client("ecr", member_admin)
    made = theirs.create_repository(repositoryName="shared-images")["repository"]
    ask = {"registryId": made["registryId"], "repositoryName": "shared-images"}
    mine = aws.client("ecr", aws.user("pulls-theirs", allow("ecr:ListImages")))
    error = refused(mine.list_images, **ask)
    assert f"on resource: {made['repositoryArn']} because no resource-based policy" in error.message
    ours = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    policy = json.dumps(statement({"Effect": "Allow", "Principal": ours, "Action": "ecr:ListImages"}))
    theirs.set_repository_policy(repositoryName="shared-images", policyText=policy)
    assert mine.list_images(**ask)["imageIds"] == []
    theirs.delete_repository_policy(repositoryName="shared-images")
    assert refused(mine.list_images, **ask).code == "AccessDeniedException"


def denial_of(client: Client, arn: str) -> str | None:
    """The refusal of a describing call; the emulation may not find a group by its ARN, which is no refusal."""
    try:
        client.describe_model_package_group(ModelPackageGroupName=arn)
    except ClientError as failed:
        code: str = failed.response["Error"]["Code"]
        return code if "Denied" in code else None
    return None


def test_a_model_package_group_policy_is_stored_and_counts(aws: Aws, member_admin: Credentials) -> None:
    """Put, read, in force across accounts, deleted."""
    owner = aws.client("sagemaker", member_admin)
    arn = owner.create_model_package_group(ModelPackageGroupName="shared-models")["ModelPackageGroupArn"]
    reader = aws.user("reads-models", allow("sagemaker:DescribeModelPackageGroup"))
    foreign = aws.client("sagemaker", reader)
    assert refused(foreign.describe_model_package_group, ModelPackageGroupName=arn).code == "AccessDeniedException"
    policy = allow(
        "sagemaker:DescribeModelPackageGroup", resource=arn, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    )
    owner.put_model_package_group_policy(ModelPackageGroupName="shared-models", ResourcePolicy=json.dumps(policy))
    got = owner.get_model_package_group_policy(ModelPackageGroupName="shared-models")["ResourcePolicy"]
    assert json.loads(got) == policy
    aws.client("sagemaker", member_admin).describe_model_package_group(ModelPackageGroupName="shared-models")
    arns = [one["ModelPackageGroupArn"] for one in owner.list_model_package_groups()["ModelPackageGroupSummaryList"]]
    assert arns == [arn]
    assert denial_of(foreign, arn) is None
    owner.delete_model_package_group_policy(ModelPackageGroupName="shared-models")
    error = refused(owner.get_model_package_group_policy, ModelPackageGroupName="shared-models")
    assert (error.code, "Cannot find resource policy" in error.message) == ("ValidationException", True)
    assert refused(foreign.describe_model_package_group, ModelPackageGroupName=arn).code == "AccessDeniedException"
    error = refused(owner.put_model_package_group_policy, ModelPackageGroupName="missing", ResourcePolicy="{}")
    assert error.code == "ValidationException"


def test_what_is_not_emulated_is_authorized_and_says_so(aws: Aws) -> None:
    """An error of its own, which clients do not try again; without permission it is AWS's refusal."""
    params = {"DomainId": "d-1", "SpaceName": "space"}
    error = refused(aws.client("sagemaker").create_space, **params)
    assert (error.code, error.status) == ("NotEmulated", 400)
    assert error.message.startswith("sagepass authorized this call (sagemaker:CreateSpace")
    who = aws.user("no-spaces")
    assert refused(aws.client("sagemaker", who).create_space, **params).code == "AccessDeniedException"


@pytest.mark.parametrize(
    ("service", "operation", "params", "action"),
    [
        ("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "e", "Body": b"x"}, "sagemaker:InvokeEndpoint"),
        (
            "sagemaker-featurestore-runtime",
            "get_record",
            {"FeatureGroupName": "g", "RecordIdentifierValueAsString": "1"},
            "sagemaker:GetRecord",
        ),
        (
            "sagemaker-metrics",
            "batch_put_metrics",
            {"TrialComponentName": "t", "MetricData": [{"MetricName": "m", "Timestamp": 1, "Value": 1}]},
            "sagemaker:BatchPutMetrics",
        ),
        ("ecr", "create_repository", {"repositoryName": "repo"}, "ecr:CreateRepository"),
        ("logs", "create_log_group", {"logGroupName": "g"}, "logs:CreateLogGroup"),
        ("ram", "create_resource_share", {"name": "n"}, "ram:CreateResourceShare"),
        ("organizations", "list_accounts", {}, "organizations:ListAccounts"),
        ("lambda", "list_functions", {}, "lambda:ListFunctions"),
    ],
)
def test_every_service_is_gated(aws: Aws, service: str, operation: str, params: dict[str, object], action: str) -> None:
    """Without a policy denied, in the service's own wire form."""
    who = aws.user(f"nothing-{service}-{operation}".replace("_", "-"))
    error = refused(getattr(aws.client(service, who), operation), **params)
    assert error.code == "AccessDeniedException"
    assert f"not authorized to perform: {action} on resource: " in error.message


def test_session_tags_and_source_identity_go_through_a_chain(aws: Aws) -> None:
    """Both need their own permission in the trust policy; transitive tags and the source identity stay."""
    account = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    full = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")
    second = aws.role(
        "second",
        trusting(account, *full),
        allow(
            "sagemaker:ListModels",
            Condition={"StringEquals": {"aws:PrincipalTag/team": "blue", "aws:SourceIdentity": "mateo"}},
        ),
    )
    first = aws.role("first", trusting(account, *full), allow(*full))
    plain = aws.role("plain", trusting(account), allow(*full))
    who = aws.user("tags", allow(*full))
    tags = [{"Key": "team", "Value": "blue"}, {"Key": "stays", "Value": "here"}]
    request = {"RoleSessionName": "test", "Tags": tags, "TransitiveTagKeys": ["team"], "SourceIdentity": "mateo"}
    error = refused(aws.client("sts", who).assume_role, RoleArn=plain, **request)
    assert "sts:TagSession" in error.message
    one = aws.assume(who, first, **request)
    two = aws.assume(one, second)
    aws.client("sagemaker", two).list_models()
    held = aws.endpoint.sessions.find(two.access_key_id)
    assert held is not None
    assert (dict(held.tags), held.source_identity) == ({"team": "blue"}, "mateo")
    over = {"RoleArn": second, "RoleSessionName": "test", "Tags": [{"Key": "team", "Value": "red"}]}
    assert refused(aws.client("sts", one).assume_role, **over).code == "AccessDenied"
    changed = {"RoleArn": second, "RoleSessionName": "test", "SourceIdentity": "other"}
    assert refused(aws.client("sts", one).assume_role, **changed).code == "AccessDenied"
    long = {"RoleArn": second, "RoleSessionName": "test", "DurationSeconds": 7200}
    assert "role chaining" in refused(aws.client("sts", one).assume_role, **long).message


def test_a_deleted_role_ends_what_its_sessions_may(aws: Aws) -> None:
    """Nothing is allowed any more."""
    role = aws.role("short-lived", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), allow("sagemaker:*"))
    session = aws.assume(aws.user("short-lived", allow("sts:AssumeRole")), role)
    aws.client("sagemaker", session).list_models()
    iam = aws.client("iam")
    iam.delete_role_policy(RoleName="short-lived", PolicyName="p0")
    iam.delete_role(RoleName="short-lived")
    assert refused(aws.client("sagemaker", session).list_models).code == "AccessDeniedException"


def test_a_session_is_none_of_a_role_that_was_made_anew(aws: Aws) -> None:
    """The new role has the name and more rights, and another id: the old session has none of them."""
    trust = trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    who = aws.user("made-anew", allow("sts:AssumeRole"))
    old = aws.assume(who, aws.role("made-anew", trust))
    aws.client("iam").delete_role(RoleName="made-anew")
    role = aws.role("made-anew", trust, allow("sagemaker:*"))
    assert refused(aws.client("sagemaker", old).list_models).code == "AccessDeniedException"
    aws.client("sagemaker", aws.assume(who, role)).list_models()


def test_aws_managed_policies_can_be_attached_and_count(aws: Aws) -> None:
    """From the catalog; an explicit deny of a managed policy names its ARN."""
    who = aws.user("managed")
    iam = aws.client("iam")
    full = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    iam.attach_user_policy(UserName="managed", PolicyArn=full)
    aws.client("sagemaker", who).list_models()
    assert refused(
        aws.client("sagemaker", who).create_domain, DomainName="d", AuthMode="IAM", DefaultUserSettings={}
    ).code
    guard = iam.create_policy(PolicyName="guard", PolicyDocument=json.dumps(statement(deny("sagemaker:ListModels"))))[
        "Policy"
    ]["Arn"]
    iam.attach_user_policy(UserName="managed", PolicyArn=guard)
    error = refused(aws.client("sagemaker", who).list_models)
    assert error.message.endswith(f"with an explicit deny in an identity-based policy: {guard}")
