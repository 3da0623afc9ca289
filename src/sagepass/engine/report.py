"""Turns the facts of a check into its record: effect, reason, deciding statements, nearest misses, what is undecided."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sagepass.engine.check_effect import own_allow_may_be_needed, passed_by_a_direct_grant, silent_before_anyone
from sagepass.engine.checks.facts import Facts, Hit
from sagepass.engine.combine import AllFacts
from sagepass.engine.decision import Check, StatementRef, Undecided
from sagepass.engine.inputs import Inputs
from sagepass.engine.near_miss import nearest
from sagepass.engine.services.rules import ServiceRules
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.match_statement import Obstacle
from sagepass.policy.truth import Truth
from sagepass.snapshot.layer import Missing

_NAMES = {
    CheckType.RESOURCE_CONTROL_POLICY: "resource control policy",
    CheckType.SERVICE_CONTROL_POLICY: "service control policy",
    CheckType.VPC_ENDPOINT: "VPC endpoint policy",
    CheckType.RESOURCE: "resource-based policy",
    CheckType.PRINCIPAL: "identity-based policy",
    CheckType.PERMISSIONS_BOUNDARY: "permissions boundary",
    CheckType.SESSION: "session policy",
}


_OWNER = "the resource belongs to the caller's own account, which nothing supplied says (name its owner with --resource-account)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the records follow from beside the facts, but for the names of action and resource.

    Attributes:
        rules: of the service.
        service: its prefix, in lower case.
        grants_missing: what was not collected of the grants of a KMS key.
        hangs_on_owner: see :class:`~sagepass.engine.combine.Outcome`.
    """

    rules: ServiceRules
    service: str
    grants_missing: tuple[Missing, ...] = ()
    hangs_on_owner: bool = False


def check_name(kind: CheckType, service: str) -> str:
    """The kind of policy behind a check, as messages call it."""
    if kind is CheckType.RESOURCE and service == "sts":
        return "role trust policy"
    if kind is CheckType.RESOURCE and service == "kms":
        return "key policy"
    return _NAMES[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """The record of a check that certainly denies, but for the name of the action."""

    type: CheckType
    target: str | None
    denier: str
    matched: tuple[StatementRef, ...]
    policies: tuple[str, ...]

    def of(self, action: str) -> Check:
        """The record for an action."""
        return Check(
            type=self.type,
            effect=Effect.EXPLICIT_DENY,
            reason=f"{self.denier} denies {action}",
            target=self.target,
            matched=self.matched,
            policies=self.policies,
        )


def names_request(fact: Facts, effect: Effect, facts: AllFacts) -> bool:
    """Whether the record of a check that does not certainly deny names action or resource, and is that of one request."""
    return effect is Effect.IMPLICIT_DENY or (effect is Effect.UNKNOWN and own_allow_may_be_needed(fact, facts))


def report_named(fact: Facts, effect: Effect, facts: AllFacts, inputs: Inputs, ground: Ground) -> Check:
    """The record of such a check, with what came near, and with the effect that :func:`effect_of` found."""
    if effect is Effect.UNKNOWN:
        return replace(report_unnamed(fact, effect, facts, ground), nearest=nearest(fact, inputs))
    return Check(
        type=fact.type,
        effect=effect,
        reason=_silent_reason(fact, inputs, ground.rules),
        target=fact.target,
        nearest=nearest(fact, inputs),
        undecided=_undecided(fact),
        policies=_names(fact),
    )


def report_unnamed(fact: Facts, effect: Effect, facts: AllFacts, ground: Ground) -> Check:
    """The record of any other check; it sees neither action nor resource, and is the same for all of which the facts are."""
    return Check(
        type=fact.type,
        effect=effect,
        reason=_other_reason(fact, facts, effect, ground),
        target=fact.target,
        matched=tuple([_ref(hit) for hit in fact.certain_allows]),
        undecided=_why_unknown(fact, facts, ground) if effect is Effect.UNKNOWN else _open_statements(fact),
        policies=_names(fact),
    )


def report_denial(fact: Facts, ground: Ground) -> Denial:
    """The record of a check that certainly denies."""
    hit = fact.certain_denies[0]
    where = f" on {fact.target}" if fact.target else ""
    label = f"statement {hit.match.statement.sid!r}" if hit.match.statement.sid else _numbered(hit)
    return Denial(
        type=fact.type,
        target=fact.target,
        denier=f"{label} of {check_name(fact.type, ground.service)} {hit.policy.name}{where}",
        matched=tuple([_ref(denial) for denial in fact.certain_denies]),
        policies=_names(fact),
    )


def _names(fact: Facts) -> tuple[str, ...]:
    return tuple([policy.name for policy in fact.policies])


def _numbered(hit: Hit) -> str:
    return f"statement {hit.match.statement.index + 1}"


def _silent_reason(fact: Facts, inputs: Inputs, rules: ServiceRules) -> str:
    if rules.never is not None and rules.never[0] is fact.type:
        return rules.never[1]
    if fact.note:
        return fact.note
    name = check_name(fact.type, inputs.service)
    where = f" on {fact.target}" if fact.target else ""
    article = "no permissions boundary" if fact.type is CheckType.PERMISSIONS_BOUNDARY else f"no {name}"
    return f"{article}{where} allows {inputs.action} on {inputs.resource}"


def _other_reason(fact: Facts, facts: AllFacts, effect: Effect, ground: Ground) -> str:
    name = check_name(fact.type, ground.service)
    if effect is Effect.UNKNOWN and not _undecided(fact) and own_allow_may_be_needed(fact, facts):
        return f"no {name} allows it, and whether the resource's own policy does is not settled"
    if effect is Effect.UNKNOWN:
        return _why_unknown(fact, facts, ground)[0].reason
    if ground.rules.needs_no_permission is not None and fact.type is CheckType.PRINCIPAL:
        return ground.rules.needs_no_permission
    if fact.note:
        return fact.note
    if fact.type is CheckType.RESOURCE_CONTROL_POLICY:
        return "no resource control policy denies it"
    if fact.type is CheckType.RESOURCE and facts.resource.grants.used:
        return f"grant {facts.resource.grants.used[0].grant_id} of the key allows it"
    if fact.certain_allows:
        hit = fact.certain_allows[0]
        return f"{_numbered(hit)} of {hit.policy.name} allows it"
    if not fact.exists:
        return f"there is no {name}"
    if _open_statements(fact):
        return f"whether the {name} allows it is not settled, and its Allow is not needed"
    return f"the {name} is silent, and its Allow is not needed"


def _ref(hit: Hit) -> StatementRef:
    return StatementRef(policy=hit.policy, statement=hit.match.statement, elements=hit.match.routes)


def _why_unknown(fact: Facts, facts: AllFacts, ground: Ground) -> tuple[Undecided, ...]:
    """What would settle an unknown check; never empty."""
    items = _undecided(fact)
    if fact is facts.resource.facts:
        items = (*items, *(_missing(gap) for gap in ground.grants_missing))
    if silent_before_anyone(fact, facts):
        name = check_name(fact.type, ground.service)
        reason = f"the {name} is silent, and AWS does not say whether that limits a resource's grant to everyone (*)"
        items = (*items, Undecided(reason=reason))
    if passed_by_a_direct_grant(fact, facts) and not silent_before_anyone(fact, facts):
        name = check_name(fact.type, ground.service)
        reason = f"the resource grants it to the caller directly, which alone passes by the {name}, and that is silent"
        items = (*items, Undecided(reason=reason))
    if own_allow_may_be_needed(fact, facts):
        return (*items, Undecided(reason="the resource's own policy grants it, since no identity-based policy does"))
    if not items and fact.type is CheckType.RESOURCE and facts.resource.grants.used:
        grant = facts.resource.grants.used[0].grant_id
        items = (Undecided(reason=f"grant {grant} of the key allows it if its constraints hold"),)
    if not items and ground.hangs_on_owner:
        items = (Undecided(reason=_OWNER),)
    return items or (
        Undecided(reason=f"the {check_name(fact.type, ground.service)} allows it, which nothing supplied settles"),
    )


def _undecided(fact: Facts) -> tuple[Undecided, ...]:
    items = [_missing(gap) for gap in fact.missing]
    items.extend(
        Undecided(reason=f"policy {policy.name} cannot be read, so nothing is known of what it says")
        for policy in fact.unreadable
    )
    return (*items, *_open_statements(fact))


def _open_statements(fact: Facts) -> tuple[Undecided, ...]:
    """The statements of which it is not settled whether they apply."""
    hits = (*fact.denies, *fact.allows)
    return tuple(_open_statement(hit) for hit in hits if hit.match.truth is Truth.UNKNOWN)


def _missing(gap: Missing) -> Undecided:
    return Undecided(reason=f"not supplied: {gap.what}", missing=gap)


def _open_statement(hit: Hit) -> Undecided:
    obstacles = [o for o in hit.match.obstacles if o.truth is Truth.UNKNOWN]
    keys = dict.fromkeys(key for obstacle in obstacles for key in obstacle.unknown_keys)
    words = "; ".join(_obstacle_words(obstacle) for obstacle in obstacles)
    verb = "denies" if hit.match.statement.effect.value == "Deny" else "allows"
    reason = f"{_numbered(hit)} of {hit.policy.name} {verb} it if {words}"
    return Undecided(reason=reason, keys=tuple(keys), statement=_ref(hit))


def _obstacle_words(obstacle: Obstacle) -> str:
    if obstacle.outcome is not None and obstacle.outcome.note == "":
        condition = obstacle.outcome.condition
        values = ", ".join(element.value for element in condition.values)
        return f"{condition.key} satisfies {condition.operator} {values}"
    if obstacle.note:
        return f"it counts ({obstacle.note})"
    if obstacle.unknown_keys:
        return f"{' and '.join(obstacle.unknown_keys)} has the value that its {obstacle.part} needs"
    return f"its {obstacle.part} covers the whole set of possible values"
