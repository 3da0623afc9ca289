"""How a document names the other party: its Principal element, and the conditions that keep everybody else out.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html (external id, source account),
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (``aws:PrincipalOrgID``,
``aws:PrincipalOrgPaths``, ``aws:SourceAccount``, ``aws:SourceArn``),
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (``SAML:aud``, OIDC ``aud`` and
``sub``, Cognito ``amr``), https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sagepass.jobs.share.party import Party, PartyKind, issuer
from sagepass.jobs.share.plan import Statement

COGNITO_ISSUER = "cognito-identity.amazonaws.com"
_SIGN_IN = {
    "aws-cn": "https://signin.amazonaws.cn/saml",
    "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
}
_ASSUME = {
    PartyKind.SAML: "sts:AssumeRoleWithSAML",
    PartyKind.OIDC: "sts:AssumeRoleWithWebIdentity",
    PartyKind.COGNITO: "sts:AssumeRoleWithWebIdentity",
}
_HASH = "?" * 16
"""Roles of a permission set end in 16 characters; counting them keeps out sets whose name merely begins the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNaming:
    """A Principal element and a Condition block."""

    principal: object
    conditions: dict[str, dict[str, object]] = field(default_factory=dict)

    def statement(self, sid: str, actions: tuple[str, ...], resource: str | None) -> Statement:
        """An Allow for the party; a trust policy and a repository policy have no Resource."""
        found: Statement = {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": self.principal,
            "Action": actions[0] if len(actions) == 1 else list(actions),
        }
        if resource is not None:
            found["Resource"] = resource
        if self.conditions:
            found["Condition"] = {operator: dict(keys) for operator, keys in self.conditions.items()}
        return found

    def also(self, operator: str, key: str, value: object) -> PartyNaming:
        """The same with one more condition."""
        return PartyNaming(
            principal=self.principal,
            conditions={**self.conditions, operator: {**self.conditions.get(operator, {}), key: value}},
        )


def assume_actions(party: Party) -> tuple[str, ...]:
    """The STS actions that a trust policy has to allow.

    Tags and a source identity that are sent need an Allow of their own, or the whole call fails:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html and
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
    """
    actions = [_ASSUME.get(party.kind, "sts:AssumeRole")]
    actions += ["sts:TagSession"] if party.session_tags else []
    actions += ["sts:SetSourceIdentity"] if party.source_identity else []
    return tuple(actions)


def sign_in_audience(partition: str) -> str:
    """The audience of SAML assertions that are meant for AWS.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
    """
    return _SIGN_IN.get(partition, "https://signin.aws.amazon.com/saml")


def permission_set_roles(party: Party, partition: str) -> list[str]:
    """Patterns for the roles of a permission set: with the Region of Identity Center in the path, and without (us-east-1)."""
    start = f"arn:{partition}:iam::{party.account}:role/aws-reserved/sso.amazonaws.com"
    return [f"{start}/AWSReservedSSO_{party.value}_{_HASH}", f"{start}/*/AWSReservedSSO_{party.value}_{_HASH}"]


def name_party(  # noqa: C901 - one case for each kind of party
    party: Party, *, partition: str, owner: str
) -> PartyNaming:
    """How documents name the party.

    Args:
        party: with external id, audience and subject filled in, and an organization's id or path.
        partition: of the owner's account.
        owner: the owner's account, for which a service works.
    """
    account = f"arn:{partition}:iam::{party.account}:root"
    match party.kind:
        case PartyKind.ACCOUNT:
            return PartyNaming(principal={"AWS": account})
        case PartyKind.PRINCIPAL:
            return PartyNaming(principal={"AWS": party.value})
        case PartyKind.THIRD_PARTY:
            return PartyNaming(principal={"AWS": account}).also("StringEquals", "sts:ExternalId", party.external_id)
        case PartyKind.ORGANIZATION:
            return PartyNaming(principal={"AWS": "*"}).also("StringEquals", "aws:PrincipalOrgID", party.value)
        case PartyKind.UNIT:
            path = f"{party.value.rstrip('/')}/*"
            return PartyNaming(principal={"AWS": "*"}).also("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", path)
        case PartyKind.SSO:
            roles = permission_set_roles(party, partition)
            return PartyNaming(principal={"AWS": account}).also("ArnLike", "aws:PrincipalArn", roles)
        case PartyKind.SAML:
            audience = party.audience or sign_in_audience(partition)
            return PartyNaming(principal={"Federated": party.value}).also("StringEquals", "SAML:aud", audience)
        case PartyKind.OIDC:
            return _oidc(party)
        case PartyKind.COGNITO:
            naming = PartyNaming(principal={"Federated": COGNITO_ISSUER})
            naming = naming.also("StringEquals", f"{COGNITO_ISSUER}:aud", party.value)
            return naming.also("ForAnyValue:StringLike", f"{COGNITO_ISSUER}:amr", "authenticated")
        case PartyKind.SERVICE:
            naming = PartyNaming(principal={"Service": party.value})
            if party.source_arn:
                return naming.also("ArnLike", "aws:SourceArn", party.source_arn)
            return naming.also("StringEquals", "aws:SourceAccount", owner)


def _oidc(party: Party) -> PartyNaming:
    host, subject = issuer(party.value), party.subject or ""
    naming = PartyNaming(principal={"Federated": party.value}).also("StringEquals", f"{host}:aud", party.audience)
    return naming.also("StringLike" if set(subject) & set("*?") else "StringEquals", f"{host}:sub", subject)
