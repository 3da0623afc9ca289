"""The fixture that users have in their own tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from sagepass.fronts.pytest_plugin import SageMakerWithIam, sagemaker_with_iam, sagemaker_with_iam_seed
from sagepass.snapshot.build import SnapshotBuilder

__all__ = ["sagemaker_with_iam", "sagemaker_with_iam_seed"]

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sagemaker:List*", "Resource": "*"}]}


def test_clients_of_principals(sagemaker_with_iam: SageMakerWithIam) -> None:
    """A user's client may what its policy allows; what was denied can be asked for."""
    user = sagemaker_with_iam.user("mateojackson", ALLOW)
    client = sagemaker_with_iam.client("sagemaker", user)
    assert client.list_models()["Models"] == []
    with pytest.raises(ClientError, match="because no identity-based policy allows the sagemaker:DeleteModel action"):
        client.delete_model(ModelName="m")
    assert [call.operation for call in sagemaker_with_iam.denied] == ["DeleteModel"]


def test_every_test_begins_anew(sagemaker_with_iam: SageMakerWithIam) -> None:
    """The user of the other test is not there."""
    assert sagemaker_with_iam.client("iam").list_users()["Users"] == []


class TestSeeded:
    """With saved policies."""

    @pytest.fixture
    def sagemaker_with_iam_seed(self, tmp_path: Path) -> Path:
        """Overrides the plugin's fixture."""
        SnapshotBuilder().principal("arn:aws:iam::123456789012:role/dev", inline={"p": ALLOW}).write(tmp_path)
        return tmp_path

    def test_the_seed_decides(self, sagemaker_with_iam: SageMakerWithIam) -> None:
        """A client of a role is a session of it."""
        client = sagemaker_with_iam.client("sagemaker", "arn:aws:iam::123456789012:role/dev")
        client.list_models()
        with pytest.raises(ClientError, match="assumed-role/dev/sagepass is not authorized"):
            client.delete_model(ModelName="m")
