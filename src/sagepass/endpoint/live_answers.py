"""The answers of a snapshot, where some are read from the live state at the moment in which they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sagepass.snapshot.answers import Answer, Answers

LookUp = Callable[[str, str, str, str, str], object | None]
"""Account, service, operation, name and Region to the value of the answer, ``None`` if there is none."""


class LiveAnswers(Answers):
    """Fixed answers (identities, the organization), live ones (policies, grants and tags of resources), and saved ones.

    ``live`` is asked before ``fixed``: what is emulated wins over what a seed says.
    """

    def __init__(self, fixed: Iterable[Answer], live: LookUp, name: str) -> None:
        super().__init__(fixed)
        self._live = live
        self._name = name

    def find(self, account: str, service: str, operation: str, name: str = "", region: str = "") -> Answer | None:
        """The answer about one thing, as it is now."""
        value = self._live(account, service, operation, name, region)
        if value is None:
            return super().find(account, service, operation, name, region)
        label = f"{self._name} {service} {operation} {name}".rstrip()
        return Answer(
            account=account, region=region, service=service, operation=operation, name=name, label=label, given=value
        )
