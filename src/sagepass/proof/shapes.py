"""The ARNs that AWS documents for an action, as patterns.

Source: the resource types of the Service Authorization Reference, see :mod:`sagepass.catalog.resources`. An action that
needs no resource type can also be authorized on ``*`` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from sagepass.catalog.actions import find_action
from sagepass.catalog.arn_templates import pieces
from sagepass.catalog.resources import resource_types_of
from sagepass.proof.word import Reading, Word, WordKind
from sagepass.proof.word_glob import matched_by
from sagepass.proof.world import Bound

Place: TypeAlias = tuple[str, str]
"""A Region and an account."""
ACCOUNT = "111122223333"
REGION = "us-east-1"

ANY_ARN = Bound((frozenset({Word(WordKind.EQUALS, "*"), Word(WordKind.SHAPE, "arn:{seg1}:{seg1}:{seg}:{seg}:?*")}),))
"""Whatever can be an ARN, and ``*``."""
ANY_ACTION = Bound((frozenset({Word(WordKind.SHAPE, "{seg1}:{seg1}")}),))
_REGIONAL = re.compile(r"arn:[^:]*:[^:]*:([^:]*):([^:]*):")


@lru_cache(maxsize=32768)
def documented(action: str, region: str = "", account: str = "") -> Bound:
    """The ARNs of the resource types of an action; with a Region and an account those in it alone."""
    found = find_action(action)
    if found is None:
        return ANY_ARN
    needed = [use for use in found.resource_types if use.required]
    words = {
        Word(WordKind.SHAPE, _shape(template, region, account))
        for kind in resource_types_of(action)
        for template in kind.arn_templates
    }
    if not needed:
        words.add(Word(WordKind.EQUALS, "*"))
    return Bound((frozenset(words),))


def fits(bound: Bound, resource: str) -> bool:
    """Whether a resource has one of the forms."""
    globs = (matched_by(word, Reading.SURE, positive=True) for group in bound.groups for word in group)
    return any(glob is not None and glob.accepts(resource) for glob in globs)


def _shape(template: str, region: str, account: str) -> str:
    """A template as a shape; with a place to be, the partition is ``aws``."""
    fields = template.split(":", 5)
    if len(fields) < 6:
        return template
    known = {"Partition": "aws" if region else "", "Region": region, "Account": account}
    head = [_field(field, known) for field in fields[:5]]
    literals, names = pieces(fields[5])
    rest = literals[0] + "".join("?*" + literal for _, literal in zip(names, literals[1:], strict=True))
    return ":".join([*head, rest])


def _field(field: str, known: dict[str, str]) -> str:
    literals, names = pieces(field)
    if not names:
        return field
    hole = {"Partition": "{seg1}"}
    written = literals[0]
    for name, literal in zip(names, literals[1:], strict=True):
        written += (known.get(name) or hole.get(name, "{seg}")) + literal
    return written


def place_in(texts: Iterable[str]) -> Place:
    """The first Region and the first account that occur in some ARNs, empty where there is none."""
    region = account = ""
    for text in texts:
        found = _REGIONAL.match(text)
        if found is not None:
            region = region or (found[1] if not set(found[1]) & set("*?$") else "")
            account = account or (found[2] if found[2].isdigit() and len(found[2]) == 12 else "")
    return region, account


def familiar(places: Iterable[Place]) -> Place:
    """A Region and an account for examples that look familiar: the first of some, and otherwise those of AWS's own examples."""
    region = account = ""
    for one, other in places:
        region, account = region or one, account or other
    return region or REGION, account or ACCOUNT
