"""VPC endpoints and their policies.

Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.answers import Answers
from sagepass.snapshot.layer import Layer, Missing
from sagepass.snapshot.stored import StoredPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpoint:
    """One endpoint: ids and names as EC2 spells them; ``policy`` is ``None`` for kinds that have no policy."""

    endpoint_id: str
    vpc_id: str
    service_name: str
    account: str
    region: str
    policy: StoredPolicy | None


def vpc_endpoints(answers: Answers, account: str | None = None) -> Iterator[VpcEndpoint]:
    """All endpoints that were collected, of all accounts or of one."""
    for owner in answers.accounts if account is None else (account,):
        for answer in answers.of(owner, "ec2", "describe-vpc-endpoints"):
            paged = isinstance(answer.value, list)
            pages = answer.value if isinstance(answer.value, list) else [answer.value]
            for number, page in enumerate(pages):
                rows = page.get("VpcEndpoints") if isinstance(page, dict) else None
                for index, row in enumerate(rows if isinstance(rows, list) else []):
                    if not isinstance(row, dict):
                        continue
                    value = row.get("PolicyDocument")
                    route = ("VpcEndpoints", index, "PolicyDocument")
                    policy = StoredPolicy(
                        name=f"policy of {_text(row, 'VpcEndpointId')}",
                        type=PolicyType.VPC_ENDPOINT_POLICY,
                        form=PolicyForm.VPC_ENDPOINT,
                        value=value,
                        origin=answer.origin((number, *route) if paged else route, value),
                        duplicates=answer.duplicates,
                    )
                    yield VpcEndpoint(
                        endpoint_id=_text(row, "VpcEndpointId"),
                        vpc_id=_text(row, "VpcId"),
                        service_name=_text(row, "ServiceName"),
                        account=_text(row, "OwnerId") or owner,
                        region=answer.region,
                        policy=policy if value not in (None, "") else None,
                    )


def endpoint_layer(answers: Answers, endpoint_id: str) -> Layer:
    """The policy of one endpoint; an endpoint of a kind that has no policy limits nothing."""
    for endpoint in vpc_endpoints(answers):
        if endpoint.endpoint_id == endpoint_id:
            if endpoint.policy is None:
                return Layer()
            return Layer(policies=(endpoint.policy.attached_to(endpoint_id),), exists=True)
    account = answers.accounts[0] if len(answers.accounts) == 1 else "<account>"
    supply = f"aws ec2 describe-vpc-endpoints --region <region> > accounts/{account}/<region>/ec2/describe-vpc-endpoints.json"
    return Layer(exists=True, missing=(Missing(what=f"the policy of the VPC endpoint {endpoint_id}", supply=supply),))


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""
