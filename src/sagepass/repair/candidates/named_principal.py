"""How the policy of a resource names the caller, so that it stays named: permission sets by pattern, deleted ones anew.

Sources: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.engine.decision import Difference
from sagepass.policy.arn import parse_arn
from sagepass.policy.match_statement import Part
from sagepass.repair.option import Situation
from sagepass.repair.statement_for import resource_statement

_SSO_PATH = "/aws-reserved/sso.amazonaws.com/"
_SSO_PREFIX = "AWSReservedSSO_"


def for_caller(situation: Situation) -> dict[str, object]:
    """The bare statement; a role of IAM Identity Center is named by the pattern of its permission set.

    Its own name ends in a hash that changes when the permission set is assigned anew, and with it the role.
    """
    statement = resource_statement(situation)
    pattern = sso_pattern(situation)
    if pattern is None:
        return statement
    parts = parse_arn(situation.principal_arn or "")
    account, partition = situation.caller.account, parts.partition if parts else "aws"
    block = statement.get("Condition")
    return {
        **statement,
        "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
        "Condition": {**(block if isinstance(block, dict) else {}), "ArnLike": {"aws:PrincipalArn": pattern}},
    }


def sso_pattern(situation: Situation) -> str | None:
    """The ARN pattern of all roles of the caller's permission set in its account; ``None`` for other callers.

    As many ``?`` as the hash has characters: ``*`` would also match a permission set whose name goes on. The path tells the
    Region of IAM Identity Center, if it has one; a session does not tell it.
    """
    name, role = situation.caller.sso_permission_set, situation.caller.name
    if name is None or role is None:
        return None
    pattern = f"{_SSO_PREFIX}{name}_{'?' * len(role.rpartition('_')[2])}"
    known, _, _ = (situation.principal_arn or "").rpartition("/")
    if _SSO_PATH in f"{known}/":
        return f"{known}/{pattern}"
    return f"arn:{situation.caller.partition}:iam::{situation.caller.account}:role{_SSO_PATH}*{pattern}"


def without_principals(situation: Situation) -> Situation:
    """The situation without the statements that name somebody else: the caller gets a statement of its own."""
    nearest = tuple(miss for miss in situation.check.nearest if miss.part is not Part.PRINCIPAL)
    return replace(situation, check=replace(situation.check, nearest=nearest))


def repairs_deleted(situation: Situation) -> bool:
    """Whether the nearest statement only has to get the ARN of a principal back that was deleted and made again."""
    return any(
        miss.difference is Difference.DELETED_PRINCIPAL and miss.others == 0 and not lives(situation, miss.expected)
        for miss in situation.check.nearest
    )


def lives(situation: Situation, unique_ids: tuple[str, ...]) -> bool:
    """Whether a unique id belongs to a principal that exists: then it was written on purpose and nobody was deleted."""
    return any(record.unique_id in unique_ids for record in situation.snapshot.principals() if record.unique_id)
