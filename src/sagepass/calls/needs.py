"""The whole call: every authorization it takes, from everybody involved.

In the order in which AWS comes to them: the caller's own, the trust of each role, and what each role needs for its work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sagepass.calls.call import Call, Confidence, Needed, ResourceState
from sagepass.calls.caller_needs import caller_needs
from sagepass.calls.execution_role.everything import role_needs
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.execution_role.trust import trust_needed
from sagepass.calls.need import Block, CallNeed, Necessity, Needs
from sagepass.calls.operation import authorizations_of
from sagepass.calls.request_paths import is_open
from sagepass.calls.resource_arns import arn_of
from sagepass.calls.roles_in_use import RoleInUse, roles_in_use
from sagepass.calls.surroundings import Surroundings
from sagepass.catalog.resource_policies import resource_policy_support
from sagepass.catalog.resources import type_of_arn
from sagepass.catalog.role_work import ENDPOINT_CONFIG, MODEL, role_work
from sagepass.catalog.role_work_record import RoleWork
from sagepass.source.route import Route

_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html"
_PASSING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
_TAGGING = "https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html"
_STORED_WORK = {"model": MODEL, "endpoint-config": ENDPOINT_CONFIG}
_DEPLOYS = frozenset({"CreateEndpoint", "UpdateEndpoint", "CreateInferenceComponent", "CreateTransformJob"})
"""Operations whose stored roles go to work at once; elsewhere they do later, and the call that starts them asks."""


_PIPELINES = frozenset({"CreatePipeline", "UpdatePipeline", "StartPipelineExecution", "RetryPipelineExecution"})
"""Their role makes the calls of the steps, which are read out of the definition as calls of their own."""


def whole_call(call: Call, caller: str, surroundings: Surroundings) -> Needs:
    """Everything that one call takes.

    Args:
        call: the call, with the account and the Region it goes to.
        caller: ARN of who makes it.
        surroundings: what is known besides the request.
    """
    needs = Needs()
    roles = roles_in_use(call, surroundings, needs)
    refused = {role.because: role for role in roles if role.refused}
    for needed in authorizations_of(call):
        needs.add(_of_caller(needed, caller, refused))
    caller_needs(call, caller, surroundings, needs)
    used = [role for role in roles if role.used]
    for role in used:
        trust_needed(
            call,
            role.used,
            needs,
            services=role.services,
            because=role.because,
            identities=surroundings.source_identities(call),
        )
    for role in used:
        for task in _tasks(call, role, surroundings):
            role_needs(task, needs, caller=caller)
    _what_no_table_holds(call, roles, surroundings, needs)
    return needs


def _what_no_table_holds(call: Call, roles: tuple[RoleInUse, ...], surroundings: Surroundings, needs: Needs) -> None:
    """Roles whose own needs are not told by the request."""
    if call.operation in _PIPELINES:
        stored = surroundings.describe(arn_of(call, "pipeline", PipelineName=str(call.params.get("PipelineName"))))
        told = call.params.get("PipelineDefinition") or (stored or {}).get("PipelineDefinition")
        if not isinstance(told, str | Mapping):
            name = call.params.get("PipelineName")
            command = f"aws sagemaker describe-pipeline --pipeline-name {name} --query PipelineDefinition --output text"
            needs.leave_open("what the steps of the pipeline take", f"{command} > pipeline.json, and check that file")
        return
    if roles and not role_work(call.operation) and call.operation not in _DEPLOYS:
        needs.leave_open(
            f"what the role of {call.operation} needs itself is not in the tables",
            "see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
            roles[0].because,
        )


def _of_caller(needed: Needed, caller: str, refused: Mapping[Route, RoleInUse]) -> CallNeed:
    necessity = Necessity.USUAL if needed.confidence is Confidence.POSSIBLE else Necessity.REQUIRED
    block, source = Block.CALL, _REFERENCE
    if needed.action == "iam:PassRole":
        block, source = Block.PASS_ROLE, _PASSING
    elif needed.action == "sagemaker:AddTags":
        block, source = Block.TAGS, _TAGGING
    need = CallNeed(
        needed=needed,
        principal=caller,
        block=block,
        necessity=necessity,
        source=source,
        makes_resource=_makes(needed),
    )
    problem = refused.get(needed.because) if block is Block.PASS_ROLE else None
    if problem is None:
        return need
    meant = replace(needed, resource=problem.meant, resource_state=ResourceState.EXACT, note="")
    return replace(
        need,
        refused=problem.refused,
        remedy=problem.remedy,
        corrected=replace(need, needed=meant) if problem.meant else None,
    )


def _makes(needed: Needed) -> bool:
    """Whether the call makes the resource of an authorization: what does not exist has no policy of its own.

    A version inside a group is decided by the group's policy, which does exist.
    """
    context = dict(needed.context)
    made_by = context.get("sagemaker:TaggingAction", (needed.action.partition(":")[2],))[0]
    kind = type_of_arn(needed.resource)
    if kind is None or not made_by.startswith("Create"):
        return False
    rows = resource_policy_support("sagemaker", kind.name)
    own = not rows or rows[0].holder == kind.name
    return own and made_by.removeprefix("Create").lower() == kind.name.replace("-", "")


def _tasks(call: Call, role: RoleInUse, surroundings: Surroundings) -> Iterator[RoleTask]:
    """The pieces of work of one role: what the request says, and what a stored resource says."""
    if role.description is not None and call.operation in _DEPLOYS:
        kind = role.holder.rpartition(":")[2].partition("/")[0]
        stored = _STORED_WORK.get(kind)
        if stored is not None:
            yield RoleTask(
                role=role.used,
                call=call,
                work=stored,
                params=role.description,
                stored_in=role.because,
                surroundings=surroundings,
            )
    for work in role_work(call.operation):
        for base, params in _parts(call.params, work):
            if role.passed and (not work.role or _text_at(params, work.role) is None):
                continue
            if role.passed and (*base, *work.role.split(".")) != role.because:
                continue
            if not role.passed and work.role and _text_at(params, work.role) is not None:
                continue
            yield RoleTask(role=role.used, call=call, work=work, params=params, base=base, surroundings=surroundings)


def _parts(params: Mapping[str, object], work: RoleWork) -> Iterator[tuple[Route, Mapping[str, object]]]:
    """The structures of the request that a piece of work is told in."""
    if not work.part:
        yield (), params
        return
    name = work.part.removesuffix("[]")
    route: Route = ()
    value: object = params
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) and not is_open(value) else None
        route = (*route, step)
    listed = value if work.part.endswith("[]") else [value]
    for index, item in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if isinstance(item, Mapping) and not is_open(item):
            yield ((*route, index) if work.part.endswith("[]") else route), item


def _text_at(params: Mapping[str, object], path: str) -> str | None:
    value: object = params
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else None
