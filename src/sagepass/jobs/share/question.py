"""What a person asks, and the parts of it read and checked: whom exactly, through which router, for which role."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.party import Party, PartyKind, issuer
from sagepass.jobs.share.subject import ShareError, Subject
from sagepass.jobs.share.who import read_who, require_claim, require_external_id
from sagepass.policy.arn import parse_arn
from sagepass.snapshot.snapshot import Snapshot

_LONGEST_ROLE_NAME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareQuestion:
    """What a person asks.

    Attributes:
        resource: ARN of the SageMaker resource.
        who: see :func:`sagepass.jobs.share.who.read_who`.
        actions: what they may do; the usual reading and using of the type if empty.
        mechanism: the way; chosen if ``None``.
        also: what is read besides: buckets, repositories, keys.
        subject: of OIDC tokens.
        audience: of SAML assertions and OIDC tokens.
        external_id: of a third party; made up if ``None``.
        source_arn: the resource that a service works for.
        execution_role: on the other side, the role that reads the data.
        router: ARN of the inference router that calls an endpoint.
        role_name: of the role that is made.
        session_tags: they send session tags.
        source_identity: they set a source identity.
    """

    resource: str
    who: str
    actions: Sequence[str] = ()
    mechanism: Mechanism | None = None
    also: Sequence[str] = ()
    subject: str | None = None
    audience: str | None = None
    external_id: str | None = None
    source_arn: str | None = None
    execution_role: str | None = None
    router: str | None = None
    role_name: str | None = None
    session_tags: bool = False
    source_identity: bool = False


def read_party(question: ShareQuestion, subject: Subject, snapshot: Snapshot | None) -> Party:
    """The party, with its external id, claims or path.

    Raises:
        ShareError: it is in the owner's own account, an option has no meaning for it, or something about it is not known.
        sagepass.jobs.share.who.WhoError: the text names nobody.
    """
    party = read_who(question.who)
    _require_outsider(party, subject)
    _reject_idle_options(question, party)
    if party.kind in _LISTED:
        _require_provider(party, subject, snapshot)
    match party.kind:
        case PartyKind.THIRD_PARTY:
            external = question.external_id
            party = replace(
                party,
                external_id=require_external_id(external) if external is not None else secrets.token_hex(16),
                id_made_up=external is None,
            )
        case PartyKind.ORGANIZATION:
            party = replace(party, value=party.value or _own_organization(subject, snapshot))
        case PartyKind.UNIT:
            party = replace(party, value=_unit_path(party.value, snapshot))
        case PartyKind.OIDC:
            party = replace(
                party,
                audience=_claim("audience", question.audience, "sts.amazonaws.com"),
                subject=_subject(question, party),
            )
        case PartyKind.SAML:
            party = replace(party, audience=_claim("audience", question.audience, None))
        case PartyKind.SERVICE:
            party = replace(party, source_arn=_source_arn(question.source_arn, subject))
        case PartyKind.ACCOUNT | PartyKind.PRINCIPAL | PartyKind.SSO | PartyKind.COGNITO:
            pass
    return replace(party, session_tags=question.session_tags, source_identity=question.source_identity)


def _require_outsider(party: Party, subject: Subject) -> None:
    """The party is outside the account, and in the same partition."""
    if party.account == subject.arn.account:
        raise ShareError(
            f"{party.words} is in the account that owns the resource",
            "within one account an identity-based policy is enough: sagepass why explains a denial there",
        )
    named = parse_arn(party.value)
    if named is not None and named.partition != subject.arn.partition:
        raise ShareError(
            f"{party.value} is in the partition {named.partition}, and the resource in {subject.arn.partition}",
            "no credentials work across partitions: share with a principal of the same one",
        )


def _reject_idle_options(question: ShareQuestion, party: Party) -> None:
    """An option that has no say would let somebody believe in a guard that is not there."""
    idle = {
        "--subject": question.subject is not None and party.kind is not PartyKind.OIDC,
        "--audience": question.audience is not None and party.kind not in {PartyKind.OIDC, PartyKind.SAML},
        "--external-id": question.external_id is not None and party.kind is not PartyKind.THIRD_PARTY,
        "--source-arn": question.source_arn is not None and party.kind is not PartyKind.SERVICE,
    }
    for option, is_idle in idle.items():
        if is_idle:
            raise ShareError(f"{option} has no meaning for {party.kind.value}", "leave it out, or check --with")


_LISTED = {
    PartyKind.SAML: ("list-saml-providers", "SAMLProviderList"),
    PartyKind.OIDC: ("list-open-id-connect-providers", "OpenIDConnectProviderList"),
}


def _require_provider(party: Party, subject: Subject, snapshot: Snapshot | None) -> None:
    """A role trusts providers of its own account only, and only those that exist.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp.html
    """
    arn = parse_arn(party.value)
    if arn is None or arn.account != subject.arn.account:
        raise ShareError(
            f"{party.value} is not in account {subject.arn.account}, and a role trusts providers of its own account only",
            f"make the provider in account {subject.arn.account}, and give its ARN there",
        )
    operation, field = _LISTED[party.kind]
    answer = snapshot.answers().find(subject.arn.account, "iam", operation) if snapshot is not None else None
    if answer is None or not isinstance(answer.field(field), list):
        return
    known = [str(row.get("Arn")) for row in answer.rows(field)]
    if party.value not in known:
        raise ShareError(
            f"account {subject.arn.account} has no provider {party.value}",
            f"it has {', '.join(known)}" if known else "make the provider first",
        )


def _claim(name: str, value: str | None, default: str | None) -> str | None:
    return default if value is None else require_claim(name, value)


def _subject(question: ShareQuestion, party: Party) -> str:
    if question.subject is None:
        raise ShareError(
            f"the OIDC provider {issuer(party.value)} serves many, and nothing says who of them is meant",
            "add --subject, for example --subject 'repo:octo-org/octo-repo:ref:refs/heads/main'",
        )
    return require_claim("subject", question.subject)


def _source_arn(value: str | None, subject: Subject) -> str | None:
    if value is None:
        return None
    arn = parse_arn(value)
    if arn is None or arn.account != subject.arn.account or "${" in value:
        raise ShareError(
            f"--source-arn {value!r} is no ARN of account {subject.arn.account}",
            "name the resource of yours that the service works for",
        )
    return value


def read_router(value: str | None, subject: Subject) -> str | None:
    """The inference router through which an endpoint is called.

    Raises:
        ShareError: it is no router's ARN, or the resource is no endpoint.
    """
    if value is None:
        return None
    arn = parse_arn(value)
    if arn is None or not arn.resource.startswith("inference-router/") or set(value) & set("*?$"):
        raise ShareError(
            f"--router {value!r} is no ARN of an inference router",
            "it looks like arn:aws:sagemaker:eu-west-1:444455556666:inference-router/NAME",
        )
    if subject.row.resource_type != "endpoint":
        raise ShareError("--router has a meaning for endpoints only", "leave it out")
    return value


def read_worker(value: str | None, party: Party, mechanism: Mechanism) -> str | None:
    """The execution role on the other side that reads the data.

    Raises:
        ShareError: it is no role's ARN, or of another account, or nobody reads the data on the other side.
    """
    if value is None:
        return None
    if mechanism is Mechanism.ROLE:
        raise ShareError("--execution-role has a meaning only where the data is read on the other side", "leave it out")
    arn = parse_arn(value)
    if arn is None or arn.service != "iam" or not arn.resource.startswith("role/") or set(value) & set("*?$"):
        raise ShareError(
            f"--execution-role {value!r} is no ARN of a role", "give the ARN of the role that they pass to CreateModel"
        )
    if party.account is not None and arn.account != party.account:
        raise ShareError(
            f"--execution-role {value!r} is not in account {party.account}", "name a role of the other account"
        )
    return value


def _own_organization(subject: Subject, snapshot: Snapshot | None) -> str:
    found = snapshot.organization_id(subject.arn.account) if snapshot is not None else None
    if found is None:
        raise ShareError(
            f"nothing tells which organization account {subject.arn.account} belongs to",
            "name it (org:o-…), or save aws organizations describe-organization in the snapshot",
        )
    return found


def _unit_path(value: str, snapshot: Snapshot | None) -> str:
    """The path ``o-…/r-…/ou-…`` of a unit."""
    if "/" in value:
        return value.rstrip("/")
    above = snapshot.organization_path(value) if snapshot is not None else None
    if above is None:
        raise ShareError(
            f"nothing tells where in the organization {value} lies",
            f"give its path (ou:o-…/r-…/…/{value}), or save the organization in the snapshot",
        )
    return f"{above}{value}"


def read_role_name(given: str | None, subject: Subject, snapshot: Snapshot | None) -> str:
    """The name of the role that is made.

    Raises:
        ShareError: it is no name of a role, or the account has such a role already.
    """
    name = given or f"share-{re.sub(r'[^A-Za-z0-9_+=,.@-]+', '-', subject.name)}"[:_LONGEST_ROLE_NAME].rstrip("-")
    if not re.fullmatch(r"[A-Za-z0-9_+=,.@-]{1,64}", name):
        raise ShareError(f"--role-name {name!r} is no name of a role", "use up to 64 letters, digits and _ + = , . @ -")
    arn = f"arn:{subject.arn.partition}:iam::{subject.arn.account}:role/{name}"
    if snapshot is not None and snapshot.principal(arn) is not None:
        raise ShareError(
            f"account {subject.arn.account} has a role {name} already", "choose another name with --role-name"
        )
    return name
