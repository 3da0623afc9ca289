"""The tags in a request of any service: pairs of key and value, under the names that the services give them.

IAM has ``Tags[].Key``, KMS ``Tags[].TagKey``, ECR ``tags[].Key``, RAM ``tags[].key``, CloudWatch Logs a map, S3 a query
string or a ``TagSet``. Source: the request syntax in the API reference of each service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl

from sagepass.calls.call import Unsettled
from sagepass.calls.condition_values import Conditions
from sagepass.calls.request_paths import is_open
from sagepass.catalog.condition_keys import keys_of_action

_PAIRS = ("Tags", "tags", "TagsList", "tagsList", "Tagging", "CreateBucketConfiguration")
_KEYS_ALONE = ("TagKeys", "tagKeys")
_KEY_NAMES, _VALUE_NAMES = ("Key", "key", "TagKey"), ("Value", "value", "TagValue")
_SETS = ("TagSet", "Tags")

_FAMILIES = (
    ("aws:RequestTag/${TagKey}", "aws:RequestTag/", "aws:TagKeys"),
    ("s3:RequestObjectTag/<key>", "s3:RequestObjectTag/", "s3:RequestObjectTagKeys"),
)


def request_tag_conditions(params: Mapping[str, object], action: str) -> Conditions:
    """The tag keys that an action can carry, with the tags of the request; absent where the request has none."""
    conditions = Conditions()
    families = _families(action)
    pairs = list(_pairs(params)) if families else []
    for template, family, all_keys in families:
        for key, value in pairs:
            if key is not None and value is not None:
                conditions.context[f"{family}{key}"] = (value,)
        names = tuple(dict.fromkeys(key for key, _ in pairs if key is not None))
        if any(key is None for key, _ in pairs):
            why = "a tag is not known before the call"
            conditions.unsettled.append(Unsettled(key=all_keys, choices=(), why=why))
            continue
        conditions.absent.append(template)
        if names:
            conditions.context[all_keys] = names
        else:
            conditions.absent.append(all_keys)
    return conditions


@lru_cache(maxsize=4096)
def _families(action: str) -> tuple[tuple[str, str, str], ...]:
    """The families of tag keys that an action can carry."""
    known = keys_of_action(action) or frozenset()
    return tuple(row for row in _FAMILIES if row[0].lower() in known or row[2].lower() in known)


def _pairs(params: Mapping[str, object]) -> Iterator[tuple[str | None, str | None]]:
    """Key and value of each tag; no value where only keys are named, no key where it is not known yet."""
    for member in _PAIRS:
        yield from _in(params.get(member), keys_only=False)
    for member in _KEYS_ALONE:
        yield from _in(params.get(member), keys_only=True)


def _in(value: object, *, keys_only: bool) -> Iterator[tuple[str | None, str | None]]:
    if is_open(value):
        yield None, None
    elif isinstance(value, str):
        yield from parse_qsl(value, keep_blank_values=True, max_num_fields=200)
    elif isinstance(value, Mapping):
        sets = [value[name] for name in _SETS if isinstance(value.get(name), list | tuple)]
        if sets:
            yield from _in(sets[0], keys_only=keys_only)
        elif all(isinstance(item, str) for item in value.values()):
            yield from ((str(key), str(item)) for key, item in value.items())
    elif isinstance(value, Sequence):
        for item in value:
            yield _pair(item, keys_only=keys_only)


def _pair(item: object, *, keys_only: bool) -> tuple[str | None, str | None]:
    if isinstance(item, str):
        return item, None
    if not isinstance(item, Mapping) or is_open(item):
        return None, None
    key = next((item[name] for name in _KEY_NAMES if name in item), None)
    value = next((item[name] for name in _VALUE_NAMES if name in item), "")
    if not isinstance(key, str):
        return None, None
    return key, None if keys_only or not isinstance(value, str) else value
