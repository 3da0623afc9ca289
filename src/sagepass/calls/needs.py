"""The whole call: every authorization it takes, from everybody involved.

In the order in which AWS comes to them: the caller's own, the trust of each role, and what each role needs for its work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sagepass.calls.call import Call, Confidence, Needed
from sagepass.calls.caller_needs import caller_needs
from sagepass.calls.execution_role.everything import role_needs
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.execution_role.trust import trust_needed
from sagepass.calls.need import Block, CallNeed, Necessity, Needs
from sagepass.calls.operation import authorizations_of
from sagepass.calls.request_paths import is_open
from sagepass.calls.roles_in_use import RoleInUse, roles_in_use
from sagepass.calls.surroundings import Surroundings
from sagepass.catalog.role_work import ENDPOINT_CONFIG, MODEL, RoleWork, role_work
from sagepass.source.route import Route

_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html"
_PASSING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
_TAGGING = "https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html"
_STORED_WORK = {"model": MODEL, "endpoint-config": ENDPOINT_CONFIG}
_DEPLOYS = frozenset({"CreateEndpoint", "UpdateEndpoint", "CreateInferenceComponent", "CreateTransformJob"})
"""Operations whose stored roles go to work at once; elsewhere they do later, and the call that starts them asks."""


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
    for role in roles:
        if not role.refused:
            trust_needed(call, role.arn, needs, services=role.services, because=role.because)
    for role in roles:
        if role.refused:
            continue
        for task in _tasks(call, role, surroundings):
            role_needs(task, needs, caller=caller)
    if roles and not role_work(call.operation) and call.operation not in _DEPLOYS:
        needs.leave_open(
            f"what the role of {call.operation} needs itself is not in the tables",
            "see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
            roles[0].because,
        )
    return needs


def _of_caller(needed: Needed, caller: str, refused: Mapping[Route, RoleInUse]) -> CallNeed:
    necessity = Necessity.USUAL if needed.confidence is Confidence.POSSIBLE else Necessity.REQUIRED
    block, source = Block.CALL, _REFERENCE
    if needed.action == "iam:PassRole":
        block, source = Block.PASS_ROLE, _PASSING
    elif needed.action == "sagemaker:AddTags":
        block, source = Block.TAGS, _TAGGING
    problem = refused.get(needed.because) if block is Block.PASS_ROLE else None
    return CallNeed(
        needed=needed,
        principal=caller,
        block=block,
        necessity=necessity,
        source=source,
        refused=problem.refused if problem else "",
        remedy=problem.remedy if problem else "",
    )


def _tasks(call: Call, role: RoleInUse, surroundings: Surroundings) -> Iterator[RoleTask]:
    """The pieces of work of one role: what the request says, and what a stored resource says."""
    if role.description is not None and call.operation in _DEPLOYS:
        kind = role.holder.rpartition(":")[2].partition("/")[0]
        stored = _STORED_WORK.get(kind)
        if stored is not None:
            yield RoleTask(
                role=role.arn,
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
            yield RoleTask(role=role.arn, call=call, work=work, params=params, base=base, surroundings=surroundings)


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
