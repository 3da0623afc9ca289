"""Records of which some fields are worked out when one of them is first read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any


class Later:
    """Base of a slotted record whose last fields may come later, all at once.

    A field that has no value yet is an empty slot, and reading it calls what :meth:`put_off` was given. From outside such a
    record is like any other: equality, representation, copies and pickles read the fields and get them.
    """

    __slots__ = ("_work_out",)

    def put_off(self, work_out: Callable[[], Any]) -> None:
        """Leave the last fields of a record that is being made to ``work_out``, which returns what :meth:`fill` takes."""
        _set_work_out(self, work_out)

    def fill(self, found: Any) -> None:  # noqa: ANN401 - that of the record
        """Set the fields that were left."""
        raise NotImplementedError

    if not TYPE_CHECKING:  # a type checker would take it for fields of any name

        def __getattr__(self, name: str) -> object:
            """Called for an empty slot, and for names that the record does not have."""
            slots = self.__slots__
            if name not in slots:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            work_out = self._work_out
            if work_out is not None:
                self.fill(work_out())
                _set_work_out(self, None)  # it holds on to all that the record was made from
            return _get(self, name)


_get = object.__getattribute__
_set_work_out = Later.__dict__["_work_out"].__set__
"""Sets the slot of a frozen record; quicker than ``object.__setattr__``, which looks it up by its name."""
