"""Which SageMaker resources a snapshot tells of, by the names of its files and by the answers that list resources.

What it tells of may exist. What it nowhere names may exist as well: nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sagepass.policy.arn import Arn
from sagepass.snapshot.answers import Answer, Answers

_SERVICE = "sagemaker"


class NamedResources:
    """Names of SageMaker resources in the saved answers; read when the first is asked for."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._names: dict[str, frozenset[str]] = {}

    def tells_of(self, arn: Arn) -> bool:
        """Whether an answer of the resource's account is about it, or lists it; names count in any case."""
        account = arn.account
        if account not in self._names:
            self._names[account] = frozenset(name.lower() for name in _names(self._answers, account))
        known = self._names[account]
        return str(arn).lower() in known or arn.resource.partition("/")[2].lower() in known


def _names(answers: Answers, account: str) -> Iterator[str]:
    for answer in answers:
        if (answer.account, answer.service) == (account, _SERVICE):
            yield answer.name
            yield answer.name.partition("/")[0]
            yield from _listed(answer) if answer.operation.startswith("list-") else ()


def _listed(answer: Answer) -> Iterator[str]:
    """Names and ARNs in a list of resources, wherever they stand in a row."""
    pages: Iterable[object] = answer.value if isinstance(answer.value, list) else [answer.value]
    for page in pages:
        for rows in page.values() if isinstance(page, dict) else ():
            for row in rows if isinstance(rows, list) else ():
                values = row.items() if isinstance(row, dict) else [("Name", row)]
                yield from (value for key, value in values if isinstance(value, str) and key.endswith(("Name", "Arn")))
