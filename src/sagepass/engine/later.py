"""Records of which some fields are worked out when one of them is first read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self


class Later:
    """Base of a slotted record whose last fields may come later, all at once.

    A field that has no value yet is an empty slot, and reading it calls what :meth:`made_later` was given. From outside such a
    record is like any other: equality, representation, copies and pickles read the fields and get them.
    """

    __slots__ = ("_work_out",)

    @classmethod
    def made_later(cls, work_out: Callable[[], Self], **fields: Any) -> Self:  # noqa: ANN401 - those of the record
        """A record of which some fields are known; the others are taken from what ``work_out`` returns."""
        made = object.__new__(cls)
        put = object.__setattr__
        put(made, "_work_out", work_out)
        for name, value in fields.items():
            put(made, name, value)
        return made

    if not TYPE_CHECKING:  # a type checker would take it for fields of any name

        def __getattr__(self, name: str) -> object:
            """Called for an empty slot, and for names that the record does not have."""
            if name not in self.__slots__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            work_out = self._work_out
            if work_out is not None:
                full = work_out()
                for field in self.__slots__:
                    if not _is_known(self, field):
                        object.__setattr__(self, field, getattr(full, field))
                object.__setattr__(self, "_work_out", None)  # it holds on to all that the record was made from
            return object.__getattribute__(self, name)


def _is_known(record: Later, field: str) -> bool:
    try:
        object.__getattribute__(record, field)
    except AttributeError:
        return False
    return True
