"""Reads documents as a caller of 111122223333 in eu-west-1 and shows what was found in a short form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sagepass.calls.operation import authorizations_of
from sagepass.calls.read import ReadCall, ReadCalls, read_calls
from sagepass.source.locate import locate
from sagepass.source.route import Route, render_route

ACCOUNT = "111122223333"
REGION = "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Exec"


def read(document: Any, **options: Any) -> ReadCalls:  # noqa: ANN401 - any JSON, any option of the reader
    """Read a value as JSON, a text as it is, a path as a file."""
    given = document if isinstance(document, str | Path) else json.dumps(document, indent=2)
    return read_calls(given, **{"name": "doc", "caller_account": ACCOUNT, "region": REGION, **options})


def needs(found: ReadCalls) -> dict[str, list[str]]:
    """Label of each call to its checks, as ``action resource`` without the part that all ARNs share."""
    shared = f":{REGION}:{ACCOUNT}:"
    return {
        one.label: [
            f"{need.action} {need.resource.replace(shared, ':').removeprefix('arn:aws:')}"
            for need in authorizations_of(one.call)
        ]
        for one in found.calls
    }


def findings(found: ReadCalls) -> list[tuple[str, str]]:
    """Code and place of each finding."""
    return [(one.code, render_route(one.route)) for one in found.findings]


def text_at(call: ReadCall, parameter: Route) -> str:
    """What stands in the document where a parameter of a call comes from."""
    place = locate(call.origin, call.place_of(parameter))
    assert place.exact, parameter
    return place.source.text[place.span.start : place.span.end]
