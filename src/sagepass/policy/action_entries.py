"""The Action or NotAction entries of one statement, prepared for many questions.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.policy.glob import Pattern, Wildcard, matches, read_pattern

_EVERYTHING = frozenset({"*", "*:*"})


class ActionEntries:
    """Entries such as ``sagemaker:Describe*``, by how they can be looked up.

    Attributes:
        everything: one of them covers all actions.
        literals: those without wildcards, in lower case.
        prefixes: those with one ``*`` at the end, without it.
        others: the rest.
    """

    __slots__ = ("everything", "literals", "others", "prefixes")

    def __init__(self, values: Iterable[str]) -> None:
        values = tuple(values)
        patterns = [read_pattern(value.lower()) for value in values]
        self.everything = not _EVERYTHING.isdisjoint(values)
        self.literals = frozenset(token for p in patterns if len(p) == 1 and isinstance(token := p[0], str))
        self.prefixes = tuple(dict.fromkeys(head for p in patterns if (head := prefix_of(p)) is not None))
        self.others = tuple(p for p in patterns if not _is_literal(p) and prefix_of(p) is None)

    def fit(self, action: str) -> bool:
        """Whether an entry covers the action, which is given in lower case."""
        if self.everything or action in self.literals or action.startswith(self.prefixes):
            return True
        return any(matches(pattern, action) for pattern in self.others)


def prefix_of(pattern: Pattern) -> str | None:
    """The text before the only wildcard of a pattern, a ``*`` at its end."""
    if len(pattern) == 2 and pattern[1] is Wildcard.RUN and isinstance(pattern[0], str):
        return pattern[0]
    return None


def _is_literal(pattern: Pattern) -> bool:
    return len(pattern) == 1 and isinstance(pattern[0], str)
