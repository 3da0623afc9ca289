"""The commands on ordinary input: what they print, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import ACCOUNT, CAROL, ERROR, JOB, USER, Cli

_SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
ACTION = "sagemaker:DescribeTrainingJob"


def _valid(name: str, document: object) -> None:
    import jsonschema

    schema = json.loads((_SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)


def test_no_arguments_shows_short_help_with_examples(cli: Cli) -> None:
    """Without arguments: help with two commands that can be pasted."""
    result = cli()
    assert result.code == 0
    assert result.out.count("sagepass why") == 2


def test_version(cli: Cli) -> None:
    """``--version`` is one line; with ``--verbose`` it tells the date of the catalog."""
    assert cli("--version").out.startswith("sagepass 0.")
    assert "catalog of 20" in cli("--version", "--verbose").out


def test_read_a_pasted_error(cli: Cli) -> None:
    """The fields of the error, for people."""
    result = cli("read", ERROR)
    assert result.code == 0
    assert USER in result.out
    assert ACTION in result.out


def test_read_words_that_were_not_quoted(cli: Cli) -> None:
    """Words of an error pasted without quotes are put together again."""
    assert cli("read", *ERROR.split()).out == cli("read", ERROR).out


@pytest.mark.parametrize("dash", [(), ("-",)])
def test_read_standard_input(cli: Cli, dash: tuple[str, ...]) -> None:
    """Piped text is read, asked for with ``-`` or not."""
    assert USER in cli("read", *dash, stdin=ERROR.encode()).out


def test_read_json(cli: Cli, tmp_path: Path) -> None:
    """The documented JSON, from a file."""
    path = tmp_path / "error.txt"
    path.write_text(ERROR, encoding="utf-8")
    document = cli("read", str(path), "--format", "json").json
    _valid("denials", document)
    assert document["denials"][0]["action"] == ACTION


def test_why_points_at_the_cause(cli: Cli, snapshot: Path) -> None:
    """A denial: exit code 1, the code of the check, the chain, and a fix that names the one job."""
    result = cli("why", ERROR, "--snapshot", str(snapshot))
    assert result.code == 1, result.err
    assert result.out.startswith("error[PRINCIPAL_IMPLICIT_DENY]: ")
    assert "IMPLICIT DENY" in result.out
    assert JOB in result.out
    assert "fix 1" in result.out
    assert result.err == ""


def test_why_without_snapshot(cli: Cli) -> None:
    """From the text alone: a denial still, with what was not checked."""
    result = cli("why", ERROR)
    assert result.code == 1, result.err
    assert result.out.startswith("error[")


def test_why_json(cli: Cli, snapshot: Path) -> None:
    """The documented JSON, with the edit of the fix."""
    result = cli("why", ERROR, "--snapshot", str(snapshot), "--format", "json")
    _valid("diagnoses", result.json)
    (diagnosis,) = result.json["diagnoses"]
    assert diagnosis["code"] == "PRINCIPAL_IMPLICIT_DENY"
    assert diagnosis["decision"]["effect"] == "IMPLICIT_DENY"


def test_why_concise(cli: Cli, snapshot: Path) -> None:
    """One line per cause."""
    result = cli("why", ERROR, "--snapshot", str(snapshot), "--format", "concise")
    assert "PRINCIPAL_IMPLICIT_DENY: " in result.out
    assert "\n\n" not in result.out


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("json", '"Statement"'),
        ("terraform", "aws_iam_policy_document"),
        ("cloudformation", "AWS::IAM::"),
        ("awscli", "aws iam put-user-policy"),
        ("diff", "+++ b/"),
    ],
)
def test_why_show(cli: Cli, snapshot: Path, form: str, expected: str) -> None:
    """Each form of the fix."""
    assert expected in cli("why", ERROR, "--snapshot", str(snapshot), "--show", form).out


def test_why_handoff(cli: Cli, snapshot: Path) -> None:
    """A note to the administrator of the account."""
    result = cli("why", ERROR, "--snapshot", str(snapshot), "--handoff")
    assert result.out.startswith("To: an administrator of the account")
    assert ACTION in result.out


def test_why_redacted(cli: Cli, snapshot: Path) -> None:
    """No account id and no name is left in any form."""
    for more in ((), ("--format", "json"), ("--format", "concise"), ("--handoff",), ("--show", "awscli")):
        text = cli("why", ERROR, "--snapshot", str(snapshot), "--redact", *more).out
        assert ACCOUNT not in text, more
        assert "mateojackson" not in text, more


def test_why_several_denials(cli: Cli, snapshot: Path) -> None:
    """Each denial of a text is diagnosed."""
    both = ERROR + "\n\n" + ERROR.replace("DescribeTrainingJob", "StopTrainingJob")
    result = cli("why", both, "--snapshot", str(snapshot), "--format", "json")
    assert len(result.json["diagnoses"]) == 2
    assert result.code == 1


def test_why_allowed_now(cli: Cli, snapshot: Path) -> None:
    """The snapshot allows what the message says was denied: exit code 0 and a word about it."""
    result = cli("why", ERROR.replace("mateojackson", "carol"), "--snapshot", str(snapshot))
    assert result.code == 0, result.out + result.err
    assert "[ALLOWED_NOW]" in result.out


def test_why_not_a_denial(cli: Cli) -> None:
    """Throttling is no permission problem: exit code 0 and the right next step."""
    text = "An error occurred (ThrottlingException) when calling the ListModels operation: Rate exceeded"
    result = cli("why", text)
    assert result.code == 0, result.err
    assert "NOT_A_DENIAL_THROTTLING" in result.out


def test_can(cli: Cli, snapshot: Path) -> None:
    """Allowed is 0, denied is 1."""
    allowed = cli("can", CAROL, ACTION, JOB, "--snapshot", str(snapshot))
    denied = cli("can", USER, ACTION, JOB, "--snapshot", str(snapshot))
    assert (allowed.code, denied.code) == (0, 1), allowed.out + allowed.err + denied.err
    assert "[ALLOWED]" in allowed.out
    assert "[PRINCIPAL_IMPLICIT_DENY]" in denied.out


def test_can_shows_the_statement_that_allows(cli: Cli, snapshot: Path) -> None:
    """An allowed request shows the deciding statement, and nothing that is said to block it."""
    result = cli("can", CAROL, ACTION, JOB, "--snapshot", str(snapshot))
    assert "this allows it" in result.out
    assert "what else blocks it" not in result.out
    assert "_ALLOW:" not in result.out


def test_can_doubts_an_action_that_nobody_knows(cli: Cli, snapshot: Path) -> None:
    """A misspelt action is decided as it stands, and a note on standard error says what may be meant."""
    result = cli("can", USER, "sagemaker:DescribeTrainingJb", JOB, "--snapshot", str(snapshot))
    assert result.code == 1
    assert "did you mean sagemaker:DescribeTrainingJob?" in result.err
    assert cli("can", USER, ACTION, JOB, "--snapshot", str(snapshot)).err == ""


def test_can_json(cli: Cli, snapshot: Path) -> None:
    """The documented JSON, with the context that was given."""
    arguments = ("--context", "aws:SourceVpce=vpce-1", "--format", "json")
    result = cli("can", CAROL, ACTION, JOB, "--snapshot", str(snapshot), *arguments)
    _valid("decision", result.json)
    assert result.json["decision"]["request"]["context"]["aws:SourceVpce"] == "vpce-1"


def test_can_without_organization_data_is_open(cli: Cli, snapshot: Path) -> None:
    """Without organization data nobody knows what the control policies say: exit code 3, and what is missing."""
    (snapshot / "snapshot.json").unlink()
    result = cli("can", CAROL, ACTION, JOB, "--snapshot", str(snapshot))
    assert result.code == 3
    assert "[CANNOT_DETERMINE]" in result.out
    assert "service control policies" in result.out


def test_explain(cli: Cli) -> None:
    """A page for a code, in any case, and the list without one."""
    assert "no statement allows" in cli("explain", "principal_implicit_deny").out
    assert "SNAPSHOT_TRUNCATED" in cli("explain").out
    _valid("codes", cli("explain", "UNKNOWN", "--format", "json").json)


def test_access_cases(cli: Cli, tmp_path: Path) -> None:
    """Cases in a list or one a line: 0 if all hold, 1 if one does not, and what differs."""
    case = {
        "id": "one",
        "request": {"principal": USER, "action": ACTION, "resource": JOB, "resource_account": ACCOUNT, "context": {}},
        "policies": {"identity": []},
        "expect": {"effect": "IMPLICIT_DENY", "decided_by": ["PRINCIPAL"]},
    }
    good, bad = tmp_path / "good.json", tmp_path / "bad.jsonl"
    good.write_text(json.dumps([case], indent=2), encoding="utf-8")
    wrong = {**case, "id": "two", "expect": {"effect": "ALLOW"}}
    bad.write_text(json.dumps(case) + "\n" + json.dumps(wrong) + "\n", encoding="utf-8")

    assert cli("test", str(good)).code == 0
    failed = cli("test", str(bad))
    assert failed.code == 1
    assert "FAIL two" in failed.out
    assert "because: " in failed.out
    assert "FAIL one" not in failed.out
    _valid("test", cli("test", str(good), str(bad), "--format", "json").json)


def test_snapshot_check(cli: Cli, snapshot: Path) -> None:
    """The accounts and what is missing, each with the command that supplies it."""
    result = cli("snapshot", "check", str(snapshot))
    assert result.code == 0, result.err
    assert ACCOUNT in result.out
    assert "aws ec2 describe-vpc-endpoints" in result.out
    _valid("snapshot-check", cli("snapshot", "check", str(snapshot), "--format", "json").json)


def test_colour(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colour only when asked for, where the output is no terminal; NO_COLOR wins over FORCE_COLOR."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" not in cli("read", ERROR).out
    assert "\x1b[" in cli("read", ERROR, "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in cli("read", ERROR).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in cli("read", ERROR).out


def test_as_a_process(snapshot: Path) -> None:
    """The whole way through a process, with a reader that goes away at once: quiet, no traceback."""
    import os

    import sagepass

    environment = {**os.environ, "PYTHONPATH": str(Path(sagepass.__file__).parents[1])}
    command = [sys.executable, "-m", "sagepass", "why", ERROR, "--snapshot", str(snapshot)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, stdin=subprocess.DEVNULL
    )
    assert (done.returncode, done.stderr) == (1, "")

    process = subprocess.Popen([sys.executable, "-m", "sagepass", "explain"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=environment)  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=30)
    assert err == b""


def test_readings_of_a_denial_are_told_as_such(cli: Cli) -> None:
    """Where the text does not name the role, the page says so before it speaks of one."""
    example = Path(__file__).parents[2] / "examples" / "pass-role"
    shown = cli("why", str(example / "error.txt"), "--snapshot", str(example / "snapshot")).out
    assert "the text does not say which role: one decision for each\n  if arn:aws:iam::123456789012:role/" in shown


def test_who_can_says_that_nobody_has_heard_of_an_action(cli: Cli) -> None:
    """A misspelt action is allowed to few, and that must not be taken for an answer about the right one."""
    example = Path(__file__).parents[2] / "examples" / "pass-role" / "snapshot"
    asked = cli("who-can", "sagemaker:CreateModl", "*", "--snapshot", str(example))
    assert "did you mean sagemaker:CreateModel?" in " ".join(asked.err.split())
