"""What SageMaker supports of IAM, and each of its resource types: the rows rest on tables that exist."""

from __future__ import annotations

import pytest

from sagepass.catalog.managed_policies import managed_policy
from sagepass.catalog.resource_policies import resource_policy_support
from sagepass.catalog.resources import resource_types
from sagepass.catalog.sagemaker_support import SERVICE_LINKED_ROLES, Support, features, type_support
from sagepass.catalog.services import use_of_service_principal


@pytest.mark.parametrize(
    ("feature", "support", "overview"),
    [
        ("identity-based-policies", Support.YES, None),
        ("resource-based-policies", Support.PARTIAL, Support.NO),
        ("actions", Support.YES, None),
        ("resources", Support.PARTIAL, None),
        ("condition-keys", Support.YES, None),
        ("acls", Support.NO, None),
        ("abac", Support.PARTIAL, None),
        ("temporary-credentials", Support.YES, None),
        ("forward-access-sessions", Support.YES, None),
        ("service-roles", Support.YES, None),
        ("service-linked-roles", Support.PARTIAL, None),
    ],
)
def test_features(feature: str, support: Support, overview: Support | None) -> None:
    """Each feature of AWS's overview has its answer, a sentence and a source."""
    (row,) = [one for one in features() if one.id == feature]
    assert (row.support, row.aws_overview) == (support, overview)
    assert row.text.endswith(".")
    assert row.links
    assert all(link.startswith("https://docs.aws.amazon.com/") for link in row.links)


def test_figures_are_counted() -> None:
    """The sentences hold the figures of the tables."""
    texts = {row.id: row.text for row in features()}
    assert texts["actions"].startswith("449 actions")
    assert "73 resource types" in texts["resources"]
    assert "95 actions take none" in texts["resources"]
    assert texts["service-roles"].startswith("79 request members in 52 operations")
    assert "human-loop, mlflow-tracking-server, monitoring-schedule-alert" in texts["abac"]


def test_service_linked_roles() -> None:
    """AWS publishes the policy of each; principals are known ones; a role that no page names has none."""
    for row in SERVICE_LINKED_ROLES:
        assert managed_policy(row.policy) is not None, row.policy
        assert (row.role is None) == (row.principal is None)
        assert row.principal is None or use_of_service_principal(row.principal) is not None


@pytest.mark.parametrize(
    ("name", "holder", "tags", "makers", "roles"),
    [
        ("training-job", None, True, ("CreateTrainingJob",), ("CreateTrainingJob.RoleArn",)),
        ("model-package", "model-package-group", True, ("CreateModelPackage",), ("CreateModelPackage.ValidationSpecification.ValidationRole",)),
        ("endpoint", "endpoint", True, ("CreateEndpoint",), ()),
        ("hub-content", "hub", True, ("CreateHubContentReference", "ImportHubContent"), ()),
        ("automl-job", None, True, ("CreateAutoMLJob", "CreateAutoMLJobV2"), None),
        ("mlflow-tracking-server", None, False, ("CreateMlflowTrackingServer",), ("CreateMlflowTrackingServer.RoleArn",)),
        ("experiment-trial", None, True, ("CreateTrial",), ()),
        ("human-loop", None, False, (), ()),
    ],
)  # fmt: skip
def test_types(
    name: str, holder: str | None, tags: bool, makers: tuple[str, ...], roles: tuple[str, ...] | None
) -> None:
    """Policy, tags, the operations that make it, and the roles these pass."""
    found = type_support(name.upper())
    assert found is not None
    assert (found.policy.holder if found.policy else None) == holder
    assert found.resource_tags is tags
    assert found.created_by == makers
    assert roles is None or found.role_paths == roles


def test_every_type_has_a_row() -> None:
    """All 73, with the policies of the policy table; AWS lists no action on two of them."""
    idle = set()
    for kind in resource_types("sagemaker"):
        found = type_support(kind.name)
        assert found is not None
        idle |= set() if found.actions else {kind.name}
        assert (found.policy is not None) == bool(resource_policy_support("sagemaker", kind.name))
    assert idle == {"lineage-group", "sagemaker-catalog"}
    assert type_support("nope") is None


def test_which_types_can_be_addressed_by_arn() -> None:
    """A plain name always means the caller's own account."""
    package, job = type_support("model-package"), type_support("training-job")
    assert package is not None
    assert job is not None
    assert "DescribeModelPackage" in package.named_by_arn
    assert "DescribeTrainingJob" not in job.named_by_arn
