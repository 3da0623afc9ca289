"""``sagepass check``: every finding about some policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sagepass.jobs.lint.proven import lint_proven
from sagepass.jobs.lint.reach import lint_reach
from sagepass.jobs.lint.subject import Subject
from sagepass.jobs.lint.traps import lint_traps
from sagepass.jobs.policy_file import PolicyFile, kind_of
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.proof.budget import Budget, BudgetSpentError
from sagepass.proof.compiled_document import compiled_document
from sagepass.source.finding import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """One policy with its findings.

    Attributes:
        policy: the policy.
        document: what it says.
        policy_type: what it is.
        type_given: whether that was told; otherwise it is what the policy looks like.
        findings: in the order of its statements.
    """

    policy: PolicyFile
    document: Document
    policy_type: PolicyType
    type_given: bool
    findings: tuple[Finding, ...]


def lint_policies(
    policies: Sequence[PolicyFile],
    policy_type: PolicyType | None = None,
    *,
    boundary: PolicyFile | None = None,
    seconds: float = 4.0,
) -> tuple[Linted, ...]:
    """Look at each policy by itself.

    Args:
        policies: the policies.
        policy_type: what they are; each is taken for what it looks like if left out.
        boundary: the permissions boundary of whoever has the policies.
        seconds: how long each may take; what was not looked at by then is said.
    """
    limit = boundary.document(PolicyType.PERMISSIONS_BOUNDARY) if boundary is not None else None
    return tuple(_lint(policy, policy_type, limit, seconds) for policy in policies)


def _lint(policy: PolicyFile, given: PolicyType | None, boundary: Document | None, seconds: float) -> Linted:
    policy_type = given or kind_of(policy)
    document = policy.document(policy_type)
    subject = Subject(document=document, policy_type=policy_type, boundary=boundary)
    budget = Budget(seconds=seconds)
    found: list[Finding] = list(document.findings)
    try:
        for each in (document, *([boundary] if boundary is not None else [])):
            compiled_document(each).tell_actions_apart(budget)
        found.extend(lint_reach(subject, budget))
        found.extend(lint_proven(subject, budget))
        found.extend(lint_traps(subject, seconds=seconds))
    except BudgetSpentError as spent:
        found.append(
            subject.finding(
                "LINT_GIVEN_UP",
                (),
                f"not everything was looked at: it was given up after {spent.what}",
                "split the policy, or give more --seconds",
                Severity.INFO,
            )
        )
    ordered = sorted(dict.fromkeys(found), key=lambda finding: [str(step).rjust(6, "0") for step in finding.route])
    return Linted(
        policy=policy,
        document=document,
        policy_type=policy_type,
        type_given=given is not None,
        findings=tuple(ordered),
    )
