"""A pytest plugin: ``sagemaker_with_iam`` runs a local AWS that enforces IAM, in the process of the tests.

Switch it on with ``pytest_plugins = ["sagepass.fronts.pytest_plugin"]`` in the top ``conftest.py``. By default each test gets
an endpoint of its own; ``sagemaker_with_iam_scope = session`` in the pytest configuration keeps one. Override the fixture
``sagemaker_with_iam_seed`` to begin with saved policies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from sagepass.endpoint.endpoint import Credentials, Endpoint
    from sagepass.endpoint.recorded import Recorded

_ACCOUNT = "123456789012"
_SCOPES: tuple[Literal["function", "class", "module", "session"], ...] = ("function", "class", "module", "session")
_INI = "sagemaker_with_iam_scope"


class SageMakerWithIam:
    """The endpoint as tests use it.

    Attributes:
        url: what ``AWS_ENDPOINT_URL`` would be.
        account: the account without a seed.
        endpoint: the endpoint itself.
    """

    account = _ACCOUNT

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.url = endpoint.url

    def client(self, service: str, principal: str | None = None, *, region: str = "us-east-1") -> Any:  # noqa: ANN401 - boto3 makes its clients
        """A boto3 client of a user, a role or an account's root user, by its ARN; without one of the root user."""
        boto3 = _boto3()
        arn = principal or f"arn:aws:iam::{self.account}:root"
        credentials = self.endpoint.credentials_of(arn)
        return boto3.client(service, endpoint_url=self.url, region_name=region, **credentials.for_boto3)

    def credentials(self, principal: str) -> Credentials:
        """Credentials of a principal, for other clients."""
        return self.endpoint.credentials_of(principal)

    def user(self, name: str, policy: Mapping[str, object] | None = None) -> str:
        """A new IAM user, with one inline policy if one is given; returns its ARN."""
        iam = self.client("iam")
        arn: str = iam.create_user(UserName=name)["User"]["Arn"]
        if policy is not None:
            iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
        return arn

    @property
    def denied(self) -> list[Recorded]:
        """The calls that were denied so far, oldest first."""
        return [call for call in reversed(list(self.endpoint.log.recent())) if not call.allowed]


def _boto3() -> Any:  # noqa: ANN401 - a module without types
    try:
        import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - only those who ask for a client need it
    except ImportError as error:
        raise pytest.UsageError("sagemaker_with_iam needs boto3; pip install 'sagepass[aws,serve]'") from error
    return boto3


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the scope of the fixture an option of the configuration file."""
    parser.addini(
        _INI, "scope of the fixture sagemaker_with_iam: function, class, module or session", default="function"
    )


def _scope(fixture_name: str, config: pytest.Config) -> Literal["function", "class", "module", "session"]:
    del fixture_name
    try:
        given = config.getini(_INI)
    except (KeyError, ValueError):
        return "function"
    for scope in _SCOPES:
        if given == scope:
            return scope
    raise pytest.UsageError(f"{_INI} is {given!r}; give function, class, module or session")


@pytest.fixture(scope=_scope)
def sagemaker_with_iam_seed() -> Path | None:
    """The snapshot to begin with; override it to return a folder or a file."""
    return None


@pytest.fixture(scope=_scope)
def sagemaker_with_iam(sagemaker_with_iam_seed: Path | None) -> Iterator[SageMakerWithIam]:
    """A local AWS that enforces IAM."""
    try:
        from sagepass.endpoint.endpoint import Endpoint, Setup  # noqa: PLC0415 - heavy, and only for tests that ask
    except ImportError as error:
        if (error.name or "").startswith("sagepass"):
            raise
        raise pytest.UsageError("this needs the extra [serve]; pip install 'sagepass[serve]'") from error
    from sagepass.snapshot.snapshot import Snapshot  # noqa: PLC0415

    seed = Snapshot.load(sagemaker_with_iam_seed) if sagemaker_with_iam_seed is not None else None
    with Endpoint(Setup(seed=seed)) as endpoint:
        yield SageMakerWithIam(endpoint)
