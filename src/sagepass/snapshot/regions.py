"""The Regions that the ARNs in a snapshot's policies name."""

from __future__ import annotations

import re
from functools import cache

from sagepass.snapshot.answers import Answers
from sagepass.snapshot.folder import DETAILS
from sagepass.source.embedded import decode_embedded

_POLICY_ANSWERS = ("policy", "policies", DETAILS)


def regions_in(answers: Answers) -> tuple[str, ...]:
    """Read all answers that hold policies and collect the Regions of the ARNs in them."""
    found: set[str] = set()
    for answer in answers:
        if any(word in answer.operation for word in _POLICY_ANSWERS):
            _collect(answer.value, found)
    return tuple(sorted(found))


def _collect(value: object, found: set[str]) -> None:
    rest = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, dict):
            rest.extend(item.values())
        elif isinstance(item, list):
            rest.extend(item)
        elif isinstance(item, str):
            if item.startswith(("%7B", "%7b")):
                item = decode_embedded(item).text
            if "arn:" in item:
                found.update(_pattern().findall(item))


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(r"arn:aws[a-z-]{0,12}:[a-z0-9-]{1,40}:([a-z]{2,4}-[a-z-]{2,30}-[0-9]{1,2}):")
