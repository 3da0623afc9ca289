"""The snapshot folder: from a file's path to the question that it answers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from sagepass.policy.arn import is_account_id
from sagepass.snapshot.answers import Answer
from sagepass.source.finding import Finding, Severity

SETTINGS = "snapshot.json"
"""The file with what the user states and no answer of AWS says."""

DETAILS = "get-account-authorization-details"
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+){1,3}-[0-9]{1,2}\Z")
_GLOBAL = "global"
_MAX_FILES = 200_000


def read_folder(root: Path, label: str) -> tuple[list[Answer], list[Finding], Path | None]:
    """List the answers of a folder without reading them.

    Returns:
        The answers, findings about files that do not belong, and the path of ``snapshot.json`` if there is one.
    """
    answers: list[Answer] = []
    findings: list[Finding] = []
    settings: Path | None = None
    for count, path in enumerate(_files(root)):
        if count == _MAX_FILES:
            findings.append(_too_many(label))
            break
        parts = path.relative_to(root).parts
        name = str(Path(label, *parts))
        if parts == (SETTINGS,):
            settings = path
        elif answer := answer_at(parts, path, name):
            answers.append(answer)
        elif not parts[-1].lower().endswith((".md", ".txt")):
            findings.append(_unknown(name))
    return answers, findings, settings


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if not name.startswith(".") and path.is_file():
                yield path


def answer_at(parts: tuple[str, ...], path: Path, label: str) -> Answer | None:
    """The answer that lies at a path inside the folder; ``None`` if nothing belongs there."""
    if not parts[-1].endswith(".json"):
        return None
    rest = parts[1:] if parts[0] == "accounts" else parts
    if len(rest) > 1 and is_account_id(rest[0]):
        return _of_account(rest[0], rest[1:], path, label)
    if parts[0] == "organization":
        return _of_organization(parts[1:], path, label)
    if _is_details(parts[-1]):
        return Answer(account="", region="", service="iam", operation=DETAILS, name="", label=label, path=path)
    return None


def _of_account(account: str, parts: tuple[str, ...], path: Path, label: str) -> Answer | None:
    region = ""
    if len(parts) > 1 and (parts[0] == _GLOBAL or _REGION.match(parts[0])):
        region = "" if parts[0] == _GLOBAL else parts[0]
        parts = parts[1:]
    if len(parts) < 2:
        return None
    service, operation, *names = _without_suffix(parts)
    if service == "iam" and _is_details(parts[1]):
        operation = DETAILS
    return Answer(
        account=account,
        region=region,
        service=service,
        operation=operation,
        name="/".join(names),
        label=label,
        path=path,
    )


def _of_organization(parts: tuple[str, ...], path: Path, label: str) -> Answer | None:
    if parts and parts[0] in ("organizations", "sso-admin"):
        service, parts = parts[0], parts[1:]
    else:
        service = "organizations"
    if not parts:
        return None
    operation, *names = _without_suffix(parts)
    return Answer(
        account="", region="", service=service, operation=operation, name="/".join(names), label=label, path=path
    )


def _without_suffix(parts: tuple[str, ...]) -> list[str]:
    return [unquote(part) for part in (*parts[:-1], parts[-1].removesuffix(".json"))]


def _is_details(name: str) -> bool:
    return name.startswith(DETAILS) and name.endswith(".json")


def _too_many(label: str) -> Finding:
    return Finding(
        code="SNAPSHOT_TOO_MANY_FILES",
        severity=Severity.ERROR,
        message=f"the folder holds more than {_MAX_FILES:,} files; the rest was not read",
        remedy="give the snapshot folder itself, not a folder around it",
        document=label,
    )


def _unknown(name: str) -> Finding:
    return Finding(
        code="SNAPSHOT_UNKNOWN_FILE",
        severity=Severity.INFO,
        message="the file lies at no path that a snapshot has and was not read",
        remedy="move it to accounts/<id>/<region>/<service>/<operation>/<name>.json, or leave it",
        document=name,
    )
