"""What the same call will be denied next, once the denial at hand is repaired.

A denial names one authorization of a call. With the operation, and better with its parameters, the others are known: an event
of CloudTrail carries the parameters, an error text only the operation.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
(``requestParameters``)
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.calls.call import Call
from sagepass.calls.need import CallNeed, Necessity
from sagepass.calls.needs import whole_call
from sagepass.calls.surroundings import Surroundings
from sagepass.catalog.operations import Operation, find_operation, request_members
from sagepass.denial.record import Denial
from sagepass.engine.request import Request
from sagepass.jobs.preflight.decide import decide_need
from sagepass.jobs.preflight.run import completed_call
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.kinds import Effect
from sagepass.repair.option import name_of
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.errors import SourceError
from sagepass.source.json_text import parse_json

_MOST = 12
_UNKNOWN = {"Ref": "not told by the error"}
"""A parameter that is there, and whose value nobody knows: it counts as not known before the call."""
_PERSONS = frozenset({CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER})


def next_denials(denial: Denial, request: Request, snapshot: Snapshot) -> tuple[str, ...]:
    """Sentences on the authorizations that the same call lacks besides the reported one, in AWS's order.

    Args:
        denial: what was reported.
        request: the request that it stands for.
        snapshot: the saved policies.

    Returns:
        Only what is certainly denied; nothing if the operation is not known or another principal than a caller was refused.
    """
    operation = find_operation("sagemaker", denial.operation) if denial.operation else None
    if operation is None or parse_caller(request.principal).kind not in _PERSONS:
        return ()
    params = parameters_of(denial, operation)
    told = params is not None
    call = Call(
        service=operation.client,
        operation=operation.name,
        params=params if params is not None else _placeholders(operation, denial),
        region=denial.region,
    )
    call = completed_call(call, request.principal, snapshot)
    found = []
    for need in whole_call(call, request.principal, Surroundings(snapshot=snapshot)).found:
        if (
            need.necessity is not Necessity.REQUIRED
            or _is_reported(need, request)
            or not _counts(need, request, told=told)
        ):
            continue
        decided = decide_need(need, snapshot)
        if decided.effect in {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY}:
            found.append(_sentence(need, decided.reason))
    return tuple(dict.fromkeys(found))[:_MOST]


def _is_reported(need: CallNeed, request: Request) -> bool:
    """Whether this is what the denial is about: the action for the same principal."""
    return need.principal == request.principal and need.needed.action.lower() == request.action.lower()


def _counts(need: CallNeed, request: Request, *, told: bool) -> bool:
    """From the operation alone only the caller's needs are certain, and those of a role that the denial names."""
    named = request.resource in {need.needed.resource, need.principal}
    return told or named or (need.principal == request.principal and need.needed.action == "iam:PassRole")


def _sentence(need: CallNeed, reason: str) -> str:
    needed = need.needed
    return f"{needed.action} on {needed.resource} for {name_of(need.principal)} ({need.block}): {reason}"


def _placeholders(operation: Operation, denial: Denial) -> dict[str, object]:
    """Parameters for an operation of which only the name is known: its roles are there, and are not known.

    A denial of ``iam:PassRole`` names the role.
    """
    passes = (denial.action or "").lower() == "iam:passrole" and (denial.resource or "").startswith("arn:")
    value: object = denial.resource if passes else _UNKNOWN
    return {
        path: value for path in operation.role_paths if path in request_members(operation.client, operation.input_shape)
    }


def parameters_of(denial: Denial, operation: Operation) -> Mapping[str, object] | None:
    """The request of the event that a denial was read from, with the API's own member names; ``None`` if there is none."""
    if denial.request_parameters is None:
        return None
    try:
        given = parse_json(denial.request_parameters, "requestParameters").value
    except SourceError:
        return None
    if not isinstance(given, dict):
        return None
    respelled = _respelled(given, operation.client, f".{operation.input_shape}")
    return respelled if isinstance(respelled, dict) else None


def _respelled(value: object, client: str, code: str) -> object:
    """CloudTrail writes ``trainingJobName``; the API's member is ``TrainingJobName``."""
    code = code.removeprefix("!")
    if code[:1] == "." and isinstance(value, dict):
        members = request_members(client, code[1:])
        spelled = {name.lower(): name for name in members}
        known = {spelled.get(str(key).lower(), str(key)): inner for key, inner in value.items()}
        return {name: _respelled(inner, client, members.get(name, "s")) for name, inner in known.items()}
    if code[:1] == "[" and isinstance(value, list):
        return [_respelled(item, client, code[1:]) for item in value]
    if code[:1] == "{" and isinstance(value, dict):
        return {str(key): _respelled(item, client, code[1:]) for key, item in value.items()}
    return value
