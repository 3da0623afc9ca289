"""Organizations: ids say what they are; the ARN needs the management account and the organization's id.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html and
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_arn-formats.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sagepass.calls.call import ResourceState, Unsettled
from sagepass.calls.condition_values import Conditions
from sagepass.calls.request_paths import Found, find_values
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.table import Asked, Finder, Row, ServiceTable
from sagepass.catalog.condition_keys import keys_of_action

_ACCOUNT = re.compile(r"\d{12}")
_AWS_POLICY = re.compile(r"p-(?:FullAWSAccess|RCPFullAWSAccess|[A-Z]\w{1,60})")
_TYPES = {
    "SERVICE_CONTROL_POLICY": "service_control_policy",
    "RESOURCE_CONTROL_POLICY": "resource_control_policy",
    "TAG_POLICY": "tag_policy",
    "BACKUP_POLICY": "backup_policy",
    "AISERVICES_OPT_OUT_POLICY": "aiservices_opt_out_policy",
}
_POLICY_TYPE = "organizations:PolicyType"
_TARGETS = ("TargetId", "ParentId", "ChildId", "ResourceId", "Target.Id")


def _id_in(*members: str, kinds: tuple[str, ...]) -> Finder:
    """The resources behind the ids in some members, as far as they are of these kinds."""

    def find(asked: Asked) -> Iterable[Named]:
        for member in members:
            for found in find_values(asked.call.params, member):
                named = _named(asked, found)
                if named.kind in kinds:
                    yield named

    return find


def organization_arn(identifier: str | None, *, partition: str, management: str, organization: str) -> tuple[str, str]:
    """The kind and the ARN of what an id stands for: an account, a unit, a root, a policy, …; an empty kind for others.

    ``management`` is the management account, ``organization`` the id ``o-…``; ``*`` where they are not known.
    """
    kind, tail = _tail(identifier)
    return kind, f"arn:{partition}:organizations::{management}:{tail.format(org=organization)}"


def _named(asked: Asked, found: Found) -> Named:
    kind, arn = organization_arn(
        found.text,
        partition=asked.call.partition,
        management=_management(asked),
        organization=_organization(asked),
    )
    if kind == "policy" and found.text:
        stored = _TYPES.get(_stored_type(asked, found.text) or "", "*")
        arn = arn.replace("/*/p-", f"/{stored}/p-")
        if _AWS_POLICY.fullmatch(found.text):
            arn = f"arn:{asked.call.partition}:organizations::aws:policy/{stored}/{found.text}"
    state = ResourceState.SET if "*" in arn else ResourceState.EXACT
    return Named(arn=arn, kind=kind, state=state, route=found.route)


def _tail(text: str | None) -> tuple[str, str]:
    """The kind of an id and the resource part of its ARN, with ``{org}`` for the organization."""
    identifier = (text or "*").replace("{", "").replace("}", "")
    if _ACCOUNT.fullmatch(identifier):
        return "account", f"account/{{org}}/{identifier}"
    for prefix, kind, tail in (
        ("r-", "root", "root/{org}/"),
        ("ou-", "organizationalunit", "ou/{org}/"),
        ("p-", "policy", "policy/{org}/*/"),
        ("h-", "handshake", "handshake/{org}/*/"),
        ("rp-", "resourcepolicy", "resourcepolicy/{org}/"),
        ("rt-", "responsibilitytransfer", "transfer/{org}/*/*/"),
    ):
        if identifier.startswith(prefix):
            return kind, tail + identifier
    return "", "*"


def _management(asked: Asked) -> str:
    return (asked.snapshot.management_account if asked.snapshot else None) or "*"


def _organization(asked: Asked) -> str:
    account = asked.call.caller_account
    found = asked.snapshot.organization_id(account) if asked.snapshot and account else None
    return found or "o-*"


def _new_policy(asked: Asked) -> Iterable[Named]:
    """A policy that is to be made has a type and no id yet."""
    for found in find_values(asked.call.params, "Type"):
        tail = f"policy/{_organization(asked)}/{_TYPES.get(found.text or '', '*')}/*"
        arn = f"arn:{asked.call.partition}:organizations::{_management(asked)}:{tail}"
        note = "the id of the policy does not exist before the call"
        yield Named(arn=arn, kind="policy", state=ResourceState.SET, route=found.route, note=note)


def _stored_type(asked: Asked, policy_id: str | None) -> str | None:
    """The type of an existing policy, as a saved describe-policy tells it."""
    if asked.snapshot is None or policy_id is None:
        return None
    answer = asked.snapshot.answers().find("", "organizations", "describe-policy", policy_id)
    policy = answer.field("Policy") if answer else None
    summary = policy.get("PolicySummary") if isinstance(policy, dict) else None
    found = summary.get("Type") if isinstance(summary, dict) else None
    return found if isinstance(found, str) else None


def _conditions(asked: Asked, action: str, _target: Named) -> Conditions:
    """Of an existing policy AWS looks the type up; requests that name a type settle it."""
    conditions = Conditions()
    if _POLICY_TYPE.lower() not in (keys_of_action(action) or frozenset()):
        return conditions
    stated = [one.text for path in ("PolicyType", "Type", "Filter") for one in find_values(asked.call.params, path)]
    ids = [one.text for one in find_values(asked.call.params, "PolicyId")]
    known = next((text for text in (*stated, *(_stored_type(asked, one) for one in ids)) if text), None)
    if known:
        conditions.context[_POLICY_TYPE] = (known,)
    else:
        why = "AWS looks up the type of the policy: aws organizations describe-policy"
        conditions.unsettled.append(Unsettled(key=_POLICY_TYPE, choices=(), why=why))
    return conditions


TABLE = ServiceTable(
    prefix="organizations",
    resources={
        "account": _id_in("AccountId", *_TARGETS, kinds=("account",)),
        "organizationalunit": _id_in(
            "OrganizationalUnitId", "SourceParentId", "DestinationParentId", *_TARGETS, kinds=("organizationalunit",)
        ),
        "root": _id_in("RootId", "SourceParentId", "DestinationParentId", *_TARGETS, kinds=("root",)),
        "policy": _id_in("PolicyId", "ResourceId", kinds=("policy",)),
        "new-policy": _new_policy,
        "handshake": _id_in("HandshakeId", kinds=("handshake",)),
        "resourcepolicy": _id_in("ResourceId", kinds=("resourcepolicy",)),
        "responsibilitytransfer": _id_in("Id", "ResourceId", kinds=("responsibilitytransfer",)),
        "target": _id_in(*_TARGETS, kinds=("account", "organizationalunit", "root")),
    },
    keys={"organizations:ServicePrincipal": ("ServicePrincipal",)},
    instead={
        "CreatePolicy": (Row(action="CreatePolicy", on=("new-policy",)),),
        "AttachPolicy": (Row(action="AttachPolicy", on=("policy", "target")),),
        "DetachPolicy": (Row(action="DetachPolicy", on=("policy", "target")),),
        "MoveAccount": (Row(action="MoveAccount", on=("account", "organizationalunit", "root")),),
    },
    beside={
        # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html: tags at creation need TagResource
        "CreateAccount": (Row(action="TagResource", when="Tags"),),
        "CreateGovCloudAccount": (Row(action="TagResource", when="Tags"),),
        "CreateOrganizationalUnit": (Row(action="TagResource", when="Tags"),),
        "CreatePolicy": (Row(action="TagResource", on=("new-policy",), when="Tags"),),
        "InviteAccountToOrganization": (Row(action="TagResource", when="Tags"),),
    },
    conditions=_conditions,
)
