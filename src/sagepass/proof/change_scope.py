"""What a change may let through, as a formula: for whom, which actions on which resources, under which conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.proof.atom import Ask, atom
from sagepass.proof.changed_statements import is_held_by
from sagepass.proof.formula import FALSE, TRUE, Formula, both, either, lit
from sagepass.proof.policy_formula import compiled
from sagepass.proof.values import Domain, Values
from sagepass.proof.who import PRINCIPAL_ARN, Who
from sagepass.proof.word import Word, WordKind
from sagepass.source.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Something that a change may let through: for whom, which actions on which resources, under which conditions.

    Attributes:
        principal: ARN, service principal or provider.
        actions: patterns.
        resources: patterns.
        conditions: a Condition element.
    """

    principal: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, object] = field(default_factory=dict)


def within(scope: Sequence[Scope], who: Who | None) -> Formula:
    """Whether a request of a caller lies in one of the scopes."""
    return either(both([_principal(item, who), _request(item)]) for item in scope)


def _request(item: Scope) -> Formula:
    """Actions, resources and conditions of a scope, as a statement would say them."""
    statement = {
        "Effect": "Allow",
        "Action": list(item.actions),
        "Resource": list(item.resources),
        **({"Condition": dict(item.conditions)} if item.conditions else {}),
    }
    value = {"Version": "2012-10-17", "Statement": [statement]}
    document = parse_document(
        value, origin=Origin(name="scope", value=value), policy_type=PolicyType.IDENTITY_BASED_POLICY
    )
    (only,) = compiled(document)
    return both([only.action, only.formula(None)])


def _principal(item: Scope, who: Who | None) -> Formula:
    """Whether a caller is the one of the scope; sessions of a role are the role."""
    try:
        named = parse_caller(item.principal)
    except ValueError:
        return FALSE
    if who is not None and who.fixed:
        own = {who.caller.arn, who.caller.principal_arn}
        same_session = named.kind is CallerKind.ROLE and who.caller.kind is CallerKind.ROLE_SESSION
        return TRUE if item.principal in own or (same_session and is_held_by(item.principal, who)) else FALSE
    if named.principal_arn is None or named.kind is CallerKind.ROLE_SESSION:
        return FALSE
    words = frozenset({Word(WordKind.EQUALS, named.principal_arn)})
    return lit(atom(PRINCIPAL_ARN, Ask.ONE, Values(Domain.TEXT, words=words)))
