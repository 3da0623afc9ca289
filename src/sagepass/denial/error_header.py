"""What SDKs, the CLI and CloudFormation put around a message: the operation, the error code, the service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sagepass.denial.operation import is_operation, service_prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorHeader:
    """The frame of one error message.

    Attributes:
        start: where the frame begins in the cleaned text.
        end: where it ends; the message follows.
        code: the error code, if it names one.
        operation: the API, if it names one.
        service: the IAM prefix of the service that answered, if it names one.
        code_place: where the code stands.
        operation_place: where the operation stands.
        whole: the frame is that of a complete error, so that it stands for one even where its message says nothing.
    """

    start: int
    end: int
    code: str | None = None
    operation: str | None = None
    service: str | None = None
    code_place: tuple[int, int] | None = None
    operation_place: tuple[int, int] | None = None
    whole: bool = True


@cache
def _before() -> re.Pattern[str]:
    operation = r"[\"'`]?(?P<{0}>[A-Z][A-Za-z0-9]{{2,80}})[\"'`]?"
    code = r"(?P<{0}>[A-Za-z0-9][\w.]{{1,80}})"
    forms = [
        r"[Aa]n\s+error\s+occurred\s+\(\s?" + code.format("c1") + r"\s?\)(?:\s+when\s+calling\s+the\s+" + operation.format("o1")
        + r"\s+operation)?(?:\s+\(reached\s+max\s+retries:\s+\d+\))?\s*[:.]?",
        code.format("c2") + r"\s+(?:error\s+)?when\s+calling\s+(?:the\s+)?" + operation.format("o2") + r"(?:\s+operation)?\s*:",
        r"operation\s+error\s+(?P<s3>[A-Za-z][\w -]{1,40}):\s+" + operation.format("o3")
        + r",(?:\s+(?:exceeded\s+maximum\s+number\s+of\s+attempts,\s+\d+,))?(?:\s+https?\s+response\s+error\s+StatusCode:\s+\d+,)?(?:\s+RequestID:\s+[\w-]*,)?"
        r"(?:\s+HostID:\s+[\w+/=]*,)?(?:\s+(?:api\s+error\s+)?" + code.format("c3") + r":)?",
        r"Error\s+executing\s+" + operation.format("o4") + r"\s+on\s+\"[^\"\n]{0,300}\";?(?:\s+AWS\s+HTTP\s+error:)?",
        r"(?<![\w:])API:\s+(?P<s5>[a-z][a-z0-9-]{1,40}):(?P<o5>[A-Z][A-Za-z0-9]{2,80})\b",
        r"[\"']resource[\"']\s*:\s*[\"'](?P<o7>[a-z][A-Za-z0-9]{2,80})(?:\.\w{2,20})?(?::\d)?[\"'](?=[^{}]{0,200}[\"'](?:error|cause)[\"'])",
        r"AWS\s+Error\s+(?P<c8>[A-Z][A-Z_]{2,60})\s+during\s+(?P<o8>[A-Z][A-Za-z0-9]{2,80})\s+operation\s*:?",
        r"(?P<s6>STS)\s+(?P<o6>AssumeRole\w{0,30})\s+(?:call\s+)?(?:failed|error)\b:?",
    ]  # fmt: skip
    return re.compile("|".join(f"(?:{form})" for form in forms))


@cache
def _suffix() -> re.Pattern[str]:
    return re.compile(
        r"\(Service:\s+(?P<service>[\w .-]{2,50}?)[;,]\s+Status\s+Code:\s+\d+"
        r"(?:[;,]\s+Error\s+Code:\s+(?P<code>[\w.]{2,80}))?(?:[;,][^()\n]{0,300})?\)?"
    )


def headers(text: str) -> list[ErrorHeader]:
    """Every frame that stands before a message, in order."""
    found = []
    for match in _before().finditer(text):
        groups = {name[0]: name for name, value in match.groupdict().items() if value is not None}
        code, operation, service = groups.get("c"), groups.get("o"), groups.get("s")
        if operation == "o5" and not is_operation(match["o5"]):
            operation = None
        if code == "c2" and not re.search(r"Exception|Error|Denied|Operation|Fault|Expired|Exceeded", match["c2"]):
            continue
        found.append(
            ErrorHeader(
                start=match.start(),
                end=match.end(),
                code=match[code] if code else None,
                operation=match[operation][0].upper() + match[operation][1:] if operation else None,
                service=service_prefix(match[service]) if service else None,
                code_place=match.span(code) if code else None,
                operation_place=match.span(operation) if operation else None,
                whole=operation not in {"o5", "o6", "o7"} and (code is not None or operation == "o3"),
            )
        )
    return found


def suffixes(text: str) -> list[ErrorHeader]:
    """Every frame that stands after a message, as the Java SDK and CloudFormation write it."""
    return [
        ErrorHeader(
            start=match.start(),
            end=match.end(),
            code=match["code"],
            service=service_prefix(match["service"]),
            code_place=match.span("code") if match["code"] else None,
        )
        for match in _suffix().finditer(text)
    ]
