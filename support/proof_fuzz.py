"""Long random runs of the proof engine: ``make fuzz``, or ``python -m support.proof_fuzz REQUESTS SEED``.

Random pairs of small policies are compared until the proven ones have survived that many random requests. Every witness
was decided again by the engine when it was found; here the certificates are verified and the requests are tried.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from random import Random

from tests.proof.policies import Writer, document

from sagepass.policy.kinds import PolicyType
from sagepass.proof.checker import check
from sagepass.proof.compare import compare_documents
from sagepass.proof.replay import shows_difference
from sagepass.proof.verdict import Verdict

EACH = 200
"""Requests for one proven pair."""


def main(requests: int, seed: int) -> int:
    """Run until enough requests were survived; stops at the first that is not."""
    seen: Counter[Verdict] = Counter()
    survived, start = 0, time.perf_counter()
    while survived < requests:
        writer = Writer(Random(seed))
        old = writer.policy()
        new = writer.nearby(old) if seed % 3 else writer.policy()
        was, now = document(old), document(new)
        result = compare_documents(was, now)
        seen[result.verdict] += 1
        if result.certificate is not None:
            check(result.certificate.to_json())
        if result.verdict is Verdict.PROVEN:
            for _ in range(EACH):
                request = writer.request()
                if shows_difference((was,), (now,), PolicyType.IDENTITY_BASED_POLICY, request) is not None:
                    print(f"seed {seed}: proven, and yet:\n{old}\n{new}\n{request}")
                    return 1
                survived += 1
        seed += 1
    print(f"{survived} requests survived in {time.perf_counter() - start:.0f} s; {dict(seen)}; next seed {seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in (*sys.argv[1:], "100000", "0")[:2])))
