"""Saved answers of AWS: which there are, and what each says, read when it is needed.

A file lies at ``accounts/<id>/<region>/<service>/<operation>/<name>.json``, service and operation as the AWS CLI spells
them. The Region may be left out or be ``global``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from filecmp import cmp
from functools import cached_property
from pathlib import Path

from sagepass.source.errors import SourceError
from sagepass.source.finding import Finding, Severity
from sagepass.source.json_text import Duplicates, ParsedJson, parse_json
from sagepass.source.origin import Origin
from sagepass.source.read import read_text
from sagepass.source.route import Route, render_route
from sagepass.source.text import Span

_CLI_ERROR = re.compile(
    r"An error occurred \(([A-Za-z0-9.]{1,100})\)(?: when calling the \w+ operation[^:\n]{0,60})?: ?"
)

_DOCUMENT_KEYS = frozenset({"Version", "Id", "Statement"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error of AWS: its code and message, as the AWS CLI prints them."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """One saved answer.

    Attributes:
        account: the account that was asked; empty for the organization.
        region: empty for global services.
        service: as the AWS CLI spells it.
        operation: as the AWS CLI spells it.
        name: what was asked about; may hold slashes; empty for operations without a name.
        label: what people call the file.
        path: the file.
        given: the value, for answers that come from no file.
        beside: an answer to the same question in another snapshot; where both files are the same they are parsed once.
    """

    account: str
    region: str
    service: str
    operation: str
    name: str
    label: str
    path: Path | None = None
    given: object = None
    beside: Answer | None = None

    @cached_property
    def read(self) -> ParsedJson | Refusal | SourceError:
        """What the file holds; that of an equal file beside it, if it is JSON."""
        if self.beside is not None and self._is_file_of(self.beside) and isinstance(self.beside.read, ParsedJson):
            return self.beside.read
        return self._read_alone()

    def _is_file_of(self, other: Answer) -> bool:
        """Whether both come from files of the same bytes."""
        if self.path is None or other.path is None:
            return False
        try:
            return cmp(self.path, other.path, shallow=False)
        except OSError:
            return False

    def _read_alone(self) -> ParsedJson | Refusal | SourceError:
        if isinstance(self.given, SourceError):
            return self.given
        if self.path is None:
            return ParsedJson(self.given, Duplicates())
        try:
            text = read_text(self.path, name=self.label)
            refusal = _refusal(text)
            return refusal or _told_once(parse_json(text, self.label), self.label)
        except SourceError as error:
            return error

    @property
    def value(self) -> object:
        """The parsed answer; ``None`` if there is none."""
        return self.read.value if isinstance(self.read, ParsedJson) else None

    @property
    def duplicates(self) -> Duplicates:
        """Doubled keys of the answer's objects."""
        return self.read.duplicates if isinstance(self.read, ParsedJson) else Duplicates()

    def says_the_same(self, other: Answer) -> bool:
        """Whether both hold the same value, or the same error of AWS."""
        return (self.value, self.refusal, self.error is None) == (other.value, other.refusal, other.error is None)

    @property
    def refusal(self) -> Refusal | None:
        """The error that AWS answered with, if the file holds one."""
        return self.read if isinstance(self.read, Refusal) else None

    @property
    def error(self) -> SourceError | None:
        """Why the file cannot be read."""
        return self.read if isinstance(self.read, SourceError) else None

    @property
    def finding(self) -> Finding | None:
        """What is wrong with the file as a whole."""
        error = self.error
        if error is None:
            return None
        place = f" (line {error.line}, column {error.column})" if error.line and error.column else ""
        return Finding(
            code="SNAPSHOT_FILE_UNREADABLE",
            severity=Severity.ERROR,
            message=f"{error.message}{place}; the file is left out",
            remedy=error.remedy,
            document=self.label,
            span=Span(0, 0),
        )

    def field(self, key: str) -> object:
        """One member of the answer; ``None`` if the answer is no object or has no such member."""
        value = self.value
        return value.get(key) if isinstance(value, dict) else None

    def rows(self, key: str) -> list[dict[str, object]]:
        """The objects of a list in the answer, also where several pages were saved as a list."""
        pages = self.value if isinstance(self.value, list) else [self.value]
        found: list[dict[str, object]] = []
        for page in pages:
            listed = page.get(key) if isinstance(page, dict) else None
            found += [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
        return found

    def origin(self, route: Route, value: object) -> Origin:
        """The address of one value in the answer."""
        encoded = isinstance(value, str)
        if self.path is not None:
            return Origin(name=self.label, path=self.path, route=route, encoded=encoded)
        name = f"{self.label} {render_route(route)}" if route else self.label
        return Origin(name=name, value=value, encoded=encoded)


class Answers:
    """All answers of a snapshot, by account, service and operation."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._all: dict[tuple[str, str, str], list[Answer]] = {}
        for answer in answers:
            self._all.setdefault((answer.account, answer.service, answer.operation), []).append(answer)

    def __iter__(self) -> Iterator[Answer]:
        for answers in self._all.values():
            yield from answers

    def __len__(self) -> int:
        return sum(len(answers) for answers in self._all.values())

    def beside(self, other: Answers) -> Answers:
        """The same answers; those that lie in equal files in both are parsed once, whoever asks first."""
        there = {_question(answer): answer for answer in other}
        return Answers(_beside(answer, there.get(_question(answer))) for answer in self)

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts that have answers, sorted."""
        return tuple(sorted({account for account, _, _ in self._all if account}))

    def of(self, account: str, service: str, operation: str) -> list[Answer]:
        """The answers to one operation in one account."""
        return self._all.get((account, service, operation), [])

    def find(self, account: str, service: str, operation: str, name: str = "", region: str = "") -> Answer | None:
        """The answer about one thing; an answer that lies under another Region does not count.

        Answers that contradict each other come back as one that cannot be read: none of them is known to hold.
        """
        found = [
            answer
            for answer in self.of(account, service, operation)
            if answer.name == name and (not region or not answer.region or answer.region == region)
        ]
        if not found:
            return None
        first = found[0]
        if all(answer.says_the_same(first) for answer in found[1:]):
            return first
        return replace(first, path=None, given=_contradiction(found))


def _beside(answer: Answer, other: Answer | None) -> Answer:
    return answer if other is None or "read" in vars(answer) else replace(answer, beside=other)


def _question(answer: Answer) -> tuple[str, ...]:
    file = "" if answer.path is None else answer.path.name
    return (answer.account, answer.region, answer.service, answer.operation, answer.name, file)


def _contradiction(answers: list[Answer]) -> SourceError:
    labels = " and ".join(answer.label for answer in answers)
    return SourceError(
        f"{labels} answer the same question in different ways",
        name=answers[0].label,
        remedy="keep the newest answer and remove the others",
    )


def _told_once(parsed: ParsedJson, label: str) -> ParsedJson:
    """An answer as AWS gives it: no key stands twice in one object.

    Which of two values holds cannot be told, and the one that a parser drops may be the Deny. Doubled keys inside a
    policy document are the document's own defect, and are told where it is parsed.

    Raises:
        SourceError: a key stands twice outside of a policy document.
    """
    waiting = [parsed.value] if parsed.duplicates else []
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict) and not value.keys() <= _DOCUMENT_KEYS:
            doubled = parsed.duplicates.get(id(value))
            if doubled is not None:
                raise SourceError(
                    f"the key {doubled[0]} stands twice in one object, which no answer of AWS does",
                    name=label,
                    remedy="save the answer again as the AWS CLI prints it",
                )
            waiting += value.values()
    return parsed


def _refusal(text: str) -> Refusal | None:
    """Recognise the error text of the AWS CLI, saved in place of an answer."""
    head = text[:4096]
    found = None if head.lstrip()[:1] in ("{", "[") else _CLI_ERROR.search(head)
    if found is None:
        return None
    return Refusal(found.group(1).rpartition(".")[2], head[found.end() :].strip())
