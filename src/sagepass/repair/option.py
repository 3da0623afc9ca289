"""One candidate way past one check, before it is applied and tried."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sagepass.engine.decision import Check, Decision, Evaluation
from sagepass.engine.request import Request
from sagepass.policy.arn import account_of
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.repair.fix import Edit
from sagepass.snapshot.principals import PrincipalRecord
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an edit makes possible: for whom, which actions, on which resources, under which conditions (JSON text)."""

    principal: str
    action: str
    resource: str
    conditions: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A candidate for one check.

    Attributes:
        title: an imperative.
        edits: changes of policies.
        request: another request to make instead; ``None`` if the request stays.
        steps: what to do, for advice and for other requests.
        breadth: how much more than this one request it lets through; 0 is exactly this request. Sorting is by it.
        grants: all that becomes allowed.
        warnings: what to know first.
        placeholder: something is left to fill in.
    """

    title: str
    edits: tuple[Edit, ...] = ()
    request: Request | None = None
    steps: tuple[str, ...] = ()
    breadth: int = 0
    grants: tuple[Grant, ...] = ()
    warnings: tuple[str, ...] = ()
    placeholder: bool = False

    @property
    def advice(self) -> bool:
        """True if there is nothing that could be applied and tried."""
        return not self.edits and self.request is None


@dataclass(frozen=True, kw_only=True, eq=False)
class Situation:
    """One check that stands in the way, with all that a candidate is built from."""

    request: Request
    snapshot: Snapshot
    decision: Decision
    evaluation: Evaluation
    check: Check

    @property
    def action(self) -> str:
        """The action of the evaluation."""
        return self.evaluation.action

    @property
    def resource(self) -> str:
        """The resource of the evaluation; it may hold wildcards for unknown parts."""
        return self.evaluation.resource

    @cached_property
    def record(self) -> PrincipalRecord | None:
        """The user or role behind the caller, if the snapshot has it."""
        return self.snapshot.principal(self.identity_arn)

    @cached_property
    def identity_arn(self) -> str:
        """The ARN of the identity whose policies count: a federated user has those of the user who federated it."""
        if self.caller_as_named.kind is CallerKind.FEDERATED_USER and self.request.federated_by:
            return self.request.federated_by
        return self.request.principal

    @cached_property
    def caller_as_named(self) -> Caller:
        """The caller as the request names it."""
        return parse_caller(self.request.principal, federated_by=self.request.federated_by)

    @cached_property
    def caller(self) -> Caller:
        """The caller with the path that the account's records give its role."""
        found = self.snapshot.principal(self.request.principal)
        return self.caller_as_named.known_as(path=found.path if found else None)

    @cached_property
    def principal_arn(self) -> str | None:
        """What ``aws:PrincipalArn`` holds in the request."""
        return self.caller.principal_arn

    @cached_property
    def resource_account(self) -> str | None:
        """The account that owns the resource."""
        request = self.decision.request
        return request.resource_account or account_of(self.resource) or self.snapshot.resource_account(self.resource)

    @property
    def cross_account(self) -> bool:
        """Whether the resource is known to belong to another account than the caller's."""
        mine, other = self.caller.account, self.resource_account
        return mine is not None and other is not None and mine != other

    @cached_property
    def who(self) -> str:
        """The caller in words."""
        return name_of(self.request.principal)


def name_of(arn: str) -> str:
    """A principal in words: ``user mateojackson``, ``role Execution``, ``sagemaker.amazonaws.com``."""
    try:
        caller = parse_caller(arn)
    except ValueError:
        kind, _, name = arn.rpartition(":")[2].partition("/")
        return f"{kind} {name.rpartition('/')[2]}" if name else arn
    if caller.is_role:
        return f"role {caller.name}"
    if caller.kind is CallerKind.USER:
        return f"user {caller.name}"
    if caller.kind is CallerKind.FEDERATED_USER:
        return f"federated user {caller.name}"
    if caller.kind is CallerKind.ROOT:
        return f"the root user of account {caller.account}"
    return "an anonymous caller" if caller.kind is CallerKind.ANONYMOUS else caller.arn
