"""The steps of a pipeline that is stored: starting it makes its role make their calls.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribePipeline.html (``PipelineDefinition``)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sagepass.calls.read.record import ReadCall
from sagepass.calls.stored_roles import stored_roles
from sagepass.calls.surroundings import Surroundings
from sagepass.source.finding import Finding

_STARTS = frozenset({"StartPipelineExecution", "RetryPipelineExecution"})


def with_stored_steps(
    calls: Iterable[ReadCall], surroundings: Surroundings
) -> tuple[list[ReadCall], tuple[Finding, ...]]:
    """The calls, each start of a stored pipeline followed by the calls of its steps, and what is wrong with definitions.

    The calls have to know their account and Region. A role in the request takes the place of the stored one.
    """
    found: list[ReadCall] = []
    findings: list[Finding] = []
    for read in calls:
        found.append(read)
        if read.call.operation not in _STARTS:
            continue
        steps, problems = _steps(read, surroundings)
        found += steps
        findings += problems
    return found, tuple(findings)


def _steps(read: ReadCall, surroundings: Surroundings) -> tuple[list[ReadCall], tuple[Finding, ...]]:
    call = read.call
    for stored in stored_roles(replace(call, params={k: v for k, v in call.params.items() if k != "RoleArn"})):
        description = surroundings.describe(stored.holder)
        text = description.get("PipelineDefinition") if description else None
        if not isinstance(text, str):
            continue
        from sagepass.calls.read import read_calls  # noqa: PLC0415 - few calls start a pipeline

        given = call.params.get("RoleArn", description.get("RoleArn") if description else None)
        inner = read_calls(
            text,
            name=f"definition of {stored.holder.rpartition('/')[2]}",
            caller_account=call.caller_account,
            region=call.region,
            partition=call.partition,
        )
        role = given if isinstance(given, str) else None
        return [replace(step, made_by=step.made_by or role) for step in inner.calls], inner.findings
    return [], ()
