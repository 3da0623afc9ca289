"""The project of ``examples/studio-training``, and its requests read in the simplest way."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from sagepass.calls.call import Call
from sagepass.calls.read.record import ReadCall
from sagepass.jobs.preflight.record import Authorization, Preflight
from sagepass.jobs.preflight.run import preflight
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.origin import Origin

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "studio-training"
ACCOUNT, SHARED, REGION = "123456789012", "444455556666", "eu-west-1"
STUDIO_ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/AmazonSageMaker-ExecutionRole-20260114T101500"
STUDIO = f"arn:aws:sts::{ACCOUNT}:assumed-role/AmazonSageMaker-ExecutionRole-20260114T101500/SageMaker"
TRAINING = f"arn:aws:iam::{ACCOUNT}:role/ml/ChurnTraining"
SERVING = f"arn:aws:iam::{ACCOUNT}:role/ml/ChurnServing"
PIPELINE = f"arn:aws:iam::{ACCOUNT}:role/ml/ChurnPipeline"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/7c1f9a52-3b0e-4f6d-9a41-2d8e5c6b7a90"
REQUESTS = ("training-job", "processing-job", "tuning-job", "deployment", "pipeline")


@cache
def snapshot() -> Snapshot:
    """The saved answers of the example."""
    return Snapshot.load(FOLDER / "snapshot")


def requests(name: str) -> tuple[ReadCall, ...]:
    """The calls of one file; a pipeline's definition is followed to the calls of its steps, which its role makes."""
    path = FOLDER / f"{name}.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    found: list[ReadCall] = []
    for index, entry in enumerate(value if isinstance(value, list) else [value]):
        base = (index, "params") if isinstance(value, list) else ("params",)
        operation, params = entry["operation"], entry["params"]
        call = Call(service="sagemaker", operation=operation, params=params)
        found.append(ReadCall(call=call, label=operation, origin=Origin(name=path.name, path=path), route=base))
        if operation == "CreatePipeline":
            found += _steps(json.loads(params["PipelineDefinition"]), params["RoleArn"], path)
    return tuple(found)


def _steps(definition: dict[str, object], role: str, path: Path) -> list[ReadCall]:
    kinds = {"Processing": "CreateProcessingJob", "Training": "CreateTrainingJob"}
    steps = definition["Steps"]
    assert isinstance(steps, list)
    return [
        ReadCall(
            call=Call(service="sagemaker", operation=kinds[step["Type"]], params=step["Arguments"]),
            label=f"step {step['Name']}",
            origin=Origin(name=f"{path.name} PipelineDefinition", value=definition),
            route=("Steps", index, "Arguments"),
            made_by=role,
            after=tuple(f"step {name}" for name in step.get("DependsOn", ())),
        )
        for index, step in enumerate(steps)
    ]


def request(operation: str, params: dict[str, object]) -> ReadCall:
    """One call with these parameters."""
    call = Call(service="sagemaker", operation=operation, params=params)
    return ReadCall(call=call, label=operation, origin=Origin(name="request.json", value=params))


def check(name: str, world: Snapshot | None = None, *, with_plan: bool = False) -> Preflight:
    """The preflight of one file, by the data scientist in Studio."""
    return preflight(requests(name), world or snapshot(), caller=STUDIO, with_plan=with_plan)


def named(item: Authorization) -> tuple[str, str, str]:
    """What tells one authorization from the others."""
    context = dict(item.need.needed.context).get("s3:prefix", ("",))[0]
    return (item.need.principal, item.need.needed.action, f"{item.need.needed.resource} {context}".strip())


def run(calls: list[ReadCall], world: Snapshot | None = None, *, caller: str = STUDIO) -> Preflight:
    """The preflight of some calls, with a plan."""
    return preflight(calls, world or snapshot(), caller=caller)
