"""Terraform plans: changes become calls, what is known after apply stays open, tags are those with the defaults in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.calls.read.reading import ACCOUNT, ROLE, findings, needs, read, text_at

from sagepass.calls.read import CallForm, ReadCalls
from sagepass.calls.read.terraform_resources import find_kind
from sagepass.calls.request_paths import is_open
from sagepass.catalog.operations import find_operation

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def change(
    kind: str,
    after: dict[str, Any] | None,
    actions: tuple[str, ...] = ("create",),
    *,
    before: dict[str, Any] | None = None,
    unknown: dict[str, Any] | None = None,
    address: str = "",
) -> dict[str, Any]:
    """One change as ``terraform show -json`` prints it."""
    type_name = f"aws_sagemaker_{kind}"
    return {
        "address": address or f"{type_name}.x",
        "mode": "managed",
        "type": type_name,
        "name": "x",
        "change": {"actions": list(actions), "before": before, "after": after, "after_unknown": unknown or {}},
    }


def plan(*changes: dict[str, Any], **more: Any) -> ReadCalls:  # noqa: ANN401 - any JSON
    """Read a plan with these changes."""
    return read({"format_version": "1.2", "terraform_version": "1.9.5", "resource_changes": list(changes), **more})


MODEL = {
    "name": "churn",
    "execution_role_arn": ROLE,
    "enable_network_isolation": True,
    "container": [],
    "primary_container": [{"image": "i", "environment": {"A": "b"}, "model_data_source": [], "mode": None}],
    "vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}],
    "tags": {"team": "ml"},
    "tags_all": {"team": "ml", "env": "prod"},
}


def test_a_created_resource() -> None:
    """Snake case becomes members, one-element blocks objects, empty blocks nothing, and tags_all the tags."""
    found = plan(change("model", MODEL, unknown={"arn": True, "id": True}))
    assert found.form is CallForm.TERRAFORM_PLAN
    (call,) = found.calls
    assert call.call.params == {
        "ModelName": "churn",
        "ExecutionRoleArn": ROLE,
        "EnableNetworkIsolation": True,
        "PrimaryContainer": {"Image": "i", "Environment": {"A": "b"}},
        "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        "Tags": [{"Key": "team", "Value": "ml"}, {"Key": "env", "Value": "prod"}],
    }
    assert needs(found) == {
        "resource aws_sagemaker_model.x": [
            "sagemaker:CreateModel sagemaker:model/churn",
            f"iam:PassRole {ROLE.removeprefix('arn:aws:')}",
            "sagemaker:AddTags sagemaker:model/churn",
        ]
    }
    assert found.findings == ()
    assert text_at(call, ("PrimaryContainer", "Image")) == '"i"'
    assert text_at(call, ("VpcConfig", "Subnets", 0)) == '"subnet-1"'
    assert json.loads(text_at(call, ("Tags",))) == MODEL["tags_all"]


def test_what_is_known_after_apply() -> None:
    """A role that another resource makes is not known, and so are names inside blocks; computed attributes are left out."""
    configuration = {"root_module": {"resources": [{"address": "aws_sagemaker_endpoint_configuration.x", "expressions": {"name": {}, "production_variants": [{"model_name": {"references": ["aws_sagemaker_model.m.name", "aws_sagemaker_model.m"]}}]}}, {"address": "aws_sagemaker_model.m", "expressions": {"name": {}, "execution_role_arn": {}}}]}}  # fmt: skip
    found = plan(
        change(
            "model",
            {"name": "m"},
            unknown={"execution_role_arn": True, "vpc_config": True},
            address="aws_sagemaker_model.m",
        ),
        change(
            "endpoint_configuration",
            {
                "name": "c",
                "kms_key_arn": KEY,
                "production_variants": [{"variant_name": "a", "instance_type": "ml.m5.large"}],
            },
            unknown={"production_variants": [{"model_name": True}]},
            address='aws_sagemaker_endpoint_configuration.x["a.b"]',
        ),
        configuration=configuration,
    )
    model, config = found.calls
    assert is_open(model.call.params["ExecutionRoleArn"])
    assert "VpcConfig" not in model.call.params
    variants: Any = config.call.params["ProductionVariants"]
    assert is_open(variants[0]["ModelName"])
    assert config.call.params["KmsKeyId"] == KEY
    assert config.after == ("resource aws_sagemaker_model.m",)
    assert needs(found)["resource aws_sagemaker_model.m"][1] == f"iam:PassRole iam::{ACCOUNT}:role/*"


def test_updates_and_deletions() -> None:
    """An update calls the updating operation, tags go by themselves, a replacement is two calls."""
    arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:notebook-instance/nb"
    before = {"name": "nb", "arn": arn, "instance_type": "ml.t3.medium", "tags_all": {"a": "1", "old": "x"}}
    after = {"name": "nb", "arn": arn, "instance_type": "ml.t3.large", "tags_all": {"a": "2"}}
    found = plan(
        change("notebook_instance", after, ("update",), before=before),
        change("model", {**MODEL, "tags_all": {}, "tags": {}}, ("delete", "create"), before={"name": "old"}),
        change("domain", None, ("delete",), before={"id": "d-1", "domain_name": "n"}),
        change("endpoint", {"name": "e"}, ("no-op",), before={"name": "e"}),
    )
    assert needs(found) == {
        "update aws_sagemaker_notebook_instance.x: StopNotebookInstance": [
            "sagemaker:StopNotebookInstance sagemaker:notebook-instance/nb"
        ],
        "update aws_sagemaker_notebook_instance.x": ["sagemaker:UpdateNotebookInstance sagemaker:notebook-instance/nb"],
        "update aws_sagemaker_notebook_instance.x: StartNotebookInstance": [
            "sagemaker:StartNotebookInstance sagemaker:notebook-instance/nb"
        ],
        "update aws_sagemaker_notebook_instance.x: AddTags": ["sagemaker:AddTags sagemaker:notebook-instance/nb"],
        "update aws_sagemaker_notebook_instance.x: DeleteTags": ["sagemaker:DeleteTags sagemaker:notebook-instance/nb"],
        "delete aws_sagemaker_model.x": ["sagemaker:DeleteModel sagemaker:model/old"],
        "resource aws_sagemaker_model.x": ["sagemaker:CreateModel sagemaker:model/churn", f"iam:PassRole {ROLE.removeprefix('arn:aws:')}"],
        "delete aws_sagemaker_domain.x": ["sagemaker:DeleteDomain sagemaker:domain/d-1"],
    }  # fmt: skip


def test_tags_that_are_known_after_apply() -> None:
    """All of them may be new: the tags of the call are not known."""
    before = {"name": "m", "arn": "arn:aws:sagemaker:eu-west-1:111122223333:model/m", "tags_all": {"a": "1"}}
    found = plan(change("model", {"name": "m"}, ("update",), before=before, unknown={"tags_all": True}))
    (call,) = found.calls
    assert call.call.operation == "AddTags"
    assert is_open(call.call.params["Tags"])


@pytest.mark.parametrize(
    ("kind", "after", "operation", "params"),
    [
        ("endpoint", {"name": "e", "endpoint_config_name": "c"}, "CreateEndpoint", {"EndpointName": "e", "EndpointConfigName": "c"}),
        ("notebook_instance", {"name": "n", "role_arn": ROLE, "instance_type": "t", "security_groups": ["g"], "subnet_id": "s"}, "CreateNotebookInstance", {"NotebookInstanceName": "n", "RoleArn": ROLE, "InstanceType": "t", "SecurityGroupIds": ["g"], "SubnetId": "s"}),
        ("notebook_instance_lifecycle_configuration", {"name": "l"}, "CreateNotebookInstanceLifecycleConfig", {"NotebookInstanceLifecycleConfigName": "l"}),
        ("domain", {"domain_name": "d", "auth_mode": "IAM", "vpc_id": "v", "subnet_ids": ["s"], "default_user_settings": [{"execution_role": ROLE}]}, "CreateDomain", {"DomainName": "d", "AuthMode": "IAM", "VpcId": "v", "SubnetIds": ["s"], "DefaultUserSettings": {"ExecutionRole": ROLE}}),
        ("feature_group", {"feature_group_name": "f", "record_identifier_feature_name": "i", "event_time_feature_name": "t", "role_arn": ROLE, "feature_definition": [{"feature_name": "a", "feature_type": "String"}, {"feature_name": "b", "feature_type": "String"}]}, "CreateFeatureGroup", {"FeatureGroupName": "f", "RecordIdentifierFeatureName": "i", "EventTimeFeatureName": "t", "RoleArn": ROLE, "FeatureDefinitions": [{"FeatureName": "a", "FeatureType": "String"}, {"FeatureName": "b", "FeatureType": "String"}]}),
        ("monitoring_schedule", {"name": "m", "monitoring_schedule_config": [{"monitoring_type": "DataQuality"}]}, "CreateMonitoringSchedule", {"MonitoringScheduleName": "m", "MonitoringScheduleConfig": {"MonitoringType": "DataQuality"}}),
        ("data_quality_job_definition", {"name": "j", "role_arn": ROLE}, "CreateDataQualityJobDefinition", {"JobDefinitionName": "j", "RoleArn": ROLE}),
        ("device", {"device_fleet_name": "f", "device": [{"device_name": "d"}]}, "RegisterDevices", {"DeviceFleetName": "f", "Devices": [{"DeviceName": "d"}]}),
        ("model_package_group_policy", {"model_package_group_name": "g", "resource_policy": "{}"}, "PutModelPackageGroupPolicy", {"ModelPackageGroupName": "g", "ResourcePolicy": "{}"}),
        ("servicecatalog_portfolio_status", {"status": "Disabled"}, "DisableSagemakerServicecatalogPortfolio", {}),
        ("workteam", {"workteam_name": "w", "description": "d", "member_definition": [{"cognito_member_definition": [{"client_id": "c", "user_pool": "u", "user_group": "g"}]}]}, "CreateWorkteam", {"WorkteamName": "w", "Description": "d", "MemberDefinitions": [{"CognitoMemberDefinition": {"ClientId": "c", "UserPool": "u", "UserGroup": "g"}}]}),
        ("user_profile", {"domain_id": "d-1", "user_profile_name": "u", "user_settings": [{"execution_role": ROLE}]}, "CreateUserProfile", {"DomainId": "d-1", "UserProfileName": "u", "UserSettings": {"ExecutionRole": ROLE}}),
    ],
)  # fmt: skip
def test_resource_types(kind: str, after: dict[str, Any], operation: str, params: dict[str, Any]) -> None:
    """Each becomes the request that the provider sends, with nothing left over."""
    found = plan(change(kind, after))
    (call,) = found.calls
    assert (call.call.operation, call.call.params) == (operation, params)
    assert not [one for one in found.findings if one.code in ("CALL_WRONG_TYPE", "CALL_UNKNOWN_PARAMETER")]


@pytest.mark.parametrize("name", [
    "app", "app_image_config", "code_repository", "data_quality_job_definition", "device", "device_fleet", "domain", "endpoint",
    "endpoint_configuration", "feature_group", "flow_definition", "hub", "human_task_ui", "image", "image_version",
    "mlflow_tracking_server", "model", "model_package_group", "model_package_group_policy", "monitoring_schedule",
    "notebook_instance", "notebook_instance_lifecycle_configuration", "pipeline", "project", "servicecatalog_portfolio_status",
    "space", "studio_lifecycle_config", "user_profile", "workforce", "workteam",
])  # fmt: skip
def test_every_resource_of_the_provider_has_its_operations(name: str) -> None:
    """Creating and deleting operations exist for each; a status is only set, never removed."""
    kind = find_kind(f"aws_sagemaker_{name}")
    assert kind is not None
    assert find_operation("sagemaker", kind.operation("create", {})) is not None
    removed = kind.operation("delete", {})
    assert find_operation("sagemaker", removed) is not None or name == "servicecatalog_portfolio_status"


def test_where_the_region_comes_from() -> None:
    """The resource's own, else the caller's, else the provider's."""
    provider = {"provider_config": {"aws": {"expressions": {"region": {"constant_value": "us-west-2"}}}}}
    own = change("model", {"name": "m", "region": "ap-south-1"})
    assert plan(own, configuration=provider).calls[0].call.region == "ap-south-1"
    assert plan(change("model", {"name": "m"}), configuration=provider).calls[0].call.region == "eu-west-1"
    document = {"resource_changes": [change("model", {"name": "m"})], "configuration": provider}
    assert read(document, region=None).calls[0].call.region == "us-west-2"


def test_a_plan_without_changes_listed() -> None:
    """Planned values alone are read as if all of it were created, modules included."""
    resource = {
        "address": "module.a.aws_sagemaker_model.m",
        "mode": "managed",
        "type": "aws_sagemaker_model",
        "values": {"name": "m"},
    }
    found = read({"planned_values": {"root_module": {"child_modules": [{"resources": [resource]}]}}})
    assert needs(found) == {"resource module.a.aws_sagemaker_model.m": ["sagemaker:CreateModel sagemaker:model/m"]}
    assert text_at(found.calls[0], ("ModelName",)) == '"m"'


def test_a_pipeline_in_a_plan() -> None:
    """Its steps follow."""
    definition = json.dumps({"Version": "2020-12-01", "Steps": [{"Name": "S", "Type": "Model", "Arguments": {}}]})
    found = plan(change("pipeline", {"pipeline_name": "p", "role_arn": ROLE, "pipeline_definition": definition}))
    assert [one.label for one in found.calls] == ["resource aws_sagemaker_pipeline.x", "step S"]


@pytest.mark.parametrize(
    ("changes", "code", "place", "remedy"),
    [
        ([change("modle", {})], "CALL_UNKNOWN_RESOURCE_TYPE", "resource_changes[0].type", "aws_sagemaker_model"),
        (["x"], "CALL_MALFORMED", "resource_changes[0]", "again"),
        ([{**change("model", {}), "type": "aws_s3_bucket"}], "CALL_NOTHING_FOUND", "(document)", ""),
        (
            [change("model", {"name": "m", "execution_role_arn": "exec"})],
            "CALL_ROLE_NOT_ARN",
            "resource_changes[0].change.after.execution_role_arn",
            "get-role",
        ),
    ],
)
def test_what_is_wrong_with_a_plan(changes: list[Any], code: str, place: str, remedy: str) -> None:
    """At its place, with what may have been meant."""
    found = plan(*changes)
    assert (code, place) in findings(found)
    assert any(remedy in one.remedy for one in found.findings if one.code == code)


def test_an_attribute_that_matches_nothing_is_said() -> None:
    """Only if the configuration sets it: computed attributes are no parameters."""
    configuration = {
        "root_module": {
            "resources": [{"address": "aws_sagemaker_model.x", "expressions": {"name": {}, "novel_role": {}}}]
        }
    }
    found = plan(change("model", {"name": "m", "novel_role": ROLE, "arn": "x"}), configuration=configuration)
    assert findings(found) == [("CALL_UNKNOWN_PARAMETER", "resource_changes[0].change.after.novel_role")]
