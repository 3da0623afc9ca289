"""What is proven of the documents of a plan: for people, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sagepass.jobs.share.proofs import ShareProof
from sagepass.proof.comparison import Difference
from sagepass.proof.verdict import Verdict
from sagepass.render.page import Page

_STYLES = {Verdict.PROVEN: "bold green", Verdict.REFUTED: "bold red", Verdict.UNKNOWN: "bold yellow"}
_COLUMN = 15


def render_proofs(page: Page, proofs: Sequence[ShareProof]) -> None:
    """One line for each claim, with all the documents that it is about; what is not proven says why."""
    if not proofs:
        return
    page.blank()
    page.line(("and for every caller, action, resource and condition key", "bold"))
    grouped: dict[tuple[Verdict, str, str], list[str]] = {}
    for proof in proofs:
        grouped.setdefault((proof.answer.verdict, proof.sentence, _but(proof)), []).append(proof.document)
    for (verdict, sentence, but), names in grouped.items():
        page.line(
            (verdict.ljust(_COLUMN), _STYLES[verdict]), f"{sentence} {_in_a_row(names)}{but}", indent=2, hang=_COLUMN
        )


def failure_words(proof: ShareProof) -> str:
    """The claim, and what speaks against it."""
    return f"{proof.sentence} {proof.document}{_but(proof)}"


def failure_sentence(proofs: Iterable[ShareProof]) -> str:
    """The first claim that does not hold of a document of the plan itself."""
    failed = next(proof for proof in proofs if proof.fails)
    return f"{failed.document} allows more than is stated{_but(failed)}"


def _but(proof: ShareProof) -> str:
    answer = proof.answer
    if answer.differences:
        return f"; yet {_request(answer.differences[0])}"
    return f"; {answer.open[0].reason}" if answer.open else ""


def _request(difference: Difference) -> str:
    witness = difference.witness
    return f"{difference.who or witness.principal} can {witness.action} on {witness.resource}"


def _in_a_row(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def proof_to_json(proof: ShareProof) -> dict[str, Any]:
    """One claim (``share.schema.json``)."""
    answer = proof.answer
    return {
        "piece": proof.piece,
        "document": proof.document,
        "claim": proof.claim.value,
        "sentence": f"{proof.sentence} {proof.document}",
        "verdict": answer.verdict.value,
        "witnesses": [
            {"who": item.who, "actions": list(item.actions), "request": item.witness.request()}
            for item in answer.differences
        ],
        "open": [item.reason for item in answer.open],
        "basis": {
            "catalog": answer.basis.catalog,
            "layers": list(answer.basis.layers),
            "taken": list(answer.basis.taken),
        },
    }
