"""Runs a workload through the evaluators that are installed for this Python: moto's, PMapper's, Cedar's.

Usage: ``python local_python.py WORKLOAD``. Prints the names of the peers that are installed; then each line of standard input
names one, and one pass of it is run and reported: seconds, and which requests it allowed.
"""

from __future__ import annotations

import collections
import collections.abc
import importlib
import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any

Json = Any
Engine = Callable[[Json], bool]


def moto_engine(work: Json) -> Engine:
    access_control: Any = importlib.import_module("moto.iam.access_control")
    permitted = access_control.PermissionResult.PERMITTED

    def policies(documents: list[Json]) -> list[Any]:
        return [access_control.IAMPolicy({"policy_document": json.dumps(document)}) for document in documents]

    layers = [policies(documents) for documents in (work["identity"], work["boundary"], *work["levels"]) if documents]

    def allowed(request: Json) -> bool:
        context = {key: value if isinstance(value, str) else value[0] for key, value in request["context"].items()}
        for layer in layers:
            results = [
                policy.is_action_permitted(request["action"], request["resource"], None, context) for policy in layer
            ]
            if access_control.PermissionResult.DENIED in results or permitted not in results:
                return False
        return True

    return allowed


def pmapper_engine(work: Json) -> Engine:
    for name in ("Mapping", "MutableMapping", "OrderedDict"):  # it was written for Python 3.9
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name, None))
    module: Any = importlib.import_module("principalmapper.querying.local_policy_simulation")
    structures: Any = importlib.import_module("principalmapper.util.case_insensitive_dict")
    layers = [documents for documents in (work["identity"], work["boundary"], *work["levels"]) if documents]

    def allowed(request: Json) -> bool:
        context = structures.CaseInsensitiveDict(
            {key: value if isinstance(value, str) else ",".join(value) for key, value in request["context"].items()}
        )

        def matches(document: Json, effect: str) -> bool:
            found: bool = module.policy_has_matching_statement(
                document, effect, request["action"], request["resource"], context
            )
            return found

        if any(matches(document, "Deny") for layer in layers for document in layer):
            return False
        return all(any(matches(document, "Allow") for document in layer) for layer in layers)

    return allowed


def cedar_engine(work: Json) -> Engine:
    cedarpy: Any = importlib.import_module("cedarpy")
    text = cedar_policies(work)
    entities: list[Json] = []

    def allowed(request: Json) -> bool:
        context = {_key(key): value for key, value in request["context"].items()}
        question = {
            "principal": 'User::"caller"',
            "action": 'Action::"call"',
            "resource": 'Thing::"it"',
            "context": {"action": request["action"].lower(), "resource": request["resource"], **context},
        }
        found: bool = cedarpy.is_authorized(question, prepared, entities).allowed
        return found

    prepared = cedarpy.PolicySet.from_str(text) if hasattr(cedarpy.PolicySet, "from_str") else text
    return allowed


def cedar_policies(work: Json) -> str:
    """IAM's policies in Cedar: action and resource are context, boundary and control policies forbid unless they allow.

    Conditions that Cedar has no word for, and policy variables, are left out.
    """
    rules = [_rule("permit", _condition(s)) for d in work["identity"] for s in _allows(d)]
    for layer in (work["boundary"], *work["levels"]):
        parts = [_condition(statement) for document in layer for statement in _allows(document)]
        if parts:
            rules.append(f"forbid(principal, action, resource) unless {{ {' || '.join(parts)} }};")
    for layer in (work["identity"], work["boundary"], *work["levels"]):
        rules += [_rule("forbid", _condition(s)) for d in layer for s in d["Statement"] if s["Effect"] == "Deny"]
    return "\n".join(rules)


def _allows(document: Json) -> list[Json]:
    return [statement for statement in document["Statement"] if statement["Effect"] == "Allow"]


def _rule(kind: str, condition: str) -> str:
    return f"{kind}(principal, action, resource) when {{ {condition} }};"


def _condition(statement: Json) -> str:
    parts = [
        _like("action", statement, "Action", lower=True),
        _like("resource", statement, "Resource", lower=False),
    ]
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            parts.append(_test(operator, _key(key), values if isinstance(values, list) else [values]))
    return " && ".join(f"({part})" for part in parts)


def _like(name: str, statement: Json, element: str, *, lower: bool) -> str:
    negated = f"Not{element}" in statement
    values = statement.get(element, statement.get(f"Not{element}", "*"))
    values = values if isinstance(values, list) else [values]
    tests = " || ".join(f'context.{name} like "{value.lower() if lower else value}"' for value in values)
    return f"!({tests})" if negated else tests


def _test(operator: str, key: str, values: list[str]) -> str:
    present = f"context has {key}"
    if operator == "Null":
        return f"!({present})" if str(values[0]).lower() == "true" else present
    tests = " || ".join(f'context.{key} like "{value}"' for value in values)
    if operator.startswith("For"):
        tests = " || ".join(f'context.{key}.contains("{value}")' for value in values)
    if "Not" in operator:
        return f"!({present}) || !({tests})"
    return f"({present}) && ({tests})"


def _key(key: str) -> str:
    return re.sub(r"\W", "_", key.lower())


ENGINES = {"moto access_control": moto_engine, "PMapper": pmapper_engine, "cedarpy": cedar_engine}


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - a path as given
        work = json.load(file)
    engines = {}
    for name, make in ENGINES.items():
        try:
            engines[name] = make(work)
        except Exception as error:  # noqa: BLE001 - a peer that cannot be set up is left out, whatever the reason
            print(f"{name}: {error}", file=sys.stderr)
    print(json.dumps(list(engines)), flush=True)
    for line in sys.stdin:
        engine = engines[line.strip()]
        start = time.process_time()
        allowed = [engine(request) for request in work["requests"]]
        seconds = time.process_time() - start
        print(json.dumps({"seconds": seconds, "allowed": allowed}), flush=True)


if __name__ == "__main__":
    main()
