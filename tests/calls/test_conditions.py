"""Condition keys of a call: settled, certainly absent, or open, each from its place in the request."""

from __future__ import annotations

from typing import Any

import pytest

from sagepass.calls.call import AddedTags, Call, Confidence, Needed, Unsettled
from sagepass.calls.kms_keys import is_alias, key_arn
from sagepass.calls.operation import authorizations_of

ACCOUNT = "111122223333"
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{KEY}"


def first(operation: str, params: dict[str, Any], *, service: str = "sagemaker") -> Needed:
    """The check of the operation's own action."""
    call = Call(service=service, operation=operation, params=params, caller_account=ACCOUNT, region="eu-west-1")
    return authorizations_of(call)[0]


def unsettled(needed: Needed, key: str) -> Unsettled | None:
    """What is open about one key."""
    return next((one for one in needed.unsettled if one.key == key), None)


@pytest.mark.parametrize(
    ("operation", "params", "key", "values"),
    [
        (
            "CreateTrainingJob",
            {"VpcConfig": {"Subnets": ["s-1", "s-2"], "SecurityGroupIds": ["g-1"]}},
            "sagemaker:VpcSubnets",
            ("s-1", "s-2"),
        ),
        (
            "CreateHyperParameterTuningJob",
            {"TrainingJobDefinitions": [{"VpcConfig": {"Subnets": ["s-1"]}}, {"VpcConfig": {"Subnets": ["s-2", "s-1"]}}]},
            "sagemaker:VpcSubnets",
            ("s-1", "s-2"),
        ),
        ("CreateNotebookInstance", {"SubnetId": "s-1"}, "sagemaker:VpcSubnets", ("s-1",)),
        ("CreateDomain", {"SubnetIds": ["s-1"]}, "sagemaker:VpcSubnets", ("s-1",)),
        (
            "CreateEndpointConfig",
            {"ProductionVariants": [{"InstanceType": "a"}, {"InstanceType": "b"}], "ShadowProductionVariants": [{"InstanceType": "a"}]},
            "sagemaker:InstanceTypes",
            ("a", "b"),
        ),
        (
            "CreateTrainingJob",
            {"ResourceConfig": {"InstanceType": "a", "InstanceGroups": [{"InstanceType": "b"}]}, "DebugRuleConfigurations": [{"InstanceType": "c"}]},
            "sagemaker:InstanceTypes",
            ("a", "b", "c"),
        ),
        ("CreateTrainingJob", {"EnableNetworkIsolation": True}, "sagemaker:NetworkIsolation", ("true",)),
        (
            "CreateTrainingJob",
            {"StoppingCondition": {"MaxRuntimeInSeconds": 3600}},
            "sagemaker:MaxRuntimeInSeconds",
            ("3600",),
        ),
        ("CreateTrainingJob", {"ResourceConfig": {"VolumeKmsKeyId": KEY}}, "sagemaker:VolumeKmsKeyArn", (KEY_ARN,)),
        ("CreateTransformJob", {"TransformOutput": {"KmsKeyId": KEY_ARN}}, "sagemaker:OutputKmsKeyArn", (KEY_ARN,)),
        ("CreateEndpointConfig", {"KmsKeyId": KEY}, "sagemaker:VolumeKmsKeyArn", (KEY_ARN,)),
        ("CreateNotebookInstance", {"RootAccess": "Disabled"}, "sagemaker:RootAccess", ("Disabled",)),
        (
            "CreateNotebookInstance",
            {"LifecycleConfigName": "l"},
            "sagemaker:NotebookInstanceLifecycleConfigArns",
            (f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:notebook-instance-lifecycle-config/l",),
        ),
        ("CreateTransformJob", {"ModelName": "m"}, "sagemaker:ModelArn", (f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/m",)),
        (
            "CreateSpace",
            {"DomainId": "d-1", "SpaceName": "s", "OwnershipSettings": {"OwnerUserProfileName": "alice"}},
            "sagemaker:OwnerUserProfileArn",
            (f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:user-profile/d-1/alice",),
        ),
        ("CreateSpace", {"SpaceSharingSettings": {"SharingType": "Private"}}, "sagemaker:SpaceSharingType", ("Private",)),
        (
            "CreateLabelingJob",
            {"HumanTaskConfig": {"WorkteamArn": "arn:aws:sagemaker:eu-west-1:394669845002:workteam/public-crowd/default"}},
            "sagemaker:WorkteamType",
            ("public-crowd",),
        ),
        ("CreateModelPackage", {"ModelApprovalStatus": "Approved"}, "sagemaker:ModelApprovalStatus", ("Approved",)),
        (
            "UpdateModelPackage",
            {"CustomerMetadataProperties": {"stage": "prod"}},
            "sagemaker:CustomerMetadataProperties/stage",
            ("prod",),
        ),
        ("CreateFeatureGroup", {"OfflineStoreConfig": {"S3StorageConfig": {}}}, "sagemaker:FeatureGroupOfflineStoreConfig", ("true",)),
        (
            "Search",
            {"VisibilityConditions": [{"Key": "Tags.team", "Value": "ml"}]},
            "sagemaker:SearchVisibilityCondition/Tags.team",
            ("ml",),
        ),
        ("InvokeEndpoint", {"TargetModel": "m.tar.gz"}, "sagemaker:TargetModel", ("m.tar.gz",)),
        ("InvokeEndpoint", {"TargetContainerHostname": "second"}, "sagemaker:TargetModel", ("second",)),
        ("UpdateRecord", {"Features": [{"FeatureName": "a"}, {"FeatureName": "b"}]}, "sagemaker:UpdatableFeatures", ("a", "b")),
        ("CreateDomain", {"AuthMode": "IAM"}, "sagemaker:AuthMode", ("IAM",)),
        ("DeleteTags", {"TagKeys": ["a", "b"]}, "aws:TagKeys", ("a", "b")),
    ],
)  # fmt: skip
def test_a_value_from_the_request(operation: str, params: dict[str, Any], key: str, values: tuple[str, ...]) -> None:
    """Collected, united, and made into the ARN that AWS compares."""
    assert dict(first(operation, params).context)[key] == values


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ("CreateTrainingJob", "sagemaker:VpcSubnets"),
        ("CreateTrainingJob", "sagemaker:InstanceTypes"),
        ("CreateTrainingJob", "sagemaker:VolumeKmsKeyArn"),
        ("CreateTrainingJob", "aws:RequestTag/${TagKey}"),
        ("CreateTrainingJob", "aws:TagKeys"),
        ("InvokeEndpoint", "sagemaker:TargetModel"),
        ("InvokeEndpoint", "sagemaker:SourceInferenceRouterArn"),
        ("PutRecord", "sagemaker:UpdatableFeatures"),
    ],
)
def test_a_key_that_the_request_certainly_does_not_carry(operation: str, key: str) -> None:
    """Guardrails turn on absence: a positive operator fails, a negated one holds."""
    assert key in first(operation, {}).absent


def test_a_serverless_variant_has_no_instance_type() -> None:
    """And its sizes are keys of their own."""
    needed = first(
        "CreateEndpointConfig",
        {"ProductionVariants": [{"ServerlessConfig": {"MaxConcurrency": 5, "MemorySizeInMB": 2048}}]},
    )
    assert "sagemaker:InstanceTypes" in needed.absent
    assert dict(needed.context)["sagemaker:ServerlessMemorySize"] == ("2048",)


def test_a_boolean_that_is_left_out_is_false_or_absent() -> None:
    """AWS does not say which: both must be tried."""
    found = unsettled(first("CreateTrainingJob", {}), "sagemaker:NetworkIsolation")
    assert found is not None
    assert found.choices == (None, ("false",))


@pytest.mark.parametrize(
    "identifier", ["alias/mine", f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/mine", "what?", {"Ref": "Key"}]
)
def test_a_key_that_has_to_be_looked_up(identifier: object) -> None:
    """An alias or a reference does not tell the key."""
    found = unsettled(
        first("CreateTrainingJob", {"ResourceConfig": {"VolumeKmsKeyId": identifier}}), "sagemaker:VolumeKmsKeyArn"
    )
    assert found is not None
    assert found.choices == ()


def test_the_keys_that_aws_replaced_may_still_be_filled() -> None:
    """Policies still use the old names."""
    found = unsettled(first("CreateTrainingJob", {"ResourceConfig": {"VolumeKmsKeyId": KEY}}), "sagemaker:VolumeKmsKey")
    assert found is not None
    assert found.choices == ((KEY_ARN,), None)


def test_several_values_for_a_key_that_takes_one() -> None:
    """One file system a channel: each must pass."""
    channels = [{"DataSource": {"FileSystemDataSource": {"FileSystemId": name}}} for name in ("fs-1", "fs-2")]
    needed = first("CreateTrainingJob", {"InputDataConfig": channels})
    found = unsettled(needed, "sagemaker:FileSystemId")
    assert found is not None
    assert found.choices == (("fs-1",), ("fs-2",))


@pytest.mark.parametrize("operation", ["CreateApp", "DeleteApp", "UpdateSpace", "DeleteSpace"])
def test_the_owner_of_a_space_is_looked_up(operation: str) -> None:
    """AWS fills it from the existing space; the request does not tell."""
    found = unsettled(first(operation, {"DomainId": "d-1", "SpaceName": "s"}), "sagemaker:OwnerUserProfileArn")
    assert found is not None
    assert "space" in found.why


def tags_check(
    params: dict[str, Any], added: AddedTags = AddedTags.NONE, operation: str = "CreateModel"
) -> Needed | None:
    """The AddTags check of a call, if there is one."""
    call = Call(
        service="sagemaker",
        operation=operation,
        params=params,
        caller_account=ACCOUNT,
        region="eu-west-1",
        added_tags=added,
    )
    return next((one for one in authorizations_of(call) if one.action == "sagemaker:AddTags"), None)


def test_tags_bring_add_tags() -> None:
    """On the new resource, with the creating API as ``sagemaker:TaggingAction``, and the tags as request tags."""
    found = tags_check({"ModelName": "m", "Tags": [{"Key": "team", "Value": "ml"}, {"Key": "cost", "Value": ""}]})
    assert found is not None
    assert found.resource.endswith(":model/m")
    assert dict(found.context) == {
        "sagemaker:TaggingAction": ("CreateModel",),
        "aws:RequestTag/team": ("ml",),
        "aws:RequestTag/cost": ("",),
        "aws:TagKeys": ("team", "cost"),
    }
    assert found.confidence is Confidence.DOCUMENTED


@pytest.mark.parametrize(
    "params", [{"ModelName": "m"}, {"ModelName": "m", "Tags": []}, {"ModelName": "m", "Tags": None}]
)
def test_no_tags_no_add_tags(params: dict[str, Any]) -> None:
    """An empty list is no tag."""
    assert tags_check(params) is None


def test_tags_that_are_added_on_the_way() -> None:
    """Studio tags what users make; the keys are known, the values are not."""
    found = tags_check({"ModelName": "m"}, AddedTags.STUDIO)
    assert found is not None
    assert dict(found.context)["aws:TagKeys"] == ("sagemaker:domain-arn", "sagemaker:user-profile-arn")
    assert unsettled(found, "aws:RequestTag/sagemaker:domain-arn") is not None
    assert "on the way" in found.note


def test_tags_that_are_not_known_yet() -> None:
    """A reference in place of the tags leaves the keys open, not absent."""
    found = tags_check({"ModelName": "m", "Tags": {"Ref": "Tags"}})
    assert found is not None
    assert "aws:TagKeys" not in found.absent
    assert unsettled(found, "aws:TagKeys") is not None


def test_an_operation_that_aws_does_not_list_with_tags() -> None:
    """The request can set tags: the check is inferred and says so."""
    found = tags_check({"Name": "a", "Tags": [{"Key": "k", "Value": "v"}]}, operation="CreatePartnerApp")
    assert found is not None
    assert found.confidence is Confidence.INFERRED


def test_session_keys_of_assume_role() -> None:
    """External id, session name, source identity, tags: what the trust policy can ask for."""
    call = Call(
        service="sts",
        operation="assume-role",
        params={
            "RoleArn": "arn:aws:iam::444455556666:role/R", "RoleSessionName": "dana", "ExternalId": "x1",
            "SourceIdentity": "dana@example.com", "Tags": [{"Key": "team", "Value": "ml"}], "TransitiveTagKeys": ["team"],
        },
    )  # fmt: skip
    found = authorizations_of(call)
    assert [one.action for one in found] == ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    assert dict(found[0].context) == {
        "sts:ExternalId": ("x1",), "sts:RoleSessionName": ("dana",), "sts:SourceIdentity": ("dana@example.com",),
        "sts:TransitiveTagKeys": ("team",), "aws:RequestTag/team": ("ml",), "aws:TagKeys": ("team",),
    }  # fmt: skip
    bare = authorizations_of(
        Call(service="sts", operation="AssumeRole", params={"RoleArn": "arn:aws:iam::444455556666:role/R"})
    )
    assert "sts:ExternalId" in bare[0].absent


def test_tokens_of_identity_providers_bring_open_keys() -> None:
    """What is inside a SAML assertion or an OIDC token is not in the request."""
    call = Call(service="sts", operation="AssumeRoleWithSAML", params={"RoleArn": "arn:aws:iam::444455556666:role/R"})
    (found,) = authorizations_of(call)
    assert unsettled(found, "saml:aud") is not None
    assert len(authorizations_of(call, possible=True)) == 3


def test_assume_root() -> None:
    """The target is an account's root user."""
    call = Call(
        service="sts",
        operation="AssumeRoot",
        params={"TargetPrincipal": "444455556666", "TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/X"}},
    )
    (found,) = authorizations_of(call)
    assert (found.action, found.resource) == ("sts:AssumeRoot", "arn:aws:iam::444455556666:root")
    assert dict(found.context)["sts:TaskPolicyArn"] == ("arn:aws:iam::aws:policy/root-task/X",)


@pytest.mark.parametrize(
    ("identifier", "arn"),
    [
        (KEY, KEY_ARN),
        (KEY_ARN, KEY_ARN),
        (
            "mrk-1234abcd12ab34cd56ef1234567890ab",
            f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        ),
        ("alias/x", None),
        ("x", None),
    ],
)
def test_key_identifiers(identifier: str, arn: str | None) -> None:
    """Id, ARN, multi-Region id; an alias has to be looked up."""
    assert key_arn(identifier, partition="aws", region="eu-west-1", account=ACCOUNT) == arn
    assert is_alias(identifier) is identifier.startswith("alias/")


@pytest.mark.parametrize(
    ("operation", "key", "default"),
    [
        ("CreateNotebookInstance", "sagemaker:DirectInternetAccess", "Enabled"),
        ("CreateNotebookInstance", "sagemaker:RootAccess", "Enabled"),
        ("CreateDomain", "sagemaker:AppNetworkAccessType", "PublicInternetOnly"),
    ],
)
def test_a_member_with_a_default(operation: str, key: str, default: str) -> None:
    """Left out of a create call it may count as its default; an update leaves things as they are."""
    found = unsettled(first(operation, {}), key)
    assert found is not None
    assert found.choices == (None, (default,))


def test_an_update_that_leaves_a_member_out_does_not_bring_its_default() -> None:
    """The instance keeps what it has."""
    assert "sagemaker:RootAccess" in first("UpdateNotebookInstance", {"NotebookInstanceName": "n"}).absent


def test_a_streamed_invocation_carries_the_keys_of_the_action_it_is_authorized_as() -> None:
    """It is InvokeEndpoint that is checked."""
    needed = first("InvokeEndpointWithResponseStream", {"EndpointName": "e", "TargetContainerHostname": "second"})
    assert dict(needed.context)["sagemaker:TargetModel"] == ("second",)


def test_a_value_that_would_need_the_region_is_open() -> None:
    """A wildcard is no value: without Region or account an ARN is not known."""
    call = Call(service="sagemaker", operation="CreateTransformJob", params={"TransformJobName": "t", "ModelName": "m"})
    found = unsettled(authorizations_of(call)[0], "sagemaker:ModelArn")
    assert found is not None
    assert found.choices == ()


def test_one_open_value_among_others_leaves_the_key_open() -> None:
    """A list that is known in part says neither which values there are nor that there are no more."""
    needed = first(
        "CreateTrainingJob", {"VpcConfig": {"Subnets": ["s-1", {"Ref": "Subnet"}], "SecurityGroupIds": ["g"]}}
    )
    assert "sagemaker:VpcSubnets" not in dict(needed.context)
    assert unsettled(needed, "sagemaker:VpcSubnets") is not None
    assert dict(needed.context)["sagemaker:VpcSecurityGroupIds"] == ("g",)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("sagemaker", "CreateTrainingJob", {"TrainingJobName": "t", "ResourceConfig": {"InstanceType": "a", "TrainingPlanArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-plan/p"}}),
        ("sagemaker", "CreateCluster", {"ClusterName": "c", "InstanceGroups": [{"InstanceType": "a", "TrainingPlanArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-plan/p"}]}),
        ("sagemaker-runtime", "InvokeEndpoint", {"EndpointName": "e", "InferenceComponentName": "i", "TargetModel": "m"}),
    ],
)  # fmt: skip
def test_one_action_on_several_resources_has_one_context(service: str, operation: str, params: dict[str, Any]) -> None:
    """A condition on the instance type holds or fails for the training plan as it does for the job."""
    call = Call(service=service, operation=operation, params=params, caller_account=ACCOUNT, region="eu-west-1")
    checks = [one for one in authorizations_of(call) if one.action == f"sagemaker:{operation}"]
    assert len(checks) == 2
    assert checks[0].context
    assert len({(one.context, one.absent, one.unsettled) for one in checks}) == 1
