"""Measures decisions a second, beside other evaluators of IAM policies in the same run.

Run ``python benchmarks/decisions.py [ROUNDS]``. Two worlds: a user with one small policy, and a role session with
AmazonSageMakerFullAccess, a permissions boundary and three levels of service control policies. The same thousand requests
go to everyone; each figure is the median of the passes after the first, each ratio that of two medians.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from benchmarks.shared.peers import run_peers
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

COUNT = 1000


def rate(ask: Callable[[Request], object], asked: list[Request], rounds: int) -> float:
    """Decisions a second: the median of some passes; the first one, which fills the index, does not count."""
    seconds = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        for request in asked:
            ask(request)
        seconds.append(time.perf_counter() - start)
    return len(asked) / statistics.median(seconds[1:])


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
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    asked = requests(COUNT)
    small = requests(COUNT, principal=f"arn:aws:iam::{ACCOUNT}:user/small")
    home = Compiled(sagemaker_world())
    start = time.perf_counter()
    first = [home.decide(request) for request in asked]
    cold = COUNT / (time.perf_counter() - start)
    ours = {
        "one small policy, deciding statement": rate(home.decide, small, rounds),
        "one small policy, full explanation": rate(home.explain, small, max(1, rounds // 3)),
        "FullAccess, boundary, 3 SCP levels, deciding statement": rate(home.decide, asked, rounds),
        "FullAccess, boundary, 3 SCP levels, full explanation": rate(home.explain, asked, max(1, rounds // 3)),
    }
    print(f"{'first pass, index still empty':58} {cold:>12,.0f} decisions/s")
    for name, found in ours.items():
        print(f"{name:58} {found:>12,.0f} decisions/s")
    short, long = list(ours.values())[2:]
    allowed = [verdict.effect is Effect.ALLOW for verdict in first]
    print(f"\n{'beside (FullAccess, boundary, 3 SCP levels)':34}{'decisions/s':>12}{'short':>9}{'full':>9}   same answer")
    for peer in run_peers(workload(asked), 3):
        median = COUNT / statistics.median(peer.seconds[1:])
        same = sum(a == b for a, b in zip(allowed, peer.allowed, strict=True))
        print(f"{peer.name:34}{median:>12,.0f}{short / median:>8,.0f}x{long / median:>8,.1f}x   {same} of {COUNT}")
    again = rate(home.decide, asked, rounds)
    print(f"\n{'deciding statement, measured again at the end':58} {again:>12,.0f} decisions/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
