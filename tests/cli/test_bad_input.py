"""Everything that can be wrong with the input: a clear message, a remedy, the documented exit code, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import ACCOUNT, ERROR, JOB, USER, Cli, Result, details, user

ACTION = "sagemaker:DescribeTrainingJob"


def _refused(result: Result, *words: str, code: int = 2) -> None:
    """The code, the message on standard error, nothing on standard output."""
    assert result.code == code, result.out + result.err
    assert result.out == ""
    assert result.err.startswith("sagepass: ")
    assert "Traceback" not in result.err
    for word in words:
        assert word in result.err


SNAPSHOTS: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "not JSON": (b"hello", ("details.json",)),
    "truncated": (b'{"UserDetailList": [{"Arn": "arn:aws:iam', ("details.json:1:",)),
    "wrong file": (b'{"Records": []}', ("CloudTrail",)),
    "one policy": (b'{"Version": "2012-10-17", "Statement": []}', ("single policy document",)),
    "empty": (b"", ("details.json",)),
    "binary": (bytes(range(256)) * 8, ("binary",)),
    "invalid UTF-8": (b'{"UserDetailList": "\xff"}', ("0xff", "UTF-8")),
    "nested 1000 deep": (b"[" * 1000 + b"]" * 1000, ("details.json",)),
}


@pytest.mark.parametrize("name", SNAPSHOTS)
@pytest.mark.parametrize("command", ["why", "can", "check"])
def test_unusable_snapshots(cli: Cli, tmp_path: Path, name: str, command: str) -> None:
    """A snapshot that cannot be used is refused by every command, with the file and the remedy."""
    content, words = SNAPSHOTS[name]
    path = tmp_path / "details.json"
    path.write_bytes(content)
    arguments = {
        "why": ("why", ERROR, "--snapshot", str(path)),
        "can": ("can", USER, ACTION, JOB, "--snapshot", str(path)),
        "check": ("snapshot", "check", str(path)),
    }[command]
    result = cli(*arguments)
    _refused(result, *words)
    assert "help: " in result.err


def test_empty_folder(cli: Cli, tmp_path: Path) -> None:
    """An empty folder is no snapshot; the message says how to begin one."""
    _refused(cli("why", ERROR, "--snapshot", str(tmp_path)), "get-account-authorization-details")


def test_missing_snapshot(cli: Cli, tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    _refused(cli("why", ERROR, "--snapshot", str(tmp_path / "nowhere")), "nowhere")


def test_unknown_account(cli: Cli, snapshot: Path) -> None:
    """A caller of an account that was not collected: nothing can be decided, and the answer says which account."""
    stranger = USER.replace(ACCOUNT, "999988887777")
    _refused(cli("can", stranger, ACTION, JOB, "--snapshot", str(snapshot)), "999988887777", code=3)
    told = cli("why", ERROR.replace(ACCOUNT, "999988887777"), "--snapshot", str(snapshot))
    assert told.code in {1, 3}
    assert "999988887777" in told.out


def test_principal_not_in_snapshot(cli: Cli, snapshot: Path) -> None:
    """A caller who is not there is a mistake in the question; the nearest name is offered."""
    _refused(
        cli("can", USER.replace("mateo", "matteo"), ACTION, JOB, "--snapshot", str(snapshot)), "did you mean", USER
    )
    told = cli("why", ERROR.replace("mateojackson", "nobody"), "--snapshot", str(snapshot))
    assert told.code in {1, 3}
    assert "nobody" in told.out
    assert "snapshot" in told.out


def test_policy_with_an_error_is_shown(cli: Cli, tmp_path: Path) -> None:
    """A statement with an unknown element is reported with its place, not swallowed."""
    path = tmp_path / "details.json"
    broken: dict[str, object] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Conditions": {}}
    path.write_text(json.dumps(details(user("mateojackson", broken)), indent=2), encoding="utf-8")
    result = cli("snapshot", "check", str(path))
    assert result.code == 1
    assert "error[POLICY_UNKNOWN_ELEMENT]" in result.out
    assert "details.json:" in result.out


def test_no_denial_in_the_text(cli: Cli) -> None:
    """A text without an error: what to paste instead."""
    for command in ("read", "why"):
        _refused(cli(command, "the weather is fine today"), "no error in this text")


@pytest.mark.parametrize("data", [b"", b"  \n\n "])
def test_nothing_on_standard_input(cli: Cli, data: bytes) -> None:
    """An empty pipe is named as such."""
    _refused(cli("why", "-", stdin=data), "<stdin>", "there is nothing in it")


def test_terminal_without_input_shows_help(cli: Cli) -> None:
    """On a terminal nothing waits for input: help comes instead."""
    result = cli("why", terminal=True)
    assert result.code == 2
    assert "Usage: sagepass why" in result.out
    assert "no error text was given" in result.err


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x7fELF\x00\x00\x01\x02" * 200, "binary"),
        (b"User: \xff\xfe is not", "UTF-8"),
        (b"\x1f\x8b\x08\x00", "compressed"),
    ],
)
def test_no_text(cli: Cli, tmp_path: Path, data: bytes, words: str) -> None:
    """Binary, compressed and wrongly encoded evidence, from a file and from a pipe."""
    path = tmp_path / "error.bin"
    path.write_bytes(data)
    _refused(cli("why", str(path)), words, "error.bin")
    _refused(cli("read", stdin=data), words, "<stdin>")


def test_no_such_file(cli: Cli) -> None:
    """What looks like a file and is none is not taken for an error text."""
    _refused(cli("why", "logs/error.txt"), "logs/error.txt", "no such file")


def test_folder_instead_of_file(cli: Cli, tmp_path: Path) -> None:
    """A folder is no error text."""
    _refused(cli("why", str(tmp_path)), "folder")


def test_escapes_in_names_reach_no_terminal(cli: Cli, snapshot: Path) -> None:
    """Escape sequences and overrides in the evidence are shown as text, in every form."""
    evil = ERROR.replace("my-example-widget", "x\x1b]0;owned\x07\x1b[2J\u202ey")
    for arguments in (("read",), ("why",), ("why", "--snapshot", str(snapshot)), ("why", "--handoff")):
        result = cli(arguments[0], evil, *arguments[1:])
        assert "\x1b" not in result.out + result.err
        assert "\u202e" not in result.out + result.err
        assert "\x07" not in result.out + result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("wyh", ERROR), 'Did you mean "why"'),
        (("why", ERROR, "--fromat", "json"), "--format"),
        (("why", ERROR, "--format", "jsno"), "json"),
        (("can", USER), "ACTION"),
        (("explain", "PRINCPAL_IMPLICIT_DENY"), "PRINCIPAL_IMPLICIT_DENY"),
        (("test",), "no file"),
    ],
)
def test_usage(cli: Cli, arguments: tuple[str, ...], words: str) -> None:
    """A mistake on the command line names what was meant."""
    _refused(cli(*arguments), words)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (("mateojackson", ACTION, JOB), "no principal"),
        (("arn:aws:iam::123456789012:nonsense/x", ACTION, JOB), "no principal"),
        ((USER, "DescribeTrainingJob", JOB), "no action"),
        ((USER, ACTION, "my-example-widget"), "no resource"),
        ((USER, ACTION, JOB, "--context", "nonsense"), "KEY=VALUE"),
        ((USER, ACTION, JOB, "--resource-account", "12"), "12 digits"),
    ],
)
def test_questions_that_are_none(cli: Cli, snapshot: Path, question: tuple[str, ...], words: str) -> None:
    """``can`` says which part of the question it cannot read, and how to write it."""
    _refused(cli("can", *question, "--snapshot", str(snapshot)), words, "help: ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nonsense",
        "[1]",
        "{}\n{",
        '{"a": ' * 3000,
    ],
)
def test_bad_access_cases(cli: Cli, tmp_path: Path, text: str) -> None:
    """Files that hold no access cases."""
    path = tmp_path / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    _refused(cli("test", str(path)), "cases.jsonl")


def test_errors_in_json_mode_are_json(cli: Cli) -> None:
    """With ``--format json`` the tool's own error is one JSON object on standard output."""
    for arguments in (("why", "nothing here"), ("read", "nothing here"), ("why", "a", "--format=json", "--nonsense")):
        result = cli(*arguments, *(() if "--format=json" in arguments else ("--format", "json")))
        assert result.code == 2
        assert result.json["error"]["exit_code"] == 2
        assert result.json["format_version"] == "1.0"
        assert result.err == ""


def test_our_own_errors(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug is one line and exit code 5; ``SAGEPASS_DEBUG=1`` shows where it is."""

    def broken(_text: str) -> object:
        raise RuntimeError("the cat is on the keyboard")

    monkeypatch.setattr("sagepass.denial.read_denials", broken)
    result = cli("read", ERROR)
    _refused(result, "the cat is on the keyboard", "SAGEPASS_DEBUG=1", code=5)
    monkeypatch.setenv("SAGEPASS_DEBUG", "1")
    with pytest.raises(RuntimeError):
        cli("read", ERROR)


def test_interrupt(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends quietly with 130."""

    def interrupted(_text: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("sagepass.denial.read_denials", interrupted)
    assert cli("read", ERROR) == Result(130, "", "")


def test_case_without_expectation(cli: Cli, tmp_path: Path) -> None:
    """A case that expects nothing, or asks nothing, fails: it would otherwise pass for ever."""
    path = tmp_path / "case.json"
    for text, words in (
        ('{"request": {}}', "expect.effect"),
        ('{"request": {}, "expect": {"effect": "ALLOW"}}', "principal"),
    ):
        path.write_text(text, encoding="utf-8")
        result = cli("test", str(path))
        assert result.code == 1
        assert words in result.out


def test_several_files_are_not_read_as_one_text(cli: Cli, tmp_path: Path) -> None:
    """Their names are no error of AWS; the message says how to give them as one."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(ERROR, encoding="utf-8")
    _refused(cli("why", str(tmp_path / "a.txt"), str(tmp_path / "b.txt")), "2 files were given", "| sagepass why -")


@pytest.mark.parametrize("option", [("--handoff",), ("--show", "terraform")])
@pytest.mark.parametrize("form", ["json", "concise"])
def test_an_option_of_the_text_is_not_dropped_beside_another_form(cli: Cli, option: tuple[str, ...], form: str) -> None:
    """Whoever asks for a note and for JSON gets one of the two, and is told so."""
    result = cli("why", ERROR, "--format", form, *option)
    assert (result.code, option[0] in result.out + result.err) == (2, True)
