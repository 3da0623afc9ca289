"""``sagepass explain sharing``: how each SageMaker resource type can be shared with somebody outside its account."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from sagepass.catalog.resources import resource_types, type_of_arn
from sagepass.catalog.sharing import Mechanism, RamPermission, Sharing, shareable_types, sharing_of
from sagepass.jobs.topics.topic import Entry, Section, Topic, TopicAnswer, UnknownSubjectError

_ACL = (
    "SageMaker has no access control lists; those of S3 buckets around it are off unless object ownership is changed, and "
    "nothing here needs them"
)
_ROLES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html"
_WAYS = {Mechanism.POLICY: "a policy of its own", Mechanism.RAM: "a share of AWS RAM", Mechanism.ROLE: "a role"}


def answer(words: tuple[str, ...]) -> TopicAnswer:
    """The page of a type (by its name or an ARN), or of all that have more than a role.

    Raises:
        UnknownSubjectError: SageMaker has no such type.
    """
    asked = words[1:] if words[:1] == ("sagemaker",) else words
    if not asked:
        return _overview()
    if len(asked) > 1:
        raise UnknownSubjectError(
            "sharing takes one type of resource", "for example: sagepass explain sharing pipeline"
        )
    return _page(_row(asked[0]))


def _row(subject: str) -> Sharing:
    name = subject.strip().lower().replace("_", "-").removeprefix("sagemaker:")
    kind = type_of_arn(subject) if subject.startswith("arn:") else None
    row = sharing_of(kind.name if kind is not None else name)
    if row is None:
        near = get_close_matches(name, [known.name for known in resource_types("sagemaker")], n=1)
        remedy = f"did you mean {near[0]}?" if near else "sagepass explain sharing lists the types"
        raise UnknownSubjectError(f"SageMaker has no resource type {subject!r}", remedy)
    return row


def _overview() -> TopicAnswer:
    rows = [row for name in shareable_types() if (row := sharing_of(name)) is not None]
    entries = tuple(Entry(name=row.resource_type, text=_ways(row), links=row.sources[:1]) for row in rows)
    return TopicAnswer(
        title="how SageMaker resources can be shared with somebody outside the account",
        sections=(
            Section(heading="types that have more than a role", entries=entries),
            Section(heading="every type", entries=(_role_entry(),)),
        ),
        notes=(_ACL, "one resource type: sagepass explain sharing TYPE"),
        data={"types": [_row_to_data(row) for row in rows]},
    )


def _ways(row: Sharing) -> str:
    return ", ".join(_WAYS[mechanism] for mechanism in row.mechanisms)


def _page(row: Sharing) -> TopicAnswer:
    sections = [Section(heading="ways", entries=(*_mechanisms(row), _role_entry()))]
    if row.family:
        arns = (f"arn:aws:sagemaker:REGION:ACCOUNT:{part.replace('{name}', 'NAME')}" for part in row.family.values())
        sections.append(Section(heading="policies name it on", entries=tuple(Entry(name=arn) for arn in arns)))
    listed = (("what it takes besides", row.beside), ("to know", row.notes), ("what AWS leaves open", row.open))
    sections += [
        Section(heading=heading, entries=tuple(Entry(name=entry) for entry in entries))
        for heading, entries in listed
        if entries
    ]
    sections.append(Section(heading="pages", entries=tuple(Entry(name=link) for link in row.sources)))
    return TopicAnswer(
        title=f"sharing the SageMaker resource type {row.resource_type}: {_ways(row)}",
        sections=tuple(sections),
        notes=(_ACL,),
        data={"types": [_row_to_data(row)]},
    )


def _mechanisms(row: Sharing) -> Iterator[Entry]:
    if row.policy is not None:
        told = f"set with {row.policy.put}, read with {row.policy.get}, taken away with {row.policy.delete}"
        yield Entry(name="policy", text=f"{told}; callers keep their own permissions, and both sides have to allow")
    if row.ram_type is not None:
        yield Entry(name="ram", text=f"a resource share of the type {row.ram_type}; AWS RAM writes the policy")
        yield from (_permission(item) for item in row.permissions)


def _permission(item: RamPermission) -> Entry:
    actions = " ".join(action.removeprefix("sagemaker:") for action in item.actions or ())
    return Entry(
        name=f"ram permission {item.name or '(the default)'}",
        text="; ".join(text for text in (item.note, actions) if text),
    )


def _role_entry() -> Entry:
    told = "somebody assumes a role of the owner, and has its permissions instead of their own meanwhile"
    return Entry(name="role", text=f"{told}; sagepass share writes it", links=(_ROLES,))


def _row_to_data(row: Sharing) -> dict[str, object]:
    return {
        "resource_type": row.resource_type,
        "mechanisms": [mechanism.value for mechanism in row.mechanisms],
        "policy": row.policy and {"put": row.policy.put, "get": row.policy.get, "delete": row.policy.delete},
        "ram_type": row.ram_type,
        "ram_permissions": [
            {"name": item.name, "actions": None if item.actions is None else list(item.actions), "note": item.note}
            for item in row.permissions
        ],
        "named_on": list(row.family.values()),
        "beside": list(row.beside),
        "notes": list(row.notes),
        "open": list(row.open),
        "sources": list(row.sources),
    }


TOPIC = Topic(
    name="sharing",
    usage="[TYPE]",
    summary="how a SageMaker resource can be shared with somebody outside its account",
    answer=answer,
)
