"""Decides a call: every authorization it needs, one after the other, until one is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, product

from sagepass.calls.call import Call, Needed, ResourceState, Unsettled, Who
from sagepass.calls.operation import authorizations_of
from sagepass.catalog.condition_keys import condition_key, template_matches
from sagepass.endpoint.explanations import Explanations
from sagepass.endpoint.identity import Identity
from sagepass.endpoint.sessions import SessionKind
from sagepass.endpoint.stored_keys import stored_values
from sagepass.engine.authorize import UnknownPrincipal
from sagepass.engine.compiled import Compiled, compiled
from sagepass.engine.decision import Check, Decision, Evaluation, Residual, Undecided
from sagepass.engine.request import Request
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.snapshot.snapshot import Snapshot
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.origin import Origin

_MOST_CHOICES = 32
"""Combinations of values that a request leaves open and that are tried; what leaves more is not determined."""
_OF_THE_CALLER_ALONE = frozenset({"aws:viaawsservice"})
"""What the gate says of the caller's own request, and not of one that a service makes with the caller's credentials."""

_OF_A_ROLE = frozenset({SessionKind.ASSUMED_ROLE, SessionKind.WEB_IDENTITY, SessionKind.SAML})


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDecision:
    """What a call comes to.

    Attributes:
        needed: the authorizations that the call needs.
        effects: what was decided about each, in the same order; nothing after the first that is not allowed, unless all
            were to be decided.
        decisions: the same with their reasons.
        unmapped: the operation is in no table: the action of its own name was decided, on ``*``.
    """

    needed: tuple[Needed, ...]
    effects: tuple[Effect, ...]
    decisions: Explanations
    unmapped: bool = False

    @property
    def allowed(self) -> bool:
        """Only if everything is certainly allowed."""
        return len(self.effects) == len(self.needed) and all(effect is Effect.ALLOW for effect in self.effects)

    @property
    def refused(self) -> tuple[Needed, Decision] | None:
        """The first authorization that is not allowed."""
        return next(self.all_refused(), None)

    def all_refused(self) -> Iterator[tuple[Needed, Decision]]:
        """The authorizations that are not allowed, as far as they were decided."""
        for index, effect in enumerate(self.effects):
            if effect is not Effect.ALLOW:
                yield self.needed[index], self.decisions[index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What decides besides the call.

    Attributes:
        snapshot: the live state.
        identity: the caller.
        context: condition keys of the request.
        region: ``aws:RequestedRegion``; not sent for ``iam:PassRole``, for which AWS does not document it.
        default_account: the owner of a bucket that does not exist (yet).
    """

    snapshot: Snapshot
    identity: Identity
    context: Mapping[str, object]
    region: Mapping[str, object]
    default_account: str


def decide_call(call: Call, at: Circumstances, *, each: bool = False) -> CallDecision:
    """Decide a call. What is not known is not allowed.

    Args:
        call: the call.
        at: who makes it, when and how.
        each: decide every authorization, also after one was refused.
    """
    caller = None if at.identity.anonymous else at.identity.arn
    asked = authorizations_of(call, snapshot=at.snapshot, caller=caller)
    needed = tuple(one for one in asked if one.who is Who.CALLER)
    policies = session_policies(at.identity, at.snapshot)
    effects: list[Effect] = []
    answers: list[Decision | Request] = []
    for one in needed:
        answer = _decide(one, at, policies)
        answers.append(answer)
        effects.append(Effect.ALLOW if isinstance(answer, Request) else answer.effect)
        if effects[-1] is not Effect.ALLOW and not each:
            break
    unmapped = any("not in the catalog" in one.note for one in needed)
    decisions = Explanations(answers, at.snapshot)
    return CallDecision(needed=needed, effects=tuple(effects), decisions=decisions, unmapped=unmapped)


def _decide(needed: Needed, at: Circumstances, policies: tuple[Policy, ...] | None) -> Decision | Request:
    """One authorization; it has to pass with every value that the request leaves open, if a policy asks for it.

    Returns:
        The request that is allowed, or the decision that it is not.
    """
    request = _request(needed, at, policies)
    if _made_anew(at):
        return _gone(request)
    engine = compiled(at.snapshot)
    try:
        asked = engine.keys_asked(request) if needed.unsettled else ()
        stored, still_open = _settled(needed, asked, request, at)
        first = _with(request, stored)
        return _refused(engine, first) or _with_every_choice(engine, first, still_open)
    except UnknownPrincipal:
        return _gone(request)


def _refused(engine: Compiled, request: Request) -> Decision | None:
    return None if engine.decide(request).effect is Effect.ALLOW else engine.explain(request)


def _settled(
    needed: Needed, asked: tuple[str, ...], request: Request, at: Circumstances
) -> tuple[dict[str, object], list[Unsettled]]:
    """What is stored of the keys that a policy asks for and the request leaves open; and those that stay open."""
    known = {key.lower() for key in at.context} - _OF_THE_CALLER_ALONE
    stored: dict[str, object] = {}
    still_open: list[Unsettled] = []
    for one in needed.unsettled:
        if not any(template_matches(one.key, key) for key in asked if key not in known):
            continue
        values = stored_values(one.key, needed, request.resource_account)
        if values is None:
            still_open.append(one)
        else:
            stored |= values
    return stored, still_open


def _with_every_choice(engine: Compiled, request: Request, still_open: list[Unsettled]) -> Decision | Request:
    if not still_open:
        return request
    choices = list(islice(product(*(one.choices for one in still_open)), _MOST_CHOICES + 1))
    if not choices or len(choices) > _MOST_CHOICES:
        return _open(engine.explain(request), still_open)
    for values in choices:
        chosen = {one.key: _value(one, value) for one, value in zip(still_open, values, strict=True)}
        refused = _refused(engine, _with(request, chosen))
        if refused is not None:
            return refused
    return request


def _open(decision: Decision, still_open: list[Unsettled]) -> Decision:
    """Allowed by what is known, but a policy asks for a key whose value nothing tells."""
    keys = tuple(one.key for one in still_open)
    why = "; ".join(f"{one.key} is not known: {one.why}" for one in still_open)
    undecided = (Undecided(reason=why, keys=keys),)

    def unsure(check: Check) -> Check:
        if check.type not in decision.decided_by:
            return check
        return replace(check, effect=Effect.UNKNOWN, reason=why, undecided=undecided)

    evaluations = tuple(
        replace(one, effect=Effect.UNKNOWN, checks=tuple(unsure(check) for check in one.checks))
        for one in decision.evaluations
    )
    check = next(iter(decision.decided_by), CheckType.PRINCIPAL)
    residual = (*decision.residual, Residual(check=check, text=why, keys=keys))
    return replace(decision, effect=Effect.UNKNOWN, evaluations=evaluations, residual=residual)


def _value(one: Unsettled, values: tuple[str, ...] | None) -> object:
    return None if values is None else typed(one.key, values)


def _with(request: Request, more: Mapping[str, object]) -> Request:
    return replace(request, context={**request.context, **more}) if more else request


def _request(needed: Needed, at: Circumstances, policies: tuple[Policy, ...] | None) -> Request:
    region = {} if needed.action.lower() == "iam:passrole" else at.region
    own = {key: typed(key, values) for key, values in needed.context}
    return Request(
        principal=at.identity.arn,
        action=needed.action,
        resource="*" if needed.resource_state is ResourceState.NONE else _resource(needed.resource, at),
        resource_account=_owner(needed, at),
        context={**at.context, **region, **own},
        context_complete=True,
        session_policies=policies,
        federated_by=at.identity.session.federated_by
        if at.identity.session and at.identity.kind is SessionKind.FEDERATION_TOKEN
        else None,
    )


def _resource(resource: str, at: Circumstances) -> str:
    """What a request does not name in full and is known here: the organization's ids."""
    if not resource.startswith("arn:") or ":organizations::*:" not in resource:
        return resource
    management = at.snapshot.management_account or at.identity.account
    organization = at.snapshot.organization_id(management)
    named = resource.replace(":organizations::*:", f":organizations::{management}:", 1)
    return named.replace("/o-*", f"/{organization}", 1) if organization else named


def _made_anew(at: Circumstances) -> bool:
    """Whether the role of a session was deleted and another one has its name: the session is none of that role's.

    A role's id is unique for ever, its name is not.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    session = at.identity.session
    if session is None or session.kind not in _OF_A_ROLE:
        return False
    role = at.snapshot.principal(session.arn)
    issued_for = session.user_id.partition(":")[0]
    return role is not None and role.unique_id != issued_for


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
