"""A policy's document as plain data, and the same document with a statement more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sagepass.policy.document import Policy
from sagepass.source.edit import AppendToListOrString, Edit, EditError, apply_to_value
from sagepass.source.errors import SourceError
from sagepass.source.locate import document_text

_VERSION = "2012-10-17"


def document_value(policy: Policy) -> Mapping[str, object] | None:
    """The parsed document of a policy; ``None`` if it cannot be read or was not understood."""
    if not policy.document.readable:
        return None
    value = policy.document.origin.value
    if not isinstance(value, dict):
        try:
            value = json.loads(document_text(policy.document.origin).text)
        except (SourceError, ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def new_document(*statements: Mapping[str, object]) -> dict[str, object]:
    """A document with these statements."""
    return {"Version": _VERSION, "Statement": list(statements)}


def with_statement(document: Mapping[str, object], *statements: Mapping[str, object]) -> object:
    """The document with further statements at its end.

    Raises:
        EditError: the document has no list of statements.
    """
    if "Statement" not in document:
        raise EditError("the document has no Statement")
    return apply_to_value(document, [AppendToListOrString(("Statement",), dict(item)) for item in statements])


def edited(document: Mapping[str, object], edits: Sequence[Edit]) -> object | None:
    """The document with edits made; ``None`` if one does not fit."""
    try:
        return apply_to_value(document, edits)
    except EditError:
        return None


def statement_at(document: object, index: int) -> dict[str, object] | None:
    """The statement at a position; a document may have one that stands without a list."""
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    if isinstance(statements, Mapping):
        return dict(statements) if index == 0 else None
    if isinstance(statements, list) and 0 <= index < len(statements) and isinstance(statements[index], dict):
        return dict(statements[index])
    return None


def with_condition(
    statement: Mapping[str, object], operator: str, key: str, value: str
) -> tuple[dict[str, object], bool] | None:
    """The statement with one more value for a condition key; also whether the key stood there before.

    ``None`` if the Condition element is malformed. Names of operators and keys are compared without regard to case.
    """
    block = statement.get("Condition", {})
    if not isinstance(block, dict):
        return None
    own = next((name for name in block if name.lower() == operator.lower()), None)
    keys = block.get(own, {}) if own else {}
    if not isinstance(keys, dict):
        return None
    present = next((name for name in keys if name.lower() == key.lower()), None)
    if present is None:
        changed = {**keys, key: value}
    else:
        before = keys[present]
        values = list(before) if isinstance(before, list) else [before]
        changed = {**keys, present: [*values, value]}
    return {**statement, "Condition": {**block, own or operator: changed}}, present is not None


__all__ = [
    "document_value",
    "edited",
    "new_document",
    "statement_at",
    "with_condition",
    "with_statement",
]
