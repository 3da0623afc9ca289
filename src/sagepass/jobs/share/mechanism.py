"""The way in: a policy of the resource, a resource share of AWS RAM, or a role; which of them fits, and what each costs.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining) and
https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
"""

from __future__ import annotations

from collections.abc import Sequence

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.party import Party, PartyKind
from sagepass.jobs.share.subject import ShareError, Subject, default_actions
from sagepass.source.article import with_article

_BY_POLICY = frozenset({PartyKind.ACCOUNT, PartyKind.PRINCIPAL, PartyKind.ORGANIZATION, PartyKind.UNIT, PartyKind.SSO})
_BY_RAM = frozenset({PartyKind.ACCOUNT, PartyKind.ORGANIZATION, PartyKind.UNIT})
_CHAINED = frozenset({PartyKind.SSO, PartyKind.THIRD_PARTY, PartyKind.ACCOUNT, PartyKind.ORGANIZATION, PartyKind.UNIT})


def choose_mechanism(subject: Subject, party: Party, actions: Sequence[str], router: str | None) -> Mechanism:
    """The way that keeps the other party's own permissions, where there is one that fits; else a role."""
    for mechanism in (Mechanism.POLICY, Mechanism.RAM):
        if why_not(mechanism, subject, party, actions or default_actions(subject, mechanism), router) is None:
            return mechanism
    return Mechanism.ROLE


def require_mechanism(
    mechanism: Mechanism, subject: Subject, party: Party, actions: Sequence[str], router: str | None
) -> None:
    """Refuse a way that does not exist for this resource, this party or these actions.

    Raises:
        ShareError: with the reason, and the ways that do.
    """
    reason = why_not(mechanism, subject, party, actions, router)
    if reason is None:
        return
    others = [
        other.value
        for other in Mechanism
        if other is not mechanism and why_not(other, subject, party, actions, router) is None
    ]
    raise ShareError(reason, f"use --mechanism {' or '.join(others)}" if others else "")


def why_not(
    mechanism: Mechanism, subject: Subject, party: Party, actions: Sequence[str], router: str | None
) -> str | None:
    """The reason why a way does not fit; ``None`` if it does."""
    match mechanism:
        case Mechanism.ROLE:
            return None
        case Mechanism.POLICY:
            return _why_no_policy(subject, party, router)
        case Mechanism.RAM:
            return _why_no_share(subject, party, actions)


def _why_no_policy(subject: Subject, party: Party, router: str | None) -> str | None:
    kind = subject.row.resource_type
    if subject.row.policy is None:
        return f"{with_article(kind)} has no policy that its owner can set"
    if party.federated:
        return "identities of a provider can be named in trust policies only; they get in through a role"
    if party.kind is PartyKind.THIRD_PARTY:
        return "an external id works with sts:AssumeRole only, so a third party gets in through a role"
    if party.kind not in _BY_POLICY:
        return f"AWS documents no policy of {with_article(kind)} that names a service"
    if kind == "endpoint" and router is None:
        return "AWS documents an endpoint's policy for calls through an inference router; name it with --router"
    return None


def _why_no_share(subject: Subject, party: Party, actions: Sequence[str]) -> str | None:
    kind = subject.row.resource_type
    if subject.row.ram_type is None:
        return f"AWS RAM does not share {with_article(kind)}"
    if party.kind not in _BY_RAM:
        return f"AWS RAM shares {with_article(kind)} with accounts, organizations and units, not with {party.words}"
    if subject.row.permission_for(actions) is not None:
        return None
    known = [item.name for item in subject.row.permissions if item.actions is not None]
    if not known:
        return f"AWS does not list what the managed permissions for {with_article(kind)} allow, so a share of it cannot be checked"
    return f"no managed permission of AWS RAM for {with_article(kind)} holds all of {', '.join(actions)}"


def explain_choice(mechanism: Mechanism, subject: Subject, party: Party) -> tuple[str, str]:
    """Two sentences: what was chosen, and how it differs from the other ways."""
    match mechanism:
        case Mechanism.POLICY:
            return (
                f"the policy of the {subject.row.resource_type} lets {party.words} in directly",
                "callers keep their own permissions and use both at once, but both sides must allow every call",
            )
        case Mechanism.RAM:
            return (
                f"a resource share of AWS RAM lets {party.words} in; RAM writes the policy of the {subject.row.resource_type}",
                (
                    "callers keep their own permissions as with a policy of your own, but get a fixed set of actions, and an "
                    "account outside your organization has to accept an invitation"
                ),
            )
        case Mechanism.ROLE:
            return (
                f"{party.words} may assume a role of account {subject.arn.account}, made for this",
                "while they act as the role they have its permissions instead of their own, and need no policy of the resource",
            )


def costs(mechanism: Mechanism, party: Party, actions: Sequence[str]) -> tuple[str, ...]:
    """What the way costs those who use it."""
    if mechanism is Mechanism.ROLE:
        found = [
            "programs have to assume the role first and renew its sessions; they cannot use their own resources in the same call"
        ]
        if party.kind in _CHAINED or (party.kind is PartyKind.PRINCIPAL and ":user/" not in party.value):
            found.append(
                "assumed from another role, a session lasts one hour at most, whatever the role allows (role chaining)"
            )
        if party.kind is PartyKind.PRINCIPAL:
            found.append(
                "IAM stores the principal's unique id: if it is deleted and made again under its name, the trust policy has to be saved again"
            )
        return tuple(found)
    found = ["every caller on the other side also needs an identity-based policy there"]
    if "sagemaker:CreateModel" in actions:
        found.append(
            "the model runs on the other side, with an execution role of theirs that reads the artifacts and the image"
        )
    if mechanism is Mechanism.POLICY and party.kind is PartyKind.PRINCIPAL:
        found.append(
            "a policy that names a principal cannot be promoted to a RAM share: it works, but is not discoverable"
        )
    return tuple(found)
