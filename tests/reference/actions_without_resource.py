"""Which actions take no resource, from the published table of AWS's Service Authorization Reference.

"If the column [of resource types] is empty, you must specify all resources ('*')":
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
The table is data; it is read here without the code that the engine reads it with.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parents[2] / "src" / "sagepass" / "catalog" / "data" / "services"

# https://docs.aws.amazon.com/sagemaker/latest/dg/xaccount-lineage-tracking.html: the policy of a lineage group allows it on the group
ALLOWED_ON_ITS_RESOURCE = {"sagemaker:querylineage"}


def takes_no_resource(action: str) -> bool:
    """Whether the action is listed and its column of resource types is empty."""
    service, _, name = action.lower().partition(":")
    return name in _names(service)


@cache
def _names(service: str) -> frozenset[str]:
    file = _TABLES / f"{service}.json"
    if not re.fullmatch(r"[a-z0-9-]+", service) or not file.is_file():
        return frozenset()
    rows = json.loads(file.read_text("utf-8"))["actions"]
    return frozenset(name.lower() for name, _level, types, _keys in rows if not types)
