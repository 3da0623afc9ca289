"""Makes buckets, keys, repositories and policies of logs again, from the rows of :mod:`.resources`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.kms import models as kms
from moto.s3 import models as s3

from sagepass.endpoint.moto_adapter.application import Backend, backends

_Bucket: Any = s3.FakeBucket
_Key: Any = kms.Key
_Alias: Any = kms.Alias
"""moto declares these abstract and makes them all the same."""


def load_row(key: str, row: Mapping[str, Any]) -> None:
    """Create one resource of :func:`resource_rows`. The material of a key and the contents of a bucket are new."""
    kind, _, rest = key.partition("/")
    if kind == "bucket":
        _load_bucket(rest, row)
        return
    account, region, name = rest.split("/", 2)
    backend = backends({"key": "kms", "repository": "ecr", "log-policy": "logs"}[kind])[account][region]
    if kind == "key":
        _load_key(backend, name, row)
    elif kind == "repository":
        if name not in backend.repositories:
            backend.create_repository(name, None, None, None, None, [])
        backend.repositories[name].policy = row.get("policy")
    else:
        backend.put_resource_policy(name, _text(row.get("policy")))


def _text(document: object) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _load_bucket(name: str, row: Mapping[str, Any]) -> None:
    account, region = str(row["account"]), str(row.get("region") or "us-east-1")
    owner = backends("s3")[account][str(row.get("partition") or "aws")]
    bucket = owner.buckets.get(name)
    if bucket is None:
        bucket = owner.buckets[name] = _Bucket(name=name, account_id=account, region_name=region)
    if row.get("policy"):
        bucket.policy = _text(row["policy"]).encode()
    if row.get("tags"):
        owner.tagger.tag_resource(bucket.arn, list(row["tags"]))


def _load_key(backend: Backend, key_id: str, row: Mapping[str, Any]) -> None:
    key = _Key(
        row.get("policy") and _text(row["policy"]),
        str(row.get("usage") or "ENCRYPT_DECRYPT"),
        str(row.get("spec") or "SYMMETRIC_DEFAULT"),
        str(row.get("description") or ""),
        backend.account_id,
        backend.region_name,
    )
    key.id = key_id
    key.arn = f"{key.arn.rpartition('/')[0]}/{key_id}"
    backend.keys[key_id] = key
    for alias in row.get("aliases") or []:
        key.aliases[alias] = _Alias(account_id=backend.account_id, region=backend.region_name, name=alias, key=key)
    for grant in row.get("grants") or []:
        made = key.add_grant(
            str(grant.get("Name") or ""),
            str(grant["GranteePrincipal"]),
            list(grant.get("Operations") or []),
            dict(grant.get("Constraints") or {}),
            str(grant.get("RetiringPrincipal") or ""),
        )
        key.grants.pop(made.id)
        made.id = str(grant.get("GrantId") or made.id)
        key.grants[made.id] = made
    if row.get("tags"):
        backend.tagger.tag_resource(key_id, list(row["tags"]))
