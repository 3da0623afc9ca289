"""Refusals that name no cause: ``Access Denied``, ``403 Forbidden``, ``You are not authorized to perform this operation``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from sagepass.denial.data_address import set_data_address
from sagepass.denial.draft import Draft
from sagepass.denial.error_code import DENIED
from sagepass.denial.operation import action_for, service_of
from sagepass.denial.other_errors import misnamed
from sagepass.denial.record import DenialKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagepass.denial.error_header import ErrorHeader

_CLOSE: Final = 30
"""Signs of a refusal with fewer characters between them are one."""
DATA_SERVICES: Final = frozenset({"s3", "ecr", "kms"})


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    flags = re.IGNORECASE
    return {
        "said": re.compile(
            r"(?:you\s+are|(?:your\s+)?account\s+is|user\s+is|caller\s+is|is|are)\s+not\s+(?:authori[sz]ed|allowed|permitted)\s+to\s+(?:perform|invoke|access|call|use|make)\s+"
            r"(?:(?:this|the|that)\s+)?(?:requested\s+)?(?:API\s+)?(?:operation|action|resource|request|call)"
            r"|Encoded\s+authorization\s+failure\s+message",
            flags,
        ),
        "code": re.compile(rf"(?<![\w/$.-])(?P<code>{DENIED})(?![\w/-])[\"'`:)\s,;<>/=-]{{0,12}}", flags),
        "xml": re.compile(rf"<Code>(?P<code>{DENIED})</Code>(?:\s*<Message>(?P<message>[^<]{{0,500}})</Message>)?", flags),
        "words": re.compile(r"\bAccess\s+(?:is\s+)?Denied\b|\b403\s+Forbidden\b|\bStatus\s*Code:?\s*403\b|\berror\s+code\s+403\b|\bS3Exception:\s+Client\s+error:\s+Forbidden\b|\bpermission\s+denied\b(?=[^\n]{0,80}(?:aws|s3|iam|sagemaker))", flags),
        "s3_hint": re.compile(r"services/s3\.js|client-s3|\bAmazon\s?S3\b|HostId|S3 Extended Request ID|\bs3[an]?://|\.s3[.-][\w.-]{0,40}amazonaws|S3Exception|\bS3\b", flags),
        "encoded": re.compile(r"Encoded\s+authorization\s+failure\s+message:?\s*(?P<blob>[A-Za-z0-9_-]{16,}(?:\s*\n\s*[A-Za-z0-9_-]{30,}(?=\s|$))*)", flags),
        "authorization_id": re.compile(r"(?:#/authorization-details/|authorization\s+id:?\s+)(?P<id>[0-9a-z]{8,256})\b", flags),
    }  # fmt: skip


def encoded_message(text: str, start: int, end: int) -> tuple[str, tuple[int, int]] | None:
    """The encoded authorization message between two offsets, with its place."""
    match = _forms()["encoded"].search(text, start, end)
    if not match:
        return None
    blob = re.sub(r"\s+", "", match["blob"])
    return blob, match.span("blob")


def authorization_id(text: str, start: int, end: int) -> tuple[str, tuple[int, int]] | None:
    """The id for the Access Troubleshooter between two offsets, with its place."""
    match = _forms()["authorization_id"].search(text, start, end)
    return (match["id"], match.span("id")) if match else None


def from_header(text: str, header: ErrorHeader, end: int) -> Draft:
    """A refusal of which only the frame says something: code and operation."""
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=header.start, end=end, settled=False)
    draft.error_code, draft.operation = header.code, header.operation
    infer(draft, header.service)
    set_data_address(text, draft)
    if draft.service is None:
        _service_by_hints(text, draft)
    return draft


def infer(draft: Draft, service: str | None) -> None:
    """Derive service, action and kind from the operation and the error code."""
    code = draft.error_code or ""
    by_code = "ec2" if re.search("UnauthorizedOperation", code) else "kms" if code.upper().startswith("KMS") else None
    prefix = service or by_code or (service_of(draft.operation) if draft.operation else None)
    if draft.operation == "GetRoleCredentials":
        # IAM Identity Center answers by its assignments, not by IAM policies
        # https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
        draft.service = "sso"
        return
    draft.service = draft.service or prefix
    if draft.operation and draft.action is None and prefix and (action := action_for(draft.operation, prefix)):
        draft.infer_action(action, f"the operation {draft.operation} is guarded by this action")
    lowered = (draft.action or draft.action_inferred or "").lower()
    if lowered == "iam:passrole":
        draft.kind = DenialKind.PASS_ROLE
    elif lowered.startswith("sts:assumerole"):
        draft.kind = DenialKind.ASSUME_ROLE
    elif draft.action is None and draft.service in DATA_SERVICES:
        draft.kind = DenialKind.DATA_ACCESS


def read_generic_denials(text: str, start: int, end: int) -> list[Draft]:
    """Refusals without a frame that names the operation, between two offsets."""
    forms = _forms()
    drafts = [
        _loose(text, match, match["code"] if form in {"xml", "code"} else None)
        for form in ("xml", "code", "said", "words")
        for match in _thinned(forms[form].finditer(text, start, end))
        if form != "code" or match["code"].lower() not in {"403", "forbidden", "notauthorized"}
    ]
    drafts = [draft for draft in drafts if not _ended_session(text, draft) and not _of_a_file(text, draft)]
    return sorted(drafts, key=lambda draft: (draft.start, -draft.end))


def _thinned(matches: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Of signs in close succession only the first."""
    last = -_CLOSE
    for match in matches:
        if match.start() >= last + _CLOSE:
            yield match
        last = match.end()


def _ended_session(text: str, draft: Draft) -> bool:
    """Docker and S3 say ``access denied`` also where only a token or a presigned address has run out."""
    return misnamed(text[draft.start : draft.end + 250]) is not None


def _of_a_file(text: str, draft: Draft) -> bool:
    """A local file that may not be opened, even where its path holds ``sagemaker`` or ``aws``."""
    near = text[max(0, draft.start - 30) : draft.end + 40]
    return re.search(r"\[Errno\s+13\]|\(os\s+error\s+13\)", near) is not None and "s3" not in near


def _loose(text: str, match: re.Match[str], code: str | None) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end(), settled=False, error_code=code)
    infer(draft, None)
    if draft.service is None and match.group().lower().startswith("encoded"):
        draft.service = "ec2"
        draft.basis["service"] = "encoded authorization messages come from the EC2 family of APIs"
    set_data_address(text, draft)
    if draft.service is None:
        _service_by_hints(text, draft)
    return draft


def _pulls_an_image(text: str, draft: Draft) -> bool:
    """Whether the line tells of an image that was to be pulled; that a job has one somewhere says nothing."""
    start = max(text.rfind("\n", 0, draft.start) + 1, draft.start - 500)
    line = text[start : draft.end + 100].partition("\n")[0]
    return bool(re.search(r"\bpull(?:ing|ed)?\b|\bmanifests?\b", line)) and ".dkr.ecr." in line


def _service_by_hints(text: str, draft: Draft) -> None:
    """S3 says ``Access Denied`` and no more; elsewhere the text must show that S3 answered."""
    near = text[max(0, draft.start - 200) : draft.end + 500]
    wording = re.search(r"Access\s?Denied[\"'`:)\s,;<>/=-]{1,30}(?:(?:Code|Message)>)?\s*Access\s+Denied\b", near)
    hint = _forms()["s3_hint"].search(near)
    if draft.operation is None and _pulls_an_image(text, draft):
        draft.service, draft.kind = "ecr", DenialKind.DATA_ACCESS
        draft.basis["service"] = "the text names an image in ECR"
        return
    if draft.operation is None and hint and (wording or re.search(r"Access\s+Denied|Forbidden|403", near)):
        draft.service, draft.kind = "s3", DenialKind.DATA_ACCESS
        draft.basis["service"] = "the text shows that Amazon S3 answered"
    elif draft.operation is None and wording:
        draft.service, draft.kind = "s3", DenialKind.DATA_ACCESS
        draft.basis["service"] = "code AccessDenied with the bare message Access Denied is how Amazon S3 answers"
