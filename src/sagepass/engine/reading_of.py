"""How the resource of a request is held against policies: as it is named, or as that of an action that takes none.

Source: the column of resource types of the Service Authorization Reference, see :mod:`sagepass.catalog.actions`. An action that is
not listed there is asked about the resource that is named.
"""

from __future__ import annotations

from functools import lru_cache

from sagepass.catalog.actions import takes_no_resource
from sagepass.policy.resource_reading import ResourceReading


def reading_of(action: str, resource: str) -> ResourceReading:
    """The reading of a request, whose action may be spelled in any case."""
    return ResourceReading.NAMED if resource == "*" else reading_of_named(action)


@lru_cache(maxsize=32768)
def reading_of_named(action: str) -> ResourceReading:
    """The same for a request that names an ARN."""
    if not takes_no_resource(action):
        return ResourceReading.NAMED
    from sagepass.catalog.sharing import named_in_policies_of_resources  # noqa: PLC0415 - few actions ask for the table

    if named_in_policies_of_resources(action):
        return ResourceReading.STAR_FOR_IDENTITIES
    return ResourceReading.STAR
