"""What a code means: the pages of all rooms in one place."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module

from sagepass.source.finding import CodeDoc

_ROOMS = (
    "sagepass.jobs.codes",
    "sagepass.jobs.compare_snapshots.codes",
    "sagepass.jobs.lint.codes",
    "sagepass.jobs.preflight.codes",
    "sagepass.jobs.share.codes",
    "sagepass.policy.codes",
    "sagepass.snapshot.codes",
    "sagepass.calls.read.codes",
)


class UnknownCodeError(Exception):
    """There is no page for this code.

    Attributes:
        message: the fact, in lower case.
        remedy: the codes that may have been meant.
    """

    def __init__(self, code: str, near: list[str]) -> None:
        self.message = f"there is no code {code!r}"
        self.remedy = f"did you mean {' or '.join(near)}?" if near else "sagepass explain lists all codes"
        super().__init__(self.message)


def all_codes() -> tuple[CodeDoc, ...]:
    """Every page: those of verdicts and checks first, then those of findings about policies, snapshots and calls."""
    return tuple(_pages().values())


def find_code(code: str) -> CodeDoc:
    """The page of a code, in any case; ``error[CODE]`` and ``[CODE]`` are read as the code.

    Raises:
        UnknownCodeError: there is none; it names the nearest.
    """
    bare = code.rpartition("[")[2].rstrip("]:").strip().upper().replace("-", "_")
    page = _pages().get(bare)
    if page is None:
        raise UnknownCodeError(code, get_close_matches(bare, list(_pages()), n=2, cutoff=0.6))
    return page


@cache
def _pages() -> dict[str, CodeDoc]:
    found: dict[str, CodeDoc] = {}
    for room in _ROOMS:
        for page in import_module(room).CODES:
            found[page.code] = page
    return found
