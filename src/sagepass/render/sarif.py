"""SARIF 2.1.0: findings in the form that code scanning reads.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sagepass.source.errors import SourceError
from sagepass.source.finding import CodeDoc
from sagepass.source.locate import Place, locate
from sagepass.source.origin import Origin
from sagepass.source.route import Route, render_route

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SarifPlace:
    """A place in a document; ``message`` says what stands there."""

    origin: Origin
    route: Route
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SarifResult:
    """One result: the code, a level of SARIF (``error``, ``warning``, ``note``), a sentence, where, and what relates to it."""

    code: str
    level: str
    message: str
    place: SarifPlace | None = None
    related: tuple[SarifPlace, ...] = ()


def sarif_log(
    results: Iterable[SarifResult], *, version: str, pages: Iterable[CodeDoc] = (), fingerprints: bool = True
) -> dict[str, Any]:
    """A log with one run.

    Args:
        results: the results.
        version: of sagepass.
        pages: of the codes, for the rules.
        fingerprints: tell results of two runs to be the same. They are hashes of what a result says, and whoever guesses
            a name or an account can confirm it with one: leave them out of a log that is redacted.
    """
    found = list(results)
    known = {page.code: page for page in pages}
    codes = list(dict.fromkeys(result.code for result in found))
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "sagepass",
                        "semanticVersion": version,
                        "rules": [_rule(code, known.get(code)) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(result, codes.index(result.code), fingerprints=fingerprints) for result in found],
            }
        ],
    }


def _rule(code: str, page: CodeDoc | None) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code}
    if page is not None:
        rule["shortDescription"] = {"text": page.summary}
        rule["help"] = {"text": page.body, "markdown": page.body}
        if page.links:
            rule["helpUri"] = page.links[0]
    return rule


def _result(result: SarifResult, index: int, *, fingerprints: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "ruleId": result.code,
        "ruleIndex": index,
        "level": result.level,
        "message": {"text": result.message},
        "locations": [] if result.place is None else [_location(result.place)],
    }
    if fingerprints:
        document["partialFingerprints"] = {"sagepass/v1": _fingerprint(result)}
    if result.related:
        document["relatedLocations"] = [
            {"id": number, **_location(place)} for number, place in enumerate(result.related, start=1)
        ]
    return document


def _fingerprint(result: SarifResult) -> str:
    place = f"{result.place.origin.name} {render_route(result.place.route)}" if result.place else ""
    told = f"{result.code}\n{place}\n{result.message}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _location(place: SarifPlace) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.origin)}}
    region = _region(place)
    if region is not None:
        physical["region"] = region
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.route:
        location["logicalLocations"] = [{"fullyQualifiedName": render_route(place.route)}]
    if place.message:
        location["message"] = {"text": place.message}
    return location


def _uri(origin: Origin) -> str:
    path = origin.path if origin.path is not None else Path(origin.name)
    return quote(path.as_posix())


def _region(place: SarifPlace) -> dict[str, int] | None:
    """Lines and columns in the file; a document that is encoded inside a string has none of its own there."""
    try:
        found = locate(place.origin, place.route)
    except SourceError:
        return None
    if place.origin.encoded:
        return None
    return _extent(found)


def _extent(found: Place) -> dict[str, int]:
    end_line, end_column = found.source.line_and_column(found.span.end)
    return {
        "startLine": found.line,
        "startColumn": found.column,
        "endLine": end_line,
        "endColumn": end_column,
    }
