"""What is stored decides, as it is at the moment of the call: tags, kinds and aliases of keys, keys behind ciphertexts."""

from __future__ import annotations

import json

import pytest
from tests.endpoint.conftest import ACCOUNT, Aws, Client, allow, deny, refused, statement, trusting

TEAM_ONLY = {"StringEquals": {"aws:ResourceTag/team": "churn"}}


def job(role: str, **more: object) -> dict[str, object]:
    """The input of CreateTrainingJob."""
    return {
        "TrainingJobName": "tagged",
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "RoleArn": role,
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        **more,
    }


class TestNothingGoesStale:
    """What was worked out for a resource is forgotten when a call may have changed it."""

    def test_a_tag_counts_from_the_next_call_on(self, aws: Aws) -> None:
        """Created, tagged and untagged between two calls of the same caller."""
        role = aws.role("StaleExec", trusting({"Service": "sagemaker.amazonaws.com"}))
        who = aws.user("of-the-team", allow("sagemaker:DescribeTrainingJob", Condition=TEAM_ONLY))
        mine, root = aws.client("sagemaker", who), aws.client("sagemaker")
        arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/tagged"
        ask: dict[str, object] = {"TrainingJobName": "tagged"}

        assert refused(mine.describe_training_job, **ask).code == "AccessDeniedException"
        root.create_training_job(**job(role))
        assert refused(mine.describe_training_job, **ask).code == "AccessDeniedException"
        root.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "churn"}])
        assert mine.describe_training_job(**ask)["TrainingJobArn"] == arn
        root.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "other"}])
        assert refused(mine.describe_training_job, **ask).code == "AccessDeniedException"

    def test_a_repository_policy_counts_from_the_next_call_on(self, aws: Aws) -> None:
        """Put and deleted between two calls."""
        ecr = aws.client("ecr")
        ecr.create_repository(repositoryName="images")
        who = aws.client("ecr", aws.user("pulls", allow("ecr:*")))
        who.describe_images(repositoryName="images")
        guard = deny("ecr:DescribeImages", Principal="*")
        del guard["Resource"]
        ecr.set_repository_policy(repositoryName="images", policyText=json.dumps(statement(guard)))
        error = refused(who.describe_images, repositoryName="images")
        assert "with an explicit deny in a resource-based policy" in error.message
        ecr.delete_repository_policy(repositoryName="images")
        who.describe_images(repositoryName="images")

    def test_what_was_worked_out_for_callers_is_kept_when_only_resources_change(self, aws: Aws) -> None:
        """The same identities in the next state; after a change of IAM they are others."""
        state = aws.endpoint.state
        before = state.snapshot()
        aws.client("sagemaker").create_model_package_group(ModelPackageGroupName="keeps")
        after = state.snapshot()
        assert after is not before
        assert after.identities(ACCOUNT) is before.identities(ACCOUNT)
        aws.client("iam").create_user(UserName="one-more")
        assert state.snapshot().identities(ACCOUNT) is not before.identities(ACCOUNT)

    def test_reading_begins_no_new_state(self, aws: Aws) -> None:
        """Calls that only read, and objects of S3, leave everything as it was worked out."""
        aws.client("s3").create_bucket(Bucket="same-state")
        before = aws.endpoint.state.snapshot()
        aws.client("sagemaker").list_models()
        aws.client("s3").put_object(Bucket="same-state", Key="k", Body=b"v")
        aws.client("sts").get_session_token()
        assert aws.endpoint.state.snapshot() is before


@pytest.fixture(scope="module")
def bucket(aws: Aws) -> Client:
    """S3 for the owner of a bucket with a secret object and a plain one."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="tagged-objects")
    s3.put_object(Bucket="tagged-objects", Key="secret", Body=b"s", Tagging="class=secret")
    s3.put_object(Bucket="tagged-objects", Key="plain", Body=b"p", Tagging="class=plain")
    return s3


class TestTagsOfObjects:
    """``s3:ExistingObjectTag/…`` has the values that the object has now."""

    def test_a_deny_on_a_tag_is_not_missed(self, aws: Aws, bucket: Client) -> None:
        """A family of keys stands for each of its keys."""
        guard = deny("s3:GetObject", Condition={"StringEquals": {"s3:ExistingObjectTag/class": "secret"}})
        mine = aws.client("s3", aws.user("not-secrets", statement(*allow("s3:*")["Statement"], guard)))  # type: ignore[misc]
        assert mine.get_object(Bucket="tagged-objects", Key="plain")["Body"].read() == b"p"
        error = refused(mine.get_object, Bucket="tagged-objects", Key="secret")
        assert "with an explicit deny in an identity-based policy" in error.message
        bucket.put_object_tagging(
            Bucket="tagged-objects", Key="plain", Tagging={"TagSet": [{"Key": "class", "Value": "secret"}]}
        )
        assert refused(mine.get_object, Bucket="tagged-objects", Key="plain").status == 403
        bucket.put_object_tagging(
            Bucket="tagged-objects", Key="plain", Tagging={"TagSet": [{"Key": "class", "Value": "plain"}]}
        )

    def test_an_allow_on_a_tag(self, aws: Aws, bucket: Client) -> None:
        """An object with the tag can be read, one without it or that does not exist cannot."""
        assert bucket is not None
        only = allow("s3:GetObject", Condition={"StringEquals": {"s3:ExistingObjectTag/class": "plain"}})
        mine = aws.client("s3", aws.user("plain-only", only))
        assert mine.get_object(Bucket="tagged-objects", Key="plain")["Body"].read() == b"p"
        assert refused(mine.get_object, Bucket="tagged-objects", Key="secret").status == 403
        assert refused(mine.get_object, Bucket="tagged-objects", Key="missing").status == 403

    def test_a_version_has_its_own_tags(self, aws: Aws) -> None:
        """The tags of the version that is asked for count, not those of the current one."""
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="versions")
        s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
        first = s3.put_object(Bucket="versions", Key="k", Body=b"1", Tagging="class=secret")["VersionId"]
        second = s3.put_object(Bucket="versions", Key="k", Body=b"2", Tagging="class=plain")["VersionId"]
        only = allow("s3:GetObjectVersion", Condition={"StringEquals": {"s3:ExistingObjectTag/class": "plain"}})
        mine = aws.client("s3", aws.user("plain-versions", only))
        assert mine.get_object(Bucket="versions", Key="k", VersionId=second)["Body"].read() == b"2"
        assert refused(mine.get_object, Bucket="versions", Key="k", VersionId=first).status == 403

    def test_what_is_not_known_is_refused_and_says_what(self, aws: Aws, bucket: Client) -> None:
        """A policy that asks for a key that nothing tells makes the call undetermined, in AWS's words without a reason."""
        assert bucket is not None
        guard = deny("s3:GetObject", Condition={"NumericGreaterThan": {"s3:object-lock-remaining-retention-days": "5"}})
        lock = deny(
            "s3:PutObjectRetention", Condition={"NumericGreaterThan": {"s3:object-lock-remaining-retention-days": "5"}}
        )
        mine = aws.client("s3", aws.user("locks", statement(*allow("s3:*")["Statement"], guard, lock)))  # type: ignore[misc]
        assert mine.get_object(Bucket="tagged-objects", Key="plain")["Body"].read() == b"p"
        error = refused(
            mine.put_object_retention, Bucket="tagged-objects", Key="plain", Retention={"Mode": "GOVERNANCE"}
        )
        assert (error.code, "because" in error.message) == ("AccessDenied", False)
        call = next(one for one in aws.endpoint.log.recent() if not one.allowed)
        assert "s3:object-lock-remaining-retention-days is not known" in call.decisions[0].residual[-1].text


class TestKeys:
    """The key of a call to KMS, however the call names it."""

    def test_a_ciphertext_names_its_key(self, aws: Aws) -> None:
        """Decrypt and ReEncrypt without a key are decided on the key that the ciphertext was made with."""
        kms = aws.client("kms")
        mine, other = (kms.create_key()["KeyMetadata"] for _ in range(2))
        blobs = [kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"] for key in (mine, other)]
        who = aws.user(
            "one-key",
            allow("kms:Decrypt", "kms:ReEncryptFrom", resource=mine["Arn"]),
            allow("kms:ReEncryptTo", resource=other["Arn"]),
        )
        client = aws.client("kms", who)
        assert client.decrypt(CiphertextBlob=blobs[0])["Plaintext"] == b"x"
        error = refused(client.decrypt, CiphertextBlob=blobs[1])
        assert f"kms:Decrypt on resource: {other['Arn']} because no identity-based policy" in error.message
        again = client.re_encrypt(CiphertextBlob=blobs[0], DestinationKeyId=other["KeyId"])["CiphertextBlob"]
        error = refused(client.re_encrypt, CiphertextBlob=again, DestinationKeyId=other["KeyId"])
        assert f"kms:ReEncryptFrom on resource: {other['Arn']}" in error.message

    def test_a_text_that_is_no_ciphertext_is_refused_by_the_service(self, aws: Aws) -> None:
        """It names no key about which anything could be decided."""
        client = aws.client("kms", aws.user("some-keys", allow("kms:Decrypt")))
        assert refused(client.decrypt, CiphertextBlob=b"\xff" * 80).code == "InvalidCiphertextException"

    def test_the_kind_of_a_key_is_known(self, aws: Aws) -> None:
        """``kms:KeySpec`` and the aliases of a key come from the key itself."""
        kms = aws.client("kms")
        plain = kms.create_key()["KeyMetadata"]["KeyId"]
        named = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/team", TargetKeyId=named)
        who = aws.user(
            "kinds",
            allow("kms:Encrypt", Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/team"}}),
            allow("kms:DescribeKey", Condition={"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}}),
        )
        client = aws.client("kms", who)
        client.describe_key(KeyId=plain)
        client.encrypt(KeyId=named, Plaintext=b"x")
        client.encrypt(KeyId="alias/team", Plaintext=b"x")
        assert refused(client.encrypt, KeyId=plain, Plaintext=b"x").code == "AccessDeniedException"
        kms.delete_alias(AliasName="alias/team")
        assert refused(client.encrypt, KeyId=named, Plaintext=b"x").code == "AccessDeniedException"
