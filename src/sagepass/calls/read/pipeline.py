"""The definition of a SageMaker pipeline: which calls its role makes, step by step.

A step's ``Arguments`` are the request of the operation that its type stands for, without the name, which the execution makes.
Parameters, execution variables, properties of earlier steps and joined texts are only known during the execution.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-access.html (the pipeline's role creates and describes the
jobs, passes their roles, and reads the files of JsonGet; a step without a role of its own takes the pipeline's) and
https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sagepass.calls.call import Call
from sagepass.calls.read.document import Document
from sagepass.calls.read.pipeline_steps import JOB_STEPS, JobStep, elsewhere_calls, is_elsewhere, step_types
from sagepass.calls.read.record import ReadCall
from sagepass.calls.read.setting import Setting
from sagepass.calls.request_paths import is_open, not_known
from sagepass.source.route import Route

_SILENT = frozenset({"Condition", "Fail"})
_REFERENCE = "Get"


@dataclass(slots=True)
class _Walk:
    """One pipeline while it is read."""

    document: Document
    setting: Setting
    made_by: str | None
    before: tuple[str, ...]
    steps: dict[str, tuple[Mapping[str, object], Route]] = field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    calls: list[ReadCall] = field(default_factory=list)


def read_pipeline(
    document: Document,
    setting: Setting,
    *,
    made_by: str | None = None,
    base: Route = (),
    after: tuple[str, ...] = (),
) -> list[ReadCall]:
    """The calls of all steps, branches of conditions included, in the order of the definition.

    Args:
        document: the definition, which is an object.
        setting: where the calls go.
        made_by: ARN of the pipeline's role, if it is known.
        base: where the definition begins in the document.
        after: labels of calls before the first step (the one that creates the pipeline).
    """
    value = document.value
    steps = value.get("Steps") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(steps, list):
        document.report("CALL_MALFORMED", "the pipeline has no list of Steps", 'write {"Steps": […]}', base)
        return []
    walk = _Walk(document, setting, made_by, after, parameters=_parameters(value))
    _collect(walk, steps, (*base, "Steps"))
    _read_steps(walk, steps, (*base, "Steps"), after)
    if not steps:
        document.report("CALL_NOTHING_FOUND", "the pipeline has no steps", "add one", (*base, "Steps"))
    return walk.calls


def _parameters(value: Mapping[str, object]) -> frozenset[str]:
    listed = value.get("Parameters")
    entries = listed if isinstance(listed, list) else []
    return frozenset(str(one.get("Name")) for one in entries if isinstance(one, Mapping))


def _collect(walk: _Walk, steps: object, base: Route) -> None:
    """The steps by name, branches included, so that references can be checked."""
    for route, step in _objects(steps, base):
        name = step.get("Name")
        if isinstance(name, str):
            walk.steps[name] = (step, route)
        for branch_route, branch in _branches(step, route):
            _collect(walk, branch, branch_route)


def _objects(steps: object, base: Route) -> Iterator[tuple[Route, Mapping[str, object]]]:
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(step, Mapping):
            yield (*base, index), step


def _branches(step: Mapping[str, object], route: Route) -> list[tuple[Route, object]]:
    arguments = step.get("Arguments")
    if step.get("Type") != "Condition" or not isinstance(arguments, Mapping):
        return []
    return [((*route, "Arguments", name), arguments[name]) for name in ("IfSteps", "ElseSteps") if name in arguments]


def _read_steps(walk: _Walk, steps: list[object], base: Route, before: tuple[str, ...]) -> None:
    for index, step in enumerate(steps):
        route = (*base, index)
        if (
            not isinstance(step, Mapping)
            or not isinstance(step.get("Type"), str)
            or not isinstance(step.get("Name"), str)
        ):
            walk.document.report(
                "CALL_MALFORMED", "a step has a Name, a Type and Arguments", "write the step in full", route
            )
            continue
        _read_step(walk, step, route, before)


def _read_step(walk: _Walk, step: Mapping[str, object], route: Route, before: tuple[str, ...]) -> None:
    name, kind = str(step["Name"]), str(step["Type"])
    arguments = step.get("Arguments")
    given = arguments if isinstance(arguments, Mapping) else {}
    after = _after(walk, step, route, before)
    own: list[ReadCall] = []
    if kind in JOB_STEPS:
        own = _job_calls(walk, name, JOB_STEPS[kind], given, (*route, "Arguments"), after=after)
    elif is_elsewhere(kind):
        own = _elsewhere(walk, step, name, route, after)
    elif kind not in _SILENT:
        near = walk.document.nearest(kind, step_types())
        remedy = f"did you mean {near}?" if near else "look up what the pipeline's role needs for it"
        walk.document.report(
            "CALL_UNKNOWN_STEP", f"the type {kind[:64]!r} of step {name[:64]} is not known", remedy, (*route, "Type")
        )
    own += _files_read(walk, name, given, (*route, "Arguments"), after)
    walk.calls += own
    walk.labels[name] = (own[0].label,) if own else after
    for branch_route, branch in _branches(step, route):
        if isinstance(branch, list):
            _read_steps(walk, branch, branch_route, walk.labels[name])


def _job_calls(
    walk: _Walk, name: str, job: JobStep, given: Mapping[str, object], route: Route, *, after: tuple[str, ...]
) -> list[ReadCall]:
    """The call that creates, and for jobs the one that looks how they are getting on."""
    operation, name_member = job.operation_for(given)
    params = dict(given)
    if name_member:
        prefix = given.get(name_member)
        known = isinstance(prefix, str) and prefix
        params[name_member] = f"{prefix}*" if known else not_known(f"the name that the execution gives to step {name}")
    if job.role_member and given.get(job.role_member) is None:
        params[job.role_member] = walk.made_by or not_known("the role of the pipeline")
    created = _call(walk, walk.setting.call(operation, params, service="sagemaker"), f"step {name}", route, after)
    if not job.describe or not name_member:
        return [created]
    describe = operation.replace("Create", "Describe", 1)
    looks = walk.setting.call(describe, {name_member: params[name_member]}, service="sagemaker")
    return [created, _call(walk, looks, f"step {name}: {describe}", route, (created.label,))]


def _elsewhere(
    walk: _Walk, step: Mapping[str, object], name: str, route: Route, after: tuple[str, ...]
) -> list[ReadCall]:
    calls = elsewhere_calls(step)
    services = sorted({service for service, *_ in calls})
    walk.document.report(
        "CALL_STEP_ELSEWHERE",
        f"step {name[:64]} works through {', '.join(services) or 'another service'}, with the pipeline's role",
        "what that service does with a role of its own is not checked here",
        (*route, "Type"),
    )
    found: list[ReadCall] = []
    for service, operation, params, place in calls:
        label = f"step {name}" if not found else f"step {name}: {operation}"
        call = walk.setting.call(operation, params, service=service)
        read = _call(walk, call, label, (*route, *place), after)
        found.append(replace(read, places=dict.fromkeys(((name,) for name in list(params)[:1]), (*route, *place))))
    return found


def _call(walk: _Walk, call: Call, label: str, route: Route, after: tuple[str, ...]) -> ReadCall:
    return ReadCall(call=call, label=label, origin=walk.document.origin, route=route, made_by=walk.made_by, after=after)


def _after(walk: _Walk, step: Mapping[str, object], route: Route, before: tuple[str, ...]) -> tuple[str, ...]:
    """What a step follows: the steps it depends on and those whose properties it takes; a condition adds its own."""
    depends = step.get("DependsOn")
    named: list[tuple[str, Route]] = [
        (str(one), (*route, "DependsOn", index))
        for index, one in enumerate(depends if isinstance(depends, list) else [])
    ]
    arguments = step.get("Arguments")
    own = arguments if isinstance(arguments, Mapping) else {}
    skipped = frozenset({"IfSteps", "ElseSteps"}) if step.get("Type") == "Condition" else frozenset()
    for place, target in _references({key: one for key, one in own.items() if key not in skipped}):
        at = (*route, "Arguments", *place)
        kind, _, rest = target.partition(".")
        wanted = rest.partition(".")[0].partition("[")[0]
        if kind == "Steps":
            named.append((wanted, at))
        elif kind == "Parameters" and wanted not in walk.parameters:
            _no_such(walk, "parameter", wanted, sorted(walk.parameters), at)
    labels: dict[str, None] = dict.fromkeys(before)
    for wanted, at in named:
        if wanted not in walk.steps:
            _no_such(walk, "step", wanted, sorted(walk.steps), at)
        labels |= dict.fromkeys(walk.labels.get(wanted, (f"step {wanted}",) if wanted in walk.steps else ()))
    return tuple(labels)


def _no_such(walk: _Walk, what: str, name: str, known: list[str], route: Route) -> None:
    near = walk.document.nearest(name, known, cutoff=0.6)
    remedy = f"did you mean {near}?" if near else f"the pipeline has {', '.join(known[:5]) or 'none'}"
    walk.document.report("CALL_UNKNOWN_REFERENCE", f"the pipeline has no {what} {name[:64]!r}", remedy, route)


def _references(value: object) -> Iterator[tuple[Route, str]]:
    """Every ``{"Get": …}`` inside a value, with its place."""
    places: list[tuple[Route, object]] = [((), value)]
    while places:
        route, one = places.pop()
        if isinstance(one, Mapping):
            target = one.get(_REFERENCE)
            if len(one) == 1 and isinstance(target, str):
                yield (*route, _REFERENCE), target
            else:
                places += [((*route, str(key)), inner) for key, inner in one.items()]
        elif isinstance(one, list):
            places += [((*route, index), inner) for index, inner in enumerate(one)]


def _files_read(
    walk: _Walk, name: str, given: Mapping[str, object], route: Route, after: tuple[str, ...]
) -> list[ReadCall]:
    """``Std:JsonGet`` reads a file that an earlier step wrote to S3, with the pipeline's role."""
    found: dict[tuple[str, str], ReadCall] = {}
    conditions = {key: one for key, one in given.items() if key not in ("IfSteps", "ElseSteps")}
    for place, target in _references(conditions):
        parts = target.split(".")
        if len(parts) != 4 or parts[0] != "Steps" or parts[2] != "PropertyFiles":
            continue
        bucket, key = _file_of(walk, parts[1], parts[3])
        params = {"Bucket": bucket or not_known("the bucket"), "Key": key or not_known("the key")}
        call = walk.setting.call("GetObject", params, service="s3")
        read = _call(walk, call, f"step {name}: GetObject", (*route, *place), after)
        found.setdefault((bucket, key), replace(read, places={("Bucket",): read.route}))
    return list(found.values())


def _file_of(walk: _Walk, step_name: str, file_name: str) -> tuple[str, str]:
    """Bucket and key of a property file; empty where the definition leaves them to the execution."""
    step, _ = walk.steps.get(step_name, ({}, ()))
    files = step.get("PropertyFiles")
    wanted = next(
        (
            one
            for one in (files if isinstance(files, list) else [])
            if isinstance(one, Mapping) and one.get("PropertyFileName") == file_name
        ),
        None,
    )
    arguments = step.get("Arguments")
    if wanted is None or not isinstance(arguments, Mapping):
        return "", ""
    config = arguments.get("ProcessingOutputConfig")
    outputs = config.get("Outputs") if isinstance(config, Mapping) and not is_open(config) else None
    for output in outputs if isinstance(outputs, list) else []:
        if isinstance(output, Mapping) and output.get("OutputName") == wanted.get("OutputName"):
            target = output.get("S3Output")
            uri = target.get("S3Uri") if isinstance(target, Mapping) else None
            if isinstance(uri, str) and uri.startswith("s3://"):
                bucket, _, prefix = uri.removeprefix("s3://").partition("/")
                return bucket, "/".join(part for part in (prefix.strip("/"), str(wanted.get("FilePath", ""))) if part)
    return "", ""
