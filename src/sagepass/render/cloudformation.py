"""A change as a CloudFormation resource in YAML-compatible JSON.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ (the resource types below)
"""

from __future__ import annotations

from typing import Any, assert_never

from sagepass.policy.document import PolicyForm
from sagepass.render.forms import pretty_json
from sagepass.render.policy_target import Target, identifier, target_of
from sagepass.repair.fix import Edit


def edit_to_cloudformation(edit: Edit) -> str:
    """A template fragment with one resource, or a comment that says what to change in the stack."""
    name = " ".join(edit.change.name.split())
    if edit.change.document is None:
        return f"# remove policy {name} from the stack that made it"
    found = _resource(edit, target_of(edit))
    if found is None:
        return f"# {_instead(edit)}\n{pretty_json(edit.after)}"
    kind, properties = found
    return pretty_json({"Resources": {identifier(edit, pascal=True): {"Type": kind, "Properties": properties}}})


def _resource(edit: Edit, target: Target) -> tuple[str, dict[str, Any]] | None:
    named = {"PolicyName": edit.change.name, "PolicyDocument": edit.after}
    match edit.change.form:
        case PolicyForm.INLINE_USER:
            return "AWS::IAM::UserPolicy", {**named, "UserName": target.name}
        case PolicyForm.INLINE_GROUP:
            return "AWS::IAM::GroupPolicy", {**named, "GroupName": target.name}
        case PolicyForm.INLINE_ROLE:
            return "AWS::IAM::RolePolicy", {**named, "RoleName": target.name}
        case PolicyForm.CUSTOMER_MANAGED:
            holder = {"user": "Users", "group": "Groups", "role": "Roles"}.get(target.kind)
            attached = {holder: [target.name]} if holder else {}
            properties = {"ManagedPolicyName": edit.change.name, "PolicyDocument": edit.after, **attached}
            return "AWS::IAM::ManagedPolicy", properties
        case PolicyForm.RESOURCE:
            return _resource_policy(edit, target)
        case PolicyForm.ORGANIZATION:
            properties = {"Name": edit.change.name, "Type": str(edit.policy_type), "Content": edit.after}
            return "AWS::Organizations::Policy", {**properties, "TargetIds": [edit.change.holder]}
        case (
            PolicyForm.AWS_MANAGED
            | PolicyForm.TRUST
            | PolicyForm.VPC_ENDPOINT
            | PolicyForm.RAM_SHARE
            | PolicyForm.SESSION
        ):
            return None
    assert_never(edit.change.form)


def _resource_policy(edit: Edit, target: Target) -> tuple[str, dict[str, Any]] | None:
    match (target.service, target.kind):
        case ("s3", _):
            bucket = target.arn.rpartition(":")[2].partition("/")[0]
            return "AWS::S3::BucketPolicy", {"Bucket": bucket, "PolicyDocument": edit.after}
        case ("secretsmanager", _):
            return "AWS::SecretsManager::ResourcePolicy", {"SecretId": target.arn, "ResourcePolicy": edit.after}
        case ("sns", _):
            return "AWS::SNS::TopicPolicy", {"Topics": [target.arn], "PolicyDocument": edit.after}
        case _:
            return None


def _instead(edit: Edit) -> str:
    target = target_of(edit)
    name = " ".join(target.name.split())
    match (edit.change.form, target.service):
        case (PolicyForm.TRUST, _):
            return f"set AssumeRolePolicyDocument of the AWS::IAM::Role {name} to:"
        case (PolicyForm.VPC_ENDPOINT, _):
            return f"set PolicyDocument of the AWS::EC2::VPCEndpoint {name} to:"
        case (PolicyForm.AWS_MANAGED, _):
            return f"add {edit.change.arn or edit.change.name} to ManagedPolicyArns of {name}; it says:"
        case (PolicyForm.RESOURCE, "kms"):
            return f"set KeyPolicy of the AWS::KMS::Key {name} to:"
        case (PolicyForm.RESOURCE, "ecr"):
            return f"set RepositoryPolicyText of the AWS::ECR::Repository {name} to:"
        case (PolicyForm.RESOURCE, "sagemaker"):
            return f"set ModelPackageGroupPolicy of the AWS::SageMaker::ModelPackageGroup {name} to:"
        case (PolicyForm.SESSION, _):
            return "the program that makes the session passes this policy; no stack holds it:"
        case (PolicyForm.RAM_SHARE, _):
            return "AWS RAM made this policy: change the AWS::RAM::ResourceShare; it says:"
        case _:
            return f"put this on {name}:"
