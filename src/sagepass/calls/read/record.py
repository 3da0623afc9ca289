"""The records of this folder: the calls that a document makes, each with the way back to its place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sagepass.calls.call import Call
from sagepass.source.finding import Finding
from sagepass.source.origin import Origin
from sagepass.source.route import Route


class CallForm(StrEnum):
    """What kind of document the calls were read from."""

    REQUEST = "request"
    """One request, or a list of calls, as JSON or YAML."""
    CLI_SKELETON = "cli-skeleton"
    """What ``aws … --generate-cli-skeleton`` prints, filled in."""
    PIPELINE = "pipeline"
    """The definition of a SageMaker pipeline."""
    CLOUDFORMATION = "cloudformation"
    TERRAFORM_PLAN = "terraform-plan"
    """What ``terraform show -json PLAN`` prints."""
    RECORDING = "recording"
    """What ``sagepass.record()`` saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCall:
    """One call that a document makes.

    Attributes:
        call: the call, ready for :func:`~sagepass.calls.operation.authorizations_of`. Where the document leaves a value to
            a later moment, a reference stands in its place.
        label: what people know it by: ``CreateTrainingJob``, ``step Train``, ``resource Model``.
        origin: the document that ``route`` and ``places`` lead into.
        route: where the call's parameters begin in that document; empty if the whole document is the request.
        places: parameter route to document route, only where it is not ``route`` followed by the parameter route
            (templates rename members).
        made_by: ARN of the role that makes the call (a pipeline's role); ``None`` for the caller.
        after: labels of calls that it follows.
    """

    call: Call
    label: str
    origin: Origin
    route: Route = ()
    places: Mapping[Route, Route] = field(default_factory=dict)
    made_by: str | None = None
    after: tuple[str, ...] = ()

    def place_of(self, parameter: Route) -> Route:
        """Where a parameter stands in the document; for one that is not there, where it would stand."""
        for length in range(len(parameter), 0, -1):
            place = self.places.get(parameter[:length])
            if place is not None:
                return (*place, *parameter[length:])
        return (*self.route, *parameter)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCalls:
    """All calls of one document, in its order, and what is wrong with it.

    ``origins`` are the document and those that lie in strings of it: :meth:`origin_of` tells into which of them the route
    of a finding leads.
    """

    form: CallForm
    calls: tuple[ReadCall, ...]
    findings: tuple[Finding, ...]
    origins: tuple[Origin, ...] = ()

    def origin_of(self, finding: Finding) -> Origin | None:
        """The document that a finding is about."""
        return next((origin for origin in self.origins if origin.name == finding.document), None)
