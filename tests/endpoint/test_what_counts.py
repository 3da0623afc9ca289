"""Every kind of policy counts as AWS documents it: for each an allow, a deny, and the wire form of the refusal.

The rows are those in which an emulator's own IAM is known to differ from AWS.
"""

from __future__ import annotations

import json
import time
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore import UNSIGNED  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from tests.endpoint.conftest import ACCOUNT, Aws, Value, allow, deny, refused, statement, trusting

from sagepass.endpoint.endpoint import Credentials

MODEL = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model"


def job(name: str, role: str, **more: Value) -> dict[str, Any]:
    """The input of CreateTrainingJob."""
    return {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "RoleArn": role,
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        **more,
    }


class TestCredentials:
    """Signatures and access keys."""

    def test_a_right_key_is_let_in(self, aws: Aws) -> None:
        """A user's own key, and a session of a role."""
        who = aws.user("keys", allow("sts:AssumeRole"))
        assert aws.client("sts", who).get_caller_identity()["Arn"].endswith(":user/keys")
        role = aws.role("keys", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
        session = aws.assume(who, role)
        assert aws.client("sts", session).get_caller_identity()["Arn"].endswith(":assumed-role/keys/test")

    @pytest.mark.parametrize(
        ("service", "operation", "wrong_secret", "unknown_key"),
        [
            ("sagemaker", "list_models", ("InvalidSignatureException", 400), ("UnrecognizedClientException", 400)),
            ("iam", "list_users", ("SignatureDoesNotMatch", 403), ("InvalidClientTokenId", 403)),
            ("s3", "list_buckets", ("SignatureDoesNotMatch", 403), ("InvalidAccessKeyId", 403)),
            (
                "accessanalyzer",
                "list_analyzers",
                ("InvalidSignatureException", 403),
                ("UnrecognizedClientException", 403),
            ),
        ],
    )
    def test_a_wrong_secret_and_an_unknown_key_have_each_protocols_own_code(
        self, aws: Aws, service: str, operation: str, wrong_secret: tuple[str, int], unknown_key: tuple[str, int]
    ) -> None:
        """Four wire forms."""
        wrong = Credentials(access_key_id=aws.root.access_key_id, secret="x" * 40)
        error = refused(getattr(aws.client(service, wrong), operation))
        assert (error.code, error.status) == wrong_secret
        unknown = Credentials(access_key_id="AKIAXXXXXXXXXXXXXXXX", secret="x" * 40)
        error = refused(getattr(aws.client(service, unknown), operation))
        assert (error.code, error.status) == unknown_key

    def test_a_key_that_was_switched_off_or_deleted_is_unknown(self, aws: Aws) -> None:
        """The next call is refused."""
        who = aws.user("switched-off")
        iam = aws.client("iam")
        iam.update_access_key(UserName="switched-off", AccessKeyId=who.access_key_id, Status="Inactive")
        assert refused(aws.client("sts", who).get_caller_identity).code == "InvalidClientTokenId"
        iam.update_access_key(UserName="switched-off", AccessKeyId=who.access_key_id, Status="Active")
        aws.client("sts", who).get_caller_identity()
        iam.delete_access_key(UserName="switched-off", AccessKeyId=who.access_key_id)
        assert refused(aws.client("sts", who).get_caller_identity).code == "InvalidClientTokenId"


class TestPassRole:
    """Creating a job passes a role."""

    def test_without_passrole_no_job(self, aws: Aws) -> None:
        """Denied, in the JSON protocol's form; allowed once the role may be passed to SageMaker."""
        role = aws.role("exec", trusting({"Service": "sagemaker.amazonaws.com"}))
        who = aws.user("passer", allow("sagemaker:*"))
        error = refused(aws.client("sagemaker", who).create_training_job, **job("no", role))
        assert (error.code, error.status) == ("AccessDeniedException", 400)
        assert "iam:PassRole" in error.message
        yes = aws.user("passer-yes", allow("sagemaker:*"), allow("iam:PassRole", resource=role))
        assert aws.client("sagemaker", yes).create_training_job(**job("yes", role))["TrainingJobArn"]

    def test_the_service_that_gets_the_role_counts(self, aws: Aws) -> None:
        """A PassRole that is limited to another service is none."""
        role = aws.role("exec-lambda", trusting({"Service": "sagemaker.amazonaws.com"}))
        only = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
        who = aws.user("passer-lambda", allow("sagemaker:*"), allow("iam:PassRole", Condition=only))
        assert "iam:PassRole" in refused(aws.client("sagemaker", who).create_training_job, **job("l", role)).message


class TestResourceMatching:
    """The resource of a call is the one that its input names."""

    def test_a_name_pattern_lets_in_what_it_matches_and_nothing_else(self, aws: Aws) -> None:
        """SageMaker."""
        who = aws.user("team-a", allow("sagemaker:DeleteModel", resource=f"{MODEL}/team-a-*"))
        client = aws.client("sagemaker", who)
        assert "AccessDenied" not in refused(client.delete_model, ModelName="team-a-1").code
        error = refused(client.delete_model, ModelName="team-b-1")
        assert f"sagemaker:DeleteModel on resource: {MODEL}/team-b-1 because no identity-based policy" in error.message

    def test_s3_objects(self, aws: Aws) -> None:
        """S3: the prefix that is allowed, another one, and the XML form with the resource in quotation marks."""
        aws.client("s3").create_bucket(Bucket="matching")
        aws.client("s3").put_object(Bucket="matching", Key="a/1", Body=b"one")
        who = aws.user("reader", allow("s3:GetObject", resource="arn:aws:s3:::matching/a/*"))
        assert aws.client("s3", who).get_object(Bucket="matching", Key="a/1")["Body"].read() == b"one"
        error = refused(aws.client("s3", who).get_object, Bucket="matching", Key="b/1")
        assert (error.code, error.status) == ("AccessDenied", 403)
        assert 's3:GetObject on resource: "arn:aws:s3:::matching/b/1" because no identity-based policy' in error.message


class TestConditions:
    """Conditions are evaluated, with the operators that they name."""

    def test_an_allow_with_an_unmet_condition_allows_nothing(self, aws: Aws) -> None:
        """And one with a met condition does."""
        unmet = aws.user(
            "unmet", allow("sagemaker:ListModels", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
        )
        error = refused(aws.client("sagemaker", unmet).list_models)
        assert (error.code, error.status) == ("AccessDeniedException", 400)
        met = aws.user("met", allow("sagemaker:ListModels", Condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}))
        assert aws.client("sagemaker", met).list_models()["Models"] == []

    def test_a_deny_with_an_unmet_condition_denies_nothing(self, aws: Aws) -> None:
        """And one with a met condition does."""
        for name, region, denied in (("deny-unmet", "eu-west-1", False), ("deny-met", "us-east-1", True)):
            guard = deny("sagemaker:*", Condition={"StringEquals": {"aws:RequestedRegion": region}})
            client = aws.client("sagemaker", aws.user(name, allow("sagemaker:*"), statement(guard)))
            if denied:
                assert "with an explicit deny in an identity-based policy" in refused(client.list_models).message
            else:
                client.list_models()

    def test_keys_of_the_request_count(self, aws: Aws) -> None:
        """Only small instances."""
        role = aws.role("exec-small", trusting({"Service": "sagemaker.amazonaws.com"}))
        small = {"ForAllValues:StringEquals": {"sagemaker:InstanceTypes": ["ml.m5.large"]}}
        who = aws.user("small", allow("sagemaker:CreateTrainingJob", Condition=small), allow("iam:PassRole"))
        client = aws.client("sagemaker", who)
        client.create_training_job(**job("small", role))
        big = {"InstanceType": "ml.p4d.24xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10}
        assert (
            refused(client.create_training_job, **job("big", role, ResourceConfig=big)).code == "AccessDeniedException"
        )


class TestNotResource:
    """NotResource excludes."""

    def test_a_deny_with_notresource_never_grants(self, aws: Aws) -> None:
        """Everything else is denied explicitly; what it names is denied because nothing allows it."""
        guard = {"Effect": "Deny", "Action": "sagemaker:DeleteModel", "NotResource": f"{MODEL}/mine"}
        who = aws.user("not-resource", statement(guard))
        client = aws.client("sagemaker", who)
        assert "with an explicit deny" in refused(client.delete_model, ModelName="other").message
        assert "because no identity-based policy" in refused(client.delete_model, ModelName="mine").message
        assert refused(aws.client("iam", who).list_users).code == "AccessDenied"

    def test_an_allow_with_notresource_allows_the_rest(self, aws: Aws) -> None:
        """And not what it names."""
        rest = {"Effect": "Allow", "Action": "sagemaker:DeleteModel", "NotResource": f"{MODEL}/theirs"}
        client = aws.client("sagemaker", aws.user("rest", statement(rest)))
        assert "AccessDenied" not in refused(client.delete_model, ModelName="mine").code
        assert refused(client.delete_model, ModelName="theirs").code == "AccessDeniedException"


class TestActions:
    """Names of actions are compared without regard to case; ``?`` and ``*`` are the only wildcards."""

    @pytest.mark.parametrize("action", ["SageMaker:listmodels", "sagemaker:List?odels", "sagemaker:L*s"])
    def test_matches(self, aws: Aws, action: str) -> None:
        """Allowed."""
        who = aws.user(f"action-{abs(hash(action))}", allow(action))
        aws.client("sagemaker", who).list_models()

    @pytest.mark.parametrize("action", ["sagemaker:List.odels", "sagemaker:ListModel", "sagemaker:List[M]odels"])
    def test_does_not_match(self, aws: Aws, action: str) -> None:
        """Denied: nothing is a regular expression."""
        iam = aws.client("iam")
        who = aws.user(f"no-action-{abs(hash(action))}", allow("sagemaker:ListEndpoints"))
        name = iam.list_users()["Users"][-1]["UserName"]
        aws.endpoint.state.changed()
        from sagepass.endpoint.moto_adapter.application import backends

        backends("iam")[ACCOUNT]["aws"].users[name].policies["p0"] = json.dumps(allow(action))
        assert refused(aws.client("sagemaker", who).list_models).code == "AccessDeniedException"


class TestResourcePolicies:
    """Policies of resources grant and deny."""

    def test_a_bucket_policy_grants_a_user_of_the_account(self, aws: Aws) -> None:
        """Without any identity policy."""
        who = aws.user("granted")
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="granting")
        s3.put_object(Bucket="granting", Key="k", Body=b"v")
        assert refused(aws.client("s3", who).get_object, Bucket="granting", Key="k").status == 403
        grant = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/granted"}}
        s3.put_bucket_policy(
            Bucket="granting", Policy=json.dumps(allow("s3:GetObject", resource="arn:aws:s3:::granting/*", **grant))
        )
        assert aws.client("s3", who).get_object(Bucket="granting", Key="k")["Body"].read() == b"v"
        s3.delete_bucket_policy(Bucket="granting")
        assert refused(aws.client("s3", who).get_object, Bucket="granting", Key="k").status == 403

    def test_a_bucket_policy_denies_whoever_is_allowed(self, aws: Aws) -> None:
        """The message names the resource-based policy."""
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="denying")
        who = aws.user("allowed-by-identity", allow("s3:*"))
        aws.client("s3", who).put_object(Bucket="denying", Key="k", Body=b"v")
        guard = deny("s3:PutObject", resource="arn:aws:s3:::denying/*", Principal="*")
        s3.put_bucket_policy(Bucket="denying", Policy=json.dumps(statement(guard)))
        error = refused(aws.client("s3", who).put_object, Bucket="denying", Key="k", Body=b"v")
        assert "with an explicit deny in a resource-based policy" in error.message

    def test_a_key_policy_must_allow(self, aws: Aws) -> None:
        """An identity policy alone is not enough for a key whose policy does not delegate to the account."""
        kms = aws.client("kms")
        root = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
        shut = statement({"Effect": "Allow", "Action": "kms:PutKeyPolicy", "Resource": "*", **root})
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        who = aws.user("kms", allow("kms:*"))
        cipher = aws.client("kms", who).encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
        assert cipher
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(shut))
        error = refused(aws.client("kms", who).encrypt, KeyId=key, Plaintext=b"x")
        assert (error.code, error.status) == ("AccessDeniedException", 400)
        assert "because no resource-based policy allows the kms:Encrypt action" in error.message


class TestBoundary:
    """Permissions boundaries limit, of users as well."""

    def test_a_users_boundary_limits_it(self, aws: Aws) -> None:
        """Set, seen, in force, taken away."""
        iam = aws.client("iam")
        document = json.dumps(allow("sagemaker:ListModels"))
        boundary = iam.create_policy(PolicyName="limit", PolicyDocument=document)["Policy"]["Arn"]
        who = aws.user("bounded", allow("sagemaker:*"))
        client = aws.client("sagemaker", who)
        client.list_endpoints()
        iam.put_user_permissions_boundary(UserName="bounded", PermissionsBoundary=boundary)
        assert iam.get_user(UserName="bounded")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
        client.list_models()
        error = refused(client.list_endpoints)
        assert "because no permissions boundary allows the sagemaker:ListEndpoints action" in error.message
        iam.delete_user_permissions_boundary(UserName="bounded")
        client.list_endpoints()

    def test_a_user_is_created_with_a_boundary(self, aws: Aws) -> None:
        """It counts from the first call; one that does not exist is refused."""
        iam = aws.client("iam")
        document = json.dumps(allow("sagemaker:ListModels"))
        boundary = iam.create_policy(PolicyName="limit-2", PolicyDocument=document)["Policy"]["Arn"]
        made = iam.create_user(UserName="born-bounded", PermissionsBoundary=boundary)["User"]
        assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
        assert made["UserId"].startswith("AIDA")
        iam.put_user_policy(UserName="born-bounded", PolicyName="p", PolicyDocument=json.dumps(allow("sagemaker:*")))
        key = iam.create_access_key(UserName="born-bounded")["AccessKey"]
        who = Credentials(access_key_id=key["AccessKeyId"], secret=key["SecretAccessKey"])
        assert "no permissions boundary" in refused(aws.client("sagemaker", who).list_endpoints).message
        missing = f"arn:aws:iam::{ACCOUNT}:policy/missing"
        error = refused(iam.create_user, UserName="never", PermissionsBoundary=missing)
        assert (error.code, error.status) == ("NoSuchEntity", 404)
        assert refused(iam.get_user, UserName="never").code == "NoSuchEntity"

    def test_a_roles_boundary_limits_its_sessions(self, aws: Aws) -> None:
        """The role's own policies allow more."""
        iam = aws.client("iam")
        document = json.dumps(allow("sagemaker:ListModels"))
        boundary = iam.create_policy(PolicyName="limit-3", PolicyDocument=document)["Policy"]["Arn"]
        trust = trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
        role = aws.role("bounded", trust, allow("sagemaker:*"), PermissionsBoundary=boundary)
        session = aws.assume(aws.user("assumes-bounded", allow("sts:AssumeRole")), role)
        aws.client("sagemaker", session).list_models()
        assert "no permissions boundary" in refused(aws.client("sagemaker", session).list_endpoints).message


class TestSessions:
    """Session policies limit, and sessions end."""

    def test_a_session_policy_limits(self, aws: Aws) -> None:
        """Inline and managed."""
        role = aws.role("session", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), allow("sagemaker:*"))
        who = aws.user("session", allow("sts:AssumeRole"))
        only = aws.assume(who, role, Policy=json.dumps(allow("sagemaker:ListModels")))
        aws.client("sagemaker", only).list_models()
        error = refused(aws.client("sagemaker", only).list_endpoints)
        assert "because no session policy allows the sagemaker:ListEndpoints action" in error.message
        arn = aws.client("iam").create_policy(
            PolicyName="for-sessions", PolicyDocument=json.dumps(allow("sagemaker:ListEndpoints"))
        )["Policy"]["Arn"]
        managed = aws.assume(who, role, PolicyArns=[{"arn": arn}])
        aws.client("sagemaker", managed).list_endpoints()
        assert refused(aws.client("sagemaker", managed).list_models).code == "AccessDeniedException"

    def test_a_malformed_session_policy_and_too_long_a_session_are_refused(self, aws: Aws) -> None:
        """In STS's own words."""
        role = aws.role("malformed", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
        sts = aws.client("sts", aws.user("malformed", allow("sts:AssumeRole")))
        request = {"RoleArn": role, "RoleSessionName": "test"}
        assert refused(sts.assume_role, **request, Policy="{").code == "MalformedPolicyDocument"
        error = refused(sts.assume_role, **request, DurationSeconds=43200)
        assert (error.code, error.message) == (
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )

    def test_an_ended_session_and_a_wrong_token_are_refused(self, aws: Aws) -> None:
        """Each protocol has its own code."""
        from dataclasses import replace
        from datetime import timedelta

        role = aws.role("ending", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), allow("*"))
        session = aws.assume(aws.user("ending", allow("sts:AssumeRole")), role)
        bad = replace(session, token="x" * 100)
        assert refused(aws.client("sagemaker", bad).list_models).code == "UnrecognizedClientException"
        assert refused(aws.client("sts", bad).get_caller_identity).code == "InvalidClientTokenId"
        assert refused(aws.client("s3", bad).list_buckets).code == "InvalidToken"
        assert (
            refused(aws.client("sts", replace(session, token=None)).get_caller_identity).code == "InvalidClientTokenId"
        )
        held = aws.endpoint.sessions.find(session.access_key_id)
        assert held is not None
        aws.endpoint.sessions.add(replace(held, expires=held.issued - timedelta(seconds=1)))
        assert refused(aws.client("sagemaker", session).list_models).code == "ExpiredTokenException"
        assert refused(aws.client("sts", session).get_caller_identity).code == "ExpiredToken"
        assert refused(aws.client("s3", session).list_buckets).code == "ExpiredToken"


class TestTrust:
    """The trust policy of a role decides who may assume it."""

    def test_the_account_delegates_and_a_name_is_not_a_prefix(self, aws: Aws) -> None:
        """``user/asm`` does not pass for ``user/asmodeus``; the account's root as principal delegates to its policies."""
        asm = aws.user("asm", allow("sts:AssumeRole"))
        aws.user("asmodeus", allow("sts:AssumeRole"))
        account = aws.role("trusts-account", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
        other = aws.role("trusts-asmodeus", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:user/asmodeus"}))
        aws.assume(asm, account)
        error = refused(aws.client("sts", asm).assume_role, RoleArn=other, RoleSessionName="test")
        assert (error.code, error.status) == ("AccessDenied", 403)
        assert f"sts:AssumeRole on resource: {other} because no role trust policy allows" in error.message

    def test_external_id_and_second_factor(self, aws: Aws) -> None:
        """A trust policy's conditions hold."""
        who = aws.user("partner", allow("sts:AssumeRole"))
        principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        role = aws.role("external", trusting(principal, StringEquals={"sts:ExternalId": "abc"}))
        aws.assume(who, role, ExternalId="abc")
        sts = aws.client("sts", who)
        for more in ({}, {"ExternalId": "ABC"}):
            assert refused(sts.assume_role, RoleArn=role, RoleSessionName="test", **more).code == "AccessDenied"
        mfa = aws.role("mfa", trusting(principal, Bool={"aws:MultiFactorAuthPresent": "true"}))
        assert refused(sts.assume_role, RoleArn=mfa, RoleSessionName="test").code == "AccessDenied"

    def test_a_role_that_does_not_exist_and_one_of_another_account_cannot_be_assumed(self, aws: Aws) -> None:
        """However much the caller may."""
        sts = aws.client("sts", aws.user("anything", allow("*")))
        for role in (f"arn:aws:iam::{ACCOUNT}:role/missing", "arn:aws:iam::999999999999:role/Admin"):
            assert refused(sts.assume_role, RoleArn=role, RoleSessionName="test").code == "AccessDenied"

    def test_root_cannot_assume_a_role(self, aws: Aws) -> None:
        """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html."""
        role = aws.role("for-root", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
        assert refused(aws.client("sts").assume_role, RoleArn=role, RoleSessionName="test").code == "AccessDenied"


class TestTemporaryCredentialsOfUsers:
    """GetSessionToken and GetFederationToken give credentials that work, and are limited as documented."""

    def test_get_session_token(self, aws: Aws) -> None:
        """The user's permissions; no IAM without a second factor; of STS only AssumeRole and GetCallerIdentity."""
        who = aws.user("session-token", allow("sagemaker:ListModels", "iam:ListUsers", "sts:*"))
        got = aws.client("sts", who).get_session_token()["Credentials"]
        session = Credentials(
            access_key_id=got["AccessKeyId"], secret=got["SecretAccessKey"], token=got["SessionToken"]
        )
        aws.client("sagemaker", session).list_models()
        assert refused(aws.client("sagemaker", session).list_endpoints).code == "AccessDeniedException"
        assert refused(aws.client("iam", session).list_users).status == 403
        assert refused(aws.client("sts", session).get_federation_token, Name="bob").code == "AccessDenied"
        assert aws.client("sts", session).get_caller_identity()["Arn"].endswith(":user/session-token")

    def test_get_federation_token(self, aws: Aws) -> None:
        """At most what the user and the session policy allow; without a session policy nothing."""
        who = aws.user("federates", allow("sagemaker:*", "sts:GetFederationToken"))
        sts = aws.client("sts", who)

        def federated(**more: str) -> Credentials:
            got = sts.get_federation_token(Name="bob", **more)["Credentials"]
            return Credentials(
                access_key_id=got["AccessKeyId"], secret=got["SecretAccessKey"], token=got["SessionToken"]
            )

        some = federated(Policy=json.dumps(allow("sagemaker:ListModels", "s3:*")))
        aws.client("sagemaker", some).list_models()
        error = refused(aws.client("s3", some).list_buckets)
        assert f"arn:aws:sts::{ACCOUNT}:federated-user/bob" in error.message
        assert "no session policy" in refused(aws.client("sagemaker", some).list_endpoints).message
        assert refused(aws.client("sagemaker", federated()).list_models).code == "AccessDeniedException"
        assert refused(aws.client("iam", some).list_users).code == "AccessDenied"


class TestAnonymous:
    """Nobody signed."""

    def test_a_public_object_is_read_and_a_private_one_is_not(self, aws: Aws) -> None:
        """S3 takes unsigned requests; the bucket policy decides."""
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="public")
        s3.put_object(Bucket="public", Key="open/1", Body=b"hello")
        public = allow("s3:GetObject", resource="arn:aws:s3:::public/open/*", Principal="*")
        s3.put_bucket_policy(Bucket="public", Policy=json.dumps(public))
        nobody = boto3.client(
            "s3",
            endpoint_url=aws.endpoint.url,
            region_name="us-east-1",
            config=Config(signature_version=UNSIGNED, s3={"addressing_style": "path"}),
        )
        assert nobody.get_object(Bucket="public", Key="open/1")["Body"].read() == b"hello"
        error = refused(nobody.get_object, Bucket="public", Key="shut/1")
        assert (error.code, error.status) == ("AccessDenied", 403)

    @pytest.mark.parametrize(
        ("service", "operation", "code"),
        [
            ("sagemaker", "list_models", "MissingAuthenticationTokenException"),
            ("iam", "list_users", "MissingAuthenticationToken"),
            ("kms", "list_keys", "MissingAuthenticationTokenException"),
        ],
    )
    def test_other_services_ask_for_credentials(self, aws: Aws, service: str, operation: str, code: str) -> None:
        """In each protocol's form, and not with a 500."""
        nobody = boto3.client(
            service,
            endpoint_url=aws.endpoint.url,
            region_name="us-east-1",
            config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
        )
        error = refused(getattr(nobody, operation))
        assert (error.code, error.status in {400, 403}) == (code, True)


def test_an_allowed_change_takes_effect_on_the_next_call(aws: Aws) -> None:
    """No waiting: within one connection, allow and deny alternate."""
    who = aws.user("alternating")
    client, iam = aws.client("sagemaker", who), aws.client("iam")
    started = time.monotonic()
    for _ in range(3):
        assert refused(client.list_models).code == "AccessDeniedException"
        iam.put_user_policy(
            UserName="alternating", PolicyName="p", PolicyDocument=json.dumps(allow("sagemaker:ListModels"))
        )
        client.list_models()
        iam.delete_user_policy(UserName="alternating", PolicyName="p")
    assert time.monotonic() - started < 10
