"""``sagepass explain sharing TYPE``: how a SageMaker resource type can be shared with somebody outside its account."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from sagepass.catalog.resources import resource_types
from sagepass.catalog.sharing import Mechanism, RamPermission, Sharing, shareable_types, sharing_of
from sagepass.source.finding import CodeDoc

_ACL = (
    "SageMaker has no access control lists. Those of S3 buckets around it are handled as what they are: off unless object "
    "ownership is changed, and never needed for any of this."
)
_ROLE = (
    "- role: works for every type. Somebody assumes a role of your account, and has its permissions instead of their own "
    "meanwhile. `sagepass share` writes it."
)


class SharingTopic:
    """The topic: its name, a line for lists, and its pages as :class:`~sagepass.source.finding.CodeDoc` and as data."""

    name = "sharing"
    summary = "how a SageMaker resource type can be shared with somebody outside its account"

    def subjects(self) -> tuple[str, ...]:
        """Every type that a page can be asked for."""
        return tuple(kind.name for kind in resource_types("sagemaker"))

    def page(self, subject: str | None = None) -> CodeDoc:
        """The page of a type, or of all that have more than a role.

        Raises:
            LookupError: SageMaker has no such type; its argument is the nearest name, or nothing.
        """
        return _overview() if subject is None else _page(_row(subject))

    def data(self, subject: str | None = None) -> dict[str, Any]:
        """The same as plain data.

        Raises:
            LookupError: SageMaker has no such type; its argument is the nearest name, or nothing.
        """
        rows = [_row(name) for name in shareable_types()] if subject is None else [_row(subject)]
        return {"topic": self.name, "types": [_row_to_json(row) for row in rows]}


def _row(subject: str) -> Sharing:
    name = subject.strip().lower().replace("_", "-").replace(" ", "-").removeprefix("sagemaker:")
    row = sharing_of(name)
    if row is None:
        raise LookupError(*get_close_matches(name, [kind.name for kind in resource_types("sagemaker")], n=1))
    return row


def _overview() -> CodeDoc:
    lines = [f"- {name}: {_short(_row(name))}" for name in shareable_types()]
    body = "\n".join(("These types have more than a role:", "", *lines, "", _ROLE, "", _ACL))
    return CodeDoc(code="sharing", summary=SharingTopic.summary, body=body, links=())


def _short(row: Sharing) -> str:
    words = {Mechanism.POLICY: "a policy of its own", Mechanism.RAM: "a share of AWS RAM", Mechanism.ROLE: "a role"}
    return ", ".join(words[mechanism] for mechanism in row.mechanisms)


def _page(row: Sharing) -> CodeDoc:
    return CodeDoc(
        code=f"sharing {row.resource_type}",
        summary=f"how a {row.resource_type} is shared: {_short(row)}",
        body="\n\n".join(_paragraphs(row)),
        links=row.sources,
    )


def _paragraphs(row: Sharing) -> Iterator[str]:
    ways = []
    if row.policy is not None:
        ways.append(
            f"- policy: set with {row.policy.put}, read with {row.policy.get}, taken away with {row.policy.delete}. "
            "Callers of other accounts keep their own permissions; both sides have to allow."
        )
    if row.ram_type is not None:
        ways.append(f"- ram: a resource share of AWS RAM, as the type {row.ram_type}.")
        ways += [f"  {_permission(item)}" for item in row.permissions]
    yield "\n".join((*ways, _ROLE))
    if row.family:
        yield "Policies name it on:\n" + "\n".join(
            f"  arn:aws:sagemaker:REGION:ACCOUNT:{pattern.replace('{name}', 'NAME')}" for pattern in row.family.values()
        )
    for title, entries in (
        ("What it takes besides", row.beside),
        ("To know", row.notes),
        ("What AWS leaves open", row.open),
    ):
        if entries:
            yield f"{title}:\n" + "\n".join(f"- {entry}" for entry in entries)
    yield _ACL


def _permission(item: RamPermission) -> str:
    name = item.name or "(the default permission)"
    note = f" ({item.note})" if item.note else ""
    if item.actions is None:
        return f"{name}{note}"
    actions = " ".join(action.removeprefix("sagemaker:") for action in item.actions)
    return f"{name}{note}: {actions}"


def _row_to_json(row: Sharing) -> dict[str, Any]:
    return {
        "resource_type": row.resource_type,
        "mechanisms": [mechanism.value for mechanism in row.mechanisms],
        "policy": None
        if row.policy is None
        else {"put": row.policy.put, "get": row.policy.get, "delete": row.policy.delete},
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


TOPIC = SharingTopic()
