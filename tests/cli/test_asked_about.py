"""A slip in an action or a resource is refused by every command in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import JOB, USER, Cli

DESCRIBE = "sagemaker:DescribeTrainingJob"


@pytest.mark.parametrize("action", ["DescribeTrainingJob", "sagemaker:", ":DescribeTrainingJob", "a:b:c"])
def test_what_is_no_action(cli: Cli, snapshot: Path, action: str) -> None:
    """One sentence and one remedy, whoever is asked."""
    saved = ("--snapshot", str(snapshot))
    answers = [
        cli("can", USER, action, JOB, *saved),
        cli("who-can", action, JOB, *saved),
        cli("who-can", f"{DESCRIBE},{action}", JOB, *saved),
        cli("compare", str(snapshot / "none.json"), "--not-granted", action),
    ]
    assert {(answer.code, answer.err) for answer in answers} == {
        (2, f"sagepass: {action!r} is no action\n  help: write service:Name, for example sagemaker:CreateTrainingJob\n")
    }


@pytest.mark.parametrize("resource", ["my-example-widget", "arn", ""])
def test_what_is_no_resource(cli: Cli, snapshot: Path, resource: str) -> None:
    """The same for a resource; where ``*`` says nothing, it is not offered."""
    saved = ("--snapshot", str(snapshot))
    answers = [cli("can", USER, DESCRIBE, resource, *saved), cli("who-can", DESCRIBE, resource, *saved)]
    remedy = "give its ARN, or * for an action without a resource"
    assert {(answer.code, answer.err) for answer in answers} == {
        (2, f"sagepass: {resource!r} is no resource\n  help: {remedy}\n")
    }
    one = cli("can-what", USER, "--resource", resource or "x", *saved)
    assert (one.code, one.err.splitlines()[1]) == (2, "  help: give its ARN")


def test_one_request_is_about_one_action(cli: Cli, snapshot: Path) -> None:
    """``can`` decides one action: a pattern is refused, and not decided as if it were a name."""
    result = cli("can", USER, "sagemaker:Describe*", JOB, "--snapshot", str(snapshot))
    assert (result.code, result.out) == (2, "")
    assert "'sagemaker:Describe*' is a pattern of actions" in result.err


@pytest.mark.parametrize("account", ["123456789012", "444455556666"])
def test_a_principal_that_is_not_there(cli: Cli, snapshot: Path, account: str) -> None:
    """A slip or a gap: the same words, remedy and exit code wherever a principal is named."""
    nobody = USER.replace("mateojackson", "mateojakson").replace("123456789012", account)
    saved = ("--snapshot", str(snapshot))
    request = snapshot / "request.json"
    request.write_text('{"TrainingJobName": "t"}', encoding="utf-8")
    answers = [cli("can", nobody, DESCRIBE, JOB, *saved), cli("can-what", nobody, *saved)]
    if account == "123456789012":  # a caller of an account that nothing is known of is no slip for preflight
        answers.append(cli("preflight", str(request), "--operation", "StopTrainingJob", "--as", nobody, *saved))
    assert len({(answer.code, answer.err) for answer in answers}) == 1
    assert (answers[0].code, answers[0].out) == (2 if account == "123456789012" else 3, "")
    assert ("did you mean" in answers[0].err) is (account == "123456789012")
