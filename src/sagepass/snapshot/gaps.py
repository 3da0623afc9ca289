"""What a snapshot lacks, what that costs, and the one command that supplies it: ``sagepass snapshot check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagepass.snapshot.identities import details_command
from sagepass.snapshot.layer import GuardrailLayer, Missing

if TYPE_CHECKING:
    from sagepass.snapshot.snapshot import Snapshot

_MAX_RESOURCES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that was not collected.

    Attributes:
        what: a noun phrase.
        costs: what cannot be decided without it.
        command: the one AWS CLI command (or statement in ``snapshot.json``) that supplies it.
    """

    what: str
    costs: str
    command: str


def find_gaps(snapshot: Snapshot) -> list[Gap]:
    """Everything that is missing, in the order in which it matters; each gap once."""
    found: dict[str, Gap] = {}
    for gap in (*_identities(snapshot), *_organization(snapshot), *_resources(snapshot), *_endpoints(snapshot)):
        found.setdefault(gap.what, gap)
    return list(found.values())


def _identities(snapshot: Snapshot) -> Iterator[Gap]:
    for account in snapshot.accounts:
        identities = snapshot.identities(account)
        if identities is None:
            yield Gap(
                what=f"the users, groups, roles and policies of account {account}",
                costs="nothing can be decided about principals of this account",
                command=details_command(account),
            )
            continue
        cut = snapshot.incomplete(account)
        if cut is not None:
            yield _gap(cut, "principals and policies on those pages are not found")
        for record in snapshot.principals(account):
            layers = (record.identity, record.boundary, record.trust)
            for missing in (missing for layer in layers for missing in layer.missing):
                yield _gap(missing, f"decisions about {record.arn} that depend on it stay unknown")


def _organization(snapshot: Snapshot) -> Iterator[Gap]:
    for account in snapshot.accounts:
        for words, layer in (
            ("service control policies", snapshot.service_control(account)),
            ("resource control policies", snapshot.resource_control(account)),
        ):
            for missing in _all_missing(layer):
                costs = f"whether {words} block a request in account {account} stays unknown"
                yield _gap(missing, f'{costs}; an account in no organization: "no_organization" in snapshot.json')


def _all_missing(layer: GuardrailLayer) -> Iterator[Missing]:
    yield from layer.missing
    for level in layer.levels:
        yield from level.missing


def _resources(snapshot: Snapshot) -> Iterator[Gap]:
    """The policies of the resources that the account's own policies name in full."""
    for arn in _resources_named(snapshot):
        for missing in snapshot.resource_policy(arn).missing:
            yield _gap(missing, "a Deny there, or a grant to another account, would not be seen")
        if ":kms:" in arn:
            for missing in snapshot.key_grants(arn)[1]:
                yield _gap(missing, "permissions by grant would not be seen")


def _resources_named(snapshot: Snapshot) -> list[str]:
    found: dict[str, None] = {}
    for record in snapshot.principals():
        for policy in record.identity.policies:
            for statement in policy.document.statements:
                for element in statement.resources or ():
                    arn = _named_in_full(element.value)
                    if arn is not None:
                        found[arn] = None
                        if len(found) >= _MAX_RESOURCES:
                            return list(found)
    return list(found)


def _named_in_full(element: str) -> str | None:
    """The one resource that an element is about: itself, or the bucket of its objects; none where it is many."""
    head = ":".join(element.split(":")[:6])
    arn = head.removesuffix("/*")
    if not arn.startswith("arn:") or ":iam:" in arn or set("*?$") & set(arn):
        return None
    every_of_a_type = arn != head and ":s3:" not in arn and "/" not in arn
    return None if every_of_a_type else arn


def _endpoints(snapshot: Snapshot) -> Iterator[Gap]:
    for account in snapshot.accounts:
        if not snapshot.answers().of(account, "ec2", "describe-vpc-endpoints"):
            region = snapshot.default_region or "<region>"
            path = f"accounts/{account}/{region}/ec2/describe-vpc-endpoints.json"
            yield Gap(
                what=f"the VPC endpoints of account {account}",
                costs="a request that goes through a VPC endpoint cannot be decided; that none is used is assumed",
                command=f"aws ec2 describe-vpc-endpoints --region {region} > {path}",
            )


def _gap(missing: Missing, costs: str) -> Gap:
    return Gap(what=missing.what, costs=costs, command=missing.supply)
