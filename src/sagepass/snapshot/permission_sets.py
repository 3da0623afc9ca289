"""Permission sets of IAM Identity Center, which own the reserved roles that people sign in to.

Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.snapshot.answers import Answer, Answers
from sagepass.snapshot.principals import PrincipalRecord

_SERVICE = "sso-admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionSet:
    """One permission set; what was not collected is ``None``.

    Attributes:
        name: as the reserved role's name carries it.
        arn: of the permission set.
        account: the account that holds the saved answer; IAM Identity Center runs in the management account or in a
            delegated one.
        description: as its owner wrote it.
    """

    name: str
    arn: str | None = None
    account: str | None = None
    description: str | None = None


def find_permission_set(answers: Answers, role: PrincipalRecord) -> PermissionSet | None:
    """The permission set behind a reserved role; its name alone where no answer describes it."""
    name = role.permission_set
    if name is None:
        return None
    for answer in _described(answers):
        described = answer.field("PermissionSet")
        if isinstance(described, dict) and described.get("Name") == name:
            arn, text = described.get("PermissionSetArn"), described.get("Description")
            return PermissionSet(
                name=name,
                arn=arn if isinstance(arn, str) else None,
                account=answer.account or None,
                description=text if isinstance(text, str) else None,
            )
    return PermissionSet(name=name)


def _described(answers: Answers) -> list[Answer]:
    accounts = ("", *answers.accounts)
    return [answer for account in accounts for answer in answers.of(account, _SERVICE, "describe-permission-set")]
