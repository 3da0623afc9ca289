"""The JSON documents against the published schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.render import worlds

from sagepass.denial import read_denials
from sagepass.engine.decision import Decision
from sagepass.jobs.diagnosis import Diagnosis
from sagepass.render.json_form import decision_document, denials_to_json, diagnoses_to_json

_HERE = Path(__file__).parent
_SCHEMAS = _HERE.parents[1] / "docs" / "schema"


NAMES = tuple(worlds.WORLDS)


def _decision(diagnosis: Diagnosis) -> Decision:
    assert diagnosis.decision is not None
    return diagnosis.decision


def closed(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """The schema without room for properties that it does not name: what is printed must be documented."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if "properties" in schema and isinstance(schema["properties"], dict) and schema.get("type") == "object":
        result["additionalProperties"] = False
    return result


def validate(name: str, document: object) -> None:
    """Check a document, as it is after a round trip through JSON, against a closed schema."""
    schema = closed(json.loads((_SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(document)))


@pytest.mark.parametrize("path", sorted(_SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_schemas_are_valid(path: Path) -> None:
    """Every published schema is a schema."""
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("redact", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_diagnoses(name: str, *, redact: bool) -> None:
    """Every diagnosis fits the schema, with names and with pseudonyms."""
    document = diagnoses_to_json([worlds.WORLDS[name]()], redact=redact)
    validate("diagnoses", document)
    assert redact is not ("mateojackson" in json.dumps(document))


def test_everything_is_in_it() -> None:
    """Checks, near misses with their places, fixes with documents: nothing of the records is left out."""
    document = diagnoses_to_json([worlds.denied_nearby()])
    (diagnosis,) = document["diagnoses"]
    (near,) = diagnosis["decision"]["evaluations"][0]["checks"][0]["nearest"]

    assert diagnosis["code"] == "PRINCIPAL_IMPLICIT_DENY"
    assert near["place"]["text"] == "team-*"
    assert near["place"]["line"] == 11
    assert diagnosis["fixes"][0]["edits"][0]["after"]["Statement"] == [worlds.STATEMENT]
    assert diagnosis["fixes"][0]["result_effect"] == "ALLOW"


def test_decision() -> None:
    """The document of ``sagepass can``."""
    validate("decision", decision_document(_decision(worlds.conditional())))


def test_denials() -> None:
    """The document of ``sagepass read``."""
    document = denials_to_json(read_denials(worlds.TEXT))
    validate("denials", document)
    assert document["denials"][0]["principal"] == worlds.USER
