"""One pattern compiled for bit-parallel matching: all its positions lie in one integer.

A glob of *n* characters has the states 0 to *n*; bit *i* of a state set says that *i* characters have been matched. A
star in front of position *i* is a loop at state *i*. One step over a character is then
``((states & step[c]) << 1) | (states & loop[c])``, for one pattern or for hundreds of them side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TypeAlias
from weakref import WeakValueDictionary


@dataclass(frozen=True, slots=True)
class Class:
    """A set of characters: those listed, or, ``negated``, all but those."""

    chars: str
    negated: bool = False

    def __contains__(self, char: str) -> bool:
        """Whether a character belongs to it."""
        return (char in self.chars) is not self.negated


ANY = Class("", negated=True)
NO_COLON = Class(":", negated=True)
DIGIT = Class("0123456789")

Loop: TypeAlias = Class | None


class Glob:
    """A compiled pattern; make it with :func:`glob_of`, so that equal patterns are one object.

    Attributes:
        steps: the class of each character, in order.
        loops: what may be repeated in front of each character, and at the end.
    """

    __slots__ = ("__dict__", "__weakref__", "loops", "steps")

    def __init__(self, steps: tuple[Class, ...], loops: tuple[Loop, ...]) -> None:
        self.steps = steps
        self.loops = loops

    @cached_property
    def universal(self) -> bool:
        """Whether it matches every text."""
        return not self.steps and self.loops[0] == ANY

    @cached_property
    def literal(self) -> str | None:
        """The only text that it matches, if there is just one."""
        if any(self.loops) or any(step.negated or len(step.chars) != 1 for step in self.steps):
            return None
        return "".join(step.chars for step in self.steps)

    @cached_property
    def order(self) -> tuple[int, str]:
        """Where it comes among others: those with the shorter texts first, and always in the same order."""
        return len(self.steps), "".join([step.chars for step in self.steps])

    @cached_property
    def ends(self) -> tuple[str, str]:
        """The characters with which whatever it matches begins and ends, as far as each is a single one."""
        first = next((index for index, loop in enumerate(self.loops) if loop is not None), len(self.steps))
        last = next((index for index, loop in enumerate(reversed(self.loops)) if loop is not None), len(self.steps))
        return _single(self.steps[:first]), _single(self.steps[::-1][:last])[::-1]

    @cached_property
    def masks(self) -> Masks:
        """Its bits by character."""
        return _masks(self)

    def accepts(self, text: str) -> bool:
        """Whether it matches the whole text."""
        literal = self.literal
        if literal is not None:
            return literal == text
        masks = self.masks
        states = 1
        for char in text:
            states = ((states & masks.step(char)) << 1) | (states & masks.loop(char))
            if not states:
                return False
        return bool(states >> len(self.steps) & 1)


def _single(steps: tuple[Class, ...]) -> str:
    """The leading steps that take one character each, as text."""
    return "".join(step.chars for step in takewhile(lambda step: len(step.chars) == 1 and not step.negated, steps))


@dataclass(frozen=True, slots=True)
class Masks:
    """The bits of one glob: by listed character, for any character, and for any but a colon."""

    listed: dict[str, int]
    any_step: int
    free_step: int
    any_loop: int
    free_loop: int

    def step(self, char: str) -> int:
        """The states from which this character leads on."""
        return self.listed.get(char, 0) | self.any_step | (self.free_step if char != ":" else 0)

    def loop(self, char: str) -> int:
        """The states that stay at this character."""
        return self.any_loop | (self.free_loop if char != ":" else 0)


_INTERNED: WeakValueDictionary[tuple[tuple[Class, ...], tuple[Loop, ...]], Glob] = WeakValueDictionary()


def glob_of(steps: tuple[Class, ...], loops: tuple[Loop, ...]) -> Glob:
    """The glob with these steps; loops are ``ANY``, ``NO_COLON`` or none, one more than there are steps."""
    key = (steps, loops)
    found = _INTERNED.get(key)
    if found is None:
        found = Glob(steps, loops)
        _INTERNED[key] = found
    return found


def _masks(glob: Glob) -> Masks:
    listed: dict[str, int] = {}
    any_step = free_step = any_loop = free_loop = 0
    for index, step in enumerate(glob.steps):
        bit = 1 << index
        if step == ANY:
            any_step |= bit
        elif step == NO_COLON:
            free_step |= bit
        else:
            for char in step.chars:
                listed[char] = listed.get(char, 0) | bit
    for index, loop in enumerate(glob.loops):
        if loop == ANY:
            any_loop |= 1 << index
        elif loop == NO_COLON:
            free_loop |= 1 << index
    return Masks(listed, any_step, free_step, any_loop, free_loop)
