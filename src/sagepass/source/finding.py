"""Findings: what is wrong with an input, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.source.route import Route
from sagepass.source.text import Span


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect of one document.

    ``code`` is stable (``POLICY_DUPLICATE_KEY``) and documented in the ``codes.py`` of the room that reports it.
    ``document`` is the name of the :class:`~sagepass.source.text.SourceText`. ``route`` leads to the element; a ``span``
    is given where the route cannot say it (a syntax error). ``message`` states the fact in lower case without a final
    period, ``remedy`` says what to do.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    document: str
    route: Route = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDoc:
    """The page behind a code: ``sagepass explain CODE`` prints it.

    ``summary`` is one line; ``body`` is Markdown (what it means, why, example, use instead); ``links`` are the AWS pages.
    """

    code: str
    summary: str
    body: str
    links: tuple[str, ...] = ()
