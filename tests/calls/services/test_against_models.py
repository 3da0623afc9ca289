"""The tables held against botocore's service models: every operation is answered, and no member name is misspelt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import botocore.session  # type: ignore[import-untyped]
import pytest
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape  # type: ignore[import-untyped]

from sagepass.calls.call import Call, Confidence
from sagepass.calls.operation import authorizations_of
from sagepass.calls.services.registry import clients, find_table
from sagepass.calls.services.table import Row, ServiceTable
from sagepass.catalog.actions import find_action

IN_NO_TABLE_OF_AWS = {
    "accessanalyzer": {"GetFindingV2", "ListFindingsV2"},
    "cloudtrail": {"ListInsightsMetricData"},
    "ecr": {
        "DescribeReplicationBackfillResults", "ListImageReferrers", "ListReplicationBackfills",
        "StartReplicationBackfill", "StopReplicationBackfill",
    },
    "iam": {"AcquireRole", "UpdateDelegationRequest", "UpdateOpenIDConnectProvider"},
    "iam-toolbox": {"GetRequestAuthorizationDetails", "GetRequestAuthorizationPolicy"},
    "kms": {"Decapsulate", "Encapsulate"},
    "logs": {"GetLogObject"},
    "ram": {"UpdatePermission"},
    "s3": {"CreateSession", "RenameObject"},
    "s3control": {
        "DeleteAccessPointScope", "GetAccessPointScope", "ListAccessPointsForDirectoryBuckets", "PutAccessPointScope",
    },
    "sts": {"GetScopedCredentials"},
}  # fmt: skip
"""Operations whose action is inferred from the name: newer than the tables, or of directory buckets only."""


@cache
def model(client: str) -> ServiceModel:
    """Botocore's model of a client."""
    return botocore.session.get_session().get_service_model(client)


def sample(shape: Shape | None, depth: int = 0) -> object:
    """A value for a shape, with the required members only."""
    if isinstance(shape, StructureShape):
        required = shape.required_members if depth < 5 else ()
        return {name: sample(shape.members[name], depth + 1) for name in required}
    if isinstance(shape, ListShape):
        return [sample(shape.member, depth + 1)]
    if isinstance(shape, MapShape):
        return {"key": sample(shape.value, depth + 1)}
    values: dict[str, object] = {"boolean": True, "integer": 1, "long": 1, "float": 1.0, "double": 1.0, "blob": b"x"}
    return values.get(shape.type_name if shape is not None else "", "name")


@pytest.mark.parametrize("client", clients())
def test_every_operation_is_answered_and_documented_means_listed(client: str) -> None:
    """At least one check for each; what is called documented is an action of the reference, what is not is known here."""
    inferred = set()
    for name in model(client).operation_names:
        shape = model(client).operation_model(name).input_shape
        params = sample(shape) if shape is not None else {}
        assert isinstance(params, dict)
        needed = authorizations_of(Call(service=client, operation=name, params=params, caller_account="1" * 12))
        assert needed, name
        for one in needed:
            if one.confidence is Confidence.DOCUMENTED:
                assert find_action(one.action) is not None, (name, one.action)
        if needed[0].confidence is Confidence.INFERRED:
            inferred.add(name)
    assert inferred == IN_NO_TABLE_OF_AWS.get(client, set())


def rows_of(table: ServiceTable) -> Iterator[tuple[str, Row]]:
    """Each row with the operation it belongs to."""
    for rows in (table.instead, table.beside):
        for operation, listed in rows.items():
            yield from ((operation, row) for row in listed)


def leads_somewhere(shape: Shape | None, path: str) -> bool:
    """Whether a request path exists in an input shape."""
    for step in path.split("."):
        name = step.rstrip("[]{}")
        if not isinstance(shape, StructureShape) or name not in shape.members:
            return False
        shape = shape.members[name]
        if step.endswith("[]"):
            shape = shape.member if isinstance(shape, ListShape) else None
    return True


@pytest.mark.parametrize("client", clients())
def test_rows_are_about_operations_and_members_that_exist(client: str) -> None:
    """A misspelt operation or member would silently cost a check."""
    table = find_table(client)
    assert table is not None
    for operation, row in rows_of(table):
        assert operation in model(client).operation_names
        shape = model(client).operation_model(operation).input_shape
        for paths in (row.when, row.unless, row.role):
            named = [path for path in paths.split("|") if path]
            assert not named or any(leads_somewhere(shape, path) for path in named), (operation, paths)


@pytest.mark.parametrize("client", clients())
def test_resources_and_keys_are_named_by_members_that_exist(client: str) -> None:
    """Every path of a rule or of a key leads somewhere in at least one operation of the client."""
    table = find_table(client)
    assert table is not None
    shapes = [model(client).operation_model(name).input_shape for name in model(client).operation_names]
    paths = [path for listed in table.keys.values() for path in listed]
    rules = [rule for rule in table.resources.values() if not callable(rule)]
    paths += [path for rule in rules for listed in rule.values() for path in listed.split("|")]
    for path in paths:
        assert any(leads_somewhere(shape, path) for shape in shapes), path


NOT_PASSED = {
    ("iam", "RoleName"), ("iam", "AssumeRolePolicyDocument"), ("organizations", "RoleName"),
    ("sts", "RoleArn"), ("sts", "RoleSessionName"),
}  # fmt: skip
"""Roles that a request names without passing them: IAM manages them, STS assumes them, Organizations makes one."""


def role_members(shape: Shape | None, path: str = "") -> Iterator[str]:
    """The request paths whose last member speaks of a role."""
    if isinstance(shape, StructureShape) and path.count(".") < 6:
        for name, inner in shape.members.items():
            place = f"{path}.{name}" if path else name
            if "role" in name.lower():
                yield place
            yield from role_members(inner, place)
    elif isinstance(shape, ListShape):
        yield from role_members(shape.member, f"{path}[]")


@pytest.mark.parametrize("client", clients())
def test_every_role_in_a_request_is_passed(client: str) -> None:
    """A role that an operation takes without the check would lend its permissions to whoever names it."""
    table = find_table(client)
    assert table is not None
    passed = {(operation, row.role) for operation, row in rows_of(table) if row.role}
    for name in model(client).operation_names:
        for path in role_members(model(client).operation_model(name).input_shape):
            assert (client, path) in NOT_PASSED or (name, path) in passed, (name, path)
