"""Data that a job could not read or write, in SageMaker's words: S3, ECR, KMS.

The failure reasons are those of https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
and https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-model-troubleshoot.html; they seldom contain an IAM message.
"""

from __future__ import annotations

import re
from functools import cache

from sagepass.denial import action_name
from sagepass.denial.draft import Draft
from sagepass.denial.reason_clause import clause_after, nearby_clauses
from sagepass.denial.record import DenialKind
from sagepass.denial.reference import Reference, joined, token_at

_S3 = r"(?:s3[an]?://|arn:[\w-]{1,20}:s3:)"
_LOAD = "reading an object needs s3:GetObject"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str, str | None, str], ...]:
    """A word that the text must hold, the pattern, the service, the action implied, and why."""
    flags = re.IGNORECASE
    failed = r"(?:unable\s+to|could\s+not|cannot|can't|couldn't|failed\s+to|failure\s+to|error\s+while|not\s+able\s+to)"
    denied = r"(?=[^\x1e]{0,600}?(?:Access\s?Denied|Forbidden|403|permission|not\s+authorized))"
    forms = [
        ("s3 objects", r"no\s+S3\s+objects\s+found\s+under\s+S3\s+URL\s+", "s3", "s3:ListBucket", "looking for objects under a prefix needs s3:ListBucket"),
        ("model", rf"{failed}\s+access\s+(?:the\s+)?model\s+(?:data|artifacts?)(?:\s+at)?\s*:?\s*(?={_S3}|[\"'`<])", "s3", "s3:GetObject", _LOAD),
        ("model", rf"failed\s+to\s+download\s+model\s+(?:data|artifacts?)\s+(?:for\s+container\s+\S{{1,80}}\s+)?from\s+(?:URL|S3)?\s*:?\s*{denied}",
         "s3", "s3:GetObject", _LOAD),
        ("download", (rf"(?:{failed}|error)\s+(?:download(?:ing)?|fetch(?:ing)?|read(?:ing)?|load(?:ing)?|get(?:ting)?)\s+(?:the\s+)?(?:\w+\s+){{0,3}}"
         rf"(?:object|data|file|from|model|script|code)?\s*(?:from\s+|at\s+)?:?\s*(?=[\"'`]?{_S3}){denied}"), "s3", "s3:GetObject", _LOAD),
        ("data download", rf"data\s+download\s+failed\s*:(?!\s*(?:unable|failed\s+to\s+download\s+data\.\s+S3\s+key)){denied}", "s3", "s3:GetObject", _LOAD),
        ("s3", (rf"(?:{failed}|error)\s+(?:upload(?:ing)?|writ(?:e|ing)|sav(?:e|ing)|stor(?:e|ing)|put(?:ting)?)\s+(?:the\s+)?(?:\w+\s+){{0,4}}(?:to|into)\s+"
         rf"(?:S3\s+)?(?:(?:output\s+)?(?:location|path|bucket|URI)\s*)?:?\s*(?=[\"'`]?{_S3}){denied}"), "s3", "s3:PutObject", "writing an object needs s3:PutObject"),
        ("writing output", rf"access\s+denied\s+when\s+writing\s+output\s+to\s+url\s*:?\s*(?={_S3})", "s3", "s3:PutObject", "writing an object needs s3:PutObject"),
        ("output bucket", r"unable\s+to\s+verify/create\s+output\s+bucket\s+(?P<bucket>[\w.-]{2,62}\w)", "s3", None, ""),
        ("bucket", r"(?:the\s+)?(?:S3\s+)?bucket\s+(?!(?:does|do|exists|or|and|in|is)\b)(?=[\"'`]?[\w.-]{3,63}[\"'`]?\s[^.\x1e]{0,120}(?:cannot\s+be\s+reached|do(?:es)?\s+not\s+have\s+(?:permission|access)|is\s+not\s+accessible))",
         "s3", None, ""),
        ("permission for the image", r"does\s+not\s+have\s+(?P<ecr>BatchGetImage|GetDownloadUrlForLayer|BatchCheckLayerAvailability)\s+permission\s+for\s+the\s+image:?\s*", "ecr", None, ""),
        ("all images", r"please\s+make\s+sure\s+all\s+images\s+included\s+in\s+the\s+model", "ecr", None, ""),
        ("repository", r"(?:cannot|could\s+not|unable\s+to)\s+(?:find|access)\s+(?:the\s+)?repository:?\s*(?=\S{1,300}[^\x1e]{0,300}?(?:permission|access))", "ecr",
         "ecr:BatchGetImage", "pulling an image needs ecr:BatchGetImage and two more actions on the repository"),
        ("repository", r"repository\s+of\s+your\s+image\s+(?=\S{1,400}\s+does\s+not\s+grant\b)", "ecr", "ecr:BatchGetImage",
         "pulling an image needs ecr:BatchGetImage and two more actions on the repository"),
        ("repository", r"access\s+denied\s+(?:to\s+registry|for\s+repository:?|to\s+repository)\s*(?:\d{4,12}\s+for\s+repository\s*)?", "ecr", "ecr:BatchGetImage",
         "pulling an image needs ecr:BatchGetImage and two more actions on the repository"),
        ("pull", rf"(?:pull\s+access\s+denied\s+for|{failed}\s+pull\s+(?:the\s+)?(?:container\s+)?image)\s*:?\s*(?=[\"'`]?\d{{12}}\.dkr\.ecr\.){denied}", "ecr",
         "ecr:BatchGetImage", "pulling an image needs ecr:BatchGetImage and two more actions on the repository"),
        ("key", r"(?:not\s+(?:authorized|allowed)\s+to\s+(?:use|access)|not\s+have\s+(?:permission|access)\s+to(?:\s+(?:use|access))?)\s+the\s+(?:provided\s+|specified\s+)?(?:AWS\s+)?(?:KMS\s+)?(?:encryption\s+)?key\b\s*:?\s*", "kms", None, ""),
        ("ciphertext", r"ciphertext\s+refers\s+to\s+a\s+(?:customer\s+master\s+key|KMS\s+key)[\w\s,]{0,120}not\s+allowed\s+to\s+access", "kms", None, ""),
        ("kms", r"\bKMS\s+access\s+was\s+denied", "kms", "kms:Decrypt", "reading encrypted settings needs kms:Decrypt"),
        ("access to kms", r"\baccess\s+to\s+KMS\s+is\s+not\s+allowed", "kms", None, ""),
        ("allowed to be used", r"KMS\s+key\s+does\s+not\s+exist\s+or\s+is\s+not\s+allowed\s+to\s+be\s+used\b", "kms", None, ""),
        ("kms key", r"KMS\s+key\s+(?=[\"'`]?\S{1,200}\s+(?:is\s+not\s+accessible|cannot\s+be\s+accessed|could\s+not\s+be\s+accessed))", "kms", None, ""),
    ]  # fmt: skip
    return tuple((word, re.compile(form, flags), service, action, why) for word, form, service, action, why in forms)


@cache
def _details() -> dict[str, re.Pattern[str]]:
    return {
        "role": re.compile(r"\brole\s+[\"'`]?(?=arn:|[\w.…-]{0,40}:?role/|<)", re.IGNORECASE),
        "names": re.compile(rf"has\s+(?:the\s+)?[\"'`]{action_name.PATTERN}[\"'`]\s+permissions?", re.IGNORECASE),
        "region": re.compile(r"(?:selected\s+region\s+\(|located\s+in\s+)(?P<region>[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d)"),
        "registry": re.compile(r"\s{1,9}in\s+registry(?:\s+ID)?:?\s+\d{12}\b"),
        "s3": re.compile(r"s3[an]?://(?=\w)"),
        "grant": re.compile(
            r"permissions?\s+to\s+(?P<service>[\w-]{2,60}(?:\.[\w-]{1,60}){1,4})\s+service\s+principal"
        ),
        "end": re.compile(r"\n[ \t]*\n|\x1e|an\s+error\s+occurred\s+\(|\bTraceback\b", re.IGNORECASE),
    }


def read_data_failures(text: str) -> list[Draft]:
    """Every failure to reach data that no ordinary denial sentence states."""
    drafts = []
    lowered = re.sub(r"\s+", " ", text.lower())
    for word, pattern, service, action, why in _patterns():
        if word not in lowered:
            continue
        for match in pattern.finditer(text):
            draft = Draft(kind=DenialKind.DATA_ACCESS, start=match.start(), end=match.end(), service=service)
            _fill(text, draft, match)
            if match.groupdict().get("ecr"):
                draft.infer_action(f"ecr:{match['ecr']}", "the text names the permission without its service")
            elif draft.action is None and action:
                draft.infer_action(action, why)
            drafts.append(draft)
    return sorted(drafts, key=lambda draft: draft.start)


def _fill(text: str, draft: Draft, match: re.Match[str]) -> None:
    after = match.end()
    if draft.service == "kms" and (clause := clause_after(text, after, nearby_clauses(text, after))):
        draft.policy_type, draft.effect = clause.policy_type, clause.effect
        draft.cover(clause.start, clause.end)
    elif match.groupdict().get("bucket"):
        draft.set_resource(Reference(match["bucket"], *match.span("bucket")))
    elif found := _named(text, after):
        draft.set_resource(found)
        after = found.end
        if draft.service == "ecr" and (registry := _details()["registry"].match(text, after)):
            draft.cover(*registry.span())
    limit = _details()["end"].search(text, after, after + 900)
    end = limit.start() if limit else min(len(text), after + 900)
    _address(text, draft, end)
    _action(text, draft, after, end)
    _caller(text, draft, after, end)
    if region := _details()["region"].search(text, after, end):
        draft.region = region["region"]
        draft.places["region"] = region.span("region")


def _address(text: str, draft: Draft, end: int) -> None:
    """The first S3 address of the sentence, where none stood at its usual place."""
    if (
        draft.resource is None
        and draft.service == "s3"
        and (address := _details()["s3"].search(text, draft.start, end))
    ):
        found = token_at(text, address.start())
        if found:
            draft.set_resource(found)


def _action(text: str, draft: Draft, after: int, end: int) -> None:
    """The action that the message asks to allow; it may name more of them, the first is the one that failed."""
    names = list(_details()["names"].finditer(text, after, end))
    if names and (action := action_name.from_match(names[0])):
        draft.set_action(action)
    for name in names:
        draft.cover(*name.span())


def _caller(text: str, draft: Draft, after: int, end: int) -> None:
    details = _details()
    if grant := details["grant"].search(text, after, end):
        draft.set_principal(Reference(grant["service"], *grant.span("service")))
        return
    role = details["role"].search(text, after, end) or _last(
        details["role"], text, max(0, draft.start - 400), draft.start
    )
    if role and (caller := token_at(text, role.end())) and caller.value.strip(".…<> "):
        draft.set_principal(caller)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The last occurrence in the same sentence as ``end``."""
    last = None
    for match in pattern.finditer(text, start, end):
        last = match
    return last if last and not re.search(r"\n[ \t]*\n|\.\s+[A-Z]|\x1e", text[last.end() : end]) else None


def _named(text: str, position: int) -> Reference | None:
    start = position
    while start < len(text) and text[start] in " \t\r\n":
        start += 1
    markdown = re.compile(r"[\"'`]?\[(?P<name>[^\]]{3,600})\]\(http").match(text, start)
    if markdown:
        return joined(text, *markdown.span("name"))
    if not re.compile(
        r"[\"'`]?(?:s3[an]?://|arn:|[\w.-]{2,200}[/:]|\d{12}\.dkr|[\w.-]{3,128}[\"'`]|<[^<>\n]{3,60}>/|[\w.-]{2,128}\s+in\s+registry)"
    ).match(text, start):
        return None
    found = token_at(text, start)
    return found if found and found.value.lower() not in {"null", "none", "undefined"} else None
