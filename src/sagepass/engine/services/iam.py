"""IAM: roles are passed within one account only; sessions of GetFederationToken cannot call IAM.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
"""

from __future__ import annotations

from sagepass.engine.inputs import Inputs
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import CheckType
from sagepass.policy.truth import Truth


def never(inputs: Inputs) -> tuple[CheckType, str] | None:
    """The reason why this IAM request is refused whatever the policies say."""
    passing = inputs.action.lower() == "iam:passrole"
    if inputs.same_account is Truth.FALSE:
        if passing:
            return CheckType.RESOURCE, (
                "a role can only be passed within its own account; use a role of the caller's account"
            )
        return CheckType.RESOURCE, "users, roles and policies of another account cannot be managed across accounts"
    if inputs.caller.kind is CallerKind.FEDERATED_USER and not passing:
        return CheckType.SESSION, "a session of GetFederationToken cannot call IAM"
    return None
