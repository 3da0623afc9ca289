"""Puts a snapshot into the emulation: identities, and the resources whose policies it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from sagepass.endpoint.live_state import LiveState
from sagepass.endpoint.moto_adapter import load_identities, load_resources
from sagepass.snapshot.answers import Answer
from sagepass.snapshot.folder import DETAILS
from sagepass.snapshot.snapshot import Snapshot


def sow(seed: Snapshot, state: LiveState) -> None:
    """Create what the seed holds. What cannot be created is still decided from the seed."""
    for account in seed.accounts:
        identities_of = seed.identities(account)
        if identities_of is None:
            continue
        for answer in _details(seed, account):
            for page in answer.value if isinstance(answer.value, list) else [answer.value]:
                if isinstance(page, Mapping):
                    load_identities.load_details(account, _decoded(page))
        for principal in identities_of.principals.values():
            if ":user/" in principal.arn and principal.boundary is not None:
                state.held.user_boundaries[principal.arn] = principal.boundary
    for answer in seed.answers():
        _resource(answer, seed, state)


def _details(seed: Snapshot, account: str) -> list[Answer]:
    own = seed.answers().of(account, "iam", DETAILS)
    return own or [
        answer for answer in seed.answers().of("", "iam", DETAILS) if f"::{account}:" in str(answer.value)[:1_000_000]
    ]


_ENCODED = frozenset({"PolicyDocument", "Document", "AssumeRolePolicyDocument"})


def _decoded(page: Mapping[str, Any]) -> dict[str, Any]:
    """Documents may be URL-encoded, as the API returns them."""
    return {key: _plain(value, key) for key, value in page.items()}


def _plain(value: object, key: str) -> object:
    if isinstance(value, dict):
        return {name: _plain(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, key) for item in value]
    if isinstance(value, str) and key in _ENCODED and value.startswith("%7B"):
        return unquote(value)
    return value


def _resource(answer: Answer, seed: Snapshot, state: LiveState) -> None:
    value = answer.value
    match answer.service, answer.operation:
        case "s3api", "list-buckets":
            for row in answer.rows("Buckets"):
                _bucket(str(row.get("Name")), answer, None)
        case "s3api", "get-bucket-policy":
            _bucket(answer.name, answer, value.get("Policy") if isinstance(value, dict) else None)
        case "kms", "get-key-policy" if isinstance(value, dict):
            grants = seed.answers().find(answer.account, "kms", "list-grants", answer.name, answer.region)
            row = {"policy": value.get("Policy"), "grants": grants.rows("Grants") if grants else [], "aliases": []}
            aliases = seed.answers().of(answer.account, "kms", "list-aliases")
            row["aliases"] = [
                alias["AliasName"]
                for listed in aliases
                for alias in listed.rows("Aliases")
                if alias.get("TargetKeyId") == answer.name and "AliasName" in alias
            ]
            load_resources.load_row(f"key/{answer.account}/{answer.region or 'us-east-1'}/{answer.name}", row)
        case "ecr", "get-repository-policy":
            policy = value.get("policyText") if isinstance(value, dict) else None
            load_resources.load_row(
                f"repository/{answer.account}/{answer.region or 'us-east-1'}/{answer.name}", {"policy": policy}
            )
        case "sagemaker", "get-model-package-group-policy" | "get-endpoint-policy" if isinstance(value, dict):
            kind = answer.operation.removeprefix("get-").removesuffix("-policy")
            policy = value.get("ResourcePolicy")
            if isinstance(policy, str):
                arn = f"arn:aws:sagemaker:{answer.region}:{answer.account}:{kind}/{answer.name}"
                state.held.resource_policies[arn] = policy
        case _:
            pass


def _bucket(name: str, answer: Answer, policy: object) -> None:
    if name:
        row = {"account": answer.account, "region": answer.region or "us-east-1", "policy": policy}
        load_resources.load_row(f"bucket/{name}", row)
