"""A new role in the forms in which people make roles.

Sources: https://docs.aws.amazon.com/cli/latest/reference/iam/create-role.html,
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role and
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from __future__ import annotations

import re
import shlex
from typing import Any, assert_never

from sagepass.jobs.preflight.write_role import NewRole
from sagepass.render.forms import FixForm, pretty_json
from sagepass.source.terminal import printable


def new_role_text(role: NewRole, form: FixForm | None = None) -> str:
    """The role as text to copy."""
    match form:
        case None | FixForm.AWSCLI | FixForm.DIFF:
            return printable(_awscli(role))
        case FixForm.JSON:
            return pretty_json(new_role_to_json(role))
        case FixForm.TERRAFORM:
            return printable(_terraform(role))
        case FixForm.CLOUDFORMATION:
            return pretty_json(_cloudformation(role))
    assert_never(form)


def new_role_to_json(role: NewRole) -> dict[str, Any]:
    """The role as data."""
    return {
        "arn": role.arn,
        "role_name": role.name,
        "path": role.path,
        "trust_policy": dict(role.trust),
        "policy_name": role.policy_name,
        "policy": dict(role.permissions),
    }


def _awscli(role: NewRole) -> str:
    name, policy = shlex.quote(role.name), shlex.quote(role.policy_name)
    trust, permissions = (shlex.quote(pretty_json(document)) for document in (role.trust, role.permissions))
    path = "" if role.path == "/" else f" --path {shlex.quote(role.path)}"
    return (
        f"aws iam create-role --role-name {name}{path} --assume-role-policy-document {trust}\n"
        f"aws iam put-role-policy --role-name {name} --policy-name {policy} --policy-document {permissions}\n"
    )


def _terraform(role: NewRole) -> str:
    from sagepass.render.terraform import document_block  # noqa: PLC0415 - a form is loaded when it is asked for

    label = "_".join(re.findall(r"[A-Za-z0-9]+", role.name)).lower() or "role"
    label = label if label[0].isalpha() else f"r_{label}"
    return "\n".join(
        [
            document_block(role.trust, f"{label}_trust"),
            "",
            document_block(role.permissions, label),
            "",
            f'resource "aws_iam_role" "{label}" {{',
            f'  name               = "{role.name}"',
            f'  path               = "{role.path}"',
            f"  assume_role_policy = data.aws_iam_policy_document.{label}_trust.json",
            "}",
            "",
            f'resource "aws_iam_role_policy" "{label}" {{',
            f'  name   = "{role.policy_name}"',
            f"  role   = aws_iam_role.{label}.name",
            f"  policy = data.aws_iam_policy_document.{label}.json",
            "}",
            "",
        ]
    )


def _cloudformation(role: NewRole) -> dict[str, Any]:
    logical = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", role.name)) or "Role"
    properties = {
        "RoleName": role.name,
        "Path": role.path,
        "AssumeRolePolicyDocument": dict(role.trust),
        "Policies": [{"PolicyName": role.policy_name, "PolicyDocument": dict(role.permissions)}],
    }
    return {"Resources": {logical: {"Type": "AWS::IAM::Role", "Properties": properties}}}
