"""YAML is read within bounds, and every element keeps its place."""

from __future__ import annotations

import sys

import pytest

from sagepass.source.errors import SourceError
from sagepass.source.locate import locate
from sagepass.source.origin import Origin
from sagepass.source.yaml_text import MAX_YAML_SIZE, parse_yaml

TEXT = """\
name: my-job
account: 012345678901
count: 3
share: 0.5
when: 2020-12-01
on: true
nothing:
role: !Ref Role
arn: !GetAtt
  - Role
  - Arn
base: &base
  a: 1
  b: [x, y]
more:
  <<: *base
  a: 2
script: |
  first
  second
last: 'quoted # text'
"""


def _tagged(tag: str, value: object) -> object:
    return {tag: value}


def test_values() -> None:
    """Scalars follow the core schema; dates and account ids stay text; tags are the reader's business."""
    assert parse_yaml(TEXT, "t", tags=_tagged).value == {
        "name": "my-job",
        "account": "012345678901",
        "count": 3,
        "share": 0.5,
        "when": "2020-12-01",
        "on": True,
        "nothing": None,
        "role": {"Ref": "Role"},
        "arn": {"GetAtt": ["Role", "Arn"]},
        "base": {"a": 1, "b": ["x", "y"]},
        "more": {"a": 2, "b": ["x", "y"]},
        "script": "first\nsecond\n",
        "last": "quoted # text",
    }


@pytest.mark.parametrize(
    ("route", "line", "text"),
    [
        (("name",), 1, "my-job"),
        (("role",), 8, "!Ref Role"),
        (("role", "Ref"), 8, "!Ref Role"),
        (("arn", 1), 11, "Arn"),
        (("base", "b", 1), 14, "y"),
        (("base", "b"), 14, "[x, y]"),
        (("base",), 13, "a: 1\n  b: [x, y]"),
        (("more", "b", 0), 14, "x"),
        (("script",), 18, "|\n  first\n  second"),
        (("last",), 21, "'quoted # text'"),
    ],
)
def test_places(route: tuple[str | int, ...], line: int, text: str) -> None:
    """A route leads to line and characters, through aliases and merges too."""
    place = locate(Origin(name="t.yaml", text=TEXT, yaml=True), route)
    found = place.source.text[place.span.start : place.span.end].removeprefix("&base\n  ")
    assert (place.line + (route == ("base",)), found) == (line, text)
    assert place.exact or "Ref" in route


def test_keys_and_what_is_not_there() -> None:
    """A key can be pointed at; a route that leads nowhere ends at the nearest element around it."""
    origin = Origin(name="t.yaml", text=TEXT, yaml=True)
    place = locate(origin, ("base", "b"), key=True)
    assert (place.line, place.column, place.span.end - place.span.start) == (14, 3, 1)
    assert not locate(origin, ("base", "nope", "deeper")).exact


def test_doubled_keys() -> None:
    """The last one counts, and the route is known."""
    parsed = parse_yaml("a:\n  b: 1\n  b: 2\n", "t")
    assert parsed.value == {"a": {"b": 2}}
    assert parsed.duplicates == (("a", "b"),)


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: [1, 2\nb: 3\n", "the YAML is broken here", 2),
        ("a: b: c\n", "the YAML is broken here", 1),
        ("a: *nope\n", "is not defined", 1),
        ("a: &x [*x]\n", "refers to itself", 1),
        ("a: 1\n---\nb: 2\n", "a second document begins here", 2),
        ("", "the text is empty", None),
        (BOMB, "when its aliases are followed", 6),
        ("[" * 100_000, "levels deep", 1),
        ("a: 1\n\tb: 2\n", "the YAML is broken", 2),
        ("a: \x00\n", "the YAML is broken", None),
        ("x" * (MAX_YAML_SIZE + 1), "more than the limit", None),
    ],
)
def test_broken_and_hostile_texts(text: str, message: str, line: int | None) -> None:
    """Each ends in one clear error with its line, and none takes long."""
    with pytest.raises(SourceError, match=message) as caught:
        parse_yaml(text, "t.yaml")
    assert caught.value.line == line
    assert caught.value.remedy


def test_nothing_is_constructed() -> None:
    """Tags that other readers turn into objects are text here."""
    assert parse_yaml("a: !!python/object/apply:os.system ['x']\n", "t").value == {"a": ["x"]}


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra and the command that installs it."""
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)
    with pytest.raises(SourceError, match=r"extra \[yaml\].*pip install 'sagepass\[yaml\]'"):
        parse_yaml("a: 1", "t.yaml")
