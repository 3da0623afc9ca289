"""Members of a request, taken with their type. A member of another kind is a mistake of the caller, never of ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sagepass.endpoint.answers.world import ApiError


class Members:
    """The members of one request; ``code`` is the error code that the operation uses for a bad one."""

    def __init__(self, params: Mapping[str, object], code: str) -> None:
        self._params = params
        self.code = code

    def refuse(self, message: str) -> ApiError:
        """An error about this request, to be raised."""
        return ApiError(self.code, message)

    def text(self, name: str) -> str | None:
        """A string, ``None`` if it is not there or empty."""
        value = self._params.get(name)
        if value is None or isinstance(value, str):
            return value or None
        raise self.refuse(f"{name} is not a string")

    def required(self, name: str) -> str:
        """A string that must be there."""
        found = self.text(name)
        if found is None:
            raise self.refuse(f"{name} is missing or empty")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings, empty if it is not there."""
        value = self._params.get(name)
        items = [] if value is None else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise self.refuse(f"{name} is not a list of strings")
        return tuple(str(item) for item in items)

    def objects(self, name: str) -> tuple[Members, ...]:
        """A list of structures, empty if it is not there."""
        value = self._params.get(name)
        items = [] if value is None else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, Mapping) for item in items):
            raise self.refuse(f"{name} is not a list of objects")
        return tuple(Members(item, self.code) for item in items if isinstance(item, Mapping))

    def inner(self, name: str) -> Members | None:
        """A structure, ``None`` if it is not there."""
        value = self._params.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self.refuse(f"{name} is not an object")
        return Members(value, self.code)

    def number(self, name: str, *, default: int, most: int) -> int:
        """A whole number from 1 to ``most``."""
        value = self._params.get(name, default)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise self.refuse(f"{name} must be a whole number from 1 to {most}")
        return value

    def moment(self, name: str) -> datetime | None:
        """A time, with a zone (UTC where none is given); ``None`` if it is not there."""
        value = self._params.get(name)
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise self.refuse(f"{name} is not a time")
        return value if value.tzinfo else value.replace(tzinfo=UTC)

    def without(self, *names: str) -> Mapping[str, object]:
        """The members but some, in their order."""
        return {name: value for name, value in self._params.items() if name not in names}
