"""Requests as people and tools write them: one request, a list of calls, a filled skeleton, a recording.

A list of calls is ``[{"service": …, "operation": …, "params": …, "region": …}]``; ``service`` and ``region`` may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.calls.read.document import Document
from sagepass.calls.read.embedded_pipeline import with_steps
from sagepass.calls.read.placeholders import without_placeholders
from sagepass.calls.read.record import ReadCall
from sagepass.calls.read.setting import Setting, partition_of
from sagepass.catalog.operations import find_operation, operations, request_members
from sagepass.source.route import Route

_ENTRY = frozenset({"service", "operation", "params", "region"})
_RECORDING = "sagepass_recording"


def read_requests(document: Document, setting: Setting) -> list[ReadCall]:
    """The calls of a document that is a request, a list of calls, or a recording."""
    value = document.value
    if isinstance(value, Mapping) and _RECORDING in value:
        return _entries(document, setting, value.get("calls"), ("calls",))
    if isinstance(value, list):
        return _entries(document, setting, value, ())
    if not isinstance(value, Mapping):
        document.report("CALL_FORM_UNKNOWN", "this is no request: an object is expected", "see sagepass explain")
        return []
    if setting.operation is None and isinstance(value.get("operation"), str):
        return _entry(document, setting, value, ())
    if setting.operation is None:
        _report_missing_operation(document, value)
        return []
    return _request(document, setting, setting.operation, value, ())


def _entries(document: Document, setting: Setting, entries: object, base: Route) -> list[ReadCall]:
    if not isinstance(entries, list):
        document.report("CALL_MALFORMED", "a list of calls is expected here", "write [{…}, {…}]", base)
        return []
    calls: list[ReadCall] = []
    for index, entry in enumerate(entries):
        route = (*base, index)
        if isinstance(entry, Mapping) and isinstance(entry.get("operation"), str):
            calls += _entry(document, setting, entry, route)
        else:
            remedy = 'write {"service": "sagemaker", "operation": "CreateModel", "params": {…}}'
            document.report("CALL_MALFORMED", "this entry does not name its operation", remedy, route)
    if not entries:
        document.report("CALL_NOTHING_FOUND", "the list holds no call", "add one", base)
    return calls


def _entry(document: Document, setting: Setting, entry: Mapping[str, object], route: Route) -> list[ReadCall]:
    params = entry.get("params") or {}
    for name in entry:
        if name not in _ENTRY:
            remedy = f"an entry has {', '.join(sorted(_ENTRY))}; parameters belong into params"
            document.report(
                "CALL_MALFORMED", f"there is no member {str(name)[:60]!r} here", remedy, (*route, str(name))
            )
    if not isinstance(params, Mapping):
        document.report("CALL_MALFORMED", "params is an object", "write {…}", (*route, "params"))
        params = {}
    service, region = entry.get("service"), entry.get("region")
    own_region = region if isinstance(region, str) and region else None
    own = Setting(
        service=service if isinstance(service, str) and service else setting.service,
        caller_account=setting.caller_account,
        region=own_region or setting.region,
        partition=partition_of(own_region or "") or setting.partition,
    )
    return _request(document, own, str(entry["operation"]), params, (*route, "params"))


def _request(
    document: Document, setting: Setting, name: str, params: Mapping[str, object], base: Route
) -> list[ReadCall]:
    operation = find_operation(setting.service, name)
    given = params if _recorded(document) else without_placeholders(params, operation, document, base)
    label = operation.name if operation else name
    call = setting.call(label, given, service=operation.client if operation else None)
    read = ReadCall(call=call, label=label, origin=document.origin, route=base)
    return with_steps(read, document, setting)


def _recorded(document: Document) -> bool:
    """Whether the requests are as a program made them, so that an empty text is one."""
    return isinstance(document.value, Mapping) and _RECORDING in document.value


def _report_missing_operation(document: Document, value: Mapping[str, object]) -> None:
    fitting = _fitting(value)
    if not value or not fitting:
        message = "this is neither a request nor any other form that calls are read from"
        document.report("CALL_FORM_UNKNOWN", message, "sagepass explain CALL_FORM_UNKNOWN lists the forms")
        return
    remedy = f"name the operation; these take all its members: {', '.join(fitting)}"
    document.report("CALL_OPERATION_MISSING", "the request does not say which operation it is for", remedy)


def _fitting(value: Mapping[str, object]) -> list[str]:
    """Operations whose requests have all these members, with the fewest of their own first."""
    names = {str(name) for name in value}
    found = []
    for operation in operations():
        members = request_members(operation.client, operation.input_shape) if operation.input_shape else {}
        required = {name for name, code in members.items() if code.startswith("!")}
        if names <= members.keys() and required <= names:
            found.append((-len(required), len(members), operation.name))
    return [name for _, _, name in sorted(found)[:3]]
