"""A route: the keys and indices that lead from the root of a JSON document to one element."""

from __future__ import annotations

from typing import TypeAlias

Route: TypeAlias = tuple[str | int, ...]
"""Object keys are ``str``, array indices ``int``; the empty route is the whole document."""


def render_route(route: Route) -> str:
    """Write a route the way people do: ``Statement[3].Action[1]``; the empty route is ``(document)``."""
    text = ""
    for step in route:
        if isinstance(step, int):
            text += f"[{step}]"
        elif text:
            text += f".{step}"
        else:
            text = step
    return text or "(document)"
