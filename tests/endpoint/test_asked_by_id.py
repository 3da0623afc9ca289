"""What ``sagepass why --endpoint`` gets: the policies, and that there are no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.endpoint.conftest import ACCOUNT, Aws, allow, refused

from sagepass.endpoint.endpoint import Endpoint, Setup
from sagepass.fronts.cli.local_endpoint import fetch_call
from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Verdict
from sagepass.snapshot.snapshot import Snapshot

NOT_IN_USE = (
    "\nAn error occurred (AWSOrganizationsNotInUseException) when calling the DescribeOrganization operation: x\n"
)
REFUSED = "\nAn error occurred (AccessDeniedException) when calling the DescribeOrganization operation: x\n"


def _seed(folder: Path, answer: str | None) -> Snapshot:
    seed = folder / "accounts" / ACCOUNT
    (seed / "iam").mkdir(parents=True)
    (seed / "organizations").mkdir()
    (seed / "iam" / "get-account-authorization-details.json").write_text('{"UserDetailList": []}', encoding="utf-8")
    if answer is not None:
        (seed / "organizations" / "describe-organization.json").write_text(answer, encoding="utf-8")
    return Snapshot.load(folder)


@pytest.mark.parametrize("answer", [None, NOT_IN_USE])
def test_what_the_endpoint_decided_for_certain_is_explained_for_certain(tmp_path: Path, answer: str | None) -> None:
    """A resource has no policy unless it got one here, and there is no organization if the seed says so or is silent."""
    with Endpoint(Setup(seed=_seed(tmp_path, answer))) as endpoint:
        aws = Aws(endpoint)
        who = aws.user("anna", allow("sagemaker:ListModels"))
        refused(aws.client("sagemaker", who).describe_endpoint, EndpointName="churn")
        call = next(one for one in endpoint.log.recent() if one.operation == "DescribeEndpoint")
        found = fetch_call(endpoint.url, call.authorization_id)
    assert diagnose(found.error, found.snapshot, region=found.region).verdict is Verdict.DENIED


def test_a_seed_that_does_not_know_the_organization_lets_nobody_in(tmp_path: Path) -> None:
    """A refused command is no word about service control policies: what they may deny is denied, to the root user too."""
    with Endpoint(Setup(seed=_seed(tmp_path, REFUSED))) as endpoint:
        assert refused(Aws(endpoint).client("iam").create_user, UserName="anna").code == "AccessDenied"
