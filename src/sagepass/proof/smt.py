"""Asks cvc5 about what the search left open: an SMT solver that knows strings (https://cvc5.github.io/).

It is asked one thing only: that no request makes a formula true. What it answers otherwise counts for nothing, since only
a request that the engine decided again refutes. It needs the extra ``smt``, and nothing else of the house does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sagepass.catalog.condition_keys import condition_key
from sagepass.proof.atom import FREE, Ask, Atom, words_of
from sagepass.proof.formula import And, Formula, Lit, Or, atoms_in
from sagepass.proof.glob import ANY, NO_COLON, Class, Glob
from sagepass.proof.values import Domain, Span, Values
from sagepass.proof.word import Reading, Word, variables_of
from sagepass.proof.word_glob import matched_by, symbolic_in, variable_of
from sagepass.proof.world import World

SOLVER = "cvc5"
_MOST_VALUES = 6
"""Values of one key that are told apart; a formula that needs more is not asked about."""


class MissingSolverError(Exception):
    """The extra is not installed."""

    def __init__(self) -> None:
        super().__init__("this needs the extra [smt]; pip install 'sagepass[smt]'")


class _UnsuitedError(Exception):
    """The formula holds something that cannot be said here."""


def require_solver() -> None:
    """See that cvc5 is there.

    Raises:
        MissingSolverError: it is not.
    """
    try:
        import cvc5  # type: ignore[import-untyped]  # noqa: F401, PLC0415 - the extra is loaded when it is asked for
    except ImportError as error:
        raise MissingSolverError from error


def holds_for_none(formula: Formula, world: World, seconds: float) -> bool:
    """Whether cvc5 shows within the time that no request makes the formula true, in one way of reading.

    Raises:
        MissingSolverError: cvc5 is not installed.
    """
    require_solver()
    import cvc5  # noqa: PLC0415 - as above

    try:
        script = _Script(formula, world).text()
    except _UnsuitedError:
        return False
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("tlimit-per", str(max(1, int(seconds * 1000))))
    solver.setOption("strings-exp", "true")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "formula")
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        command.invoke(solver, symbols)
    return bool(solver.checkSat().isUnsat())


class _Script:
    """One formula as SMT-LIB text: for each variable a presence and as many strings and numbers as it needs."""

    def __init__(self, formula: Formula, world: World) -> None:
        self.formula = formula
        self.world = world
        self.names: dict[str, int] = {}
        self.sizes: dict[str, int] = {}
        self.facts: dict[int, str] = {}
        for about in atoms_in(formula):
            self._declare(about)

    def _declare(self, about: Atom) -> None:
        if about.ask in {Ask.FACT, Ask.FREE}:
            self.facts[id(about)] = f"f{len(self.facts)}"
            return
        self.names.setdefault(about.variable, len(self.names))
        if about.ask in {Ask.SOME, Ask.EVERY}:
            self.sizes[about.variable] = self.sizes.get(about.variable, 1) + 1
        if about.ask is Ask.ONLY:
            self.sizes[about.variable] = max(2, self.sizes.get(about.variable, 1))
        for word in words_of(about):
            for variable in variables_of(word):
                known = condition_key(variable.key)
                if known is not None and known.multivalued:
                    raise _UnsuitedError
                self.names.setdefault(variable.key.lower(), len(self.names))

    def text(self) -> str:
        """The whole script."""
        said = self._formula(self.formula)
        return "\n".join(["(set-logic ALL)", *self._declarations(), f"(assert {said})"])

    def _declarations(self) -> Iterator[str]:
        for name in self.facts.values():
            yield f"(declare-const {name} Bool)"
        for variable, number in self.names.items():
            if self.sizes.get(variable, 1) > _MOST_VALUES:
                raise _UnsuitedError
            yield f"(declare-const p{number} Bool)"
            if variable.startswith("(") or self.world.must_exist(variable):
                yield f"(assert p{number})"
            for value in self._values(variable):
                yield f"(declare-const {value} String)"
                yield f"(declare-const n{value} Real)"
                yield f"(declare-const a{value} Int)"
                yield f"(declare-const v{value} Bool)"
                yield from (f"(assert {item})" for item in self._bounds(variable, value))

    def _values(self, variable: str) -> list[str]:
        return [f"s{self.names[variable]}_{number}" for number in range(self.sizes.get(variable, 1))]

    def _bounds(self, variable: str, value: str) -> Iterator[str]:
        bound = self.world.bound_of(variable)
        for group in bound.groups:
            yield self._any_of(value, group, positive=True)
        if bound.excluded:
            yield f"(not {self._any_of(value, bound.excluded, positive=False)})"

    def _formula(self, formula: Formula) -> str:
        match formula:
            case Lit():
                return self._literal(formula.atom, formula.positive)
            case And():
                return f"(and true {' '.join(self._formula(child) for child in formula.children)})"
            case Or():
                return f"(or false {' '.join(self._formula(child) for child in formula.children)})"
            case _:
                raise _UnsuitedError

    def _literal(self, about: Atom, positive: bool) -> str:
        said = self._atom(about, positive=positive)
        return said if positive else f"(not {said})"

    def _atom(self, about: Atom, *, positive: bool) -> str:
        if about.variable == FREE or about.ask in {Ask.FACT, Ask.FREE}:
            return self.facts[id(about)]
        present, values = f"p{self.names[about.variable]}", self._values(about.variable)
        if about.ask is Ask.ONLY:
            listed = self._matched(values[0], about.values, positive=positive) if about.values is not None else "true"
            return f"(and {present} (= {' '.join(values)}) {listed})"
        if about.values is None:
            return present
        matched = [self._matched(value, about.values, positive=positive) for value in values]
        match about.ask:
            case Ask.ONE if len(values) == 1:
                return f"(and {present} {matched[0]})"
            case Ask.SOME:
                return f"(and {present} (or {' '.join(matched)} false))"
            case Ask.EVERY:
                return f"(or (not {present}) (and {' '.join(matched)} true))"
            case _:
                raise _UnsuitedError

    def _matched(self, value: str, values: Values, *, positive: bool) -> str:
        if values.domain is Domain.TEXT:
            return self._any_of(value, values.words, positive=positive)
        return f"(or {' '.join(_within(value, span) for span in values.spans)} false)"

    def _any_of(self, value: str, words: Iterable[Word], *, positive: bool) -> str:
        found = [self._word(value, word, positive=positive) for word in words]
        return f"(or {' '.join(found)} false)"

    def _word(self, value: str, word: Word, *, positive: bool) -> str:
        """One word; policy variables are exact where the patterns stay as they are whatever the values."""
        exact = symbolic_in(word, self.world.reading) if variables_of(word) else None
        glob = exact or matched_by(word, self.world.reading, positive=positive)
        if glob is None:
            return "false"
        needed = [v for v in variables_of(word) if v.default is None] if exact else []
        given = " ".join(f"p{self.names[variable.key.lower()]}" for variable in needed)
        return f"(and true {given} (str.in_re {value} {self._regex(glob)}))"

    def _regex(self, glob: Glob) -> str:
        parts: list[str] = []
        for number, loop in enumerate(glob.loops):
            if loop is not None:
                parts.append(f"(re.* {_class(loop)})")
            if number < len(glob.steps):
                parts.append(self._step(glob.steps[number]))
        return f"(re.++ {' '.join(parts)})" if len(parts) > 1 else parts[0] if parts else '(str.to_re "")'

    def _step(self, step: Class) -> str:
        variable = variable_of(step.chars) if len(step.chars) == 1 and not step.negated else None
        if variable is None:
            return _class(step)
        key, default = variable
        name = f"s{self.names[key]}_0"
        if self.sizes.get(key, 1) > 1:
            raise _UnsuitedError
        return (
            f"(str.to_re {name})"
            if default is None
            else f"(str.to_re (ite p{self.names[key]} {name} {_text(default)}))"
        )


def _class(one: Class) -> str:
    if one == ANY:
        return "re.allchar"
    if one == NO_COLON:
        return '(re.diff re.allchar (str.to_re ":"))'
    if one.negated or not one.chars:
        if one.chars:
            raise _UnsuitedError
        return "re.none"
    chars = [f"(str.to_re {_text(char)})" for char in one.chars]
    return chars[0] if len(chars) == 1 else f"(re.union {' '.join(chars)})"


def _text(text: str) -> str:
    """A string of SMT-LIB: everything but plain letters, digits and a few signs by its number."""
    plain = "/-_.:@+="
    return '"' + "".join(c if c.isascii() and (c.isalnum() or c in plain) else f"\\u{{{ord(c):x}}}" for c in text) + '"'


def _within(value: str, span: Span) -> str:
    """A number, a moment, or an address of one family, in an interval."""
    kind = "a" if span.family else "n"
    parts = ["true"]
    if span.family:
        parts.append(f"v{value}" if span.family == 4 else f"(not v{value})")
        parts.append(f"(<= 0 a{value})")
    if span.low is not None:
        parts.append(f"({'<' if span.low_open else '<='} {_fraction(span.low, whole=kind == 'a')} {kind}{value})")
    if span.high is not None:
        parts.append(f"({'<' if span.high_open else '<='} {kind}{value} {_fraction(span.high, whole=kind == 'a')})")
    return f"(and {' '.join(parts)})"


def _fraction(number: object, *, whole: bool) -> str:
    above, _, below = str(number).partition("/")
    negative = above.startswith("-")
    digits = above.lstrip("-")
    said = digits if whole else f"(/ {digits}.0 {below or '1'}.0)"
    return f"(- {said})" if negative else said


READINGS = (Reading.ACROSS, Reading.WITHIN)
"""What AWS leaves open is asked about in both ways."""
