"""Measures decisions a second, beside other evaluators of IAM policies in the same run.

Run ``python benchmarks/decisions.py [ROUNDS]``. Two worlds: a user with one small policy, and a role session with
AmazonSageMakerFullAccess, a permissions boundary and three levels of service control policies. The same thousand requests
go to everyone, round after round, all engines in turn, so that what else the machine does meets all of them.

An explanation is worked out when it is first read. "Asked for" is a new decision, with its effect and the checks that decide,
of which nothing else is read; "read" is one with every check, statement, near miss, context key and text made. It is "kept" when a
request that differs in nothing that was asked for was explained before. It is "new" when none was, while a thousand other requests
of the same caller were: their explanations are not this one, and share records of checks with it. With "all forgotten" nothing
was explained before the first of the thousand requests. In all of them the index was filled by deciding. "First time" is a
deciding statement for a caller, action and resource that were never seen together. Seconds are those that the processor worked for
the process, which other work on the machine disturbs least.
"""

from __future__ import annotations

import gc
import operator
import statistics
import sys
import time
from collections.abc import Callable

from benchmarks.shared.peers import Peers
from benchmarks.shared.worlds import (
    ACCOUNT,
    ALLOW_ALL,
    BOUNDARY_POLICY,
    FULL_ACCESS,
    SCP_ROOT,
    SCP_UNIT,
    requests,
    sagemaker_world,
)

from sagepass.catalog.managed_policies import managed_policy
from sagepass.engine.compiled import Compiled
from sagepass.engine.request import Request
from sagepass.policy.kinds import Effect
from sagepass.snapshot.snapshot import Snapshot

COUNT = 1000
DECIDE = "FullAccess world: deciding statement"
ASKED = "FullAccess world: explanation, asked for"
KEPT = "FullAccess world: explanation, read, kept"
READ = "FullAccess world: explanation, read, new"
FORGOTTEN = "FullAccess world: explanation, read, all forgotten"
OTHERS_SEED = 5


def seconds(ask: Callable[[Request], object], asked: list[Request], repeat: int = 10) -> float:
    """One pass over the requests: the mean of some in a row, since ours are short."""
    start = time.process_time()
    for _ in range(repeat):
        for request in asked:
            ask(request)
    return (time.process_time() - start) / repeat


def workload(asked: list[Request]) -> dict[str, object]:
    found = managed_policy(FULL_ACCESS)
    assert found is not None
    return {
        "identity": [found.document],
        "boundary": [BOUNDARY_POLICY],
        "levels": [[ALLOW_ALL, SCP_ROOT], [ALLOW_ALL, SCP_UNIT], [ALLOW_ALL]],
        "requests": [
            {
                "principal": request.principal,
                "action": request.action,
                "resource": request.resource,
                "account": ACCOUNT,
                "context": {**request.context, "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/scientists"},
            }
            for request in asked
        ],
    }


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    asked = requests(COUNT)
    small = requests(COUNT, principal=f"arn:aws:iam::{ACCOUNT}:user/small")
    snapshot = sagemaker_world()
    home, third = Compiled(snapshot), _filled(snapshot, asked)
    others, small_others = (
        requests(COUNT, seed=OTHERS_SEED),
        requests(COUNT, seed=OTHERS_SEED, principal=small[0].principal),
    )
    other = _filled(snapshot, [*small, *asked, *others, *small_others])
    new, small_new = _never_explained(other, others, asked), _never_explained(other, small_others, small)
    print(
        f"new: {len(new)} of {COUNT} requests, of the small policy {len(small_new)}; the others' explanations were made before"
    )
    allowed = [home.decide(request).effect is Effect.ALLOW for request in asked]
    ways: dict[str, Callable[[], float]] = {
        "small policy: deciding statement": lambda: seconds(home.decide, small),
        "small policy: explanation, asked for": lambda: seconds(home.explain, small),
        "small policy: explanation, read, kept": lambda: seconds(lambda request: _read(home, request), small),
        "small policy: explanation, read, new": lambda: _new(other, small_others, small_new),
        "small policy: explanation, read, all forgotten": lambda: _forgotten(other, small),
        DECIDE: lambda: seconds(home.decide, asked),
        ASKED: lambda: seconds(home.explain, asked),
        KEPT: lambda: seconds(lambda request: _read(home, request), asked),
        "FullAccess world: deciding, first time": lambda: _first_time(third, asked),
        "index empty: deciding statement": lambda: seconds(Compiled(snapshot).decide, asked, repeat=1),
        READ: lambda: _new(other, others, new),
        FORGOTTEN: lambda: _forgotten(other, asked),
    }
    with Peers(workload(asked)) as peers:
        same = {name: sum(map(operator.eq, allowed, peers.one_pass(name)[1])) for name in peers.names}
        for way in ways.values():
            way()
        passes: list[dict[str, float]] = []
        for _ in range(rounds):
            took = {name: way() for name, way in ways.items()}
            took.update((name, peers.one_pass(name)[0]) for name in peers.names)
            passes.append(took)
    print(f"median of {rounds} rounds, all in turn; ratios are medians of the ratios of each round\n")
    for name in passes[0]:
        print(f"{name:52}{COUNT / statistics.median(took[name] for took in passes):>12,.0f} decisions/s")
    print(
        f"\n{'faster than':34}{'deciding':>10}{'asked for':>10}{'read, kept':>11}{'read, new':>10}{'forgotten':>10}   same answers"
    )
    for name in peers.names:
        ratios = [
            statistics.median(took[name] / took[own] for took in passes)
            for own in (DECIDE, ASKED, KEPT, READ, FORGOTTEN)
        ]
        print(f"{name:34}{''.join(f'{ratio:>9,.1f}x' for ratio in ratios)}   {same[name]} of {COUNT}")
    return 0


def _never_explained(home: Compiled, before: list[Request], asked: list[Request]) -> list[Request]:
    """The requests whose explanation is no other's: neither that of a request before, nor that of one of them."""
    read = [home.explain(request).evaluations for request in before]
    found = []
    for request in asked:
        evaluations = home.explain(request).evaluations
        if not any(evaluations is other for other in read):
            found.append(request)
        read.append(evaluations)
    return found


def _new(home: Compiled, before: list[Request], asked: list[Request]) -> float:
    """Explanations that were never made before, after others were; what it takes for as many as there are of the other requests."""
    home.forget_explanations()
    for request in before:
        _read(home, request)
    gc.collect()  # what was forgotten is not the garbage of these
    return seconds(lambda request: _read(home, request), asked, repeat=1) * COUNT / len(asked)


def _forgotten(home: Compiled, asked: list[Request]) -> float:
    """Explanations where nothing was ever explained, from an index that is filled."""
    home.forget_explanations()
    gc.collect()
    return seconds(lambda request: _read(home, request), asked, repeat=1)


def _read(home: Compiled, request: Request) -> object:
    """A decision of which everything is made."""
    decision = home.explain(request)
    return decision.evaluations, decision.residual


def _first_time(home: Compiled, asked: list[Request]) -> float:
    """Deciding statements from an index that is filled, for callers, actions and resources never seen together."""
    home.sides.sites.clear()
    return seconds(home.decide, asked, repeat=1)


def _filled(snapshot: Snapshot, asked: list[Request]) -> Compiled:
    home = Compiled(snapshot)
    for request in asked:
        home.decide(request)
    return home


if __name__ == "__main__":
    sys.exit(main())
