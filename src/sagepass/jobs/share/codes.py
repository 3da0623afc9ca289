"""The codes of plans."""

from __future__ import annotations

from sagepass.source.finding import CodeDoc

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_LINKS = (
    _GUIDE + "reference_policies_evaluation-logic-cross-account.html",
    _GUIDE + "access_policies-cross-account-resource-access.html",
)
_HOW = (
    "A plan is tried twice: with nothing in the world but its own documents, and, with `--snapshot`, in a copy of the saved "
    "accounts. The party has to get in, and strangers who have everything in their favour but one thing have to stay out. "
    "Every condition is left out in turn; one that keeps nobody out is decoration, and is taken out."
)

CODES: tuple[CodeDoc, ...] = (
    CodeDoc(
        code="SHARE_READY",
        summary="with the plan in place the other party gets in, and nobody else who tried",
        body=_HOW,
        links=_LINKS,
    ),
    CodeDoc(
        code="SHARE_CONDITIONAL",
        summary="the plan holds as far as what was supplied tells",
        body=(
            f"{_HOW}\n\nSomething that could still deny was not supplied: the other account, the organization, or the policy that "
            "stands on a resource. The answer lists it. A policy that was not collected would be replaced by the document of "
            "the plan: collect it first."
        ),
        links=_LINKS,
    ),
    CodeDoc(
        code="SHARE_BLOCKED",
        summary="even with the plan in place the other party is denied",
        body=(
            f"{_HOW}\n\nA guardrail in one of the two accounts stops the party: a service or resource control policy, a permissions "
            "boundary, or a Deny that stands there. The answer names the check and the statement; whoever owns it has to "
            "change it before the plan can work."
        ),
        links=_LINKS,
    ),
    CodeDoc(
        code="SHARE_TOO_OPEN",
        summary="somebody whom the plan does not mean gets in as well",
        body=(
            f"{_HOW}\n\nThe documents of the plan keep this stranger out; a statement that stands on the resource already lets it in. "
            "The answer names the statement. Narrow it, or share with all whom it lets in."
        ),
        links=_LINKS,
    ),
)
