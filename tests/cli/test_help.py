"""Help and mistakes in a command line: everybody is shown how the command is called."""

from __future__ import annotations

import shlex

import pytest
from tests.cli.conftest import USER, Cli

from sagepass.fronts.cli.commands import COMMANDS, SNAPSHOT_CHECK
from sagepass.fronts.cli.main import build_app

ALL = {**COMMANDS, "snapshot check": SNAPSHOT_CHECK}
EXAMPLES = [(name, example) for name, command in ALL.items() for example in command.examples]


@pytest.mark.parametrize("name", ALL)
def test_help_says_what_a_command_does_and_shows_it(cli: Cli, name: str) -> None:
    """The summary, what the command needs, and every example stand in its help."""
    result = cli(*name.split(), "--help")
    assert result.code == 0
    assert ALL[name].summary in " ".join(result.out.split())
    for example in ALL[name].examples:
        assert " ".join(example.split()) in " ".join(result.out.split())


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_is_a_call_that_is_taken(name: str, example: str) -> None:
    """Each example names its own command, and only options that it has."""
    words = shlex.split(example.replace("\\\n", " ").partition(" >")[0])
    assert words[0] == "sagepass"
    assert " ".join(words[1:]).startswith(name)
    build_app().parse_args(words[1:], exit_on_error=False, print_error=False)


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (("can",), "PRINCIPAL is missing"),
        (("can", USER, "sagemaker:ListModels", "*"), "--snapshot is missing"),
        (("share", "arn"), "--with is missing"),
        (("snapshot", "check"), "PATH is missing"),
    ],
)
def test_what_is_missing_is_named_with_an_example(cli: Cli, arguments: tuple[str, ...], missing: str) -> None:
    """Nobody is told that an option "requires an argument" who has not written the option."""
    result = cli(*arguments)
    assert result.code == 2
    assert missing in result.err
    assert "help: for example sagepass " in result.err


def test_an_option_without_its_value_is_told_apart(cli: Cli) -> None:
    """An option that stands there and has no value is not called missing."""
    result = cli("why", "error.txt", "--region")
    assert (result.code, "--region requires an argument" in result.err) == (2, True)


def test_a_command_with_a_slip_is_answered_with_the_one_that_was_meant(cli: Cli) -> None:
    """Without the list of all others, which help gives."""
    result = cli("whi", "error.txt")
    assert 'Did you mean "why"?' in result.err
    assert "Available commands" not in result.err


@pytest.mark.parametrize("resource", ["my-job", "training-job/x"])
def test_a_resource_that_is_no_arn_is_refused(cli: Cli, resource: str) -> None:
    """``why --resource`` takes an ARN; a bare name is not taken for one and then forgotten."""
    result = cli(
        "why", "An error occurred (403) when calling the HeadObject operation: Forbidden", "--resource", resource
    )
    assert (result.code, "is no resource" in result.err) == (2, True)


def test_an_arn_that_fits_no_resource_type_is_pointed_out(cli: Cli, snapshot: object) -> None:
    """A slip in the resource type would else be decided as if it were a resource."""
    slip, action = "arn:aws:sagemaker:us-east-1:123456789012:trainingjob/x", "sagemaker:DescribeTrainingJob"
    assert "training-job/${TrainingJobName}" in cli("can", USER, action, slip, "--snapshot", str(snapshot)).err
    right = slip.replace("trainingjob", "training-job")
    assert cli("can", USER, action, right, "--snapshot", str(snapshot)).err == ""
