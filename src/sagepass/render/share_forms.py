"""A document of a plan in the form that somebody works with: JSON, Terraform, CloudFormation, commands of the AWS CLI.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ram-resourceshare.html,
https://docs.aws.amazon.com/cli/latest/reference/iam/create-role.html,
https://docs.aws.amazon.com/cli/latest/reference/ram/create-resource-share.html and
https://registry.terraform.io/providers/hashicorp/aws/latest/docs (aws_iam_role, aws_iam_role_policy,
aws_ram_resource_share, aws_ram_resource_association, aws_ram_principal_association)
"""

from __future__ import annotations

import json
import re
import shlex
from typing import Any, assert_never

from sagepass.jobs.share.plan import NewRole, Piece, ResourceShare
from sagepass.render.forms import FixForm, edit_text, pretty_json
from sagepass.render.terraform import Expression, document_block, quoted, resource_block
from sagepass.repair.fix import Edit


def piece_documents(piece: Piece) -> tuple[tuple[str, object], ...]:
    """The plain documents of a piece, each with its name: a role has two."""
    content = piece.content
    if isinstance(content, Edit):
        return ((piece.name, content.after),)
    if isinstance(content, NewRole):
        return ((f"{piece.name}-trust", content.trust), (f"{piece.name}-permissions", content.permissions))
    if isinstance(content, ResourceShare):
        return ((piece.name, share_arguments(content)),)
    assert_never(content)


def piece_text(piece: Piece, form: FixForm | None = None) -> str:
    """A piece in the chosen form; by default the statements that are added, or a new document whole."""
    content = piece.content
    if isinstance(content, Edit):
        return edit_text(content, form)
    if isinstance(content, NewRole):
        return role_text(content, form)
    if isinstance(content, ResourceShare):
        return share_text(content, form)
    assert_never(content)


def role_text(role: NewRole, form: FixForm | None) -> str:
    """A role that is made."""
    match form:
        case None | FixForm.JSON | FixForm.DIFF:
            return f"trust policy:\n{pretty_json(role.trust)}\npermissions:\n{pretty_json(role.permissions)}"
        case FixForm.TERRAFORM:
            return _role_in_terraform(role)
        case FixForm.CLOUDFORMATION:
            return pretty_json({"Resources": {_logical(role.name): _role_in_cloudformation(role)}})
        case FixForm.AWSCLI:
            name = shlex.quote(role.name)
            return (
                f"aws iam create-role --role-name {name} --max-session-duration {role.max_session_duration} "
                f"--assume-role-policy-document {shlex.quote(pretty_json(role.trust))}\n"
                f"aws iam put-role-policy --role-name {name} --policy-name {shlex.quote(role.policy_name)} "
                f"--policy-document {shlex.quote(pretty_json(role.permissions))}"
            )
    assert_never(form)


def _role_in_terraform(role: NewRole) -> str:
    name = _identifier(role.name)
    trust, permissions = f"{name}_trust", f"{name}_permissions"
    blocks = [
        document_block(role.trust, trust),
        document_block(role.permissions, permissions),
        resource_block(
            "aws_iam_role",
            name,
            name=role.name,
            assume_role_policy=Expression(f"data.aws_iam_policy_document.{trust}.json"),
            max_session_duration=Expression(str(role.max_session_duration)),
        ),
        resource_block(
            "aws_iam_role_policy",
            name,
            name=role.policy_name,
            role=Expression(f"aws_iam_role.{name}.id"),
            policy=Expression(f"data.aws_iam_policy_document.{permissions}.json"),
        ),
    ]
    return "\n\n".join(blocks)


def _role_in_cloudformation(role: NewRole) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": role.name,
            "AssumeRolePolicyDocument": role.trust,
            "MaxSessionDuration": role.max_session_duration,
            "Policies": [{"PolicyName": role.policy_name, "PolicyDocument": role.permissions}],
        },
    }


def share_arguments(share: ResourceShare) -> dict[str, object]:
    """The arguments of ``create-resource-share``, as its ``--cli-input-json`` takes them."""
    permission = share.permission.arn(_partition(share))
    found: dict[str, object] = {
        "name": share.name,
        "resourceArns": [share.resource],
        "principals": list(share.principals),
    }
    found["allowExternalPrincipals"] = share.outside
    if permission is not None:
        found["permissionArns"] = [permission]
    return found


def share_text(share: ResourceShare, form: FixForm | None) -> str:
    """A resource share."""
    permission = share.permission.arn(_partition(share))
    match form:
        case None | FixForm.JSON | FixForm.DIFF:
            return pretty_json(share_arguments(share))
        case FixForm.TERRAFORM:
            return _share_in_terraform(share, permission)
        case FixForm.CLOUDFORMATION:
            properties: dict[str, Any] = {
                "Name": share.name,
                "ResourceArns": [share.resource],
                "Principals": list(share.principals),
                "AllowExternalPrincipals": share.outside,
                **({"PermissionArns": [permission]} if permission else {}),
            }
            return pretty_json(
                {"Resources": {_logical(share.name): {"Type": "AWS::RAM::ResourceShare", "Properties": properties}}}
            )
        case FixForm.AWSCLI:
            outside = "--allow-external-principals" if share.outside else "--no-allow-external-principals"
            region = share.resource.split(":")[3]
            words = ["aws", "ram", "create-resource-share", "--name", share.name, "--resource-arns", share.resource]
            words += ["--principals", *share.principals, *(["--permission-arns", permission] if permission else [])]
            return " ".join(map(shlex.quote, [*words, outside, "--region", region]))
    assert_never(form)


def _share_in_terraform(share: ResourceShare, permission: str | None) -> str:
    name = _identifier(share.name)
    own = Expression(f"aws_ram_resource_share.{name}.arn")
    arguments = {"name": share.name, "allow_external_principals": Expression(json.dumps(share.outside))}
    if permission is not None:
        arguments["permission_arns"] = Expression(f"[{quoted(permission)}]")
    blocks = [
        resource_block("aws_ram_resource_share", name, **arguments),
        resource_block("aws_ram_resource_association", name, resource_arn=share.resource, resource_share_arn=own),
    ]
    for index, principal in enumerate(share.principals):
        label = name if index == 0 else f"{name}_{index + 1}"
        blocks.append(
            resource_block("aws_ram_principal_association", label, principal=principal, resource_share_arn=own)
        )
    return "\n\n".join(blocks)


def _partition(share: ResourceShare) -> str:
    return share.resource.split(":")[1]


def _identifier(name: str) -> str:
    text = "_".join(re.findall(r"[a-z0-9]+", name.lower())) or "shared"
    return text if text[0].isalpha() else f"p_{text}"


def _logical(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", name)) or "Shared"
