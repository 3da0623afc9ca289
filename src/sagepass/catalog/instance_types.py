"""Instance types that an operation takes, and which of them are most like another.

Source: the enumerations of the SageMaker model of botocore, for the request members that ``sagemaker:InstanceTypes`` looks
at, compiled by ``support/refresh_catalog.py``. Names: ``ml.FAMILY.SIZE``
(https://docs.aws.amazon.com/sagemaker/latest/dg/instance-types-az.html).
"""

from __future__ import annotations

import re

from sagepass.catalog.tables import table

INSTANCE_TYPES_KEY = "sagemaker:InstanceTypes"

_NAME = re.compile(
    r"ml\.(?P<letters>[a-z]{1,8})(?P<generation>[0-9]{0,3})(?P<rest>[a-z0-9-]{0,24})\.(?P<size>[a-z0-9-]{1,16})"
)
_SIZES = ("nano", "micro", "small", "medium", "large", "xlarge")
_WORK = {
    "p": "accelerated", "g": "accelerated", "gr": "accelerated", "trn": "accelerated", "inf": "accelerated", "f": "accelerated",
    "t": "general", "m": "general", "c": "compute", "r": "memory", "x": "memory", "u": "memory", "i": "storage",
    "d": "storage", "h": "storage",
}  # fmt: skip
"""What families are made for: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html."""


def instance_types(operation: str) -> tuple[tuple[str, ...], ...]:
    """The types that an operation of SageMaker takes, one list for each kind of member; empty if it takes none."""
    compiled = table("calls/instance_types.json")
    return tuple(
        tuple(name for name in compiled["types"][kind] if _NAME.fullmatch(name))
        for kind in compiled["operations"].get(operation, ())
    )


def similar_instance_types(operation: str, name: str) -> tuple[str, ...]:
    """The other types that can stand where this one stands in a request, the most similar first.

    First those of the same family, then of families of the same kind, then of those made for the same work; among them the
    nearest size, the smaller before the larger. Only a type that every member takes in which this one may stand.
    """
    lists = [set(types) for types in instance_types(operation)]
    taking = [types for types in lists if name in types] or lists
    common = set.intersection(*taking) - {name} if taking else set[str]()
    return tuple(sorted(common, key=lambda other: (_distance(name, other), other)))


def _distance(name: str, other: str) -> tuple[int, int, int, int]:
    """How unlike two types are: family, steps of size, whether the other is larger, generations."""
    one, two = _NAME.fullmatch(name), _NAME.fullmatch(other)
    if one is None or two is None:
        return (9, 0, 0, 0)
    size, other_size = _size(one["size"]), _size(two["size"])
    generations = abs(int(one["generation"] or 0) - int(two["generation"] or 0))
    return (_families(one, two), abs(size - other_size), int(other_size > size), generations)


def _families(one: re.Match[str], two: re.Match[str]) -> int:
    if one["letters"] == two["letters"]:
        same = (one["generation"], one["rest"]) == (two["generation"], two["rest"])
        return 0 if same else 1
    work = _WORK.get(one["letters"])
    return 2 if work is not None and work == _WORK.get(two["letters"]) else 3


def _size(words: str) -> int:
    """Sizes in order: ``medium`` before ``large`` before ``xlarge`` before ``2xlarge``."""
    if words in _SIZES:
        return _SIZES.index(words)
    times, _, unit = words.partition("xlarge")
    return len(_SIZES) - 2 + int(times) if times.isdigit() and not unit else len(_SIZES)
