"""Every code that can be printed has a page."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from tests.cli.conftest import Cli
from tests.render import worlds
from tests.render.test_json import validate

import sagepass
from sagepass.denial.record import OtherError
from sagepass.jobs.compare_snapshots.record import Direction
from sagepass.jobs.compare_snapshots.record import Verdict as Comparison
from sagepass.jobs.explain import UnknownCodeError, all_codes, find_code
from sagepass.policy.kinds import CheckType, Effect
from sagepass.render.verdict import verdict_code

_ROOT = Path(sagepass.__file__).parent


def test_pages_of_every_room() -> None:
    """The codes of every room that has any are collected, none twice."""
    rooms = [".".join(path.parent.relative_to(_ROOT).parts) for path in _ROOT.glob("**/codes.py")]
    codes = [page.code for room in rooms for page in import_module(f"sagepass.{room}.codes").CODES]
    assert sorted(codes) == sorted(page.code for page in all_codes())
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("check", list(CheckType))
@pytest.mark.parametrize("effect", [Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY])
def test_every_blocking_check(check: CheckType, effect: Effect) -> None:
    """Each check, each effect, and both together."""
    for code in (check.value, effect.value, f"{check}_{effect}"):
        assert find_code(code).body


@pytest.mark.parametrize("reason", list(OtherError))
def test_every_error_that_is_no_denial(reason: OtherError) -> None:
    """Each says what to do instead."""
    assert find_code(f"NOT_A_DENIAL_{reason.name}").body.count("\n\n") == 1


@pytest.mark.parametrize("name", list(worlds.WORLDS))
def test_codes_of_verdicts(name: str) -> None:
    """What stands in the first line of an answer can be explained."""
    code = verdict_code(worlds.WORLDS[name]())
    assert find_code(code).code == code
    assert find_code(f"error[{code.lower()}]").code == code


def test_pages_are_complete() -> None:
    """A summary on one line, without a final period, and a body."""
    for page in all_codes():
        assert "\n" not in page.summary, page.code
        assert not page.summary.endswith("."), page.code
        assert page.body.strip(), page.code
        assert all(link.startswith("https://docs.aws.amazon.com/") for link in page.links), page.code


def test_unknown_code() -> None:
    """The nearest codes are offered."""
    with pytest.raises(UnknownCodeError) as caught:
        find_code("PRINCIPLE_IMPLICIT_DENY")
    assert "PRINCIPAL_IMPLICIT_DENY" in caught.value.remedy


def test_topics_and_codes_are_listed(cli: Cli) -> None:
    """Without words: how to ask for each topic, then every code."""
    result = cli("explain")
    assert result.code == 0
    assert result.out.startswith("s")
    assert "support sagemaker [TYPE]" in result.out
    assert "CALL_UNRESOLVED" in result.out
    listed = cli("explain", "--format", "json").json
    validate("codes", listed)
    assert ("support", "sagemaker [TYPE]") in [(one["topic"], one["usage"]) for one in listed["topics"]]


def test_support_of_the_service(cli: Cli) -> None:
    """AWS's features in a form for people and for machines; where AWS's overview is behind, both answers stand there."""
    result = cli("explain", "support", "sagemaker")
    assert result.code == 0
    assert "partial resource-based policies" in result.out
    assert "AWS's overview page still says no." in result.out
    listed = cli("explain", "support", "--format", "json").json
    assert (listed["format_version"], listed["topic"], listed["service"]) == ("1.0", "support", "sagemaker")
    row = next(one for one in listed["features"] if one["id"] == "resource-based-policies")
    assert (row["support"], row["aws_overview"]) == ("partial", "no")


@pytest.mark.parametrize(
    "word", ["training-job", "TrainingJob", "arn:aws:sagemaker:eu-west-1:123456789012:training-job/x"]
)
def test_support_of_a_type(cli: Cli, word: str) -> None:
    """A type by its name in the reference, as the API spells it, or by an ARN; with or without the service before it."""
    one = cli("explain", "support", "sagemaker", word)
    assert one.code == 0
    assert "no      resource-based policy" in one.out
    assert "CreateTrainingJob.RoleArn" in one.out
    assert cli("explain", "support", word).out == one.out


@pytest.mark.parametrize(
    ("words", "error", "help_text"),
    [
        (("support", "trainin-job"), "no resource type 'trainin-job'", "training-job"),
        (("support", "s3"), "no resource type 's3'", "lists the types"),
        (("support", "model", "endpoint"), "one resource type at a time", "sagemaker model"),
        (("suport", "sagemaker"), "there is no topic 'suport'", "lists all topics"),
        (("NOPE",), "there is no code 'NOPE'", ""),
    ],
)
def test_what_there_is_no_page_for(cli: Cli, words: tuple[str, ...], error: str, help_text: str) -> None:
    """The fact, and what can be asked instead."""
    result = cli("explain", *words)
    assert result.code == 2
    assert error in result.err
    assert help_text in result.err


@pytest.mark.parametrize("code", sorted({*map(str, Direction), *map(str, Comparison)}))
def test_every_word_of_a_comparison_has_a_page(code: str) -> None:
    """``GAINED:`` and the like stand in the lines of ``compare``; each can be looked up."""
    assert find_code(code).summary.startswith("compare: ")
