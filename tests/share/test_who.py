"""Whom something is shared with, as people write it."""

from __future__ import annotations

import pytest
from tests.share.asked import OIDC, OTHER, POOL, ROLE, SAML, UNIT_PATH

from sagepass.jobs.share.party import PartyKind
from sagepass.jobs.share.who import WhoError, read_who, require_claim, require_external_id

SPELLINGS = [
    (f"account:{OTHER}", PartyKind.ACCOUNT, OTHER, OTHER),
    (OTHER, PartyKind.ACCOUNT, OTHER, OTHER),
    (f"arn:aws:iam::{OTHER}:root", PartyKind.ACCOUNT, OTHER, OTHER),
    (f"principal:{ROLE}", PartyKind.PRINCIPAL, ROLE, OTHER),
    (ROLE, PartyKind.PRINCIPAL, ROLE, OTHER),
    (f"third-party:{OTHER}", PartyKind.THIRD_PARTY, OTHER, OTHER),
    ("org", PartyKind.ORGANIZATION, "", None),
    ("org:o-a1b2c3d4e5", PartyKind.ORGANIZATION, "o-a1b2c3d4e5", None),
    ("o-a1b2c3d4e5", PartyKind.ORGANIZATION, "o-a1b2c3d4e5", None),
    ("arn:aws:organizations::999988887777:organization/o-a1b2c3d4e5", PartyKind.ORGANIZATION, "o-a1b2c3d4e5", None),
    ("ou:ou-ab12-11112222", PartyKind.UNIT, "ou-ab12-11112222", None),
    ("ou-ab12-11112222", PartyKind.UNIT, "ou-ab12-11112222", None),
    ("arn:aws:organizations::999988887777:ou/o-a1b2c3d4e5/ou-ab12-11112222", PartyKind.UNIT, "ou-ab12-11112222", None),
    (UNIT_PATH, PartyKind.UNIT, UNIT_PATH, None),
    (SAML, PartyKind.SAML, SAML, None),
    (f"oidc:{OIDC}", PartyKind.OIDC, OIDC, None),
    (f"sso:DataScientist@{OTHER}", PartyKind.SSO, "DataScientist", OTHER),
    (f"DataScientist@{OTHER}", PartyKind.SSO, "DataScientist", OTHER),
    (
        f"arn:aws:iam::{OTHER}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_DataScientist_0123456789abcdef",
        PartyKind.SSO,
        "DataScientist",
        OTHER,
    ),
    (f"cognito:{POOL}", PartyKind.COGNITO, POOL, None),
    ("service:sagemaker.amazonaws.com", PartyKind.SERVICE, "sagemaker.amazonaws.com", None),
    ("sagemaker.amazonaws.com", PartyKind.SERVICE, "sagemaker.amazonaws.com", None),
]


@pytest.mark.parametrize(("text", "kind", "value", "account"), SPELLINGS, ids=[row[0] for row in SPELLINGS])
def test_spellings(text: str, kind: PartyKind, value: str, account: str | None) -> None:
    """Every party can be written with its kind, and plainly where it cannot be mistaken."""
    party = read_who(text)
    assert (party.kind, party.value, party.account) == (kind, value, account)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "everybody",
        "*",
        "account:44445555666",
        "third-party:acme",
        "org:o-short",
        "ou:r-ab12",
        "saml:Okta",
        "oidc:https://token.actions.githubusercontent.com",
        "sso:DataScientist",
        "cognito:us-east-1_AbCdEfGhI",
        "service:sagemaker",
        f"arn:aws:iam::{OTHER}:role/*",
        f"arn:aws:iam::{OTHER}:user/${{aws:username}}",
        f"arn:aws:iam::{OTHER}:group/team",
        "arn:aws:s3:::bucket",
        "x" * 5000,
    ],
)
def test_nobody(text: str) -> None:
    """What names nobody is refused, with what can be written instead."""
    with pytest.raises(WhoError) as caught:
        read_who(text)
    assert caught.value.remedy


@pytest.mark.parametrize("value", ["*", "**?", "", "a\nb", "\x1b[31m", "x" * 3000, "repo:${aws:username}"])
def test_claims_that_single_nobody_out(value: str) -> None:
    """A bare wildcard, a control character or a policy variable is no subject."""
    with pytest.raises(WhoError):
        require_claim("subject", value)


@pytest.mark.parametrize("value", ["x", "with blank", "${aws:userid}", "ä", "x" * 1225])
def test_external_ids_that_sts_refuses(value: str) -> None:
    """The form of AssumeRole's ExternalId."""
    with pytest.raises(WhoError):
        require_external_id(value)
    assert require_external_id("Unique+ID=7,a.b@c:d/e-f") == "Unique+ID=7,a.b@c:d/e-f"
