"""What is wrong with a document is said at its place, and the rest is still answered."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calls.read.reading import ROLE, findings, read

from sagepass.calls.read import codes as read_codes
from sagepass.jobs.explain import find_code
from sagepass.source.errors import SourceError
from sagepass.source.finding import Severity

FOLDER = Path(read_codes.__file__).parent


def _one(operation: str, params: Any, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    return [{"operation": operation, "params": params, **more}]


CASES: list[tuple[Any, str, str, str, str]] = [
    (_one("CreateModle", {}), "CALL_UNKNOWN_OPERATION", "[0].operation", "no operation CreateModle", "CreateModel"),
    (_one("CreateModel", {"ModelName": "m"}, service="sagmaker"), "CALL_UNKNOWN_SERVICE", "[0].service", "'sagmaker'", "sagemaker"),
    (_one("CreateModel", {"ModelName": "m", "PrimaryContaner": {}}), "CALL_UNKNOWN_PARAMETER", "[0].params.PrimaryContaner", "no member", "PrimaryContainer"),
    (_one("CreateModel", {"ModelName": 3}), "CALL_WRONG_TYPE", "[0].params.ModelName", "text is expected", "type"),
    (_one("CreateModel", {}), "CALL_MISSING_PARAMETER", "[0].params.ModelName", "ModelName is required", "add it"),
    (_one("CreateModel", {"ModelName": "m", "ExecutionRoleArn": "Exec"}), "CALL_ROLE_NOT_ARN", "[0].params.ExecutionRoleArn", "'Exec' is the name", "aws iam get-role --role-name Exec"),
    (_one("CreateModel", {"ModelName": "m", "ExecutionRoleArn": "a; rm -rf /x y"}), "CALL_ROLE_NOT_ARN", "[0].params.ExecutionRoleArn", "name of a role", "--role-name NAME "),
    (_one("CreateModel", {"ModelName": "m"}, parmas={}), "CALL_MALFORMED", "[0].parmas", "no member 'parmas'", "params"),
    (_one("CreateModel", []), "CALL_MISSING_PARAMETER", "[0].params.ModelName", "ModelName", "add"),
    (_one("CreateModel", ["x"]), "CALL_MALFORMED", "[0].params", "params is an object", "{"),
    ([{"params": {}}], "CALL_MALFORMED", "[0]", "does not name its operation", "operation"),
    (["x"], "CALL_MALFORMED", "[0]", "does not name its operation", "operation"),
    ([], "CALL_NOTHING_FOUND", "(document)", "no call", "add"),
    ({"sagepass_recording": "1.0"}, "CALL_MALFORMED", "calls", "a list of calls", "["),
    ({"ModelName": "m", "PrimaryContainer": {}}, "CALL_OPERATION_MISSING", "(document)", "which operation", "CreateModel"),
    ({"nothing": "known"}, "CALL_FORM_UNKNOWN", "(document)", "neither a request", "CALL_FORM_UNKNOWN"),
    ("just words\n", "CALL_FORM_UNKNOWN", "(document)", "no request", ""),
    ("null", "CALL_FORM_UNKNOWN", "(document)", "nothing in it", "request"),
    ("", "CALL_SYNTAX", "(document)", "empty", ""),
    ('[{"operation": "CreateModel",\n "params": {"ModelName": m}}]', "CALL_SYNTAX", "(document)", "line 2", ""),
    ("operation: CreateModel\nparams: [\n", "CALL_SYNTAX", "(document)", "line 3", "syntax"),
    ('{"operation": "CreateModel", "params": {"ModelName": "a", "ModelName": "b"}}', "CALL_DUPLICATE_KEY", "params.ModelName", "twice", "remove"),
    ("operation: CreateModel\nparams:\n  ModelName: a\n  ModelName: b\n", "CALL_DUPLICATE_KEY", "params.ModelName", "twice", "remove"),
    ("[" * 100_000, "CALL_SYNTAX", "(document)", "deep", ""),
    ("- " * 5_000 + "x", "CALL_SYNTAX", "(document)", "levels deep", ""),
    ({"terraform_version": "1.9", "values": {}}, "CALL_FORM_UNKNOWN", "(document)", "a state, not a plan", "terraform show"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "code", "place", "message", "remedy"), CASES)
def test_a_defect_is_named_at_its_place(document: Any, code: str, place: str, message: str, remedy: str) -> None:  # noqa: ANN401 - any JSON
    """Code, place, fact, remedy; and the page behind the code."""
    found = read(document)
    (finding, *_) = [one for one in found.findings if one.code == code]
    assert (code, place) in findings(found)
    assert message in finding.message
    assert remedy in finding.remedy
    assert not finding.message.endswith(".")
    assert find_code(code).body


def test_the_rest_is_answered() -> None:
    """One bad entry costs nothing of the others."""
    found = read([{"operation": "CreateModle"}, 3, *_one("CreateModel", {"ModelName": "m", "X": 1})])
    assert [one.label for one in found.calls] == ["CreateModle", "CreateModel"]
    assert {one.code for one in found.findings} == {
        "CALL_UNKNOWN_OPERATION",
        "CALL_MALFORMED",
        "CALL_UNKNOWN_PARAMETER",
    }


def test_a_syntax_error_has_its_characters() -> None:
    """The span lies in the text, so that the place can be shown."""
    text = '{\n  "a": 1,\n  "b" 2\n}'
    (finding,) = read(text).findings
    assert finding.span is not None
    assert text[finding.span.start] == "2"
    assert finding.severity is Severity.ERROR


def test_many_findings_and_many_calls_are_bounded() -> None:
    """The last one says that there are more."""
    found = read([{"operation": "CreateModel", "params": {f"x{n}": 1 for n in range(40)}} for _ in range(3000)])
    assert len(found.calls) == 2000
    assert len(found.findings) == 201
    assert found.findings[-1].code == "CALL_TOO_MANY"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """That is an error, not a finding: there is no document to point into."""
    with pytest.raises(SourceError, match="there is no such file"):
        read(tmp_path / "nope.json")


def test_every_code_is_documented_once_and_used() -> None:
    """No finding without a page, no page without a finding."""
    used: set[str] = set()
    for path in FOLDER.glob("*.py"):
        if path.name != "codes.py":
            used |= set(re.findall(r'"(CALL_[A-Z_]+)"', path.read_text(encoding="utf-8")))
    assert sorted(page.code for page in read_codes.CODES) == sorted(used)


def _deep(levels: int, *steps: str) -> Any:  # noqa: ANN401 - any JSON
    """Objects and lists in turn, with the given keys."""
    value: Any = "x"
    for level in range(levels):
        value = {steps[level % len(steps)]: [value] if level % 2 else value}
    return value


@pytest.mark.parametrize(
    "document",
    [
        _one("CreateModel", {"PrimaryContainer": _deep(120, "Environment", "x")}),
        {"Version": "1", "Steps": [{"Name": "S", "Type": "Model", "Arguments": _deep(120, "a")}]},
        {"Version": "1", "Steps": [_deep(30, "IfSteps", "Arguments")]},
        {"Resources": {"R": {"Type": "AWS::SageMaker::Model", "Properties": {"VpcConfig": _deep(120, "a", "b")}}}},
        {"Resources": {"R": {"Type": "AWS::SageMaker::Model", "Properties": {"ModelName": _deep(120, "Fn::Base64")}}}},
        {"Resources": {"R": {"Type": "AWS::SageMaker::Model", "Properties": {"ModelName": _deep(120, "Fn::Sub", "Fn::Join")}}}},
        {"Conditions": {"C": _deep(120, "Fn::Not")}, "Resources": {"R": {"Type": "AWS::SageMaker::Model", "Condition": "C"}}},
        {"resource_changes": [{"type": "aws_sagemaker_model", "change": {"actions": ["create"], "after": _deep(120, "vpc_config"), "after_unknown": _deep(120, "vpc_config")}}]},
        {"planned_values": {"root_module": _deep(120, "child_modules")}},
        {"planned_values": {}, "configuration": {"root_module": _deep(120, "module_calls", "x", "module")}},
    ],
    ids=range(10),
)  # fmt: skip
def test_deep_documents_are_answered(document: Any) -> None:  # noqa: ANN401 - any JSON
    """Whatever the nesting stands in, it ends in an answer."""
    read(document)
    read(document, operation="CreateModel")


def test_reading_loads_nothing_heavy() -> None:
    """The readers and the recorder's name load neither YAML nor the AWS SDK before they are used."""
    code = (
        "import sys, sagepass; from sagepass.calls.read import read_calls; sagepass.record;"
        "read_calls('[{\"operation\": \"CreateModel\"}]', name='x');"
        "print(*({'ruamel', 'botocore', 'boto3', 'tree_sitter', 'rich', 'cyclopts'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    environment = {"PYTHONPATH": str(FOLDER.parents[2])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == ""


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "Ref", "a", ROLE, "CreateModel", "arn:aws:x"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "Steps", "Version", "Name", "Type", "Arguments", "Resources", "Properties", "Parameters", "Default", "Ref",
                "Fn::Sub", "Fn::If", "Fn::GetAtt", "Fn::Join", "Get", "operation", "params", "planned_values",
                "resource_changes", "change", "after", "after_unknown", "actions", "type", "address", "configuration",
                "root_module", "resources", "sagepass_recording", "calls", "ModelName", "Tags", "RoleArn", "Condition",
            ]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(_JSON, st.sampled_from([None, "CreateModel", "CreateDomain", "Nope"]))
def test_no_document_breaks_the_reader(value: Any, operation: str | None) -> None:  # noqa: ANN401 - any JSON
    """Whatever comes in is answered, and every finding leads into a document that can be shown."""
    found = read(json.dumps(value), operation=operation)
    for finding in found.findings:
        assert found.origin_of(finding) is not None
    if operation is None and isinstance(value, dict):
        for key, kind in (("resource_changes", "aws_sagemaker_model"), ("Resources", "AWS::SageMaker::Model")):
            read(
                {key: [{"type": kind, "change": value}], **value}
                if key == "resource_changes"
                else {key: {"A": {"Type": kind, **value}}}
            )
