"""What policies say, in a form that can be compared: equal where no request can tell two snapshots apart.

Order, repetition, Sids and the distribution of statements over policies do not matter to IAM
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html), so they do
not matter here. What cannot be read is told by what is wrong with it: any answer that it could change is unknown on both sides.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from sagepass.policy.arn import account_of
from sagepass.policy.document import Document, Policy
from sagepass.policy.statement import Statement
from sagepass.policy.statement_test import statement_meaning
from sagepass.snapshot.layer import GuardrailLayer, Layer
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.finding import Finding

Numbers = frozenset[int]
"""Statements, each by the number of what it says."""


class Numbering:
    """Numbers what statements say, in both snapshots alike, so that large sets of them are compared fast."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._statements: list[Statement | None] = []
        self._documents: dict[int, tuple[Document, Numbers]] = {}

    def of(self, policies: Iterable[Policy]) -> Numbers:
        """What policies say together."""
        return frozenset().union(*(self._of_document(policy.document) for policy in policies))

    def statement(self, number: int) -> Statement | None:
        """A statement that says this; ``None`` for a document that cannot be read."""
        return self._statements[number]

    def _of_document(self, document: Document) -> Numbers:
        known = self._documents.get(id(document))
        if known is None:
            known = self._documents[id(document)] = (document, frozenset(self._read(document)))
        return known[1]

    def _read(self, document: Document) -> Iterable[int]:
        if not document.readable:
            yield self._number(("unreadable", _said(document.findings)), None)
        else:
            for statement in document.statements:
                said = statement_meaning(statement, document.variables_enabled)
                yield self._number((said, _said(statement.defects)), statement)

    def _number(self, said: Hashable, statement: Statement | None) -> int:
        number = self._numbers.setdefault(said, len(self._statements))
        if number == len(self._statements):
            self._statements.append(statement)
        return number


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one side of a decision rests on.

    Attributes:
        facts: all but statements: what exists, what is missing, tags, ids, places in the organization.
        statements: of each kind of policy, and of each level of the organization.
    """

    facts: Hashable
    statements: tuple[Numbers, ...] = ()

    def and_also(self, other: Meaning) -> Meaning:
        """Both together."""
        return Meaning((self.facts, other.facts), (*self.statements, *other.statements))


class Meanings:
    """What one snapshot says of its principals and resources.

    Args:
        snapshot: the saved answers.
        numbering: the same for both snapshots.
        endpoints: ids of the VPC endpoints that the requests come through; their policies stand above everybody.
    """

    def __init__(self, snapshot: Snapshot, numbering: Numbering, endpoints: Sequence[str] = ()) -> None:
        self._snapshot = snapshot
        self._numbering = numbering
        self._endpoints = endpoints
        self._above: dict[str, Meaning] = {}
        self._control: dict[str, Meaning] = {}

    def of_principal(self, arn: str) -> Meaning:
        """Of a user or role everything that its own side of a decision rests on; of a root user what stands above it."""
        record = self._snapshot.principal(arn)
        above = self.above(account_of(arn) or "")
        if record is None:
            return Meaning(arn.endswith(":root")).and_also(above)
        own = Meaning((frozenset(record.tags), record.tags_known, record.unique_id))
        for layer in (record.identity, record.boundary):
            own = own.and_also(self._of_layer(layer))
        return own.and_also(above)

    def of_resource(self, arn: str) -> Meaning:
        """The policies of a resource, its grants, its owner, its tags and what stands above it."""
        snapshot = self._snapshot
        owner = snapshot.resource_account(arn) or account_of(arn) or ""
        grants, missing = snapshot.key_grants(arn)
        tags = snapshot.resource_tags(arn)
        own = Meaning(
            (
                frozenset(repr(grant) for grant in grants),
                tuple(gap.what for gap in missing),
                None if tags is None else frozenset(tags),
                owner,
            )
        )
        return own.and_also(self._of_layer(snapshot.resource_policy(arn))).and_also(self.control(owner))

    def above(self, account: str) -> Meaning:
        """What stands above the principals of an account: service control policies, its place, endpoints."""
        if account not in self._above:
            above = self._of_guardrails(self._snapshot.service_control(account)).and_also(self._place(account))
            for endpoint in self._endpoints:
                above = above.and_also(self._of_layer(self._snapshot.vpc_endpoint(endpoint)))
            self._above[account] = above
        return self._above[account]

    def control(self, account: str) -> Meaning:
        """What stands above the resources of an account: resource control policies, and its place."""
        if account not in self._control:
            self._control[account] = self._of_guardrails(self._snapshot.resource_control(account)).and_also(
                self._place(account)
            )
        return self._control[account]

    def _place(self, account: str) -> Meaning:
        snapshot = self._snapshot
        return Meaning(
            (
                snapshot.organization_id(account),
                snapshot.organization_path(account),
                snapshot.outside_organization(account),
                snapshot.management_account == account,
            )
        )

    def _of_layer(self, layer: Layer) -> Meaning:
        facts = (layer.exists, tuple(gap.what for gap in layer.missing))
        return Meaning(facts, (self._numbering.of(layer.policies),))

    def _of_guardrails(self, layer: GuardrailLayer) -> Meaning:
        missing = tuple(tuple(gap.what for gap in level.missing) for level in layer.levels)
        facts = (missing, tuple(gap.what for gap in layer.missing), layer.exempt)
        return Meaning(facts, tuple(self._numbering.of(level.policies) for level in layer.levels))


def _said(findings: Iterable[Finding]) -> Hashable:
    return tuple((finding.code, finding.message) for finding in findings)
