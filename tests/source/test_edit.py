"""Edits: the text changes exactly as the value does, and nowhere else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sagepass.source.edit import (
    AppendToArray,
    AppendToListOrString,
    Edit,
    EditError,
    InsertMember,
    RemoveElement,
    ReplaceValue,
    apply_to_text,
    apply_to_value,
    unified_diff,
)
from sagepass.source.origin import Origin
from sagepass.source.route import Route

POLICY = """{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": [
                "arn:aws:s3:::a",
                "arn:aws:s3:::b"
            ],   "Condition": { }
        }
    ]
}
"""

EDITS: list[tuple[str, Edit, str, str]] = [
    (
        "a string becomes a list",
        AppendToListOrString(("Statement", 0, "Action"), "s3:PutObject"),
        '"Action": "s3:GetObject",',
        '"Action": ["s3:GetObject", "s3:PutObject"],',
    ),
    (
        "a list grows by a line",
        AppendToListOrString(("Statement", 0, "Resource"), "arn:aws:s3:::c"),
        '"arn:aws:s3:::b"\n',
        '"arn:aws:s3:::b",\n                "arn:aws:s3:::c"\n',
    ),
    (
        "the last element goes with the comma before it",
        RemoveElement(("Statement", 0, "Resource", 1)),
        '"arn:aws:s3:::a",\n                "arn:aws:s3:::b"\n',
        '"arn:aws:s3:::a"\n',
    ),
    (
        "the first element goes with the comma after it",
        RemoveElement(("Statement", 0, "Resource", 0)),
        '"arn:aws:s3:::a",\n                "arn:aws:s3:::b"\n',
        '"arn:aws:s3:::b"\n',
    ),
    (
        "a member goes",
        RemoveElement(("Statement", 0, "Effect")),
        '"Effect": "Allow",\n            ',
        "",
    ),
    (
        "an empty object is filled",
        InsertMember(("Statement", 0, "Condition"), "Bool", {"k": "true"}),
        "{ }\n",
        '{\n                "Bool": {\n                    "k": "true"\n                }\n            }\n',
    ),
    (
        "a statement is added in the style of the document",
        AppendToArray(("Statement",), {"Effect": "Deny"}),
        "{ }\n        }\n",
        '{ }\n        },\n        {\n            "Effect": "Deny"\n        }\n',
    ),
    (
        "a value is replaced in place",
        ReplaceValue(("Version",), "2008-10-17"),
        '"2012-10-17"',
        '"2008-10-17"',
    ),
]


@pytest.mark.parametrize(("edit", "before", "after"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
def test_only_the_edited_characters_change(edit: Edit, before: str, after: str) -> None:
    """The rest of the text, odd spacing included, stays byte for byte."""
    assert POLICY.count(before) == 1
    assert apply_to_text(POLICY, [edit]) == POLICY.replace(before, after)


def test_one_line_documents_stay_on_one_line() -> None:
    """An edit does not lay out a document that has no lines."""
    text = '{"Statement": [{"Action": "a"}]}'
    edits: list[Edit] = [
        AppendToListOrString(("Statement", 0, "Action"), "b"),
        AppendToArray(("Statement",), {"Effect": "Deny", "Action": ["x"]}),
        InsertMember((), "Id", "i"),
    ]
    expected = '{"Statement": [{"Action": ["a", "b"]}, {"Effect": "Deny", "Action": ["x"]}], "Id": "i"}'
    assert apply_to_text(text, edits) == expected


def test_line_breaks_of_windows_are_kept() -> None:
    """New lines break as the old ones do."""
    text = POLICY.replace("\n", "\r\n")
    changed = apply_to_text(text, [AppendToArray(("Statement",), {"Effect": "Deny"})])
    assert changed.count("\n") == changed.count("\r\n") > text.count("\n")


def test_a_doubled_key_is_edited_where_it_counts_and_removed_wholly() -> None:
    """Of two equal keys the last counts; removing the key leaves neither."""
    text = '{"a": 1, "b": 2, "a": 3}'
    assert apply_to_text(text, [ReplaceValue(("a",), 4)]) == '{"a": 1, "b": 2, "a": 4}'
    assert apply_to_text(text, [RemoveElement(("a",))]) == '{"b": 2}'


MISFITS: list[Edit] = [
    ReplaceValue(("Statement", 5), 1),
    AppendToArray(("Version",), 1),
    AppendToArray(("Nothing",), 1),
    InsertMember(("Statement",), "a", 1),
    RemoveElement(()),
    RemoveElement(("Statement", 0, "Absent")),
    AppendToListOrString(("Statement", -1), 1),
]


@pytest.mark.parametrize("edit", MISFITS)
def test_an_edit_that_does_not_fit_is_an_error_in_both_forms(edit: Edit) -> None:
    """Value and text refuse the same edits."""
    with pytest.raises(EditError):
        apply_to_value(json.loads(POLICY), [edit])
    with pytest.raises(EditError):
        apply_to_text(POLICY, [edit])


def test_the_value_given_is_not_touched() -> None:
    """Editing makes a copy, down to the last list."""
    value = {"Statement": [{"Action": ["a"]}]}
    edited = apply_to_value(value, [AppendToArray(("Statement", 0, "Action"), "b")])
    assert value == {"Statement": [{"Action": ["a"]}]}
    assert edited == {"Statement": [{"Action": ["a", "b"]}]}


def test_diff_shows_the_document_alone() -> None:
    """A policy deep inside a file is diffed without its indentation there, an encoded one decoded."""
    inner = json.loads(POLICY)
    whole = json.dumps({"Policies": [{"Document": inner}]}, indent=4)
    origin = Origin(name="details.json", text=whole, route=("Policies", 0, "Document"))
    lines = unified_diff(origin, [AppendToListOrString(("Statement", 0, "Action"), "s3:PutObject")]).splitlines()
    assert lines[0] == "--- a/details.json Policies[0].Document"
    assert '-            "Action": "s3:GetObject",' in lines
    assert '+            "Action": ["s3:GetObject", "s3:PutObject"],' in lines
    encoded = Origin(name="x", text=json.dumps([json.dumps(inner)]), route=(0,), encoded=True)
    assert '-  "Version": "2012-10-17",' in unified_diff(encoded, [ReplaceValue(("Version",), "2008-10-17")])


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def _routes(value: object, base: Route = ()) -> list[Route]:
    steps = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [base, *(route for step, inner in steps for route in _routes(inner, (*base, step)))]


@st.composite
def documents_and_edits(draw: st.DrawFn) -> tuple[object, list[Edit]]:
    """A document and up to three edits that fit it, one after the other."""
    document = draw(st.dictionaries(st.text(max_size=4), VALUES, min_size=1, max_size=3))
    value: object = document
    edits: list[Edit] = []
    for _ in range(draw(st.integers(min_value=1, max_value=3))):
        route = draw(st.sampled_from(_routes(value)))
        new = draw(VALUES)
        choices: list[Edit] = [
            ReplaceValue(route, new),
            AppendToArray(route, new),
            AppendToListOrString(route, new),
            InsertMember(route, draw(st.text(max_size=4)), new),
            RemoveElement(route),
        ]
        edit = draw(st.sampled_from(choices))
        try:
            value = apply_to_value(value, [edit])
        except EditError:
            continue
        edits.append(edit)
    return document, edits


@settings(max_examples=150, deadline=None)
@given(documents_and_edits(), st.sampled_from([None, 1, 2, 4, "\t"]), st.booleans())
def test_text_and_value_agree(pair: tuple[object, list[Edit]], indent: int | str | None, ascii_only: bool) -> None:
    """Whatever the layout, the edited text parses to the edited value."""
    document, edits = pair
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    assert json.loads(apply_to_text(text, edits)) == apply_to_value(document, edits)
