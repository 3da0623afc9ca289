"""Who tries to get in: the one that the plan is for, and the strangers that it has to keep out.

A stranger has everything in its favour but the one thing that makes it a stranger: all permissions on its own side, the
right external id, the right router. So a plan that keeps it out does so by the statement that is meant to.
Source of the dangers: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html and the pages of
:mod:`~sagepass.jobs.share.naming`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.naming import COGNITO_ISSUER, sign_in_audience
from sagepass.jobs.share.party import Party, PartyKind, issuer
from sagepass.jobs.share.plan import Plan
from sagepass.policy.glob import matches, read_pattern

_ROUTED = ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync")
_ORGANIZATIONS = ("o-strangers99", "o-elsewhere99")
_OTHER_IDS = ("some-other-customers-id", "yet-another-customers-id")
_SUBJECTS = ("somebody-else", "nobody-you-know", "1", "x" * 40)
_THINGS = ("arn:aws:s3:::another-thing", "arn:aws:sagemaker:us-east-1:555566667777:model/another-thing")
_POOLS = ("us-east-1:99999999-9999-9999-9999-999999999999", "us-east-1:88888888-8888-8888-8888-888888888888")
_AUDIENCES = ("https://somewhere-else.example", "https://another-place.example")
_NEIGHBOURS = ("neighbour-administrator", "other-administrator")
_HASH = "0123456789abcdef"
_ACCOUNTS = ("777788889999", "666677778888", "555566667777", "888899990000")
_WILDCARD = re.compile(r"[*?]+")
ANYONE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """One attempt.

    Attributes:
        label: who it is, for people.
        principal: as a request names it.
        context: the condition keys that the request carries; ``None`` for one that it lacks.
        actions: the actions that it is about, where it is a stranger to some only.
        worker: the role that reads the data for it, where that is not the caller.
    """

    label: str
    principal: str
    context: dict[str, object] = field(default_factory=dict)
    actions: tuple[str, ...] | None = None
    worker: str | None = None


def intended(plan: Plan) -> Approach:
    """The one that the plan is for; of an account or an organization, an example."""
    party, partition = plan.party, plan.subject.arn.partition
    context = _right(plan)
    principal = {
        PartyKind.PRINCIPAL: party.value,
        PartyKind.SAML: party.value,
        PartyKind.OIDC: party.value,
        PartyKind.COGNITO: COGNITO_ISSUER,
        PartyKind.SERVICE: party.value,
        PartyKind.SSO: _permission_set_role(party, party.value, partition),
    }.get(party.kind)
    if principal is None:
        account = party.account or member_account(plan)
        principal = f"arn:{partition}:iam::{account}:role/example-of-theirs"
    return Approach(label=party.words, principal=principal, context=context, worker=plan.worker)


def member_account(plan: Plan) -> str:
    """An account that stands for the members of an organization or unit: a saved one, or one made up."""
    if plan.member is not None:
        return plan.member
    return next(number for number in ("111122223333", "222233334444") if number != plan.account)


def stranger_account(plan: Plan) -> str:
    """An account that has nothing to do with either side."""
    taken = {plan.account, plan.party.account, member_account(plan)}
    return next(number for number in _ACCOUNTS if number not in taken)


def strangers(plan: Plan) -> tuple[Approach, ...]:
    """Everybody that the plan has to keep out."""
    return tuple(_strangers(plan))


def _strangers(plan: Plan) -> Iterator[Approach]:
    yield from _like_the_party(plan)
    if plan.router is not None:
        yield from _past_the_router(plan)
    context = {key: None if key.startswith(("aws:Principal", "sts:")) else value for key, value in _right(plan).items()}
    yield Approach(label="anybody without credentials", principal=ANYONE, context=context)


def _like_the_party(plan: Plan) -> Iterator[Approach]:
    party, right = plan.party, _right(plan)
    match party.kind:
        case PartyKind.ACCOUNT:
            yield _other_account(plan, right)
        case PartyKind.PRINCIPAL:
            yield _neighbour(plan, "another role of their account", right)
            yield _other_account(plan, right)
        case PartyKind.THIRD_PARTY:
            own = intended(plan).principal
            yield Approach(
                label="the third party without the external id",
                principal=own,
                context={**right, "sts:ExternalId": None},
            )
            yield Approach(
                label="the third party working for another customer",
                principal=own,
                context={**right, "sts:ExternalId": _unlike(party.external_id, _OTHER_IDS)},
            )
            yield _other_account(plan, right)
        case PartyKind.ORGANIZATION | PartyKind.UNIT:
            yield from _outside_organization(plan)
        case PartyKind.SSO:
            yield from _other_permission_sets(plan)
        case PartyKind.SAML | PartyKind.OIDC | PartyKind.COGNITO:
            yield from _other_identities(plan)
        case PartyKind.SERVICE:
            yield from _other_services(plan)


def _other_account(
    plan: Plan, context: dict[str, object], label: str = "an administrator of another account"
) -> Approach:
    partition = plan.subject.arn.partition
    arn = f"arn:{partition}:iam::{stranger_account(plan)}:role/administrator"
    return Approach(label=label, principal=arn, context=context)


def _neighbour(plan: Plan, label: str, context: dict[str, object]) -> Approach:
    partition = plan.subject.arn.partition
    name = _unlike(plan.party.value.rpartition("/")[2], _NEIGHBOURS)
    arn = f"arn:{partition}:iam::{plan.party.account}:role/{name}"
    return Approach(label=label, principal=arn, context=context)


def _outside_organization(plan: Plan) -> Iterator[Approach]:
    party = plan.party
    root = party.value.partition("/")[0]
    organization = _unlike(root, _ORGANIZATIONS)
    other: dict[str, object] = {
        "aws:PrincipalOrgID": organization,
        "aws:PrincipalOrgPaths": [f"{organization}/r-zz99/ou-zz99-99999999/"],
    }
    none: dict[str, object] = {"aws:PrincipalOrgID": None, "aws:PrincipalOrgPaths": None}
    if party.kind is PartyKind.UNIT:
        elsewhere: dict[str, object] = {
            "aws:PrincipalOrgID": root,
            "aws:PrincipalOrgPaths": [f"{root}/r-zz99/ou-zz99-99999999/"],
        }
        yield _other_account(plan, {**_right(plan), **elsewhere}, "an account in another unit of the organization")
    yield _other_account(plan, {**_right(plan), **other}, "an account of another organization")
    yield _other_account(plan, {**_right(plan), **none}, "an account in no organization")


def _permission_set_role(party: Party, name: str, partition: str, account: str | None = None) -> str:
    start = f"arn:{partition}:iam::{account or party.account}:role/aws-reserved/sso.amazonaws.com/eu-west-1"
    return f"{start}/AWSReservedSSO_{name}_{_HASH}"


def _other_permission_sets(plan: Plan) -> Iterator[Approach]:
    party, right, partition = plan.party, _right(plan), plan.subject.arn.partition
    longer = _permission_set_role(party, f"{party.value}_More", partition)
    yield Approach(label="a permission set whose name begins the same way", principal=longer, context=right)
    yield _neighbour(plan, "an ordinary role of their account", right)
    elsewhere = _permission_set_role(party, party.value, partition, stranger_account(plan))
    yield Approach(label="the same permission set in another account", principal=elsewhere, context=right)


def _other_identities(plan: Plan) -> Iterator[Approach]:
    """Identities that come with a token for somebody else, or from somewhere else."""
    party, right = plan.party, _right(plan)
    own = intended(plan).principal
    if party.kind is PartyKind.COGNITO:
        another = {**right, f"{COGNITO_ISSUER}:aud": _unlike(party.value, _POOLS)}
        guest = {**right, f"{COGNITO_ISSUER}:amr": ["unauthenticated"]}
        yield Approach(label="a user of another identity pool", principal=own, context=another)
        yield Approach(label="a guest of this identity pool, not signed in", principal=own, context=guest)
        return
    key = "SAML:aud" if party.kind is PartyKind.SAML else f"{issuer(party.value)}:aud"
    token = "an assertion" if party.kind is PartyKind.SAML else "a token"
    yield Approach(
        label=f"{token} made for another audience",
        principal=own,
        context={**right, key: _unlike(party.audience, _AUDIENCES)},
    )
    if party.kind is PartyKind.OIDC:
        other_subject = {**right, f"{issuer(party.value)}:sub": _unmatched(party.subject or "", _SUBJECTS)}
        yield Approach(label="another subject of the same provider", principal=own, context=other_subject)
        namesake = _namesake(party.subject or "")
        if namesake is not None:
            alike = {**right, f"{issuer(party.value)}:sub": namesake}
            yield Approach(label="somebody whose name begins the same way", principal=own, context=alike)
    yield Approach(label="another provider of your account", principal=f"{party.value}-other", context=right)


def _namesake(subject: str) -> str | None:
    """A subject of somebody else that a pattern takes for its own: ``repo:acme*`` also means ``repo:acme-lookalike/…``.

    A provider can serve everybody, and then anybody can take such a name; what stands before the first wildcard has to
    hold the whole name of the organization or namespace
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub).
    """
    wildcard = _WILDCARD.search(subject)
    if wildcard is None:
        return None
    fixed = subject[: wildcard.start()]
    if "/" in fixed or (fixed.endswith(":") and fixed.count(":") > 1):
        return None
    rest = _concrete(subject[wildcard.end() :])
    alike = (f"{fixed}-lookalike/theirs:{rest}", f"{fixed}-lookalike{rest}", f"{fixed}{'z' * len(wildcard[0])}{rest}")
    return next((text for text in alike if matches(read_pattern(subject), text)), None)


def _other_services(plan: Plan) -> Iterator[Approach]:
    party, right = plan.party, _right(plan)
    stranger = stranger_account(plan)
    theirs: dict[str, object] = {**right, "aws:SourceAccount": stranger}
    if party.source_arn:
        theirs["aws:SourceArn"] = _concrete(party.source_arn).replace(plan.account, stranger)
        another = {**right, "aws:SourceArn": _unmatched(party.source_arn, _THINGS)}
        yield Approach(label=f"{party.value} for another resource", principal=party.value, context=another)
    else:
        theirs["aws:SourceArn"] = None
    yield Approach(label=f"{party.value} on behalf of another account", principal=party.value, context=theirs)
    silent = {**right, "aws:SourceAccount": None, "aws:SourceArn": None}
    yield Approach(label=f"{party.value} that does not say for whom", principal=party.value, context=silent)
    other = "ec2.amazonaws.com" if party.value != "ec2.amazonaws.com" else "lambda.amazonaws.com"
    yield Approach(label="another service", principal=other, context=right)


def _past_the_router(plan: Plan) -> Iterator[Approach]:
    own = intended(plan)
    key = "sagemaker:SourceInferenceRouterArn"
    yield Approach(
        label="the other party calling the endpoint directly",
        principal=own.principal,
        context={**own.context, key: None},
        actions=_ROUTED,
    )
    yield Approach(
        label="the other party through another router",
        principal=own.principal,
        context={**own.context, key: f"{plan.router}-other"},
        actions=_ROUTED,
    )


def _right(plan: Plan) -> dict[str, object]:
    """The keys that the request of the intended party carries."""
    party = plan.party
    found: dict[str, object] = {}
    if plan.router is not None and plan.mechanism is Mechanism.POLICY:
        found["sagemaker:SourceInferenceRouterArn"] = plan.router
    match party.kind:
        case PartyKind.THIRD_PARTY:
            found["sts:ExternalId"] = party.external_id
        case PartyKind.ORGANIZATION:
            found["aws:PrincipalOrgID"] = party.value
        case PartyKind.UNIT:
            found["aws:PrincipalOrgID"] = party.value.partition("/")[0]
            found["aws:PrincipalOrgPaths"] = [f"{party.value.rstrip('/')}/"]
        case PartyKind.SAML:
            found["SAML:aud"] = party.audience or sign_in_audience(plan.subject.arn.partition)
        case PartyKind.OIDC:
            host = issuer(party.value)
            found |= {f"{host}:aud": party.audience, f"{host}:sub": _concrete(party.subject or "")}
        case PartyKind.COGNITO:
            found |= {f"{COGNITO_ISSUER}:aud": party.value, f"{COGNITO_ISSUER}:amr": ["authenticated"]}
        case PartyKind.SERVICE:
            found["aws:SourceAccount"] = plan.account
            found["aws:SourceArn"] = _concrete(party.source_arn) if party.source_arn else None
        case PartyKind.ACCOUNT | PartyKind.PRINCIPAL | PartyKind.SSO:
            pass
    return found


def _unlike(value: str | None, candidates: tuple[str, ...]) -> str:
    """The first candidate that is another value."""
    return next(text for text in candidates if text != value)


def _unmatched(pattern: str, candidates: tuple[str, ...]) -> str:
    """The first candidate that a pattern does not match; with any fixed character in the pattern there is one."""
    return next(text for text in candidates if not matches(read_pattern(pattern), text))


def _concrete(pattern: str) -> str:
    """A value that a pattern matches."""
    return pattern.replace("*", "example").replace("?", "x")
