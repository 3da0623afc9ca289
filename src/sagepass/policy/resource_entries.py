"""The Resource or NotResource entries of one statement, prepared for many questions.

It answers what :func:`sagepass.policy.match_resource.match_resource` answers for the best of the entries, without saying
which entry that was.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.policy.action_entries import prefix_of
from sagepass.policy.context import NO_CONTEXT, Context
from sagepass.policy.glob import Pattern, literal_text, matches, read_pattern
from sagepass.policy.glob_expression import Matcher, matcher_of, matcher_within_segments
from sagepass.policy.match_resource import has_inner_run, match_resource, within_segments
from sagepass.policy.truth import Truth
from sagepass.policy.variables import variable_keys

_OFTEN = 24
"""After so many questions an expression for all entries pays for the time that it takes to make."""


def is_set(resource: str) -> bool:
    """Whether the resource of a request stands for several: parts of it are not known before the call."""
    return resource != "*" and ("*" in resource or "?" in resource)


class ResourceEntries:
    """Entries by how they can be looked up.

    Attributes:
        values: as they stand in the policy.
        everything: one of them is ``*``.
        literals: those without wildcards.
        prefixes: those with one ``*`` at the end, without it.
        plain: other patterns, in which no ``*`` stands inside a segment of the ARN.
        inner: patterns in which one does; a match across a colon settles nothing.
        dynamic: those with policy variables.
    """

    __slots__ = (
        "_asked", "_inner_matcher", "_plain_matcher", "_variables", "_within_matcher",
        "dynamic", "everything", "inner", "literals", "plain", "prefixes", "values",
    )  # fmt: skip

    def __init__(self, values: Iterable[str], *, variables: bool) -> None:
        self.values = tuple(values)
        self._variables = variables
        self.everything = "*" in self.values
        self.dynamic = tuple(value for value in self.values if variables and "${" in value)
        static = [read_pattern(value) for value in self.values if not (variables and "${" in value)]
        texts = [literal_text(pattern) for pattern in static]
        self.literals = frozenset(text for text in texts if text is not None)
        self.prefixes = tuple(dict.fromkeys(head for pattern in static if (head := prefix_of(pattern)) is not None))
        wild = [p for p, text in zip(static, texts, strict=True) if text is None and prefix_of(p) is None]
        self.plain = tuple(pattern for pattern in wild if not has_inner_run(pattern))
        self.inner = tuple(pattern for pattern in wild if has_inner_run(pattern))
        self._asked = 0
        self._plain_matcher: Matcher | None = None
        self._inner_matcher: Matcher | None = None
        self._within_matcher: Matcher | None = None

    @property
    def needs(self) -> frozenset[str]:
        """The condition keys that its policy variables ask for, in lower case."""
        return frozenset(key.lower() for value in self.dynamic for key in variable_keys(value))

    def truth(self, resource: str, context: Context) -> Truth:
        """Whether an entry covers the resource. ``resource`` is no set (see :func:`is_set`)."""
        if self.everything or resource in self.literals or resource.startswith(self.prefixes):
            return Truth.TRUE
        if self.plain and self._some(self.plain, resource):
            return Truth.TRUE
        best = self._inner(resource) if self.inner else Truth.FALSE
        if self.dynamic and best is not Truth.TRUE:
            return max(best, self._by_entry(self.dynamic, resource, context))
        return best

    def truth_of_set(self, resource: str, context: Context) -> Truth:
        """Whether an entry covers all that the resource stands for, or none does, or it depends."""
        return self._by_entry(self.values, resource, context)

    def truth_of_set_without_variables(self, resource: str) -> Truth:
        """The same, of the entries without policy variables alone."""
        static = tuple(value for value in self.values if value not in self.dynamic)
        return self._by_entry(static, resource, NO_CONTEXT)

    def _by_entry(self, values: tuple[str, ...], resource: str, context: Context) -> Truth:
        best = Truth.FALSE
        for value in values:
            found = match_resource(value, resource, context, variables=self._variables).truth
            if found is Truth.TRUE:
                return found
            best = max(best, found)
        return best

    def _some(self, patterns: tuple[Pattern, ...], resource: str) -> bool:
        if self._plain_matcher is not None:
            return self._plain_matcher(resource) is not None
        self._count()
        return any(matches(pattern, resource) for pattern in patterns)

    def _inner(self, resource: str) -> Truth:
        """A match by a run over a colon settles nothing, unless another entry matches without."""
        if self._inner_matcher is not None:
            if self._inner_matcher(resource) is None:
                return Truth.FALSE
            if self._within_matcher is not None and self._within_matcher(resource) is not None:
                return Truth.TRUE
        else:
            self._count()
        best = Truth.FALSE
        for pattern in self.inner:
            if matches(pattern, resource):
                if within_segments(pattern, resource):
                    return Truth.TRUE
                best = Truth.UNKNOWN
        return best

    def _count(self) -> None:
        self._asked += 1
        if self._asked >= _OFTEN:
            self._plain_matcher = matcher_of(self.plain) if self.plain else None
            self._inner_matcher = matcher_of(self.inner) if self.inner else None
            self._within_matcher = matcher_within_segments(self.inner) if self.inner else None
