"""The change of a resource's policy: statements added to what stands there, because each of these APIs replaces it whole.

Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PutModelPackageGroupPolicy.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html,
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html,
https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html and
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sagepass.jobs.share.plan import Statement
from sagepass.policy.arn import parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import CheckType, PolicyType
from sagepass.repair.fix import Edit, Owner
from sagepass.repair.policy_text import document_value, new_document, with_statement
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.snapshot import Snapshot
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.edit import EditError

_NAMES = {"kms": "key policy", "s3": "bucket policy", "ecr": "repository policy"}


def resource_edit(
    holder: str, statements: Sequence[Statement], *, account: str, snapshot: Snapshot | None
) -> tuple[Edit, tuple[str, ...]]:
    """The edit that adds the statements, and what to know before it is made."""
    parts = parse_arn(holder)
    service = parts.service if parts else ""
    stored = _stored(holder, snapshot)
    before = document_value(stored.attached_to(holder)) if stored is not None else None
    fresh = _fresh_sids(statements, before)
    after, readable = _after(
        before, fresh, service=service, account=account, partition=parts.partition if parts else "aws"
    )
    warnings = _warnings(holder, account, snapshot, stored=stored, readable=readable)
    name = stored.name if stored is not None else _NAMES.get(service, "resource-based policy")
    edit = Edit(
        change=PolicyChange(
            holder=holder,
            type=PolicyType.RESOURCE_BASED_POLICY,
            name=name,
            form=PolicyForm.RESOURCE,
            document=after,
            arn=stored.arn if stored is not None else None,
        ),
        policy_type=PolicyType.RESOURCE_BASED_POLICY,
        check=CheckType.RESOURCE,
        where=f"{_NAMES.get(service, 'policy')} of {holder}",
        owner=Owner.KEY if service == "kms" else Owner.RESOURCE_ACCOUNT,
        account=account,
        before=before if readable else None,
        after=after,
        statement=list(fresh),
    )
    return edit, warnings


def _stored(holder: str, snapshot: Snapshot | None) -> StoredPolicy | None:
    """The policy that stands there; those that AWS RAM made are not touched."""
    found = snapshot.stored_resource_policies(holder) if snapshot is not None else ()
    return next((policy for policy in found if policy.form is PolicyForm.RESOURCE), None)


def _after(
    before: Mapping[str, object] | None, statements: Sequence[Statement], *, service: str, account: str, partition: str
) -> tuple[object, bool]:
    if before is not None:
        try:
            return with_statement(before, *statements), True
        except EditError:
            return new_document(*statements), False
    if service == "kms":
        return new_document(_default_key_statement(account, partition), *statements), True
    return new_document(*statements), True


def _default_key_statement(account: str, partition: str) -> Statement:
    """Without it the owner could lose the key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html."""
    return {
        "Sid": "EnableIamPolicies",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def _warnings(
    holder: str, account: str, snapshot: Snapshot | None, *, stored: StoredPolicy | None, readable: bool
) -> tuple[str, ...]:
    if not readable:
        return (f"the policy that stands on {holder} cannot be read, and this one would replace it: mend that first",)
    if stored is not None:
        return ()
    if snapshot is None:
        return (f"it replaces whatever policy stands on {holder}: add the statements to that one",)
    missing = [gap for gap in snapshot.resource_policy(holder).missing if not gap.grants_only]
    return tuple(
        f"{gap.what} was not collected, and this document would replace it; first run: "
        f"{gap.supply.replace('<account>', account)}"
        for gap in missing
    )


def _fresh_sids(statements: Sequence[Statement], before: Mapping[str, object] | None) -> list[Statement]:
    """A Sid is used once in a document (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)."""
    listed = before.get("Statement") if before is not None else None
    rows = listed if isinstance(listed, list) else [listed]
    taken = {str(row["Sid"]) for row in rows if isinstance(row, Mapping) and "Sid" in row}
    fresh: list[Statement] = []
    for statement in statements:
        sid, number = str(statement["Sid"]), 2
        while sid in taken:
            sid, number = f"{statement['Sid']}{number}", number + 1
        taken.add(sid)
        fresh.append({**statement, "Sid": sid})
    return fresh
