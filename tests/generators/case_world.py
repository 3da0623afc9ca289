"""An access case as a snapshot and a request, for what reads policies from snapshots only."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from tests.reference.request import read_request

from sagepass.engine.request import Request
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.origin import Origin

UNIT, ROOT, ENDPOINT = "ou-ml", "r-root", "vpce-0a1b2c3d"
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
NOTHING = {"Version": "2012-10-17", "Statement": []}
# What a snapshot adds of itself; a case states its context in full.
ADDED = ("aws:SecureTransport", "aws:ViaAWSService", "aws:PrincipalOrgID", "aws:ResourceOrgID")


@dataclass(frozen=True)
class CaseWorld:
    """The snapshot, the request, and the case as far as a snapshot can hold it."""

    snapshot: Snapshot
    request: Request
    case: dict[str, Any]


def case_world(original: dict[str, Any]) -> CaseWorld:
    """Lay the policies of a case where a snapshot has them.

    Left out is the policy of a resource that can have none. Levels of the organization that the case does not name allow
    everything.
    """
    case = copy.deepcopy(original)
    read = read_request(case)
    request, policies = case["request"], case["policies"]
    if read.role:
        request["context"].setdefault("aws:PrincipalArn", read.role)
    builder = SnapshotBuilder("case")
    owner = read.resource_account
    for account in dict.fromkeys(account for account in (read.account, owner) if account):
        builder.account(account)
    _organization(builder, case, read.account, owner)
    _identity(builder, read.federated_by or read.role or read.principal, policies)
    _resource(builder, read.resource, owner, policies)
    context = {**dict.fromkeys(ADDED), **request["context"]}
    given = {key.lower() for key in request["context"]}
    context = {key: value for key, value in context.items() if value is not None or key.lower() not in given}
    if policies.get("vpc_endpoint"):
        rows = [{"VpcEndpointId": ENDPOINT, "PolicyDocument": policies["vpc_endpoint"][0]["document"]}]
        builder.answer(owner or "111122223333", "ec2", "describe-vpc-endpoints", {"VpcEndpoints": rows})
        context["aws:SourceVpce"] = ENDPOINT
    return CaseWorld(
        snapshot=builder.build(),
        request=Request(
            principal=request["principal"],
            action=request["action"],
            resource=request["resource"],
            resource_account=request.get("resource_account"),
            context=context,
            context_complete=True,
            session_policies=tuple(_session(item) for item in policies.get("session") or []),
            federated_by=case.get("federated_by"),
        ),
        case=case,
    )


def _organization(builder: SnapshotBuilder, case: dict[str, Any], caller: str, owner: str) -> None:
    builder.organization(case.get("organization", {}).get("management_account", "777788889999"))
    builder.parent(UNIT, ROOT)
    for account in {caller, owner} - {""}:
        builder.parent(account, UNIT)
    kinds = (("service_control", PolicyType.SERVICE_CONTROL_POLICY, caller), ("resource_control", PolicyType.RESOURCE_CONTROL_POLICY, owner))  # fmt: skip
    for name, kind, account in kinds:
        levels = case["policies"].get(name) or []
        for number, target in enumerate((ROOT, UNIT, account)):
            if number < len(levels):
                held = levels[number]["policies"]
                named = {f"{target}-{place}": item["document"] for place, item in enumerate(held)}
            else:
                named = {f"{target}-all": ALLOW_ALL}
            if target:
                builder.control_policies(target, kind, named)
        for other in {caller, owner} - {"", account}:
            builder.control_policies(other, kind, {f"{other}-all": ALLOW_ALL})


def _identity(builder: SnapshotBuilder, arn: str, policies: dict[str, Any]) -> None:
    if ":user/" not in arn and ":role/" not in arn:
        return
    boundary = policies.get("permissions_boundary") or []
    account = arn.split(":")[4]
    boundary_arn = f"arn:aws:iam::{account}:policy/boundary"
    if boundary:
        builder.managed_policy(boundary_arn, boundary[0]["document"])
    inline = {f"inline-{number}": item["document"] for number, item in enumerate(policies.get("identity") or [])}
    builder.principal(arn, inline=inline, boundary=boundary_arn if boundary else None, trust=NOTHING)


def _resource(builder: SnapshotBuilder, resource: str, owner: str, policies: dict[str, Any]) -> None:
    held = policies.get("resource") or []
    document = held[0]["document"] if held else None
    if ":iam:" in resource:
        builder.principal(resource, trust=document or NOTHING)
        return
    if not resource.startswith("arn:"):
        return
    try:
        builder.resource_policy(resource, document, account=owner)
    except SnapshotError:
        policies["resource"] = []
    if ":kms:" in resource:
        builder.answer(
            owner, "kms", "list-grants", {"Grants": []}, name=resource.rpartition("/")[2], region="us-east-1"
        )
    if ":endpoint/" in resource or ":lineage-group/" in resource:
        name = resource.split(":")[5]
        builder.answer(owner, "ram", "get-resource-policies", {"policies": []}, name=name, region="us-east-1")


def _session(item: dict[str, Any]) -> Policy:
    kind = PolicyType.SESSION_POLICY
    document = parse_document(item["document"], origin=Origin(name="session", value=item["document"]), policy_type=kind)
    return Policy(name="session", type=kind, form=PolicyForm.SESSION, document=document)
