"""Measures whole accounts: loading and compiling 1, 100 and 10,000 principals, and who can do what, end to end.

Run ``python benchmarks/bulk.py [PRINCIPALS]``. Every principal has one to three of 40 AWS managed policies, an inline policy
that nobody else has, and one of five boundaries; four accounts have control policies of their own. The grid is all SageMaker
actions times 100 resources. The time "end to end" is from saved answers to the finished matrix: policies are parsed,
indexed and decided in it. A sample of cells is decided one by one and compared. Seconds are those that the processor worked for the
process (one thread), which other work on the machine disturbs least.
"""

from __future__ import annotations

import gc
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks.shared.worlds import large_account, large_grid

from sagepass.engine.bulk import decide_matrix
from sagepass.engine.compare import compare_snapshots
from sagepass.engine.compiled import Compiled
from sagepass.engine.request import Request
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.policy.truth import Truth
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.snapshot import Snapshot

SAMPLE = 2000
TRUTHS = {Effect.ALLOW: Truth.TRUE, Effect.UNKNOWN: Truth.UNKNOWN}


def load_and_compile(count: int) -> None:
    """From files to an index that has answered one question about every principal."""
    with tempfile.TemporaryDirectory() as folder:
        large_account(count).write(Path(folder))
        start = time.process_time()
        snapshot = Snapshot.load(folder)
        principals = [record.arn for record in snapshot.principals()]
        loaded = time.process_time() - start
        home = Compiled(snapshot)
        for principal in principals:
            home.decide(Request(principal=principal, action="sagemaker:ListModels", resource="*"))
        took = time.process_time() - start
    print(f"{count:>7,} principals: loaded in {loaded:6.3f} s, each asked once in {took:6.3f} s")


def whole_account(count: int) -> None:
    snapshot = large_account(count).build()
    actions, resources = large_grid()
    gc.collect()  # what was measured before is not to be cleared away within the time of this
    start = time.process_time()
    matrix = decide_matrix(snapshot, None, actions, resources)
    took = time.process_time() - start
    cells = count * len(actions) * len(resources)
    print(
        f"{count:,} x {len(actions)} x {len(resources)} = {cells / 1e6:,.0f} million decisions in {took:.2f} s, end to end"
    )
    print(
        f"{cells / took / 1e6:,.0f} million decisions/s; {len(matrix.definite):,} rows, {matrix.nbytes / 1e6:,.0f} MB"
    )
    print(f"peak of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    start = time.process_time()
    asked = [(action, place) for action in actions[::9] for place in resources[::9]]
    for action, place in asked:
        matrix.who_can(action, place)
    print(f"who-can on the result: {(time.process_time() - start) / len(asked) * 1e6:,.0f} µs")
    start = time.process_time()
    again = decide_matrix(snapshot, None, actions, resources)
    print(f"the same again, policies parsed and indexed: {time.process_time() - start:.2f} s")
    assert again.counts() == matrix.counts()
    one_change(snapshot, actions, resources)
    rng, home, wrong = Random(3), Compiled(snapshot), 0
    for _ in range(SAMPLE):
        principal, action, place = rng.choice(matrix.principals), rng.choice(actions), rng.choice(resources)
        single = home.decide(Request(principal=principal, action=action, resource=place))
        wrong += matrix.truth(principal, action, place) is not TRUTHS.get(single.effect, Truth.FALSE)
    print(f"{wrong} of {SAMPLE:,} sampled cells differ from the single decision")


def one_change(snapshot: Snapshot, actions: list[str], resources: list[str]) -> None:
    holder = next(snapshot.principals()).arn
    statement = {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"}
    change = PolicyChange(
        holder=holder,
        type=PolicyType.IDENTITY_BASED_POLICY,
        name="own",
        form=PolicyForm.INLINE_ROLE,
        document={"Version": "2012-10-17", "Statement": [statement]},
    )
    start = time.process_time()
    changes = compare_snapshots(snapshot, snapshot.with_changes([change]), actions, resources)
    print(
        f"one policy changed, both sides compared: {time.process_time() - start:.2f} s, {len(changes)} principal differs"
    )


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for principals in (1, 100, count):
        load_and_compile(principals)
    whole_account(count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
