"""The session policies of a role session or federated user: the session has what both they and the identity allow.

A federated user without a session policy has no permissions of its own.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session,
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.engine.checks.facts import Facts, gather_facts, not_applicable
from sagepass.engine.inputs import Inputs
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import CheckType

_SESSIONS = frozenset({CallerKind.ROLE_SESSION, CallerKind.ROLE, CallerKind.FEDERATED_USER, CallerKind.USER})


def session_facts(inputs: Inputs) -> Facts:
    """What the session policies say; no impact if there are none."""
    layer = inputs.session
    if inputs.caller.kind not in _SESSIONS:
        return not_applicable(CheckType.SESSION, "this kind of caller has no session policy")
    federated = inputs.caller.kind is CallerKind.FEDERATED_USER
    if not layer.exists and not layer.missing and not federated:
        kind = "a user's own credentials have" if inputs.caller.kind is CallerKind.USER else "the session has"
        return not_applicable(CheckType.SESSION, f"{kind} no session policy")
    facts = gather_facts(CheckType.SESSION, layer.policies, inputs.match_request, exists=True, missing=layer.missing)
    if federated and not layer.exists and not layer.missing:
        return replace(facts, note="a federated user without a session policy has no permissions of its own")
    return facts
