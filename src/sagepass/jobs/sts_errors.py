"""Errors of AWS STS that their text alone explains.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors,
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors
and https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
"""

from __future__ import annotations

import re

from sagepass.denial.record import Denial
from sagepass.repair.fix import Applicability, Fix

_ERRORS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        r"1 hour session limit for roles assumed by role chaining",
        "ask for one hour at most: a role's session opens another role",
        (
            (
                "role chaining limits the session to 3600 seconds, whatever MaxSessionDuration of the role says: leave "
                "DurationSeconds out, or set it to 3600 or less"
            ),
            "for longer sessions assume the role with the credentials of an IAM user, or directly from the identity provider",
        ),
    ),
    (
        r"requested DurationSeconds exceeds the MaxSessionDuration",
        "ask for a shorter session, or let the role's owner raise MaxSessionDuration",
        ("aws iam update-role --role-name ROLE --max-session-duration 43200 raises it to at most 12 hours",),
    ),
    (
        r"may not be assumed by root",
        "use an IAM user or a role: the root user cannot call AssumeRole",
        (
            "no policy changes that; sign in as an IAM user, or through IAM Identity Center, and assume the role from there",
            "naming the root ARN in a trust policy means the whole account, not its root user",
        ),
    ),
    (
        r"Incorrect token audience",
        "bring the token's audience and the identity provider in line",
        (
            (
                "the token was issued for an audience (aud) that the identity provider in IAM does not list; trust policies are "
                "not even looked at"
            ),
            "see what it lists: aws iam get-open-id-connect-provider --open-id-connect-provider-arn PROVIDER-ARN",
            (
                "then request the token for one of these (sts.amazonaws.com for GitHub and EKS), or add the audience: aws iam "
                "add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn PROVIDER-ARN --client-id AUDIENCE"
            ),
        ),
    ),
    (
        r"No OpenIDConnect provider found in your account",
        "create the identity provider in the account of the role",
        (
            (
                "the issuer (iss) of the token has no identity provider in that account; the URL must match letter by letter, "
                "without a slash at its end"
            ),
            "aws iam list-open-id-connect-providers shows those there are; aws iam create-open-id-connect-provider makes one",
        ),
    ),
)


def explained(denial: Denial) -> Fix | None:
    """The way out of an error that no policy decides; ``None`` if the text is none of these."""
    for words, title, steps in _ERRORS:
        if re.search(words, denial.text, re.IGNORECASE):
            return Fix(title=title, edits=(), applicability=Applicability.DISPLAY_ONLY, steps=steps)
    return None


def federated_advice(denial: Denial) -> Fix | None:
    """Where to look when a federated identity got no role, and no policies are at hand; the error tells neither of the two.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
    """
    action = (denial.action or denial.action_inferred or "").lower()
    if action not in {"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"}:
        return None
    saml = action.endswith("saml")
    name, provider = ("AssumeRoleWithSAML", "saml-provider") if saml else ("AssumeRoleWithWebIdentity", "oidc-provider")
    claims = (
        "SAML:aud has to be the audience of the assertion, https://signin.aws.amazon.com/saml for the console"
        if saml
        else "PROVIDER:aud and PROVIDER:sub are compared with the token letter by letter, with regard to case; a * needs StringLike. "
        "GitHub's subjects are repo:ORG/REPO:ref:refs/heads/BRANCH, repo:ORG/REPO:environment:NAME or repo:ORG/REPO:pull_request"
    )
    return Fix(
        title="compare the trust policy of the role with the token that was sent",
        edits=(),
        applicability=Applicability.DISPLAY_ONLY,
        steps=(
            (
                f"the trust policy must allow sts:{name} for Federated: the {provider} of the role's own account. Look: aws iam get-role "
                "--role-name ROLE --query Role.AssumeRolePolicyDocument"
            ),
            claims,
            (
                "then ask again with the saved policies: sagepass why ERROR --resource ROLE-ARN --snapshot PATH; the CloudTrail event "
                "of the call tells role and subject by itself"
            ),
        ),
    )
