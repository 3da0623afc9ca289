"""Places: the exact characters of an element, in files, texts, encoded documents and bare values."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sagepass.source.errors import SourceError
from sagepass.source.locate import Place, document_text, locate
from sagepass.source.origin import Origin
from sagepass.source.route import Route

TEXT = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "ü\\u00e9\\ud83d\\ude00/x", "Action": ["s3:Get*", "s3:Put*"]},
    {"Condition": {"StringEquals": {"aws:username": "anna"}}, "Condition": {"Null": {"k": "true"}}}
  ]
}
"""


def shown(place: Place) -> str:
    """The characters that a place points at."""
    return place.source.text[place.span.start : place.span.end]


ELEMENTS: list[tuple[Route, bool, tuple[int, int] | None, str, tuple[int, int]]] = [
    (("Version",), False, None, '"2012-10-17"', (2, 14)),
    (("Version",), True, None, '"Version"', (2, 3)),
    (("Statement", 0, "Action", 1), False, None, '"s3:Put*"', (4, 60)),
    (("Statement", 0, "Action", 1), False, (3, 6), "Put", (4, 64)),
    (("Statement", 0, "Sid"), False, (1, 2), "\\u00e9", (4, 15)),
    (("Statement", 0, "Sid"), False, (2, 3), "\\ud83d\\ude00", (4, 21)),
    (("Statement", 0, "Sid"), False, (3, 99), "/x", (4, 33)),
    (("Statement", 1, "Condition", "Null", "k"), False, None, '"true"', (5, 91)),
    ((), False, None, TEXT.strip(), (1, 1)),
]


@pytest.mark.parametrize(("route", "key", "within", "text", "at"), ELEMENTS)
def test_elements(route: Route, key: bool, within: tuple[int, int] | None, text: str, at: tuple[int, int]) -> None:
    """A value, a key, a piece of a string through its escapes; of doubled keys the last one, which counts."""
    place = locate(Origin(name="p.json", text=TEXT), route, key=key, within=within)
    assert (shown(place), (place.line, place.column), place.exact) == (text, at, True)


def test_a_route_to_nothing_shows_the_nearest_element_around_it() -> None:
    """Pointing never fails; what is not exact says so."""
    place = locate(Origin(name="p.json", text=TEXT), ("Statement", 0, "Action", 7))
    assert shown(place) == '["s3:Get*", "s3:Put*"]'
    assert not place.exact


def test_document_inside_a_file(tmp_path: Path) -> None:
    """Lines and columns count in the whole file; the document alone comes without its indentation there."""
    path = tmp_path / "details.json"
    inner = {"Version": "2012-10-17", "Statement": [{"Action": "a"}]}
    path.write_text(json.dumps({"Policies": [1, {"Document": inner}]}, indent=4), encoding="utf-8")
    origin = Origin(name="details.json", path=path, route=("Policies", 1, "Document"))
    place = locate(origin, ("Statement", 0, "Action"))
    assert (place.line, shown(place), place.source.name) == (9, '"a"', "details.json")
    assert document_text(origin).text == json.dumps(inner, indent=4)
    assert document_text(origin).name == "details.json Policies[1].Document"


@pytest.mark.parametrize("encoding", ["json", "url", "twice"])
def test_encoded_document_is_shown_decoded(encoding: str) -> None:
    """A document in a string is laid out, and its name leads to the string."""
    text = '{"Statement":[{"Action":["a","b"],"Resource":[],"Action":"c"}]}'
    wrapped = {"json": text, "url": quote(text), "twice": json.dumps(text)}[encoding]
    origin = Origin(name="f.json", text=json.dumps({"P": [wrapped]}), route=("P", 0), encoded=True)
    place = locate(origin, ("Statement", 0, "Action"))
    assert place.source.name == "f.json P[0] (decoded)"
    assert (shown(place), place.line) == ('"c"', 9)
    assert place.source.text.count('"Action"') == 2, "the doubled key stays visible"


def test_encoded_document_that_has_lines_keeps_them() -> None:
    """Only one-line documents are laid out."""
    text = '{\n"Statement":   []\n}'
    origin = Origin(name="f", value=text, encoded=True)
    assert locate(origin, ()).source.text == text


def test_value_without_text_is_pretty_printed() -> None:
    """Policies that were never a text are shown with two spaces a level."""
    place = locate(Origin(name="case T01", value={"Statement": [{"Action": "é"}]}), ("Statement", 0, "Action"))
    assert (place.line, place.column, shown(place)) == (4, 17, '"é"')


def test_file_that_changed_meanwhile(tmp_path: Path) -> None:
    """A file without the document, or no file at all, is said, not guessed."""
    path = tmp_path / "p.json"
    path.write_text("[]")
    with pytest.raises(SourceError, match="nothing at a"):
        locate(Origin(name="p.json", path=path, route=("a",)), ())
    path.unlink()
    with pytest.raises(SourceError, match="no such file"):
        locate(Origin(name="p.json", path=path), ())


def test_deep_documents_are_located() -> None:
    """Depth costs no recursion."""
    text = "[" * 5000 + "]" * 5000
    assert locate(Origin(name="deep", text=text), (0,) * 4000).span.start == 4000


def routes(value: object, base: Route = ()) -> list[Route]:
    """Every route of a value."""
    steps = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [base, *(route for step, inner in steps for route in routes(inner, (*base, step)))]


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60)
@given(TREES, st.booleans(), st.sampled_from([None, 2]), st.data())
def test_the_characters_at_a_route_are_the_value_at_the_route(
    value: object, ascii_only: bool, indent: int | None, data: st.DataObject
) -> None:
    """Wherever the split between origin and route lies, the text found parses to the element."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    route = data.draw(st.sampled_from(routes(value)))
    split = data.draw(st.integers(min_value=0, max_value=len(route)))
    place = locate(Origin(name="x", text=text, route=route[:split]), route[split:])
    expected = value
    for step in route:
        expected = expected[step]  # type: ignore[index]
    assert json.loads(shown(place)) == expected


def test_only_the_document_shown_is_scanned_in_a_large_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a file of several megabytes the syntax tree is made of one policy, not of the file."""
    from sagepass.source import locate as module
    from sagepass.source.syntax import JsonTree

    scanned: list[int] = []

    def remember(text: str) -> JsonTree:
        scanned.append(len(text))
        return JsonTree(text)

    monkeypatch.setattr(module, "_tree", remember)
    documents = [{"Document": {"Statement": [{"Action": f"a:{number}"}]}} for number in range(60_000)]
    path = tmp_path / "large.json"
    path.write_text(json.dumps({"Policies": documents}, indent=1), encoding="utf-8")
    assert path.stat().st_size > 4_000_000
    place = locate(Origin(name="l", path=path, route=("Policies", 59_999, "Document")), ("Statement", 0, "Action"))
    assert shown(place) == '"a:59999"'
    assert len(scanned) == 1
    assert scanned[0] < 200
