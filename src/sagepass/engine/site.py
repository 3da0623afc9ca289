"""One caller, action and resource: what is left to ask a request about them, since all else is the same for each.

Which statements are in play, how they name the caller and whether they cover the resource follows from the three; only conditions,
policy variables and statements with a defect are asked again. What is left is the plan of :mod:`sagepass.engine.layer_index`,
partly answered: the same statements, the same rules, no second semantics.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import NamedTuple

from sagepass.engine.checks.resource import NamedAs, named_as
from sagepass.engine.combine import Truths
from sagepass.engine.layer_index import ActionPlan, InPlay, JoinedPlan
from sagepass.engine.naming import naming_of
from sagepass.engine.reading_of import reading_of
from sagepass.engine.request_context import ContextSides
from sagepass.engine.verdict import Verdict
from sagepass.policy.conditions.condition_test import ConditionTest
from sagepass.policy.context import NO_CONTEXT
from sagepass.policy.truth import Truth

_FALSE, _TRUE = Truth.FALSE, Truth.TRUE
IDENTITY = Truths._fields.index("identity_allow")
"""The place of the Allow of identity-based policies among the truths."""


class Ask(NamedTuple):
    """A statement in play at a site.

    Attributes:
        entry: it.
        most: what it comes to where all its conditions hold; that its principal and its resource fit is known.
        conditions: those to ask.
        whole: nothing about it is known beforehand (a defect, or policy variables in its resources).
        way: in which way it counts in the policy of a resource; ``None`` elsewhere.
    """

    entry: InPlay
    most: Truth
    conditions: tuple[ConditionTest, ...]
    whole: bool
    way: NamedAs | None

    @property
    def settled(self) -> bool:
        """Every request gets the same answer."""
        return not self.whole and not self.conditions


Group = tuple[Truth, tuple[Ask, ...]]
"""What holds at least, and the statements that may raise it; any of them suffices."""


class Left:
    """What a plan leaves to ask at one site.

    Attributes:
        plan: all that is in play.
        answers: what the questions of the plan come to where nothing is asked, in its order.
        denies: the questions for a denial that are left, each with its place among the answers.
        allows: those for an Allow: all groups of a question have to allow.
        allowed_by: a statement of an identity-based policy that allows whatever is asked.
        ways: what the policy of the resource may allow, by how it names the caller.
        verdict: the answer, if every request gets the same; it is filled in when it is first given.
        settled: every request gets the same answer.
        by_answers: where the answers for a denial leave nothing else to ask, what they came to so far; ``None`` elsewhere.
    """

    __slots__ = ("allowed_by", "allows", "answers", "by_answers", "denies", "plan", "settled", "verdict", "ways")

    def __init__(self, plan: JoinedPlan, site: Site) -> None:
        self.plan = plan
        self.verdict: Verdict | None = None
        self.answers: list[Truth] = []
        self.allowed_by = plan.allowed_by
        denies, allows = [], []
        for question in plan.denies:
            lowest, asks = _group(*question.groups[0], site)
            if asks:
                denies.append((len(self.answers), lowest, asks))
            self.answers.append(lowest)
        for question in plan.allows:
            groups = tuple(_group(lowest, entries, site) for lowest, entries in question.groups)
            settled = all(ask.settled for _, asks in groups for ask in asks)  # then each group has at most one
            if not settled:
                allows.append((len(self.answers), question.slot, groups))
            elif question.slot == IDENTITY and groups[0][1]:
                self.allowed_by = groups[0][1][0].entry
            self.answers.append(min(asks[0].most if settled and asks else lowest for lowest, asks in groups))
        self.denies = tuple(denies)
        self.allows = tuple(allows)
        ways = (_ask(entry, site) for entry in plan.resource_allows)
        self.ways = tuple(ask for ask in ways if ask is not None)
        alone = not self.allows and not plan.asks_resource
        self.by_answers: dict[tuple[Truth, ...], Verdict] | None = {} if alone else None
        self.settled = not plan.asks_grants and all(
            ask.settled
            for asks in (
                *(asks for _, _, asks in denies),
                *(asks for _, _, groups in allows for _, asks in groups),
                self.ways,
            )
            for ask in asks
        )

    @property
    def said(self) -> Hashable:
        """All that the answers follow from: most resources leave the same to ask."""
        return self.plan, tuple(self.answers), self.allowed_by, self.denies, self.allows, self.ways


def _group(lowest: Truth, entries: Iterable[InPlay], site: Site) -> Group:
    """What some statements come to at least, and those that may raise it; one that certainly applies leaves no other."""
    asks: list[Ask] = []
    for entry in entries:
        ask = _ask(entry, site)
        if ask is None:
            continue
        if not ask.settled:
            asks.append(ask)
        elif ask.most is _TRUE:
            return lowest, (ask,)
        else:
            lowest = max(lowest, ask.most)
    return lowest, tuple(asks)


def _ask(entry: InPlay, site: Site) -> Ask | None:
    """What is left of a statement; ``None`` if it certainly does not apply."""
    test = entry.test
    if test.defective:
        return Ask(entry, _TRUE, (), True, None)
    naming, most = naming_of(test, site.caller)
    way = named_as(naming, names_principal_arn=test.names_principal_arn and site.caller.by_arn)
    if most is _FALSE:
        return None
    if test.resources is not None and test.resources.dynamic:
        return Ask(entry, most, (), True, way)
    resource = site.resource
    most = min(most, test.resource_truth(resource.resource, resource.is_set, site.reading, NO_CONTEXT))
    return None if most is _FALSE else Ask(entry, most, test.conditions, False, way)


class Site:
    """One caller, action and resource.

    Attributes:
        caller: its side.
        resource: its side.
        action: in lower case.
        reading: how the resource is held against policies.
        sides: where keys come from that a request does not give.
        left: what is left to ask a request that comes through no VPC endpoint, once that was worked out.
        through: the same by what the policy of the endpoint says.
    """

    __slots__ = ("action", "caller", "left", "reading", "resource", "sides", "through")

    def __init__(self, sides: ContextSides, action: str) -> None:
        self.sides = sides
        self.caller = sides.caller
        self.resource = sides.resource
        self.action = action
        self.reading = reading_of(action, sides.resource.resource)
        self.left: Left | None = None
        self.through: dict[ActionPlan, Left] = {}
