"""``sagepass who-can`` and ``sagepass can-what`` as people and programs use them."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.repair.worlds import BOUNDARY, USER
from tests.reverse.worlds import (
    ACCOUNT,
    BUCKET,
    GET,
    OBJECT,
    OTHER,
    VENDOR,
    account,
    allow,
    letting,
    may_assume,
    policy,
    reader,
    role,
    trusting,
    user,
)

from sagepass.fronts.cli import progress
from sagepass.fronts.cli.main import run
from sagepass.fronts.cli.progress import Bar
from sagepass.jobs.explain import find_code
from sagepass.jobs.who_can.record import Certainty

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "schema"


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A reader behind an external id, a public vendor, a bounded user."""
    trust = policy(
        *trusting({"AWS": user("anna", OTHER)}, Condition={"StringEquals": {"sts:ExternalId": "Cust-1"}})["Statement"],  # type: ignore[misc]
        *trusting({"Service": "sagemaker.amazonaws.com"})["Statement"],
    )
    builder = reader(account(bucket=letting({"AWS": VENDOR})), "reader", trust)
    builder.principal(user("anna", OTHER), inline={"go": may_assume(role("reader"))})
    builder.principal(USER, inline={"p": policy(allow(["s3:*", "logs:*"]))}, boundary=BOUNDARY)
    builder.managed_policy(BOUNDARY, policy(allow("s3:Get*", "arn:aws:s3:::ml-data/*")))
    builder.write(tmp_path)
    return tmp_path


Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], snapshot: Path) -> Ask:
    """Run a command on the snapshot: exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run([*arguments, "--snapshot", str(snapshot)])
        caught = capsys.readouterr()
        return code, caught.out.replace(str(snapshot), "SNAPSHOT"), caught.err

    return call


def validated(name: str, text: str) -> Any:  # noqa: ANN401 - any JSON
    """The document, held against its published schema with no room for what it does not name."""
    document = json.loads(text)
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(_closed(schema)).validate(document)
    return document


def _closed(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if schema.get("type") == "object" else closed


def test_who_can_reads_top_down(ask: Ask) -> None:
    """Verdict, the certain ones with their statements and places, then whom this side lets in, then conditions."""
    code, out, err = ask("who-can", GET, OBJECT)
    assert (code, err) == (0, "")
    assert out == (Path(__file__).parent / "golden" / "who-can.txt").read_text(encoding="utf-8")


def test_can_what_reads_top_down(ask: Ask) -> None:
    """What is left, what was granted in vain, what was taken for granted."""
    code, out, err = ask("can-what", USER)
    assert (code, err) == (0, "")
    assert out == (Path(__file__).parent / "golden" / "can-what.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("redact", [(), ("--redact",)])
def test_who_can_json_fits_its_schema(ask: Ask, redact: tuple[str, ...]) -> None:
    """Chains, grants with their places, conditions: all of it, with names and with pseudonyms."""
    document = validated("who-can", ask("who-can", GET, OBJECT, "--format", "json", *redact)[1])
    chain = next(access for access in document["access"] if access["hops"] and access["certainty"] == "conditional")
    assert chain["conditions"] == ["sts:ExternalId satisfies StringEquals Cust-1"]
    assert chain["hops"][0]["grants"][0]["place"]["line"] > 0
    assert bool(redact) is (ACCOUNT not in json.dumps(document))


@pytest.mark.parametrize("extra", [(), ("--redact",), ("--resource", OBJECT), ("--service", "s3")])
def test_can_what_json_fits_its_schema(ask: Ask, extra: tuple[str, ...]) -> None:
    """The table as data, and the document beside it."""
    document = validated("can-what", ask("can-what", USER, "--format", "json", *extra)[1])
    assert document["document"]["Statement"][0]["Action"] == "s3:Get*"


def test_the_document_alone_is_what_show_json_prints(ask: Ask) -> None:
    """Standard output is the policy and nothing else; what it cannot say goes to standard error."""
    code, out, err = ask("can-what", user("anna", OTHER), "--show", "json")
    assert code == 0
    assert json.loads(out) == {"Version": "2012-10-17", "Statement": [allow("sts:AssumeRole", role("reader"))]}
    assert "trust policy" in err


def test_concise_forms_are_one_line_each(ask: Ask) -> None:
    """A place, a word, a sentence: for grep."""
    lines = ask("who-can", GET, OBJECT, "--format", "concise")[1].splitlines()
    assert any(line.startswith("SNAPSHOT/") and ": CONDITIONAL: user anna" in line for line in lines)
    (first, *_) = ask("can-what", USER, "--format", "concise")[1].splitlines()
    assert ": ALLOW: s3:Get* on every resource" in first


@pytest.mark.parametrize("word", [*(certainty.name for certainty in Certainty), "NOBODY"])
def test_words_of_the_concise_form_have_pages(word: str) -> None:
    """``sagepass explain`` knows every word that stands at the start of a line."""
    assert find_code(word).summary.startswith("who-can: ")


def test_exit_codes_tell_the_answer(ask: Ask) -> None:
    """0 somebody certainly can, 1 nobody, 3 only under conditions."""
    assert ask("who-can", GET, OBJECT)[0] == 0
    assert ask("who-can", "sts:AssumeRole", f"{role('reader')}", "--max-hops", "0")[0] == 0
    assert ask("who-can", "sts:TagSession", role("reader"))[0] == 1
    assert ask("who-can", "sts:AssumeRoleWithSAML", role("reader"))[0] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("who-can", "s3", OBJECT), "is no action"),
        (("who-can", "s3:Nonsense*", OBJECT), "covers no action"),
        (("who-can", "s3:Get*", OBJECT, "--max-hops", "2"), "a table tells who has access directly"),
        (("who-can", GET), "no resource was given"),
        (("who-can", GET, "train.csv"), "is no resource"),
        (("who-can", GET, OBJECT, "--max-hops", "99"), "out of range"),
        (("who-can", GET, OBJECT, "--context", "x"), "is not KEY=VALUE"),
        (("can-what", "mateo"), "is no principal"),
        (("can-what", "sagemaker.amazonaws.com"), "no permissions of its own"),
        (("can-what", user("nobody")), "is not in the snapshot"),
        (("can-what", USER, "--service", "nonsense"), "no service prefix"),
        (("can-what", USER, "--resource", "x"), "is no resource"),
    ],
)
def test_bad_questions_get_a_clear_error(ask: Ask, arguments: tuple[str, ...], message: str) -> None:
    """Exit code 2, the fact and a remedy, no traceback."""
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "help: " in err


def test_account_that_was_not_collected_cannot_be_told_of(ask: Ask) -> None:
    """A principal of another account: not denied, not known."""
    assert ask("can-what", user("x", VENDOR))[0] == 3


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_shows_itself_on_a_terminal_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing without a terminal, nothing at once; then a bar on standard error, which goes away again."""
    stream = _Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    for visible, delay, shown in ((False, 0.0, False), (True, 60.0, False), (True, 0.0, True)):
        monkeypatch.setattr(progress, "DELAY", delay)
        bar = Bar("asking", visible=visible)
        bar(1, 2)
        bar(2, 2)
        bar.stop()
        assert ("asking" in stream.getvalue()) is shown


MANY = ("who-can", "s3:Get*,s3:PutObject", OBJECT, BUCKET)


def test_a_table_tells_who_can_do_each_of_many_things(ask: Ask) -> None:
    """Requests that the same can make stand together; whom a policy lets in from outside is named."""
    code, out, err = ask(*MANY)
    assert (code, err) == (0, "")
    golden = Path(__file__).parent / "golden" / "who-can-table.txt"
    if os.environ.get("SAGEPASS_UPDATE_GOLDEN"):
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("redact", [(), ("--redact",)])
def test_the_table_as_json_fits_its_schema(ask: Ask, redact: tuple[str, ...]) -> None:
    """Each request stands in exactly one row."""
    document = validated("who-can-table", ask(*MANY, "--format", "json", *redact)[1])
    pairs = [(a, r) for row in document["rows"] for a in row["actions"] for r in row["resources"]]
    assert len(pairs) == len(set(pairs)) == document["requests"]
    assert bool(redact) is (ACCOUNT not in json.dumps(document))


def test_the_table_says_of_each_request_what_who_can_says(ask: Ask) -> None:
    """The same people, asked one by one without roles on the way."""
    for line in ask("who-can", "s3:GetObject,s3:PutObject", OBJECT, "--format", "concise")[1].splitlines():
        request, word, names = (*line.split(": ", 2), "")[:3]
        action, resource = request.split(" on ")
        _, out, _ = ask("who-can", action, resource, "--max-hops", "0", "--format", "json")
        found = {
            access["holder"]["name"]
            for access in json.loads(out)["access"]
            if access["certainty"] == word.lower() and access["holder"]["kind"] in {"user", "role", "root"}
        }
        told = {name for name in names.split(", ") if name.startswith("arn:")}
        assert told == (found if word != "THEIR_SIDE" else set())


def test_nobody_is_told_by_the_exit_code(ask: Ask) -> None:
    """A table of requests that nobody can make."""
    code, out, _ = ask(
        "who-can", "sagemaker:AddTags,sagemaker:DeleteTags", f"arn:aws:sagemaker:us-east-1:{VENDOR}:model/m"
    )
    assert code == 1, out
