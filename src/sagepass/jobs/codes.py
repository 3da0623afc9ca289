"""The codes of verdicts, checks and effects."""

from __future__ import annotations

from sagepass.denial.other_errors import next_step
from sagepass.denial.record import Denial, DenialKind, OtherError
from sagepass.policy.kinds import CheckType, Effect
from sagepass.source.finding import CodeDoc
from sagepass.source.text import Span

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_LOGIC = _GUIDE + "reference_policies_evaluation-logic.html"
_MESSAGES = _GUIDE + "troubleshoot_access-denied.html"
_ORGANIZATIONS = "https://docs.aws.amazon.com/organizations/latest/userguide/"

_CHECKS: tuple[tuple[CheckType, str, str, str, tuple[str, ...]], ...] = (
    (
        CheckType.RESOURCE_CONTROL_POLICY,
        "resource control policies",
        (
            "Resource control policies (RCPs) limit what may be done to the resources of an account, by anyone, in the services "
            "that support them. They never grant. AWS attaches `RCPFullAWSAccess` everywhere, so an RCP normally stops a request "
            "through a Deny. The management account's resources are exempt."
        ),
        "Only an administrator of the organization of the resource's account can change them.",
        (_ORGANIZATIONS + "orgs_manage_policies_rcps.html",),
    ),
    (
        CheckType.SERVICE_CONTROL_POLICY,
        "service control policies",
        (
            "Service control policies (SCPs) limit what the principals of an account may do, the root user included. They never "
            "grant. The request must be allowed on every level from the root of the organization down to the account, and be "
            "denied on none. Principals of the management account and service-linked roles are exempt."
        ),
        "Only an administrator of the organization of the caller's account can change them.",
        (_ORGANIZATIONS + "orgs_manage_policies_scps_evaluation.html",),
    ),
    (
        CheckType.VPC_ENDPOINT,
        "the VPC endpoint policy",
        (
            "A request that goes through a VPC endpoint must be allowed by the policy of that endpoint too. The default policy "
            "allows everything. In a VPC-only Studio domain, or a job with network isolation, requests take such endpoints."
        ),
        "The owner of the VPC changes it; the caller's own policies have no say.",
        ("https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",),
    ),
    (
        CheckType.RESOURCE,
        "the resource-based policy",
        (
            "The policy that is attached to the resource: a bucket policy, the key policy and grants of a KMS key, a repository "
            "policy, the policy of a model package group, the trust policy of a role. Within one account it can grant by itself. "
            "For a caller of another account it must grant, and the caller's own policies must as well. Roles and KMS keys always "
            "need it."
        ),
        "An administrator of the account that owns the resource changes it.",
        (
            _GUIDE + "access_policies_identity-vs-resource.html",
            _GUIDE + "reference_policies_evaluation-logic-cross-account.html",
        ),
    ),
    (
        CheckType.PRINCIPAL,
        "identity-based policies",
        (
            "The policies of the user (with those of the user's groups) or of the role. Within one account at least one Allow must "
            "stand here or in the policy of the resource. In SageMaker Studio and in jobs the caller is the execution role, not "
            "the person: a grant to the person changes nothing."
        ),
        (
            "An administrator of the caller's account changes them. Roles named `AWSReservedSSO_...` are changed through their "
            "permission set."
        ),
        (_GUIDE + "access_policies.html#policies_id-based", _LOGIC),
    ),
    (
        CheckType.PERMISSIONS_BOUNDARY,
        "the permissions boundary",
        (
            "A permissions boundary is the most that the identity-based policies of a user or role can grant. It never grants by "
            "itself: a request needs an Allow in both."
        ),
        "Whoever manages the boundary in the caller's account changes it; often that is not the one who manages the role.",
        (_GUIDE + "access_policies_boundaries.html",),
    ),
    (
        CheckType.SESSION,
        "session policies",
        (
            "Session policies are given when a temporary session is made (AssumeRole, GetFederationToken, some integrations). They "
            "are the most that the session can do. A federated user without one has only what a resource's policy gives the session."
        ),
        "They cannot be changed later: the program that makes the session must pass another one.",
        (_GUIDE + "access_policies.html#policies_session",),
    ),
)

_IMPLICIT = (
    "An implicit deny means that an Allow was required here and none matched: nothing forbids the request, nothing permits it. "
    "Look at the nearest statement in the answer: the element under the caret is what kept it from matching."
)
_EXPLICIT = (
    "An explicit deny means that a Deny statement matched. No Allow, wherever it stands, can outweigh it: either the statement "
    "gets an exception, or the request is made so that the statement does not match."
)

_EFFECTS: tuple[tuple[Effect, str, str], ...] = (
    (Effect.ALLOW, "the check lets the request pass", "A statement that grants matched, and none that denies."),
    (
        Effect.NO_IMPACT,
        "the check has no say in this request",
        "There is no such policy, or it was silent and another check was enough.",
    ),
    (Effect.IMPLICIT_DENY, "an Allow was required and none matched", _IMPLICIT),
    (Effect.EXPLICIT_DENY, "a Deny statement matched", _EXPLICIT),
    (
        Effect.UNKNOWN,
        "what was supplied does not settle it",
        (
            "A policy that could matter was not supplied, a condition key has no known value, or a statement is malformed. An open "
            "question is never counted as an Allow. The answer names what would settle it, with the command that supplies it."
        ),
    ),
)

_VERDICTS = (
    CodeDoc(
        code="ACCESS_DENIED",
        summary="AWS denied the request, and the text does not say which policy did",
        body=(
            "The error names no type of policy, so from the text alone the cause stays open.\n\n"
            "Give the saved policies of the account with `--snapshot` to have every check decided."
        ),
        links=(_MESSAGES,),
    ),
    CodeDoc(
        code="ALLOWED",
        summary="the request is allowed",
        body="Every check that had to allow the request does, and none denies it.",
        links=(_LOGIC,),
    ),
    CodeDoc(
        code="ALLOWED_NOW",
        summary="the saved policies allow what AWS denied",
        body=(
            "The error says denied, the snapshot says allowed. The usual reasons: a policy was changed after the error or before "
            "the snapshot, the change had not reached all of AWS yet, the call was made by another principal or in another "
            "Region than it seems, or a session was made with session policies.\n\n"
            "Repeat the call. If it is denied again, check with `aws sts get-caller-identity` who really calls."
        ),
        links=(_GUIDE + "troubleshoot.html#troubleshoot_general_eventual-consistency",),
    ),
    CodeDoc(
        code="CANNOT_DETERMINE",
        summary="what was supplied does not settle whether the request is allowed",
        body=(
            "Nothing that was supplied denies the request for certain, and something that could is missing. The answer lists "
            "what it depends on; supply that and ask again. `sagepass snapshot check` lists everything a snapshot lacks."
        ),
        links=(_LOGIC,),
    ),
    CodeDoc(
        code="NOT_A_DENIAL",
        summary="the error is not about permissions",
        body="No policy caused this error, so no change of a policy repairs it.",
    ),
)

_WHO_CAN = "IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html"
_CERTAINTIES = (
    CodeDoc(
        code="CERTAIN",
        summary="who-can: the holder can, for certain",
        body="Every step is allowed by the saved policies, whatever else the request carries.",
        links=(_LOGIC,),
    ),
    CodeDoc(
        code="THEIR_SIDE",
        summary="who-can: let in from this side; the rest is up to the holder's own account",
        body=(
            "The policy of the resource, or the trust policy of a role, lets somebody of another account in, and the snapshot does "
            "not hold that account. Its administrators decide who of its principals uses that: from here it counts as access."
        ),
        links=(f"https://docs.aws.amazon.com/{_WHO_CAN}",),
    ),
    CodeDoc(
        code="CONDITIONAL",
        summary="who-can: the holder can under conditions",
        body=(
            "Nothing denies it for certain, and it depends on the request (an external id, MFA, a network, a tag), or on a policy "
            "that was not supplied. The answer names each condition; all of them have to hold.\n\n"
            "Give what is known with `--context KEY=VALUE` to have it settled."
        ),
        links=(_LOGIC,),
    ),
    CodeDoc(
        code="NOBODY",
        summary="who-can: nobody in the snapshot can, and nobody from outside is let in",
        body="Everybody who was asked is denied for certain. What was not looked at stands with the answer.",
        links=(_LOGIC,),
    ),
)


def _pages() -> tuple[CodeDoc, ...]:
    pages = [*_VERDICTS, *_CERTAINTIES]
    for check, name, meaning, owner, links in _CHECKS:
        pages.append(
            CodeDoc(code=check.value, summary=f"the check of {name}", body=f"{meaning}\n\n{owner}", links=links)
        )
        denies = (
            (Effect.IMPLICIT_DENY, f"{name}: no statement allows the request", _IMPLICIT),
            (Effect.EXPLICIT_DENY, f"{name}: a statement denies the request", _EXPLICIT),
        )
        for effect, summary, what in denies:
            body = f"{what}\n\n{meaning}\n\n{owner}"
            pages.append(CodeDoc(code=f"{check}_{effect}", summary=summary, body=body, links=(*links, _MESSAGES)))
    pages += [CodeDoc(code=effect.value, summary=words, body=body, links=(_LOGIC,)) for effect, words, body in _EFFECTS]
    pages += [_other(reason) for reason in OtherError]
    return tuple(pages)


def _other(reason: OtherError) -> CodeDoc:
    step = next_step(Denial(kind=DenialKind.NOT_A_DENIAL, text="", span=Span(0, 0), reason=reason)) or ""
    words = reason.value.replace("_", " ")
    return CodeDoc(
        code=f"NOT_A_DENIAL_{reason.name}",
        summary=f"not a permission problem: {words}",
        body=f"No policy caused this error, so no change of a policy repairs it.\n\n{step}",
    )


CODES: tuple[CodeDoc, ...] = _pages()
