"""Exact statements about all requests at once: sets of requests, containment, difference, witnesses.

The names below are what others build on; each is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sagepass.proof.compare import compare_documents
    from sagepass.proof.comparison import Comparison, Difference
    from sagepass.proof.granted import not_granted
    from sagepass.proof.public import reachable_from_outside
    from sagepass.proof.verdict import Verdict, Witness

_HOMES = {
    "Comparison": "sagepass.proof.comparison",
    "Difference": "sagepass.proof.comparison",
    "Verdict": "sagepass.proof.verdict",
    "Witness": "sagepass.proof.verdict",
    "compare_documents": "sagepass.proof.compare",
    "not_granted": "sagepass.proof.granted",
    "reachable_from_outside": "sagepass.proof.public",
}

__all__ = [
    "Comparison",
    "Difference",
    "Verdict",
    "Witness",
    "compare_documents",
    "not_granted",
    "reachable_from_outside",
]


def __getattr__(name: str) -> object:
    """Load a name from the file that it lives in."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - each name is loaded when it is used

    return getattr(import_module(home), name)
