"""Names that are common words: replaced where they stand as names, and left alone where they are words of a sentence.

A policy may be called ``read`` and a user ``data``. Replaced everywhere, they would take the words out of sentences that
tell nothing of them; left alone, they would be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLAIN = frozenset(
    {
        "access", "account", "action", "actions", "admin", "all", "allow", "any", "bucket", "call", "caller", "console",
        "data", "default", "deny", "everyone", "full", "go", "group", "groups", "inline", "job", "jobs", "key", "model",
        "more", "name", "names", "nobody", "new", "no", "none", "old", "one", "only", "others", "page", "policies",
        "policy", "read", "request", "requests", "resource", "resources", "role", "roles", "service", "services",
        "snapshot", "statement", "test", "training", "use", "user", "users", "visualeditor0", "visualeditor1", "work",
        "write",
    }
)  # fmt: skip
_BEFORE = (
    r"\bSid ",
    r"\(Sid [^()\s]{1,128}\) of ",
    r"\b[Ss]tatement(?:\[\d{1,5}\]| \S{1,130}) of (?:the )?",
    r"\b[Pp]olicy (?:named )?",
    r"\b(?:user|role|group|session|bucket|profile|model|endpoint|pipeline|alias) ",
    r"\bdeny(?: \S{1,130})? in ",
    r"\bdeny (?=\S{1,130} in )",
    r"\b(?:attachment|owner|document) of ",
    r"\bdetach ",
    r"\bcomes near in: ",
    r"--(?:policy|role|user|group|model-package-group)-name ",
    r"--bucket ",
    r"^(?:---|\+\+\+) [ab]/",
    r"\bs3://",
)
"""What stands before a name in the sentences, commands and differences of a report."""
_AFTER = r"(?![A-Za-z0-9_-])"
_ARN = re.compile(r"(arn:aws[a-z-]{0,20}:[a-z0-9-]{0,40}:[a-z0-9-]{0,30}:[0-9*]{0,12})(:[^\s\"'<>,;()]{1,600})")


def is_plain(name: str) -> bool:
    """Whether a name is a word that reports use as well."""
    return name.lower() in _PLAIN


class PlainNames:
    """Replaces names that are common words where they stand as names.

    Args:
        pseudonyms: of each name.
    """

    def __init__(self, pseudonyms: Mapping[str, str]) -> None:
        self._pseudonyms = pseudonyms
        words = "|".join(re.escape(name) for name in sorted(pseudonyms, key=len, reverse=True))
        self._in_arn = re.compile(rf"(?<=[/:])(?:{words}){_AFTER}")
        self._in_place = [re.compile(rf"({before})({words}){_AFTER}", re.MULTILINE) for before in _BEFORE]
        self._quoted = re.compile(rf"([\"'`])({words})(?=\\?\1)")

    def __call__(self, text: str) -> str:
        """The text with the pseudonyms."""
        text = _ARN.sub(self._arn, text)
        for pattern in (self._quoted, *self._in_place):
            text = pattern.sub(self._second, text)
        return text

    def _arn(self, found: re.Match[str]) -> str:
        return found.group(1) + self._in_arn.sub(lambda name: self._pseudonyms[name.group()], found.group(2))

    def _second(self, found: re.Match[str]) -> str:
        return found.group(1) + self._pseudonyms[found.group(2)]
