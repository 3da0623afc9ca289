"""From the members of S3 requests to ARNs: buckets, access points, objects, and the source of a copy.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html#security_iam_service-with-iam-id-based-policies-resources,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-usage-examples.html (an access point's ARN in place of a
bucket) and https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (the form of ``CopySource``)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from sagepass.calls.call import ResourceState
from sagepass.calls.request_paths import find_values, is_open
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.table import Asked
from sagepass.source.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySource:
    """What a copy reads: bucket name or access point ARN, key, and version, empty for the current one."""

    bucket: str
    key: str
    version: str


def bucket_arn(asked: Asked, bucket: str) -> str:
    """The ARN of a bucket; an access point is given by its own ARN."""
    return bucket if bucket.startswith("arn:") else f"arn:{asked.call.partition}:s3:::{bucket}"


def object_arn(asked: Asked, bucket: str, key: str) -> str:
    """The ARN of an object in a bucket or behind an access point."""
    if bucket.startswith("arn:"):
        return f"{bucket}/object/{key}"
    return f"arn:{asked.call.partition}:s3:::{bucket}/{key}"


def bucket(asked: Asked) -> Iterable[Named]:
    """The bucket or access point of the request."""
    text, route = _bucket(asked)
    yield _named(bucket_arn(asked, text), "bucket", route)


def the_object(asked: Asked) -> Iterable[Named]:
    """The object of the request."""
    name, route = _bucket(asked)
    keys = find_values(asked.call.params, "Key")
    key = (keys[0].text or "*") if keys else "*"
    yield _named(object_arn(asked, name, key), "object", keys[0].route if keys else route)


def deleted_objects(asked: Asked) -> Iterable[Named]:
    """The objects that DeleteObjects names without a version."""
    return _deleted(asked, versions=False)


def deleted_versions(asked: Asked) -> Iterable[Named]:
    """The objects that DeleteObjects names with a version."""
    return _deleted(asked, versions=True)


def source_object(asked: Asked) -> Iterable[Named]:
    """The current version that a copy reads."""
    return _source(asked, versions=False)


def source_version(asked: Asked) -> Iterable[Named]:
    """The version that a copy reads, where it names one."""
    return _source(asked, versions=True)


def copy_source(asked: Asked) -> CopySource | None:
    """``CopySource`` taken apart: text (URL-encoded) as it goes over the wire, or an object as SDKs take it."""
    given = asked.call.params.get("CopySource")
    if isinstance(given, Mapping) and not is_open(given):
        parts = [given.get(name) or "" for name in ("Bucket", "Key", "VersionId")]
        return CopySource(bucket=str(parts[0]), key=str(parts[1]), version=str(parts[2]))
    if not isinstance(given, str) or not given:
        return None
    path, _, version = given.partition("?versionId=")
    path = unquote(path).removeprefix("/")
    if path.startswith("arn:"):
        name, _, key = path.partition("/object/")
    else:
        name, _, key = path.partition("/")
    return CopySource(bucket=name, key=key, version=version)


def _bucket(asked: Asked) -> tuple[str, Route]:
    found = find_values(asked.call.params, "Bucket")
    return (found[0].text or "*", found[0].route) if found else ("*", ())


def _deleted(asked: Asked, *, versions: bool) -> Iterable[Named]:
    name, _ = _bucket(asked)
    wanted = asked.call.params.get("Delete")
    objects = wanted.get("Objects") if isinstance(wanted, Mapping) else None
    for index, item in enumerate(objects if isinstance(objects, list | tuple) else ()):
        entry = item if isinstance(item, Mapping) else {}
        if bool(entry.get("VersionId")) is versions:
            key = entry.get("Key")
            arn = object_arn(asked, name, key if isinstance(key, str) else "*")
            yield _named(arn, "object", ("Delete", "Objects", index, "Key"))


def _source(asked: Asked, *, versions: bool) -> Iterable[Named]:
    source = copy_source(asked)
    if source is None:
        if not versions:
            note = "CopySource is not known before the call"
            yield Named(arn=object_arn(asked, "*", "*"), kind="object", state=ResourceState.SET, note=note)
    elif bool(source.version) is versions:
        yield _named(object_arn(asked, source.bucket, source.key), "object", ("CopySource",))


def _named(arn: str, kind: str, route: Route) -> Named:
    return Named(arn=arn, kind=kind, state=ResourceState.SET if "*" in arn else ResourceState.EXACT, route=route)
