"""From one API call to the authorizations it needs of its caller.

A create call with tags and a role is at least three: the action itself, on one or more resources, ``iam:PassRole``, and
``sagemaker:AddTags``. AWS reveals them one refusal at a time.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html and the pages named in
the files of this room.
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.calls.assume_role import assume_role_needs, assume_role_operation
from sagepass.calls.call import Call, Confidence, Needed, ResourceState, Unsettled, Values
from sagepass.calls.condition_values import Conditions, conditions_of
from sagepass.calls.further_resources import further_needs, possible_needs
from sagepass.calls.other_services import other_service_needs
from sagepass.calls.passed_roles import passed_roles
from sagepass.calls.resource_arns import Named, resources_of
from sagepass.calls.services.registry import PREFIXES, table_for
from sagepass.calls.services.table import Asked
from sagepass.calls.services.walk import service_needs
from sagepass.calls.tags import add_tags_needed, tag_conditions, takes_request_tags
from sagepass.catalog.actions import find_action
from sagepass.catalog.operation_actions import OWN_ACTIONS
from sagepass.catalog.operations import Operation, ResourceClass, find_operation, known_client
from sagepass.snapshot.snapshot import Snapshot


def authorizations_of(
    call: Call, *, possible: bool = False, snapshot: Snapshot | None = None, caller: str | None = None
) -> tuple[Needed, ...]:
    """Everything that AWS checks for the caller of one API call, in the order: own action, roles, tags, further.

    With ``possible``, also what AWS lists for the operation although the request does not tell whether it is checked.
    An operation that the catalog does not know is answered with the action of the same name and says so. For the services
    of :mod:`sagepass.calls.services` the snapshot settles what a request only names (the path of a role, the key behind an
    alias), and ``caller`` (an ARN) whom an operation means that names nobody.
    """
    if call.service.lower() == "sts" and assume_role_operation(call.operation):
        return assume_role_needs(call, possible=possible)
    table = table_for(call)
    if table is not None:
        return service_needs(Asked(call=call, snapshot=snapshot, caller=caller), table, possible=possible)
    operation = find_operation(call.service, call.operation)
    if operation is None:
        named = _same_named(call)
        return other_service_needs(call, named.action) or (named,)
    resources = resources_of(call, operation)
    own = _own(call, operation, resources)
    needed = [
        *own,
        *passed_roles(call, operation, resources),
        *add_tags_needed(call, operation, resources),
        *(_in_same_context(one, own) for one in further_needs(call, operation)),
        *possible_needs(call, operation, resources),
    ]
    return tuple(one for one in needed if possible or one.confidence is not Confidence.POSSIBLE)


def _in_same_context(needed: Needed, own: list[Needed]) -> Needed:
    """The same action on one more resource is decided with the same keys of the request."""
    same = next((one for one in own if one.action == needed.action), None)
    if same is None:
        return needed
    return replace(needed, context=same.context, absent=same.absent, unsettled=same.unsettled)


def _own(call: Call, operation: Operation, resources: tuple[Named, ...]) -> list[Needed]:
    """The operation's own action or actions, on each of its resources."""
    targets = resources or (_no_resource(operation),)
    conditions = conditions_of(call, operation)
    needed = []
    for name in OWN_ACTIONS.get(operation.name, (operation.name,)):
        action = f"{operation.prefix}:{name}"
        known = find_action(action)
        context, absent, unsettled = _merged(call, operation, action, conditions)
        needed += [
            Needed(
                action=known.id if known else action,
                resource=target.arn,
                resource_state=target.state,
                context=context,
                absent=absent,
                unsettled=unsettled,
                because=target.route,
                confidence=Confidence.DOCUMENTED if known else Confidence.INFERRED,
                note="; ".join(note for note in (target.note, "" if known else _NOT_LISTED) if note),
            )
            for target in targets
        ]
    return needed


_NOT_LISTED = "the Service Authorization Reference of the catalog's date does not list this action"


def _merged(
    call: Call, operation: Operation, action: str, conditions: Conditions
) -> tuple[tuple[tuple[str, Values], ...], tuple[str, ...], tuple[Unsettled, ...]]:
    """The request's keys with those of its tags, where the action can carry tags."""
    context, absent, unsettled = dict(conditions.context), [*conditions.absent], [*conditions.unsettled]
    if takes_request_tags(action):
        tags = tag_conditions(call, operation)
        context |= tags.context
        absent += tags.absent
        unsettled += tags.unsettled
    if action == "sagemaker:AddTags":
        why = "AWS documents this key for tags set by another operation, not for AddTags itself"
        unsettled.append(Unsettled(key="sagemaker:TaggingAction", choices=(None, ("AddTags",)), why=why))
    return tuple(context.items()), tuple(dict.fromkeys(absent)), tuple(unsettled)


def _no_resource(operation: Operation) -> Named:
    if operation.resource_class is ResourceClass.NO_RESOURCE:
        return Named(arn="*", kind="", state=ResourceState.NONE)
    return Named(arn="*", kind="", state=ResourceState.UNKNOWN, note="the resource of this operation is not known")


def _same_named(call: Call) -> Needed:
    """For an operation outside the catalog: the action of the same name, if AWS has one, on an unknown resource."""
    name, prefix = (
        call.operation,
        "sagemaker" if known_client(call.service) else PREFIXES.get(call.service, call.service),
    )
    if "-" in name:
        name = "".join(part[:1].upper() + part[1:] for part in name.split("-"))
    action = find_action(f"{prefix}:{name}")
    no_resource = action is not None and not action.resource_types
    why = "the action of the same name" if action else "an action of the same name is assumed"
    return Needed(
        action=action.id if action else f"{prefix}:{name}",
        resource="*",
        resource_state=ResourceState.NONE if no_resource else ResourceState.UNKNOWN,
        confidence=Confidence.INFERRED,
        note=f"the operation is not in the catalog: {why}" + ("" if no_resource else "; its resource is not known"),
    )
