"""The concrete syntax of a JSON text: which characters make up the element at a route.

The tree comes from tree-sitter-json, which keeps every character's place and never fails on odd input.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache

import tree_sitter_json
from tree_sitter import Language, Node, Parser

from sagepass.source.route import Route
from sagepass.source.text import Span


@dataclass(frozen=True, slots=True)
class Found:
    """One element: its value, and its ``"key": value`` pair if it is a member of an object."""

    value: Node
    pair: Node | None = None


class JsonTree:
    """The syntax tree of one text. Offsets of the result are characters of that text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._bytes = text.encode("utf-8", "surrogatepass")
        self._plain = len(self._bytes) == len(text)
        self._root = _parser().parse(self._bytes).root_node

    def find(self, route: Route) -> tuple[Found | None, Route]:
        """The element at ``route``, or the deepest one on the way to it, with the route that was reached.

        Of keys that stand twice in an object the last one counts.
        """
        top = next((node for node in self._root.named_children if node.type not in ("comment", "ERROR")), None)
        if top is None:
            return None, ()
        found = Found(top)
        for depth, step in enumerate(route):
            inner = self._child(found.value, step)
            if inner is None:
                return found, route[:depth]
            found = inner
        return found, route

    def members(self, node: Node) -> list[Found]:
        """The elements of an array or the members of an object, in their order; nothing for other nodes."""
        if node.type == "array":
            return [Found(child) for child in node.named_children if child.type != "comment"]
        if node.type != "object":
            return []
        pairs = [child for child in node.named_children if child.type == "pair"]
        return [Found(value, pair) for pair in pairs if (value := pair.child_by_field_name("value")) is not None]

    def key(self, found: Found) -> str | None:
        """The key of a member, decoded."""
        node = None if found.pair is None else found.pair.child_by_field_name("key")
        return None if node is None else _decoded(self.slice(node))

    def span(self, node: Node) -> Span:
        """The characters of a node."""
        return Span(self._offset(node.start_byte), self._offset(node.end_byte))

    def slice(self, node: Node) -> str:
        """The text of a node."""
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def _child(self, node: Node, step: str | int) -> Found | None:
        members = self.members(node)
        if isinstance(step, int):
            return members[step] if node.type == "array" and 0 <= step < len(members) else None
        return next((member for member in reversed(members) if self.key(member) == step), None)

    def _offset(self, position: int) -> int:
        if self._plain:
            return position
        return len(self._bytes[:position].decode("utf-8", "surrogatepass"))


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_json.language()))


def _decoded(text: str) -> str | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def piece_of_string(source: str, within: tuple[int, int]) -> Span:
    r"""The characters of a string's source, quotes included, that stand for a range of its decoded characters.

    ``source`` is ``"a\u00e9b"``; the range ``(1, 2)`` is the ``\u00e9``. A surrogate pair of two escapes is one
    decoded character.
    """
    edges = [found.start() for found in _character().finditer(source, 1, len(source) - 1)]
    edges.append(max(len(source) - 1, 1))
    last = len(edges) - 1
    start, end = (min(max(offset, 0), last) for offset in within)
    return Span(edges[start], edges[max(start, end)])


@cache
def _character() -> re.Pattern[str]:
    return re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
