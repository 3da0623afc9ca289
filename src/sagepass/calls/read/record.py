"""What a document that holds calls was read into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sagepass.calls.call import Call
from sagepass.source.finding import Finding
from sagepass.source.origin import Origin
from sagepass.source.route import Route


class CallForm(StrEnum):
    """The form of a document that holds calls."""

    REQUEST = "request"
    CLI_SKELETON = "cli-skeleton"
    PIPELINE = "pipeline"
    CLOUDFORMATION = "cloudformation"
    TERRAFORM_PLAN = "terraform-plan"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCall:
    """One call of a document.

    Attributes:
        call: ready for :func:`sagepass.calls.operation.authorizations_of`.
        label: what tells it from the others: ``CreateTrainingJob``, ``step Train``.
        origin: the document.
        route: where the call's parameters begin in the document.
        places: parameter route to document route, only where they differ.
        made_by: ARN of the role that makes the call; ``None`` for the caller.
        after: labels of the calls it follows.
    """

    call: Call
    label: str
    origin: Origin
    route: Route = ()
    places: Mapping[Route, Route] = field(default_factory=dict)
    made_by: str | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCalls:
    """All calls of a document, in its order, and what is wrong with it."""

    form: CallForm
    calls: tuple[ReadCall, ...]
    findings: tuple[Finding, ...] = ()
