"""Asks who can do one thing, and remembers the answers: for the request itself and for every step toward a role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sagepass.engine.authorize import inputs_of
from sagepass.engine.decide import decide
from sagepass.engine.decision import Decision
from sagepass.engine.request import Request
from sagepass.jobs.decide_many import DecideMany, Progress, decision_of
from sagepass.jobs.who_can.basis import basis_of
from sagepass.jobs.who_can.named import Named
from sagepass.jobs.who_can.outsiders import Outsider, decide_outsider, may_call, outsiders, request_of
from sagepass.jobs.who_can.record import Basis, Holder, HolderKind
from sagepass.policy.arn import parse_arn
from sagepass.policy.kinds import Effect
from sagepass.repair.option import name_of
from sagepass.snapshot.principals import PrincipalKind
from sagepass.snapshot.snapshot import Snapshot

_MFA = "aws:multifactorauth"
_WITHOUT_MFA: Mapping[str, object] = {"aws:MultiFactorAuthPresent": None, "aws:MultiFactorAuthAge": None}

_LEFT_TO_THEM = frozenset({HolderKind.OUTSIDE_PRINCIPAL, HolderKind.OUTSIDE_ACCOUNT, HolderKind.ANY_ACCOUNT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """One holder who can, or may be able to.

    ``assumed`` is the basis for a session of the role that AssumeRole opened, ``None`` if such a session cannot do it.
    """

    holder: Holder
    basis: Basis
    assumed: Basis | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Asker:
    """One question for many holders.

    Attributes:
        snapshot: the saved accounts.
        decide_many: the engine for the principals of the snapshot.
        context: condition keys of the request.
        progress: told how far it is.
    """

    snapshot: Snapshot
    decide_many: DecideMany
    context: Mapping[str, object]
    progress: Progress | None = None

    def principals(self, arns: Sequence[str], action: str, resource: str) -> Iterator[Able]:
        """The users, roles and roots among ``arns`` that can; calls that carry a token have no such caller."""
        if action.lower().startswith("sts:assumerolewith"):
            return
        cells = self.decide_many(self.snapshot, arns, [action], [resource], self.context, progress=self.progress)
        for cell in cells:
            decision = decision_of(cell, self.snapshot, self.context)
            holder = holder_of(cell.principal, self.snapshot)
            assumed = self._assumed(decision) if holder.kind is HolderKind.ROLE else None
            yield Able(holder=holder, basis=basis_of(decision), assumed=assumed)

    def outsiders(
        self, named: Named, action: str, resource: str, *, fits: Callable[[Outsider], bool] = lambda _outsider: True
    ) -> Iterator[Able]:
        """Those whom a policy names and the snapshot does not hold, that can."""
        parts = parse_arn(resource)
        partition = parts.partition if parts else "aws"
        for outsider in outsiders(named, self.snapshot, action=action, partition=partition):
            if not may_call(action, outsider) or not fits(outsider):
                continue
            request = request_of(outsider, action, resource, self.context)
            decision = decide_outsider(outsider, request, self.snapshot)
            if decision is not None and decision.effect in {Effect.ALLOW, Effect.UNKNOWN}:
                theirs = outsider.holder.account or "" if outsider.holder.kind in _LEFT_TO_THEM else None
                yield Able(holder=outsider.holder, basis=basis_of(decision, outside=theirs))

    def _assumed(self, decision: Decision) -> Basis | None:
        """The same for a session that AssumeRole opened: it carries nothing about multi-factor authentication.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
        """
        if not any(key.lower().startswith(_MFA) for item in decision.residual for key in item.keys):
            return basis_of(decision)
        request = replace(decision.request, context={**self.context, **_WITHOUT_MFA})
        again = decide(inputs_of(request, self.snapshot))
        return basis_of(again) if again.effect in {Effect.ALLOW, Effect.UNKNOWN} else None


def holder_of(arn: str, snapshot: Snapshot) -> Holder:
    """A principal of the snapshot as a holder."""
    record = snapshot.principal(arn)
    parts = parse_arn(arn)
    account = parts.account if parts else None
    if record is None:
        return Holder(kind=HolderKind.ROOT, name=arn, account=account, label=f"the root user of account {account}")
    kind = HolderKind.USER if record.kind is PrincipalKind.USER else HolderKind.ROLE
    label = name_of(arn)
    if record.permission_set:
        label += f" (permission set {record.permission_set} of IAM Identity Center)"
    return Holder(kind=kind, name=record.arn, account=record.account, label=label)


def request_for(principal: str, action: str, resource: str) -> Request:
    """A bare request, to look up what the engine would look up."""
    return Request(principal=principal, action=action, resource=resource)
