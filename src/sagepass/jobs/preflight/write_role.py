"""A new execution role for exactly these calls: its trust, the permissions they take, and nothing else.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sagepass.calls.execution_role.trust import trusted_service
from sagepass.calls.need import CallNeed
from sagepass.calls.read.record import ReadCall
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import resources_of
from sagepass.catalog.operations import find_operation, request_members
from sagepass.catalog.role_passing import SAGEMAKER, RolePassing, role_passing
from sagepass.catalog.source_arns import SourceForm, source_form
from sagepass.jobs.preflight.merge_statements import merge_statements
from sagepass.jobs.preflight.run import completed_call, preflight
from sagepass.policy.caller import parse_caller
from sagepass.repair.policy_text import new_document
from sagepass.snapshot.added import AddedPrincipal
from sagepass.snapshot.snapshot import Snapshot

_NAME = re.compile(r"(?:[\w+=,.@-]{1,64}/){0,8}[\w+=,.@-]{1,64}", re.ASCII)
"""A name, with the path in front of it if the role shall lie at one (``ml/Name``)."""


class NewRoleError(ValueError):
    """No role can be written; the message says why, ``remedy`` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, kw_only=True, eq=False)
class NewRole:
    """A role that was written, and the world in which it exists.

    Attributes:
        arn: the role's ARN.
        name: its name.
        path: where it lies, ``/`` by default.
        trust: its trust policy.
        policy_name: the name of its one inline policy.
        permissions: that policy.
        calls: the calls, which now name this role.
        snapshot: the snapshot with the role.
    """

    arn: str
    name: str
    path: str
    trust: Mapping[str, object]
    policy_name: str
    permissions: Mapping[str, object]
    calls: tuple[ReadCall, ...]
    snapshot: Snapshot


def with_new_role(calls: Sequence[ReadCall], snapshot: Snapshot, *, caller: str, name: str) -> NewRole:
    """Write a role for these calls, and let them use it.

    Raises:
        NewRoleError: the name is none of a role or is taken, the calls pass no role, or the account is not known.
    """
    who = parse_caller(caller)
    if not _NAME.fullmatch(name) or any(not part.strip(".") for part in name.split("/")):
        remedy = "use up to 64 letters, digits and the characters +=,.@-_, with a path in front of it if you like"
        raise NewRoleError(f"{name!r} is no name of a role", remedy)
    if who.account is None:
        raise NewRoleError("the caller has no account", "name the caller with --as")
    arn = f"arn:{who.partition or 'aws'}:iam::{who.account}:role/{name}"
    completed = [replace(read, call=completed_call(read.call, read.made_by or caller, snapshot)) for read in calls]
    replaced = tuple(_with_role(read, arn) for read in completed)
    users = [new for old, new in zip(completed, replaced, strict=True) if new is not old]
    if not users:
        raise NewRoleError("these calls pass no role that could be replaced", "check a call that has a role member")
    trust = _trust(users, who.account)
    _require_free(snapshot, who.account, name.rpartition("/")[2])
    bare = snapshot.with_principals([AddedPrincipal(arn=arn, trust=trust)])
    needs = [
        item.need
        for item in preflight(replaced, bare, caller=caller, with_plan=False).authorizations
        if item.need.principal == arn
    ]
    policy_name = f"sagepass-{users[0].call.operation}"[:64]
    permissions = new_document(*merge_statements(_statement(need) for need in needs))
    inline = {policy_name: permissions} if needs else {}
    return NewRole(
        arn=arn,
        name=name.rpartition("/")[2],
        path=f"/{name.rpartition('/')[0]}/" if "/" in name else "/",
        trust=trust,
        policy_name=policy_name,
        permissions=permissions,
        calls=replaced,
        snapshot=snapshot.with_principals([AddedPrincipal(arn=arn, inline=inline, trust=trust)]),
    )


def _require_free(snapshot: Snapshot, account: str, name: str) -> None:
    identities = snapshot.identities(account)
    if identities is None:
        raise NewRoleError(f"the snapshot does not know account {account}", "collect its authorization details")
    if identities.role_named(name) is not None:
        raise NewRoleError(f"account {account} has a role {name} already", "choose another name")


def _with_role(read: ReadCall, arn: str) -> ReadCall:
    """The call with the new role in every place where it passes one to SageMaker itself."""
    operation = find_operation(read.call.service, read.call.operation)
    if operation is None:
        return read
    members = request_members(operation.client, operation.input_shape) if operation.input_shape else {}
    params: dict[str, object] = copy.deepcopy(dict(read.call.params))
    found = False
    for path in operation.role_paths:
        passing = role_passing(operation.client, operation.name, path)
        if not _is_execution_role(passing):
            continue
        present = find_values(params, path)
        if not present and members.get(path, "").startswith("!"):
            params[path] = arn
            found = True
        for value in present:
            _set(params, value.route, arn)
            found = True
    return replace(read, call=replace(read.call, params=params)) if found else read


def _is_execution_role(passing: RolePassing) -> bool:
    """Whether SageMaker itself works with the role; one that is for another service is not replaced."""
    return passing.certain and trusted_service(passing.services) in {SAGEMAKER, "job.sagemaker.amazonaws.com"}


def _set(params: dict[str, object], route: tuple[str | int, ...], value: str) -> None:
    place: object = params
    for step in route[:-1]:
        place = place[step]  # type: ignore[index]
    place[route[-1]] = value  # type: ignore[index]


def _trust(calls: Sequence[ReadCall], account: str) -> dict[str, object]:
    """SageMaker alone, for this account, and for this kind of resource where AWS documents what it sends."""
    services: dict[str, None] = {}
    actions = {"sts:AssumeRole": None}
    for read in calls:
        operation = find_operation(read.call.service, read.call.operation)
        for path in operation.role_paths if operation else ():
            passing = role_passing(operation.client if operation else "", read.call.operation, path)
            if _is_execution_role(passing):
                services[passing.services[0]] = None
    if "job.sagemaker.amazonaws.com" in services:
        actions["sts:TagSession"] = None
    names, listed = list(services), list(actions)
    conditions: dict[str, object] = {"StringEquals": {"aws:SourceAccount": account}}
    sources = list(dict.fromkeys(_sources(calls)))
    if sources and "" not in sources:
        conditions["ArnLike"] = {"aws:SourceArn": sources[0] if len(sources) == 1 else sources}
    return new_document(
        {
            "Effect": "Allow",
            "Principal": {"Service": names[0] if len(names) == 1 else names},
            "Action": listed[0] if len(listed) == 1 else listed,
            "Condition": conditions,
        }
    )


def _sources(calls: Sequence[ReadCall]) -> Iterator[str]:
    """The source of each call as a pattern; empty where AWS does not document it."""
    for read in calls:
        call = read.call
        start = f"arn:{call.partition}:sagemaker:{call.region or '*'}:{call.caller_account or '*'}"
        operation = find_operation(call.service, call.operation)
        resources = resources_of(call, operation) if operation else ()
        match source_form(call.operation):
            case SourceForm.RESOURCE if resources:
                yield f"{start}:{resources[0].kind}/*"
            case SourceForm.REGION:
                yield f"{start}:*"
            case SourceForm.BELOW if isinstance(call.params.get("PipelineName"), str):
                yield f"{start}:pipeline/{call.params['PipelineName']}/*"
            case _:
                yield ""


_KEPT = {
    "kms:CreateGrant": ("Bool", "kms:GrantIsForAWSResource"),
    "iam:PassRole": ("StringEquals", "iam:PassedToService"),
}
"""Conditions that AWS documents for these actions and that the request always carries."""


def _statement(need: CallNeed) -> dict[str, object]:
    """The statement for one need, as narrow as the request."""
    needed = need.needed
    statement: dict[str, object] = {"Effect": "Allow", "Action": needed.action, "Resource": needed.resource}
    context = dict(needed.context)
    operator, key = _KEPT.get(needed.action, ("", ""))
    if key in context:
        statement["Condition"] = {operator: {key: context[key][0]}}
    prefix = context.get("s3:prefix")
    if prefix and prefix[0]:
        statement["Condition"] = {"StringLike": {"s3:prefix": f"{prefix[0]}*"}}
    return statement
