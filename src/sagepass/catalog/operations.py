"""The API operations of the SageMaker clients, and what their requests say about authorization.

Source: the service models of botocore, compiled together with the Service Authorization Reference by
``support/refresh_catalog.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sagepass.catalog.tables import table


class ResourceClass(StrEnum):
    """How an operation's resources follow from its request."""

    EXACT = "exact"
    """Every ARN follows from request members."""
    NESTED = "nested"
    """The members lie inside lists, or one stands in place of another."""
    TYPE_FROM_ARN = "type from ARN"
    """One member holds an ARN of any type."""
    CLUSTER_BY_NAME = "cluster by name"
    """A cluster's ARN carries an id; a name in the request does not tell it."""
    ID_MADE_BY_SERVICE = "id made by the service"
    """The id does not exist before the call."""
    UNRESOLVED = "unresolved"
    """The request does not name the resource (a callback token)."""
    NO_RESOURCE = "no resource"
    """The action takes ``*`` only."""
    NEWER = "newer than the reference"
    """The Service Authorization Reference does not list the action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation.

    Attributes:
        client: the client as the SDKs name it (``sagemaker-runtime``).
        prefix: the service prefix of its actions.
        name: the operation.
        input_shape: the shape of its request in the client's model, empty if it takes none.
        resource_class: how its resources follow from the request.
        resources: resource type to template variable to request path. The variable ``""`` marks a path that holds the
            ARN; ``=text`` is a fixed value, ``A|B`` takes the first member that is there, ``A/*`` adds a wildcard.
        role_paths: request paths that hold roles.
        key_paths: condition key to the request paths that hold its values.
        has_tags: whether the request can set tags.
        arn_members: members that accept an ARN, and so possibly a resource of another account.
    """

    client: str
    prefix: str
    name: str
    input_shape: str
    resource_class: ResourceClass
    resources: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    role_paths: tuple[str, ...]
    key_paths: tuple[tuple[str, tuple[str, ...]], ...]
    has_tags: bool
    arn_members: tuple[str, ...]

    @property
    def can_address_other_account(self) -> bool:
        """Whether the request can name a resource of another account at all.

        Where it cannot, every name means the caller's own account: "not found" in place of a denial.
        """
        return bool(self.arn_members)


def find_operation(client: str, name: str) -> Operation | None:
    """An operation by client (``sagemaker``, any SageMaker client) and name; ``None`` if there is no such operation.

    The name is taken in any case and with dashes (``create-training-job``). It is looked for in the other SageMaker
    clients too, because people call them all SageMaker: no two share an operation's name.
    """
    key = name.replace("-", "").replace("_", "").lower()
    homes = _index()
    if client.lower() not in homes:
        return None
    for home in (client.lower(), *homes):
        if key in homes[home]:
            return _operation(home, homes[home][key])
    return None


def operations() -> tuple[Operation, ...]:
    """All operations of all SageMaker clients, sorted by client and name."""
    return tuple(_operation(client, name) for client, names in _index().items() for name in names.values())


def known_client(client: str) -> bool:
    """Whether this is a SageMaker client whose operations are in the catalog."""
    return client.lower() in _index()


def nearest_operations(name: str, limit: int = 3) -> tuple[str, ...]:
    """Operations that a misspelt name may have meant, best first."""
    from difflib import get_close_matches  # noqa: PLC0415 - only misspelt operations pay for loading it

    known = {lowered: spelled for names in _index().values() for lowered, spelled in names.items()}
    close = get_close_matches(name.replace("-", "").replace("_", "").lower()[:128], known, n=limit, cutoff=0.75)
    return tuple(known[match] for match in close)


def request_members(client: str, shape: str) -> dict[str, str]:
    """The members of a request structure: name to a code.

    ``!`` in front marks a required member; then ``[`` a list of, ``{`` a map of, ``.Name`` a structure, or a scalar:
    ``s`` string, ``b`` boolean, ``i`` integer, ``f`` float, ``t`` timestamp, ``x`` bytes.
    """
    members: dict[str, str] = table(f"calls/shapes/{client}.json").get(shape, {})
    return members


@cache
def _index() -> dict[str, dict[str, str]]:
    compiled = table("calls/operations.json")
    return {client: {name.lower(): name for name in names} for client, names in compiled.items()}


@cache
def _operation(client: str, name: str) -> Operation:
    entry = table("calls/operations.json")[client][name]
    return Operation(
        client=client,
        prefix="sagemaker-geospatial" if client == "sagemaker-geospatial" else "sagemaker",
        name=name,
        input_shape=entry.get("input", ""),
        resource_class=ResourceClass(entry["class"]),
        resources=tuple((kind, tuple(rule.items())) for kind, rule in entry.get("resources", {}).items()),
        role_paths=tuple(entry.get("roles", ())),
        key_paths=tuple((key, tuple(paths)) for key, paths in entry.get("keys", {}).items()),
        has_tags="tags" in entry,
        arn_members=tuple(entry.get("other_account", ())),
    )
