"""Is there a text that matches one pattern of each group and none of the excluded ones? If so, the shortest.

All patterns run side by side in one integer; the product automaton is never built, only searched, what may end soonest
first. That is exact, and fast on what policies hold; the worst case is exponential, so the search has a budget.
Source of the step: R. Baeza-Yates, G. Gonnet, "A new approach to text searching", CACM 35(10), 1992.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from typing import TypeAlias

from sagepass.proof.budget import Budget
from sagepass.proof.glob import Glob

Group: TypeAlias = frozenset[Glob]

_ORDER = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"
"""Characters that read well, best first."""
_cache: dict[tuple[frozenset[Group], Group], str | None] = {}
_CACHED = 50_000
_MANY = 8
"""Patterns of one group that are looked at one by one, rather than side by side."""


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
    fitting = _fitting(groups, excluded)
    found = None if fitting is None else _shortest(*fitting, budget)
    if len(_cache) >= _CACHED:
        _cache.clear()
    _cache[key] = found
    return found


def _fitting(groups: Iterable[Group], excluded: Group) -> tuple[frozenset[Group], Group] | None:
    """The patterns that can count at all, by how the texts of all groups begin and end; ``None`` if no text can."""
    left = frozenset(groups)
    while True:
        ends = [_common_ends(group) for group in left]
        head = max((head for head, _ in ends), key=len, default="")
        tail = max((tail for _, tail in ends), key=len, default="")
        if not head and not tail:
            return left, excluded
        kept = frozenset(frozenset(glob for glob in group if _can_have(glob, head, tail)) for group in left)
        if not all(kept):
            return None
        if kept == left:
            return left, frozenset(glob for glob in excluded if _can_have(glob, head, tail))
        left = kept


def _can_have(glob: Glob, head: str, tail: str) -> bool:
    """Whether a text that it matches may begin and end so."""
    begins, ends = glob.ends
    return (begins.startswith(head) or head.startswith(begins)) and (ends.endswith(tail) or tail.endswith(ends))


@lru_cache(maxsize=16384)
def _common_ends(group: Group) -> tuple[str, str]:
    """What all texts that one of the patterns matches begin and end with."""
    heads, tails = zip(*(glob.ends for glob in group), strict=True)
    return _common_head(heads), _common_head([tail[::-1] for tail in tails])[::-1]


def _common_head(texts: Sequence[str]) -> str:
    """What all texts begin with: what the first and the last of them in order have in common."""
    first, last = min(texts), max(texts)
    return first[
        : next((place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    ]


def _shortest(groups: frozenset[Group], excluded: Group, budget: Budget) -> str | None:
    """The search itself: literal texts are tried one by one, and so are the many patterns of a group, the shortest first."""
    finite = [group for group in groups if all(glob.literal is not None for glob in group)]
    if finite:
        return _among(min(finite, key=len), groups, excluded)
    widest = max(groups, key=lambda group: (len(group), max(glob.order for glob in group)), default=frozenset())
    if len(widest) < _MANY:
        return _Search(list(groups), excluded, budget).run()
    best: str | None = None
    for glob in sorted(widest, key=lambda glob: glob.order):
        if best is not None and len(glob.steps) >= len(best):
            break
        fitting = _fitting(frozenset({frozenset({glob})}) | (groups - {widest}), excluded)
        found = None if fitting is None else _Search(list(fitting[0]), fitting[1], budget).run()
        if found is not None and (best is None or len(found) < len(best)):
            best = found
    return best


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


_Way: TypeAlias = tuple[int, int | None, str]
"""How a state was reached: by a text of that length, from that state, with that character."""


class _Search:
    """One search."""

    def __init__(self, groups: Sequence[Group], excluded: Group, budget: Budget) -> None:
        self.budget = budget
        self.start = 0
        self.width = 0
        self.group_masks: list[int] = []
        self.group_finals: list[int] = []
        self.alone: list[tuple[int, int]] = []
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
            if len(group) == 1:
                self.alone.append((self.group_masks[-1], self.width))
        for glob in excluded:
            final = self._add(glob)
            self.excluded_finals |= final
            self.sinks |= final & self.any_loop
        self.alphabet = [(char, self.listed.get(char, 0)) for char in _alphabet(self.listed)]
        self.open = self.any_step | self.free_step | self.any_loop | self.free_loop

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
        """The shortest text, or ``None``: of the states that are waiting the one goes first whose texts may end soonest.

        That is the search A* (P. Hart, N. Nilsson, B. Raphael, IEEE Transactions on Systems Science and Cybernetics 4(2), 1968).
        """
        came_from: dict[int, _Way] = {self.start: (0, None, "")}
        waiting = [(self._least(self.start), 0, 0, self.start)]
        done: set[int] = set()
        cost = self.width // 4 + 500
        try:
            while waiting:
                state = heappop(waiting)[-1]
                if state in done:
                    continue
                if self._final(state):
                    return _spell(came_from, state)
                done.add(state)
                length = came_from[state][0] + 1
                for place, (char, after) in enumerate(self._steps(state)):
                    known = came_from.get(after)
                    if known is None:
                        self.budget.hold(cost)
                    elif known[0] <= length:
                        continue
                    came_from[after] = (length, state, char)
                    heappush(waiting, (length + self._least(after), -len(done), place, after))
        finally:
            self.budget.release()
        return None

    def _least(self, state: int) -> int:
        """How many characters are missing at least: as many as the one pattern of a group has left."""
        return max((end - (state & mask).bit_length() for mask, end in self.alone), default=0)

    def _final(self, state: int) -> bool:
        return not state & self.excluded_finals and all(state & finals for finals in self.group_finals)

    def _steps(self, state: int) -> Iterator[tuple[str, int]]:
        """The characters that lead on, each with the state that it leads to.

        Of the characters that no pattern lists in this state one stands for all, and where a group goes on with listed
        characters alone, only those count.
        """
        common = (state & (self.any_step | self.free_step)) << 1 | state & (self.any_loop | self.free_loop)
        listed_only = any(not state & mask & self.open for mask in self.group_masks)
        others = not listed_only
        for char, listed in self.alphabet:
            own = state & listed
            if char == ":":
                after = (own | state & self.any_step) << 1 | state & self.any_loop
            elif own:
                after = common | own << 1
            elif others:
                after, others = common, False
            else:
                continue
            if after & self.sinks:
                continue
            for mask in self.group_masks:
                if not after & mask:
                    break
            else:
                yield char, after


def _spell(came_from: dict[int, _Way], state: int) -> str:
    chars: list[str] = []
    _, before, char = came_from[state]
    while before is not None:
        chars.append(char)
        _, before, char = came_from[before]
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
