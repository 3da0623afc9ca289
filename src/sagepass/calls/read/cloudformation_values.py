"""What ``Ref`` and ``Fn::GetAtt`` of a resource give, where the template itself tells it.

Sources: the "Return values" of each resource type in
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html. A resource without
a name of its own gets one when the stack is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sagepass.calls.read.open_value import OpenValueError

if TYPE_CHECKING:
    from sagepass.calls.read.intrinsics import Template

_NAMES = {
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::S3::Bucket": "BucketName",
}
"""Type to the property that ``Ref`` gives."""

_SAGEMAKER = "AWS::SageMaker::"


def reference_of(template: Template, name: str) -> object:
    """``Ref`` of a resource.

    Raises:
        OpenValueError: the template does not tell it.
    """
    kind, _ = _resource(template, name)
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
    setting = template.setting
    own = _property(template, name, _NAMES[kind]) if kind in _NAMES and attribute in ("Arn", "RepositoryUri") else None
    if own is not None:
        account, region = setting.caller_account, setting.region
        if kind == "AWS::S3::Bucket":
            return f"arn:{setting.partition}:s3:::{own}"
        if kind == "AWS::IAM::Role" and account:
            path = template.text(properties.get("Path", "/"))
            return f"arn:{setting.partition}:iam::{account}:role{path}{own}"
        if kind == "AWS::Lambda::Function" and account and region:
            return f"arn:{setting.partition}:lambda:{region}:{account}:function:{own}"
        if attribute == "RepositoryUri" and account and region:
            suffix = "amazonaws.com.cn" if setting.partition == "aws-cn" else "amazonaws.com"
            return f"{account}.dkr.ecr.{region}.{suffix}/{own}"
        raise OpenValueError(f"the ARN of {name[:64]} needs the account and the Region, which are not known")
    raise OpenValueError(f"{attribute[:64]} of {name[:64]} is only known when the stack is made")


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
