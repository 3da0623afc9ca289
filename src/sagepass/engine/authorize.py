"""Decides a request from a snapshot: finds the caller, the policies of every check and the context, then decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sagepass.engine.decide import decide
from sagepass.engine.decision import Decision
from sagepass.engine.derive_context import derive_context
from sagepass.engine.inputs import Inputs
from sagepass.engine.request import Request
from sagepass.engine.resource_owner import owner_of
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.document import Policy
from sagepass.policy.variables import variable_keys
from sagepass.snapshot.layer import GuardrailLayer, Layer, Missing
from sagepass.snapshot.principals import PrincipalRecord
from sagepass.snapshot.snapshot import Snapshot

_STS_ON_ROLES = "sts"


class UnknownPrincipal(ValueError):  # noqa: N818 - it names what is unknown; the message is for people
    """The caller's account was supplied, and the caller is not in it."""


def authorize(request: Request, snapshot: Snapshot) -> Decision:
    """Decide one request from what the snapshot knows; what it does not know makes the decision conditional.

    Raises:
        ValueError: the principal is none (see :func:`sagepass.policy.caller.parse_caller`).
        UnknownPrincipal: the snapshot has the caller's account in full, but not the caller.
    """
    return decide(inputs_of(request, snapshot))


def inputs_of(request: Request, snapshot: Snapshot) -> Inputs:
    """Everything that the decision is computed from."""
    caller = parse_caller(request.principal, federated_by=request.federated_by)
    record = _record(caller, snapshot)
    if record is not None:
        caller = caller.known_as(path=record.path, unique_id=record.unique_id or None)
    account = request.resource_account or snapshot.resource_account(request.resource)
    account = account or owner_of(request.resource, caller)
    layers = _layers(request, caller, record, account, snapshot)
    policies = tuple(_policies(layers.values()))
    context = derive_context(request, caller, account, snapshot, _keys(policies))
    endpoint, assumption = _endpoint(context.get("aws:SourceVpce"), snapshot)
    if endpoint.policies:
        context = derive_context(request, caller, account, snapshot, _keys((*policies, *endpoint.policies)))
    is_kms = request.action.lower().startswith("kms:")
    grants, grants_missing = snapshot.key_grants(request.resource) if is_kms else ((), ())
    assumptions = [assumption, _session_assumption(request, caller, layers["session"], snapshot)]
    return Inputs(
        request=request,
        caller=caller,
        action=request.action,
        resource=request.resource,
        resource_account=account,
        context=context,
        identity=_layer(layers["identity"]),
        boundary=_layer(layers["boundary"]),
        session=_layer(layers["session"]),
        resource_policy=_layer(layers["resource"]),
        vpc_endpoint=endpoint,
        service_control=_guardrail(layers["service_control"]),
        resource_control=_guardrail(layers["resource_control"]),
        grants=grants,
        grants_missing=grants_missing,
        assumptions=tuple(text for text in assumptions if text),
    )


def _layer(layer: Layer | GuardrailLayer) -> Layer:
    assert isinstance(layer, Layer)
    return layer


def _guardrail(layer: Layer | GuardrailLayer) -> GuardrailLayer:
    assert isinstance(layer, GuardrailLayer)
    return layer


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


def _layers(
    request: Request, caller: Caller, record: PrincipalRecord | None, account: str | None, snapshot: Snapshot
) -> dict[str, Layer | GuardrailLayer]:
    own = caller.account or ""
    has_own = caller.kind not in {CallerKind.SERVICE, CallerKind.FEDERATED, CallerKind.ANONYMOUS}
    unknown = account is None
    return {
        "identity": _identity(caller, record),
        "boundary": _boundary(caller, record),
        "session": _session(request, caller, snapshot),
        "resource": _resource(request, snapshot),
        "service_control": snapshot.service_control(own) if has_own else GuardrailLayer(),
        "resource_control": _unknown_owner(request) if unknown else snapshot.resource_control(account or ""),
    }


def _unknown_owner(request: Request) -> GuardrailLayer:
    return GuardrailLayer(
        missing=(
            Missing(
                what=f"the resource control policies over the account that owns {request.resource}",
                supply="name the owner with --resource-account",
            ),
        )
    )


def _identity(caller: Caller, record: PrincipalRecord | None) -> Layer:
    if record is not None:
        return record.identity
    if caller.kind in {CallerKind.ROOT, CallerKind.SERVICE, CallerKind.FEDERATED, CallerKind.ANONYMOUS}:
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


def _session(request: Request, caller: Caller, snapshot: Snapshot) -> Layer:
    if request.session_policies is not None:
        return Layer(policies=request.session_policies, exists=bool(request.session_policies))
    stated = snapshot.session_policies(caller.arn)
    if stated is not None:
        return stated
    if caller.kind is CallerKind.FEDERATED_USER:
        what = f"the session policy that was passed to GetFederationToken for {caller.arn}"
        return Layer(exists=True, missing=(Missing(what=what, supply="state it in snapshot.json"),))
    return Layer()


def _session_assumption(
    request: Request, caller: Caller, layer: Layer | GuardrailLayer, snapshot: Snapshot
) -> str | None:
    stated = request.session_policies is not None or snapshot.session_policies(caller.arn) is not None
    if stated or caller.kind is not CallerKind.ROLE_SESSION or not isinstance(layer, Layer) or layer.exists:
        return None
    return "the role session was created without a session policy"


def _resource(request: Request, snapshot: Snapshot) -> Layer:
    service = request.action.partition(":")[0].lower()
    if service == "iam":
        return Layer()
    if request.resource.startswith("arn:") and ":iam:" in request.resource and service != _STS_ON_ROLES:
        return Layer()
    return snapshot.resource_policy(request.resource)


def _endpoint(source: object, snapshot: Snapshot) -> tuple[Layer, str | None]:
    values = getattr(source, "values", ())
    if values:
        return snapshot.vpc_endpoint(values[0]), None
    return Layer(), "the request does not come through a VPC endpoint with a policy of its own"


def _policies(layers: Iterable[Layer | GuardrailLayer]) -> Iterator[Policy]:
    for layer in layers:
        if isinstance(layer, Layer):
            yield from layer.policies
        else:
            for level in layer.levels:
                yield from level.policies


def _keys(policies: Iterable[Policy]) -> set[str]:
    """The condition keys that conditions and variables of these policies ask for."""
    keys: set[str] = set()
    for policy in policies:
        for statement in policy.document.statements:
            for condition in statement.conditions:
                keys.add(condition.key)
                for element in condition.values:
                    keys.update(variable_keys(element.value) if "${" in element.value else ())
            for element in statement.resources or ():
                keys.update(variable_keys(element.value) if "${" in element.value else ())
    return keys
