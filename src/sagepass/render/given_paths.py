"""Paths that a person gave: their folders and files are called after teams and people, so they get pseudonyms as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePath
from urllib.parse import quote

from sagepass.render.plain_names import is_plain

_LETTER = re.compile(r"[A-Za-z]")


class GivenPaths:
    """Replaces the paths, and nothing but them: a word that is called like a file stays.

    Args:
        paths: as they were given.
        pseudonym: of one name; the same for the same name.
    """

    def __init__(self, paths: Iterable[str], pseudonym: Callable[[str], str]) -> None:
        self._pseudonym = pseudonym
        found: dict[str, str] = {}
        for path in paths:
            pure = PurePath(path)
            for spelled in (path, str(pure), pure.as_posix(), pure.name):
                found[spelled] = found[quote(spelled)] = self._hidden(spelled)
        known = sorted((one for one, hidden in found.items() if one and one != hidden), key=len, reverse=True)
        self._hidden_paths = found
        words = "|".join(map(re.escape, known))
        self._pattern = re.compile(rf"(?<![\w./\\-])(?:{words})(?![\w-])") if words else None

    def __call__(self, text: str) -> str:
        """The text with the pseudonyms."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._hidden_paths[found.group()], text)

    def _hidden(self, path: str) -> str:
        return "".join(self._part(part) for part in re.split(r"([/\\])", path))

    def _part(self, part: str) -> str:
        stem, dot, ending = part.rpartition(".")
        if not stem:  # no ending, or a hidden file, which has none either
            stem, dot, ending = part, "", ""
        if not _LETTER.search(stem) or is_plain(stem):
            return part
        return f"{self._pseudonym(stem)}{dot}{ending}"
