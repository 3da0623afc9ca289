"""Verifies a certificate: a second, slow and small program that uses nothing of the one that found the proof.

It writes the clauses of each formula anew from its gates, checks that every lemma is right (no value of the variable makes
its atoms come out so), by walking sets of positions through the patterns, and that clauses, lemmas and learned clauses lead
to a contradiction, by unit propagation alone. What it takes as it stands is in the certificate under ``trusted``: that the
formulas say what the policies say. Random tests against the engine and against another solver look at that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

_STATES = 400_000
"""Sets of positions that are looked at for one lemma."""

_DIGITS = 4_000
"""Characters of one number; :class:`int` reads no more by itself."""

Glob: TypeAlias = Sequence[Any]
Positions: TypeAlias = frozenset[tuple[int, int]]


class CertificateError(ValueError):
    """The certificate does not show what it claims; the message says where."""


def check(certificate: object) -> None:
    """Verify a certificate (:meth:`sagepass.proof.certificate.Certificate.to_json`).

    Raises:
        CertificateError: a lemma is wrong, a step does not follow, or it is no certificate.
    """
    if not isinstance(certificate, dict) or certificate.get("format") != "sagepass-proof/3":
        raise CertificateError("this is no certificate of a form that is known here")
    where = "certificate"
    try:
        for number, search in enumerate(certificate["searches"]):
            where = f"search {number}"
            _check_search(search, where)
    except CertificateError:
        raise
    except (LookupError, TypeError, ArithmeticError, ValueError, AttributeError) as error:
        raise CertificateError(f"{where}: a part is missing or malformed: {error}") from error


def _check_search(search: dict[str, Any], where: str) -> None:
    known = _clauses(search)
    lemmas = [lemma["clause"] for lemma in search["lemmas"]]
    numbers = {_number(name) for name in (*search["atoms"], *search["gates"])}
    for literal in (literal for clause in (*known, *lemmas, *search["steps"]) for literal in clause):
        if type(literal) is not int or abs(literal) not in numbers:
            raise CertificateError(f"{where}: {literal!r} is no atom or gate of it")
    for name, variable in search["variables"].items():
        _check_variable(name, variable, where)
    for atom in search["atoms"].values():
        _check_atom(atom, where)
    for lemma in search["lemmas"]:
        _check_lemma(lemma, search, where)
    _check_steps(search["steps"], [*known, *lemmas], where)


def _number(name: str) -> int:
    """The number of an atom or gate, which has one name only: ``1`` and ``01`` would be two of the same number."""
    number = int(name)
    if number <= 0 or str(number) != name:
        raise KeyError(name)
    return number


def _check_variable(name: str, variable: dict[str, Any], where: str) -> None:
    """What bounds the values of a variable leaves some; a key is in every request only if something bounds it."""
    bound = variable["bound"]
    if variable["always"] and not bound["groups"] and not name.startswith("("):
        raise CertificateError(f"{where}: nothing says that every request has {name}")
    if _some_text(bound["groups"], bound["excluded"]) is None:
        raise CertificateError(f"{where}: the bound of {name} leaves no value")


def _clauses(search: dict[str, Any]) -> list[list[int]]:
    """The formula as clauses: every root holds, and each gate implies what it stands for."""
    clauses = [[root] for root in search["roots"]]
    if search["never"]:
        clauses.append([])
    atoms, gates = search["atoms"], search["gates"]
    for name, (kind, children) in gates.items():
        gate = _number(name)
        if name in atoms or kind not in {"and", "or"}:
            raise KeyError(name)
        clauses += [[-gate, child] for child in children] if kind == "and" else [[-gate, *children]]
    return clauses


def _check_atom(atom: dict[str, Any], where: str) -> None:
    """What an atom certainly takes is part of what it may take."""
    certain, possible = atom.get("no", []), atom.get("yes", [])
    if certain != possible and not set(map(repr, certain)) <= set(map(repr, possible)):
        raise CertificateError(f"{where}: an atom about {atom['variable']} takes more for certain than it may")


def _check_lemma(lemma: dict[str, Any], search: dict[str, Any], where: str) -> None:
    literals = [-literal for literal in lemma["clause"]]
    atoms = [search["atoms"][str(abs(literal))] for literal in literals]
    match lemma["kind"]:
        case "empty":
            (name,) = {atom["variable"] for atom in atoms}
            sides = [_side(atom, literal > 0) for atom, literal in zip(atoms, literals, strict=True)]
            sound = _impossible(sides, search["variables"][name])
        case "contains":
            sound = literals[0] > 0 > literals[1] and _contains(*atoms)
        case "needs":
            about, present = atoms
            sound = (
                literals[0] > 0 > literals[1] and present["ask"] == "present" and present["variable"] in about["needs"]
            )
            (text,) = about["texts"]
            sound = sound and about["ask"] != "every"
            sound = sound and f"${{{present['variable']}}}" in text.lower().replace(" ", "")
        case _:
            sound = False
    if not sound:
        raise CertificateError(f"{where}: the lemma {lemma['clause']} does not hold")


def _side(atom: dict[str, Any], positive: bool) -> dict[str, Any]:
    """An atom or its opposite, with what its value may be, or what it certainly must not be."""
    globs = {"globs": atom["yes" if positive else "no"]} if "yes" in atom else {}
    return {**atom, **globs, "positive": positive}


def _contains(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    """Whether one text with policy variables matches all that another does, whatever values they have.

    Wildcards of the outer one have to be able to take in such a value: any run of any characters.
    """
    alike = all(inner[part] == outer[part] for part in ("variable", "ask", "folded"))
    steps, loops = outer["symbolic"]
    open_to_all = not any(negated for _, negated in steps) and all(loop in (None, ["", True]) for loop in loops)
    return alike and open_to_all and _some_text([[inner["symbolic"]]], [outer["symbolic"]]) is None


def _impossible(literals: Sequence[dict[str, Any]], variable: dict[str, Any]) -> bool:
    """Whether no value, and not its absence either, makes all literals true."""
    bound = variable["bound"]
    if any(literal["ask"] in {"free", "fact"} for literal in literals):
        return False
    if not variable["always"] and all((literal["ask"] == "every") == literal["positive"] for literal in literals):
        return False
    if any(literal["ask"] == "present" and not literal["positive"] for literal in literals):
        return True
    alone = [literal for literal in literals if literal["ask"] == "only"]
    others = [literal for literal in literals if literal["ask"] != "only"]
    if not alone:
        return not _set_of_values(others, bound, least=1)
    bare = any("globs" not in literal and "spans" not in literal and not literal["positive"] for literal in alone)
    if not bare and _some_value(literals, bound):
        return False
    return any(literal["positive"] for literal in alone) or not _set_of_values(others, bound, least=2)


def _set_of_values(literals: Sequence[dict[str, Any]], bound: dict[str, Any], *, least: int) -> bool:
    """Whether some values, at least one or two, can be as all literals demand: each that asks for one gets its own.

    What asks for the one value of a key says nothing of several.
    """
    several = any(literal["ask"] in {"some", "every"} for literal in literals)
    literals = [literal for literal in literals if not several or literal["ask"] != "one"]
    common: list[dict[str, Any]] = []
    one_each: list[dict[str, Any]] = []
    for literal in literals:
        wants_one = (literal["ask"], literal["positive"]) in {("some", True), ("every", False)}
        (one_each if several and wants_one else common).append(literal)
    fits = all(_some_value([*common, *extra], bound) for extra in ([[one] for one in one_each] or [[]]))
    return fits and (least == 1 or _two_values(common, bound))


def _two_values(literals: Iterable[dict[str, Any]], bound: dict[str, Any]) -> bool:
    """Whether two texts can be as all literals demand; one number, moment or address can be written in two ways."""
    groups, excluded, _ = _demands(literals, bound)
    text = _some_text(groups, excluded)
    if text is None:
        return False
    itself = [[[char, False] for char in text], [None] * (len(text) + 1)]
    return _some_text(groups, [*excluded, itself]) is not None


def _some_value(literals: Iterable[dict[str, Any]], bound: dict[str, Any]) -> bool:
    groups, excluded, spans = _demands(literals, bound)
    return all(_some_point(*sides, whole=name == "address") for name, sides in spans.items()) and (
        not (groups or excluded) or _some_text(groups, excluded) is not None
    )


def _demands(literals: Iterable[dict[str, Any]], bound: dict[str, Any]) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """Groups of patterns of which a text matches one each, patterns that it does not match, and for each domain spans."""
    groups, excluded = list(bound["groups"]), list(bound["excluded"])
    spans: dict[str, tuple[list[Any], list[Any]]] = {}
    for literal in literals:
        if "globs" in literal:
            groups += [literal["globs"]] if literal["positive"] else []
            excluded += [] if literal["positive"] else literal["globs"]
        elif "spans" in literal:
            inside, outside = spans.setdefault(literal["domain"], ([], []))
            inside += [literal["spans"]] if literal["positive"] else []
            outside += [] if literal["positive"] else literal["spans"]
    return groups, excluded, spans


def _some_text(groups: Sequence[Sequence[Glob]], excluded: Sequence[Glob]) -> str | None:
    """A text that matches one pattern of each group and none of the excluded ones; ``None`` if there is none."""
    out = set(map(repr, excluded))
    groups = [[glob for glob in group if repr(glob) not in out] for group in groups]
    if not all(groups):
        return None
    globs = [glob for group in groups for glob in group] + list(excluded)
    owners = [number for number, group in enumerate(groups) for _ in group] + [-1] * len(excluded)
    named = {char for steps, loops in globs for part in (*steps, *loops) if part is not None for char in part[0]}
    other = next(char for char in map(chr, range(0x10FFFF, 0, -1)) if char not in named)
    start: Positions = frozenset((number, 0) for number in range(len(globs)))
    seen, todo = {start}, [(start, "")]
    while todo:
        here, text = todo.pop()
        ends = {owners[glob] for glob, place in here if place == len(globs[glob][0])}
        if -1 not in ends and len(ends) == len(groups):
            return text
        for char in _characters(globs, _narrowest(globs, here, owners), other):
            there = _step(globs, here, char)
            alive = {owners[glob] for glob, _ in there}
            lost = any(owners[glob] == -1 and _takes_all(globs[glob], place) for glob, place in there)
            if lost:
                continue
            if there not in seen and all(number in alive for number in range(len(groups))):
                if len(seen) > _STATES:
                    raise CertificateError("a lemma is too large to be verified")
                seen.add(there)
                todo.append((there, text + char))
    return None


def _takes_all(glob: Glob, place: int) -> bool:
    """Whether a pattern matches whatever follows."""
    return place == len(glob[0]) and glob[1][place] == ["", True]


def _narrowest(globs: Sequence[Glob], here: Positions, owners: Sequence[int]) -> Positions:
    """The positions whose characters matter: those of a group that goes on with named characters only, else all."""
    for group in {owners[glob] for glob, _ in here} - {-1}:
        own = frozenset((glob, place) for glob, place in here if owners[glob] == group)
        ahead = [(globs[glob][0][place : place + 1], globs[glob][1][place]) for glob, place in own]
        if all(loop is None and not any(negated for _, negated in steps) for steps, loop in ahead):
            return own
    return here


def _characters(globs: Sequence[Glob], here: Positions, other: str) -> set[str]:
    """The characters that some pattern tells apart at these positions, and one that stands for all others."""
    found = {other}
    for number, place in here:
        steps, loops = globs[number]
        found.update(steps[place][0] if place < len(steps) else "")
        found.update(loops[place][0] if loops[place] is not None else "")
    return found


def _step(globs: Sequence[Glob], here: Positions, char: str) -> Positions:
    found = set()
    for number, place in here:
        steps, loops = globs[number]
        if loops[place] is not None and _takes(loops[place], char):
            found.add((number, place))
        if place < len(steps) and _takes(steps[place], char):
            found.add((number, place + 1))
    return frozenset(found)


def _takes(step: Sequence[Any], char: str) -> bool:
    return (char in step[0]) is not step[1]


def _some_point(groups: Sequence[Sequence[Any]], excluded: Sequence[Any], *, whole: bool) -> bool:
    """Whether a point lies in a span of each group and in none of the excluded ones: bounds and what is between them."""
    spans = [span for group in groups for span in group] + list(excluded)
    for family in (4, 6) if whole else (0,):
        bounds = sorted(
            {_fraction(x) for span in spans if span[0] == family for x in (span[1], span[3]) if x is not None}
        )
        points = {*bounds, *(bound - 1 for bound in bounds), *(bound + 1 for bound in bounds), Fraction(0)}
        if whole:
            points = {point for point in points if 0 <= point < 2 ** (32 if family == 4 else 128)}
        else:
            points |= {(one + other) / 2 for one, other in pairwise(bounds)}
        for point in points:
            inside = all(any(_holds(span, family, point) for span in group) for group in groups)
            if inside and not any(_holds(span, family, point) for span in excluded):
                return True
    return False


def _holds(span: Sequence[Any], family: int, point: Fraction) -> bool:
    own, low, low_open, high, high_open = span
    if own != family:
        return False
    above = low is None or point > _fraction(low) or (point == _fraction(low) and not low_open)
    return above and (high is None or point < _fraction(high) or (point == _fraction(high) and not high_open))


def _fraction(text: str) -> Fraction:
    """A bound of a span; digits and a stroke alone, since a short power of ten can be a number of any length."""
    if set(text) - set("-/0123456789") or len(text) > _DIGITS:
        raise ValueError(f"{text[:40]!r} is no fraction of whole numbers")
    return Fraction(text)


def _check_steps(steps: Sequence[Sequence[int]], known: list[Sequence[int]], where: str) -> None:
    """Each learned clause, taken as false, must lead to a contradiction; the last one is empty."""
    if not steps or steps[-1]:
        raise CertificateError(f"{where}: the steps do not end in a contradiction")
    clauses = _Clauses(known)
    for step in steps:
        if not clauses.contradict([-literal for literal in step]):
            raise CertificateError(f"{where}: the step {step} does not follow")
        clauses.add(step)


class _Clauses:
    """Clauses, and for each literal the numbers of those in which it makes another one false."""

    def __init__(self, known: Iterable[Sequence[int]]) -> None:
        self.clauses: list[frozenset[int]] = []
        self.touched: dict[int, list[int]] = {}
        for clause in known:
            self.add(clause)

    def add(self, clause: Iterable[int]) -> None:
        """One more clause."""
        literals = frozenset(clause)
        for literal in literals:
            self.touched.setdefault(-literal, []).append(len(self.clauses))
        self.clauses.append(literals)

    def contradict(self, assumed: Iterable[int]) -> bool:
        """Whether unit propagation from what is assumed leads to a contradiction."""
        left = [len(clause) for clause in self.clauses]
        true: set[int] = set()
        todo = [*assumed, *(literal for clause in self.clauses if len(clause) == 1 for literal in clause)]
        if 0 in left:
            return True
        while todo:
            literal = todo.pop()
            if -literal in true:
                return True
            if literal in true:
                continue
            true.add(literal)
            for number in self.touched.get(literal, ()):
                left[number] -= 1
                if left[number] == 1:
                    todo += [other for other in self.clauses[number] if -other not in true]
        return False
