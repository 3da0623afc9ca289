"""Actions as texts spell them: ``service:Name``, doubled prefixes, names that a template left open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PATTERN: Final = (
    r"(?P<prefix>[A-Za-z](?:[A-Za-z0-9]|-(?:[ \t]{0,9}\n[ \t]{0,200})?){1,40}):(?:[ \t]{0,9}\n[ \t]{0,200})?"
    r"(?P<double>(?P=prefix):)?"
    r"(?P<name>[A-Za-z*][A-Za-z0-9_*]{0,80}|\$?\{\{?[^{}\s]{1,40}\}?\}|<[^<>\s]{1,40}>)"
)
"""An action in running text; a line may break after a hyphen or after the colon."""

_NOT_A_SERVICE: Final = frozenset(
    {"arn", "http", "https", "aws", "user", "role", "error", "code", "policy", "urn", "file"}
)
_CUT_NAME: Final = re.compile(
    r"\n[ \t]{0,200}(?!(?:on|because|with|is|at|and|User)\b)([A-Za-z]{1,40})(?=\s+(?:on\s+(?:this\s+)?resource|because\b|with\s+an\b))"
)


@dataclass(frozen=True, slots=True)
class ActionName:
    """An action as read.

    Attributes:
        action: ``service:Name``, or ``None`` where the name is only a template's placeholder.
        service: the prefix, in lower case.
        doubled: the text spells the prefix twice (``sagemaker:sagemaker:DescribeTrainingJob``).
        start: where it begins in the cleaned text.
        end: where it ends.
    """

    action: str | None
    service: str
    doubled: bool
    start: int
    end: int


def from_match(match: re.Match[str]) -> ActionName | None:
    """Read the groups of :data:`PATTERN`; ``None`` where the prefix cannot be a service's."""
    prefix = re.sub(r"\s+", "", match["prefix"])
    if prefix.lower() in _NOT_A_SERVICE:
        return None
    name, end = match["name"], match.end("name")
    if cut := _CUT_NAME.match(match.string, end):
        name, end = name + cut[1], cut.end(1)
    open_name = name[0] in "<{$"
    action = None if open_name else f"{prefix}:{name}"
    return ActionName(action, prefix.lower(), match["double"] is not None, match.start("prefix"), end)
