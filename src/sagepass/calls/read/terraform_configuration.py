"""The ``configuration`` of a Terraform plan: which attributes people set, what they refer to, and the provider's Region.

Source: https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration says of each resource, by its address without index."""

    stated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    refers_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    region: str | None = None

    def attributes(self, address: str) -> frozenset[str] | None:
        """The attributes that are set; ``None`` if the plan does not tell."""
        return self.stated.get(address)

    def references(self, address: str) -> tuple[str, ...]:
        """Addresses of the resources of the same module that it refers to."""
        return self.refers_to.get(address, ())


def read_configuration(value: object) -> Configuration:
    """Read the configuration; what does not have its form is left out."""
    entry = _object(value)
    stated: dict[str, frozenset[str]] = {}
    refers_to: dict[str, tuple[str, ...]] = {}
    modules: list[tuple[str, object, int]] = [("", entry.get("root_module"), 0)]
    while modules:
        prefix, module, depth = modules.pop()
        resources = _object(module).get("resources")
        for one in resources if isinstance(resources, list) else []:
            resource = _object(one)
            address = f"{prefix}{resource.get('address', '')}"
            expressions = _object(resource.get("expressions"))
            stated[address] = frozenset(expressions)
            found = [*_references(expressions), *_depends(resource.get("depends_on"))]
            refers_to[address] = tuple(dict.fromkeys(f"{prefix}{_resource(name)}" for name in found))
        calls = _object(_object(module).get("module_calls"))
        if depth < _DEEPEST:
            modules += [
                (f"{prefix}module.{name}.", _object(call).get("module"), depth + 1) for name, call in calls.items()
            ]
    return Configuration(stated, refers_to, _region(entry.get("provider_config")))


def _region(providers: object) -> str | None:
    provider = _object(_object(providers).get("aws"))
    region = _object(_object(provider.get("expressions")).get("region")).get("constant_value")
    return region if isinstance(region, str) else None


def _references(expressions: object) -> Iterator[str]:
    places = [expressions]
    while places:
        one = places.pop()
        if isinstance(one, list):
            places += one
        elif isinstance(one, Mapping):
            references = one.get("references")
            if isinstance(references, list):
                yield from (name for name in references if isinstance(name, str))
            places += [inner for key, inner in one.items() if key != "references"]


def _depends(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _resource(reference: str) -> str:
    """``aws_sagemaker_model.m.name`` refers to ``aws_sagemaker_model.m``."""
    parts = reference.split("[", 1)[0].split(".")
    return ".".join(parts[:2])


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
