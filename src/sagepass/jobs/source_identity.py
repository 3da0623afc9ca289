"""A role that SageMaker may assume, and may still not take where Studio passes on who the user is.

A domain with ExecutionRoleIdentityConfig USER_PROFILE_NAME sets a source identity, and AWS refuses the whole AssumeRole call if the
trust policy does not allow ``sts:SetSourceIdentity`` as well; so does the next role that such a session assumes.
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sagepass.catalog.role_passing import SAGEMAKER
from sagepass.engine.authorize import authorize
from sagepass.engine.decision import Decision
from sagepass.policy.kinds import Effect
from sagepass.snapshot.snapshot import Snapshot


def source_identity_note(decision: Decision, snapshot: Snapshot) -> Iterator[str]:
    """What a denial can rest on although the trust policy allows the call that it names."""
    request = decision.request
    if (
        decision.effect is not Effect.ALLOW
        or request.principal != SAGEMAKER
        or request.action.lower() != "sts:assumerole"
    ):
        return
    if authorize(replace(request, action="sts:SetSourceIdentity"), snapshot).effect is not Effect.ALLOW:
        yield (
            "the trust policy does not allow sts:SetSourceIdentity to the service: where the Studio domain passes on who the user is "
            "(ExecutionRoleIdentityConfig USER_PROFILE_NAME), AssumeRole is refused without it"
        )
