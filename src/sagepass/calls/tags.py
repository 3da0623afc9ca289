"""Tags in a request: the keys they give the action itself, and the ``AddTags`` check on what is made.

A call with tags authorizes ``sagemaker:AddTags`` on the new resource as well, with ``sagemaker:TaggingAction`` holding the
name of the creating API. Studio, Step Functions, CloudFormation and Service Catalog add tags on the way, so that the
check is made although the request has none.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html and the operations table
of https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.calls.call import AddedTags, Call, Confidence, Needed, ResourceState, Unsettled
from sagepass.calls.condition_values import Conditions
from sagepass.calls.request_paths import find_values, is_open
from sagepass.calls.resource_arns import Named
from sagepass.catalog.condition_keys import keys_of_action
from sagepass.catalog.operation_actions import AUTOMATIC_TAG_KEYS, CREATED_TYPES, LISTED_WITH_ADD_TAGS
from sagepass.catalog.operations import Operation

_REQUEST_TAG, _TAG_KEYS = "aws:RequestTag/${TagKey}", "aws:TagKeys"
_TAGS_ITSELF = frozenset({"AddTags", "TagResource"})


def tag_conditions(call: Call, operation: Operation) -> Conditions:
    """``aws:RequestTag/…`` and ``aws:TagKeys`` of the request, tags that are added on the way included."""
    conditions = Conditions()
    if operation.name in {"DeleteTags", "UntagResource"}:
        removed = find_values(call.params, "TagKeys[]")
        conditions.context[_TAG_KEYS] = tuple(found.text for found in removed if found.text)
        return conditions
    keys: list[str] = []
    open_keys = is_open(call.params.get("Tags"))
    for key, value in _pairs(call):
        if key is None:
            open_keys = True
            continue
        keys.append(key)
        if value is None:
            why = "the value of the tag is not known before the call"
            conditions.unsettled.append(Unsettled(key=f"aws:RequestTag/{key}", choices=(), why=why))
        else:
            conditions.context[f"aws:RequestTag/{key}"] = (value,)
    if open_keys:
        conditions.unsettled.append(Unsettled(key=_TAG_KEYS, choices=(), why="a tag is not known before the call"))
        return conditions
    conditions.absent.append(_REQUEST_TAG)
    if keys:
        conditions.context[_TAG_KEYS] = tuple(keys)
    else:
        conditions.absent.append(_TAG_KEYS)
    return conditions


def add_tags_needed(call: Call, operation: Operation, resources: tuple[Named, ...]) -> tuple[Needed, ...]:
    """The ``AddTags`` checks of a call: none unless it sets tags or tags are added on the way."""
    if not operation.has_tags or operation.name in _TAGS_ITSELF or operation.prefix != "sagemaker":
        return ()
    conditions = tag_conditions(call, operation)
    if not conditions.context and not conditions.unsettled:
        return ()
    listed = operation.name in LISTED_WITH_ADD_TAGS
    context = {"sagemaker:TaggingAction": (operation.name,), **conditions.context}
    return tuple(
        Needed(
            action="sagemaker:AddTags",
            resource=made.arn,
            resource_state=made.state,
            context=tuple(context.items()),
            absent=tuple(conditions.absent),
            unsettled=tuple(conditions.unsettled),
            because=("Tags",) if call.params.get("Tags") else (),
            confidence=Confidence.DOCUMENTED if listed else Confidence.INFERRED,
            note=_note(call, listed=listed),
        )
        for made in _made(operation, resources)
    )


def _pairs(call: Call) -> list[tuple[str | None, str | None]]:
    """Key and value of each tag; ``None`` where a template or pipeline fills it in later.

    The clients of SageMaker take a list of ``Key`` and ``Value``, the geospatial client a map.
    """
    tags = call.params.get("Tags")
    pairs: list[tuple[str | None, str | None]] = []
    if isinstance(tags, Mapping) and not is_open(tags):
        pairs += [(str(key), value if isinstance(value, str) else None) for key, value in tags.items()]
    elif isinstance(tags, list | tuple):
        for tag in tags:
            entry = tag if isinstance(tag, Mapping) and not is_open(tag) else {}
            key, value = entry.get("Key"), entry.get("Value", "")
            pairs.append((key if isinstance(key, str) else None, value if isinstance(value, str) else None))
    if call.added_tags is not AddedTags.NONE:
        pairs += [(key, None) for key in AUTOMATIC_TAG_KEYS[call.added_tags]]
    return pairs


def _made(operation: Operation, resources: tuple[Named, ...]) -> tuple[Named, ...]:
    """The resources that the operation makes, and so the ones it tags."""
    kinds = list(dict.fromkeys(found.kind for found in resources))
    if not kinds:
        return (Named(arn="*", kind="", state=ResourceState.UNKNOWN, note="what is made is not known"),)
    own = CREATED_TYPES.get(operation.name) or _spelled_type(operation.name, kinds) or kinds[0]
    return tuple(found for found in resources if found.kind == own) or resources[:1]


def _spelled_type(name: str, kinds: list[str]) -> str | None:
    """The type whose name the operation spells: ``CreateEndpoint`` makes an ``endpoint``."""
    spelled = name.removeprefix("Create").lower()
    return next((kind for kind in kinds if kind.replace("-", "") == spelled), None)


def _note(call: Call, *, listed: bool) -> str:
    notes = []
    if call.added_tags is not AddedTags.NONE:
        notes.append(f"tags are added on the way ({call.added_tags.value}), also without Tags in the request")
    if not listed:
        notes.append("AWS's operations table does not list AddTags here, although the request can set tags")
    return "; ".join(notes)


def takes_request_tags(action: str) -> bool:
    """Whether an action's own context can carry the request's tags."""
    keys = keys_of_action(action)
    return keys is None or _TAG_KEYS.lower() in keys
