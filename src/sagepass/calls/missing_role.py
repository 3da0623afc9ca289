"""A role that a request names and its account does not have, and which one was probably meant.

Names of roles are unique in an account, but an ARN holds the path as well: with the wrong path it means no role at all.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.policy.arn import parse_arn
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRole:
    """A role that is not there.

    Attributes:
        why: a sentence that says so.
        remedy: what to do about it.
        meant: ARN of the role of that name at another path; empty if there is none.
    """

    why: str
    remedy: str
    meant: str = ""


def missing_role(arn: str, snapshot: Snapshot) -> MissingRole | None:
    """What is wrong with the ARN of a role; ``None`` if the account has it, or was not collected whole."""
    parts = parse_arn(arn)
    if parts is None or not parts.resource.startswith("role/") or set(arn) & set("*?"):
        return None
    account = parts.account
    known = snapshot.has_account(account) and snapshot.incomplete(account) is None
    if not known or snapshot.principal(arn) is not None:
        return None
    name = arn.rpartition("/")[2]
    meant = role_of_that_name(arn, account, snapshot)
    if meant:
        why = f"account {account} has no role {arn}; the role {name} lies at another path"
        return MissingRole(why=why, remedy=f"give the ARN {meant}", meant=meant)
    near = [one for one in snapshot.nearest_principals(arn) if ":role/" in one]
    again = "collect the account again"
    remedy = f"did you mean {near[0]}? If it is new, {again}" if near else again
    return MissingRole(why=f"account {account} has no role {name}", remedy=remedy)


def role_of_that_name(arn: str, account: str, snapshot: Snapshot) -> str:
    """The role of the account that has the name, wherever it lies; empty if there is none."""
    identities = snapshot.identities(account)
    found = identities.role_named(arn.rpartition("/")[2]) if identities else None
    return found.arn if found else ""
