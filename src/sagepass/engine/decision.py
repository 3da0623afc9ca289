"""The decision about a request, with every check and its reason.

The words and the order are those of AWS's own records (``iam-toolbox`` GetRequestAuthorizationDetails); nearest misses,
unknowns and residuals are added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Self

from sagepass.engine.later import Later
from sagepass.engine.request import Request
from sagepass.policy.document import Policy
from sagepass.policy.kinds import CheckType, Effect, Evidence
from sagepass.policy.match_statement import Obstacle, Part
from sagepass.policy.statement import Statement
from sagepass.snapshot.layer import Missing
from sagepass.source.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRef:
    """A statement that counted: its policy, the statement, and the very elements that matched."""

    policy: Policy
    statement: Statement
    elements: tuple[Route, ...] = ()


class Difference(StrEnum):
    """In what the nearest element differs from the request."""

    CASE = "differs only by case"
    PATH = "other path"
    ACCOUNT = "other account"
    REGION = "other Region"
    PARTITION = "other partition"
    RESOURCE_TYPE = "other resource type"
    SIMILAR_NAME = "similar name"
    NAME = "other name"
    BUCKET_NOT_OBJECT = "the bucket, not its objects"
    OBJECT_NOT_BUCKET = "objects, not the bucket itself"
    NEEDS_STAR = "the action takes no resource, so only * fits"
    MISSPELLED_ACTION = "misspelled action"
    OTHER_ACTION = "other action of the same service"
    EXCLUDED = "left out by name"
    VARIABLE_WITHOUT_VALUE = "policy variable without a value"
    VARIABLE_IS_LITERAL = "policy variable is literal text in this Version"
    OTHER_PRINCIPAL = "other principal"
    DELETED_PRINCIPAL = "unique id of a deleted principal"
    KEY_ABSENT = "the request does not carry the key"
    VALUE = "other value"
    KEY_UNKNOWN = "the value is not known"
    DEFECT = "the statement is malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """An Allow that came close, and one thing that kept it from matching.

    ``route`` leads to the element that differs; ``piece`` is the character range inside that string where it differs,
    if one can be named. ``expected`` is what the policy says, ``actual`` what the request has. ``others`` counts the
    further obstacles of the same statement.
    """

    statement: StatementRef
    part: Part
    difference: Difference
    route: Route
    expected: tuple[str, ...] = ()
    actual: tuple[str, ...] = ()
    key: str | None = None
    operator: str | None = None
    piece: tuple[int, int] | None = None
    others: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """Why a check, or a statement in it, is not settled: condition keys without a known value, or something missing."""

    reason: str
    keys: tuple[str, ...] = ()
    statement: StatementRef | None = None
    missing: Missing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of an evaluation. Every effect but ALLOW and NO_IMPACT has a ``reason`` that can stand alone.

    Attributes:
        type: which check.
        effect: what it comes to.
        reason: one sentence, lower case, without a final period.
        target: for SCPs and RCPs the root, OU or account of this level.
        matched: the deciding statements: the denying ones for EXPLICIT_DENY, the allowing ones otherwise.
        nearest: for IMPLICIT_DENY the Allow statements that came closest, nearest first.
        undecided: for UNKNOWN, what would settle it.
        policies: names of the policies that were looked at.
        evidence: where this comes from.
    """

    type: CheckType
    effect: Effect
    reason: str
    target: str | None = None
    matched: tuple[StatementRef, ...] = ()
    nearest: tuple[NearMiss, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    policies: tuple[str, ...] = ()
    evidence: Evidence = Evidence.COMPUTED

    @property
    def blocks(self) -> bool:
        """True if this check certainly stops the request."""
        return self.effect in {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFact:
    """One condition key that the decision looked at: its values, or that it is absent or unknown, and how we know."""

    key: str
    values: tuple[str, ...] | None
    known: bool
    evidence: Evidence
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One (action, resource) pair with all its checks, in AWS's order."""

    action: str
    resource: str
    effect: Effect
    checks: tuple[Check, ...]
    context: tuple[ContextFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """One thing that an otherwise settled decision still depends on.

    ``text`` completes the sentence "allowed provided that …".
    """

    check: CheckType
    text: str
    keys: tuple[str, ...] = ()
    missing: Missing | None = None
    statement: StatementRef | None = None


class Explained(NamedTuple):
    """What a decision says beside the request, the effect and the deciding checks."""

    evaluations: tuple[Evaluation, ...]
    residual: tuple[Residual, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Later):
    """The answer to one request.

    ``evaluations``, ``residual`` and ``assumptions`` of what :func:`sagepass.authorize` returns are worked out when one of them is
    first read; a decision of which only the effect is looked at costs next to nothing.

    Attributes:
        request: what was asked, with the resource account filled in.
        effect: ALLOW, IMPLICIT_DENY, EXPLICIT_DENY or UNKNOWN.
        decided_by: the checks that decide, in AWS's order (see ``check types``).
        evaluations: one per (action, resource) pair; one for a single request.
        residual: for UNKNOWN, what it still depends on.
        assumptions: what was taken for granted because nothing says otherwise.
    """

    request: Request
    effect: Effect
    decided_by: tuple[CheckType, ...]
    evaluations: tuple[Evaluation, ...]
    residual: tuple[Residual, ...] = ()
    assumptions: tuple[str, ...] = field(default=())

    @classmethod
    def answering(
        cls, request: Request, effect: Effect, decided_by: tuple[CheckType, ...], rest: Callable[[], Explained]
    ) -> Self:
        """A decision of which the answer is known; ``rest`` returns all else when some of it is first read."""
        made = object.__new__(cls)
        made.put_off(rest)
        _set_request(made, request)
        _set_effect(made, effect)
        _set_decided_by(made, decided_by)
        return made

    def fill(self, found: Explained) -> None:
        """Set what :meth:`answering` left."""
        _set_evaluations(self, found.evaluations)
        _set_residual(self, found.residual)
        _set_assumptions(self, found.assumptions)

    @property
    def checks(self) -> tuple[Check, ...]:
        """All checks of all evaluations."""
        return tuple(check for evaluation in self.evaluations for check in evaluation.checks)

    @property
    def blocking(self) -> tuple[Check, ...]:
        """The checks that certainly stop the request."""
        return tuple(check for check in self.checks if check.blocks)


_set_request, _set_effect, _set_decided_by, _set_evaluations, _set_residual, _set_assumptions = (
    Decision.__dict__[name].__set__ for name in Decision.__slots__
)
"""They set the fields of a frozen record; quicker than ``object.__setattr__``, which looks each up by its name."""


__all__ = [
    "Check",
    "ContextFact",
    "Decision",
    "Difference",
    "Evaluation",
    "NearMiss",
    "Obstacle",
    "Residual",
    "StatementRef",
    "Undecided",
]
