"""Errors that are not about permissions: recognised, and what to do instead."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from sagepass.denial.draft import Draft
from sagepass.denial.error_code import other_codes, other_error
from sagepass.denial.outside_aws import PHRASES
from sagepass.denial.record import DenialKind, OtherError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagepass.denial.record import Denial

_PHRASES: Final[tuple[tuple[OtherError, str, str], ...]] = (
    (OtherError.CLOCK_SKEW, "signature large", r"Signature\s+(?:expired|not\s+yet\s+current):|request\s+time\s+and\s+the\s+current\s+time\s+is\s+too\s+large"),
    (OtherError.SIGNATURE, "signature", r"request\s+signature\s+we\s+calculated\s+does\s+not\s+match"),
    (OtherError.EXPIRED_TOKEN, "expired session", (r"security\s+token\s+included\s+in\s+the\s+request\s+is\s+expired|(?:provided\s+)?token\s+has\s+expired"
     r"|(?:SSO|session)\s+(?:session|token)[\w\s]{0,60}\s+(?:has\s+)?expired|authorization\s+token\s+has\s+expired|\bRequest\s+has\s+expired|Session\s+token\s+not\s+found\s+or\s+invalid|credentials\s+(?:received\s+)?have\s+(?:been\s+)?expired")),
    (OtherError.INVALID_CREDENTIALS, "multifactorauthentication security provided", (r"MultiFactorAuthentication\s+failed|security\s+token\s+included\s+in\s+the\s+request\s+is\s+invalid|Access\s+Key\s+Id\s+you\s+provided\s+does\s+not\s+exist"
     r"|not\s+able\s+to\s+validate\s+the\s+provided\s+access\s+credentials")),
    (OtherError.MISSING_CREDENTIALS, "credential imds providers authentication profile", (r"Unable\s+to\s+locate\s+credentials|Could\s+not\s+load\s+credentials\s+from\s+any\s+providers|no\s+(?:valid\s+)?(?:EC2\s+IMDS\s+role|providers\s+in\s+chain|credential\s+sources)"
     r"|no\s+basic\s+auth\s+credentials|no\s+credentials\s+(?:have\s+been\s+)?(?:configured|found)|Missing\s+Authentication\s+Token|Unable\s+to\s+load\s+(?:AWS\s+)?credentials|The\s+config\s+profile\s+\(.{1,80}\)\s+could\s+not\s+be\s+found")),
    (OtherError.OUTSIDE_AWS, "errno (os eacces permission huggingface gated w&b forbidden logged", PHRASES),
    (OtherError.RESOURCE_STATE, "pending disabled", r"is\s+pending\s+(?:deletion|import|replica\s+deletion)\b|\bkey/[\w-]{1,60}[\"'`]?\s+is\s+disabled\b"),
    (OtherError.THROTTLING, "exceeded requests", r"Rate\s+exceeded|Too\s+many\s+requests|rate\s+limit\s+exceeded"),
    (OtherError.REGION_NOT_ENABLED, "enabled disabled subscribed activated", r"(?:region|Region)\s+\S{0,30}\s*is\s+(?:not\s+enabled|disabled)|not\s+subscribed\s+to\s+this\s+service|STS\s+is\s+not\s+activated\s+in\s+this\s+region"),
    (OtherError.QUOTA, "limit quota capacity", r"service\s+limit\s+'|Cannot\s+exceed\s+quota|exceeded\s+(?:the\s+)?(?:\w+\s+){0,3}(?:quota|limit)|Insufficient\s+capacity|CapacityError|quota\s+(?:has\s+been\s+)?exceeded"),
    (OtherError.NETWORK, "connect time known getaddrinfo retries host resolution certificate route", (r"Could\s+not\s+connect\s+to\s+the\s+endpoint\s+URL|(?:Connect|Read|Connection)\s+time(?:d\s+)?out|Name\s+or\s+service\s+not\s+known|getaddrinfo|Max\s+retries\s+exceeded\s+with\s+url"
     r"|Connection\s+(?:refused|reset|was\s+closed)|no\s+such\s+host|i/o\s+timeout|Temporary\s+failure\s+in\s+name\s+resolution|certificate\s+verify\s+failed|route\s+table\s+has\s+a\s+route\s+to")),
    (OtherError.NOT_FOUND, "found find exist", (r"(?:Resource|Endpoint|Role|Model|Record|Image)\s+Not\s+Found|Could\s+not\s+find\s+\w+|couldn't\s+find\s+resource|does\s+not\s+exist\b|was\s+not\s+found\b|cannot\s+be\s+found\b"
     r"|RecordNotFound|can't\s+find\s+an?\s+\w+|Not\s+Found\b|Cannot\s+find\b|specified\s+(?:bucket|key)\s+does\s+not\s+exist|No\s+launch\s+paths\s+found")),
    (OtherError.CONFLICT, "already use conflicting", r"cannot\s+be\s+configured\s+to\s+use\s+as\s+it\s+is\s+not\s+owned\s+by\s+Account|already\s+exists\b|is\s+in\s+use\b|conflicting\s+conditional\s+operation|Cannot\s+create\s+already\s+existing"),
    (OtherError.VALIDATION, "valid constraint sequence role region required malformed subscribed", (r"validation\s+errors?\s+detected|failed\s+to\s+satisfy\s+constraint|Parameter\s+validation\s+failed|illegal\s+char\s+sub-sequence|is\s+not\s+a\s+role:"
     r"|You\s+must\s+specify\s+a\s+region|Missing\s+required\s+(?:parameter|key)|Invalid\s+(?:parameter|value|request)|is\s+required\s+in\s+AuthnResponse|is\s+malformed\b|not\s+subscribed\s+to\s+the\s+marketplace|current\s+AWS\s+identity\s+is\s+not\s+a\s+role")),
    (OtherError.INTERNAL, "internal unavailable", r"encountered\s+an\s+internal\s+error|internal\s+server\s+error|Service\s+Unavailable"),
)  # fmt: skip
_MISNAMED: Final[tuple[tuple[OtherError, str], ...]] = (
    (
        OtherError.EXPIRED_TOKEN,
        r"Session\s+token\s+not\s+found\s+or\s+invalid|\bRequest\s+has\s+expired|token\s+has\s+expired",
    ),
    (OtherError.INVALID_CREDENTIALS, r"MultiFactorAuthentication\s+failed"),
    (OtherError.MISSING_CREDENTIALS, r"no\s+basic\s+auth"),
)
"""Ended sessions, used-up addresses and wrong MFA codes that come under a code of refusal."""
ERROR_WORDS: Final = (
    r"error|exception|fail(?:ed|ure|s)?\b|denied|refused|forbidden|traceback|fatal|undefined|unable\s+to|can(?:not|'t)|could\s+not|couldn't"
    r"|invalid|not\s+(?:authori[sz]ed|permitted|allowed)|unauthori[sz]ed|timed\s+out|expired|rejected"
)

_NEXT_STEPS: Final = {
    OtherError.THROTTLING: (
        "Too many requests in a short time: retry with exponential backoff, or ask for a higher request rate in Service Quotas."
    ),
    OtherError.EXPIRED_TOKEN: (
        "The session has ended: sign in again (for example `aws sso login`) or fetch new temporary credentials, then repeat the call."
    ),
    OtherError.INVALID_CREDENTIALS: (
        "AWS does not know these credentials: check with `aws sts get-caller-identity` which ones are used, in which partition and Region, and replace them."
    ),
    OtherError.MISSING_CREDENTIALS: (
        "No credentials were found: sign in, set a profile, or attach a role to the machine that makes the call."
    ),
    OtherError.SIGNATURE: (
        "The request was signed with a wrong key or changed on its way: check the secret key, the Region and any proxy."
    ),
    OtherError.CLOCK_SKEW: ("The clock of the calling machine is wrong: set it by NTP and repeat the call."),
    OtherError.QUOTA: (
        "A quota or the capacity is used up: ask for more in Service Quotas, or use another instance type, Availability Zone or Region."
    ),
    OtherError.NOT_FOUND: (
        "AWS found no such resource: check name, Region and account; many calls take a name and so always mean the caller's own account."
    ),
    OtherError.NETWORK: (
        "The call did not reach AWS: check the Region, name resolution, route, proxy, security group and VPC endpoint."
    ),
    OtherError.REGION_NOT_ENABLED: (
        "The Region or service is not enabled for this account: enable it on the account's Regions page, or use another Region."
    ),
    OtherError.VALIDATION: ("The request itself is not valid: correct the parameter that the message names."),
    OtherError.CONFLICT: (
        "The resource exists already or is being changed: choose another name, or wait until it is ready and repeat the call."
    ),
    OtherError.RESOURCE_STATE: (
        "The resource exists but cannot be used in its present state: its owner must enable or restore it (a KMS key: `aws kms enable-key`, or `aws kms cancel-key-deletion` and then `enable-key`)."
    ),
    OtherError.OUTSIDE_AWS: (
        "AWS did not refuse this: look at the file permissions, the container, the account at the other provider or the cluster's own roles, whichever the text names."
    ),
    OtherError.INTERNAL: (
        "AWS or the container failed: repeat the call, read the job's logs, and look at the AWS Health Dashboard."
    ),
    OtherError.OTHER: (
        "The text shows an error but not its cause: look for the full message in the browser's network view, the logs or CloudTrail."
    ),
}


@cache
def _phrases() -> tuple[tuple[OtherError, tuple[str, ...], re.Pattern[str]], ...]:
    return tuple((reason, tuple(signs.split()), re.compile(words, re.IGNORECASE)) for reason, signs, words in _PHRASES)


def _phrases_for(text: str) -> Iterator[tuple[OtherError, re.Pattern[str]]]:
    """The phrases of which ``text`` holds one of the words."""
    lowered = text.lower()
    return ((reason, pattern) for reason, signs, pattern in _phrases() if any(sign in lowered for sign in signs))


@cache
def _any_code() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/$-])(?:Client\.|Server\.|KMS\.)?(?:{other_codes()})(?![\w/-])")


def reason_for(code: str | None, message: str) -> OtherError | None:
    """What an error that is no refusal means; the words of the message settle what a general code leaves open."""
    by_code = other_error(code) if code else None
    if by_code not in {
        None,
        OtherError.VALIDATION,
        OtherError.SIGNATURE,
        OtherError.INTERNAL,
        OtherError.INVALID_CREDENTIALS,
    }:
        return by_code
    by_words = next((reason for reason, pattern in _phrases_for(message) if pattern.search(message)), None)
    if by_code is OtherError.SIGNATURE:
        return OtherError.CLOCK_SKEW if by_words is OtherError.CLOCK_SKEW else by_code
    if by_code is OtherError.INVALID_CREDENTIALS:
        return by_code if by_words in {None, OtherError.NOT_FOUND, OtherError.VALIDATION} else by_words
    return by_words or by_code


def misnamed(message: str) -> OtherError | None:
    """What a message means that comes under a code of refusal and tells of none."""
    return next((reason for reason, words in _MISNAMED if re.search(words, message, re.IGNORECASE)), None)


def read_other_errors(text: str, start: int, end: int) -> list[Draft]:
    """Errors that are not refusals, found by a code or a phrase alone between two offsets."""
    drafts: list[Draft] = []
    for match in _any_code().finditer(text, start, end):
        line_end = text.find("\n", match.end())
        message = text[match.end() : line_end if 0 <= line_end < match.end() + 400 else match.end() + 400]
        reason = reason_for(match.group(), message)
        if reason:
            drafts.append(_draft(match, reason, code=match.group()))
    for reason, pattern in _phrases_for(text[start:end]):
        drafts.extend(_draft(match, reason) for match in pattern.finditer(text, start, end))
    return sorted(drafts, key=lambda draft: (draft.start, -draft.end))


def _draft(match: re.Match[str], reason: OtherError, code: str | None = None) -> Draft:
    return Draft(
        kind=DenialKind.NOT_A_DENIAL,
        start=match.start(),
        end=match.end(),
        settled=False,
        reason=reason,
        error_code=code,
    )


def any_error(text: str) -> Draft | None:
    """The first sign of any error at all, for texts in which nothing was recognised."""
    match = re.compile(ERROR_WORDS, re.IGNORECASE).search(text)
    return _draft(match, OtherError.OTHER) if match else None


def next_step(denial: Denial) -> str | None:
    """What to do instead about an error that is not a permission problem.

    Returns:
        A plain sentence, or ``None`` for a denial, whose remedy is a policy.
    """
    if denial.reason is None:
        return None
    return _NEXT_STEPS[denial.reason]
