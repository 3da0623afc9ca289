"""Those whom no record of the snapshot describes: other accounts, services, providers, everyone.

Of them a policy tells who is meant, and nothing else. So their requests are decided with everything about the caller
unknown that the name does not tell, and what their own account says is left to it.
Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sagepass.engine.authorize import UnknownPrincipal, inputs_of
from sagepass.engine.decide import decide
from sagepass.engine.decision import Decision
from sagepass.engine.request import Request
from sagepass.jobs.decide_many import without_keys
from sagepass.jobs.who_can.named import Named, identity
from sagepass.jobs.who_can.record import Holder, HolderKind
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.repair.option import name_of
from sagepass.snapshot.snapshot import Snapshot

_NO_ACCOUNT = "000000000000"
"""Stands in for the account of somebody of whom no account is known; nothing about it is taken as known."""

_SAML, _WEB_IDENTITY = "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"
_SOMEBODY = "(any)"
"""The name of a stand-in: IAM allows no such name, so that no policy can mean it."""

_ABOUT_THE_CALLER = (
    "aws:principalarn",
    "aws:principaltype",
    "aws:principaltag/",
    "aws:userid",
    "aws:username",
    "aws:sourceidentity",
)
_ABOUT_THE_ACCOUNT = ("aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "kms:calleraccount")

_ANONYMOUS_SERVICES = frozenset({"s3", "sns", "sqs", "lambda", "execute-api", "es"})
"""Services that answer requests without credentials where a policy lets everyone in; all others refuse them
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """A candidate with what its request is decided as: ``caller`` is a principal or a stand-in for one."""

    holder: Holder
    caller: str
    unknown: tuple[str, ...] = ()


def outsiders(named: Named, snapshot: Snapshot, *, action: str, partition: str) -> Iterator[Outsider]:
    """The candidates among the names of a policy whom the users and roles of the snapshot do not cover."""
    for account in named.accounts:
        if not snapshot.has_account(account):
            yield _account(account, partition)
    for name in named.identities:
        candidate = _identity(name, snapshot)
        if candidate is not None:
            yield candidate
    for service in named.services:
        holder = Holder(kind=HolderKind.SERVICE, name=service, account=None, label=f"the service {service}")
        yield Outsider(holder=holder, caller=service)
    for provider in named.providers:
        yield _provider(provider)
    if named.everyone:
        yield from _everyone(action, partition)


def decide_outsider(outsider: Outsider, request: Request, snapshot: Snapshot) -> Decision | None:
    """The decision for a candidate; ``None`` if its name is no principal, or one that its account no longer has."""
    try:
        inputs = inputs_of(request, snapshot)
    except (ValueError, UnknownPrincipal):
        return None
    return decide(without_keys(inputs, lambda key: key.startswith(outsider.unknown)) if outsider.unknown else inputs)


def request_of(outsider: Outsider, action: str, resource: str, context: Mapping[str, object]) -> Request:
    """The request of a candidate."""
    return Request(principal=outsider.caller, action=action, resource=resource, context=context)


def _account(account: str, partition: str) -> Outsider:
    return Outsider(
        holder=Holder(
            kind=HolderKind.OUTSIDE_ACCOUNT,
            name=account,
            account=account,
            label=f"any principal of account {account} whom that account lets",
        ),
        caller=f"arn:{partition}:iam::{account}:role/{_SOMEBODY}",
        unknown=_ABOUT_THE_CALLER,
    )


def _identity(name: str, snapshot: Snapshot) -> Outsider | None:
    """A principal of another account, or a session of one of the snapshot's own principals."""
    caller = identity(name)
    if caller is None or caller.account is None:
        return None
    if not snapshot.has_account(caller.account):
        kind, label = HolderKind.OUTSIDE_PRINCIPAL, f"{name_of(name)} of account {caller.account}"
    elif caller.kind in {CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}:
        session = f"session {caller.session_name} of " if caller.session_name else ""
        kind, label = HolderKind.SESSION, f"{session}{name_of(name)}"
    else:
        return None
    return Outsider(holder=Holder(kind=kind, name=name, account=caller.account, label=label), caller=name)


def _provider(provider: str) -> Outsider:
    label = f"identities of {provider.rpartition('provider/')[2] or provider}"
    return Outsider(holder=Holder(kind=HolderKind.FEDERATED, name=provider, account=None, label=label), caller=provider)


def _everyone(action: str, partition: str) -> Iterator[Outsider]:
    yield Outsider(
        holder=Holder(kind=HolderKind.ANY_ACCOUNT, name="*", account=None, label="everyone with an AWS account"),
        caller=f"arn:{partition}:iam::{_NO_ACCOUNT}:role/{_SOMEBODY}",
        unknown=(*_ABOUT_THE_CALLER, *_ABOUT_THE_ACCOUNT),
    )
    if action.partition(":")[0].lower() in _ANONYMOUS_SERVICES:
        holder = Holder(kind=HolderKind.ANONYMOUS, name="*", account=None, label="everyone, without credentials")
        yield Outsider(holder=holder, caller="*")


def may_call(action: str, outsider: Outsider) -> bool:
    """Whether a candidate of this sort makes such calls at all.

    Providers stand in trust policies only, and their identities open sessions by the action of their kind; AssumeRole takes
    credentials, and the calls with a token take none
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html).
    """
    lowered, kind = action.lower(), outsider.holder.kind
    if lowered in {_SAML, _WEB_IDENTITY}:
        return kind is HolderKind.FEDERATED and lowered == federated_action(outsider.caller)
    if lowered.startswith("sts:"):
        return kind not in {HolderKind.FEDERATED, HolderKind.ANONYMOUS}
    return kind is not HolderKind.FEDERATED


def federated_action(provider: str) -> str | None:
    """The action by which identities of a provider get a role, in lower case; ``None`` for what is no provider.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp.html
    """
    try:
        caller = parse_caller(provider)
    except ValueError:
        return None
    return _SAML if ":saml-provider/" in caller.arn else _WEB_IDENTITY
