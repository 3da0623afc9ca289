"""The policies of a file with an account's authorization details: what the account itself wrote, each with its holder.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sagepass.jobs.policy_file import MAX_SIZE, NoPolicyError, PolicyFile, policy_in
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
    pages = [((index,), page) for index, page in enumerate(parsed.value)] if isinstance(parsed.value, list) else []
    return tuple(policy for route, page in pages or [((), parsed.value)] for policy in _of_page(page, route, parsed, path))


def _of_page(page: object, route: Route, parsed: ParsedJson, path: Path) -> Iterator[PolicyFile]:
    for place, value, holder in _documents(page, route):
        encoded = isinstance(value, str)
        inner = parse_embedded(value, str(path)) if isinstance(value, str) else parsed
        yield PolicyFile(
            name=str(path),
            value=inner.value if encoded else value,
            duplicates=inner.duplicates,
            origin=Origin(name=str(path), path=path, route=place, encoded=encoded),
            holder=holder,
        )


def _documents(page: object, route: Route) -> Iterator[tuple[Route, object, str]]:
    """Every document with the route to it and whose it is."""
    for listed, name, inline, kind in _HOLDERS:
        for at, row in _rows(page, listed, route):
            holder = f"{kind} {row.get(name)}"
            for place, policy in _rows(row, inline, at):
                yield (*place, "PolicyDocument"), policy.get("PolicyDocument"), f"inline policy {policy.get('PolicyName')} of {holder}"
            if "AssumeRolePolicyDocument" in row:
                yield (*at, "AssumeRolePolicyDocument"), row["AssumeRolePolicyDocument"], f"trust policy of {holder}"
    for at, row in _rows(page, "Policies", route):
        for place, version in _rows(row, "PolicyVersionList", at):
            if version.get("IsDefaultVersion"):
                yield (*place, "Document"), version.get("Document"), f"customer managed policy {row.get('PolicyName')}"


def _rows(value: object, name: str, route: Route) -> Iterator[tuple[Route, Mapping[str, object]]]:
    """The objects of a list of an answer that the account can change."""
    listed = value.get(name) if isinstance(value, Mapping) else None
    for index, row in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(row, Mapping) and not any(own in str(row.get("Arn", "")) for own in _AWS_OWN):
            yield (*route, name, index), row


__all__ = ["NoPolicyError", "policies_in"]
