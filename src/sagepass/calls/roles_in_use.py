"""The roles that a call uses: those it passes, and those that are stored in what it names.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sagepass.calls.call import Call
from sagepass.calls.missing_role import missing_role, role_of_that_name
from sagepass.calls.need import Needs
from sagepass.calls.passed_roles import role_arn
from sagepass.calls.request_paths import Found, find_values
from sagepass.calls.resource_arns import arn_of
from sagepass.calls.stored_roles import stored_roles
from sagepass.calls.surroundings import Surroundings
from sagepass.catalog.operations import find_operation
from sagepass.catalog.role_passing import SAGEMAKER, role_passing
from sagepass.policy.arn import parse_arn
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.route import Route

_VARIANTS = ("ProductionVariants[].ModelName", "ShadowProductionVariants[].ModelName")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleInUse:
    """One role that a call uses.

    Attributes:
        arn: the role.
        services: the principals that assume it, likeliest first.
        because: the request field that names the role, or the resource that stores it.
        passed: whether the request itself names it; stored roles were passed earlier.
        holder: ARN of the resource that stores it, empty for a passed role.
        description: the stored description of that resource, whose data the role has to reach.
        refused: why AWS does not take this role, whatever the policies say.
        remedy: what to do about that.
        meant: the role that the remedy names, empty if it names none; the call is looked at as if it used that one.
    """

    arn: str
    services: tuple[str, ...]
    because: Route
    passed: bool
    holder: str = ""
    description: Mapping[str, object] | None = None
    refused: str = ""
    remedy: str = ""
    meant: str = ""

    @property
    def used(self) -> str:
        """The role that the call uses once the remedy is followed; empty if there is none."""
        return self.meant if self.refused else self.arn


def roles_in_use(call: Call, surroundings: Surroundings, needs: Needs) -> tuple[RoleInUse, ...]:
    """The roles in the order of the request; what cannot be found out goes to the open points of ``needs``."""
    operation = find_operation(call.service, call.operation)
    if operation is None:
        return ()
    found: list[RoleInUse] = []
    for path in operation.role_paths:
        passing = role_passing(operation.client, operation.name, path)
        for value in find_values(call.params, path) if passing.certain else ():
            if value.text is None:
                needs.leave_open("the role is not known before the call", "give its ARN", value.route)
                continue
            found.append(_passed(call, value, passing.services, surroundings.snapshot))
    return tuple(found) or _stored(call, surroundings, needs)


def _passed(call: Call, value: Found, services: tuple[str, ...], snapshot: Snapshot) -> RoleInUse:
    arn, problem = role_arn(call, value)
    refused, remedy, meant = _refusal(arn, problem, call, snapshot)
    return RoleInUse(
        arn=arn,
        services=services,
        because=value.route,
        passed=True,
        refused=refused,
        remedy=remedy,
        meant=meant,
    )


def _refusal(arn: str, problem: str, call: Call, snapshot: Snapshot) -> tuple[str, str, str]:
    """Why the role cannot be used at all, what to do instead, and the role that was meant."""
    parts = parse_arn(arn)
    own = call.caller_account or ""
    if problem and parts is not None and parts.service == "iam" and parts.account not in {"*", own}:
        return problem, f"use a role of account {own}", ""
    if ":role/aws-service-role/" in arn:
        return problem, "use an execution role of your own: sagepass preflight --write-role NAME writes one", ""
    if problem:
        meant = role_of_that_name(arn.replace("role/*", "role/"), own, snapshot)
        return problem, f"give the ARN {meant}" if meant else "give the ARN that aws iam get-role prints", meant
    missing = missing_role(arn, snapshot)
    return (missing.why, missing.remedy, missing.meant) if missing else ("", "", "")


def _stored(call: Call, surroundings: Surroundings, needs: Needs) -> tuple[RoleInUse, ...]:
    """Roles out of the descriptions of the resources that the request names, followed to the end.

    A configuration without a role of its own works with the roles of its models: each of them gets its data as well.
    """
    found: dict[tuple[str, str], RoleInUse] = {}
    queue: list[_Stored] = [_Stored(one.holder, one.because) for one in stored_roles(call)]
    seen: set[str] = set()
    while queue:
        one = queue.pop(0)
        if one.holder in seen:
            continue
        seen.add(one.holder)
        description = surroundings.describe(one.holder)
        if description is None:
            needs.leave_open(f"the role that {one.holder} holds", _describe_command(one.holder), one.because)
            continue
        role = _role_of(description)
        through = one.through if role is not None else (*one.through, (one.holder, description))
        further = _further(call, description, has_role=role is not None)
        queue += [_Stored(holder, one.because, through if role is None else ()) for holder in further]
        for holder, content in ((one.holder, description), *one.through) if role is not None else ():
            in_use = RoleInUse(
                arn=role or "",
                services=(SAGEMAKER,),
                because=one.because,
                passed=False,
                holder=holder,
                description=content,
            )
            found.setdefault((in_use.arn, holder), in_use)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Stored:
    """A resource that may hold a role, the field that leads to it, and the resources without a role on the way."""

    holder: str
    because: Route
    through: tuple[tuple[str, Mapping[str, object]], ...] = ()


def _role_of(description: Mapping[str, object]) -> str | None:
    for name in ("ExecutionRoleArn", "RoleArn"):
        value = description.get(name)
        if isinstance(value, str) and value.startswith("arn:"):
            return value
    settings = description.get("DefaultUserSettings")
    value = settings.get("ExecutionRole") if isinstance(settings, Mapping) else None
    return value if isinstance(value, str) and value.startswith("arn:") else None


def _further(call: Call, description: Mapping[str, object], *, has_role: bool) -> list[str]:
    """The resources behind a stored one: the configuration of an endpoint, the models of a configuration."""
    config = description.get("EndpointConfigName")
    is_endpoint = "ProductionVariants" in description and "EndpointName" in description
    if isinstance(config, str) and (is_endpoint or "ProductionVariants" not in description):
        return [arn_of(call, "endpoint-config", EndpointConfigName=config)]
    if has_role and "PrimaryContainer" in description:
        return []
    return [
        arn_of(call, "model", ModelName=found.text)
        for path in _VARIANTS
        for found in find_values(description, path)
        if found.text
    ]


def _describe_command(arn: str) -> str:
    parts = parse_arn(arn)
    if parts is None or "*" in parts.resource:
        return "give the whole name of the resource"
    kind, _, name = parts.resource.partition("/")
    option = f"--{kind}-id" if kind == "domain" else f"--{kind}-name"
    region, account = ("<region>" if parts.region == "*" else parts.region), parts.account.replace("*", "<account>")
    path = f"accounts/{account}/{region}/sagemaker/describe-{kind}/{name}.json"
    return f"aws sagemaker describe-{kind} {option} {name} --region {region} > {path}"
