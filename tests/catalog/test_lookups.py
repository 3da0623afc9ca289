"""Looking things up: actions, resource types, ARNs, condition keys, quotas, services."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagepass.catalog.actions import (
    expand_action_pattern,
    find_action,
    known_service,
    nearest_actions,
    service_actions,
)
from sagepass.catalog.condition_keys import KeyType, condition_key, keys_of_action
from sagepass.catalog.global_keys import GLOBAL_KEYS, Presence
from sagepass.catalog.quotas import QUOTAS, Unit, policy_size, quota
from sagepass.catalog.resources import (
    arn_from_name,
    arn_matches_type,
    resource_type,
    resource_types_of,
    type_of_arn,
)
from sagepass.catalog.services import (
    console_companions,
    requested_region,
    service_name,
    use_of_service_principal,
)

ACCOUNT = "111122223333"


@pytest.mark.parametrize(
    "spelling", ["sagemaker:createtrainingjob", "SageMaker:CreateTrainingJob", "SAGEMAKER:CREATETRAININGJOB"]
)
def test_actions_are_found_in_any_case(spelling: str) -> None:
    """IAM compares actions without regard to case; the answer is spelled as AWS spells it."""
    found = find_action(spelling)
    assert found is not None
    assert found.id == "sagemaker:CreateTrainingJob"
    assert found.access_level == "Write"
    assert [use.type for use in found.resource_types if use.required] == ["training-job"]


@pytest.mark.parametrize(
    "text",
    ["", "sagemaker", "sagemaker:", "sagemaker:Nope", "nope:CreateModel", "a:b:c", "../x:y", "s3:" + "A" * 10_000],
)
def test_what_is_no_action_is_none(text: str) -> None:
    """Unknown, incomplete and hostile input is answered with nothing."""
    assert find_action(text) is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("sagemaker:describetrainingjob", ("sagemaker:DescribeTrainingJob",)),
        (
            "sagemaker:*ModelPackageGroupPolicy",
            (
                "sagemaker:DeleteModelPackageGroupPolicy",
                "sagemaker:GetModelPackageGroupPolicy",
                "sagemaker:PutModelPackageGroupPolicy",
            ),
        ),
        ("sts:Assume?ole", ("sts:AssumeRole",)),
        ("s?s:GetCallerIdentity", ("sts:GetCallerIdentity",)),
        ("sagemaker:[CD]*", ()),
        ("sagemaker:", ()),
        ("nothing", ()),
        ("", ()),
    ],
)
def test_patterns_expand_to_canonical_names(pattern: str, expected: tuple[str, ...]) -> None:
    """``*`` and ``?`` are the only wildcards; a bracket is a bracket."""
    assert expand_action_pattern(pattern) == expected


def test_a_star_is_everything() -> None:
    """``*`` alone needs no colon, and ``*:*`` is the same."""
    everything = expand_action_pattern("*")
    assert len(everything) > 20_000
    assert expand_action_pattern("*:*") == everything
    assert len(expand_action_pattern("sagemaker:*")) == len(service_actions("sagemaker"))


def test_a_hostile_pattern_is_quick() -> None:
    """Many stars do not make the matcher explode."""
    assert expand_action_pattern("sagemaker:" + "*a" * 100) == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sagemaker:DescribeTrainingJobs", "sagemaker:DescribeTrainingJob"),
        ("sagemaker:CreateTraningJob", "sagemaker:CreateTrainingJob"),
        ("sagmaker:CreateModel", "sagemaker:CreateModel"),
        ("s3:InvokeEndpoint", "sagemaker:InvokeEndpoint"),
        ("sts:PassRole", "iam:PassRole"),
        ("sagemaker:GetObject", "s3:GetObject"),
    ],
)
def test_misspelt_actions_are_recognised(written: str, meant: str) -> None:
    """A typing error, a wrong prefix, or the right name under the wrong service."""
    assert meant in nearest_actions(written)


@pytest.mark.parametrize("text", ["", "x", "zzz:qqq", "elastic-inference:Connect", "sagemaker:Connect"])
def test_nothing_is_near_to_nonsense(text: str) -> None:
    """No guess is better than a wild one."""
    assert nearest_actions(text) == ()


def test_an_action_without_resource_type_takes_the_star_only() -> None:
    """Such as the List calls: a policy with a specific ARN grants nothing."""
    assert resource_types_of("sagemaker:ListTrainingJobs") == ()
    assert [kind.name for kind in resource_types_of("sagemaker:CreateEndpoint")] == ["endpoint", "endpoint-config"]


@pytest.mark.parametrize(
    ("arn", "service", "kind"),
    [
        ("arn:aws:sagemaker:us-east-1:111122223333:training-job/t1", "sagemaker", "training-job"),
        ("arn:aws-cn:sagemaker:cn-north-1:111122223333:app/d-1/alice/JupyterLab/default", "sagemaker", "app"),
        ("arn:aws:sagemaker:us-east-1:111122223333:pipeline/p/execution/x1", "sagemaker", "pipeline-execution"),
        ("arn:aws:sagemaker:us-east-1:111122223333:pipeline/p", "sagemaker", "pipeline"),
        ("arn:aws:sagemaker:us-east-1:111122223333:model-package/group/3", "sagemaker", "model-package"),
        ("arn:aws:sagemaker:us-east-1:111122223333:workteam/private-crowd/w", "sagemaker", "workteam"),
        ("arn:aws:sagemaker:us-east-1:111122223333:edge-deployment/e", "sagemaker", "edge-deployment-plan"),
        ("arn:aws:s3:::bucket", "s3", "bucket"),
        ("arn:aws:s3:::bucket/key/with/slashes", "s3", "object"),
        ("arn:aws:iam::111122223333:role/service-role/X", "iam", "role"),
        ("arn:aws:ecr:us-east-1:111122223333:repository/team/image", "ecr", "repository"),
        ("arn:aws:logs:us-east-1:111122223333:log-group:/aws/sagemaker/TrainingJobs", "logs", "log-group"),
    ],
)
def test_the_type_of_an_arn(arn: str, service: str, kind: str) -> None:
    """The most specific template wins: an execution of a pipeline is not a pipeline."""
    found = type_of_arn(arn)
    assert found is not None
    assert (found.service, found.name) == (service, kind)
    assert arn_matches_type(arn, found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arn",
        "arn:aws:sagemaker:us-east-1:1:",
        "arn:aws:nope:::x",
        "arn:aws:sagemaker:us-east-1:1:nope/x",
        "arn:aws:s3:::" + "a/" * 5000,
    ],
)
def test_what_is_no_arn_of_a_known_type(text: str) -> None:
    """No type is invented."""
    assert type_of_arn(text) is None


def test_a_more_specific_type_takes_the_arn_away() -> None:
    """Needed to judge whether an ARN in a policy suits an action."""
    pipeline = resource_type("sagemaker", "pipeline")
    assert pipeline is not None
    assert arn_matches_type("arn:aws:sagemaker:us-east-1:1:pipeline/p", pipeline)
    assert not arn_matches_type("arn:aws:sagemaker:us-east-1:1:pipeline/p/execution/x", pipeline)


@pytest.mark.parametrize(
    ("action", "name", "region", "expected"),
    [
        (
            "sagemaker:DescribeTrainingJob",
            "my-example-widget",
            None,
            ["sagemaker:*:111122223333:training-job/my-example-widget"],
        ),
        (
            "sagemaker:DescribeTrainingJob",
            "training-job/t",
            "eu-west-1",
            ["sagemaker:eu-west-1:111122223333:training-job/t"],
        ),
        (
            "sagemaker:CreatePresignedDomainUrl",
            "d-abc/alice",
            "eu-west-1",
            ["sagemaker:eu-west-1:111122223333:user-profile/d-abc/alice"],
        ),
        (
            "sagemaker:CreatePresignedDomainUrl",
            "alice",
            "eu-west-1",
            ["sagemaker:eu-west-1:111122223333:user-profile/*/alice"],
        ),
        ("sagemaker:DescribeCluster", "my-cluster", "eu-west-1", ["sagemaker:eu-west-1:111122223333:cluster/*"]),
        (
            "sagemaker:DescribeCluster",
            "abcdefgh1234",
            "eu-west-1",
            ["sagemaker:eu-west-1:111122223333:cluster/*"],
        ),
        ("sagemaker:DescribeDomain", "d-abc", "eu-west-1", ["sagemaker:eu-west-1:111122223333:domain/d-abc"]),
        ("sagemaker:DescribeWorkteam", "w", "eu-west-1", ["sagemaker:eu-west-1:111122223333:workteam/*/w"]),
        (
            "sagemaker:DescribeModelPackage",
            "group/7",
            "eu-west-1",
            ["sagemaker:eu-west-1:111122223333:model-package/group/7"],
        ),
        (
            "sagemaker:CreateEndpoint",
            "e",
            "eu-west-1",
            ["sagemaker:eu-west-1:111122223333:endpoint/e", "sagemaker:eu-west-1:111122223333:endpoint-config/e"],
        ),
        ("iam:PassRole", "service-role/Exec", "eu-west-1", ["iam::111122223333:role/service-role/Exec"]),
        ("sagemaker:ListModels", "x", "eu-west-1", []),
        ("sagemaker:NoSuchAction", "x", "eu-west-1", []),
    ],
)
def test_a_bare_name_becomes_the_arns_it_may_mean(
    action: str, name: str, region: str | None, expected: list[str]
) -> None:
    """Through the action's resource types; what the name does not tell stays open."""
    found = arn_from_name(action, name, partition="aws", region=region, account=ACCOUNT)
    assert [candidate.arn.removeprefix("arn:aws:") for candidate in found] == expected


def test_an_s3_path_is_a_bucket_and_a_key() -> None:
    """The first slash ends the bucket's name."""
    arns = [found.arn for found in arn_from_name("s3:GetObject", "b/k/l", partition="aws", region=None, account=None)]
    assert "arn:aws:s3:::b/k/l" in arns


def test_open_parts_are_explained() -> None:
    """Whoever shows the ARN can say what is missing."""
    (found,) = arn_from_name("sagemaker:DescribeCluster", "c", partition="aws", region="eu-west-1", account=ACCOUNT)
    assert "id made by the service" in found.note


@pytest.mark.parametrize(
    ("key", "name", "kind", "multivalued", "is_global"),
    [
        ("AWS:RequestTag/Team", "aws:RequestTag/${TagKey}", KeyType.STRING, False, True),
        ("aws:tagkeys", "aws:TagKeys", KeyType.STRING, True, True),
        ("aws:PrincipalArn", "aws:PrincipalArn", KeyType.ARN, False, True),
        ("aws:SourceIp", "aws:SourceIp", KeyType.IP_ADDRESS, False, True),
        ("sagemaker:resourcetag/x", "sagemaker:ResourceTag/${TagKey}", KeyType.STRING, False, False),
        ("sagemaker:VpcSubnets", "sagemaker:VpcSubnets", KeyType.STRING, True, False),
        ("sagemaker:NetworkIsolation", "sagemaker:NetworkIsolation", KeyType.BOOL, False, False),
        ("sagemaker:VolumeKmsKeyArn", "sagemaker:VolumeKmsKeyArn", KeyType.ARN, False, False),
        ("sagemaker:MaxRuntimeInSeconds", "sagemaker:MaxRuntimeInSeconds", KeyType.NUMERIC, False, False),
        ("kms:EncryptionContext:app", "kms:EncryptionContext:${EncryptionContextKey}", KeyType.STRING, False, False),
        ("s3:ExistingObjectTag/a", "s3:ExistingObjectTag/<key>", KeyType.STRING, False, False),
        ("iam:PassedToService", "iam:PassedToService", KeyType.STRING, False, False),
        ("sts:ExternalId", "sts:ExternalId", KeyType.STRING, False, False),
        ("SAML:aud", "saml:aud", KeyType.STRING, False, False),
        ("cognito-identity.amazonaws.com:amr", "cognito-identity.amazonaws.com:amr", KeyType.STRING, True, False),
        ("oidc.example.com/id/1:sub", "oidc.example.com/id/1:sub", KeyType.STRING, False, False),
        ("lambda:SourceFunctionArn", "lambda:SourceFunctionArn", KeyType.ARN, False, True),
    ],
)
def test_condition_keys_are_found(key: str, name: str, kind: KeyType, multivalued: bool, is_global: bool) -> None:
    """In any case, families by their template, other services' and identity providers' keys too."""
    found = condition_key(key)
    assert found is not None
    assert (found.name, found.type, found.multivalued, found.is_global) == (name, kind, multivalued, is_global)


@pytest.mark.parametrize(
    "key", ["", "aws", "aws:", "aws:Nope", "aws:RequestTag/", "sagemaker:Nope", "nope:x", "s3:" + "a" * 5000]
)
def test_what_is_no_condition_key(key: str) -> None:
    """Unknown keys are unknown; an empty tag key is none."""
    assert condition_key(key) is None


def test_the_keys_an_action_can_carry() -> None:
    """Those of the action, and those of its resource types."""
    keys = keys_of_action("SAGEMAKER:createmodel")
    assert keys is not None
    assert {"sagemaker:vpcsubnets", "aws:requesttag/${tagkey}", "sagemaker:resourcetag/${tagkey}"} <= keys
    assert keys_of_action("sagemaker:Nope") is None


def test_global_keys_say_when_they_are_present() -> None:
    """Multivalued ones are marked, and keys that only some requests carry are told apart."""
    assert {name for name, key in GLOBAL_KEYS.items() if key.multivalued} == {
        "aws:principalorgpaths", "aws:principalservicenameslist", "aws:resourceorgpaths", "aws:calledvia",
        "aws:tagkeys", "aws:sourceorgpaths", "aws:vpceorgpaths",
    }  # fmt: skip
    assert GLOBAL_KEYS["aws:sourcevpce"].presence is Presence.NETWORK
    assert GLOBAL_KEYS["aws:currenttime"].presence is Presence.ALWAYS
    assert all(KeyType(key.type) for key in GLOBAL_KEYS.values())


def test_quotas() -> None:
    """The figures a proposed change is measured against, and how AWS counts."""
    assert (quota("managed-policy-size").default, quota("inline-role-size").default) == (6144, 10240)
    assert (quota("trust-policy-size").default, quota("trust-policy-size").maximum) == (2048, 8192)
    assert (quota("scp-size").default, quota("rcp-size").default) == (10240, 5120)
    assert all(row.source.startswith("https://docs.aws.amazon.com/") for row in QUOTAS.values())
    assert policy_size('{ "a": "é" }', Unit.CHARACTERS_WITHOUT_SPACE) == 9
    assert policy_size('{ "a": "é" }', Unit.BYTES) == 13


def test_services_and_their_regions() -> None:
    """Names, SageMaker's principals, and the Region that a global service sees."""
    assert service_name("SAGEMAKER") == "Amazon SageMaker"
    assert service_name("nope") is None
    assert known_service("s3")
    assert not known_service("nope")
    assert requested_region("iam", "eu-west-1") == "us-east-1"
    assert requested_region("iam", "cn-north-1", "aws-cn") == "cn-north-1"
    assert requested_region("sagemaker", "eu-west-1") == "eu-west-1"
    assert requested_region("sts", None) is None
    assert use_of_service_principal("job.sagemaker.amazonaws.com") is not None
    assert use_of_service_principal("ec2.amazonaws.com") is None


def test_what_the_console_calls_beside_an_action() -> None:
    """Only actions that exist, never the action itself, nothing for other services."""
    assert console_companions("sagemaker:DescribeTrainingJob")[:2] == (
        "sagemaker:ListTrainingJobs",
        "sagemaker:ListTags",
    )
    assert "sagemaker:ListTrainingJobs" not in console_companions("sagemaker:ListTrainingJobs")
    assert console_companions("s3:GetObject") == ()


@given(st.text(max_size=60))
def test_no_text_breaks_a_lookup(text: str) -> None:
    """Whatever comes in, a lookup answers."""
    find_action(text)
    condition_key(text)
    type_of_arn(f"arn:aws:sagemaker:us-east-1:1:{text}")
    arn_from_name("sagemaker:DescribeApp", text, partition="aws", region=None, account=None)
