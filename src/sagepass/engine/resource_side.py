"""The resource's side of a decision: whose it is, and the policies that go with it, the same for all requests to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sagepass.engine.layer_index import ResourcePlan
from sagepass.engine.request import Request
from sagepass.engine.resource_owner import owner_of
from sagepass.policy.caller import Caller
from sagepass.policy.context import KeyValue, NoValue
from sagepass.policy.resource_entries import is_set
from sagepass.snapshot.grants import Grant
from sagepass.snapshot.layer import GuardrailLayer, Layer, Missing
from sagepass.snapshot.snapshot import Snapshot

_STS_ON_ROLES = "sts"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResourceSide:
    """One resource with its policies, as the actions of one service see it.

    Attributes:
        resource: as the request names it.
        is_set: parts of it are not known before the call.
        account: its owner, if known.
        policy: its resource-based policy.
        resource_control: the resource control policies over its account.
        grants: of a KMS key.
        grants_missing: what was not collected of them.
        keys: the condition keys that follow from it and the action, as far as they were asked for.
        plans: what its policies can say, by action in lower case and by the trait of the caller.
    """

    resource: str
    is_set: bool
    account: str | None
    policy: Layer
    resource_control: GuardrailLayer
    grants: tuple[Grant, ...] = ()
    grants_missing: tuple[Missing, ...] = ()
    keys: dict[str, KeyValue | str | NoValue | None] = field(default_factory=dict)
    plans: dict[tuple[str, str], ResourcePlan] = field(default_factory=dict)


def resource_side(request: Request, caller: Caller, snapshot: Snapshot) -> ResourceSide:
    """Find the owner and the policies of a request's resource."""
    resource = request.resource
    account = request.resource_account or snapshot.resource_account(resource) or owner_of(resource, caller)
    service = service_of(request.action)
    grants, missing = snapshot.key_grants(resource) if service == "kms" else ((), ())
    return ResourceSide(
        resource=resource,
        is_set=is_set(resource),
        account=account,
        policy=_policy(service, resource, snapshot),
        resource_control=_unknown_owner(resource) if account is None else snapshot.resource_control(account),
        grants=grants,
        grants_missing=missing,
    )


def service_of(action: str) -> str:
    """The service prefix of an action, in lower case."""
    return action.partition(":")[0].lower()


def _policy(service: str, resource: str, snapshot: Snapshot) -> Layer:
    """A trust policy counts where a role is assumed, not where it is managed or passed."""
    if service == "iam" or (resource.startswith("arn:") and ":iam:" in resource and service != _STS_ON_ROLES):
        return Layer()
    return snapshot.resource_policy(resource)


def _unknown_owner(resource: str) -> GuardrailLayer:
    return GuardrailLayer(
        missing=(
            Missing(
                what=f"the resource control policies over the account that owns {resource}",
                supply="name the owner with --resource-account",
            ),
        )
    )
