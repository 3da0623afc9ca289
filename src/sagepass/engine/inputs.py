"""Everything that one decision is computed from."""

from __future__ import annotations

from dataclasses import dataclass, field

from sagepass.engine.reading_of import reading_of
from sagepass.engine.request import Request
from sagepass.policy.caller import Caller, CallerKind
from sagepass.policy.context import Context
from sagepass.policy.match_statement import MatchRequest
from sagepass.policy.truth import Truth
from sagepass.snapshot.grants import Grant
from sagepass.snapshot.layer import GuardrailLayer, Layer, Missing


def boundary_exists(boundary: Layer) -> Truth:
    """Whether the caller has a permissions boundary, which NotPrincipal depends on."""
    if boundary.missing and not boundary.exists:
        return Truth.UNKNOWN
    return Truth.of(boundary.exists)


def may_be_named_by_arn(caller: Caller, session: Layer) -> bool:
    """Whether a grant to ``*`` under ``aws:PrincipalArn`` counts like one to the caller itself.

    A session of GetFederationToken that is not known to have a session policy has no permissions; the one exception is a policy that
    "specifically references the federated user session in the Principal element", and ``*`` does not.
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
    """
    return caller.kind is not CallerKind.FEDERATED_USER or bool(session.policies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The policies of every check, the caller, and the context.

    ``limited`` callers (users, roles, federated users, root) have an account with policies of their own; services,
    outside identities and anonymous callers have none.
    """

    request: Request
    caller: Caller
    action: str
    resource: str
    resource_account: str | None
    context: Context
    identity: Layer = field(default_factory=Layer)
    boundary: Layer = field(default_factory=Layer)
    session: Layer = field(default_factory=Layer)
    resource_policy: Layer = field(default_factory=Layer)
    vpc_endpoint: Layer = field(default_factory=Layer)
    service_control: GuardrailLayer = field(default_factory=GuardrailLayer)
    resource_control: GuardrailLayer = field(default_factory=GuardrailLayer)
    grants: tuple[Grant, ...] = ()
    grants_missing: tuple[Missing, ...] = ()
    assumptions: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """The service prefix of the action, in lower case."""
        return self.action.partition(":")[0].lower()

    @property
    def has_own_policies(self) -> bool:
        """False for services, identities of a provider and anonymous callers: they have no identity policies."""
        return self.caller.has_own_policies

    @property
    def same_account(self) -> Truth:
        """Whether caller and resource are in one account; unknown if the resource's owner is."""
        if self.resource_account is None:
            return Truth.UNKNOWN
        return Truth.of(self.caller.account == self.resource_account)

    @property
    def match_request(self) -> MatchRequest:
        """What statements are matched against."""
        return MatchRequest(
            caller=self.caller,
            action=self.action,
            resource=self.resource,
            reading=reading_of(self.action, self.resource),
            context=self.context,
            has_boundary=boundary_exists(self.boundary),
        )
