"""What saved answers said of each user, role, group and policy so far, and what is wrong with the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sagepass.snapshot.answers import Answer
from sagepass.source.embedded import parse_embedded
from sagepass.source.errors import SourceError
from sagepass.source.finding import Finding, Severity
from sagepass.source.route import Route

_OF_USE = frozenset({"RoleLastUsed", "PasswordLastUsed", "InstanceProfileList", "AttachmentCount"})


@dataclass(slots=True)
class Told:
    """Collects findings, and remembers what was told first.

    Attributes:
        findings: in the order in which they were found.
    """

    findings: list[Finding] = field(default_factory=list)
    _first: dict[str, tuple[Mapping[str, object], str]] = field(default_factory=dict)
    _contradicted: set[str] = field(default_factory=set)

    def report(self, answer: Answer, route: Route, code: str, message: str, remedy: str) -> None:
        """Note a defect of an answer."""
        self.findings.append(
            Finding(
                code=code, severity=Severity.ERROR, message=message, remedy=remedy, document=answer.label, route=route
            )
        )

    def malformed(self, answer: Answer, route: Route, message: str) -> None:
        """Note that a part of an answer does not have the form that AWS gives it."""
        self.report(answer, route, "SNAPSHOT_MALFORMED", message, "save the answer again as the AWS CLI prints it")

    def contradicts(self, answer: Answer, arn: str, row: Mapping[str, object], place: Route, name: str = "") -> bool:
        """Whether the entry was told before, in another way; what tells of its use and not of its access does not count.

        Args:
            answer: the answer that tells it now.
            arn: of what it is about.
            row: what is told.
            place: where.
            name: by which it is found, where that is not the ARN.
        """
        key = name or arn
        told = {member: value for member, value in row.items() if member not in _OF_USE}
        first, label = self._first.setdefault(key, (told, answer.label))
        if key not in self._contradicted:
            if _says_the_same(first, told):
                return False
            self._contradicted.add(key)
            other = "" if label == answer.label else f" (the other way in {label})"
            self.report(
                answer,
                place,
                "SNAPSHOT_CONTRADICTION",
                f"{arn} is described twice in different ways{other}, so none of it counts",
                "keep the newest answer and remove the others",
            )
        return True


def _says_the_same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Equal, be it that one answer has a document as an object and the other as text."""
    if one == other:
        return True
    return one.keys() == other.keys() and all(_decoded(one[key]) == _decoded(other[key]) for key in one)


def _decoded(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_embedded(value, "").value
    except SourceError:
        return value
