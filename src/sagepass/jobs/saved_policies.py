"""The policies of a file with an account's authorization details: what the account itself wrote, each with its holder.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sagepass.jobs.policy_file import MAX_SIZE, PolicyFile, policy_in
from sagepass.snapshot.authorization_details import is_details
from sagepass.source.embedded import parse_embedded
from sagepass.source.json_text import ParsedJson, parse_json
from sagepass.source.origin import Origin
from sagepass.source.read import read_text
from sagepass.source.route import Route

_HOLDERS = (
    ("UserDetailList", "UserName", "UserPolicyList", "user"),
    ("GroupDetailList", "GroupName", "GroupPolicyList", "group"),
    ("RoleDetailList", "RoleName", "RolePolicyList", "role"),
)
_AWS_OWN = (":iam::aws:policy/", ":role/aws-service-role/")
"""Policies that AWS wrote, and roles of its services: nobody in the account can change what they say."""


def policies_in(path: Path) -> tuple[PolicyFile, ...]:
    """The policy of a file, or all those of an account's authorization details.

    Raises:
        NoPolicyError: it holds none.
        SourceError: it cannot be read, or is no JSON.
    """
    parsed = parse_json(read_text(path, max_size=MAX_SIZE), str(path), max_size=MAX_SIZE)
    if not is_details(parsed.value):
        return (policy_in(parsed, path),)
    listed: list[tuple[Route, object]] = [((), parsed.value)]
    if isinstance(parsed.value, list):
        listed = [((index,), page) for index, page in enumerate(parsed.value)]
    return tuple(policy for route, page in listed for policy in _of_page(page, route, parsed, path))


def _of_page(page: object, route: Route, parsed: ParsedJson, path: Path) -> Iterator[PolicyFile]:
    for found in _documents(page, route):
        inner = parse_embedded(found.document, str(path)) if isinstance(found.document, str) else None
        yield PolicyFile(
            name=str(path),
            value=inner.value if inner else found.document,
            duplicates=inner.duplicates if inner else parsed.duplicates,
            origin=Origin(name=str(path), path=path, route=found.route, encoded=inner is not None),
            holder=found.words,
            names=found.names,
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    """A document, the route to it, whose it is in words, and the names in these."""

    document: object
    route: Route
    words: str
    names: tuple[str, ...]


def _documents(page: object, route: Route) -> Iterator[_Kept]:
    for listed, naming, inline, kind in _HOLDERS:
        for at, row in _rows(page, listed, route):
            name = str(row.get(naming))
            for place, policy in _rows(row, inline, at):
                own = str(policy.get("PolicyName"))
                words = f"inline policy {own} of {kind} {name}"
                yield _Kept(policy.get("PolicyDocument"), (*place, "PolicyDocument"), words, (own, name))
            trust = row.get("AssumeRolePolicyDocument")
            if trust is not None:
                yield _Kept(trust, (*at, "AssumeRolePolicyDocument"), f"trust policy of {kind} {name}", (name,))
    for at, row in _rows(page, "Policies", route):
        name = str(row.get("PolicyName"))
        for place, version in _rows(row, "PolicyVersionList", at):
            if version.get("IsDefaultVersion"):
                words = f"customer managed policy {name}"
                yield _Kept(version.get("Document"), (*place, "Document"), words, (name,))


def _rows(value: object, name: str, route: Route) -> Iterator[tuple[Route, Mapping[str, object]]]:
    """The objects of a list of an answer that the account can change."""
    listed = value.get(name) if isinstance(value, Mapping) else None
    for index, row in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(row, Mapping) and not any(own in str(row.get("Arn", "")) for own in _AWS_OWN):
            yield (*route, name, index), row
