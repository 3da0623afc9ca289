"""The resource types of every service, and ARNs in relation to them.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html#resources_table
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from sagepass.catalog.actions import find_action
from sagepass.catalog.arn_templates import fill, literal_length, match, variables
from sagepass.catalog.tables import service_table, table


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """One resource type. Some have more than one ARN form (``apigateway`` stages); most have one."""

    service: str
    name: str
    arn_templates: tuple[str, ...]
    condition_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArnCandidate:
    """An ARN that a bare name may stand for.

    ``arn`` holds ``*`` for every part that the name does not tell; ``note`` says which and why, empty when the ARN is
    complete apart from an open Region.
    """

    arn: str
    resource_type: str
    note: str = ""


SERVER_MADE_IDS: dict[str, re.Pattern[str] | None] = {
    "artifact": re.compile(r"[0-9a-f]{32}"),
    "cluster": None,
    "cluster-scheduler-config": re.compile(r"[a-z0-9]{12}"),
    "compute-quota": re.compile(r"[a-z0-9]{12}"),
    "domain": re.compile(r"d-[a-z0-9]{1,61}"),
    "mlflow-app": re.compile(r"app-[A-Z0-9a-z]{1,40}"),
    "partner-app": re.compile(r"app-[A-Z0-9a-z]{1,40}"),
    "reserved-capacity": re.compile(r"[A-Za-z0-9-]{1,63}"),
}
"""SageMaker resource types whose ARN carries an id made by the service, and the form of that id.

The forms follow the patterns of the ``sagemaker`` service model (botocore). ``None``: the API takes a name or an ARN, never
the id alone, and a name can look like an id."""

_SEGMENT_BEFORE_NAME = {"workteam": "the kind of crowd (private-crowd, public-crowd, vendor-crowd)"}
"""SageMaker types whose real ARNs have a segment before the name that the reference leaves out.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-workforce-management-public.html"""


def resource_type(service: str, name: str) -> ResourceType | None:
    """A resource type of a service by its name in the Service Authorization Reference (``training-job``), any case."""
    return _types(service.lower()).get(name.lower())


def resource_types(service: str) -> tuple[ResourceType, ...]:
    """All resource types of a service, sorted by name; empty for an unknown prefix."""
    return tuple(_types(service.lower()).values())


def resource_types_of(action: str) -> tuple[ResourceType, ...]:
    """The types an action can be authorized on, required ones first.

    Empty if the action takes no resource, so that only ``"Resource": "*"`` covers it, and for an unknown action: use
    :func:`~sagepass.catalog.actions.find_action` to tell the two apart.
    """
    found = find_action(action)
    if found is None:
        return ()
    uses = sorted(found.resource_types, key=lambda use: not use.required)
    return tuple(kind for use in uses if (kind := resource_type(found.service, use.type)) is not None)


@lru_cache(maxsize=4096)
def types_of_arn(arn: str) -> tuple[ResourceType, ...]:
    """The types an ARN may be of: those of its most specific template, several where AWS uses one form twice."""
    fields = arn.split(":", 5)
    if len(fields) < 6:
        return ()
    best: list[ResourceType] = []
    score = -1
    for prefix in table("arn_services.json").get(fields[2], ()):
        for kind in _types(prefix).values():
            found = _score(kind, arn)
            if found > score:
                best, score = [kind], found
            elif found == score >= 0:
                best.append(kind)
    return tuple(best)


def type_of_arn(arn: str) -> ResourceType | None:
    """The type of an ARN, or ``None`` if no template has its form. Of several, the first of the service named in it."""
    found = types_of_arn(arn)
    return found[0] if found else None


def arn_matches_type(arn: str, rt: ResourceType) -> bool:
    """Whether an ARN is one of that type and not of a more specific one of the same service.

    ``pipeline/P/execution/x`` is a ``pipeline-execution``, not a ``pipeline``, although a pipeline's template would
    take it.
    """
    own = _score(rt, arn)
    return own >= 0 and all(_score(other, arn) <= own for other in _types(rt.service).values())


def arn_from_name(
    action: str, name: str, *, partition: str, region: str | None, account: str | None
) -> tuple[ArnCandidate, ...]:
    """The ARNs a bare name may stand for, through the resource types of the action; ``()`` if the action takes none.

    ``name`` may be a plain name (``my-example-widget``), several segments (``d-abc/alice``), the resource part of an ARN
    (``training-job/t1``) or an ARN, which is returned as it is. ``region`` or ``account`` ``None`` becomes ``*``.
    """
    if name.startswith("arn:"):
        kinds = types_of_arn(name)
        return (ArnCandidate(arn=name, resource_type=kinds[0].name if kinds else ""),)
    kinds = resource_types_of(action)
    found = find_action(action)
    required = {use.type for use in found.resource_types if use.required} if found else set()
    place = {"Partition": partition, "Region": region or "*", "Account": account or "*"}
    candidates = [
        _candidate(kind, template, name, place)
        for kind in kinds
        if kind.name in required or not required
        for template in kind.arn_templates
    ]
    return tuple(dict.fromkeys(candidates))


def _candidate(kind: ResourceType, template: str, name: str, place: dict[str, str]) -> ArnCandidate:
    names = variables(template)
    resource = fill(template.split(":", 5)[5], {variable: "${" + variable + "}" for variable in names})
    prefix = resource.partition("$")[0]
    for form in (resource, resource.removeprefix(prefix)):
        values = match(f"arn:::::{form}", f"arn:::::{name}") if len(names) > 1 or form.partition("$")[0] else None
        if values:
            return ArnCandidate(arn=fill(template, place | values), resource_type=kind.name)
    if not names:
        return ArnCandidate(arn=fill(template, place), resource_type=kind.name)
    note = _open_parts(names)
    if kind.service == "sagemaker" and is_made_by_service(kind.name) and not is_own_id(kind.name, name):
        return ArnCandidate(
            arn=fill(template, place),
            resource_type=kind.name,
            note=f"the ARN of a {kind.name} carries an id made by the service, which the name does not tell",
        )
    if kind.service == "sagemaker" and kind.name in _SEGMENT_BEFORE_NAME and "/" not in name:
        note, name = f"{_SEGMENT_BEFORE_NAME[kind.name]} is not told by the name", f"*/{name}"
    return ArnCandidate(arn=fill(template, place | {names[-1]: name}), resource_type=kind.name, note=note)


def is_made_by_service(resource_type: str) -> bool:
    """Whether the ARNs of a SageMaker resource type carry an id that the service makes, in place of a name."""
    return resource_type in SERVER_MADE_IDS


def is_own_id(resource_type: str, text: str) -> bool:
    """Whether a text can be the id of such a type; false wherever a name can look the same."""
    form = SERVER_MADE_IDS.get(resource_type)
    return form is not None and form.fullmatch(text) is not None


def _open_parts(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} not told by the name" if len(names) > 1 else ""


def _score(kind: ResourceType, arn: str) -> int:
    """How specific the best matching template of a type is; -1 if none matches."""
    return max((literal_length(t) for t in kind.arn_templates if match(t, arn) is not None), default=-1)


@cache
def _types(service: str) -> dict[str, ResourceType]:
    compiled = service_table(service)
    if compiled is None:
        return {}
    keys: list[list[str]] = compiled["keys"]
    return {
        name.lower(): ResourceType(
            service=service,
            name=name,
            arn_templates=tuple(arns),
            condition_keys=tuple(keys[n][0] for n in numbers),
        )
        for name, (arns, numbers) in compiled["resources"].items()
    }
