"""Answers for calls that are not sent: of the shape that AWS defines, believable enough for a program to go on.

What the request says is echoed, ARNs are those that the call would make, states are the ones a program waits for. All else is
made up and carries a mark with the number of the call.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from typing import Any

from sagepass.calls.call import Call
from sagepass.calls.resource_arns import resources_of
from sagepass.catalog.operations import find_operation

_NOBODY = "000000000000"
"""Stands for the account while it is not known; no account has it."""
MADE_UP = re.compile(r"recorded-(\d{6})|:000000000000:|^000000000000$")

_END_OF_LIST = re.compile(r"(?:next|continuation).*(?:token|marker)$|^(?:next)?marker$|^lastevaluated", re.IGNORECASE)
_TROUBLE = re.compile(r"failure|error|reason|warning", re.IGNORECASE)
_GOOD = ("Completed", "InService", "Succeeded", "Active", "Ready", "Available", "Created", "Enabled", "Scheduled")
_DEEPEST = 5


def made_by(text: str) -> int | None:
    """The number of the call whose answer made a text up (0 if any); ``None`` for any other text."""
    found = MADE_UP.search(text)
    return None if found is None else int(found[1] or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The call that an answer is made for."""

    number: int
    service: str
    operation: str
    params: Mapping[str, object]
    region: str
    account: str | None
    partition: str

    @property
    def mark(self) -> str:
        """What everything that is made up carries."""
        return f"recorded-{self.number:06}"


def fake_answer(answered: Answered, output: Any) -> dict[str, Any]:  # noqa: ANN401 - shapes of an untyped library
    """The parsed answer of one call.

    Args:
        answered: the call.
        output: botocore's shape of the operation's answer, ``None`` if it has none.
    """
    body = {} if output is None else _structure(answered, output, 0)
    payload = "" if output is None else str(output.serialization.get("payload", ""))
    if isinstance(body.get(payload), bytes):
        streaming_body = import_module("botocore.response").StreamingBody
        body[payload] = streaming_body(BytesIO(body[payload]), len(body[payload]))
    body["ResponseMetadata"] = {
        "RequestId": answered.mark,
        "HTTPStatusCode": 200,
        "HTTPHeaders": {},
        "RetryAttempts": 0,
    }
    return body


def _structure(answered: Answered, shape: Any, depth: int) -> dict[str, Any]:  # noqa: ANN401 - as above
    if depth > _DEEPEST:
        return {}
    body: dict[str, Any] = {}
    for name, member in shape.members.items():
        if _END_OF_LIST.search(name) or (_TROUBLE.search(name) and name not in shape.required_members):
            continue
        body[name] = _value(answered, name, member, depth)
    return body


def _value(answered: Answered, name: str, shape: Any, depth: int) -> object:  # noqa: ANN401 - as above
    match shape.type_name:
        case "structure":
            return _structure(answered, shape, depth + 1)
        case "string":
            return _text(answered, name, list(getattr(shape, "enum", None) or ()))
        case "list":
            return []
        case "map":
            return {}
        case "boolean":
            return False
        case "integer" | "long":
            return 0
        case "float" | "double" | "bigdecimal":
            return 0.0
        case "timestamp":
            return datetime.now(UTC)
        case "blob":
            return b"{}"
        case _:
            return None


def _text(answered: Answered, name: str, enum: list[str]) -> str:
    echoed = answered.params.get(name)
    if isinstance(echoed, str):
        return echoed
    if enum:
        lowered = {one.lower(): one for one in enum}
        return next((lowered[good.lower()] for good in _GOOD if good.lower() in lowered), enum[0])
    if name.endswith("Arn"):
        return _arn(answered, name)
    if name == "Account":
        return answered.account or _NOBODY
    if name.endswith(("S3Uri", "S3ModelArtifacts", "S3OutputPath")):
        return f"s3://{answered.mark}/{name}"
    return f"{answered.mark}-{name}"


def _arn(answered: Answered, name: str) -> str:
    """The ARN of what the call makes or looks at, as the call's own checks name it."""
    account = answered.account or _NOBODY
    call = Call(
        service=answered.service,
        operation=answered.operation,
        params=answered.params,
        caller_account=account,
        partition=answered.partition,
        region=answered.region,
    )
    operation = find_operation(answered.service, answered.operation)
    named = resources_of(call, operation) if operation else ()
    wanted = name.removesuffix("Arn").lower()
    found = next((one.arn for one in named if one.kind.replace("-", "") == wanted), None)
    if found is not None:
        return found.replace("*", answered.mark)
    role = answered.params.get("RoleName")
    if answered.service == "iam" and isinstance(role, str):
        return f"arn:{answered.partition}:iam::{_NOBODY}:role/{role}"  # its path is not known, so neither is the ARN
    return f"arn:{answered.partition}:{answered.service}:{answered.region}:{account}:{answered.mark}"
