"""The caller's side of a decision: who it is, and the policies that go with it, the same for all its requests."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from sagepass.engine.inputs import boundary_exists, may_be_named_by_arn
from sagepass.engine.layer_index import CallerPlan
from sagepass.engine.request import Request
from sagepass.engine.told import Told
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.context import KeyValue, NoValue
from sagepass.policy.document_index import document_index
from sagepass.policy.match_principal import Naming
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth
from sagepass.snapshot.layer import GuardrailLayer, Layer, Missing
from sagepass.snapshot.principals import PrincipalRecord
from sagepass.snapshot.snapshot import Snapshot


class UnknownPrincipal(ValueError):  # noqa: N818 - it names what is unknown; the message is for people
    """The caller's account was supplied, and the caller is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CallerSide:
    """One caller with its policies.

    Attributes:
        caller: with path and unique id, where they are known.
        tagged: the user or role whose tags the caller carries.
        identity: its identity-based policies.
        boundary: its permissions boundary.
        session: its session policies.
        session_is_stated: the request or the snapshot says which session policies there are.
        service_control: the service control policies over its account.
        keys: the condition keys that follow from it, as far as they were asked for.
        told: what explanations can say of them, where the context is complete and where it is not.
        namings: how Principal elements name it and whether they fit, as far as that was asked.
        trait: what the rules of resources and services ask of it, in one text.
        plans: what its policies can say, by action in lower case, as far as that was asked.
        by_arn: see :func:`sagepass.engine.inputs.may_be_named_by_arn`.
    """

    caller: Caller
    tagged: PrincipalRecord | None
    identity: Layer
    boundary: Layer
    session: Layer
    session_is_stated: bool
    service_control: GuardrailLayer
    keys: dict[str, KeyValue | str | NoValue | None] = field(default_factory=dict)
    told: dict[tuple[Hashable, ...], Told] = field(default_factory=dict)
    namings: dict[StatementTest, tuple[Naming, Truth]] = field(default_factory=dict)
    plans: dict[str, CallerPlan] = field(default_factory=dict)
    has_own_policies: bool = field(init=False)
    is_service_linked: bool = field(init=False)
    trait: str = field(init=False)
    account: str | None = field(init=False)
    has_boundary: Truth = field(init=False)
    by_arn: bool = field(init=False)

    def __post_init__(self) -> None:
        """What every decision asks of the caller, worked out once."""
        object.__setattr__(self, "has_own_policies", self.caller.has_own_policies)
        object.__setattr__(self, "is_service_linked", self.caller.is_service_linked_role)
        trait = f"{self.caller.kind} {self.caller.is_service_linked_role} {self.caller.account}"
        object.__setattr__(self, "trait", trait)
        object.__setattr__(self, "account", self.caller.account)
        object.__setattr__(self, "has_boundary", boundary_exists(self.boundary))
        object.__setattr__(self, "by_arn", may_be_named_by_arn(self.caller, self.session))


def caller_side(request: Request, snapshot: Snapshot) -> CallerSide:
    """Find the caller and its policies.

    Raises:
        ValueError: the principal is none (see :func:`sagepass.policy.caller.parse_caller`).
        UnknownPrincipal: the snapshot has the caller's account in full, but not the caller.
    """
    caller = parse_caller(request.principal, federated_by=request.federated_by)
    record = _record(caller, snapshot)
    if record is not None:
        caller = caller.known_as(path=record.path, unique_id=record.unique_id or None)
    session, stated = _session(request, caller, snapshot)
    return CallerSide(
        caller=caller,
        tagged=None if caller.kind is CallerKind.FEDERATED_USER else record,
        identity=_identity(caller, record),
        boundary=_boundary(caller, record),
        session=session,
        session_is_stated=stated,
        service_control=snapshot.service_control(caller.account or "") if caller.has_own_policies else GuardrailLayer(),
    )


def _record(caller: Caller, snapshot: Snapshot) -> PrincipalRecord | None:
    if caller.kind is CallerKind.FEDERATED_USER:
        return snapshot.principal(caller.federated_by) if caller.federated_by else None
    if caller.kind not in {CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION}:
        return None
    record = snapshot.principal(caller.arn)
    account = caller.account or ""
    if record is None and snapshot.has_account(account) and snapshot.incomplete(account) is None:
        near = snapshot.nearest_principals(caller.arn)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UnknownPrincipal(
            f"the snapshot has account {account}, but no {_noun(caller)} {caller.name}{hint} "
            "(collect the account again if it is new)"
        )
    return record


def _noun(caller: Caller) -> str:
    return "user" if caller.kind is CallerKind.USER else "role"


def session_may_bring_tags(caller: Caller, record: PrincipalRecord | None) -> bool:
    """Whether a session of this role may have been given tags of its own, which override those of the role.

    The trust policy has to allow ``sts:TagSession`` for that
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html).
    """
    if not caller.is_role or record is None:
        return False
    trust = record.trust
    in_play = (one for policy in trust.policies for one in document_index(policy.document).of_action("sts:tagsession"))
    unread = bool(trust.missing) or any(not policy.document.readable for policy in trust.policies)
    return unread or any(not candidate.test.denies for candidate in in_play)


def _identity(caller: Caller, record: PrincipalRecord | None) -> Layer:
    if record is not None:
        return record.identity
    if caller.kind is CallerKind.ROOT or not caller.has_own_policies:
        return Layer()
    if caller.kind is CallerKind.FEDERATED_USER and caller.federated_by is None:
        what = f"the identity-based policies of the IAM user who created the session {caller.arn}"
        return Layer(exists=True, missing=(Missing(what=what, supply="name the user with federated_by"),))
    return Layer(exists=True, missing=(_account_missing("the identity-based policies", caller),))


def _boundary(caller: Caller, record: PrincipalRecord | None) -> Layer:
    if record is not None:
        return record.boundary
    if caller.kind in {CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION}:
        return Layer(missing=(_account_missing("the permissions boundary", caller),))
    return Layer()


def _account_missing(what: str, caller: Caller) -> Missing:
    return Missing(
        what=f"{what} of {caller.role_arn or caller.arn}",
        supply=(
            "aws iam get-account-authorization-details > "
            f"accounts/{caller.account}/iam/get-account-authorization-details.json"
        ),
    )


def _session(request: Request, caller: Caller, snapshot: Snapshot) -> tuple[Layer, bool]:
    if request.session_policies is not None:
        return Layer(policies=request.session_policies, exists=bool(request.session_policies)), True
    stated = snapshot.session_policies(caller.arn)
    if stated is not None:
        return stated, True
    if caller.kind is CallerKind.FEDERATED_USER:
        what = f"the session policy that was passed to GetFederationToken for {caller.arn}"
        return Layer(exists=True, missing=(Missing(what=what, supply="state it in snapshot.json"),)), False
    return Layer(), False
