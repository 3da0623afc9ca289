"""Collects the findings of one policy document while it is read."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from difflib import get_close_matches

from sagepass.source.finding import Finding, Severity
from sagepass.source.route import Route, render_route


class Problems:
    """The findings of one document, in the order in which they were found."""

    def __init__(self, document: str, duplicates: Mapping[int, tuple[str, ...]]) -> None:
        self.document = document
        self.duplicates = duplicates
        self.found: list[Finding] = []

    def all(self) -> tuple[Finding, ...]:
        """Everything found so far."""
        return tuple(self.found)

    def error(self, code: str, route: Route, message: str, remedy: str) -> None:
        """Report something that AWS would refuse."""
        self._add(Severity.ERROR, code, route, message, remedy)

    def warning(self, code: str, route: Route, message: str, remedy: str) -> None:
        """Report something that AWS accepts and that is probably not meant."""
        self._add(Severity.WARNING, code, route, message, remedy)

    def duplicate_keys(self, value: object, route: Route) -> None:
        """Report the keys that stood more than once in this object."""
        for key in self.duplicates.get(id(value), ()):
            self.error(
                "POLICY_DUPLICATE_KEY",
                (*route, key),
                f"the key {key!r} stands more than once in {render_route(route)}",
                "merge the values into one list, or split the statement in two",
            )

    def unknown_elements(self, value: Mapping[str, object], route: Route, known: AbstractSet[str]) -> None:
        """Report the keys of this object that the grammar does not have."""
        for key in value:
            if key not in known:
                near = get_close_matches(key.capitalize(), known, n=1, cutoff=0.6)
                hint = f"did you mean {near[0]}? " if near else ""
                self.error(
                    "POLICY_UNKNOWN_ELEMENT",
                    (*route, key),
                    f"the policy grammar has no element {key!r}",
                    f"{hint}remove it or correct its name (names are case sensitive)",
                )

    def _add(self, severity: Severity, code: str, route: Route, message: str, remedy: str) -> None:
        self.found.append(
            Finding(code=code, severity=severity, message=message, remedy=remedy, document=self.document, route=route)
        )
