"""The whole decision over all layers as a formula, in which everything that does not change is an unknown.

The rules are those of :mod:`sagepass.engine.combine`
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import PolicyType
from sagepass.policy.match_principal import Naming
from sagepass.policy.statement import StatementEffect
from sagepass.proof.atom import FREE, RESOURCE, Ask, atom
from sagepass.proof.changed_statements import OF_PRINCIPALS, Layer, Parts, is_held_by
from sagepass.proof.formula import TRUE, Formula, both, either, lit, negated
from sagepass.proof.policy_formula import compiled
from sagepass.proof.statement_formula import Compiled
from sagepass.proof.values import Domain, Values
from sagepass.proof.who import Who
from sagepass.proof.word import Word, WordKind

Facts: TypeAlias = dict[str, Formula]


def newly_allowed(layers: Mapping[Layer, Parts], who: Who | None) -> tuple[Formula, Formula]:
    """Allowed after, and not before."""
    after = _allowed({key: _sides(key[0], parts, who, after=True) for key, parts in layers.items()}, who)
    before = _allowed({key: _sides(key[0], parts, who, after=False) for key, parts in layers.items()}, who)
    return after, negated(before)


@dataclass(frozen=True, slots=True)
class _Sides:
    """What one layer says, with the statements that do not change as unknowns."""

    deny: Formula
    allow: Formula
    by_naming: Facts


_NAMINGS = ("direct", "role", "anyone", "account")


def _fact(name: str) -> Formula:
    return lit(atom(FREE, Ask.FACT, name=name))


def _sides(kind: PolicyType, parts: Parts, who: Who | None, *, after: bool) -> _Sides:
    denies: list[Formula] = []
    allows: list[Formula] = []
    named: dict[str, list[Formula]] = {name: [] for name in _NAMINGS}
    for before_document, after_document, holder in parts:
        if kind in OF_PRINCIPALS and not is_held_by(holder, who):
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


def _allowed(layers: Mapping[Layer, _Sides], who: Who | None) -> Formula:
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
