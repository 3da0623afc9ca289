"""One authorization request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sagepass.policy.document import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who wants to do what to which resource.

    Attributes:
        principal: ARN of a user, role, role session, federated user or account root; a service principal; ``*`` for
            an anonymous caller.
        action: ``service:Name``, in any case.
        resource: an ARN, or ``*`` for an action without a resource. Wildcards inside an ARN stand for parts that are
            not known before the call: the request is then allowed only if it is for all of them.
        resource_account: the 12-digit account that owns the resource; taken from the ARN or the snapshot if left out.
        context: condition keys with values: a string, or a list for a multivalued key; ``None`` says "absent".
            A given key wins over a derived one.
        context_complete: true if every key that is neither given nor derivable is absent (an access case).
        session_policies: the session policies the session was created with; ``None`` if that is not known.
        federated_by: ARN of the IAM user who called GetFederationToken, for a federated user.
    """

    principal: str
    action: str
    resource: str
    resource_account: str | None = None
    context: Mapping[str, object] = field(default_factory=dict)
    context_complete: bool = False
    session_policies: tuple[Policy, ...] | None = None
    federated_by: str | None = None
