"""Those outside the snapshots whom a policy of a resource, or the trust policy of a role, lets in now and did not before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sagepass.jobs.compare_snapshots.record import Direction, Group, Holder, Side
from sagepass.jobs.compare_snapshots.sides import key_of
from sagepass.jobs.decide_in_bulk import decide_by_size
from sagepass.jobs.requests_that_fit import fits
from sagepass.jobs.who_can.asking import Able, Asker
from sagepass.jobs.who_can.named import Named as Names
from sagepass.jobs.who_can.named import named_by
from sagepass.jobs.who_can.record import Basis, Certainty
from sagepass.jobs.who_can.record import Holder as Named
from sagepass.snapshot.snapshot import Snapshot


def outside_changes(
    before: Snapshot,
    after: Snapshot,
    asked: Iterable[tuple[str, Sequence[str]]],
    context: Mapping[str, object],
) -> Iterator[Group]:
    """One group for each request and outsider whose access changed.

    Args:
        before: the old snapshot.
        after: the new one.
        asked: the resources of which the policies differ, each with the actions that this can touch.
        context: condition keys of every request.
    """
    for resource, actions in asked:
        candidates = _together(*(_candidates(snapshot, resource) for snapshot in (before, after)))
        for action in actions:
            if not fits(action, resource):
                continue
            old, new = (_let_in(snapshot, candidates, action, resource, context) for snapshot in (before, after))
            for named in dict.fromkeys((*new, *old)):
                direction = _direction(old.get(named), new.get(named))
                if direction is not None:
                    yield Group(
                        direction=direction,
                        who=(Holder(name=named.name, label=named.label, account=named.account, inside=False),),
                        requests=((action, (resource,)),),
                        before=_side(old.get(named)),
                        after=_side(new.get(named)),
                    )


def _candidates(snapshot: Snapshot, resource: str) -> Names:
    grants, _ = snapshot.key_grants(resource)
    return named_by(snapshot.resource_policy(resource), [grant.grantee for grant in grants])


def _together(old: Names, new: Names) -> Names:
    """Everyone whom either policy names: both snapshots are asked about the same."""
    return Names(
        accounts=tuple(dict.fromkeys((*old.accounts, *new.accounts))),
        identities=tuple(dict.fromkeys((*old.identities, *new.identities))),
        services=tuple(dict.fromkeys((*old.services, *new.services))),
        providers=tuple(dict.fromkeys((*old.providers, *new.providers))),
        everyone=old.everyone or new.everyone,
    )


def _let_in(
    snapshot: Snapshot, candidates: Names, action: str, resource: str, context: Mapping[str, object]
) -> dict[Named, Basis]:
    asker = Asker(snapshot=snapshot, decide_many=decide_by_size, context=context)
    able: Iterable[Able] = asker.outsiders(candidates, action, resource)
    return {one.holder: one.basis for one in able}


def _direction(old: Basis | None, new: Basis | None) -> Direction | None:
    """From this side only: what an outsider's own account says counts as if it allowed it."""
    was, now = _certain(old), _certain(new)
    if now and was is None:
        return Direction.GAINED
    if was and now is None:
        return Direction.LOST
    if was == now:
        same = was or was is None or key_of(_side(old)) == key_of(_side(new))
        return None if same else Direction.OPEN
    return Direction.MAY_GAIN if now or was is None else Direction.MAY_LOSE


def _certain(basis: Basis | None) -> bool | None:
    """``None`` for no access, whether it is certain as far as this side goes else."""
    return None if basis is None else basis.certainty is not Certainty.CONDITIONAL


def _side(basis: Basis | None) -> Side:
    return Side() if basis is None else Side(by=basis.grants, conditions=(*basis.conditions, *basis.theirs))
