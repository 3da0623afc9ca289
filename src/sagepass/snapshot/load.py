"""From a path to the answers in it: a folder, or one file with an account's authorization details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sagepass.snapshot.answers import Answer, Answers
from sagepass.snapshot.authorization_details import is_details
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.folder import DETAILS, SETTINGS, answer_at, read_folder
from sagepass.snapshot.settings import Settings, read_settings, settings_from
from sagepass.source.finding import Finding

_COMMAND = "aws iam get-account-authorization-details --output json"


def load_answers(path: Path, name: str) -> tuple[Answers, Settings, list[Finding]]:
    """List the answers at a path; the one file of a bare snapshot is read at once.

    Raises:
        SnapshotError: there is nothing at the path, or the file is no authorization details.
    """
    if path.is_dir():
        answers, findings, settings = read_folder(path, name)
        if not answers:
            raise SnapshotError(
                f"the folder {name} holds no answers of AWS",
                remedy=f"save one there, for example: {_COMMAND} > {name}/accounts/<account>/iam/{DETAILS}.json",
            )
        return Answers(answers), read_settings(settings, str(Path(name, "snapshot.json"))), findings
    answer = Answer(account="", region="", service="iam", operation=DETAILS, name="", label=name, path=path)
    _require_details(answer)
    return Answers([answer]), Settings(), []


def memory_folder(files: Mapping[str, object], name: str) -> tuple[Answers, Settings]:
    """The answers of a folder whose files were read elsewhere: path inside the folder to parsed content."""
    found = (
        (answer_at(tuple(path.split("/")), Path(path), f"{name} {path}"), value)
        for path, value in files.items()
        if path != SETTINGS
    )
    answers = [replace(answer, path=None, given=value) for answer, value in found if answer is not None]
    return Answers(answers), settings_from(files.get(SETTINGS, {}), f"{name} {SETTINGS}")


def memory_answers(value: object, name: str) -> Answers:
    """The answer of authorization details that was parsed elsewhere.

    Raises:
        SnapshotError: the value is no such answer.
    """
    answer = Answer(account="", region="", service="iam", operation=DETAILS, name="", label=name, given=value)
    _require_details(answer)
    return Answers([answer])


def _require_details(answer: Answer) -> None:
    if answer.error is not None:
        raise SnapshotError(
            str(answer.error).removesuffix(f"; {answer.error.remedy}"), remedy=answer.error.remedy
        ) from answer.error
    if answer.refusal is not None:
        raise SnapshotError(
            f"{answer.label} holds an error of AWS ({answer.refusal.code}), not an answer",
            remedy=f"run {_COMMAND} with iam:GetAccountAuthorizationDetails allowed",
        )
    if not is_details(answer.value):
        raise SnapshotError(
            f"{answer.label} {_what_it_is(answer.value)}", remedy=f"give a snapshot folder or the output of {_COMMAND}"
        )


def _what_it_is(value: object) -> str:
    if isinstance(value, dict) and "Statement" in value:
        return "is a single policy document, which does not say whose it is"
    if isinstance(value, dict) and ("Records" in value or "eventName" in value):
        return "holds CloudTrail events, not policies"
    if isinstance(value, dict) and value:
        keys = ", ".join(sorted(value)[:3])
        return f"is JSON but no authorization details (it has {keys})"
    return "is JSON but no authorization details"
