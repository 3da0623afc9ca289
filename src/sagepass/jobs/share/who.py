"""Whom something is shared with: an account, a principal in it, a vendor, an organization, federated users, a service.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html,
https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html (forms of the ids) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html
"""

from __future__ import annotations

import re

from sagepass.jobs.share.party import Party, PartyKind, issuer
from sagepass.policy.arn import Arn, is_account_id, parse_arn
from sagepass.policy.caller import CallerKind, parse_caller

_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
_UNIT = re.compile(r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}")
_PATH = re.compile(r"(o-[a-z0-9]{10,32})/(r-[a-z0-9]{4,32})((?:/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})+)/?")
_PERMISSION_SET = re.compile(r"[A-Za-z0-9_+=,.@-]{1,32}")
_POOL = re.compile(r"[a-z]{2}(?:-[a-z]+){1,2}-\d:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}")
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (ExternalId)"""
_LONGEST = 2048
"""Characters of the longest WHO, subject or audience."""


class WhoError(ValueError):
    """The text names nobody that something can be shared with; ``remedy`` says what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def read_who(text: str) -> Party:
    """Read a party as people write it, without the options that belong to it.

    Accepts ``account:444455556666``, ``third-party:444455556666``, ``org``, ``org:o-…``, ``ou:ou-…``, ``ou:o-…/r-…/ou-…``,
    ``saml:ARN``, ``oidc:ARN``, ``sso:PERMISSION-SET@ACCOUNT``, ``cognito:POOL-ID``, ``service:NAME``, and the bare
    spellings of those that cannot be mistaken: 12 digits, an ARN, ``o-…``, ``ou-…``, a service principal.

    Raises:
        WhoError: it is none of these.
    """
    if len(text) > _LONGEST:
        raise WhoError("--with is longer than any name in AWS", _ACCEPTED)
    kind, colon, value = text.partition(":")
    if not colon or kind == "arn" or kind not in set(PartyKind):
        return _bare(text)
    return _READERS[PartyKind(kind)](value)


_ACCEPTED = (
    "write account:ID, an ARN, third-party:ID, org, ou:ou-…, saml:ARN, oidc:ARN, sso:PERMISSION-SET@ID, "
    "cognito:POOL-ID or service:NAME"
)


def _bare(text: str) -> Party:
    if text == "org":
        return Party(kind=PartyKind.ORGANIZATION, value="")
    if is_account_id(text):
        return _account(text)
    if _ORGANIZATION.fullmatch(text):
        return _organization(text)
    if text.startswith("ou-") or _PATH.fullmatch(text):
        return _unit(text)
    arn = parse_arn(text)
    if arn is not None:
        return _of_arn(text, arn)
    if "@" in text and is_account_id(text.rpartition("@")[2]):
        return _sso(text)
    if _POOL.fullmatch(text):
        return _cognito(text)
    try:
        return _service(text)
    except WhoError:
        raise WhoError(f"--with {text!r} names nobody that something can be shared with", _ACCEPTED) from None


def _of_arn(text: str, arn: Arn) -> Party:
    if arn.service == "iam" and arn.resource.startswith("saml-provider/"):
        return _saml(text)
    if arn.service == "iam" and arn.resource.startswith("oidc-provider/"):
        return _oidc(text)
    if arn.service == "organizations":
        return _of_organizations(text, arn)
    return _principal(text)


def _of_organizations(text: str, arn: Arn) -> Party:
    kind, _, rest = arn.resource.partition("/")
    if kind == "organization":
        return _organization(rest)
    if kind == "ou":
        return _unit(rest.rpartition("/")[2])
    raise WhoError(f"--with {text!r} is neither an organization nor a unit", "write org:o-… or ou:ou-…")


def _account(value: str) -> Party:
    return Party(kind=PartyKind.ACCOUNT, value=_id(value), account=value)


def _third_party(value: str) -> Party:
    return Party(kind=PartyKind.THIRD_PARTY, value=_id(value), account=value)


def _id(value: str) -> str:
    if not is_account_id(value):
        raise WhoError(f"{value!r} is no account id", "an account id has 12 digits")
    return value


def _principal(value: str) -> Party:
    try:
        caller = parse_caller(value)
    except ValueError as error:
        raise WhoError(f"--with {value!r} is no principal", _ACCEPTED) from error
    if caller.kind is CallerKind.ROOT and caller.account:
        return _account(caller.account)
    if caller.kind not in {CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION} or not caller.account:
        raise WhoError(f"--with {value!r} is no user, role or role session", _ACCEPTED)
    if set(value) & set("*?$"):
        raise WhoError(
            f"--with {value!r} holds a wildcard, which a Principal element does not take",
            "name one principal, or account:ID",
        )
    if caller.sso_permission_set:
        return Party(kind=PartyKind.SSO, value=caller.sso_permission_set, account=caller.account)
    return Party(kind=PartyKind.PRINCIPAL, value=value, account=caller.account)


def _organization(value: str) -> Party:
    if value and not _ORGANIZATION.fullmatch(value):
        raise WhoError(f"{value!r} is no organization id", "an organization id looks like o-a1b2c3d4e5")
    return Party(kind=PartyKind.ORGANIZATION, value=value)


def _unit(value: str) -> Party:
    if not _UNIT.fullmatch(value) and not _PATH.fullmatch(value):
        raise WhoError(
            f"{value!r} is no organizational unit",
            "write ou:ou-ab12-11112222, or its path ou:o-a1b2c3d4e5/r-ab12/ou-ab12-11112222",
        )
    return Party(kind=PartyKind.UNIT, value=value)


def _saml(value: str) -> Party:
    arn = parse_arn(value)
    if arn is None or arn.service != "iam" or not arn.resource.startswith("saml-provider/"):
        raise WhoError(
            f"{value!r} is no SAML provider",
            "give its ARN, for example saml:arn:aws:iam::123456789012:saml-provider/Okta",
        )
    return Party(kind=PartyKind.SAML, value=value)


def _oidc(value: str) -> Party:
    arn = parse_arn(value)
    if arn is None or arn.service != "iam" or not issuer(value):
        raise WhoError(
            f"{value!r} is no OIDC provider",
            "give its ARN, for example oidc:arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        )
    return Party(kind=PartyKind.OIDC, value=value)


def _sso(value: str) -> Party:
    name, _, account = value.rpartition("@")
    if not _PERMISSION_SET.fullmatch(name) or not is_account_id(account):
        raise WhoError(f"{value!r} is no permission set of an account", "write sso:PERMISSION-SET@444455556666")
    return Party(kind=PartyKind.SSO, value=name, account=account)


def _cognito(value: str) -> Party:
    if not _POOL.fullmatch(value):
        raise WhoError(
            f"{value!r} is no identity pool",
            "write cognito:us-east-1:11111111-2222-3333-4444-555555555555 (not a user pool)",
        )
    return Party(kind=PartyKind.COGNITO, value=value)


def _service(value: str) -> Party:
    try:
        caller = parse_caller(value)
    except ValueError:
        caller = None
    if caller is None or caller.kind is not CallerKind.SERVICE:
        raise WhoError(f"{value!r} is no service principal", "write for example service:sagemaker.amazonaws.com")
    return Party(kind=PartyKind.SERVICE, value=value)


_READERS = {
    PartyKind.ACCOUNT: _account,
    PartyKind.PRINCIPAL: _principal,
    PartyKind.THIRD_PARTY: _third_party,
    PartyKind.ORGANIZATION: _organization,
    PartyKind.UNIT: _unit,
    PartyKind.SAML: _saml,
    PartyKind.OIDC: _oidc,
    PartyKind.SSO: _sso,
    PartyKind.COGNITO: _cognito,
    PartyKind.SERVICE: _service,
}


def require_external_id(value: str) -> str:
    """An external id as STS takes it.

    Raises:
        WhoError: it has another form.
    """
    if not _EXTERNAL_ID.fullmatch(value):
        raise WhoError(
            "the external id has a form that STS does not take",
            "use 2 to 1224 letters, digits and the characters _ + = , . @ : / -",
        )
    return value


def require_claim(name: str, value: str) -> str:
    """A subject or audience: one line, not empty, not a bare wildcard, and no policy variable.

    Raises:
        WhoError: it lets everybody in, or is no value of a claim.
    """
    if "${" in value:
        raise WhoError(f"--{name} {value[:40]!r} holds a policy variable", "give the value itself")
    if not value.strip("*?") or len(value) > _LONGEST or not value.isprintable():
        raise WhoError(
            f"--{name} {value[:40]!r} does not single anybody out", f"give the value that tokens carry as their {name}"
        )
    return value
