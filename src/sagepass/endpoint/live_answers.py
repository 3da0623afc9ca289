"""The answers of a snapshot, where some are read from the live state at the moment in which they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sagepass.snapshot.answers import Answer, Answers

LookUp = Callable[[str, str, str, str, str], object | None]
"""Account, service, operation, name and Region to the value of the answer, ``None`` if there is none."""
_MOST = 20_000
"""Answers that are kept; with more, they are read again."""


class LiveAnswers(Answers):
    """Fixed answers (identities, the organization), live ones (policies, grants and tags of resources), and saved ones.

    ``live`` is asked before ``fixed``: what is emulated wins over what a seed says. What it said stays: one state of the
    endpoint has one answer to each question, whenever it is asked.
    """

    def __init__(self, fixed: Iterable[Answer], live: LookUp, name: str) -> None:
        super().__init__(fixed)
        self._live = live
        self._name = name
        self._found: dict[tuple[str, str, str, str, str], tuple[Answer | None]] = {}

    def anew(self) -> LiveAnswers:
        """The same fixed answers; live ones are read again."""
        other = LiveAnswers((), self._live, self._name)
        other._all = self._all
        return other

    def found_live(self) -> Iterator[Answer]:
        """What has been asked for and was found, in this order."""
        return (kept[0] for kept in self._found.values() if kept[0] is not None)

    def find(self, account: str, service: str, operation: str, name: str = "", region: str = "") -> Answer | None:
        """The answer about one thing, as it is in this state."""
        asked = (account, service, operation, name, region)
        kept = self._found.get(asked)
        if kept is not None:
            return kept[0]
        if len(self._found) >= _MOST:
            self._found.clear()
        found = self._look_up(*asked)
        self._found[asked] = (found,)
        return found

    def _look_up(self, account: str, service: str, operation: str, name: str, region: str) -> Answer | None:
        value = self._live(account, service, operation, name, region)
        if value is None:
            return super().find(account, service, operation, name, region)
        label = f"{self._name} {service} {operation} {name}".rstrip()
        return Answer(
            account=account, region=region, service=service, operation=operation, name=name, label=label, given=value
        )
