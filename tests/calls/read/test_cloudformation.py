"""CloudFormation templates: resources become calls, functions are worked out as far as the template tells."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.calls.read.reading import ACCOUNT, ROLE, findings, needs, read, text_at

from sagepass.calls.call import AddedTags
from sagepass.calls.read import CallForm, ReadCalls
from sagepass.calls.request_paths import is_open
from sagepass.source.locate import locate

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Project: {Type: String, Default: churn}
  Role: {Type: String}
  Subnets: {Type: CommaDelimitedList, Default: "subnet-1, subnet-2"}
  Count: {Type: Number, Default: 1}
Mappings:
  Sizes: {small: {type: ml.m5.large}}
Conditions:
  Large: !Not [!Equals [!Ref Count, 1]]
Resources:
  Exec:
    Type: AWS::IAM::Role
    Properties: {RoleName: exec, Path: /service-role/}
  Data:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub "${Project}-data"}
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Exec.Arn
      PrimaryContainer:
        Image: !Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/image:1"
        ModelDataUrl: !Join ["", ["s3://", !Ref Data, "/model.tar.gz"]]
      VpcConfig:
        Subnets: !Ref Subnets
        SecurityGroupIds: [!Select [0, !Split [",", "sg-1,sg-2"]]]
      EnableNetworkIsolation: "true"
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      EndpointConfigName: !Sub "${Project}-${Suffix}"
      ProductionVariants:
        - ModelName: !GetAtt Model.ModelName
          VariantName: all
          InstanceType: !FindInMap [Sizes, small, type]
          InitialInstanceCount: !Ref Count
      KmsKeyId: !If [Large, some-key, !Ref "AWS::NoValue"]
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    DependsOn: Config
    Properties:
      EndpointName: !Ref Project
      EndpointConfigName: !GetAtt Config.EndpointConfigName
  Image:
    Type: AWS::SageMaker::Image
    Properties: {ImageName: i, ImageRoleArn: !Ref Role, ImageDisplayName: shown}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Condition: Large
    Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt Exec.Arn}
"""


def template(properties: dict[str, Any], kind: str = "Model", **sections: Any) -> ReadCalls:  # noqa: ANN401 - any JSON
    """Read a template with one SageMaker resource ``R``."""
    resources = {"R": {"Type": f"AWS::SageMaker::{kind}", "Properties": properties}, **sections.pop("Resources", {})}
    return read({"Resources": resources, **sections})


def test_a_whole_template() -> None:
    """Names, roles, networks and sizes come out of functions; what stays open is said; CloudFormation adds tags."""
    found = read(TEMPLATE.replace("-${Suffix}", "-config"))
    assert found.form is CallForm.CLOUDFORMATION
    role = f"iam:PassRole iam::{ACCOUNT}:role/service-role/exec"
    assert needs(found) == {
        "resource AWS::SageMaker::Model Model": ["sagemaker:CreateModel sagemaker:model/*", role, "sagemaker:AddTags sagemaker:model/*"],
        "resource AWS::SageMaker::EndpointConfig Config": ["sagemaker:CreateEndpointConfig sagemaker:endpoint-config/churn-config", "sagemaker:AddTags sagemaker:endpoint-config/churn-config"],
        "resource AWS::SageMaker::Endpoint Endpoint": ["sagemaker:CreateEndpoint sagemaker:endpoint/churn", "sagemaker:CreateEndpoint sagemaker:endpoint-config/churn-config", "sagemaker:AddTags sagemaker:endpoint/churn"],
        "resource AWS::SageMaker::Image Image": ["sagemaker:CreateImage sagemaker:image/i", f"iam:PassRole iam::{ACCOUNT}:role/*", "sagemaker:AddTags sagemaker:image/i"],
    }  # fmt: skip
    model, config, endpoint, image = found.calls
    assert model.call.params["PrimaryContainer"] == {
        "Image": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/image:1",
        "ModelDataUrl": "s3://churn-data/model.tar.gz",
    }
    assert model.call.params["VpcConfig"] == {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    assert model.call.params["EnableNetworkIsolation"] is True
    assert config.call.params["ProductionVariants"][0]["InstanceType"] == "ml.m5.large"  # type: ignore[index] # any JSON
    assert "KmsKeyId" not in config.call.params
    assert endpoint.after == ("resource AWS::SageMaker::EndpointConfig Config",)
    assert {one.call.added_tags for one in found.calls} == {AddedTags.CLOUDFORMATION}
    assert findings(found) == [
        ("CALL_UNRESOLVED", "Resources.Config.Properties.ProductionVariants[0].ModelName"),
        ("CALL_UNRESOLVED", "Resources.Image.Properties.ImageRoleArn"),
        ("CALL_NOT_CREATED", "Resources.Notebook.Condition"),
    ]
    assert text_at(image, ("RoleArn",)) == "!Ref Role"
    assert text_at(image, ("DisplayName",)) == "shown"


def test_a_broken_reference_in_yaml_has_its_line() -> None:
    """The finding leads to the line that refers to nothing."""
    found = read(TEMPLATE)
    (broken,) = [one for one in found.findings if one.code == "CALL_UNKNOWN_REFERENCE" and "Config" in one.route][:1]
    origin = found.origin_of(broken)
    assert origin is not None
    assert (
        locate(origin, broken.route).line
        == TEMPLATE.splitlines().index('      EndpointConfigName: !Sub "${Project}-${Suffix}"') + 1
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Fn::Sub": "a-${!Literal}"}, "a-${Literal}"),
        ({"Fn::Sub": ["${x}-${P}", {"x": {"Ref": "P"}}]}, "p-p"),
        ({"Fn::GetAtt": "Bucket.Arn"}, "arn:aws:s3:::b"),
        ({"Fn::Base64": "a"}, "YQ=="),
        ({"Fn::ToJsonString": {"a": {"Ref": "P"}}}, '{"a": "p"}'),
        ({"Fn::If": ["Yes", {"Ref": "P"}, "other"]}, "p"),
        ({"Fn::If": ["No", "other", {"Fn::If": ["Yes", "deep", "x"]}]}, "deep"),
        ({"Fn::Select": ["1", ["a", "b"]]}, "b"),
        (5, "5"),
    ],
)
def test_functions_that_are_worked_out(value: object, expected: str) -> None:
    """Each from what the template and the call tell."""
    found = template(
        {"ModelName": value},
        Parameters={"P": {"Type": "String", "Default": "p"}},
        Conditions={"Yes": {"Fn::Or": [{"Fn::Equals": [1, 2]}, {"Condition": "Same"}]}, "Same": {"Fn::Equals": [{"Ref": "P"}, "p"]}, "No": {"Fn::Not": [{"Condition": "Yes"}]}},
        Resources={"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b"}}},
    )  # fmt: skip
    assert found.calls[0].call.params == {"ModelName": expected}
    assert found.findings == ()


@pytest.mark.parametrize(
    ("value", "code", "message"),
    [
        ({"Ref": "Open"}, "CALL_UNRESOLVED", "the parameter Open has no default"),
        ({"Ref": "Stored"}, "CALL_UNRESOLVED", "read from Systems Manager"),
        ({"Ref": "AWS::StackName"}, "CALL_UNRESOLVED", "AWS::StackName"),
        ({"Ref": "Nope"}, "CALL_UNKNOWN_REFERENCE", "no parameter or resource 'Nope'"),
        ({"Ref": "Other"}, "CALL_UNRESOLVED", "is made when the stack is made"),
        ({"Ref": "Plan"}, "CALL_UNRESOLVED", "what Ref gives"),
        ({"Fn::Sub": "a-${Open}"}, "CALL_UNRESOLVED", "no default"),
        ({"Fn::Sub": "a-${Nope}"}, "CALL_UNKNOWN_REFERENCE", "'Nope'"),
        ({"Fn::GetAtt": ["Other", "ModelName"]}, "CALL_UNRESOLVED", "is made when the stack is made"),
        ({"Fn::GetAtt": ["Nope", "Arn"]}, "CALL_UNKNOWN_REFERENCE", "'Nope'"),
        ({"Fn::ImportValue": "x"}, "CALL_UNRESOLVED", "Fn::ImportValue"),
        ({"Fn::If": ["Nope", 1, 2]}, "CALL_UNKNOWN_REFERENCE", "no condition 'Nope'"),
        ({"Fn::If": ["Loop", 1, 2]}, "CALL_UNRESOLVED", "depends on itself"),
        ({"Fn::GetAtt": ["R", "ModelName"]}, "CALL_UNRESOLVED", "depends on itself"),
        ({"Fn::FindInMap": ["M", "a", "b"]}, "CALL_UNRESOLVED", "no entry 'M'"),
        ({"Fn::Join": ["-"]}, "CALL_UNRESOLVED", "Fn::Join takes"),
        ("{{resolve:ssm:/name}}", "CALL_UNRESOLVED", "dynamic reference"),
    ],
)
def test_functions_that_stay_open(value: object, code: str, message: str) -> None:
    """The value counts as not known, the resource as a set, and the reason stands at the place."""
    found = template(
        {"ModelName": value, "ExecutionRoleArn": ROLE},
        Parameters={
            "Open": {"Type": "String"},
            "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x"},
        },
        Conditions={"Loop": {"Condition": "Loop"}},
        Resources={
            "Other": {"Type": "AWS::SageMaker::Model", "Properties": {}},
            "Plan": {"Type": "AWS::KMS::Key", "Properties": {}},
        },
    )
    assert is_open(found.calls[0].call.params["ModelName"])
    assert needs(found)["resource AWS::SageMaker::Model R"][0] == "sagemaker:CreateModel sagemaker:model/*"
    (finding,) = [one for one in found.findings if "R" in one.route]
    assert (finding.code, finding.route) == (code, ("Resources", "R", "Properties", "ModelName"))
    assert message in finding.message


@pytest.mark.parametrize(
    ("kind", "properties", "operation", "params"),
    [
        ("Device", {"DeviceFleetName": "f", "Device": {"DeviceName": "d"}}, "RegisterDevices", {"DeviceFleetName": "f", "Devices": [{"DeviceName": "d"}]}),
        ("ModelCard", {"ModelCardName": "c", "ModelCardStatus": "Draft", "Content": {"a": 1}}, "CreateModelCard", {"ModelCardName": "c", "ModelCardStatus": "Draft", "Content": '{"a": 1}'}),
        ("Project", {"ProjectName": "p", "TemplateProviderDetails": [{"CfnTemplateProvider": {"RoleARN": ROLE}}]}, "CreateProject", {"ProjectName": "p", "TemplateProviders": [{"CfnTemplateProvider": {"RoleARN": ROLE}}]}),
        ("Endpoint", {"EndpointName": "e", "EndpointConfigName": "c", "RetainAllVariantProperties": True}, "CreateEndpoint", {"EndpointName": "e", "EndpointConfigName": "c"}),
    ],
)  # fmt: skip
def test_types_that_are_spelled_otherwise(
    kind: str, properties: dict[str, Any], operation: str, params: dict[str, Any]
) -> None:
    """Another operation, another name, a text for an object, a property for later updates."""
    (call,) = template(properties, kind).calls
    assert (call.call.operation, call.call.params) == (operation, params)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Other"}, f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/other"),
        ({"Ref": "Features"}, "features"),
        ({"Fn::GetAtt": ["Group", "ModelPackageGroupArn"]}, f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package-group/group"),
        ({"Fn::GetAtt": "Repository.RepositoryUri"}, f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/images"),
        ({"Fn::GetAtt": "Function.Arn"}, f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"),
        ({"Fn::GetAtt": "Domain.DomainArn"}, None),
        ({"Fn::GetAtt": "Domain.Arn"}, None),
        ({"Ref": "Domain"}, None),
    ],
)  # fmt: skip
def test_what_resources_give_to_others(value: object, expected: str | None) -> None:
    """Names and ARNs that follow from a name; ids that the service makes stay open."""
    found = template(
        {"ModelName": "m", "PrimaryContainer": {"Image": value}},
        Resources={
            "Other": {"Type": "AWS::SageMaker::Model", "Properties": {"ModelName": "other"}},
            "Features": {"Type": "AWS::SageMaker::FeatureGroup", "Properties": {"FeatureGroupName": "features"}},
            "Group": {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": {"ModelPackageGroupName": "group"}},
            "Domain": {"Type": "AWS::SageMaker::Domain", "Properties": {"DomainName": "d"}},
            "Repository": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "images"}},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "f"}},
        },
    )
    container: Any = found.calls[0].call.params["PrimaryContainer"]
    assert container["Image"] == expected if expected else is_open(container["Image"])


def test_the_policy_of_a_model_package_group_is_a_call_of_its_own() -> None:
    """CloudFormation puts it after it made the group."""
    found = template({"ModelPackageGroupName": "g", "ModelPackageGroupPolicy": {"Statement": []}}, "ModelPackageGroup")
    made, put = found.calls
    assert (put.call.operation, put.after) == ("PutModelPackageGroupPolicy", (made.label,))
    assert put.call.params == {"ModelPackageGroupName": "g", "ResourcePolicy": '{"Statement": []}'}
    assert found.findings == ()


def test_a_pipeline_that_lies_in_s3() -> None:
    """Its place is spelled as the API has it, and that its steps are not read is said."""
    stored = {"PipelineDefinitionS3Location": {"Bucket": "b", "Key": "k", "Version": "1", "ETag": "e"}}
    found = template({"PipelineName": "p", "RoleArn": ROLE, "PipelineDefinition": stored}, "Pipeline")
    (call,) = found.calls
    assert call.call.params["PipelineDefinitionS3Location"] == {"Bucket": "b", "ObjectKey": "k", "VersionId": "1"}
    assert [code for code, _ in findings(found)] == ["CALL_UNRESOLVED"]


def test_a_pipeline_in_a_template() -> None:
    """Its steps follow, made by its role."""
    body = json.dumps({"Version": "2020-12-01", "Steps": [{"Name": "S", "Type": "Model", "Arguments": {}}]})
    found = template(
        {"PipelineName": "p", "RoleArn": ROLE, "PipelineDefinition": {"PipelineDefinitionBody": body}}, "Pipeline"
    )
    pipeline, step = found.calls
    assert (pipeline.label, step.label, step.made_by) == ("resource AWS::SageMaker::Pipeline R", "step S", ROLE)
    assert text_at(pipeline, ("PipelineDefinition",)).startswith('"{')
    assert text_at(step, ()) == "{}"


def test_a_pipeline_whose_text_is_put_together() -> None:
    """Places lead into the text as the stack would have it."""
    body = json.dumps(
        {"Version": "2020-12-01", "Steps": [{"Name": "S", "Type": "Training", "Arguments": {"RoleArn": "${P}"}}]}
    )
    properties = {"PipelineName": "p", "PipelineDefinition": {"PipelineDefinitionBody": {"Fn::Sub": body}}}
    found = template(properties, "Pipeline", Parameters={"P": {"Type": "String", "Default": ROLE}})
    assert text_at(found.calls[1], ("RoleArn",)) == f'"{ROLE}"'


@pytest.mark.parametrize(
    ("document", "code", "place", "remedy"),
    [
        (
            {"R": {"Type": "AWS::SageMaker::Modle"}},
            "CALL_UNKNOWN_RESOURCE_TYPE",
            "Resources.R.Type",
            "AWS::SageMaker::Model",
        ),
        (
            {"R": {"Type": "AWS::SageMaker::Model", "Properties": {"ExecutionRoleArm": ROLE}}},
            "CALL_UNKNOWN_PARAMETER",
            "Resources.R.Properties.ExecutionRoleArm",
            "ExecutionRoleArn",
        ),
        (
            {"R": {"Type": "AWS::SageMaker::Model", "Properties": {"ExecutionRoleArn": "exec"}}},
            "CALL_ROLE_NOT_ARN",
            "Resources.R.Properties.ExecutionRoleArn",
            "get-role",
        ),
        (
            {"R": {"Type": "AWS::SageMaker::Model", "Properties": {"VpcConfig": {"Subnet": ["s"]}}}},
            "CALL_UNKNOWN_PARAMETER",
            "Resources.R.Properties.VpcConfig.Subnet",
            "",
        ),
        (
            {"R": {"Type": "AWS::SageMaker::Model", "Condition": "Nope"}},
            "CALL_UNKNOWN_REFERENCE",
            "Resources.R.Condition",
            "declare",
        ),
        ({"R": "x", "Q": {"Type": "AWS::S3::Bucket"}}, "CALL_MALFORMED", "Resources.R", "in full"),
        (
            {"Fn::ForEach::L": ["x"], "Q": {"Type": "AWS::S3::Bucket"}},
            "CALL_UNRESOLVED",
            "Resources.Fn::ForEach::L",
            "processed",
        ),
        ({"Q": {"Type": "AWS::S3::Bucket"}}, "CALL_NOTHING_FOUND", "Resources", ""),
    ],
)
def test_what_is_wrong_with_a_template(document: dict[str, Any], code: str, place: str, remedy: str) -> None:
    """At its place, with what may have been meant."""
    found = read({"Resources": document})
    assert (code, place) in findings(found)
    assert any(remedy in one.remedy for one in found.findings if one.code == code)


def _nested(levels: int, text: str) -> object:
    value: object = "x" * 1000
    for _ in range(levels):
        value = {"Fn::Sub": [text, {"a": value}]}
    return value


@pytest.mark.parametrize(
    "value",
    [
        _nested(35, "${a}${a}"),
        _nested(12, "${a}" * 50),
        {"Fn::Sub": "${P}" * 10_000},
        {"Fn::Join": ["", [{"Ref": "P"}] * 10_000]},
        {"Fn::ToJsonString": [{"Ref": "P"}] * 10_000},
        {"Fn::If": ["C0", "a", "b"]},
    ],
    ids=range(6),
)
def test_functions_that_multiply_stop_at_a_bound(value: object) -> None:
    """Neither time nor memory grows with what a few lines could stand for."""
    conditions: dict[str, Any] = {f"C{n}": {"Fn::And": [{"Condition": f"C{n + 1}"}] * 9} for n in range(30)}
    found = template(
        {"ModelName": value},
        Parameters={"P": {"Type": "String", "Default": "x" * 100_000}},
        Conditions={**conditions, "C30": {"Fn::Equals": [{"Ref": "Open"}, 1]}},
    )
    assert is_open(found.calls[0].call.params["ModelName"])
    assert len(found.findings) == 1
