"""Documents inside strings come out the same, however they were wrapped."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagepass.source.embedded import Decoding, decode_embedded, parse_embedded
from sagepass.source.errors import SourceError

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Action": "s3:*", "Resource": "arn:aws:s3:::a b+c/ü%20"}]}
TEXT = json.dumps(DOCUMENT, ensure_ascii=False)
WRAPPED = [
    ("plain", TEXT, ()),
    ("pretty", json.dumps(DOCUMENT, indent=2), ()),
    ("URL-encoded as IAM does", quote(TEXT, safe=""), (Decoding.URL,)),
    ("URL-encoded as a form", quote_plus(TEXT), (Decoding.URL,)),
    ("URL-encoded twice", quote(quote(TEXT, safe=""), safe=""), (Decoding.URL, Decoding.URL)),
    ("JSON string", json.dumps(TEXT), (Decoding.JSON_STRING,)),
    ("JSON string twice", json.dumps(json.dumps(TEXT)), (Decoding.JSON_STRING, Decoding.JSON_STRING)),
    ("escaped without quotes", json.dumps(TEXT)[1:-1], (Decoding.BACKSLASHES,)),
]


@pytest.mark.parametrize(("text", "steps"), [row[1:] for row in WRAPPED], ids=[row[0] for row in WRAPPED])
def test_wrappings_are_undone_and_named(text: str, steps: tuple[Decoding, ...]) -> None:
    """Each wrapping is taken off, and the result says which there were."""
    assert decode_embedded(text).steps == steps
    assert parse_embedded(text, "p").value == DOCUMENT


@pytest.mark.parametrize("text", ["", "hello", "%7Bbroken", '"just a string"', '{"a": '])
def test_what_holds_no_document(text: str) -> None:
    """A string without a document is an error, never an empty policy."""
    with pytest.raises(SourceError):
        parse_embedded(text, "p")


@given(st.text())
def test_any_string_can_be_tried(text: str) -> None:
    """Decoding never fails and never loops."""
    assert isinstance(decode_embedded(text).text, str)
