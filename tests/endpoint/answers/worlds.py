"""A small account with an organization, calls that were decided in it, and botocore's models to hold answers against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

import botocore.session  # type: ignore[import-untyped]
from botocore.model import (  # type: ignore[import-untyped]
    ListShape,
    MapShape,
    OperationModel,
    Shape,
    StructureShape,
)

from sagepass.calls.call import Call
from sagepass.calls.operation import authorizations_of
from sagepass.endpoint.answers import World, find_answer
from sagepass.endpoint.recorded import Recorded
from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ACCOUNT, MANAGEMENT, STRANGER = "123456789012", "999988887777", "444455556666"
REGION = "eu-west-1"
NOW = datetime(2026, 11, 24, 20, 37, 5, tzinfo=UTC)
MATEO = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
ADMIN = f"arn:aws:iam::{ACCOUNT}:user/admin"
EXEC = f"arn:aws:iam::{ACCOUNT}:role/service-role/Exec"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Exec/job-1"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/edge"
MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/team/data"
BUCKET = "arn:aws:s3:::lake"


def document(*statements: Mapping[str, object]) -> dict[str, object]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | list[str], resource: str | list[str] = "*", **more: object) -> dict[str, object]:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: object) -> dict[str, object]:
    """A Deny statement."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


EVERYTHING = document(allow("*", Sid="All"))


@cache
def account() -> Snapshot:
    """The account: a user without much, an administrator, a role, a bucket, and an organization with SCPs."""
    scps = PolicyType.SERVICE_CONTROL_POLICY
    rcps = PolicyType.RESOURCE_CONTROL_POLICY
    builder = (
        SnapshotBuilder("<account>")
        .principal(
            MATEO,
            inline={"own": document(allow("sagemaker:List*"), allow("s3:GetObject", f"{BUCKET}/*", Sid="Read"))},
            managed=(MANAGED,),
            groups=("readers",),
            boundary=BOUNDARY,
            tags={"team": "ml"},
            unique_id="AIDAMATEOJACKSONEXAMPLE",
        )
        .principal(ADMIN, inline={"admin": EVERYTHING}, unique_id="AIDAADMINEXAMPLE00000")
        .principal(
            EXEC,
            inline={"exec": document(allow(["s3:*", "logs:*"]))},
            trust=document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": MATEO}}),
            unique_id="AROAEXECEXAMPLE000000",
        )
        .principal(f"arn:aws:iam::{ACCOUNT}:group/readers", inline={"metrics": document(allow("cloudwatch:Get*"))})
        .managed_policy(MANAGED, document(allow("kms:Decrypt"), deny("s3:DeleteObject", Sid="NoDelete")))
        .managed_policy(BOUNDARY, document(allow(["sagemaker:*", "s3:*", "cloudwatch:*", "kms:*"])))
        .resource_policy(BUCKET, document({**deny("s3:PutObject", f"{BUCKET}/*"), "Principal": "*"}), account=ACCOUNT)
        .organization(MANAGEMENT, "o-abcdef1234")
        .parent(ACCOUNT, "ou-root-11111111")
        .parent("ou-root-11111111", "r-root")
        .settings(default_region=REGION)
    )
    full = {"FullAWSAccess": document(allow("*"))}
    for target in ("r-root", "ou-root-11111111", ACCOUNT):
        builder.control_policies(target, scps, full)
        builder.control_policies(target, rcps, {})
    builder.control_policies(
        "ou-root-11111111", scps, {**full, "NoClusters": document(deny("sagemaker:CreateCluster"))}
    )
    return builder.build()


def recorded(
    client: str,
    operation: str,
    params: Mapping[str, object],
    *,
    caller: str = MATEO,
    at: datetime = NOW,
    number: int = 1,
    keep: bool = True,
    **context: object,
) -> Recorded:
    """A call as the endpoint would decide and record it."""
    snapshot = account()
    call = Call(service=client, operation=operation, params=params, caller_account=ACCOUNT, region=REGION)
    needed = authorizations_of(call, snapshot=snapshot, caller=caller)
    given = {"aws:SourceIp": "127.0.0.1", "aws:userid": _user_id(snapshot, caller), **context}
    decisions = tuple(
        authorize(
            Request(
                principal=caller,
                action=one.action,
                resource=one.resource,
                context={
                    **given,
                    **{key: values[0] if len(values) == 1 else list(values) for key, values in one.context},
                },
                session_policies=() if ":assumed-role/" in caller else None,
            ),
            snapshot,
        )
        for one in needed
    )
    allowed = all(decision.effect is Effect.ALLOW for decision in decisions)
    return Recorded(
        authorization_id=f"auth{number}",
        request_id=f"req-{number}",
        time=at,
        client=client,
        operation=operation,
        params=params,
        caller=caller,
        account=ACCOUNT,
        region=REGION,
        access_key_id="AKIAIOSFODNN7EXAMPLE",
        source_ip="127.0.0.1",
        user_agent="Boto3/1.44",
        decisions=decisions,
        needed=needed,
        allowed=allowed,
        error_code=None if allowed else "AccessDeniedException",
        error_message=None if allowed else f"User: {caller} is not authorized to perform: {needed[0].action}",
        read_only=operation.startswith(("Describe", "List", "Get")),
        snapshot=snapshot if keep else None,
    )


def _user_id(snapshot: Snapshot, caller: str) -> str:
    record = snapshot.principal(caller)
    unique = record.unique_id if record else ""
    return f"{unique}:{caller.rpartition('/')[2]}" if ":assumed-role/" in caller else unique


def world(*calls: Recorded, caller: str = ADMIN, account_id: str = ACCOUNT, region: str = REGION) -> World:
    """What an answer sees, some calls having been decided; the last one is the newest."""
    by_id = {one.authorization_id: one for one in calls}
    newest_first: Iterable[Recorded] = tuple(reversed(calls))
    return World(
        snapshot=account(),
        caller=caller,
        account=account_id,
        region=region,
        partition="aws",
        now=NOW + timedelta(minutes=10),
        recorded=by_id.get,
        recent=lambda: newest_first,
    )


@cache
def operation_model(client: str, operation: str) -> OperationModel:
    """Botocore's model of an operation."""
    session = botocore.session.get_session()
    return session.get_service_model(client).operation_model(operation)


def ask(client: str, operation: str, params: Mapping[str, object], view: World) -> dict[str, object]:
    """Answer an operation, after holding request and answer against botocore's model."""
    model = operation_model(client, operation)
    fits(params, model.input_shape, f"{operation} request", enums=False)
    answer = find_answer(client, operation)
    assert answer is not None
    found = dict(answer(params, view))
    fits(found, model.output_shape, operation)
    return found


def over_the_wire(client: str, operation: str, found: Mapping[str, object]) -> dict[str, object]:
    """What a client reads after the answer was written in the service's protocol and parsed by botocore."""
    from botocore.parsers import create_parser  # type: ignore[import-untyped]
    from moto.core.serialize import get_serializer_class
    from moto.core.utils import get_service_model

    service = get_service_model(client)
    protocol = service.resolved_protocol
    written = get_serializer_class(client, protocol)(service.operation_model(operation)).serialize(found)
    body = written["body"]
    response = {
        "body": body.encode() if isinstance(body, str) else body,
        "headers": written["headers"],
        "status_code": written["status_code"],
    }
    parsed = create_parser(protocol).parse(response, operation_model(client, operation).output_shape)
    return {name: value for name, value in parsed.items() if name != "ResponseMetadata"}


def fits(value: object, shape: Shape | None, place: str, *, enums: bool = True) -> None:
    """Whether a value has the form that botocore's model gives it: no unknown member, none missing, types as modelled."""
    assert shape is not None, place
    if shape.serialization.get("document") or getattr(shape, "is_document_type", False):
        return
    if isinstance(shape, StructureShape):
        assert isinstance(value, Mapping), place
        assert set(value) <= set(shape.members), (place, set(value) - set(shape.members))
        assert set(shape.required_members) <= set(value), place
        for name, inner in value.items():
            fits(inner, shape.members[name], f"{place}.{name}", enums=enums)
    elif isinstance(shape, ListShape):
        assert isinstance(value, list | tuple), place
        for index, inner in enumerate(value):
            fits(inner, shape.member, f"{place}[{index}]", enums=enums)
    elif isinstance(shape, MapShape):
        assert isinstance(value, Mapping), place
        for name, inner in value.items():
            assert isinstance(name, str), place
            fits(inner, shape.value, f"{place}.{name}", enums=enums)
    else:
        kinds = {"string": str, "boolean": bool, "integer": int, "long": int, "timestamp": datetime}
        assert isinstance(value, kinds[shape.type_name]), (place, value)
        allowed = getattr(shape, "enum", [])
        assert not enums or not allowed or value in allowed or shape.name == "PolicySourceType", (place, value)
