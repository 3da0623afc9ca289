"""The callers that the principals of a policy tell apart.

A Principal element names accounts, users, roles, sessions, services and providers one by one, and ``*``; conditions on
``aws:PrincipalArn`` and ``aws:PrincipalAccount`` see one string. So it is enough to look at every caller that is named,
at some other caller of each named account, at some caller of an account that is not named, at a service, and at nobody.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sagepass.policy.arn import PARTITIONS, is_account_id, parse_arn
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.statement import PrincipalEntry, PrincipalForm
from sagepass.proof.word import Word, WordKind
from sagepass.proof.world import Bound

PRINCIPAL_ARN = "aws:principalarn"
SESSION = "a-session"
OTHER_SERVICE = "an-unnamed-service.amazonaws.com"

OTHER_PROVIDER = "arn:aws:iam::999988887777:oidc-provider/an-unnamed-provider.example"


class Side(StrEnum):
    """Where a caller belongs, seen from the owner of the policy."""

    NAMED = "named"
    """Named by the policies themselves."""
    ACCOUNT = "account"
    """Some other caller of an account that they name."""
    STRANGER = "stranger"
    """Some caller of an account that they do not name."""
    SERVICE = "service"
    PROVIDER = "provider"
    """Someone of an identity provider that they do not name."""
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a token can say: values of a form, but for some; both as patterns of StringLike."""

    key: str
    form: str
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """One caller, or a kind of callers that the policies do not tell apart.

    Attributes:
        side: see :class:`Side`.
        caller: the caller, or one that stands for the others.
        fixed: whether ``caller`` is the only one; else ``aws:PrincipalArn`` is any ARN within ``bound``.
        bound: the ARNs that the others can have.
        words: the caller in words.
        claims: condition keys of the provider that vouches for the caller, with what they can hold; the first one is there.
    """

    side: Side
    caller: Caller
    fixed: bool = True
    bound: Bound = field(default_factory=Bound)
    words: str = ""
    claims: tuple[Claim, ...] = ()

    @property
    def account(self) -> str | None:
        """The one account of all these callers; ``None`` if there is none, or if it can be any."""
        return None if self.side is Side.STRANGER else self.caller.account


def callers(
    entries: Iterable[PrincipalEntry], accounts: Iterable[str] = (), *, federated_users: bool = True
) -> Iterator[Who]:
    """All callers to look at, for the entries of some policies and further accounts that matter.

    ``federated_users``: sessions of GetFederationToken as well, which cannot assume roles
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html).
    """
    kinds = (*_KINDS, _FEDERATED_USER) if federated_users else _KINDS
    named: dict[str, Who] = {}
    known = dict.fromkeys(accounts)
    for entry in entries:
        who = _named(entry)
        if who is not None:
            named.setdefault(who.caller.arn, who)
            if who.caller.kind is CallerKind.ROLE_SESSION and who.caller.role_arn:
                named.setdefault(who.caller.role_arn, _fixed(who.caller.role_arn))
            known.update(dict.fromkeys([who.caller.account] if who.caller.account else []))
        elif entry.form is PrincipalForm.AWS and is_account_id(entry.value):
            known[entry.value] = None
    yield from named.values()
    arns = [who.caller.principal_arn for who in named.values()]
    taken = frozenset(Word(WordKind.EQUALS, arn) for arn in arns if arn is not None)
    partition = next((who.caller.partition for who in named.values() if who.caller.partition), "aws")
    for account in known:
        if f"arn:{partition}:iam::{account}:root" not in named:
            yield _fixed(f"arn:{partition}:iam::{account}:root")
        for kind in kinds:
            yield _some(account, kind, taken, partition)
    yield from _strangers(known, kinds)
    yield Who(side=Side.SERVICE, caller=parse_caller(OTHER_SERVICE), words="any AWS service")
    yield Who(side=Side.PROVIDER, caller=parse_caller(OTHER_PROVIDER), words="anyone of another identity provider")
    yield Who(side=Side.ANONYMOUS, caller=parse_caller("*"), words="anyone, without credentials")


_FEDERATED_USER = ("sts", "federated-user", "federated user")
_KINDS = (("iam", "user", "user"), ("iam", "role", "role"))
"""Service and kind as they stand in ARNs, and in words."""


def _strangers(known: Iterable[str], kinds: Iterable[tuple[str, str, str]]) -> Iterator[Who]:
    out = frozenset(Word(WordKind.EQUALS, account, component=4) for account in known)
    account = next(text for text in ("999988887777", "999988887778") if text not in set(known))
    for service, kind, words in (*reversed(tuple(kinds)), ("iam", "root", "root user")):
        path = "" if kind == "root" else "/?*"
        shapes = frozenset(Word(WordKind.SHAPE, f"arn:{name}:{service}::{{12}}:{kind}{path}") for name in PARTITIONS)
        yield Who(
            side=Side.STRANGER,
            caller=parse_caller(f"arn:aws:{service}::{account}:{kind}{'' if kind == 'root' else '/someone'}"),
            fixed=False,
            bound=Bound((shapes,), out),
            words=f"a {words} of any other account",
        )


def _some(account: str, named: tuple[str, str, str], taken: frozenset[Word], partition: str) -> Who:
    service, kind, words = named
    return Who(
        side=Side.ACCOUNT,
        caller=parse_caller(f"arn:{partition}:{service}::{account}:{kind}/someone"),
        fixed=False,
        bound=Bound((frozenset({Word(WordKind.SHAPE, f"arn:{partition}:{service}::{account}:{kind}/?*")}),), taken),
        words=f"any other {words} of account {account}",
    )


def _fixed(arn: str) -> Who:
    caller = parse_caller(arn)
    side = Side.ACCOUNT if caller.kind is CallerKind.ROOT else Side.NAMED
    return Who(side=side, caller=caller, words=name_caller_in_words(caller))


def _named(entry: PrincipalEntry) -> Who | None:
    """The caller that an entry names; ``None`` for accounts, everyone, and what names nobody that can be told."""
    if entry.form in {PrincipalForm.ANYONE, PrincipalForm.CANONICAL_USER}:
        return None
    parts = parse_arn(entry.value)
    if entry.form is PrincipalForm.AWS and parts is None:
        return None
    try:
        caller = parse_caller(entry.value)
    except ValueError:
        return None
    if entry.form is PrincipalForm.AWS and caller.account is None:
        return None
    return Who(side=Side.NAMED, caller=caller, bound=_role_of(caller), words=name_caller_in_words(caller))


def _role_of(caller: Caller) -> Bound:
    """A session's ARN does not carry the path of its role, so ``aws:PrincipalArn`` can have any."""
    if caller.kind is not CallerKind.ROLE_SESSION or caller.role_arn is None:
        return Bound()
    place = f"arn:{caller.partition}:iam::{caller.account}:role/"
    forms = frozenset({Word(WordKind.EQUALS, caller.role_arn), Word(WordKind.SHAPE, f"{place}?*/{caller.name}")})
    return Bound((forms,))


def name_caller_in_words(caller: Caller) -> str:
    """``role Train of account 111122223333``."""
    match caller.kind:
        case CallerKind.USER | CallerKind.ROLE:
            return f"{caller.kind} {caller.name} of account {caller.account}"
        case CallerKind.ROLE_SESSION:
            return f"session {caller.session_name} of role {caller.name} of account {caller.account}"
        case CallerKind.ROOT:
            return f"the root user of account {caller.account}"
        case CallerKind.ANONYMOUS:
            return "anyone, without credentials"
        case _:
            return caller.arn


def as_request_principal(who: Who, principal_arn: str | None) -> str:
    """The caller as a request names it: a role through a session of it."""
    arn = who.caller.arn if who.fixed or principal_arn is None else principal_arn
    caller = parse_caller(arn)
    if caller.kind is CallerKind.ROLE:
        return f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.name}/{SESSION}"
    return arn
