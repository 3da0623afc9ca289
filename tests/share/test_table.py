"""The table of ways to share, against the catalog of actions and types."""

from __future__ import annotations

import pytest
from tests.share.asked import MPG

from sagepass.catalog.actions import find_action
from sagepass.catalog.operations import find_operation
from sagepass.catalog.resource_policies import PolicySource, resource_policy_support
from sagepass.catalog.resources import resource_types, types_of_arn
from sagepass.catalog.sharing import Mechanism, shareable_types, sharing_of
from sagepass.catalog.sharing_rows import ROWS
from sagepass.jobs.topics.sharing import TOPIC
from sagepass.jobs.topics.topic import TopicAnswer, UnknownSubjectError
from sagepass.render.topic_page import render_topic


def words_of(answer: TopicAnswer) -> str:
    """The page as text, each paragraph on one line."""
    return render_topic(answer, width=5000)


_NEWER = {"sagemaker:ListHubContent"}


@pytest.mark.parametrize("name", ROWS)
def test_every_action_exists(name: str) -> None:
    """What a row shares, and what a managed permission holds, are actions of SageMaker."""
    row = ROWS[name]
    listed = [*row.actions, *row.role_actions, *row.named_on]
    listed += [action for item in row.permissions for action in item.actions or ()]
    assert listed
    assert [action for action in listed if find_action(action) is None and action not in _NEWER] == []


@pytest.mark.parametrize("name", ROWS)
def test_the_family_are_arns_of_its_types(name: str) -> None:
    """Each ARN of a row is one of the type that it is listed under."""
    for kind, pattern in ROWS[name].family.items():
        arn = f"arn:aws:sagemaker:us-east-1:123456789012:{pattern.replace('{name}', 'x').replace('*', 'y')}"
        assert kind in {found.name for found in types_of_arn(arn)}


def test_it_agrees_with_the_table_of_resource_policies() -> None:
    """What the engine asks a policy for is what the table says can have one, and by the same ways."""
    for name in ROWS:
        support = resource_policy_support("sagemaker", name)
        mechanisms = set(ROWS[name].mechanisms)
        if name == "partner-app":  # shared by RAM; nothing reads such a policy yet
            continue
        (row,) = support
        if row.holder != name:
            assert mechanisms == {Mechanism.ROLE}
            continue
        shared = row.source in {PolicySource.SHARED, PolicySource.BOTH}
        assert (Mechanism.RAM in mechanisms) is shared
        assert Mechanism.POLICY not in mechanisms or row.source in {PolicySource.ATTACHED, PolicySource.BOTH}


def test_policy_apis_are_operations() -> None:
    """The operations that set, read and take away a policy exist."""
    for row in ROWS.values():
        if row.policy is not None:
            for operation in (row.policy.put, row.policy.get, row.policy.delete):
                assert find_operation("sagemaker", operation) is not None


@pytest.mark.parametrize("name", [kind.name for kind in resource_types("sagemaker")])
def test_every_type_has_an_answer(name: str) -> None:
    """A role works for each of SageMaker's types; each page names AWS's own."""
    row = sharing_of(name)
    assert row is not None
    assert Mechanism.ROLE in row.mechanisms
    assert row.sources
    assert all(link.startswith("https://docs.aws.amazon.com/") for link in row.sources)
    page = TOPIC.answer((name,))
    assert words_of(page).count("https://docs.aws.amazon.com/") > len(row.sources)
    assert name in page.title


def test_the_issues_types() -> None:
    """The types that the documentation shares by more than a role."""
    assert shareable_types() == (
        "endpoint",
        "feature-group",
        "hub",
        "lineage-group",
        "model-card",
        "model-package-group",
        "partner-app",
        "pipeline",
        "sagemaker-catalog",
    )


def test_the_narrowest_permission() -> None:
    """Reading takes the read-only permission, starting the extended one, deleting none."""
    row = ROWS["pipeline"]
    names = {
        action: getattr(row.permission_for([f"sagemaker:{action}"]), "name", None)
        for action in ("DescribePipeline", "StartPipelineExecution", "DeletePipeline")
    }
    assert names == {
        "DescribePipeline": "AWSRAMDefaultPermissionSageMakerPipeline",
        "StartPipelineExecution": "AWSRAMPermissionSageMakerPipelineAllowExecution",
        "DeletePipeline": None,
    }


def test_pages() -> None:
    """A type by any spelling or by an ARN; a near one is offered; what is open is said."""
    pages = [TOPIC.answer((word,)).title for word in ("Model_Package_Group", "model-package-group", MPG)]
    assert len(set(pages)) == 1
    assert TOPIC.answer(("sagemaker", "endpoint")).title == TOPIC.answer(("endpoint",)).title
    assert "whether it also opens direct calls is not stated" in words_of(TOPIC.answer(("endpoint",)))
    assert "access control lists" in words_of(TOPIC.answer(()))
    with pytest.raises(UnknownSubjectError) as caught:
        TOPIC.answer(("model-package-grop",))
    assert caught.value.remedy == "did you mean model-package-group?"
    with pytest.raises(UnknownSubjectError):
        TOPIC.answer(("endpoint", "pipeline"))
