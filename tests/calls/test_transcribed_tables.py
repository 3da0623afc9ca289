"""The answers against tables that were transcribed apart from the catalog: actions, resources, roles, condition keys."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sagepass.calls.call import Call, Needed, ResourceState
from sagepass.calls.operation import authorizations_of
from sagepass.catalog.operations import Operation, ResourceClass, find_operation, operations, request_members
from sagepass.catalog.resources import resource_types
from sagepass.catalog.role_passing import role_passing

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Exec"


def rows(name: str) -> list[dict[str, Any]]:
    """One of the transcribed tables."""
    text = (Path(__file__).parent / "data" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def put(params: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Set a value at a request path; lists get one element, maps one entry."""
    head, _, rest = path.partition(".")
    name = head.rstrip("[]{}")
    wraps = [head[at : at + 2] for at in range(len(name), len(head), 2)]
    place: Any = params
    step: Any = name
    for wrap in wraps:
        fresh: Any = [None] if wrap == "[]" else {}
        kept = place.get(step) if isinstance(place, dict) else place[step]
        place[step] = fresh if kept is None else kept
        place, step = place[step], (0 if wrap == "[]" else "entry")
    if not rest:
        place[step] = value
        return params
    kept = place.get(step) if isinstance(place, dict) else place[step]
    place[step] = put(kept if isinstance(kept, dict) else {}, rest, value)
    return params


def needs(service: str, operation: str, params: dict[str, Any]) -> tuple[Needed, ...]:
    """Every check of a call, those that are only possible included."""
    call = Call(service=service, operation=operation, params=params, caller_account=ACCOUNT, region="eu-west-1")
    return authorizations_of(call, possible=True)


def whole_request(operation: Operation) -> dict[str, Any]:
    """A request with a name at each member that names a resource, a role at each place for one, and a tag."""
    params: dict[str, Any] = {}
    for _, rule in operation.resources:
        for variable, path in rule:
            if path and not path.startswith("="):
                first = path.split("|")[0].removesuffix("/*")
                put(params, first, "name" if variable else f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/m")
    for path in operation.role_paths:
        put(params, path, ROLE)
    if operation.has_tags:
        params["Tags"] = [{"Key": "team", "Value": "ml"}]
    return params


def _services(need: Needed) -> set[str]:
    """The services that a role may be passed to, those that are not settled included."""
    settled = {value for key, values in need.context if key == "iam:PassedToService" for value in values}
    choices = [one.choices for one in need.unsettled if one.key == "iam:PassedToService"]
    return settled | {value for choice in choices for values in choice for value in values or ()}


@pytest.mark.parametrize("row", rows("operation_actions"), ids=lambda row: row["operation"])
def test_actions_of_an_operation(row: dict[str, Any]) -> None:
    """Every action that AWS lists for the operation is among the checks of a request that has everything in it."""
    operation = find_operation("sagemaker", row["operation"])
    assert operation is not None
    params = whole_request(operation)
    if row["operation"] == "CreateModel":
        put(
            params,
            "PrimaryContainer.ModelDataSource.S3DataSource.HubAccessConfig.HubContentArn",
            f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:hub-content/h/Model/c/1.0",
        )
    found = needs(operation.client, operation.name, params)
    for listed in row["actions"]:
        action, _, condition = listed.partition("(")
        matching = [one for one in found if one.action.lower() == action.lower()]
        assert matching, f"{listed} is missing"
        if condition:
            service = condition.rstrip(")").partition("=")[2]
            assert any(service in _services(one) for one in matching), listed


def test_arn_formats() -> None:
    """All 73 resource types with their formats."""
    assert {kind.name: kind.arn_templates for kind in resource_types("sagemaker")} == {
        row["type"]: (row["format"],) for row in rows("arn_formats")
    }


_CLASSES = {
    "exact": {ResourceClass.EXACT},
    "arn-member": {ResourceClass.TYPE_FROM_ARN},
    "name-or-arn, cluster id lookup": {ResourceClass.CLUSTER_BY_NAME},
    "nested": {ResourceClass.NESTED},
    "wildcard-on-create": {ResourceClass.ID_MADE_BY_SERVICE},
    "unresolved": {ResourceClass.UNRESOLVED},
    'resource "*"': {ResourceClass.NO_RESOURCE},
    "no SAR action": {ResourceClass.NEWER},
}


def test_every_operation_is_in_its_class() -> None:
    """All 457 operations under the prefix, class by class; where the two tables differ, the difference is known."""
    listed = rows("operation_resources")
    assert len(listed) == 457
    differing = Counter()  # type: ignore[var-annotated] # of pairs of classes
    for row in listed:
        operation = find_operation(row["service"], row["operation"])
        assert operation is not None
        assert operation.client == row["service"]
        if operation.resource_class not in _CLASSES[row["class"]]:
            differing[row["operation"], row["class"], operation.resource_class.value] += 1
    assert not differing


_WRONG_IN_THE_TABLE = {
    "CreateHubContentReference": "its content type is ModelReference, and not the name of the content",
}
EXACT = [
    row
    for row in rows("operation_resources")
    if row["class"] == "exact" and row["operation"] not in _WRONG_IN_THE_TABLE
]


@pytest.mark.parametrize("row", EXACT, ids=lambda row: row["operation"])
def test_arns_of_exact_operations(row: dict[str, Any]) -> None:
    """The format, filled from the members that the table names, is the resource of the operation's own action."""
    formats = {one["type"]: one["format"] for one in rows("arn_formats")}
    operation = find_operation(row["service"], row["operation"])
    assert operation is not None
    params: dict[str, Any] = {}
    expected: set[str] = set()
    for kind, rule in row["resources"].items():
        members = rule["from"]
        template = (
            formats[kind]
            .replace("${Partition}", "aws")
            .replace("${Region}", "eu-west-1")
            .replace("${Account}", ACCOUNT)
        )
        if rule["how"] == "arn":
            arn = re.sub(r"\$\{[^}]*\}", "x", template)
            params |= _as_given(operation, dict.fromkeys(members.values(), arn))
            expected.add(arn)
            continue
        params |= _as_given(operation, {member: f"v-{member}" for member in members.values()})
        for variable, member in members.items():
            template = template.replace(f"${{{variable}}}", f"v-{member}")
        expected.add(template.replace(":workteam/", ":workteam/private-crowd/"))
    found = [
        one for one in needs(row["service"], row["operation"], params) if one.action != "sagemaker:CallWithBearerToken"
    ]
    own = {one.resource for one in found}
    assert expected <= own, (expected, own)
    assert all(one.resource_state is ResourceState.EXACT for one in found if one.resource in expected)


def _as_given(operation: Operation, values: dict[str, str]) -> dict[str, Any]:
    """Each value as its member takes it: alone, or in a list."""
    members = request_members(operation.client, operation.input_shape)
    return {name: [value] if members[name].lstrip("!").startswith("[") else value for name, value in values.items()}


def test_role_paths() -> None:
    """All 79 paths in 52 operations, each with its possible services, and no other."""
    listed = {(row["service"], row["operation"], row["path"]): row["passed_to_service"] for row in rows("role_paths")}
    compiled = {(one.client, one.name, path) for one in operations() for path in one.role_paths}
    assert len(listed) == 79
    assert listed.keys() == compiled
    for (client, operation, path), service in listed.items():
        assert service in role_passing(client, operation, path).services, path


def test_import_hub_content_may_pass_a_role_that_its_request_does_not_name() -> None:
    """AWS lists iam:PassRole for it: said as possible, on a role that is not known."""
    params = {"HubName": "h", "HubContentType": "Model", "HubContentName": "c"}
    (found,) = [one for one in needs("sagemaker", "ImportHubContent", params) if one.action == "iam:PassRole"]
    assert (found.resource, found.resource_state) == (f"arn:aws:iam::{ACCOUNT}:role/*", ResourceState.SET)
    certain = authorizations_of(Call(service="sagemaker", operation="ImportHubContent", params=params))
    assert "iam:PassRole" not in {one.action for one in certain}


CONDITIONS = rows("condition_paths")
_ONLY_IN_ANSWERS = ("SelectedInstanceType", "SelectedInstanceTypes[]", "ResolvedOutputS3Uri")
"""Members that AWS fills in its answers; in a request they say nothing."""
_VALUES = {
    "sagemaker:VolumeKmsKeyArn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "sagemaker:OutputKmsKeyArn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
}


@pytest.mark.parametrize(
    "row", [row for row in CONDITIONS if row["paths"]], ids=lambda row: f"{row['key']}-{row['operation']}"
)
def test_condition_paths(row: dict[str, Any]) -> None:
    """A value at any of the paths, and nowhere else, is a value of the key, or at least leaves the key open."""
    operation = find_operation("sagemaker", row["operation"])
    assert operation is not None
    key = row["key"].replace("${MetadataKey}", "entry")
    for path in row["paths"]:
        if path.endswith(_ONLY_IN_ANSWERS):
            continue
        value = _VALUES.get(row["key"], "true")
        params = put(
            {"DomainId": "d-1"} if "DomainId" in request_members(operation.client, operation.input_shape) else {},
            path,
            value,
        )
        found = needs(operation.client, operation.name, params)
        carried = {name for one in found for name, _ in one.context} | {
            one.key for need in found for one in need.unsettled
        }
        assert key in carried, path


def test_keys_that_no_request_tells() -> None:
    """Where AWS fills a key from what exists, or from a document that is not read, it is never said to have a value."""
    for row in CONDITIONS:
        if not row["paths"]:
            found = needs("sagemaker", row["operation"], {})
            assert row["key"] not in {name for one in found for name, _ in one.context}, row
