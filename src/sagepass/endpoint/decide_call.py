"""Decides a call: every authorization it needs, one after the other, until one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, product

from sagepass.calls.call import Call, Needed, ResourceState, Unsettled, Who
from sagepass.calls.operation import authorizations_of
from sagepass.catalog.condition_keys import condition_key, template_matches
from sagepass.endpoint.identity import Identity
from sagepass.endpoint.sessions import SessionKind
from sagepass.engine.authorize import UnknownPrincipal, authorize, keys_asked
from sagepass.engine.decision import Check, Decision, Evaluation
from sagepass.engine.request import Request
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.snapshot.snapshot import Snapshot
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.origin import Origin

_MOST_CHOICES = 32
"""Combinations of values that a request leaves open and that are tried; what leaves more is not determined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDecision:
    """What a call comes to.

    Attributes:
        needed: the authorizations that the call needs.
        decisions: one for each, in the same order; none after the first that is not allowed.
        unmapped: the operation is in no table: the action of its own name was decided, on ``*``.
    """

    needed: tuple[Needed, ...]
    decisions: tuple[Decision, ...]
    unmapped: bool = False

    @property
    def allowed(self) -> bool:
        """Only if everything is certainly allowed."""
        return len(self.decisions) == len(self.needed) and all(d.effect is Effect.ALLOW for d in self.decisions)

    @property
    def refused(self) -> tuple[Needed, Decision] | None:
        """The authorization that is not allowed."""
        for needed, decision in zip(self.needed, self.decisions, strict=False):
            if decision.effect is not Effect.ALLOW:
                return needed, decision
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What decides besides the call.

    Attributes:
        snapshot: the live state.
        identity: the caller.
        context: condition keys of the request.
        region: ``aws:RequestedRegion``; not sent for ``iam:PassRole``, for which AWS does not document it.
        default_account: the owner of a bucket that does not exist (yet).
        known: resources that the request names indirectly (a key by its alias): the set of ARNs to the one that is meant.
    """

    snapshot: Snapshot
    identity: Identity
    context: Mapping[str, object]
    region: Mapping[str, object]
    default_account: str
    known: Mapping[str, str] = field(default_factory=dict)


def decide_call(call: Call, at: Circumstances) -> CallDecision:
    """Decide a call. What is not known is not allowed."""
    needed = tuple(one for one in authorizations_of(call) if one.who is Who.CALLER)
    policies = session_policies(at.identity, at.snapshot)
    decisions: list[Decision] = []
    for one in needed:
        decision = _decide(one, at, policies)
        decisions.append(decision)
        if decision.effect is not Effect.ALLOW:
            break
    unmapped = any("not in the catalog" in one.note for one in needed)
    return CallDecision(needed=needed, decisions=tuple(decisions), unmapped=unmapped)


def _decide(needed: Needed, at: Circumstances, policies: tuple[Policy, ...] | None) -> Decision:
    """One authorization; it has to pass with every value that the request leaves open, if a policy asks for it."""
    first = _authorize(needed, {}, at, policies)
    if first.effect is not Effect.ALLOW or not needed.unsettled:
        return first
    asked = keys_asked(first.request, at.snapshot) - {key.lower() for key in at.context}
    open_keys = [one for one in needed.unsettled if any(template_matches(one.key, key) for key in asked)]
    if not open_keys:
        return first
    choices = list(islice(product(*(one.choices for one in open_keys)), _MOST_CHOICES + 1))
    if not choices or len(choices) > _MOST_CHOICES:
        return replace(first, effect=Effect.UNKNOWN)
    for values in choices:
        chosen = {one.key: _value(one, value) for one, value in zip(open_keys, values, strict=True)}
        other = _authorize(needed, chosen, at, policies)
        if other.effect is not Effect.ALLOW:
            return other
    return first


def _value(one: Unsettled, values: tuple[str, ...] | None) -> object:
    return None if values is None else typed(one.key, values)


def _authorize(
    needed: Needed, chosen: Mapping[str, object], at: Circumstances, policies: tuple[Policy, ...] | None
) -> Decision:
    region = {} if needed.action.lower() == "iam:passrole" else at.region
    own = {key: typed(key, values) for key, values in needed.context}
    request = Request(
        principal=at.identity.arn,
        action=needed.action,
        resource="*" if needed.resource_state is ResourceState.NONE else _resource(needed.resource, at),
        resource_account=_owner(needed, at),
        context={**at.context, **region, **own, **chosen},
        context_complete=True,
        session_policies=policies,
        federated_by=at.identity.session.federated_by
        if at.identity.session and at.identity.kind is SessionKind.FEDERATION_TOKEN
        else None,
    )
    try:
        return authorize(request, at.snapshot)
    except UnknownPrincipal:
        return _gone(request)


def _resource(resource: str, at: Circumstances) -> str:
    """What a request does not name in full and is known here: the key behind an alias, the organization's ids."""
    resource = at.known.get(resource, resource)
    if not resource.startswith("arn:") or ":organizations::*:" not in resource:
        return resource
    management = at.snapshot.management_account or at.identity.account
    organization = at.snapshot.organization_id(management)
    named = resource.replace(":organizations::*:", f":organizations::{management}:", 1)
    return named.replace("/o-*", f"/{organization}", 1) if organization else named


def _gone(request: Request) -> Decision:
    """The role of a session was deleted: the session has no policies any more."""
    reason = f"the role of {request.principal} no longer exists, so nothing is allowed to its sessions"
    check = Check(type=CheckType.PRINCIPAL, effect=Effect.IMPLICIT_DENY, reason=reason)
    evaluation = Evaluation(
        action=request.action, resource=request.resource, effect=Effect.IMPLICIT_DENY, checks=(check,)
    )
    return Decision(
        request=request, effect=Effect.IMPLICIT_DENY, decided_by=(CheckType.PRINCIPAL,), evaluations=(evaluation,)
    )


def _owner(needed: Needed, at: Circumstances) -> str | None:
    """A bucket that exists nowhere counts as the caller's: that is who would create it."""
    if needed.resource.startswith("arn:") and needed.resource.split(":")[2:3] == ["s3"]:
        return at.snapshot.resource_account(needed.resource) or at.identity.account or at.default_account
    return None


def typed(key: str, values: tuple[str, ...]) -> object:
    """A multivalued key holds a list even for a single value."""
    return values[0] if len(values) == 1 and not _multivalued(key) else list(values)


@lru_cache(maxsize=2048)
def _multivalued(key: str) -> bool:
    known = condition_key(key)
    return known is not None and known.multivalued


def session_policies(identity: Identity, snapshot: Snapshot) -> tuple[Policy, ...] | None:
    """The session policies of temporary credentials; ``()`` says that there are none, for lasting credentials too."""
    session = identity.session
    if session is None:
        return None if identity.anonymous else ()
    found: list[Policy] = []
    if session.policy is not None:
        stored = StoredPolicy(
            name="session policy",
            type=PolicyType.SESSION_POLICY,
            form=PolicyForm.SESSION,
            value=session.policy,
            origin=Origin(name=f"session policy of {session.arn}", value=session.policy, encoded=True),
        )
        found.append(stored.attached_to(session.arn))
    held = snapshot.identities(session.account)
    for arn in session.policy_arns:
        managed = held.managed_policy(arn) if held else None
        if managed is not None:
            found.append(managed.attached_to(session.arn, as_type=PolicyType.SESSION_POLICY))
        else:
            found.append(_nothing(arn, session.arn))
    return tuple(found)


def _nothing(arn: str, holder: str) -> Policy:
    """A managed session policy that was deleted allows nothing."""
    empty: dict[str, object] = {"Version": "2012-10-17", "Statement": []}
    stored = StoredPolicy(
        name=arn.rpartition("/")[2],
        type=PolicyType.SESSION_POLICY,
        form=PolicyForm.CUSTOMER_MANAGED,
        value=empty,
        origin=Origin(name=arn, value=empty),
        arn=arn,
    )
    return stored.attached_to(holder)
