"""A change as Terraform: the document as a data source, and the resource that carries it.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs (aws_iam_policy_document and the resources below)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import assert_never

from sagepass.policy.document import PolicyForm
from sagepass.render.forms import pretty_json
from sagepass.render.policy_target import Target, identifier, target_of
from sagepass.repair.fix import Edit

_ELEMENTS = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}


def edit_to_terraform(edit: Edit) -> str:
    """A data source with the whole document and the resource that holds it, or a comment that says why there is none."""
    if edit.change.document is None:
        return f"# remove policy {quoted(edit.change.name)} from {quoted(edit.change.holder)} in the code that made it"
    name = identifier(edit)
    return f"{document_block(edit.after, name)}\n\n{_resource(edit, name)}"


def document_block(document: object, name: str) -> str:
    """An ``aws_iam_policy_document``; a document that does not fit the block is kept as JSON."""
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    listed = [statements] if isinstance(statements, Mapping) else statements
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) for item in listed):
        return f"locals {{\n  {name} = jsonencode({pretty_json(document)})\n}}"
    lines = [f'data "aws_iam_policy_document" "{name}" {{']
    version = document.get("Version") if isinstance(document, Mapping) else None
    if version not in {None, "2012-10-17"}:
        lines.append(f"  version = {quoted(str(version))}")
    for item in listed:
        lines += ["  statement {", *_statement(item), "  }"]
    return "\n".join([*lines, "}"])


def _statement(statement: Mapping[str, object]) -> list[str]:
    arguments = {"sid": quoted(str(statement["Sid"]))} if statement.get("Sid") else {}
    arguments["effect"] = quoted(str(statement.get("Effect", "Allow")))
    arguments |= {word: _list(statement[key]) for key, word in _ELEMENTS.items() if key in statement}
    lines = _aligned(arguments, 4)
    for key, word in (("Principal", "principals"), ("NotPrincipal", "not_principals")):
        if key in statement:
            lines += _principals(word, statement[key])
    conditions = statement.get("Condition")
    for operator, keys in conditions.items() if isinstance(conditions, Mapping) else ():
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            test = {"test": quoted(str(operator)), "variable": quoted(str(key)), "values": _list(values)}
            lines += ["    condition {", *_aligned(test, 6), "    }"]
    return lines


def _aligned(arguments: Mapping[str, str], indent: int) -> list[str]:
    """Equal signs of neighbouring lines under each other, as ``terraform fmt`` puts them."""
    width = max(len(name) for name, value in arguments.items() if "\n" not in value or len(arguments) == 1)
    return [
        f"{' ' * indent}{name if chr(10) in value else name.ljust(width)} = {value}"
        for name, value in arguments.items()
    ]


def _principals(word: str, value: object) -> list[str]:
    forms = value.items() if isinstance(value, Mapping) else (("*", value),)
    lines = []
    for form, names in forms:
        entries = [f"      type        = {quoted(str(form))}", f"      identifiers = {_list(names)}"]
        lines += [f"    {word} {{", *entries, "    }"]
    return lines


def _resource(edit: Edit, name: str) -> str:
    target = target_of(edit)
    json_of = f"data.aws_iam_policy_document.{name}.json"
    match edit.change.form:
        case PolicyForm.INLINE_USER | PolicyForm.INLINE_GROUP | PolicyForm.INLINE_ROLE:
            return _inline(edit, target, name, json_of)
        case PolicyForm.CUSTOMER_MANAGED:
            return _managed(edit, target, name, json_of)
        case PolicyForm.AWS_MANAGED:
            return _attachment(target, name, json.dumps(edit.change.arn or edit.change.name))
        case PolicyForm.TRUST:
            return f'# in the resource "aws_iam_role" of {quoted(target.name)}:\n# assume_role_policy = {json_of}'
        case PolicyForm.RESOURCE:
            return _resource_policy(target, name, json_of)
        case PolicyForm.VPC_ENDPOINT:
            holder = edit.change.holder
            return resource_block("aws_vpc_endpoint_policy", name, vpc_endpoint_id=holder, policy=Expression(json_of))
        case PolicyForm.ORGANIZATION:
            kind = str(edit.policy_type)
            return resource_block(
                "aws_organizations_policy", name, name=edit.change.name, type=kind, content=Expression(json_of)
            )
        case PolicyForm.RAM_SHARE:
            return "# AWS RAM made this policy: change the aws_ram_resource_share instead"
        case PolicyForm.SESSION:
            return "# the program that makes the session passes this policy; Terraform does not hold it"
    assert_never(edit.change.form)


def _inline(edit: Edit, target: Target, name: str, json_of: str) -> str:
    kinds = {PolicyForm.INLINE_USER: "user", PolicyForm.INLINE_GROUP: "group"}
    kind = kinds.get(edit.change.form, "role")
    arguments = {"name": edit.change.name, kind: target.name, "policy": Expression(json_of)}
    return resource_block(f"aws_iam_{kind}_policy", name, **arguments)


def _managed(edit: Edit, target: Target, name: str, json_of: str) -> str:
    block = resource_block("aws_iam_policy", name, name=edit.change.name, policy=Expression(json_of))
    if edit.change.arn is not None:
        return block
    return f"{block}\n\n{_attachment(target, name, f'aws_iam_policy.{name}.arn')}"


def _attachment(target: Target, name: str, arn: str) -> str:
    kind = target.kind if target.kind in {"user", "role", "group"} else "role"
    return resource_block(
        f"aws_iam_{kind}_policy_attachment", name, **{kind: target.name, "policy_arn": Expression(arn)}
    )


def _resource_policy(target: Target, name: str, json_of: str) -> str:
    policy = Expression(json_of)
    match (target.service, target.kind):
        case ("s3", _):
            return resource_block(
                "aws_s3_bucket_policy", name, bucket=target.arn.rpartition(":")[2].partition("/")[0], policy=policy
            )
        case ("kms", _):
            return resource_block("aws_kms_key_policy", name, key_id=target.name, policy=policy)
        case ("ecr", _):
            return resource_block("aws_ecr_repository_policy", name, repository=target.name, policy=policy)
        case ("sagemaker", "model-package-group"):
            kind = "aws_sagemaker_model_package_group_policy"
            return resource_block(kind, name, model_package_group_name=target.name, resource_policy=policy)
        case ("secretsmanager", _):
            return resource_block("aws_secretsmanager_secret_policy", name, secret_arn=target.arn, policy=policy)
        case ("sns", _):
            return resource_block("aws_sns_topic_policy", name, arn=target.arn, policy=policy)
        case _:
            return f"# put {json_of} into the policy resource of {quoted(target.arn)}"


class Expression(str):
    """An expression, in contrast to a string."""

    __slots__ = ()


def resource_block(kind: str, block_name: str, /, **arguments: str) -> str:
    """A resource; an argument that is no :class:`Expression` is a string."""
    width = max(len(key) for key in arguments)
    lines = [f"  {key:<{width}} = {v if isinstance(v, Expression) else quoted(v)}" for key, v in arguments.items()]
    return "\n".join([f'resource "{kind}" "{block_name}" {{', *lines, "}"])


def _list(value: object) -> str:
    entries = value if isinstance(value, list) else [value]
    words = [quoted(_plain(entry)) for entry in entries]
    together = f"[{', '.join(words)}]"
    return together if len(together) <= 90 else "[\n      " + ",\n      ".join(words) + ",\n    ]"


def _plain(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def quoted(text: str) -> str:
    """A string of HCL; policy variables and templates would otherwise be evaluated by Terraform."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
