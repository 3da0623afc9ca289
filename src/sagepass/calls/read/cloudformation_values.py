"""What ``Ref`` and ``Fn::GetAtt`` of a resource give, where the template itself tells it.

Sources: the "Return values" of each resource type in
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html. A resource without
a name of its own gets one when the stack is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sagepass.calls.read.open_value import OpenValueError
from sagepass.catalog.arn_templates import fill, variables
from sagepass.catalog.resources import is_made_by_service, resource_type

if TYPE_CHECKING:
    from sagepass.calls.read.intrinsics import Template

_NAMES = {
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SageMaker::FeatureGroup": "FeatureGroupName",
    "AWS::SageMaker::Pipeline": "PipelineName",
}
"""Type to the property that ``Ref`` gives."""

_ARNS = frozenset(
    {
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::EndpointConfig",
        "AWS::SageMaker::Model",
        "AWS::SageMaker::NotebookInstance",
    }
)
"""Types whose ARN ``Ref`` gives."""

_SAGEMAKER = "AWS::SageMaker::"
_OWN_ATTRIBUTES = ("Arn", "RepositoryUri")


def reference_of(template: Template, name: str) -> object:
    """``Ref`` of a resource.

    Raises:
        OpenValueError: the template does not tell it.
    """
    kind, _ = _resource(template, name)
    if kind in _ARNS:
        return _sagemaker_arn(template, name, kind.removeprefix(_SAGEMAKER))
    named_by = _NAMES.get(kind)
    if named_by is None:
        raise OpenValueError(
            f"what Ref gives for the {kind or 'resource'} {name[:64]} is only known when the stack is made"
        )
    return _property(template, name, named_by)


def attribute_of(template: Template, name: str, attribute: str) -> object:
    """``Fn::GetAtt`` of a resource.

    Raises:
        OpenValueError: the template does not tell it.
    """
    kind, properties = _resource(template, name)
    if kind.startswith(_SAGEMAKER) and (attribute in properties or attribute.endswith("Name")):
        return _property(template, name, attribute)
    if kind.startswith(_SAGEMAKER) and attribute in (f"{kind.removeprefix(_SAGEMAKER)}Arn", "Arn"):
        return _sagemaker_arn(template, name, kind.removeprefix(_SAGEMAKER))
    if kind in _NAMES and attribute in _OWN_ATTRIBUTES:
        return _address(template, kind, name, attribute)
    raise OpenValueError(f"{attribute[:64]} of {name[:64]} is only known when the stack is made")


def _address(template: Template, kind: str, name: str, attribute: str) -> str:
    """The ARN of a resource of another service, or the address of a repository, from its name."""
    own = _property(template, name, _NAMES[kind])
    _, properties = _resource(template, name)
    partition, account, region = template.setting.partition, template.setting.caller_account, template.setting.region
    if kind == "AWS::S3::Bucket" and attribute == "Arn":
        return f"arn:{partition}:s3:::{own}"
    if kind == "AWS::IAM::Role" and attribute == "Arn" and account:
        return f"arn:{partition}:iam::{account}:role{template.text(properties.get('Path', '/'))}{own}"
    if kind == "AWS::Lambda::Function" and attribute == "Arn" and account and region:
        return f"arn:{partition}:lambda:{region}:{account}:function:{own}"
    if kind == "AWS::ECR::Repository" and attribute == "RepositoryUri" and account and region:
        suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
        return f"{account}.dkr.ecr.{region}.{suffix}/{own}"
    raise OpenValueError(f"{attribute} of {name[:64]} needs the account and the Region, which are not known")


def _sagemaker_arn(template: Template, name: str, thing: str) -> str:
    """The ARN of a SageMaker resource whose type is named by one name alone (``model/NAME``)."""
    dashed = "".join(f"-{one.lower()}" if one.isupper() else one for one in thing).lstrip("-")
    kind = resource_type("sagemaker", dashed)
    setting = template.setting
    if kind is None or variables(kind.arn_templates[0]) != (f"{thing}Name",) or is_made_by_service(dashed):
        raise OpenValueError(f"the ARN of {name[:64]} is only known when the stack is made")
    if setting.caller_account is None or setting.region is None:
        raise OpenValueError(f"the ARN of {name[:64]} needs the account and the Region, which are not known")
    own = _property(template, name, f"{thing}Name")
    place = {"Partition": setting.partition, "Region": setting.region, "Account": setting.caller_account}
    return fill(kind.arn_templates[0], {**place, f"{thing}Name": own})


def _resource(template: Template, name: str) -> tuple[str, Mapping[str, object]]:
    entry = template.resources.get(name)
    if not isinstance(entry, Mapping):
        return "", {}
    properties = entry.get("Properties")
    return str(entry.get("Type", "")), properties if isinstance(properties, Mapping) else {}


def _property(template: Template, name: str, wanted: str) -> str:
    _, properties = _resource(template, name)
    if properties.get(wanted) is None:
        raise OpenValueError(f"the {wanted[:64]} of {name[:64]} is made when the stack is made")
    mark = f"{name}.{wanted}"
    if mark in template.busy:
        raise OpenValueError(f"the {wanted[:64]} of {name[:64]} depends on itself")
    template.busy.add(mark)
    try:
        return template.text(properties[wanted])
    finally:
        template.busy.discard(mark)
