"""What a change of policies lets through, whatever all other policies say.

Only the statements that change are looked at. Everything else (the other statements of the same policy, the other
policies, the other layers, whether caller and resource share an account) stands as an unknown that is the same before
and after. What is proven so holds in every account in which the change is made, for listed and unlisted actions alike,
and it is proven in a millisecond.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.match_principal import Naming
from sagepass.policy.parse import parse_document
from sagepass.policy.statement import PrincipalEntry, PrincipalForm, StatementEffect
from sagepass.proof.atom import ACTION, FREE, RESOURCE, Ask, atom
from sagepass.proof.budget import Budget, BudgetSpentError
from sagepass.proof.certificate import Certificate, certificate_of
from sagepass.proof.formula import FALSE, TRUE, Formula, atoms_in, both, either, lit, negated
from sagepass.proof.policy_formula import compiled
from sagepass.proof.search import Search
from sagepass.proof.shapes import ANY_ACTION, ANY_ARN
from sagepass.proof.statement_formula import Compiled
from sagepass.proof.values import Domain, Values
from sagepass.proof.verdict import Basis, Verdict
from sagepass.proof.who import PRINCIPAL_ARN, Who, callers
from sagepass.proof.word import Reading, Word, WordKind
from sagepass.proof.world import Bound, World
from sagepass.source.origin import Origin

OTHER_POLICIES = "every other policy may say anything; it says the same before and after"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChange:
    """One policy that changes.

    Attributes:
        policy_type: what it is.
        holder: what it is attached to: a principal, a resource, or a target in the organization.
        before: the document as JSON values; ``None`` for a policy that does not exist yet.
        after: the document as it shall be; ``None`` for one that is taken away.
    """

    policy_type: PolicyType
    holder: str
    before: object | None
    after: object | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProof:
    """Whether a change lets nothing through beyond its scope.

    ``reason`` says for ``UNKNOWN`` what could not be shown.
    """

    verdict: Verdict
    reason: str = ""
    basis: Basis
    certificate: Certificate | None = None


Facts: TypeAlias = dict[str, Formula]


def prove_change(
    changes: Sequence[DocumentChange], scope: Sequence[Scope], *, catalog: str = "", seconds: float = 1.0
) -> ChangeProof:
    """Show that with the changes nothing is allowed that was not, but for the scope; for any request of anybody.

    Args:
        changes: all policies that change together.
        scope: what may become allowed.
        catalog: date of the tables, for the record; the proof itself does not rest on the list of actions.
        seconds: how long it may take.
    """
    basis = Basis(catalog=catalog, layers=tuple(change.holder for change in changes), taken=(OTHER_POLICIES,))
    unsuited = next((reason for change in changes if (reason := _unsuited(change))), None)
    if unsuited is not None:
        return ChangeProof(verdict=Verdict.UNKNOWN, reason=unsuited, basis=basis)
    budget = Budget(seconds=seconds, conflicts=5000)
    holders = frozenset(change.holder for change in changes if change.policy_type in _OF_PRINCIPALS)
    searches: list[Search] = []
    try:
        for who in _callers(changes):
            question = both([_change(changes, who), negated(_within(scope, who))])
            if question is FALSE:
                continue
            for reading in _readings(question):
                search = Search(question, _world(who, reading, holders), budget)
                model = search.next()
                if model is not None:
                    reason = _beyond(who, model.assignment)
                    return ChangeProof(verdict=Verdict.UNKNOWN, reason=reason, basis=basis)
                searches.append(search)
    except BudgetSpentError as spent:
        return ChangeProof(verdict=Verdict.UNKNOWN, reason=f"the search was given up after {spent.what}", basis=basis)
    return ChangeProof(verdict=Verdict.PROVEN, basis=basis, certificate=certificate_of(searches, basis))


def _readings(question: Formula) -> tuple[Reading, ...]:
    return (Reading.ACROSS, Reading.WITHIN) if any(found.open for found in atoms_in(question)) else (Reading.ACROSS,)


_MUST_EXIST = frozenset(
    {
        PolicyType.PERMISSIONS_BOUNDARY,
        PolicyType.SESSION_POLICY,
        PolicyType.VPC_ENDPOINT_POLICY,
        PolicyType.SERVICE_CONTROL_POLICY,
    }
)
"""Types without which everything is allowed: to take the last one away is another change than to edit it."""


def _unsuited(change: DocumentChange) -> str | None:
    if change.policy_type in _MUST_EXIST and None in (change.before, change.after):
        if change.policy_type is PolicyType.SERVICE_CONTROL_POLICY and change.before is None:
            return None
        return f"a policy of type {change.policy_type} is added or taken away as a whole"
    return None


def _beyond(who: Who | None, assignment: Mapping[str, object]) -> str:
    caller = who.words if who is not None else "the caller"
    action, resource = assignment.get(ACTION) or "some action", assignment.get(RESOURCE) or "some resource"
    return f"it may also let {caller} perform {action} on {resource}"


def _callers(changes: Sequence[DocumentChange]) -> list[Who | None]:
    """Everyone whom the change tells apart: the holders of changed policies, the named principals, and all others.

    A policy that is attached to a principal lets nobody else in; ``None`` is a caller of whom nothing is known.
    """
    holders = [change.holder for change in changes if change.policy_type in _OF_PRINCIPALS]
    entries = [PrincipalEntry(PrincipalForm.AWS, holder, ()) for holder in dict.fromkeys(holders)]
    named = [
        entry
        for change in changes
        for part in _differing(change)
        for statement in part.statements
        for entry in statement.principals or ()
    ]
    everyone = callers([*entries, *named])
    if named:
        return list(everyone)
    found: list[Who | None] = [who for who in everyone if who.fixed and who.caller.arn in holders]
    return found if len(holders) == len(changes) else [*found, None]


def _world(who: Who | None, reading: Reading, holders: frozenset[str]) -> World:
    bounds = {RESOURCE: ANY_ARN, ACTION: ANY_ACTION}
    if who is None and holders:
        bounds[PRINCIPAL_ARN] = Bound(excluded=frozenset(Word(WordKind.EQUALS, holder) for holder in holders))
    if who is not None and who.bound.groups:
        bounds[PRINCIPAL_ARN] = who.bound
    return World(reading=reading, bounds=bounds)


def _change(changes: Sequence[DocumentChange], who: Who | None) -> Formula:
    """Allowed after, and not before."""
    layers = _layers(changes)
    after = _allowed({key: _sides(key[0], parts, who, after=True) for key, parts in layers.items()}, who)
    before = _allowed({key: _sides(key[0], parts, who, after=False) for key, parts in layers.items()}, who)
    return both([after, negated(before)])


_Layer: TypeAlias = tuple[PolicyType, str]
_Parts: TypeAlias = list[tuple[Document, Document, str]]


def _layers(changes: Sequence[DocumentChange]) -> dict[_Layer, _Parts]:
    """The changes by layer; policies on one target of the organization make a layer of their own."""
    found: dict[_Layer, _Parts] = {}
    for change in changes:
        controls = change.policy_type in {PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY}
        kind = (
            PolicyType.RESOURCE_BASED_POLICY
            if change.policy_type is PolicyType.ROLE_TRUST_POLICY
            else change.policy_type
        )
        before, after = _differing(change)
        found.setdefault((kind, change.holder if controls else ""), []).append((before, after, change.holder))
    return found


def _differing(change: DocumentChange) -> tuple[Document, Document]:
    """Documents of the statements that the other side does not have."""
    before, after = _statements(change.before), _statements(change.after)
    if _version(change.before) != _version(change.after) and change.before is not None and change.after is not None:
        return _document(change, change.before, before), _document(change, change.after, after)
    left = [json.dumps(item, sort_keys=True) for item in before]
    right = [json.dumps(item, sort_keys=True) for item in after]
    gone = [item for item, text in zip(before, left, strict=True) if text not in set(right)]
    new = [item for item, text in zip(after, right, strict=True) if text not in set(left)]
    return _document(change, change.before, gone), _document(change, change.after, new)


def _statements(document: object) -> list[object]:
    if not isinstance(document, Mapping):
        return []
    found = document.get("Statement")
    return list(found) if isinstance(found, list) else [found] if found is not None else []


def _version(document: object) -> object:
    return document.get("Version") if isinstance(document, Mapping) else None


def _document(change: DocumentChange, whole: object, statements: Sequence[object]) -> Document:
    value = (
        {"Version": _version(whole), "Statement": list(statements)}
        if _version(whole)
        else {"Statement": list(statements)}
    )
    return parse_document(value, origin=Origin(name=change.holder, value=value), policy_type=change.policy_type)


@dataclass(frozen=True, slots=True)
class _Sides:
    """What one layer says, with the statements that do not change as unknowns."""

    deny: Formula
    allow: Formula
    by_naming: Facts


_NAMINGS = ("direct", "role", "anyone", "account")


def _fact(name: str) -> Formula:
    return lit(atom(FREE, Ask.FACT, name=name))


def _sides(kind: PolicyType, parts: _Parts, who: Who | None, *, after: bool) -> _Sides:
    denies: list[Formula] = []
    allows: list[Formula] = []
    named: dict[str, list[Formula]] = {name: [] for name in _NAMINGS}
    for before_document, after_document, holder in parts:
        if kind in _OF_PRINCIPALS and not _is_held_by(holder, who):
            continue
        for item in compiled(after_document if after else before_document):
            applies = both([item.action, item.formula(who), _governed(item, holder)])
            if item.statement.effect is StatementEffect.DENY:
                denies.append(applies)
            else:
                allows.append(applies)
                if who is not None and item.statement.principals is not None:
                    named[_naming(item, who)].append(applies)
    return _Sides(either(denies), either(allows), {name: either(found) for name, found in named.items()})


_ALONE = frozenset({"iam", "kms", "ecr", "sns", "sqs"})
"""Services whose resources with a policy hold nothing that is addressed by an ARN of its own."""


def _governed(item: Compiled, holder: str) -> Formula:
    """A statement of a resource's policy is about that resource, and what lies in it."""
    parts = parse_arn(holder)
    if item.statement.principals is None or parts is None:
        return TRUE
    words = [Word(WordKind.EQUALS, holder)]
    if parts.service not in _ALONE:
        words += [Word(WordKind.SHAPE, f"{holder}/*"), Word(WordKind.SHAPE, f"{holder}:*")]
    if parts.resource.startswith("model-package-group/"):
        words.append(Word(WordKind.SHAPE, holder.replace(":model-package-group/", ":model-package/") + "/*"))
    return lit(atom(RESOURCE, Ask.ONE, Values(Domain.TEXT, words=frozenset(words))))


def _naming(item: Compiled, who: Who) -> str:
    match item.naming(who):
        case Naming.EXACT:
            return "direct"
        case Naming.ROLE | Naming.FEDERATING_USER:
            return "role"
        case Naming.ACCOUNT:
            return "account"
        case _:
            return "anyone"


def _allowed(layers: Mapping[_Layer, _Sides], who: Who | None) -> Formula:
    """The whole decision, as :mod:`sagepass.engine.combine` makes it."""
    found = {kind: sides for (kind, _), sides in layers.items()}
    controls = [sides for (kind, _), sides in layers.items() if kind is PolicyType.SERVICE_CONTROL_POLICY]
    denies = [_fact("another statement denies"), *(sides.deny for sides in layers.values())]
    limits = [_fact("every other level of service control policies allows")]
    limits += [
        either([_fact(f"another statement of this level allows {n}"), level.allow]) for n, level in enumerate(controls)
    ]
    limits.append(_with(found.get(PolicyType.VPC_ENDPOINT_POLICY), "the endpoint policy allows"))
    return both([_granted(found, who), *limits, *(negated(deny) for deny in denies)])


def _with(sides: _Sides | None, rest: str) -> Formula:
    return _fact(rest) if sides is None else either([_fact(rest), sides.allow])


def _granted(found: Mapping[PolicyType, _Sides], who: Who | None) -> Formula:
    """Identity, boundary, session and resource policies together, in one account and across two."""
    resource = found.get(PolicyType.RESOURCE_BASED_POLICY)
    by = {
        name: either([_fact(f"the resource's policy grants {name}"), *([resource.by_naming[name]] if resource else [])])
        for name in _NAMINGS
    }
    if who is not None and who.caller.kind in {CallerKind.SERVICE, CallerKind.FEDERATED, CallerKind.ANONYMOUS}:
        return either([by["direct"], by["anyone"]])
    identity = _with(found.get(PolicyType.IDENTITY_BASED_POLICY), "another identity policy allows")
    boundary = _with(found.get(PolicyType.PERMISSIONS_BOUNDARY), "the boundary allows")
    session = _with(found.get(PolicyType.SESSION_POLICY), "the session policy allows")
    must = _fact("the resource's policy must allow")
    base = either([by["role"], both([negated(must), identity]), both([by["account"], identity])])
    passes = [either([limit, _fact("principal * passes by limits")]) for limit in (boundary, session)]
    same = either([by["direct"], both([base, boundary, session]), both([by["anyone"], *passes])])
    across = both([either(by.values()), identity, boundary, session])
    one_account = _fact("caller and resource are of one account")
    return either([both([one_account, same]), both([negated(one_account), across])])


def _is_held_by(holder: str, who: Who | None) -> bool:
    """Whether a policy that is attached to a principal is one of this caller's."""
    if who is None:
        return False
    if who.caller.arn == holder:
        return True
    named = parse_caller(holder)
    same_role = (named.account, named.name) == (who.caller.account, who.caller.name)
    return named.kind is CallerKind.ROLE and who.caller.kind is CallerKind.ROLE_SESSION and same_role


def _within(scope: Sequence[Scope], who: Who | None) -> Formula:
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
        return TRUE if item.principal in own or (same_session and _is_held_by(item.principal, who)) else FALSE
    if named.principal_arn is None or named.kind is CallerKind.ROLE_SESSION:
        return FALSE
    words = frozenset({Word(WordKind.EQUALS, named.principal_arn)})
    return lit(atom(PRINCIPAL_ARN, Ask.ONE, Values(Domain.TEXT, words=words)))


_OF_PRINCIPALS = frozenset(
    {PolicyType.IDENTITY_BASED_POLICY, PolicyType.PERMISSIONS_BOUNDARY, PolicyType.SESSION_POLICY}
)
"""Types of policies that are attached to the principals that they are about."""
