"""Grants of KMS keys: permissions beside the key policy that only allow.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.policy.arn import Arn
from sagepass.snapshot.answers import Answers
from sagepass.snapshot.layer import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One grant.

    Attributes:
        grant_id: its id.
        name: its name, if it has one.
        grantee: ARN or service principal that may use it.
        operations: names of KMS operations (``Decrypt``, ``GenerateDataKey``), without the service prefix.
        retiring: the principal that may retire it.
        issuing_account: the principal under whose account it was issued.
        encryption_context_subset: pairs that the request's encryption context has to include.
        encryption_context_equals: pairs that the request's encryption context has to be, exactly.
        source_arn: ARN that ``aws:SourceArn`` has to equal, where the grant is limited to one.
    """

    grant_id: str
    name: str = ""
    grantee: str
    operations: tuple[str, ...]
    retiring: str | None = None
    issuing_account: str | None = None
    encryption_context_subset: tuple[tuple[str, str], ...] = ()
    encryption_context_equals: tuple[tuple[str, str], ...] | None = None
    source_arn: str | None = None


def key_grants(answers: Answers, key: Arn) -> tuple[tuple[Grant, ...], tuple[Missing, ...]]:
    """The grants of a key, and what was not collected."""
    name = key.resource.partition("/")[2]
    for file_name in (name, str(key)):
        answer = answers.find(key.account, "kms", "list-grants", file_name, key.region)
        if answer is not None and answer.value is not None:
            rows = answer.rows("Grants")
            return tuple(_grant(row) for row in rows if isinstance(row.get("GranteePrincipal"), str)), ()
    path = f"accounts/{key.account}/{key.region}/kms/list-grants/{name}.json"
    supply = f"aws kms list-grants --key-id {name} --region {key.region} > {path} 2>&1"
    return (), (Missing(what=f"the grants of {key}", supply=supply, grants_only=True),)


def _grant(row: dict[str, object]) -> Grant:
    constraints = row.get("Constraints")
    constraints = constraints if isinstance(constraints, dict) else {}
    operations = row.get("Operations")
    equals = constraints.get("EncryptionContextEquals")
    return Grant(
        grant_id=_text(row.get("GrantId")) or "",
        name=_text(row.get("Name")) or "",
        grantee=_text(row.get("GranteePrincipal")) or "",
        operations=tuple(str(name) for name in operations) if isinstance(operations, list) else (),
        retiring=_text(row.get("RetiringPrincipal")),
        issuing_account=_text(row.get("IssuingAccount")),
        encryption_context_subset=_pairs(constraints.get("EncryptionContextSubset")),
        encryption_context_equals=_pairs(equals) if isinstance(equals, dict) else None,
        source_arn=_text(constraints.get("SourceArn")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(item)) for key, item in value.items()) if isinstance(value, dict) else ()
