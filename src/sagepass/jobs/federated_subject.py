"""Requests of federated identities: AssumeRoleWithSAML and AssumeRoleWithWebIdentity.

These calls carry a token in the place of credentials, so the caller is an identity of the provider, and the error names
neither it nor the role. The candidates are the roles whose trust policy allows the action, each by the provider that it names.
Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sagepass.denial.record import Denial
from sagepass.engine.request import Request
from sagepass.policy.arn import account_of, parse_arn
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.match_action import action_matches
from sagepass.policy.statement import PrincipalForm, StatementEffect
from sagepass.snapshot.principals import PrincipalKind, PrincipalRecord
from sagepass.snapshot.snapshot import Snapshot

FEDERATED_ACTIONS = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
_TOKEN = re.compile(
    r"(?P<provider>arn:[\w-]{1,20}:iam::\d{12}:oidc-provider/(?P<host>[^:\s]{1,255})):(?P<rest>.{1,2000})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What an event tells of the token: the provider, and the values of its claims as condition keys."""

    provider: str
    claims: tuple[tuple[str, str], ...]


def federated_requests(denial: Denial, action: str, snapshot: Snapshot | None) -> Iterator[Request]:
    """One request for each role and provider that the denial may be about."""
    token = _token(denial) or _stated(denial)
    role = denial.resource if denial.resource and parse_arn(denial.resource) else None
    if snapshot is None:
        return
    for arn, providers in _roles(role, action, snapshot):
        for provider in providers if token is None else (token.provider,):
            yield Request(
                principal=provider,
                action=action,
                resource=arn,
                resource_account=account_of(arn),
                context=dict(token.claims) if token else {},
            )


def _roles(role: str | None, action: str, snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Roles with the providers that their trust policy names for the action."""
    records = [snapshot.principal(role)] if role else snapshot.principals()
    for record in records:
        if record is None or record.kind is not PrincipalKind.ROLE:
            continue
        providers = providers_of(record, action)
        if providers or role:
            yield record.arn, providers or (_any_provider(record, action),)


def providers_of(record: PrincipalRecord, action: str) -> tuple[str, ...]:
    """The providers that a role's trust policy lets perform the action."""
    found: dict[str, None] = {}
    for policy in record.trust.policies:
        for statement in policy.document.statements:
            fits = any(action_matches(element.value, action) for element in statement.actions)
            if statement.effect is StatementEffect.ALLOW and fits is not statement.not_action:
                entries = statement.principals or ()
                found.update(dict.fromkeys(e.value for e in entries if e.form is PrincipalForm.FEDERATED))
    return tuple(found)


def _any_provider(record: PrincipalRecord, action: str) -> str:
    """Stands in for a provider that neither the text nor the trust policy names."""
    kind = "saml-provider" if action.lower().endswith("saml") else "oidc-provider"
    partition = record.arn.split(":")[1]
    return f"arn:{partition}:iam::{record.account}:{kind}/PROVIDER"


def _stated(denial: Denial) -> Token | None:
    """The provider that the user names as the caller."""
    try:
        caller = parse_caller(denial.principal or "")
    except ValueError:
        return None
    return Token(provider=caller.arn, claims=()) if caller.kind is CallerKind.FEDERATED else None


def _token(denial: Denial) -> Token | None:
    """Read ``PROVIDER-ARN:AUDIENCE:SUBJECT``, which events have as the id of a web identity; the user name is the subject."""
    context = dict(denial.context)
    text = next(iter(context.get("aws:userid", ())), "")
    match = _TOKEN.fullmatch(text)
    if match is None:
        return None
    subject = denial.principal or ""
    rest, host = match["rest"], match["host"]
    claims = [(f"{host}:sub", subject)] if subject and rest.endswith(f":{subject}") else []
    if claims:
        claims.insert(0, (f"{host}:aud", rest.removesuffix(f":{subject}")))
    return Token(provider=match["provider"], claims=tuple(claims))
