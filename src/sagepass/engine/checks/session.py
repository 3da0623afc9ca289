"""The session policies of a role session or federated user: the session has what both they and the identity allow.

A federated user without a session policy has no permissions of its own.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session,
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
"""

from __future__ import annotations

from sagepass.engine.checks.applied import Applied, takes_no_part
from sagepass.engine.inputs import Inputs
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import CheckType

_SESSIONS = frozenset({CallerKind.ROLE_SESSION, CallerKind.ROLE, CallerKind.FEDERATED_USER, CallerKind.USER})


def applied_session(inputs: Inputs) -> Applied:
    """The session policies; no impact if there are none."""
    layer = inputs.session
    if inputs.caller.kind not in _SESSIONS:
        return takes_no_part(CheckType.SESSION, "this kind of caller has no session policy")
    federated = inputs.caller.kind is CallerKind.FEDERATED_USER
    none = not layer.exists and not layer.missing
    if none and not federated:
        kind = "a user's own credentials have" if inputs.caller.kind is CallerKind.USER else "the session has"
        return takes_no_part(CheckType.SESSION, f"{kind} no session policy")
    note = "a federated user without a session policy has no permissions of its own" if none else ""
    return Applied(type=CheckType.SESSION, policies=layer.policies, missing=layer.missing, note=note)
