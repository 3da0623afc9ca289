"""A change as a command of the AWS CLI; the document is one quoted argument, which stays valid however it is indented.

Source: https://docs.aws.amazon.com/cli/latest/reference/ (iam, s3api, kms, ecr, sagemaker, organizations, ec2)
"""

from __future__ import annotations

import shlex
from typing import assert_never

from sagepass.policy.document import PolicyForm
from sagepass.render.forms import pretty_json
from sagepass.render.policy_target import Target, target_of
from sagepass.repair.fix import Edit


def edit_to_awscli(edit: Edit) -> str:
    """The command, or a comment that says why there is none."""
    return _removal(edit) if edit.change.document is None else _change(edit, target_of(edit))


def _change(edit: Edit, target: Target) -> str:
    match edit.change.form:
        case PolicyForm.INLINE_USER | PolicyForm.INLINE_GROUP | PolicyForm.INLINE_ROLE:
            return _inline(edit, target)
        case PolicyForm.CUSTOMER_MANAGED:
            return _managed(edit)
        case PolicyForm.AWS_MANAGED:
            return _attach(edit, target)
        case PolicyForm.TRUST:
            return _command(
                edit, f"aws iam update-assume-role-policy --role-name {shlex.quote(target.name)}", "--policy-document"
            )
        case PolicyForm.RESOURCE:
            return _resource(edit, target)
        case PolicyForm.RAM_SHARE | PolicyForm.SESSION:
            return _elsewhere(edit)
        case PolicyForm.VPC_ENDPOINT:
            endpoint = shlex.quote(edit.change.holder)
            return _command(edit, f"aws ec2 modify-vpc-endpoint --vpc-endpoint-id {endpoint}", "--policy-document")
        case PolicyForm.ORGANIZATION:
            return _organization(edit)
    assert_never(edit.change.form)


def _inline(edit: Edit, target: Target) -> str:
    kind = _identity_kind(edit)
    head = f"aws iam put-{kind}-policy --{kind}-name {shlex.quote(target.name)} --policy-name {shlex.quote(edit.change.name)}"
    return _command(edit, head, "--policy-document")


def _elsewhere(edit: Edit) -> str:
    if edit.change.form is PolicyForm.RAM_SHARE:
        return "# AWS RAM made this policy: change the resource share (aws ram associate-resource-share-permission)"
    return f"# the program that makes the session passes this policy (aws sts assume-role --policy)\n{_here(edit)}"


def _managed(edit: Edit) -> str:
    if edit.change.arn is None:
        create = _command(
            edit, f"aws iam create-policy --policy-name {shlex.quote(edit.change.name)}", "--policy-document"
        )
        target = target_of(edit)
        arn = f"arn:aws:iam::{target.account or '<account>'}:policy/{edit.change.name}"
        return create + f"\n{_attach_command(target, arn)}"
    # a managed policy keeps five versions; the oldest has to go before a sixth is made
    versions = f"aws iam list-policy-versions --policy-arn {shlex.quote(edit.change.arn)}"
    head = f"aws iam create-policy-version --policy-arn {shlex.quote(edit.change.arn)} --set-as-default"
    return f"# at most five versions are kept: {versions}\n" + _command(edit, head, "--policy-document")


def _attach(edit: Edit, target: Target) -> str:
    return _attach_command(target, edit.change.arn or edit.change.name)


def _attach_command(target: Target, arn: str) -> str:
    kind = target.kind if target.kind in {"user", "role", "group"} else "role"
    return f"aws iam attach-{kind}-policy --{kind}-name {shlex.quote(target.name)} --policy-arn {shlex.quote(arn)}"


def _resource(edit: Edit, target: Target) -> str:
    name = shlex.quote(target.name)
    region = f" --region {shlex.quote(target.region)}" if target.region else ""
    match (target.service, target.kind):
        case ("s3", _):
            bucket = shlex.quote(target.arn.rpartition(":")[2].partition("/")[0])
            return _command(edit, f"aws s3api put-bucket-policy --bucket {bucket}", "--policy")
        case ("kms", _):
            head = f"aws kms put-key-policy --key-id {shlex.quote(target.arn)} --policy-name default{region}"
            return _command(edit, head, "--policy")
        case ("ecr", _):
            return _command(edit, f"aws ecr set-repository-policy --repository-name {name}{region}", "--policy-text")
        case ("sagemaker", "model-package-group"):
            head = f"aws sagemaker put-model-package-group-policy --model-package-group-name {name}{region}"
            return _command(edit, head, "--resource-policy")
        case ("sagemaker", "endpoint"):
            head = f"aws sagemaker put-endpoint-policy --endpoint-name {name}{region}"
            return _command(edit, head, "--resource-policy")
        case ("secretsmanager", _):
            head = f"aws secretsmanager put-resource-policy --secret-id {shlex.quote(target.arn)}{region}"
            return _command(edit, head, "--resource-policy")
        case ("sns", _):
            head = f"aws sns set-topic-attributes --topic-arn {shlex.quote(target.arn)} --attribute-name Policy{region}"
            return _command(edit, head, "--attribute-value")
        case ("lambda", _):
            return "# Lambda takes single statements: see aws lambda add-permission help\n" + _here(edit)
        case _:
            return f"# put this policy on {_comment(target.arn)} with the command of its service\n" + _here(edit)


def _organization(edit: Edit) -> str:
    policy_id = (edit.change.arn or "").rpartition("/")[2]
    if policy_id:
        return _command(edit, f"aws organizations update-policy --policy-id {shlex.quote(policy_id)}", "--content")
    head = (
        f"aws organizations create-policy --type {edit.policy_type} --name {shlex.quote(edit.change.name)} "
        f"--description {shlex.quote(edit.where)}"
    )
    attach = f"aws organizations attach-policy --policy-id <id> --target-id {shlex.quote(edit.change.holder)}"
    return f"{_command(edit, head, '--content')}\n{attach}"


def _removal(edit: Edit) -> str:
    target, kind = target_of(edit), _identity_kind(edit)
    if edit.change.form in {PolicyForm.CUSTOMER_MANAGED, PolicyForm.AWS_MANAGED}:
        arn = shlex.quote(edit.change.arn or "<policy ARN>")
        return f"aws iam detach-{kind}-policy --{kind}-name {shlex.quote(target.name)} --policy-arn {arn}"
    if edit.change.form in {PolicyForm.INLINE_USER, PolicyForm.INLINE_GROUP, PolicyForm.INLINE_ROLE}:
        name = shlex.quote(edit.change.name)
        return f"aws iam delete-{kind}-policy --{kind}-name {shlex.quote(target.name)} --policy-name {name}"
    if edit.change.form is PolicyForm.ORGANIZATION:
        policy_id = shlex.quote((edit.change.arn or "").rpartition("/")[2] or "<id>")
        return f"aws organizations detach-policy --policy-id {policy_id} --target-id {shlex.quote(edit.change.holder)}"
    return f"# remove policy {_comment(edit.change.name)} from {_comment(edit.change.holder)}"


def _identity_kind(edit: Edit) -> str:
    match edit.change.form:
        case PolicyForm.INLINE_USER:
            return "user"
        case PolicyForm.INLINE_GROUP:
            return "group"
        case PolicyForm.INLINE_ROLE:
            return "role"
        case _:
            kind = target_of(edit).kind
            return kind if kind in {"user", "role", "group"} else "role"


def _command(edit: Edit, head: str, option: str) -> str:
    return f"{head} {option} {shlex.quote(pretty_json(edit.after))}"


def _here(edit: Edit) -> str:
    return pretty_json(edit.after)


def _comment(text: str) -> str:
    """A name in a shell comment stays on its line."""
    return " ".join(text.split())
