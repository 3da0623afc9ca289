"""What to know about a plan, and what no trial of it looked at."""

from __future__ import annotations

from collections.abc import Sequence

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.approaches import member_account
from sagepass.jobs.share.party import PartyKind, issuer
from sagepass.jobs.share.plan import Plan

_MADE_UP = (
    "; it is made up here: if the third party gives you one (AWS recommends that it does), pass that with --external-id; else "
    "give it this one and pass it again, because the next run makes up another"
)


def notes_for(plan: Plan) -> tuple[str, ...]:
    """What the people on both sides should know."""
    found = list(plan.subject.row.notes) if plan.mechanism is not Mechanism.ROLE else []
    found += _about_party(plan)
    if plan.party.session_tags:
        found.append(
            "session tags are sent: without sts:TagSession in the trust policy the whole AssumeRole call fails"
        )
    if plan.party.source_identity:
        found.append(
            "a source identity is set: without sts:SetSourceIdentity in the trust policy the whole AssumeRole call fails"
        )
    found += [
        f"{action} changes who else gets in: whoever has it can share further"
        for action in plan.actions
        if action.endswith("Policy") and not action.startswith("sagemaker:Get")
    ]
    if "sagemaker:CreateModel" in plan.actions and plan.subject.version is None:
        found.append(
            "artifacts of later versions that lie elsewhere, or under another key, need the same statements again"
        )
    return tuple(found)


def _about_party(plan: Plan) -> list[str]:
    party = plan.party
    match party.kind:
        case PartyKind.THIRD_PARTY:
            return [
                f"external id: {party.external_id}, which the third party sends with every AssumeRole"
                + (_MADE_UP if party.id_made_up else ""),
                (
                    "why an external id: the third party acts for many customers with one identity; whoever knows your role's ARN could "
                    "have it act on your account (the confused deputy), and cannot once the role asks for an id that belongs to you"
                ),
            ]
        case PartyKind.ACCOUNT:
            return [f"account {party.account} decides on its own side which of its users and roles use this"]
        case PartyKind.ORGANIZATION | PartyKind.UNIT:
            stands = (
                []
                if plan.member
                else [f"account {member_account(plan)} is made up; it stands for any account that is meant"]
            )
            return ["accounts that join later get in as well, and those that leave lose it at once", *stands]
        case PartyKind.SAML:
            return ["every user whom the provider sends with this role gets in: who that is, the provider decides"]
        case PartyKind.OIDC:
            return [_oidc_note(plan)]
        case PartyKind.SSO:
            return [
                "the names of these roles end in 16 characters that change when the permission set is made anew, so they are counted, not spelled"
            ]
        case PartyKind.COGNITO:
            return ["set the role as the authenticated role of the identity pool; guests stay out"]
        case PartyKind.SERVICE:
            return [
                f"{party.value} sends aws:SourceAccount and aws:SourceArn only for calls it makes on somebody's behalf; people cannot assume this role"
            ]
        case PartyKind.PRINCIPAL:
            return []


def _oidc_note(plan: Plan) -> str:
    subject = plan.party.subject or ""
    wide = ", and the pattern takes in every value that it matches" if set(subject) & set("*?") else ""
    return f"{issuer(plan.party.value)} decides which tokens carry this subject{wide}"


def not_checked_for(plan: Plan, not_tried: Sequence[str]) -> tuple[str, ...]:
    """What the trials do not tell."""
    found = [f"{action} takes no resource, so no request tells whose resources it is about" for action in not_tried]
    found += list(plan.subject.row.open) if plan.mechanism is not Mechanism.ROLE else []
    if plan.mechanism is Mechanism.RAM:
        found.append("the policy that AWS RAM makes is modelled on AWS's description of the managed permission")
    if plan.party.kind is PartyKind.SERVICE:
        found.append(
            "which features send aws:SourceArn, and in which form, differs: inference and Studio send only arn:aws:sagemaker:REGION:ACCOUNT:*"
        )
    if plan.party.kind in {PartyKind.ORGANIZATION, PartyKind.UNIT} and any(
        ":s3:" in g.resource for p in plan.pieces for g in p.grants
    ):
        found.append(
            "whether S3 Block Public Access takes a bucket policy for everyone (*), narrowed to an organization, for public"
        )
    found.append("networks, quotas and settings inside SageMaker; nothing was changed in AWS")
    return tuple(found)
