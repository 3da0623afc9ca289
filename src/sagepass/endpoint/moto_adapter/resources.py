"""Resources whose policies, tags or grants count in a decision: buckets, keys, repositories, SageMaker resources.

Read as the AWS CLI's answers have them, so that a snapshot takes them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.kms import models as kms

from sagepass.endpoint.moto_adapter.application import Backend, backends

_KEY_ID = 36
"""Characters of a key's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an answer belongs: account, Region (empty for a bucket) and the name that was asked about."""

    account: str
    region: str
    name: str


def look_up(place: Place, service: str, operation: str) -> object | None:
    """The live answer to one question of the snapshot; ``None`` if the resource is not emulated, or not asked for here.

    A resource without a policy answers with the empty member, as a snapshot that says "there is none".
    """
    reader = _READERS.get((service, operation))
    return reader(place) if reader is not None else None


def bucket_names(account: str) -> list[str]:
    """The buckets of an account."""
    owned = backends("s3")[account]
    return [name for partition in list(owned) for name in list(owned[partition].buckets)]


def _bucket(name: str) -> Backend | None:
    found = backends("s3").bucket_accounts.get(name)
    if found is None:
        return None
    partition, account = found
    return backends("s3")[account][partition].buckets.get(name)


def _bucket_policy(place: Place) -> object | None:
    bucket = _bucket(place.name)
    if bucket is None:
        return None
    policy = bucket.policy
    return {"Policy": policy.decode("utf-8", "replace") if isinstance(policy, bytes) else policy or None}


def _bucket_tags(place: Place) -> object | None:
    bucket = _bucket(place.name)
    if bucket is None:
        return None
    owner = backends("s3")[bucket.account_id][bucket.partition]
    return {"TagSet": owner.tagger.list_tags_for_resource(bucket.arn)["Tags"]}


def object_tags(bucket: str, key: str, version: str | None) -> dict[str, str]:
    """The tags of an object of S3, or of one version of it; none if there is no such object."""
    held = _bucket(bucket)
    if held is None:
        return {}
    owner = backends("s3")[held.account_id][held.partition]
    found = owner.get_object(bucket, key, version_id=version)
    tags: dict[str, str] = owner.tagger.get_tag_dict_for_resource(found.arn) if found is not None else {}
    return tags


def _in_region(service: str, place: Place) -> Backend | None:
    regions = backends(service)[place.account]
    return regions[place.region] if place.region in list(regions.keys()) else None


def _key(place: Place) -> Backend | None:
    backend = _in_region("kms", place)
    return backend.keys.get(place.name.rpartition("/")[2]) if backend is not None else None


def _key_policy(place: Place) -> object | None:
    key = _key(place)
    return None if key is None else {"Policy": key.policy}


def _key_tags(place: Place) -> object | None:
    key = _key(place)
    backend = _in_region("kms", place)
    if key is None or backend is None:
        return None
    return {"Tags": backend.tagger.list_tags_for_resource(key.id)["Tags"]}


def _key_metadata(place: Place) -> object | None:
    key = _key(place)
    if key is None:
        return None
    metadata = {
        "KeyId": key.id,
        "KeySpec": key.key_spec,
        "KeyUsage": key.key_usage or "ENCRYPT_DECRYPT",
        "Origin": key.origin,
        "MultiRegion": bool(key.multi_region),
    }
    return {"KeyMetadata": metadata}


def ciphertext_key(blob: bytes, region: str, accounts: tuple[str, ...]) -> str | None:
    """The ARN of the key that a ciphertext was made with: moto writes its id first; ``None`` if no account has it."""
    try:
        key_id = blob[:_KEY_ID].decode("ascii")
    except UnicodeDecodeError:
        return None
    for account in accounts:
        backend = _in_region("kms", Place(account=account, region=region, name=key_id))
        if backend is not None and key_id in backend.keys:
            return str(backend.keys[key_id].arn)
    return None


def _key_grants(place: Place) -> object | None:
    key = _key(place)
    return None if key is None else {"Grants": [_grant(grant) for grant in list(key.grants.values())]}


def _grant(grant: kms.Grant) -> dict[str, Any]:
    row = {
        "KeyId": grant.key_id,
        "GrantId": grant.id,
        "Name": grant.name,
        "GranteePrincipal": grant.grantee_principal,
        "RetiringPrincipal": grant.retiring_principal,
        "Operations": list(grant.operations or []),
        "Constraints": grant.constraints or {},
    }
    return {name: value for name, value in row.items() if value}


def aliases(account: str, region: str) -> list[dict[str, str]]:
    """The aliases of keys, as ``list-aliases`` has them."""
    backend = _in_region("kms", Place(account=account, region=region, name=""))
    if backend is None:
        return []
    return [
        {"AliasName": alias.alias_name, "AliasArn": alias.alias_arn, "TargetKeyId": alias.target_key_id}
        for key in list(backend.keys.values())
        for alias in list(key.aliases.values())
    ]


def _aliases(place: Place) -> object | None:
    found = aliases(place.account, place.region) if place.region else []
    return {"Aliases": found} if found else None


def _repository(place: Place) -> Backend | None:
    backend = _in_region("ecr", place)
    return backend.repositories.get(place.name) if backend is not None else None


def _repository_policy(place: Place) -> object | None:
    repository = _repository(place)
    return None if repository is None else {"policyText": repository.policy or None}


def _repository_tags(place: Place) -> object | None:
    repository = _repository(
        Place(account=place.account, region=place.region, name=place.name.rpartition("repository/")[2])
    )
    backend = _in_region("ecr", place)
    if repository is None or backend is None:
        return None
    return {"tags": backend.tagger.list_tags_for_resource(repository.arn)["tags"]}


def _log_policies(place: Place) -> object | None:
    backend = _in_region("logs", place)
    if backend is None:
        return None
    rows = list(backend.resource_policies.values())
    return {"resourcePolicies": [{"policyName": r.policy_name, "policyDocument": r.policy_document} for r in rows]}


_SAGEMAKER_KINDS = {
    "model": "_models",
    "notebook-instance": "notebook_instances",
    "endpoint": "endpoints",
    "endpoint-config": "endpoint_configs",
    "training-job": "training_jobs",
    "transform-job": "transform_jobs",
    "experiment": "experiments",
    "experiment-trial": "trials",
    "experiment-trial-component": "trial_components",
    "processing-job": "processing_jobs",
    "pipeline": "pipelines",
    "model-package-group": "model_package_groups",
    "model-card": "model_cards",
    "cluster": "clusters",
    "compilation-job": "compilation_jobs",
    "domain": "domains",
    "automl-job": "auto_ml_jobs",
    "hyper-parameter-tuning-job": "hyper_parameter_tuning_jobs",
    "data-quality-job-definition": "data_quality_job_definitions",
    "model-bias-job-definition": "model_bias_job_definitions",
    "model-explainability-job-definition": "model_explainability_job_definitions",
    "model-quality-job-definition": "model_quality_job_definitions",
}


def _sagemaker_tags(place: Place) -> object | None:
    kind, _, name = place.name.partition("/")
    backend = _in_region("sagemaker", place)
    table: Mapping[str, Any] | None = getattr(backend, _SAGEMAKER_KINDS.get(kind, ""), None) if backend else None
    held = table.get(name) if table is not None else None
    held = held[0] if isinstance(held, list) and held else held
    tags = getattr(held, "tags", None)
    if not isinstance(tags, list):
        return None
    latest = {tag["Key"]: tag for tag in tags}  # moto keeps a tag that was overwritten before the new one
    return {"Tags": list(latest.values())}


def sagemaker_exists(account: str, region: str, resource: str) -> bool:
    """Whether a SageMaker resource (``endpoint/name``) is emulated."""
    kind, _, name = resource.partition("/")
    backend = _in_region("sagemaker", Place(account=account, region=region, name=name))
    table = getattr(backend, _SAGEMAKER_KINDS.get(kind, ""), None) if backend else None
    return table is not None and name in table


_READERS: Mapping[tuple[str, str], Callable[[Place], object | None]] = {
    ("s3api", "get-bucket-policy"): _bucket_policy,
    ("s3api", "get-bucket-tagging"): _bucket_tags,
    ("kms", "get-key-policy"): _key_policy,
    ("kms", "describe-key"): _key_metadata,
    ("kms", "list-grants"): _key_grants,
    ("kms", "list-resource-tags"): _key_tags,
    ("kms", "list-aliases"): _aliases,
    ("ecr", "get-repository-policy"): _repository_policy,
    ("ecr", "list-tags-for-resource"): _repository_tags,
    ("logs", "describe-resource-policies"): _log_policies,
    ("sagemaker", "list-tags"): _sagemaker_tags,
}


def _regions(service: str, account: str) -> Iterator[tuple[str, Any]]:
    yield from list(backends(service)[account].items())


def resource_rows(accounts: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Everything that can be created again, by a key that says what it is."""
    rows: dict[str, dict[str, Any]] = {}
    for account in accounts:
        for name in bucket_names(account):
            place = Place(account=account, region="", name=name)
            bucket = _bucket(name)
            rows[f"bucket/{name}"] = {
                "account": account,
                "region": bucket.region_name if bucket else "us-east-1",
                "policy": _member(_bucket_policy(place), "Policy"),
                "tags": _member(_bucket_tags(place), "TagSet"),
            }
        for region, backend in _regions("kms", account):
            for key in list(backend.keys.values()):
                rows[f"key/{account}/{region}/{key.id}"] = _key_row(key, account, region)
        for region, backend in _regions("ecr", account):
            for name, repository in list(backend.repositories.items()):
                rows[f"repository/{account}/{region}/{name}"] = {"policy": repository.policy}
        for region, backend in _regions("logs", account):
            for policy in list(backend.resource_policies.values()):
                row = {"name": policy.policy_name, "policy": policy.policy_document}
                rows[f"log-policy/{account}/{region}/{policy.policy_name}"] = row
    return rows


def _key_row(key: kms.Key, account: str, region: str) -> dict[str, Any]:
    place = Place(account=account, region=region, name=key.id)
    return {
        "policy": key.policy,
        "description": key.description,
        "usage": key.key_usage or "ENCRYPT_DECRYPT",
        "spec": key.key_spec,
        "aliases": [alias.alias_name for alias in list(key.aliases.values())],
        "grants": _member(_key_grants(place), "Grants"),
        "tags": _member(_key_tags(place), "Tags"),
    }


def _member(value: object, name: str) -> Backend:
    return value.get(name) if isinstance(value, dict) else None
