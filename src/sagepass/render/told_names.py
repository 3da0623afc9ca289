"""What a report tells of names: the texts that hold ARNs, the secrets, and the names that stand in no ARN."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass

from sagepass.calls.read.record import ReadCall
from sagepass.denial.record import Denial
from sagepass.engine.decision import Check, Evaluation
from sagepass.engine.request import Request
from sagepass.jobs.access_case import CaseResult
from sagepass.jobs.policy_file import PolicyFile
from sagepass.jobs.share.party import Party
from sagepass.policy.document import Policy, PolicyForm

_AWS_PREFIXES = ("FullAWSAccess", "RCPFullAWSAccess", "Amazon", "AWS")
_NAMED_BY_AWS = frozenset({PolicyForm.AWS_MANAGED, PolicyForm.TRUST, PolicyForm.RESOURCE, PolicyForm.RAM_SHARE})
_DEPTH = 14
_BETWEEN_WORDS = re.compile(r"[\s\"'<>;()]+")
"""What ends an ARN in a sentence and may be part of the key of an object; a line may also be broken there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, each in the order of the report.

    Attributes:
        texts: everything that names may stand in.
        secrets: what is replaced as a whole.
        names: of policies, statements and access cases.
        paths: of files that the person gave: policies and requests. Files of a snapshot are called as AWS's commands are.
    """

    texts: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


def found_in(report: object) -> Found:
    """All of a report, some levels deep."""
    found = Found()
    _collect(report, found, _DEPTH)
    return found


def _collect(value: object, found: Found, depth: int) -> None:
    if depth == 0:
        return
    if isinstance(value, str):
        found.texts.append(value)
        return
    if isinstance(value, Request | Evaluation | Denial) and value.resource is not None:
        found.texts.append(_BETWEEN_WORDS.sub("/", value.resource))
    found.names.extend(_names(value))
    found.secrets.extend(_secrets(value))
    if isinstance(value, PolicyFile | ReadCall) and value.origin.path is not None:
        found.paths.append(value.origin.name)
    for part in _parts(value):
        _collect(part, found, depth - 1)


def _names(value: object) -> Iterator[str]:
    if isinstance(value, Policy) and value.form not in _NAMED_BY_AWS and not _is_aws(value.arn):
        yield value.name
        yield from (statement.sid for statement in value.document.statements if statement.sid)
    elif isinstance(value, PolicyFile) and value.origin.path is not None:
        yield from _sids(value.value)
        yield from value.names
    elif isinstance(value, Check):
        yield from (name for name in value.policies if not name.startswith(_AWS_PREFIXES) and " " not in name)
    elif isinstance(value, CaseResult):
        yield value.id


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, Denial):
        yield from (secret for secret in (value.authorization_id, value.encoded_message) if secret)
    elif isinstance(value, Party) and value.external_id:
        yield value.external_id


def _sids(document: object) -> Iterator[str]:
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        sid = statement.get("Sid") if isinstance(statement, Mapping) else None
        if isinstance(sid, str):
            yield sid


def _is_aws(arn: str | None) -> bool:
    """Whether a policy is AWS's own, among them FullAWSAccess of an organization."""
    parts = (arn or "").split(":")
    return len(parts) > 4 and parts[4] == "aws"


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    if isinstance(value, list | tuple | frozenset):
        return value
    return (getattr(value, part.name) for part in fields(value)) if is_dataclass(value) else ()
