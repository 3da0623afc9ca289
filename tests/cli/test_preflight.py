"""``sagepass preflight`` on the example: what it prints in each form, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.render.test_json import validate

ROOT = Path(__file__).parents[2]
FOLDER = "examples/studio-training"
STUDIO = "arn:aws:sts::123456789012:assumed-role/AmazonSageMaker-ExecutionRole-20260114T101500/SageMaker"
FLOWS = ("training-job", "processing-job", "tuning-job", "deployment", "pipeline")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def arguments(name: str, *more: str) -> list[str]:
    """The command for one request of the example."""
    return ["preflight", f"{FOLDER}/{name}.json", "--snapshot", f"{FOLDER}/snapshot", "--as", STUDIO, *more]


@pytest.mark.parametrize("name", FLOWS)
def test_the_example_passes(cli: Cli, name: str) -> None:
    """Jobs, a deployment and a pipeline with its steps are wholly allowed: exit code 0."""
    result = cli(*arguments(name, "--format", "concise"))
    assert (result.code, result.err) == (0, "")
    (verdict,) = result.out.splitlines()
    assert verdict.startswith("PREFLIGHT_PASSES: ")


def test_the_steps_of_a_pipeline_are_made_by_its_role(cli: Cli) -> None:
    """The pipeline's role needs the action, the tags and the passing of each step, and has to be trusted itself."""
    document = cli(*arguments("pipeline", "--format", "json")).json
    pipeline = "arn:aws:iam::123456789012:role/ml/ChurnPipeline"
    own = {item["request"]["action"] for item in document["authorizations"] if item["principal"] == pipeline}
    assert {"sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob", "iam:PassRole"} <= own
    assert any(
        item["request"]["action"] == "sts:AssumeRole" and item["request"]["resource"] == pipeline
        for item in document["authorizations"]
    )


def test_something_missing(cli: Cli) -> None:
    """Exit code 1; the page names what is missing, the field that asks, the owner, and that everything passes afterwards."""
    result = cli(*arguments("first-attempt"))
    assert result.code == 1
    assert result.out.startswith("error[PREFLIGHT_MISSING]: CreateTrainingJob takes 35 authorizations: 4 missing")
    assert "[OutputDataConfig.S3OutputPath]" in result.out
    assert "sagemaker:InstanceTypes = ml.g5.xlarge" in result.out
    assert "everything was decided again with these changes, and all of it is allowed" in result.out


def test_something_open(cli: Cli, tmp_path: Path) -> None:
    """Exit code 3; the command that settles it is named."""
    request = tmp_path / "transform.json"
    params = {"TransformJobName": "score", "ModelName": "unknown"}
    request.write_text(json.dumps({"operation": "CreateTransformJob", "params": params}), encoding="utf-8")
    administrator = "arn:aws:iam::123456789012:role/Administrator"
    result = cli("preflight", str(request), "--snapshot", f"{FOLDER}/snapshot", "--as", administrator)
    assert "look up: aws sagemaker describe-model --model-name unknown --region eu-west-1" in " ".join(
        result.out.split()
    )
    assert "PREFLIGHT_UNDECIDED" in result.out
    assert result.code == 3


def test_a_bare_request_with_the_operation_beside_it(cli: Cli, tmp_path: Path) -> None:
    """A file with nothing but the parameters, and ``--operation``."""
    entry = json.loads((ROOT / FOLDER / "training-job.json").read_text(encoding="utf-8"))
    request = tmp_path / "request.json"
    request.write_text(json.dumps(entry["params"]), encoding="utf-8")
    given = arguments("training-job", "--operation", "CreateTrainingJob", "--format", "concise")
    result = cli(given[0], str(request), *given[2:])
    assert result.code == 0
    assert "PREFLIGHT_PASSES" in result.out


def test_json_and_sarif(cli: Cli) -> None:
    """Both are one document on standard output; the JSON fits its schema."""
    validate("preflight", cli(*arguments("first-attempt", "--format", "json")).json)
    log = cli(*arguments("first-attempt", "--format", "sarif")).json
    assert log["version"] == "2.1.0"
    assert len(log["runs"][0]["results"]) == 4


def test_write_role(cli: Cli) -> None:
    """The role as commands, then what is left to do: the caller passes it. After that all is allowed: exit code 0."""
    result = cli(*arguments("training-job", "--write-role", "ml/ChurnNew"))
    assert result.code == 0
    assert "aws iam create-role --role-name ChurnNew --path /ml/" in result.out
    assert "MISSING  iam:PassRole" in result.out
    assert "all of it is allowed" in result.out


def test_write_role_json(cli: Cli) -> None:
    """The role is a member of the document."""
    document = cli(*arguments("training-job", "--write-role", "ChurnNew", "--format", "json")).json
    validate("preflight", document)
    assert document["new_role"]["role_name"] == "ChurnNew"


USAGE = {
    "no file": (["preflight", "--snapshot", f"{FOLDER}/snapshot", "--as", STUDIO], "no file was given"),
    "no caller": (
        ["preflight", f"{FOLDER}/training-job.json", "--snapshot", f"{FOLDER}/snapshot"],
        "nothing says who makes the call",
    ),
    "a caller that is none": (
        ["preflight", f"{FOLDER}/training-job.json", "--snapshot", f"{FOLDER}/snapshot", "--as", "me"],
        "me",
    ),
    "a caller that is not there": (
        [
            "preflight", f"{FOLDER}/training-job.json", "--snapshot", f"{FOLDER}/snapshot",
            "--as", "arn:aws:iam::123456789012:role/ml/ChurnTrainin",
        ],
        "is not in the snapshot",
    ),
    "a role that exists": (
        arguments("training-job", "--write-role", "ChurnTraining"),
        "has a role ChurnTraining already",
    ),
    "a file that does not exist": (arguments("nothing"), "nothing.json"),
}  # fmt: skip


@pytest.mark.parametrize("name", USAGE)
def test_usage(cli: Cli, name: str) -> None:
    """What cannot be used ends with 2 and a sentence that names it, nothing on standard output."""
    given, said = USAGE[name]
    result = cli(*given)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert "help: " in result.err


def test_it_loads_nothing_heavy() -> None:
    """A preflight imports neither an SDK nor a server nor a solver."""
    code = (
        "import sys\nfrom sagepass.fronts.cli.main import run\n"
        f"assert run({arguments('training-job', '--format', 'concise')!r}) == 0\n"
        "print([name for name in ('boto3', 'botocore', 'numpy', 'moto', 'cvc5', 'ruamel') if name in sys.modules])"
    )
    own = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=own)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_document_that_cannot_be_read_does_not_pass(cli: Cli, tmp_path: Path) -> None:
    """A request that names no operation: exit code 1, and no word of anything that passes."""
    path = tmp_path / "job.json"
    path.write_text('{"TrainingJobName": "churn-1", "RoleArn": "arn:aws:iam::123456789012:role/r"}', encoding="utf-8")
    result = cli("preflight", str(path), "--snapshot", f"{FOLDER}/snapshot", "--as", STUDIO)
    assert result.code == 1
    assert result.out.startswith("warning[PREFLIGHT_UNDECIDED]: no call could be read from the document: 1 error in it")
    assert "PREFLIGHT_PASSES" not in result.out
