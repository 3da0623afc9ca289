"""Is there a text that matches one pattern of each group and none of the excluded ones? If so, the shortest.

All patterns run side by side in one integer; the product automaton is never built, only searched, breadth first. That
is exact, and fast on what policies hold; the worst case is exponential, so the search has a budget.
Source of the step: R. Baeza-Yates, G. Gonnet, "A new approach to text searching", CACM 35(10), 1992.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from sagepass.proof.budget import Budget
from sagepass.proof.glob import Glob

Group: TypeAlias = frozenset[Glob]

_ORDER = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"
"""Characters that read well, best first."""
_cache: dict[tuple[frozenset[Group], Group], str | None] = {}
_CACHED = 50_000


def find_text(required: Collection[Group], excluded: Group, budget: Budget) -> str | None:
    """The shortest text in the intersection of the groups and outside of the excluded patterns; ``None`` if none is.

    Raises:
        BudgetSpentError: the search took too much.
    """
    if any(glob.universal for glob in excluded):
        return None
    groups = {group - excluded for group in required if not any(glob.universal for glob in group)}
    if not all(groups):
        return None
    key = (frozenset(groups), excluded)
    if key in _cache:
        return _cache[key]
    finite = [group for group in groups if all(glob.literal is not None for glob in group)]
    search = None if finite else _Search(list(groups), excluded, budget)
    found = search.run() if search is not None else _among(min(finite, key=len), groups, excluded)
    if len(_cache) >= _CACHED:
        _cache.clear()
    _cache[key] = found
    return found


def _among(candidates: Group, groups: Iterable[Group], excluded: Group) -> str | None:
    """One of a few literal texts that all groups take."""
    texts = sorted({glob.literal or "" for glob in candidates}, key=lambda text: (len(text), text))
    for text in texts:
        if all(accepts(group, text) for group in groups) and not accepts(excluded, text):
            return text
    return None


def accepts(group: Group, text: str) -> bool:
    """Whether one of the patterns matches the text."""
    return any(glob.accepts(text) for glob in group)


class _Search:
    """One breadth-first search."""

    def __init__(self, groups: Sequence[Group], excluded: Group, budget: Budget) -> None:
        self.budget = budget
        self.start = 0
        self.width = 0
        self.group_masks: list[int] = []
        self.group_finals: list[int] = []
        self.excluded_finals = 0
        self.sinks = 0
        self.listed: dict[str, int] = {}
        self.any_step = self.free_step = self.any_loop = self.free_loop = 0
        for group in groups:
            first, finals = self.width, 0
            for glob in group:
                finals |= self._add(glob)
            self.group_masks.append((1 << self.width) - (1 << first))
            self.group_finals.append(finals)
        for glob in excluded:
            final = self._add(glob)
            self.excluded_finals |= final
            self.sinks |= final & self.any_loop
        self.alphabet = _alphabet(self.listed)
        self.steps = {
            char: self.listed.get(char, 0) | self.any_step | (self.free_step if char != ":" else 0)
            for char in self.alphabet
        }
        self.loops = {char: self.any_loop | (self.free_loop if char != ":" else 0) for char in self.alphabet}

    def _add(self, glob: Glob) -> int:
        """Lay a glob beside the others; returns the bit of its final state."""
        place, masks = self.width, glob.masks
        for char, bits in masks.listed.items():
            self.listed[char] = self.listed.get(char, 0) | bits << place
        self.any_step |= masks.any_step << place
        self.free_step |= masks.free_step << place
        self.any_loop |= masks.any_loop << place
        self.free_loop |= masks.free_loop << place
        self.start |= 1 << place
        self.width += len(glob.steps) + 1
        return 1 << (self.width - 1)

    def run(self) -> str | None:
        """The shortest text, or ``None``."""
        came_from: dict[int, tuple[int, str] | None] = {self.start: None}
        layer = [self.start]
        cost = self.width // 4 + 250
        try:
            while layer:
                following: list[int] = []
                for state in layer:
                    if self._final(state):
                        return _spell(came_from, state)
                    for char in self._characters(state):
                        after = ((state & self.steps[char]) << 1) | (state & self.loops[char])
                        if after in came_from or after & self.sinks or not self._alive(after):
                            continue
                        self.budget.hold(cost)
                        came_from[after] = (state, char)
                        following.append(after)
                layer = following
        finally:
            self.budget.release()
        return None

    def _final(self, state: int) -> bool:
        return not state & self.excluded_finals and all(state & finals for finals in self.group_finals)

    def _alive(self, state: int) -> bool:
        return all(state & mask for mask in self.group_masks)

    def _characters(self, state: int) -> list[str]:
        """The characters that can lead on: only those that the group with the fewest open places takes."""
        if not self.group_masks:
            return self.alphabet
        here = min((state & mask for mask in self.group_masks), key=int.bit_count)
        if here & (self.any_loop | self.free_loop | self.any_step | self.free_step):
            return self.alphabet
        return [char for char in self.alphabet if here & self.steps[char]]


def _spell(came_from: dict[int, tuple[int, str] | None], state: int) -> str:
    chars: list[str] = []
    step = came_from[state]
    while step is not None:
        state, char = step
        chars.append(char)
        step = came_from[state]
    return "".join(reversed(chars))


def _alphabet(listed: Iterable[str]) -> list[str]:
    """The characters that patterns tell apart, the colon, and one that stands for all others; readable ones first."""
    used = {*listed, ":"}
    other = next((char for char in _ORDER if char not in used), None) or _unused(used)
    return sorted({*used, other}, key=_rank)


@lru_cache(maxsize=4096)
def _rank(char: str) -> tuple[int, str]:
    place = _ORDER.find(char)
    return (place if place >= 0 else len(_ORDER), char)


def _unused(used: set[str]) -> str:
    return next(chr(code) for code in range(0xC0, 0x2000) if chr(code) not in used)
