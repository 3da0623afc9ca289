"""Questions about policy files that are answered with a proof or a counterexample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sagepass.catalog.shared_providers import shared_provider
from sagepass.jobs.policy_file import PolicyFile
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import PrincipalForm, StatementEffect
from sagepass.proof.compare import compare_documents
from sagepass.proof.comparison import Comparison, Limit
from sagepass.proof.granted import not_granted
from sagepass.proof.public import reachable_from_outside


class QuestionKind(StrEnum):
    """What was asked."""

    NO_NEW_ACCESS = "no-new-access"
    NOT_GRANTED = "not-granted"
    NOT_FROM_OUTSIDE = "not-from-outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAnswer:
    """An answer with what it is about.

    Attributes:
        kind: what was asked.
        policy_type: what the policies are.
        old: the policies as they were; empty for a question about one side.
        new: the policies in question.
        outside: in words, who counts as outside.
        comparison: the answer.
    """

    kind: QuestionKind
    policy_type: PolicyType
    old: tuple[PolicyFile, ...] = ()
    new: tuple[PolicyFile, ...]
    outside: str = ""
    comparison: Comparison


def ask_no_new_access(
    old: Sequence[PolicyFile], new: Sequence[PolicyFile], policy_type: PolicyType, *, limit: Limit
) -> PolicyAnswer:
    """Does the new policy allow anything that the old one did not?"""
    was, now = ([item.document(policy_type) for item in side] for side in (old, new))
    comparison = compare_documents(was, now, policy_type, seconds=limit.seconds, solver_seconds=limit.solver_seconds)
    return PolicyAnswer(
        kind=QuestionKind.NO_NEW_ACCESS, policy_type=policy_type, old=tuple(old), new=tuple(new), comparison=comparison
    )


def ask_not_granted(
    policy: Sequence[PolicyFile],
    actions: Sequence[str],
    resources: Sequence[str],
    policy_type: PolicyType,
    *,
    limit: Limit,
) -> PolicyAnswer:
    """Does the policy grant any of the actions on any of the resources?"""
    given = [item.document(policy_type) for item in policy]
    comparison = not_granted(
        given, actions, resources, policy_type, seconds=limit.seconds, solver_seconds=limit.solver_seconds
    )
    return PolicyAnswer(
        kind=QuestionKind.NOT_GRANTED, policy_type=policy_type, new=tuple(policy), comparison=comparison
    )


def ask_from_outside(
    policy: Sequence[PolicyFile],
    policy_type: PolicyType,
    *,
    accounts: Sequence[str],
    organization: str | None,
    limit: Limit,
) -> PolicyAnswer:
    """Can anyone outside use what the policy grants?"""
    given = [item.document(policy_type) for item in policy]
    comparison = reachable_from_outside(
        given,
        policy_type,
        accounts=accounts,
        organization=organization,
        seconds=limit.seconds,
        solver_seconds=limit.solver_seconds,
    )
    inside = [
        *(f"account {account}" for account in accounts),
        *([f"organization {organization}"] if organization else []),
    ]
    outside = f"outside of {' and '.join(inside)}" if inside else "whom the policy does not name"
    return PolicyAnswer(
        kind=QuestionKind.NOT_FROM_OUTSIDE,
        policy_type=policy_type,
        new=tuple(policy),
        outside=outside,
        comparison=_with_providers(comparison, given),
    )


def _with_providers(comparison: Comparison, documents: Sequence[Document]) -> Comparison:
    """The answer with what it does not look at: to whom an identity provider that a policy names gives tokens.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
    """
    entries = (
        entry
        for document in documents
        for statement in document.statements
        if statement.effect is StatementEffect.ALLOW
        for entry in statement.principals or ()
    )
    providers = dict.fromkeys(entry.value for entry in entries if entry.form is PrincipalForm.FEDERATED)
    if not providers:
        return comparison
    basis = replace(comparison.basis, taken=(*map(_who_is_vouched_for, providers), *comparison.basis.taken))
    return replace(comparison, basis=basis)


def _who_is_vouched_for(provider: str) -> str:
    shared = shared_provider(provider)
    if shared is None:
        return f"{provider} counts as named: to whom it gives tokens is not looked at here"
    key = f"{shared.host}:{shared.claim}"
    return f"whom the policy names in full in {key} is not outside; every other customer of {shared.host} is"
