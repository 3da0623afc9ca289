"""Clauses out of layers: the grants cut to what every layer has, what each layer leaves out, and the denies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sagepass.catalog.actions import takes_no_resource
from sagepass.catalog.rcp import supports_rcp
from sagepass.jobs.can_what.action_sets import Actions, ActionSets
from sagepass.jobs.can_what.complement import InexpressibleError, left_out
from sagepass.jobs.can_what.layers import Layers, Part
from sagepass.jobs.can_what.record import Clause, Idle, Test
from sagepass.jobs.can_what.writing import tests_of, written_resources
from sagepass.policy.statement import StatementEffect

_LONGEST = 60
"""A longer list of actions is not written out where the statement's own patterns and a Deny say the same."""


class Composer:
    """One principal's layers, put together.

    Attributes:
        clauses: Allow clauses, then Deny clauses.
        idle: what is granted without effect.
        inexact: what the clauses cannot say.
        allowed: the actions that are granted and not taken away altogether.
    """

    def __init__(self, layers: Layers, sets: ActionSets, account: str) -> None:
        self._layers = layers
        self._sets = sets
        self._account = account
        self._patterns = [element.value for part in layers.every() for element in part.ref.statement.actions]
        self._reach = [(ceiling, self._of(ceiling.allows)) for ceiling in layers.ceilings]
        self._barred = [(part, sets.of(part.ref.statement)) for part in layers.denies if part.unlimited]
        self.inexact: dict[str, None] = dict(layers.inexact)
        self.idle: list[Idle] = []
        self._verbatim = False
        granted = [(part, self._cut(part)) for part in layers.grants]
        allows = [self._allow(part, actions) for part, actions in granted if actions]
        self.allowed: Actions = frozenset().union(*(actions for _, actions in granted))
        self.clauses = (*allows, *self._denies([(actions, part) for part, actions in granted if actions]))

    def _of(self, parts: Sequence[Part]) -> Actions:
        return frozenset().union(*(self._sets.of(part.ref.statement) for part in parts))

    def _cut(self, part: Part) -> Actions:
        """The actions of a grant that no layer takes away altogether; what is taken away is noted."""
        actions = self._sets.of(part.ref.statement)
        takers = [(ceiling.name, actions - reach) for ceiling, reach in self._reach]
        takers += [(f"a Deny in {barring.because}", actions & barred) for barring, barred in self._barred]
        takers.append(("its Resource: actions that take no resource are allowed on * alone", self._for_nothing(part)))
        for name, taken in takers:
            gone = taken & actions
            if gone:
                written = self._sets.written(gone, self._patterns)
                self.idle.append(Idle(actions=written, source=part.ref, because=name))
                actions -= gone
        return actions

    def _for_nothing(self, part: Part) -> Actions:
        """The actions without a resource that a statement of an identity spells out, on ARNs alone: it grants none of them.

        Those that its wildcards cover beside others are left in, where they do no harm.
        """
        statement = part.ref.statement
        on_arns = all(entry.startswith("arn:") for entry in part.resources) and not part.not_resource
        if not on_arns or statement.not_action or statement.principals is not None:
            return frozenset()
        named = [self._sets.expand(element.value) for element in statement.actions]
        useless = [actions for actions in named if all(takes_no_resource(action) for action in actions)]
        useful = [actions for actions in named if actions not in useless]
        return frozenset().union(*useless).difference(*useful)

    def _allow(self, part: Part, actions: Actions) -> Clause:
        statement = part.ref.statement
        own = tuple(element.value for element in statement.actions)
        written = own if actions == self._whole(part) else self._sets.written(actions, self._patterns)
        not_action = statement.not_action and written is own
        if len(written) > _LONGEST and len(own) < len(written):
            self._verbatim = True
            written, not_action = own, statement.not_action
        return Clause(
            effect=StatementEffect.ALLOW,
            actions=written,
            not_action=not_action,
            resources=written_resources(part),
            not_resource=part.not_resource,
            conditions=tests_of(part),
            sources=(part.ref,),
            because=part.because,
        )

    def _whole(self, part: Part) -> Actions | None:
        """The actions of a statement, if its own patterns cover no others than are looked at."""
        return self._sets.whole(part.ref.statement)

    def _denies(self, granted: Sequence[tuple[Actions, Part]]) -> Iterator[Clause]:
        if self._verbatim:
            yield from self._beyond_reach()
        for ceiling in self._layers.ceilings:
            try:
                yield from left_out(ceiling, granted, self._sets)
            except InexpressibleError as error:
                self.inexact[f"{ceiling.name} cannot be put into the same document: {error}"] = None
        for part in self._layers.denies:
            if (self._verbatim or not part.unlimited) and self._matters(part):
                yield self._deny(part)
        for part in self._layers.denies_of_resources:
            yield from self._deny_of_resources(part)

    def _beyond_reach(self) -> Iterator[Clause]:
        """Actions that a layer does not have at all, where an Allow was kept as it was written."""
        for ceiling, reach in self._reach:
            if reach == self._sets.everything:
                continue
            statements = [part.ref.statement for part in ceiling.allows]
            plain = not any(statement.not_action for statement in statements)
            patterns = [element.value for statement in statements for element in statement.actions]
            missing = self._sets.everything - reach
            actions = tuple(dict.fromkeys(patterns)) if plain else self._sets.written(missing, self._patterns)
            yield Clause(
                effect=StatementEffect.DENY,
                actions=actions or ("*",),
                not_action=plain and bool(actions),
                resources=("*",),
                sources=tuple(part.ref for part in ceiling.allows),
                because=f"what {ceiling.name} leaves out",
            )

    def _matters(self, part: Part) -> bool:
        return self._verbatim or not self._sets.of(part.ref.statement).isdisjoint(self.allowed)

    def _deny(self, part: Part) -> Clause:
        statement = part.ref.statement
        return Clause(
            effect=StatementEffect.DENY,
            actions=tuple(element.value for element in statement.actions),
            not_action=statement.not_action,
            resources=written_resources(part),
            not_resource=part.not_resource,
            conditions=tests_of(part),
            sources=(part.ref,),
            because=f"a Deny in {part.because}",
        )

    def _deny_of_resources(self, part: Part) -> Iterator[Clause]:
        """A resource control policy: for the account's own resources, in the services that support such policies.

        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
        """
        concerned = self._sets.of(part.ref.statement) & self.allowed
        concerned = frozenset(action for action in concerned if _under_rcp(action))
        if not concerned:
            return
        tests = tests_of(part)
        if any(test.operator == "StringEquals" and test.key.lower() == "aws:resourceaccount" for test in tests):
            self.inexact[f"{part.because} has a condition on aws:ResourceAccount of its own"] = None
            return
        own = Test(operator="StringEquals", key="aws:ResourceAccount", values=(self._account,))
        yield Clause(
            effect=StatementEffect.DENY,
            actions=self._sets.written(concerned, self._patterns),
            resources=written_resources(part),
            not_resource=part.not_resource,
            conditions=(*tests, own),
            sources=(part.ref,),
            because=f"a Deny in {part.because}",
        )


def _under_rcp(action: str) -> bool:
    return supports_rcp(action.partition(":")[0]) and action.lower() != "kms:retiregrant"
