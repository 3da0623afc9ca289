"""Policies as people have them: a document in a file, an answer of the AWS CLI around it, a folder, a managed policy's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sagepass.catalog.managed_policies import managed_policy
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.source.embedded import parse_embedded
from sagepass.source.errors import SourceError
from sagepass.source.json_text import Duplicates, ParsedJson, parse_json
from sagepass.source.origin import Origin
from sagepass.source.read import read_text
from sagepass.source.route import Route

MAX_SIZE = 8 * 1024 * 1024
"""Bytes of one file; the largest policy that AWS takes has 20,480 characters."""
_WRAPPERS: tuple[Route, ...] = (
    (),
    ("PolicyVersion", "Document"),
    ("PolicyDocument",),
    ("Document",),
    ("Role", "AssumeRolePolicyDocument"),
    ("AssumeRolePolicyDocument",),
    ("ResourcePolicy",),
    ("Policy", "Content"),
    ("Policy",),
    ("policyText",),
    ("policy",),
)
"""Where the answers of AWS's commands keep the document."""
_TRUST_ACTIONS = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """One policy: where it comes from and what it says.

    Attributes:
        name: the path or the managed policy's name.
        value: the document as JSON values.
        duplicates: keys that stood twice in one object.
        origin: leads to its text.
        holder: whose it is, where a file holds the policies of many: ``inline policy studio of role Execution``.
        names: the names in that phrase.
    """

    name: str
    value: object
    duplicates: Duplicates
    origin: Origin
    holder: str = ""
    names: tuple[str, ...] = ()

    def document(self, policy_type: PolicyType) -> Document:
        """The document, read as a policy of this type."""
        return parse_document(self.value, origin=self.origin, policy_type=policy_type, duplicates=self.duplicates)


class NoPolicyError(SourceError):
    """A file that can be read and holds no policy."""


def read_policies(place: str) -> tuple[PolicyFile, ...]:
    """The policies at a place.

    Args:
        place: a file with a document, or with an answer of the AWS CLI that holds one; a folder, whose ``.json`` files
            add up; or the name or ARN of an AWS managed policy.

    Raises:
        SourceError: nothing usable is there.
    """
    path = Path(place)
    if path.is_dir():
        found = tuple(read_policy(file) for file in json_files(path))
        if not found:
            raise SourceError("there is no .json file in this folder", name=place, remedy="name a policy file")
        return found
    if not path.exists():
        managed = managed_policy(place)
        if managed is not None:
            value = dict(managed.document)
            origin = Origin(name=managed.name, value=value)
            return (PolicyFile(name=managed.name, value=value, duplicates=Duplicates(), origin=origin),)
    return (read_policy(path),)


def json_files(folder: Path) -> Iterator[Path]:
    """The ``.json`` files below a folder, in order; hidden folders are left out."""
    for file in sorted(folder.rglob("*.json")):
        if not any(part.startswith(".") for part in file.relative_to(folder).parts):
            yield file


def read_policy(path: Path) -> PolicyFile:
    """One file.

    Raises:
        SourceError: it cannot be read, is no JSON, or holds no policy.
    """
    return policy_in(parse_json(read_text(path, max_size=MAX_SIZE), str(path), max_size=MAX_SIZE), path)


def policy_in(parsed: ParsedJson, path: Path) -> PolicyFile:
    """The one policy of a file that has been read.

    Raises:
        SourceError: it holds none, or one that is no JSON.
    """
    for route in _WRAPPERS:
        value = _at(parsed.value, route)
        if isinstance(value, Mapping) and "Statement" in value:
            origin = Origin(name=str(path), path=path, route=route)
            return PolicyFile(name=str(path), value=value, duplicates=parsed.duplicates, origin=origin)
        if route and isinstance(value, str):
            inner = parse_embedded(value, str(path))
            origin = Origin(name=str(path), path=path, route=route, encoded=True)
            return PolicyFile(name=str(path), value=inner.value, duplicates=inner.duplicates, origin=origin)
    raise NoPolicyError(
        "there is no policy in it",
        name=str(path),
        remedy="give a policy document, or the answer of the AWS CLI with one",
    )


def _at(value: object, route: Route) -> object:
    for step in route:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def kind_of(policy: PolicyFile) -> PolicyType:
    """What a policy looks like: one with principals belongs to a resource, or to a role if it is about assuming one."""
    statements = policy.value.get("Statement") if isinstance(policy.value, Mapping) else None
    listed = [
        item for item in (statements if isinstance(statements, list) else [statements]) if isinstance(item, Mapping)
    ]
    if not any("Principal" in item or "NotPrincipal" in item for item in listed):
        return PolicyType.IDENTITY_BASED_POLICY
    without_resource = not any("Resource" in item or "NotResource" in item for item in listed)
    actions = [action for item in listed for action in _strings(item.get("Action"))]
    trusting = all(action.lower().startswith(_TRUST_ACTIONS) for action in actions)
    return PolicyType.ROLE_TRUST_POLICY if trusting and without_resource else PolicyType.RESOURCE_BASED_POLICY


def _strings(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
