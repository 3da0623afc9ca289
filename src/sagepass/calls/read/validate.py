"""Does each call that was read fit its operation: the findings of :mod:`sagepass.calls.parameters`, at their places."""

from __future__ import annotations

from typing import assert_never

from sagepass.calls.parameters import ParameterFinding, ParameterProblem, check_parameters
from sagepass.calls.read.document import Document
from sagepass.calls.read.record import ReadCall
from sagepass.calls.request_paths import find_values
from sagepass.catalog.actions import known_service, services
from sagepass.catalog.operations import find_operation, known_client
from sagepass.source.route import Route, render_route

_CODES = {
    ParameterProblem.UNKNOWN_OPERATION: "CALL_UNKNOWN_OPERATION",
    ParameterProblem.UNKNOWN_MEMBER: "CALL_UNKNOWN_PARAMETER",
    ParameterProblem.WRONG_TYPE: "CALL_WRONG_TYPE",
    ParameterProblem.MISSING_MEMBER: "CALL_MISSING_PARAMETER",
}

_FILLED_IN = (("ClientRequestToken",), ("ClientToken",))
"""Required members that SDKs and tools fill in by themselves: botocore's models mark them as idempotency tokens
(https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePipeline.html)."""


def validate(read: ReadCall, document: Document) -> None:
    """Add the findings about one call to those of the document that it was read from."""
    inner = (
        document if read.origin == document.origin else Document(read.origin, None, document.findings, document.origins)
    )
    for problem in check_parameters(read.call):
        if problem.problem is not ParameterProblem.MISSING_MEMBER or problem.route[-1:] not in _FILLED_IN:
            _report(read, inner, problem)
    _check_service(read, inner)
    _check_roles(read, inner)


def _report(read: ReadCall, document: Document, problem: ParameterFinding) -> None:
    code = _CODES[problem.problem]
    unknown = problem.problem is ParameterProblem.UNKNOWN_OPERATION
    route = _entry_member(read, "operation") if unknown else read.place_of(problem.route)
    message = problem.message
    if problem.problem is ParameterProblem.WRONG_TYPE:
        message = f"{render_route(problem.route)}: {message}"
    document.report(code, message, _remedy(read, problem), route)


def _remedy(read: ReadCall, problem: ParameterFinding) -> str:
    near = " or ".join(problem.nearest)
    match problem.problem:
        case ParameterProblem.UNKNOWN_OPERATION:
            return f"did you mean {near}?" if near else "sagepass --version --verbose tells the date of the tables"
        case ParameterProblem.UNKNOWN_MEMBER:
            return f"did you mean {near}?" if near else f"remove it: {read.call.operation} has no such parameter"
        case ParameterProblem.WRONG_TYPE:
            return "write the value in the type that the API expects"
        case ParameterProblem.MISSING_MEMBER:
            return f"add it to {read.label}"
    assert_never(problem.problem)


def _check_service(read: ReadCall, document: Document) -> None:
    service = read.call.service
    if known_client(service) or known_service(service):
        return
    near = document.nearest(service.lower(), ["sagemaker", *services()])
    document.report(
        "CALL_UNKNOWN_SERVICE",
        f"there is no service {service[:64]!r}",
        f"did you mean {near}?" if near else "name the client as the SDKs do, such as sagemaker",
        _entry_member(read, "service"),
    )


def _entry_member(read: ReadCall, name: str) -> Route:
    """Where an entry of a list of calls names its service or operation; elsewhere the call itself."""
    return (*read.route[:-1], name) if read.route[-1:] == ("params",) else read.route


def _check_roles(read: ReadCall, document: Document) -> None:
    operation = find_operation(read.call.service, read.call.operation)
    for path in operation.role_paths if operation else ():
        for found in find_values(read.call.params, path):
            if found.text is not None and not found.text.startswith("arn:"):
                document.report(
                    "CALL_ROLE_NOT_ARN",
                    f"{found.text[:80]!r} is the name of a role where its ARN belongs",
                    f"aws iam get-role --role-name {_name(found.text)} --query Role.Arn --output text",
                    read.place_of(found.route),
                )


def _name(text: str) -> str:
    """The part that can be a role's name, safe to put into a command."""
    name = text.rpartition("/")[2][:64]
    return name if name and all(one.isalnum() or one in "+=,.@_-" for one in name) else "NAME"
