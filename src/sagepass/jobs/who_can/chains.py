"""Chains of roles: who may open a session of a role that can, or of one that may open a session of such a role.

Every step is decided on both sides, the caller's own policies and the role's trust policy. The walk goes backwards from
the roles that can, level by level, so that each role is looked at once and the shortest chain is found first.
Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from sagepass.jobs.decide_many import Progress
from sagepass.jobs.who_can.asking import Able, Asker
from sagepass.jobs.who_can.assumers import Assumers
from sagepass.jobs.who_can.named import named_by, principals_in
from sagepass.jobs.who_can.outsiders import Outsider
from sagepass.jobs.who_can.record import Access, Basis, Certainty, Holder, HolderKind, Hop

_ASSUME = "sts:AssumeRole"


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a role. ``assumed``: AssumeRole opened it; otherwise it came in another way, or that is not known."""

    role: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Somebody who can open a session of a role: the first of a chain, or with ``session`` a role in the middle."""

    able: Able
    hop: Hop
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The hops from one session to the request, and what the request rests on."""

    hops: tuple[Hop, ...]
    final: Basis


@dataclass(kw_only=True)
class Chains:
    """The walk over the roles of a snapshot.

    Attributes:
        asker: decides the steps.
        max_hops: the longest chain.
        progress: told how many of the roles of one level are done.
        cut: set if the walk ended because of ``max_hops``.
    """

    asker: Asker
    max_hops: int
    progress: Progress | None = None
    cut: bool = False
    _steps: dict[Session, tuple[Step, ...]] = field(default_factory=dict)
    _assumers: Assumers = field(init=False)

    def __post_init__(self) -> None:
        self._assumers = Assumers(self.asker.snapshot)

    def find(self, direct: Iterable[Able]) -> tuple[Access, ...]:
        """The best chain of each holder: only certain steps if such a chain exists, else the shortest."""
        roles = [able for able in direct if able.holder.kind is HolderKind.ROLE]
        best: dict[Holder, Access] = {}
        for certain_only in (True, False):
            for access in self._walk(roles, certain_only=certain_only):
                best.setdefault(access.holder, access)
        return tuple(best.values())

    def _walk(self, roles: list[Able], *, certain_only: bool) -> list[Access]:
        reached = _ends(roles, certain_only=certain_only)
        frontier = dict(reached)
        found: dict[Holder, Access] = {}
        ways: dict[Holder, set[str]] = {}
        for _ in range(self.max_hops):
            following: dict[Session, Way] = {}
            for number, (session, way) in enumerate(frontier.items(), start=1):
                for step in self._steps_into(session, certain_only=certain_only):
                    longer = Way((step.hop, *way.hops), way.final)
                    if step.session is not None:
                        if step.session not in reached and step.session not in following:
                            following[step.session] = longer
                        continue
                    ways.setdefault(step.able.holder, set()).add(session.role)
                    if not any(hop.role == step.able.holder.name for hop in way.hops):
                        found.setdefault(step.able.holder, _access(step.able.holder, longer))
                if self.progress is not None:
                    self.progress(number, len(frontier))
            reached.update(following)
            frontier = following
        self.cut = self.cut or any(self._into(session) for session in frontier)
        return [replace(access, more_ways=len(ways[access.holder]) - 1) for access in found.values()]

    def _steps_into(self, session: Session, *, certain_only: bool) -> Iterator[Step]:
        for step in self._into(session):
            if not certain_only or step.hop.basis.certainty is Certainty.CERTAIN:
                yield step

    def _into(self, session: Session) -> tuple[Step, ...]:
        """Everyone who can open such a session of the role."""
        if session not in self._steps:
            opened = self._by_assume_role if session.assumed else self._by_others
            self._steps[session] = tuple(opened(session.role))
        return self._steps[session]

    def _by_assume_role(self, role: str) -> list[Step]:
        """Users and roles, of the snapshot and outside, by ``sts:AssumeRole``."""
        named = named_by(self.asker.snapshot.resource_policy(role))
        steps: list[Step] = []
        candidates = principals_in(named, self.asker.snapshot, self._assumers, role)
        inside = [arn for arn in candidates if arn != role]
        for able in self.asker.principals(inside, _ASSUME, role):
            steps.append(Step(able=able, hop=Hop(action=_ASSUME, role=role, basis=able.basis)))
            if able.holder.kind is HolderKind.ROLE:
                steps.extend(_middle(able, role))
        steps += [
            Step(able=able, hop=Hop(action=_ASSUME, role=role, basis=able.basis))
            for able in self.asker.outsiders(named, _ASSUME, role, fits=_has_account)
        ]
        return steps

    def _by_others(self, role: str) -> list[Step]:
        """Services by ``sts:AssumeRole``, identities of a provider by ``sts:AssumeRoleWith…``."""
        named = named_by(self.asker.snapshot.resource_policy(role))
        steps: list[Step] = []
        for action in (_ASSUME, "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"):
            steps.extend(
                Step(able=able, hop=Hop(action=action, role=role, basis=able.basis))
                for able in self.asker.outsiders(named, action, role, fits=partial(_is_service_or_provider, action))
            )
        return steps


def _middle(able: Able, role: str) -> Iterator[Step]:
    """A role that can open the session, as a step on the way from others: by both sorts of its own sessions."""
    for assumed, basis in ((True, able.assumed), (False, able.basis)):
        if basis is not None:
            hop = Hop(action=_ASSUME, role=role, basis=basis)
            yield Step(able=able, hop=hop, session=Session(able.holder.name, assumed))


def _ends(roles: list[Able], *, certain_only: bool) -> dict[Session, Way]:
    """The sessions that can make the request itself."""
    found: dict[Session, Way] = {}
    for able in roles:
        for assumed, basis in ((True, able.assumed), (False, able.basis)):
            if basis is not None and (not certain_only or basis.certainty is Certainty.CERTAIN):
                found[Session(able.holder.name, assumed)] = Way((), basis)
    return found


def _has_account(outsider: Outsider) -> bool:
    return outsider.holder.kind is not HolderKind.SERVICE


def _is_service_or_provider(action: str, outsider: Outsider) -> bool:
    """Services call AssumeRole; whoever makes another call than that is an identity of a provider."""
    return outsider.holder.kind is HolderKind.SERVICE or action != _ASSUME


def _access(holder: Holder, way: Way) -> Access:
    steps = (*(hop.basis for hop in way.hops), way.final)
    return Access(
        holder=holder,
        hops=way.hops,
        final=way.final,
        certainty=max((step.certainty for step in steps), key=lambda certainty: certainty.weight),
        notes=tuple(_notes(holder, way)),
    )


def _notes(holder: Holder, way: Way) -> list[str]:
    notes: list[str] = []
    chained = len(way.hops) > 1 or holder.kind is HolderKind.ROLE
    if chained and any(hop.action == _ASSUME for hop in way.hops):
        notes.append("role chaining: a session that a role's session opens lasts one hour at most")
    if holder.kind is HolderKind.SERVICE:
        notes.append(f"{holder.name} acts with this role for whoever may pass the role to it (iam:PassRole)")
    return notes
