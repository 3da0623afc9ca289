"""Snapshot folders on disk, and everything that they have to answer: see ``data/``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.snapshot.cases import lay_out, worlds

from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.layer import GuardrailLayer, Layer, Missing
from sagepass.snapshot.principals import PrincipalRecord
from sagepass.snapshot.snapshot import Snapshot

CHECKED = {
    "accounts",
    "default_region",
    "describe",
    "findings",
    "grants",
    "management_account",
    "nearest",
    "organization_id",
    "organization_path",
    "outside_organization",
    "principals",
    "regions_named",
    "resource_account",
    "resource_control",
    "resource_policy",
    "resource_tags",
    "service_control",
    "vpc_endpoint",
}


@pytest.fixture(scope="module", params=worlds())
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, dict[str, Any]]:
    """Each world, laid out and loaded once."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    world = lay_out(request.param, folder)
    assert set(world["expect"]) <= CHECKED, "a world expects something that no test looks at"
    return Snapshot.load(folder), world["expect"]


def same_missing(missing: tuple[Missing, ...], expected: list[str]) -> None:
    """Each missing thing contains the expected words, and says how to supply it if a command can."""
    assert len(missing) == len(expected), missing
    for item, words in zip(missing, expected, strict=True):
        assert words in item.what
        assert not item.supply or item.supply.startswith("aws ")


def same_layer(layer: Layer, expected: dict[str, Any]) -> None:
    """The layer has these policies, exists accordingly, and misses just what is expected."""
    assert [policy.name for policy in layer.policies] == expected["policies"]
    assert layer.exists is expected.get("exists", bool(expected["policies"]))
    assert all(policy.document.readable for policy in layer.policies)
    if "holder" in expected:
        assert {policy.holder for policy in layer.policies} == {expected["holder"]}
    if "form" in expected:
        assert {policy.form for policy in layer.policies} == {expected["form"]}
    missing = tuple(item for item in layer.missing if "missing" in expected or not item.grants_only)
    if "missing" in expected and len(expected["missing"]) < len(missing):
        missing = tuple(item for item in missing if not item.grants_only)
    same_missing(missing, expected.get("missing", []))


def same_guardrail(layer: GuardrailLayer, expected: dict[str, Any]) -> None:
    """The levels come root first; an exemption says why."""
    assert [(level.target, level.name) for level in layer.levels] == [
        (level["target"], level["name"]) for level in expected.get("levels", [])
    ]
    for level, row in zip(layer.levels, expected.get("levels", []), strict=True):
        assert [policy.name for policy in level.policies] == row["policies"]
        assert all(policy.document.statements and policy.holder == level.target for policy in level.policies)
        same_missing(level.missing, row["missing"])
    same_missing(layer.missing, expected.get("missing", []))
    assert (layer.exempt is not None) == ("exempt" in expected)
    assert expected.get("exempt", "") in (layer.exempt or "")


def same_principal(record: PrincipalRecord, expected: dict[str, Any]) -> None:
    """Who it is, and which policies come from where."""
    assert (record.kind, record.path, record.unique_id) == (expected["kind"], expected["path"], expected["unique_id"])
    assert [list(tag) for tag in record.tags] == expected["tags"]
    assert list(record.groups) == expected["groups"]
    assert [[policy.name, policy.holder, policy.form.value] for policy in record.identity.policies] == expected[
        "identity"
    ]
    same_missing(record.identity.missing, expected["missing"])
    assert record.boundary.exists is (expected["boundary"] is not None)
    assert [policy.name for policy in record.boundary.policies] == (expected["boundary"] or [])


def test_what_there_is(loaded: tuple[Snapshot, dict[str, Any]]) -> None:
    """Accounts, Regions, the management account and the kinds of findings."""
    snapshot, expect = loaded
    for name in ("accounts", "default_region", "management_account", "regions_named"):
        if name in expect:
            value = getattr(snapshot, name)
            assert (list(value) if isinstance(value, tuple) else value) == expect[name]
    if "findings" in expect:
        assert sorted({finding.code for finding in snapshot.findings}) == expect["findings"]
        assert all(finding.remedy and finding.document for finding in snapshot.findings)


def test_principals(loaded: tuple[Snapshot, dict[str, Any]]) -> None:
    """By ARN, by session; the names are compared exactly, and near ones are offered."""
    snapshot, expect = loaded
    for arn, expected in expect.get("principals", {}).items():
        record = snapshot.principal(arn)
        assert (record is None) == (expected is None), arn
        if record is not None:
            same_principal(record, expected)
    for arn, expected in expect.get("nearest", {}).items():
        assert list(snapshot.nearest_principals(arn)) == expected


def test_policies_of_resources(loaded: tuple[Snapshot, dict[str, Any]]) -> None:
    """Each resource has its policy, none, or a policy that was not collected: three different answers."""
    snapshot, expect = loaded
    for arn, expected in expect.get("resource_policy", {}).items():
        same_layer(snapshot.resource_policy(arn), expected)
    for endpoint, expected in expect.get("vpc_endpoint", {}).items():
        same_layer(snapshot.vpc_endpoint(endpoint), expected)
    for arn, expected in expect.get("grants", {}).items():
        grants, missing = snapshot.key_grants(arn)
        assert bool(missing) == (expected is None)
        assert [[grant.grantee, list(grant.operations)] for grant in grants] == (expected or [])


def test_facts_about_resources(loaded: tuple[Snapshot, dict[str, Any]]) -> None:
    """Tags, the owning account, descriptions; what was not collected is ``None``."""
    snapshot, expect = loaded
    for arn, expected in expect.get("resource_tags", {}).items():
        tags = snapshot.resource_tags(arn)
        assert (None if tags is None else [list(tag) for tag in tags]) == expected, arn
    for arn, expected in expect.get("resource_account", {}).items():
        assert snapshot.resource_account(arn) == expected
    for arn, key in expect.get("describe", {}).items():
        described = snapshot.describe(arn)
        assert (described is None) if key is None else (described is not None and key in described)


def test_organization(loaded: tuple[Snapshot, dict[str, Any]]) -> None:
    """Control policies level by level, the exemption of the management account, ids and paths."""
    snapshot, expect = loaded
    for account, expected in expect.get("service_control", {}).items():
        same_guardrail(snapshot.service_control(account), expected)
    for account, expected in expect.get("resource_control", {}).items():
        same_guardrail(snapshot.resource_control(account), expected)
    for name in ("organization_id", "organization_path", "outside_organization"):
        for account, expected in expect.get(name, {}).items():
            assert getattr(snapshot, name)(account) == expected


def test_check_names_one_command_for_each_gap(loaded: tuple[Snapshot, dict[str, Any]]) -> None:
    """Every gap says what is missing, what that costs, and how to close it; none comes twice."""
    snapshot, _ = loaded
    gaps = snapshot.check()
    assert all(gap.what and gap.costs for gap in gaps)
    assert all(not gap.command or gap.command.startswith("aws ") for gap in gaps)
    assert len({gap.what for gap in gaps}) == len(gaps)


def test_a_type_of_resources_is_no_resource_that_lacks_a_policy() -> None:
    """``training-job/*`` names every job, not one called ``training-job``; a bucket and its objects name the bucket."""
    account, region = "123456789012", "arn:aws:sagemaker:eu-west-1:123456789012"
    named = [f"{region}:training-job/*", f"{region}:endpoint/churn", "arn:aws:s3:::data/*"]
    own = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": named}]}
    builder = SnapshotBuilder().settings(no_organization=True)
    builder.principal(f"arn:aws:iam::{account}:user/anna", inline={"own": own})
    missing = {gap.what for gap in builder.build().check() if "resource-based" in gap.what or "bucket" in gap.what}
    assert not [what for what in missing if what.endswith("training-job")]
    assert any("endpoint/churn" in what for what in missing)
    assert any("data" in what for what in missing)
