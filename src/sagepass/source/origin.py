"""Where a JSON value lies: in which file or text, at which route, and whether it is decoded out of a string there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sagepass.source.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The address of one JSON value; cheap to make, read only when a place has to be shown.

    Attributes:
        name: what people call the document: a file path as they gave it, ``<stdin>``, ``case T01``.
        path: the file to read the text from, if there is one.
        text: the text itself, where it does not come from a file.
        value: the parsed value, where there is neither file nor text; it is then shown pretty-printed.
        route: leads from the root of the text to the value.
        encoded: the value at ``route`` is a string that holds the JSON document (perhaps URL-encoded).
        yaml: the text is YAML; its value is the whole document.
    """

    name: str
    path: Path | None = None
    text: str | None = None
    value: object = None
    route: Route = ()
    encoded: bool = False
    yaml: bool = False
