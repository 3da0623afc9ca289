"""Boolean formulas in negation normal form over atoms, simplified while they are built."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias
from weakref import WeakValueDictionary

from sagepass.proof.atom import Atom


class Formula:
    """A node; compared by identity. Use :func:`lit`, :func:`both`, :func:`either`, :func:`negated`."""

    __slots__ = ("__dict__", "__weakref__")

    @cached_property
    def opposite(self) -> Formula:
        """The negation, again in normal form."""
        return _negate(self)


class Constant(Formula):
    """True or false."""

    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:
        self.value = value


class Lit(Formula):
    """An atom or its opposite."""

    __slots__ = ("atom", "positive")

    def __init__(self, atom: Atom, positive: bool) -> None:
        self.atom = atom
        self.positive = positive


class And(Formula):
    """All of the children; none of them is a constant or an ``And``."""

    __slots__ = ("children",)

    def __init__(self, children: tuple[Formula, ...]) -> None:
        self.children = children


class Or(Formula):
    """One of the children; none of them is a constant or an ``Or``."""

    __slots__ = ("children",)

    def __init__(self, children: tuple[Formula, ...]) -> None:
        self.children = children


TRUE = Constant(True)
FALSE = Constant(False)
Node: TypeAlias = Constant | Lit | And | Or


def lit(atom: Atom, positive: bool = True) -> Formula:
    """The formula that one atom holds; one object for one atom."""
    cached: dict[bool, Lit] = atom.__dict__.setdefault("_literals", {})
    found = cached.get(positive)
    if found is None:
        found = cached[positive] = Lit(atom, positive)
    return found


def negated(formula: Formula) -> Formula:
    """Not."""
    return formula.opposite


def conjunction(parts: Iterable[Formula]) -> Formula:
    """And, with the parts left as they are: for proofs that have to show what :func:`both` sees at once."""
    kept = tuple(part for part in parts if part is not TRUE)
    return FALSE if FALSE in kept else And(kept)


_ANDS: WeakValueDictionary[tuple[Formula, ...], And] = WeakValueDictionary()
_ORS: WeakValueDictionary[tuple[Formula, ...], Or] = WeakValueDictionary()


def both(children: Iterable[Formula]) -> Formula:
    """And; an alternative that another child rules out is left out."""
    kept: dict[int, Formula] = {}
    todo = list(children)
    todo.reverse()
    again = True
    while again:
        while todo:
            child = todo.pop()
            if isinstance(child, And):
                todo.extend(reversed(child.children))
            elif child is FALSE or id(child.opposite) in kept:
                return FALSE
            elif child is not TRUE:
                kept[id(child)] = child
        again = False
        for place, part in list(kept.items()):
            if isinstance(part, Or) and any(id(option.opposite) in kept for option in part.children):
                del kept[place]
                todo.append(either(option for option in part.children if id(option.opposite) not in kept))
                again = True
    parts = tuple(kept.values())
    return TRUE if not parts else parts[0] if len(parts) == 1 else _and(parts)


def either(children: Iterable[Formula]) -> Formula:
    """Or."""
    kept: dict[int, Formula] = {}
    for child in children:
        for part in child.children if isinstance(child, Or) else (child,):
            if part is TRUE or id(part.opposite) in kept:
                return TRUE
            if part is not FALSE:
                kept[id(part)] = part
    parts = tuple(kept.values())
    return FALSE if not parts else parts[0] if len(parts) == 1 else _or(parts)


def _and(parts: tuple[Formula, ...]) -> And:
    key = tuple(sorted(parts, key=id))
    found = _ANDS.get(key)
    if found is None:
        found = _ANDS[key] = And(parts)
    return found


def _or(parts: tuple[Formula, ...]) -> Or:
    key = tuple(sorted(parts, key=id))
    found = _ORS.get(key)
    if found is None:
        found = _ORS[key] = Or(parts)
    return found


def _negate(formula: Formula) -> Formula:
    made: Formula
    if isinstance(formula, Constant):
        return FALSE if formula.value else TRUE
    if isinstance(formula, Lit):
        return lit(formula.atom, not formula.positive)
    if isinstance(formula, And):
        made = _or(tuple(child.opposite for child in formula.children))
    else:
        assert isinstance(formula, Or)
        made = _and(tuple(child.opposite for child in formula.children))
    made.__dict__["opposite"] = formula
    return made


def atoms_in(formula: Formula) -> dict[Atom, None]:
    """Its atoms, each once, in order."""
    found: dict[Atom, None] = {}
    seen: set[int] = set()
    todo: list[Formula] = [formula]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Lit):
            found[node.atom] = None
        elif isinstance(node, And | Or):
            todo.extend(reversed(node.children))
    return found
