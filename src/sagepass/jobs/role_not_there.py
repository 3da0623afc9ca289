"""A denial about a role that its account does not have: no policy repairs that, the name has to change or the role be made.

SageMaker says "Could not assume role" as well when the role exists and does not trust it, and authorizes ``iam:PassRole`` on the ARN
as the call gives it, whether there is such a role or not.
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.calls.missing_role import MissingRole, missing_role
from sagepass.engine.authorize import authorize
from sagepass.engine.decision import Decision
from sagepass.policy.caller import parse_caller
from sagepass.policy.kinds import Effect
from sagepass.repair.fix import Applicability, Fix
from sagepass.repair.option import name_of
from sagepass.repair.propose import propose
from sagepass.snapshot.snapshot import Snapshot

_ASSUMES, _PASSES = "sts:assumerole", "iam:passrole"


def role_not_there(decision: Decision, snapshot: Snapshot) -> MissingRole | None:
    """The role that was to be passed or assumed, if the snapshot holds all roles of its account and not this one."""
    if decision.effect is Effect.ALLOW or decision.request.action.lower() not in {_ASSUMES, _PASSES}:
        return None
    return missing_role(decision.request.resource, snapshot)


def cannot_be_assumed(decision: Decision, missing: MissingRole | None) -> str | None:
    """The verdict on a role that cannot be assumed, because it is not there; ``None`` for another question."""
    if missing is None or decision.effect is not Effect.UNKNOWN or decision.request.action.lower() != _ASSUMES:
        return None
    return f"{_who(decision)} could not assume the role, for by the snapshot {missing.why}"


def make_the_role(decision: Decision, missing: MissingRole) -> Fix:
    """The way out where no role of that name is there: to make one, or to name another."""
    role = decision.request.resource
    return Fix(
        title=f"make the role {role}, or name one that exists",
        edits=(),
        applicability=Applicability.DISPLAY_ONLY,
        steps=(
            missing.remedy,
            f"sagepass preflight CALL --write-role {role.rpartition('/')[2]} writes a role for exactly that call",
        ),
    )


def name_the_role_meant(decision: Decision, meant: str, snapshot: Snapshot) -> tuple[Fix, ...]:
    """The way out where the role lies at another path: its ARN, decided in its place, and what has to change for that one."""
    request = replace(decision.request, resource=meant)
    result = authorize(request, snapshot)
    allowed = result.effect is Effect.ALLOW
    then = "" if allowed else f"; {request.action} is not allowed on that one yet: see below"
    named = Fix(
        title=f"change the request instead: name the role {meant}",
        edits=(),
        applicability=Applicability.LIKELY if allowed else Applicability.DISPLAY_ONLY,
        result=result if allowed else None,
        steps=(f"RoleArn (or ExecutionRoleArn) of the call: {meant}{then}",),
    )
    return (named, *propose(request, snapshot, result, authorize))


def _who(decision: Decision) -> str:
    caller = parse_caller(decision.request.principal)
    return name_of(caller.role_arn or caller.arn)
