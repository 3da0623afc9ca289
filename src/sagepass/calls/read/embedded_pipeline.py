"""The steps inside a call that makes or changes a pipeline: its definition lies in the request, as JSON in a string."""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.calls.read.document import Document
from sagepass.calls.read.record import ReadCall
from sagepass.calls.read.setting import Setting
from sagepass.calls.request_paths import is_open

_DEFINITION, _IN_S3 = "PipelineDefinition", "PipelineDefinitionS3Location"
_CARRIERS = frozenset({"CreatePipeline", "UpdatePipeline"})


def with_steps(read: ReadCall, document: Document, setting: Setting) -> list[ReadCall]:
    """The call itself, followed by the calls of the pipeline's steps if it carries a definition."""
    call = read.call
    if call.operation not in _CARRIERS:
        return [read]
    from sagepass.calls.read.pipeline import read_pipeline  # noqa: PLC0415 - few requests carry a pipeline

    place = read.place_of((_DEFINITION,))
    text = call.params.get(_DEFINITION)
    if call.params.get(_IN_S3) is not None or is_open(text):
        where = _IN_S3 if text is None else _DEFINITION
        document.report(
            "CALL_UNRESOLVED",
            "the definition of the pipeline is not in this document, so its steps are not read",
            "give the definition as a document of its own",
            read.place_of((where,)),
        )
        return [read]
    role = call.params.get("RoleArn")
    made_by = role if isinstance(role, str) and role.startswith("arn:") else None
    if isinstance(text, Mapping):
        inner: Document | None = Document(document.origin, text, document.findings, document.origins)
        base = place
    elif isinstance(text, str):
        inner, base = document.embedded(text, place, "pipeline definition"), ()
    else:
        return [read]
    if inner is None:
        return [read]
    steps = read_pipeline(inner, setting, made_by=made_by, base=base, after=(read.label,))
    return [read, *steps]
