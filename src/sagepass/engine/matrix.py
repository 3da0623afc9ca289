"""The answers of many decisions, and questions to them. Needs numpy (the extra ``bulk``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sagepass.engine.planes import Planes
from sagepass.policy.truth import Truth

try:
    import numpy as np
    from numpy.typing import NDArray
except ImportError as error:  # pragma: no cover - the message is all there is to it
    raise ImportError("this needs the extra [bulk]; pip install 'sagepass[bulk]'", name="numpy") from error


class MatrixTooLargeError(ValueError):
    """The answer does not fit into the memory that was allowed for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoCan:
    """Who may perform an action on a resource: certainly, and only if what is unknown turns out so."""

    certain: tuple[str, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CanWhat:
    """What a principal may do: (action, resource) pairs, certain ones and those that depend on something unknown."""

    certain: tuple[tuple[str, str], ...]
    open: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix:
    """The decision on every request of a grid.

    A request is allowed (``definite``), denied (not even ``possible``), or depends on something unknown. Principals for
    whom all answers agree share a row.

    Attributes:
        principals: as they were asked about.
        actions: each once, sorted.
        resources: each once, sorted.
        rows: the row of each principal.
        definite: bits, one row per different principal: ``[row, action, resource // 8]``, lowest bit first.
        possible: the same for what is allowed or unknown.
    """

    principals: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    rows: NDArray[np.int64]
    definite: NDArray[np.uint8] = field(repr=False)
    possible: NDArray[np.uint8] = field(repr=False)

    @classmethod
    def of(
        cls,
        *,
        principals: Sequence[str],
        actions: Sequence[str],
        resources: Sequence[str],
        rows: Sequence[int],
        planes: list[Planes],
        stride: int,
    ) -> Matrix:
        """A matrix of the planes of its rows."""
        size = len(actions) * stride // 8
        shape = (len(planes), len(actions), stride // 8)
        definite, possible = bytearray(len(planes) * size), bytearray(len(planes) * size)
        for number, plane in enumerate(planes):
            definite[number * size : (number + 1) * size] = plane.definite.to_bytes(size, "little")
            possible[number * size : (number + 1) * size] = plane.possible.to_bytes(size, "little")
        return cls(
            principals=tuple(principals),
            actions=tuple(actions),
            resources=tuple(resources),
            rows=np.asarray(rows, dtype=np.int64),
            definite=np.frombuffer(definite, dtype=np.uint8).reshape(shape),
            possible=np.frombuffer(possible, dtype=np.uint8).reshape(shape),
        )

    def truth(self, principal: str, action: str, resource: str) -> Truth:
        """Whether one request is allowed.

        Raises:
            KeyError: the matrix was not asked about the principal, the action or the resource.
        """
        row = int(self.rows[self._principal_numbers[principal]])
        number, place = self._action_numbers[action.lower()], self._places[resource]
        bit = 1 << place % 8
        if self.definite[row, number, place // 8] & bit:
            return Truth.TRUE
        return Truth.UNKNOWN if self.possible[row, number, place // 8] & bit else Truth.FALSE

    def who_can(self, action: str, resource: str) -> WhoCan:
        """Who may perform an action on a resource, in the order of the principals.

        Raises:
            KeyError: the matrix was not asked about the action or the resource.
        """
        number, place = self._action_numbers[action.lower()], self._places[resource]
        bit = np.uint8(1 << place % 8)
        certain = (self.definite[:, number, place // 8] & bit).astype(bool)
        possible = (self.possible[:, number, place // 8] & bit).astype(bool) & ~certain
        return WhoCan(certain=self._named(certain), open=self._named(possible))

    def can_what(self, principal: str) -> CanWhat:
        """What a principal may do, sorted.

        Raises:
            KeyError: the matrix was not asked about the principal.
        """
        row = int(self.rows[self._principal_numbers[principal]])
        definite, possible = self.definite[row], self.possible[row]
        return CanWhat(certain=self.pairs(definite), open=self.pairs(possible & ~definite))

    def bits(self, row: int | None) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The definite and the possible bits of a row; ``None`` is a principal who can do nothing."""
        if row is None:
            nothing = np.zeros(self.definite.shape[1:], dtype=np.uint8)
            return nothing, nothing
        return self.definite[row], self.possible[row]

    def pairs(self, bits: NDArray[np.uint8]) -> tuple[tuple[str, str], ...]:
        """The (action, resource) pairs of one row of bits."""
        unpacked = np.unpackbits(bits, axis=1, bitorder="little")[:, : len(self.resources)]
        return tuple((self.actions[number], self.resources[place]) for number, place in np.argwhere(unpacked))

    def counts(self) -> tuple[int, int]:
        """How many requests are certainly allowed, and how many depend on something unknown."""
        of_rows = np.bincount(self.rows, minlength=len(self.definite))
        certain = np.bitwise_count(self.definite).sum(axis=(1, 2), dtype=np.int64)
        possible = np.bitwise_count(self.possible).sum(axis=(1, 2), dtype=np.int64)
        return int(of_rows @ certain), int(of_rows @ (possible - certain))

    @property
    def nbytes(self) -> int:
        """Bytes that the answers take."""
        return self.definite.nbytes + self.possible.nbytes

    def _named(self, rows: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(self.principals[number] for number in np.flatnonzero(rows[self.rows]))

    @cached_property
    def _principal_numbers(self) -> dict[str, int]:
        return {principal: number for number, principal in enumerate(self.principals)}

    @cached_property
    def _action_numbers(self) -> dict[str, int]:
        return {action.lower(): number for number, action in enumerate(self.actions)}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {resource: place for place, resource in enumerate(self.resources)}
