"""What a policy change is made on, taken apart: the service, the kind and the name that tools ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sagepass.policy.arn import parse_arn
from sagepass.repair.fix import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The holder of a policy.

    Attributes:
        service: of the holder's ARN: ``iam``, ``s3``, ``kms``, …; empty for an id.
        kind: ``user``, ``role``, ``group``, ``model-package-group``, …; empty where the ARN has none.
        name: the last part, without the path.
        region: of the holder's ARN.
        account: of the holder's ARN.
        arn: the holder as it was given.
    """

    service: str
    kind: str
    name: str
    region: str
    account: str
    arn: str


def target_of(edit: Edit) -> Target:
    """The holder of the edited policy."""
    holder = edit.change.holder
    parts = parse_arn(holder)
    if parts is None:
        return Target(service="", kind="", name=holder, region="", account="", arn=holder)
    kind, slash, rest = parts.resource.partition("/")
    if not slash:
        kind, colon, rest = parts.resource.partition(":")
        if not colon:
            kind, rest = "", parts.resource
    name = rest if parts.service in {"ecr", "secretsmanager"} else rest.rpartition("/")[2] or rest
    return Target(service=parts.service, kind=kind, name=name, region=parts.region, account=parts.account, arn=holder)


def identifier(edit: Edit, *, pascal: bool = False) -> str:
    """A name for a block or a logical id, made of the holder's and the policy's."""
    words = re.findall(r"[A-Za-z0-9]+", f"{target_of(edit).name} {edit.change.name}")[:8] or ["policy"]
    if pascal:
        return "".join(word[:1].upper() + word[1:] for word in words)
    name = "_".join(word.lower() for word in words)
    return name if name[0].isalpha() else f"p_{name}"
