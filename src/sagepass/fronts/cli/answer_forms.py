# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""An answer in the form that was asked for: a JSON document, concise or human."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from sagepass.fronts.cli.output import Color, colored, width, write, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sagepass.render.forms import FixForm
    from sagepass.render.human import HumanView

_Answer = TypeVar("_Answer")
_Given_contra = TypeVar("_Given_contra", contravariant=True)


class AsJson(Protocol[_Given_contra]):
    """Makes the JSON document of an answer."""

    def __call__(self, answer: _Given_contra, /, *, redact: bool) -> dict[str, Any]:
        """The document; with ``redact`` it says that names were replaced."""


@dataclass(frozen=True, slots=True)
class Renderers(Generic[_Answer]):
    """The renderers of one kind of answer; ``documents`` are further forms that are JSON, by their names."""

    as_json: AsJson[_Answer]
    concise: Callable[[_Answer], str]
    human: Callable[[_Answer, HumanView], str]
    documents: Mapping[str, AsJson[_Answer]] = field(default_factory=dict)


def print_in_form(
    answer: _Answer,
    renderers: Renderers[_Answer],
    output_format: str,
    *,
    verbose: bool = False,
    color: Color,
    redact: bool,
    show: FixForm | None = None,
    paths: Iterable[str] = (),
) -> None:
    """Print an answer in a form that is named, or else for people; redacted if that was asked for.

    Args:
        answer: the answer.
        renderers: of its forms.
        output_format: ``json``, ``concise``, the name of another document, or ``human``.
        verbose: show everything.
        color: when to use colours.
        redact: put pseudonyms in the place of ids and names.
        show: the form in which changes are shown.
        paths: of files and folders that the answer names as they were given.
    """
    from sagepass.render.redact import redactor_for

    rewrite = redactor_for(answer, redact=redact, paths=paths)
    as_document = renderers.as_json if output_format == "json" else renderers.documents.get(output_format)
    if as_document is not None:
        from sagepass.render.json_form import rewritten

        write_json(rewritten(as_document(answer, redact=redact), rewrite, redact=redact))
    elif output_format == "concise":
        write(rewrite(renderers.concise(answer)))
    else:
        from sagepass.render.human import HumanView

        view = HumanView(width=width(), color=colored(color), verbose=verbose, form=show, rewrite=rewrite)
        write(renderers.human(answer, view))
