"""From values of variables to a request, and the request decided again by the engine's own rules.

Nothing is called REFUTED that does not pass through here: the search may have seen a possibility that is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from sagepass.catalog.condition_keys import KeyType, condition_key
from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.facts import gather_facts
from sagepass.engine.derive_context import derive_context
from sagepass.engine.request import Request
from sagepass.policy.arn import account_of
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.document import Document, Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.policy.match_statement import MatchRequest
from sagepass.policy.resource_reading import ResourceReading
from sagepass.policy.truth import Truth
from sagepass.proof.atom import ACTION, FREE, RESOURCE
from sagepass.proof.condition_formula import is_multivalued
from sagepass.proof.verdict import Witness
from sagepass.proof.who import PRINCIPAL_ARN, Who, as_request_principal
from sagepass.proof.world import Assignment, Value

_DERIVED = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:username",
        "aws:userid",
        "aws:principalisawsservice",
        "aws:principalservicename",
        "aws:resourceaccount",
        "aws:requestedregion",
        "kms:calleraccount",
    }
)
"""Keys that follow from the request itself, so that their absence has to be stated; of others it goes without saying."""
ANYBODY = "arn:aws:iam::111122223333:user/anyone"
_SAMPLES = {
    KeyType.STRING: "any",
    KeyType.ARN: "arn:aws:sns:us-east-1:111122223333:any",
    KeyType.BOOL: "true",
    KeyType.DATE: "2026-01-01T00:00:00Z",
    KeyType.NUMERIC: "1",
    KeyType.IP_ADDRESS: "192.0.2.1",
    KeyType.BINARY: "YQ==",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What surrounds the variables of a search: the caller, and the action where it is no variable."""

    who: Who | None
    action: str
    documented: bool


def witness_of(assignment: Assignment, scene: Scene, *, has_boundary: bool = False) -> Witness:
    """The request with these values."""
    resource = assignment.get(RESOURCE)
    action = assignment.get(ACTION)
    context = {
        key: _context_value(key, value)
        for key, value in sorted(assignment.items())
        if key not in {RESOURCE, ACTION, FREE} and (value is not None or key in _DERIVED)
    }
    arn = assignment.get(PRINCIPAL_ARN)
    principal = _principal(scene.who, arn if isinstance(arn, str) else None)
    if scene.who is not None and _follows(principal, arn):
        context.pop(PRINCIPAL_ARN, None)
    return Witness(
        principal=principal,
        action=action if isinstance(action, str) else scene.action,
        resource=resource if isinstance(resource, str) else "*",
        context={_spelled(key): value for key, value in context.items()},
        has_boundary=has_boundary,
        documented=scene.documented,
    )


def _spelled(key: str) -> str:
    """A key as AWS spells it."""
    known = condition_key(key)
    if known is None:
        return key
    head, slash, hole = known.name.partition("/")
    if slash and hole.startswith(("${", "<")):
        return f"{head}/{key.partition('/')[2]}"
    return key if set(known.name) & set("$<") else known.name


def _principal(who: Who | None, arn: str | None) -> str:
    if who is not None:
        return as_request_principal(who, arn)
    if arn is None:
        return ANYBODY
    try:
        caller = parse_caller(arn)
    except ValueError:
        return ANYBODY
    if caller.account is None or caller.kind not in {CallerKind.USER, CallerKind.ROLE, CallerKind.ROOT}:
        return ANYBODY
    if caller.kind is CallerKind.ROLE:
        return f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.name}/a-session"
    return arn


def _follows(principal: str, arn: Value) -> bool:
    """Whether ``aws:PrincipalArn`` need not be stated, because it follows from the principal."""
    return isinstance(arn, str) and parse_caller(principal).principal_arn == arn


def _context_value(key: str, value: Value) -> object:
    if value is None:
        return None
    if isinstance(value, tuple):
        return list(value)
    return [value] if is_multivalued(key) else value


def sample(key: str) -> str:
    """A value of the right form for a key that only has to be there."""
    known = condition_key(key)
    return _SAMPLES[known.type] if known is not None else _SAMPLES[KeyType.STRING]


def match_request(witness: Witness, caller: Caller | None = None) -> MatchRequest:
    """The request as statements are matched against it.

    A proof speaks of every resource text as it stands, ``*`` among them, so that it holds whichever of them AWS compares where an
    action takes no resource (decisions/0008-actions-without-a-resource.md).
    """
    caller = caller or caller_of(witness)
    request = Request(
        principal=witness.principal,
        action=witness.action,
        resource=witness.resource,
        context=witness.context,
        context_complete=True,
    )
    context = derive_context(request, caller, account_of(witness.resource), None)
    boundary = Truth.TRUE if witness.has_boundary else Truth.FALSE
    return MatchRequest(
        caller=caller,
        action=witness.action,
        resource=witness.resource,
        reading=ResourceReading.NAMED,
        context=context,
        has_boundary=boundary,
    )


def caller_of(witness: Witness) -> Caller:
    """The caller, with the path of its role if ``aws:PrincipalArn`` tells it."""
    given = next((value for key, value in witness.context.items() if key.lower() == PRINCIPAL_ARN), None)
    caller = _caller(witness.principal)
    return caller if given is None else caller.with_role_path(given)


@lru_cache(maxsize=1024)
def _caller(principal: str) -> Caller:
    """A caller by its name; the witnesses of one question have few."""
    return parse_caller(principal)


_FORMS = {
    PolicyType.IDENTITY_BASED_POLICY: PolicyForm.CUSTOMER_MANAGED,
    PolicyType.PERMISSIONS_BOUNDARY: PolicyForm.CUSTOMER_MANAGED,
    PolicyType.SESSION_POLICY: PolicyForm.SESSION,
    PolicyType.RESOURCE_BASED_POLICY: PolicyForm.RESOURCE,
    PolicyType.ROLE_TRUST_POLICY: PolicyForm.TRUST,
    PolicyType.VPC_ENDPOINT_POLICY: PolicyForm.VPC_ENDPOINT,
    PolicyType.SERVICE_CONTROL_POLICY: PolicyForm.ORGANIZATION,
    PolicyType.RESOURCE_CONTROL_POLICY: PolicyForm.ORGANIZATION,
}


def policies_of(documents: Iterable[Document], policy_type: PolicyType) -> tuple[Policy, ...]:
    """Documents as policies of one type."""
    return tuple(
        Policy(name=document.origin.name, type=policy_type, form=_FORMS[policy_type], document=document)
        for document in documents
    )


@dataclass(frozen=True, slots=True)
class Granted:
    """What documents say to one request: whether they grant it, and the indices of the statements that count."""

    granted: Truth
    allowing: tuple[tuple[int, int], ...]
    denying: tuple[tuple[int, int], ...]


def grants(documents: tuple[Document, ...], policy_type: PolicyType, request: MatchRequest) -> Granted:
    """Match the documents against the request of a witness (:func:`match_request`), with the engine's own rules.

    The pairs are the number of a document and the index of a statement in it. A resource control policy allows all
    that it does not deny.
    """
    only_denies = policy_type is PolicyType.RESOURCE_CONTROL_POLICY
    policies = policies_of(documents, policy_type)
    applied = Applied(type=policy_type.check, policies=policies, ignore_allow=only_denies)
    facts = gather_facts(applied, request)
    allow = Truth.TRUE if only_denies else facts.allow
    place = {id(policy): number for number, policy in enumerate(policies)}
    return Granted(
        min(allow, ~facts.deny),
        tuple((place[id(hit.policy)], hit.match.statement.index) for hit in facts.certain_allows),
        tuple((place[id(hit.policy)], hit.match.statement.index) for hit in facts.certain_denies),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What the new and the old policies say to a witness."""

    after: Granted
    before: Granted


Replay: TypeAlias = Callable[[Witness], Shown | None]
"""What the engine says to a request that is to show a difference; ``None`` if it does not show one for certain."""


def shows_difference(
    old: tuple[Document, ...], new: tuple[Document, ...], policy_type: PolicyType, witness: Witness
) -> Shown | None:
    """What is said to a request that the new documents certainly grant and the old ones certainly do not, else ``None``."""
    request = match_request(witness)
    after = grants(new, policy_type, request)
    if after.granted is not Truth.TRUE:
        return None
    before = grants(old, policy_type, request)
    return Shown(after, before) if before.granted is Truth.FALSE else None


def texts(known: Mapping[str, Value]) -> dict[str, str]:
    """The keys with one value, for policy variables."""
    return {key: value for key, value in known.items() if isinstance(value, str)}
