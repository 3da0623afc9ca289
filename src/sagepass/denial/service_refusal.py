"""Refusals in a service's own words that name neither caller nor IAM's sentence.

CloudFormation names the type or the action that it was refused, pipelines only their role, CodeCommit answers Git with
403, and several services say that a service-linked role could not be made
(https://docs.aws.amazon.com/IAM/latest/UserGuide/create-service-linked-role.html).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sagepass.denial.action_name import PATTERN, from_match
from sagepass.denial.draft import Draft
from sagepass.denial.operation import service_prefix
from sagepass.denial.record import DenialKind
from sagepass.denial.reference import Reference, token_at

if TYPE_CHECKING:
    from collections.abc import Callable

_LINKED = "iam:CreateServiceLinkedRole"


@cache
def _linked_role() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?:not|n't)\s+have|must\s+have)\s+(?:the\s+)?(?:required\s+)?permissions?\s+to\s+create\s+(?:an?\s+|the\s+)?"
        r"service[\s-]linked\s+role\b",
        re.IGNORECASE,
    )


@cache
def _weak_role() -> re.Pattern[str]:
    return re.compile(
        r"\brole\s+(?:[\"'`]?(?P<role>arn:\S{10,300})\s+)?(?:does\s+not|doesn't)\s+have\s+"
        r"(?:sufficient|enough|(?:the\s+)?(?:required|necessary))\s+permissions?\b(?!\s+(?:to|for)\s+[a-z0-9-]{2,30}:)",
        re.IGNORECASE,
    )


@cache
def _operation() -> re.Pattern[str]:
    return re.compile(
        rf"[Aa]ccess\s+denied\s+for\s+operation\s+[\"'`](?:AWS::(?P<type>\w{{2,40}})::\w{{2,60}}|{PATTERN})[\"'`]"
    )


@cache
def _mount() -> re.Pattern[str]:
    return re.compile(r"access\s+denied\s+by\s+server\s+while\s+mounting\s+(?P<system>fs-[0-9a-f]{8,40})\b")


@cache
def _codecommit() -> re.Pattern[str]:
    return re.compile(
        r"\bgit-codecommit\.[a-z0-9-]{5,30}\.amazonaws\.com\S{0,300}\s+The\s+requested\s+URL\s+returned\s+error:\s+403\b"
    )


@cache
def _studio() -> re.Pattern[str]:
    return re.compile(rf"\bpermissions?\s+of\s+your\s+execution\s+role\s+to\s+include:?\s+{PATTERN}")


@cache
def _codeartifact() -> re.Pattern[str]:
    return re.compile(
        r"\b403\s+Client\s+Error:\s+Forbidden\s+for\s+url:\s+https://\S{1,200}\.d\.codeartifact\.[a-z0-9-]{5,30}\.amazonaws\.com"
    )


def read_service_refusals(text: str) -> list[Draft]:
    """Every such refusal, in order."""
    lowered = text.lower()
    forms: tuple[tuple[str, Callable[[], re.Pattern[str]], Callable[[str, re.Match[str]], Draft]], ...] = (
        ("linked", _linked_role, _no_linked_role),
        ("role", _weak_role, _too_little),
        ("for operation", _operation, _refused_operation),
        ("while mounting", _mount, _refused_mount),
        ("to include", _studio, _missing_in_studio),
        (".d.codeartifact.", _codeartifact, _refused_package),
        ("git-codecommit", _codecommit, _refused_git),
    )
    found = [
        draft(text, match) for word, pattern, draft in forms if word in lowered for match in pattern().finditer(text)
    ]
    return sorted(found, key=lambda draft: draft.start)


def _no_linked_role(_text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end())
    draft.infer_action(_LINKED, "making a service-linked role needs this action")
    return draft


def _too_little(text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end(), settled=False)
    if match["role"] and (role := token_at(text, match.start("role"))):
        draft.set_principal(role)
    return draft


def _refused_operation(_text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end())
    if match["type"]:
        draft.service = service_prefix(match["type"])
        draft.basis["service"] = "the service of the resource type that CloudFormation names"
    elif named := from_match(match):
        draft.set_action(named)
    return draft


def _refused_mount(_text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end())
    draft.set_resource(Reference(match["system"], *match.span("system")))
    draft.infer_action(
        "elasticfilesystem:ClientMount", "mounting a file system of EFS needs it, where its policy asks for IAM"
    )
    return draft


def _missing_in_studio(_text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end())
    if named := from_match(match):
        draft.set_action(named)
    return draft


def _refused_package(_text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end(), service="codeartifact")
    draft.basis["service"] = "the address is that of a CodeArtifact repository"
    return draft


def _refused_git(_text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end(), service="codecommit")
    draft.basis["service"] = "the address is that of a CodeCommit repository"
    return draft
