"""One entrance for every form of document that calls are read from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sagepass.calls.read.document import Document, read_document
from sagepass.calls.read.intrinsic_tags import short_form
from sagepass.calls.read.placeholders import is_skeleton
from sagepass.calls.read.record import CallForm, ReadCall, ReadCalls
from sagepass.calls.read.setting import Setting
from sagepass.calls.read.validate import validate

_MOST_CALLS = 2_000
"""Calls of one document that are answered."""


def read_calls(
    path_or_text: Path | str,
    *,
    name: str,
    service: str | None = None,
    operation: str | None = None,
    caller_account: str | None = None,
    region: str | None = None,
    partition: str = "aws",
) -> ReadCalls:
    """Read the calls that a document makes, in its order, with findings at their places.

    Args:
        path_or_text: a file, or the text itself: JSON, or YAML with the extra ``yaml``.
        name: what people call the document.
        service: the client (``sagemaker``) where the document does not name one.
        operation: the operation (``CreateModel``, ``create-model``) that the document is a request of.
        caller_account: 12 digits, ``None`` if not known.
        region: where the calls go, ``None`` if not known.
        partition: ``aws``, ``aws-cn``, ``aws-us-gov``, …

    Raises:
        SourceError: the file cannot be read at all. A defect of what is in it is a finding instead.
    """
    setting = Setting(
        service=service or "sagemaker",
        operation=operation,
        caller_account=caller_account,
        region=region,
        partition=partition,
    )
    document = read_document(path_or_text, name, tags=short_form)
    if document.value is None:
        if not document.findings:
            _unknown(document)
        return _answer(CallForm.REQUEST, [], document)
    form = _form_of(document.value, operation)
    try:
        calls = _read(form, document, setting)
    except RecursionError:
        document.report("CALL_SYNTAX", "it nests too deeply to be read", "check that this is the right file")
        return _answer(form, [], document)
    if len(calls) > _MOST_CALLS:
        document.report("CALL_TOO_MANY", f"there are {len(calls):,} calls; {_MOST_CALLS:,} are read", "split it")
        calls = calls[:_MOST_CALLS]
    for call in calls:
        if not document.full:
            validate(call, document)
    return _answer(form, calls, document)


def _answer(form: CallForm, calls: list[ReadCall], document: Document) -> ReadCalls:
    return ReadCalls(form=form, calls=tuple(calls), findings=tuple(document.findings), origins=tuple(document.origins))


def _form_of(value: object, operation: str | None) -> CallForm:
    """What a document is, by the members that its form must have; a named operation makes it a request of that."""
    if operation is not None:
        return CallForm.CLI_SKELETON if is_skeleton(value) else CallForm.REQUEST
    if not isinstance(value, Mapping):
        return CallForm.REQUEST
    steps, resources = value.get("Steps"), value.get("Resources")
    if isinstance(steps, list) and ("Version" in value or "Metadata" in value or "Parameters" in value):
        return CallForm.PIPELINE
    if "AWSTemplateFormatVersion" in value or (isinstance(resources, Mapping) and _typed(resources)):
        return CallForm.CLOUDFORMATION
    if any(name in value for name in ("planned_values", "resource_changes", "terraform_version")):
        return CallForm.TERRAFORM_PLAN
    return CallForm.RECORDING if "sagepass_recording" in value else CallForm.REQUEST


def _typed(resources: Mapping[str, object]) -> bool:
    return any(isinstance(one, Mapping) and "::" in str(one.get("Type", "")) for one in resources.values())


def _read(form: CallForm, document: Document, setting: Setting) -> list[ReadCall]:
    # ruff: noqa: PLC0415 - only the reader of the form at hand is loaded
    match form:
        case CallForm.PIPELINE:
            from sagepass.calls.read.pipeline import read_pipeline

            return read_pipeline(document, setting)
        case CallForm.CLOUDFORMATION:
            from sagepass.calls.read.cloudformation import read_template

            return read_template(document, setting)
        case CallForm.TERRAFORM_PLAN:
            from sagepass.calls.read.terraform import read_plan

            return read_plan(document, setting)
        case CallForm.REQUEST | CallForm.CLI_SKELETON | CallForm.RECORDING:
            from sagepass.calls.read.request import read_requests

            return read_requests(document, setting)


def _unknown(document: Document) -> None:
    document.report("CALL_FORM_UNKNOWN", "there is nothing in it", "give a request, a template or a plan")
