"""The edits that can be made in a JSON document.

:mod:`sagepass.source.edit` makes them in values and in texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sagepass.source.route import Route


@dataclass(frozen=True, slots=True)
class ReplaceValue:
    """Put another value in the place of the one at ``route``."""

    route: Route
    value: object


@dataclass(frozen=True, slots=True)
class AppendToArray:
    """Add an element at the end of the array at ``route``."""

    route: Route
    value: object


@dataclass(frozen=True, slots=True)
class AppendToListOrString:
    """Add an element to a list-or-string element (``Action``, ``Resource``): a single value becomes a list of two."""

    route: Route
    value: object


@dataclass(frozen=True, slots=True)
class InsertMember:
    """Add a member at the end of the object at ``route``; a member of that key gets the new value in its place."""

    route: Route
    key: str
    value: object


@dataclass(frozen=True, slots=True)
class RemoveElement:
    """Take away the array element or the object member at ``route``."""

    route: Route


Edit: TypeAlias = ReplaceValue | AppendToArray | AppendToListOrString | InsertMember | RemoveElement


class EditError(ValueError):
    """An edit that does not fit the document: its route leads to nothing, or to a value of another kind."""
