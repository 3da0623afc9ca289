"""One document of calls: its value, its address, and a place to put findings about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sagepass.calls.read.codes import SEVERITY
from sagepass.source.errors import SourceError
from sagepass.source.finding import Finding, Severity
from sagepass.source.json_text import Duplicates, parse_json
from sagepass.source.origin import Origin
from sagepass.source.read import read_text
from sagepass.source.route import Route, render_route
from sagepass.source.text import SourceText, Span
from sagepass.source.yaml_text import TagReader, parse_yaml

MAX_SIZE = 64 * 1024 * 1024
"""Bytes of the largest document that is read: plans of large workspaces have tens of megabytes."""
_MOST_FINDINGS = 200
_MOST_COMPARED = 30
_LONGEST_MESSAGE = 500


@dataclass(slots=True)
class Document:
    """A document while it is read. ``findings`` grow up to a bound; the last one then says so.

    A document that lies in a string of another one shares its ``findings`` and ``origins``.
    """

    origin: Origin
    value: object
    findings: list[Finding] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    compared: int = 0

    def __post_init__(self) -> None:
        if self.origin not in self.origins:
            self.origins.append(self.origin)

    @property
    def full(self) -> bool:
        """Whether no more findings are listed."""
        return len(self.findings) > _MOST_FINDINGS

    def report(
        self, code: str, message: str, remedy: str, route: Route = (), *, severity: Severity | None = None
    ) -> None:
        """Add one finding at a route of the document."""
        if self.full:
            return
        if len(self.findings) == _MOST_FINDINGS:
            code, message, remedy, route = _TOO_MANY
        self.findings.append(
            Finding(
                code=code,
                severity=severity or SEVERITY[code],
                message=message[:_LONGEST_MESSAGE],
                remedy=remedy[:_LONGEST_MESSAGE],
                document=self.origin.name,
                route=route,
            )
        )

    def nearest(self, name: str, known: Iterable[str], *, cutoff: float = 0.7) -> str:
        """The known name that a misspelt one may have meant, empty if there is none.

        Only the first defects of a document get such help: comparing is slow, and documents are long.
        """
        self.compared += 1
        if self.compared > _MOST_COMPARED:
            return ""
        from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt name pays for loading it

        return next(iter(get_close_matches(name[:80], list(islice(known, 1000)), n=1, cutoff=cutoff)), "")

    def embedded(self, text: str, route: Route, what: str) -> Document | None:
        """A JSON document that lies in a string of this one; ``None`` and a finding if the string is no JSON.

        Findings about it are collected here.
        """
        name = f"{self.origin.name} {render_route(route)}"
        try:
            parsed = parse_json(text, name, max_size=MAX_SIZE)
        except SourceError as error:
            at = f", line {error.line} of the string" if error.line else ""
            self.report("CALL_SYNTAX", f"the {what} is no JSON: {error.message}{at}", error.remedy, route)
            return None
        inner = Document(self._origin_of_string(text, route, name), parsed.value, self.findings, self.origins)
        inner.report_duplicates(parsed.duplicates)
        return inner

    def _origin_of_string(self, text: str, route: Route, name: str) -> Origin:
        own = self.origin
        stated = self._stated(route)
        if stated != text or own.yaml or own.encoded or (own.path is None and own.text is None):
            return Origin(name=name, text=text)
        return replace(own, name=name, route=(*own.route, *route), encoded=True)

    def _stated(self, route: Route) -> object:
        """What the document itself has at a route: a text that a function put together stands nowhere in it."""
        value = self.value
        for step in route:
            if isinstance(value, Mapping) and step in value:
                value = value[str(step)]
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def report_duplicates(self, duplicates: Duplicates) -> None:
        """A finding for each key that stands twice in an object of this document."""
        if duplicates:
            for route, keys in _doubled(self.value, duplicates):
                for key in keys:
                    self.doubled((*route, key))

    def doubled(self, route: Route) -> None:
        """A finding for one key that stands twice."""
        self.report(
            "CALL_DUPLICATE_KEY",
            f"{route[-1]!r} stands twice here; the last one counts",
            "remove the one that is not meant",
            route,
        )


_TOO_MANY = (
    "CALL_TOO_MANY",
    f"there are more than {_MOST_FINDINGS} findings; the rest is not listed",
    "mend these first",
    (),
)


def read_document(given: Path | str, name: str, *, tags: TagReader | None) -> Document:
    """Read and parse a file or a text: JSON, or YAML where it does not begin like JSON or the file's name says so.

    A defect of the syntax is a finding, and the value is then ``None``.

    Raises:
        SourceError: the file cannot be read at all.
    """
    path = given if isinstance(given, Path) else None
    text = read_text(given, name=name, max_size=MAX_SIZE) if isinstance(given, Path) else given
    origin = Origin(name=name, path=path, text=None if path else text)
    named_yaml = path is not None and path.suffix.lower() in (".yaml", ".yml")
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", "") and not named_yaml:
        return _json(text, origin)
    return _yaml(text, replace(origin, yaml=True), tags)


def _json(text: str, origin: Origin) -> Document:
    try:
        parsed = parse_json(text, origin.name, max_size=MAX_SIZE)
    except SourceError as error:
        return _broken(text, origin, error)
    document = Document(origin, parsed.value)
    document.report_duplicates(parsed.duplicates)
    return document


def _yaml(text: str, origin: Origin, tags: TagReader | None) -> Document:
    try:
        parsed = parse_yaml(text, origin.name, tags=tags)
    except SourceError as error:
        return _broken(text, origin, error)
    document = Document(origin, parsed.value)
    for route in parsed.duplicates:
        document.doubled(route)
    return document


def _broken(text: str, origin: Origin, error: SourceError) -> Document:
    """A document whose only content is the finding that it cannot be parsed."""
    at = f"line {error.line}: " if error.line else ""
    finding = Finding(
        code="CALL_SYNTAX",
        severity=Severity.ERROR,
        message=f"{at}{error.message}",
        remedy=error.remedy or "mend the syntax",
        document=origin.name,
        span=_span(text, origin.name, error),
    )
    return Document(origin, None, [finding])


def _span(text: str, name: str, error: SourceError) -> Span | None:
    if error.line is None:
        return None
    source = SourceText(name, text)
    before = sum(len(line) for line in source.text.splitlines(keepends=True)[: error.line - 1])
    start = min(before + (error.column or 1) - 1, len(text))
    return Span(start, min(start + 1, len(text)))


def _doubled(value: object, duplicates: Duplicates) -> Iterator[tuple[Route, tuple[str, ...]]]:
    places: list[tuple[Route, object]] = [((), value)]
    while places:
        route, one = places.pop()
        if id(one) in duplicates:
            yield route, duplicates[id(one)]
        if isinstance(one, Mapping):
            places += [((*route, str(key)), inner) for key, inner in one.items()]
        elif isinstance(one, list):
            places += [((*route, index), inner) for index, inner in enumerate(one)]
