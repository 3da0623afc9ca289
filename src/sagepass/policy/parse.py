"""Reads a policy document into its record. Nothing is dropped: what does not fit the grammar becomes a finding.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse_statement import parse_statement
from sagepass.policy.problems import Problems
from sagepass.policy.statement import Statement
from sagepass.source.origin import Origin
from sagepass.source.route import Route

_VERSIONS = ("2012-10-17", "2008-10-17")
_ELEMENTS = frozenset({"Version", "Id", "Statement"})


def parse_document(
    value: object,
    *,
    origin: Origin,
    policy_type: PolicyType,
    duplicates: Mapping[int, tuple[str, ...]] | None = None,
) -> Document:
    """Read one policy document.

    Args:
        value: the parsed JSON; anything but an object gives an unreadable document with a finding.
        origin: where the text lies; routes of the result are relative to it.
        policy_type: decides which elements belong into a statement (Principal, Resource).
        duplicates: ``id`` of a JSON object to the keys that stood in it more than once.

    Never raises for what the document says.
    """
    problems = Problems(origin.name, duplicates or {})
    if not isinstance(value, dict):
        problems.error(
            "POLICY_NOT_AN_OBJECT",
            (),
            f"the policy document is {_kind(value)}, not a JSON object",
            "save the document as AWS returns it: an object with Version and Statement",
        )
        return Document(origin=origin, variables_enabled=False, statements=(), findings=problems.all(), readable=False)
    document_defects = len(problems.found)
    problems.duplicate_keys(value, ())
    problems.unknown_elements(value, (), _ELEMENTS)
    broken = len(problems.found) > document_defects
    version = _version(value, problems)
    statements = _statements(value, policy_type, problems)
    return Document(
        origin=origin,
        variables_enabled=version == "2012-10-17",
        statements=statements,
        findings=problems.all(),
        readable=not broken and "Statement" in value and isinstance(value["Statement"], dict | list),
        size=document_size(value),
    )


def document_size(value: object) -> int:
    """Characters of the document without white space outside strings, as IAM counts its quotas.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    try:
        return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return 0


def _version(value: Mapping[str, object], problems: Problems) -> str | None:
    version = value.get("Version")
    if version in _VERSIONS:
        return str(version)
    if version is not None:
        problems.error(
            "POLICY_VERSION",
            ("Version",),
            f"Version {version!r} does not exist",
            'use "2012-10-17"; with anything else policy variables are literal text',
        )
    return None


def _statements(value: Mapping[str, object], policy_type: PolicyType, problems: Problems) -> tuple[Statement, ...]:
    raw = value.get("Statement")
    if isinstance(raw, dict):
        return (parse_statement(raw, 0, ("Statement",), policy_type, problems),)
    if isinstance(raw, list):
        return tuple(
            parse_statement(item, index, ("Statement", index), policy_type, problems) for index, item in enumerate(raw)
        )
    route: Route = ("Statement",) if "Statement" in value else ()
    problems.error("POLICY_NO_STATEMENT", route, "the policy has no list of statements", "add a Statement element")
    return ()


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "no JSON value"
