"""Can anyone outside of an account, or of an organization, use what a policy grants?

Wider than AWS's CheckNoPublicAccess
(https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html): the caller is part of the
answer, and with an account or an organization everyone else is outside, also if the policy names them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sagepass.catalog.shared_providers import shared_provider
from sagepass.policy.arn import account_of, is_account_id
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import PrincipalForm, StatementEffect
from sagepass.proof.actions import every_action
from sagepass.proof.atom import Ask, atom
from sagepass.proof.comparison import Comparison, Documents, Limit, answer, documents
from sagepass.proof.differences import Question
from sagepass.proof.formula import Formula, lit, negated
from sagepass.proof.granted import shows_grant
from sagepass.proof.policy_formula import allowed_actions, principals_of, reach_beyond, sides
from sagepass.proof.shared_provider import claimed, stranger_of
from sagepass.proof.values import Domain, Values
from sagepass.proof.who import Side, Who, callers
from sagepass.proof.word import Word, WordKind

_WILD = frozenset("*?$")
_NETWORKS = ("aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce")
"""Keys of requests through a VPC endpoint that name one network. Everybody can have networks; who is outside has none of those that
the policy names without a wildcard.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status"""


def reachable_from_outside(
    policy: Documents,
    policy_type: PolicyType = PolicyType.RESOURCE_BASED_POLICY,
    *,
    accounts: Sequence[str] = (),
    organization: str | None = None,
    seconds: float = 4.0,
    solver_seconds: float = 0.0,
) -> Comparison:
    """Whether nobody outside can use what a policy of a resource or the trust policy of a role grants.

    Args:
        policy: parsed with the same ``policy_type``.
        policy_type: a type whose policies have principals.
        accounts: the accounts that count as inside. Without any, and without an organization, only those are outside
            whom the policy does not name: that is what AWS calls public.
        organization: id of the organization (``o-…``) that counts as inside.
        seconds: how long it may take.
        solver_seconds: see :func:`sagepass.proof.compare.compare_documents`.

    Returns:
        ``PROVEN`` if nobody outside gets in, ``REFUTED`` with who and how, or ``UNKNOWN``. Services and identity
        providers that the policy names are not counted as outside; of a provider that many organizations share
        (:mod:`sagepass.catalog.shared_providers`), somebody whom the policy does not name is.
    """
    given = documents(policy)
    counts_named = bool(accounts) or organization is not None
    organizations = [organization] if organization else [] if counts_named else _named_organizations(given)
    known = accounts if counts_named else _named_accounts(given)
    inside = [fact for name in organizations for fact in _of_organization(name)]

    inside += [_one_of(key, named) for key in _NETWORKS if (named := _fixed(given, key))]
    owners = list(accounts) if counts_named else _fixed(given, "aws:vpceaccount")
    inside += [_one_of("aws:vpceaccount", owners)] if owners else []

    def parts(action: int | None, who: Who | None) -> tuple[Formula, ...]:
        said = sides(given, action, who)
        claims = claimed(who) if who is not None else ()
        return (said.allow, negated(said.deny), *(negated(fact) for fact in inside), *claims)

    question = Question(
        universe=lambda: allowed_actions(given) if all(item.readable for item in given) else every_action(),
        granted_before=lambda: 0,
        parts=parts,
        callers=_outside(given, policy_type, known, counts_named=counts_named),
        replay=lambda witness: shows_grant(given, policy_type, witness),
        documents=given,
    )
    beyond = reach_beyond(given, StatementEffect)
    return answer(question, given, beyond=beyond, limit=Limit(seconds=seconds, solver_seconds=solver_seconds))


def _outside(
    given: tuple[Document, ...], policy_type: PolicyType, accounts: Sequence[str], *, counts_named: bool
) -> list[Who]:
    own = frozenset(accounts)
    may_assume = policy_type is not PolicyType.ROLE_TRUST_POLICY
    everyone = callers(principals_of(given), accounts, federated_users=may_assume)
    outside = [who for who in everyone if who.side in _STRANGE or (counts_named and _is_foreign(who, own))]
    named = dict.fromkeys(entry.value for entry in principals_of(given) if entry.form is PrincipalForm.FEDERATED)
    shared = ((principal, shared_provider(principal)) for principal in named)
    return [*outside, *(stranger_of(one, principal, given) for principal, one in shared if one is not None)]


_STRANGE = frozenset({Side.STRANGER, Side.ANONYMOUS})


def _is_foreign(who: Who, own: frozenset[str]) -> bool:
    return who.caller.account is not None and who.caller.account not in own


def _named_accounts(given: Sequence[Document]) -> list[str]:
    """The accounts that conditions on the caller hold it to."""
    found = [value for value in _values(given, "aws:principalaccount") if is_account_id(value)]
    arns = (account_of(value) for value in _values(given, "aws:principalarn"))
    return [*found, *(account for account in arns if account is not None)]


def _named_organizations(given: Sequence[Document]) -> list[str]:
    ids = [value for key in ("aws:principalorgid", "aws:vpceorgid") for value in _fixed(given, key)]
    paths = (
        value.partition("/")[0]
        for key in ("aws:principalorgpaths", "aws:vpceorgpaths")
        for value in _values(given, key)
    )
    return list(dict.fromkeys([*ids, *(name for name in paths if not set(name) & _WILD)]))


def _fixed(given: Sequence[Document], key: str) -> list[str]:
    """The values without a wildcard or a variable that conditions compare a key with."""
    return [value for value in _values(given, key) if value not in {"true", "false"} and not set(value) & _WILD]


def _one_of(key: str, names: Sequence[str]) -> Formula:
    """A key holds one of some names."""
    words = frozenset(Word(WordKind.FOLDED, name) for name in names)
    return lit(atom(key, Ask.ONE, Values(Domain.TEXT, words=words)))


def _values(given: Sequence[Document], key: str) -> list[str]:
    return [
        element.value
        for document in given
        for statement in document.statements
        for condition in statement.conditions
        if condition.key.lower() == key
        for element in condition.values
    ]


def _of_organization(organization: str) -> tuple[Formula, ...]:
    """What holds for callers of the organization or through its endpoints, and only for them."""
    member = Values(Domain.TEXT, words=frozenset({Word(WordKind.EQUALS, organization)}))
    path = Values(Domain.TEXT, words=frozenset({Word(WordKind.LIKE, f"{organization}/*")}))
    return (
        lit(atom("aws:principalorgid", Ask.ONE, member)),
        lit(atom("aws:principalorgpaths", Ask.SOME, path)),
        lit(atom("aws:vpceorgid", Ask.ONE, member)),
        lit(atom("aws:vpceorgpaths", Ask.SOME, path)),
    )
