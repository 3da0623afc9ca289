"""What a change of policies lets through, whatever all other policies say.

Only the statements that change are looked at. Everything else (the other statements of the same policy, the other
policies, the other layers, whether caller and resource share an account) stands as an unknown that is the same before
and after. What is proven so holds in every account in which the change is made, for listed and unlisted actions alike,
and it is proven in a millisecond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import PrincipalEntry, PrincipalForm
from sagepass.proof.atom import ACTION, RESOURCE
from sagepass.proof.budget import Budget, BudgetSpentError
from sagepass.proof.certificate import Certificate, Covered, Step, certificate_of
from sagepass.proof.change_decision import newly_allowed
from sagepass.proof.change_scope import Scope, within
from sagepass.proof.changed_statements import OF_PRINCIPALS, DocumentChange, Layer, Parts, differing, layers_of
from sagepass.proof.formula import FALSE, Formula, atoms_in, both, negated
from sagepass.proof.search import Search
from sagepass.proof.shapes import ANY_ACTION, ANY_ARN
from sagepass.proof.verdict import Basis, Verdict
from sagepass.proof.who import PRINCIPAL_ARN, Who, callers
from sagepass.proof.word import Reading, Word, WordKind
from sagepass.proof.world import Bound, World

OTHER_POLICIES = "every other policy may say anything; it says the same before and after"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProof:
    """Whether a change lets nothing through beyond its scope.

    ``reason`` says for ``UNKNOWN`` what could not be shown.
    """

    verdict: Verdict
    reason: str = ""
    basis: Basis
    certificate: Certificate | None = None


def prove_change(
    changes: Sequence[DocumentChange], scope: Sequence[Scope], *, catalog: str = "", seconds: float = 1.0
) -> ChangeProof:
    """Show that with the changes nothing is allowed that was not, but for the scope; for any request of anybody.

    Args:
        changes: all policies that change together.
        scope: what may become allowed.
        catalog: date of the tables, for the record; the proof itself does not rest on the list of actions.
        seconds: how long it may take.
    """
    basis = Basis(catalog=catalog, layers=tuple(change.holder for change in changes), taken=(OTHER_POLICIES,))
    unsuited = next((reason for change in changes if (reason := _unsuited(change))), None) or _entangled(changes)
    if unsuited is not None:
        return ChangeProof(verdict=Verdict.UNKNOWN, reason=unsuited, basis=basis)
    budget = Budget(seconds=seconds, conflicts=5000)
    holders = frozenset(change.holder for change in changes if change.policy_type in OF_PRINCIPALS)
    layers = layers_of(changes)
    steps: list[Step] = []
    try:
        for who in _callers(changes):
            budget.tick(every=1)
            parts = (*newly_allowed(layers, who), negated(within(scope, who)))
            question = both(parts)
            about = Covered(who=who.words if who is not None else "")
            if question is FALSE:
                steps.append(Step(about=about, impossible=parts))
                continue
            for reading in _readings(question):
                search = Search(question, _world(who, reading, holders), budget)
                model = search.next()
                if model is not None:
                    reason = _beyond(who, model.assignment)
                    return ChangeProof(verdict=Verdict.UNKNOWN, reason=reason, basis=basis)
                steps.append(Step(about=about, search=search))
    except BudgetSpentError as spent:
        return ChangeProof(verdict=Verdict.UNKNOWN, reason=f"the search was given up after {spent.what}", basis=basis)
    return ChangeProof(
        verdict=Verdict.PROVEN, basis=basis, certificate=certificate_of(steps, basis, _documents(layers))
    )


def _documents(layers: Mapping[Layer, Parts]) -> list[Document]:
    return [document for parts in layers.values() for before, after, _ in parts for document in (before, after)]


def _readings(question: Formula) -> tuple[Reading, ...]:
    return (Reading.ACROSS, Reading.WITHIN) if any(found.open for found in atoms_in(question)) else (Reading.ACROSS,)


_MUST_EXIST = frozenset(
    {
        PolicyType.PERMISSIONS_BOUNDARY,
        PolicyType.SESSION_POLICY,
        PolicyType.VPC_ENDPOINT_POLICY,
        PolicyType.SERVICE_CONTROL_POLICY,
    }
)
"""Types without which everything is allowed: to take the last one away is another change than to edit it."""


def _unsuited(change: DocumentChange) -> str | None:
    if change.policy_type in _MUST_EXIST and None in (change.before, change.after):
        if change.policy_type is PolicyType.SERVICE_CONTROL_POLICY and change.before is None:
            return None
        return f"a policy of type {change.policy_type} is added or taken away as a whole"
    return None


def _entangled(changes: Sequence[DocumentChange]) -> str | None:
    """A request comes through one VPC endpoint, so the policies of two of them do not add up."""
    endpoints = {change.holder for change in changes if change.policy_type is PolicyType.VPC_ENDPOINT_POLICY}
    return "the policies of several VPC endpoints change together" if len(endpoints) > 1 else None


def _beyond(who: Who | None, assignment: Mapping[str, object]) -> str:
    caller = who.words if who is not None else "the caller"
    action, resource = assignment.get(ACTION) or "some action", assignment.get(RESOURCE) or "some resource"
    return f"it may also let {caller} perform {action} on {resource}"


def _callers(changes: Sequence[DocumentChange]) -> list[Who | None]:
    """Everyone whom the change tells apart: the holders of changed policies, the named principals, and all others.

    A policy that is attached to a principal lets nobody else in; ``None`` is a caller of whom nothing is known.
    """
    holders = [change.holder for change in changes if change.policy_type in OF_PRINCIPALS]
    entries = [PrincipalEntry(PrincipalForm.AWS, holder, ()) for holder in dict.fromkeys(holders)]
    named = [
        entry
        for change in changes
        for part in differing(change)
        for statement in part.statements
        for entry in statement.principals or ()
    ]
    everyone = callers([*entries, *named])
    if named:
        return list(everyone)
    found: list[Who | None] = [who for who in everyone if who.fixed and who.caller.arn in holders]
    return found if len(holders) == len(changes) else [*found, None]


def _world(who: Who | None, reading: Reading, holders: frozenset[str]) -> World:
    bounds = {RESOURCE: ANY_ARN, ACTION: ANY_ACTION}
    if who is None and holders:
        bounds[PRINCIPAL_ARN] = Bound(excluded=frozenset(Word(WordKind.EQUALS, holder) for holder in holders))
    if who is not None and who.bound.groups:
        bounds[PRINCIPAL_ARN] = who.bound
    return World(reading=reading, bounds=bounds)
