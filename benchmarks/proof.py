"""How fast policies are compared: named pairs, all pairs of the SageMaker managed policies, and cvc5 on the same questions.

Run it with ``PYTHONPATH=src:. python benchmarks/proof.py [PAIRS_FOR_CVC5]``. A comparison includes deciding every witness
again. Times are processor time. Policies are compiled before, which is printed apart. The pairs that cvc5 is asked about are
kept apart from the others, so that each is met for the first time, in a process that knows their policies from other pairs.
Without cvc5 its part is left out.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import permutations
from random import Random
from typing import Any, TypeAlias

from tests.proof.smt import more_than

from sagepass.catalog.managed_policies import managed_policy, managed_policy_names
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.proof.compare import compare_documents
from sagepass.proof.policy_formula import compiled
from sagepass.source.origin import Origin

Pair: TypeAlias = tuple[str, str]
"""The names of an old and a new policy."""
MAX_SECONDS, MAX_MEDIAN_MS = 10.0, 0.5
FULL, READ = "AmazonSageMakerFullAccess", "AmazonSageMakerReadOnly"
TEAM_A = {
    "Effect": "Allow",
    "Action": "sagemaker:CreateTrainingPlan",
    "Resource": "arn:aws:sagemaker:*:*:training-plan/team-a-*",
}


def load(name: str, *more: dict[str, Any]) -> Document:
    found = managed_policy(name)
    assert found is not None
    value = json.loads(json.dumps(found.document))
    value["Statement"] += more
    return parse_document(value, origin=Origin(name=name, value=value), policy_type=PolicyType.IDENTITY_BASED_POLICY)


def named() -> None:
    tasks = (
        ("FullAccess + 1 against FullAccess", load(FULL), load(FULL, TEAM_A)),
        ("FullAccess against FullAccess + 1", load(FULL, TEAM_A), load(FULL)),
        ("FullAccess against itself", load(FULL), load(FULL)),
        ("ReadOnly against FullAccess", load(FULL), load(READ)),
        ("FullAccess against ReadOnly", load(READ), load(FULL)),
        ("FullAccess against ReadOnlyAccess", load("ReadOnlyAccess"), load(FULL)),
        ("ReadOnlyAccess against FullAccess", load(FULL), load("ReadOnlyAccess")),
        ("FullAccess against PowerUserAccess", load("PowerUserAccess"), load(FULL)),
        ("FullAccess against AdministratorAccess", load("AdministratorAccess"), load(FULL)),
    )
    print(f"{'question':42} {'verdict':8} {'first':>9} {'all':>9}  classes that differ")
    for name, old, new in tasks:
        compare_documents(old, new)
        first, whole = [], []
        for _ in range(7):
            start = time.process_time()
            compare_documents(old, new, first_only=True)
            first.append(time.process_time() - start)
            start = time.process_time()
            result = compare_documents(old, new)
            whole.append(time.process_time() - start)
        print(
            f"{name:42} {result.verdict:8} {statistics.median(first) * 1000:6.2f} ms {statistics.median(whole) * 1000:6.2f} ms"
            f"  {len(result.differences)}"
        )


def all_pairs(documents: list[Document], kept: set[Pair]) -> bool:
    """All ordered pairs but those that are kept for later."""
    times: list[float] = []
    verdicts: Counter[str] = Counter()
    for old in documents:
        for new in documents:
            if (old.origin.name, new.origin.name) in kept:
                continue
            start = time.process_time()
            verdicts[compare_documents(old, new, first_only=True).verdict] += 1
            times.append(time.process_time() - start)
    times.sort()
    whole, median = sum(times), statistics.median(times) * 1000
    print(
        f"{len(times)} of the {len(documents) ** 2} ordered pairs of {len(documents)} SageMaker policies: {whole:.1f} s, median {median:.2f} ms, "
        f"p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, most {times[-1] * 1000:.0f} ms; {dict(verdicts)}"
    )
    met = whole < MAX_SECONDS and median < MAX_MEDIAN_MS
    print(
        "within the bounds" if met else f"over the bounds of {MAX_SECONDS:.0f} s and {MAX_MEDIAN_MS} ms at the median"
    )
    return met


def against_cvc5(documents: dict[str, Document], pairs: list[Pair]) -> None:
    """Pairs that neither has met, each asked once, by turns one or the other first."""
    try:
        from tests.proof.test_oracle import satisfiable  # noqa: PLC0415 - cvc5 is optional
    except BaseException as missing:  # noqa: BLE001 - pytest's Skipped is no Exception
        print(f"cvc5 is not installed: left out ({type(missing).__name__})")
        return
    ratios, own, other = [], [], []
    agreed: Counter[bool | None] = Counter()
    for number, (one, two) in enumerate(pairs):
        old, new = documents[one], documents[two]
        keys = tuple({c.key for d in (old, new) for s in d.statements for c in s.conditions})
        script = more_than(_value(old), _value(new), keys)
        if number % 2:
            answer, theirs = _timed(satisfiable, script)
            result, ours = _timed(compare_documents, old, new, first_only=True)
        else:
            result, ours = _timed(compare_documents, old, new, first_only=True)
            answer, theirs = _timed(satisfiable, script)
        agreed[None if answer is None else answer is (result.verdict == "REFUTED")] += 1
        own.append(ours)
        other.append(theirs)
        ratios.append(theirs / ours)
    print(
        f"{len(pairs)} pairs met for the first time against cvc5: own median {statistics.median(own) * 1000:.2f} ms, "
        f"cvc5 median {statistics.median(other) * 1000:.1f} ms, median ratio {statistics.median(ratios):.0f}; "
        f"same answer {agreed[True]}, another {agreed[False]}, cvc5 gave up {agreed[None]}"
    )


def _timed(asked: Callable[..., Any], *given: object, **more: object) -> tuple[Any, float]:
    start = time.process_time()
    answer = asked(*given, **more)
    return answer, time.process_time() - start


def _value(document: Document) -> dict[str, Any]:
    value = document.origin.value
    assert isinstance(value, dict)
    statements = value["Statement"]
    return {**value, "Statement": statements if isinstance(statements, list) else [statements]}


def _sayable(document: Document) -> bool:
    """Whether the SMT-LIB text of the tests can say it: without policy variables and set operators."""
    text = json.dumps(document.origin.value)
    operators = {c.operator for s in document.statements for c in s.conditions}
    known = {"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "ArnLike", "ArnEquals", "Bool", "Null"}
    simple = all(str(o).removesuffix("IfExists") in known for o in operators)
    stars = any(
        "*" in e.value.rstrip("*") and "s3:::" in e.value for s in document.statements for e in s.resources or ()
    )
    return "${" not in text and simple and not stars


def main() -> int:
    start = time.process_time()
    names = [name for name in managed_policy_names() if "sagemaker" in name.lower()]
    documents = {name: load(name) for name in names}
    for document in documents.values():
        for item in compiled(document):
            assert item.mask >= 0
    print(f"{len(names)} policies loaded and compiled, cold: {time.process_time() - start:.2f} s")
    named()
    plain = [name for name in names if _sayable(documents[name])]
    kept = list(permutations(plain, 2))
    Random(7).shuffle(kept)
    met = all_pairs(list(documents.values()), set(kept))
    against_cvc5(documents, kept[: int(sys.argv[1]) if len(sys.argv) > 1 else len(kept)])
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
