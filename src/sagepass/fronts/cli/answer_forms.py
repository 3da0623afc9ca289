# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""An answer in the form that was asked for: JSON, concise or human."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from sagepass.fronts.cli.output import Color, colored, width, write, write_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from sagepass.render.human import HumanView

_Answer = TypeVar("_Answer")
_Given_contra = TypeVar("_Given_contra", contravariant=True)


class AsJson(Protocol[_Given_contra]):
    """Makes the JSON document of an answer."""

    def __call__(self, answer: _Given_contra, /, *, redact: bool) -> dict[str, Any]:
        """The document; with ``redact`` it says that names were replaced."""


@dataclass(frozen=True, slots=True)
class Renderers(Generic[_Answer]):
    """The renderers of one kind of answer."""

    as_json: AsJson[_Answer]
    concise: Callable[[_Answer], str]
    human: Callable[[_Answer, HumanView], str]


def print_in_form(
    answer: _Answer, renderers: Renderers[_Answer], output_format: str, *, verbose: bool, color: Color, redact: bool
) -> None:
    """Print an answer as ``json``, ``concise`` or, by default, for people; redacted if that was asked for."""
    from sagepass.render.redact import redactor_for

    rewrite = redactor_for(answer, redact=redact)
    if output_format == "json":
        from sagepass.render.json_form import rewritten

        write_json(rewritten(renderers.as_json(answer, redact=redact), rewrite, redact=redact))
    elif output_format == "concise":
        write(rewrite(renderers.concise(answer)))
    else:
        from sagepass.render.human import HumanView

        view = HumanView(width=width(), color=colored(color), verbose=verbose, rewrite=rewrite)
        write(renderers.human(answer, view))
