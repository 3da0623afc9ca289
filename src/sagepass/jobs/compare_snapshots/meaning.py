"""What policies say, in a form that can be compared: equal where no request can tell two snapshots apart.

Order, repetition, Sids and the distribution of statements over policies do not matter to IAM
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html), so they do
not matter here. What cannot be read is told by what is wrong with it: any answer that it could change is unknown on both sides.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from sagepass.policy.arn import account_of
from sagepass.policy.document import Document, Policy
from sagepass.policy.statement_test import statement_meaning
from sagepass.snapshot.layer import GuardrailLayer, Layer
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.finding import Finding

_MEMO = "meaning"


class Meanings:
    """What one snapshot says of its principals and resources."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._accounts: dict[str, Hashable] = {}
        self._controls: dict[str, Hashable] = {}

    def of_principal(self, arn: str) -> Hashable:
        """Of a user or role everything that its own side of a decision rests on; of a root user what stands above it."""
        record = self._snapshot.principal(arn)
        above = self._above(account_of(arn) or "")
        if record is None:
            return (arn.endswith(":root"), above)
        return (
            _of_layer(record.identity),
            _of_layer(record.boundary),
            frozenset(record.tags),
            record.unique_id,
            above,
        )

    def of_resource(self, arn: str) -> Hashable:
        """The policies of a resource, its grants, its owner, its tags and what stands above it."""
        snapshot = self._snapshot
        owner = snapshot.resource_account(arn) or account_of(arn) or ""
        grants, missing = snapshot.key_grants(arn)
        tags = snapshot.resource_tags(arn)
        return (
            _of_layer(snapshot.resource_policy(arn)),
            frozenset(repr(grant) for grant in grants),
            tuple(gap.what for gap in missing),
            None if tags is None else frozenset(tags),
            owner,
            self._control(owner),
        )

    def _above(self, account: str) -> Hashable:
        if account not in self._accounts:
            snapshot = self._snapshot
            self._accounts[account] = (
                _of_guardrails(snapshot.service_control(account)),
                snapshot.organization_id(account),
                snapshot.organization_path(account),
                snapshot.outside_organization(account),
                snapshot.management_account == account,
            )
        return self._accounts[account]

    def _control(self, account: str) -> Hashable:
        if account not in self._controls:
            control = _of_guardrails(self._snapshot.resource_control(account))
            self._controls[account] = (control, self._above(account))
        return self._controls[account]


def _of_layer(layer: Layer) -> Hashable:
    return (layer.exists, tuple(gap.what for gap in layer.missing), _of_policies(layer.policies))


def _of_guardrails(layer: GuardrailLayer) -> Hashable:
    levels = tuple((_of_policies(level.policies), tuple(gap.what for gap in level.missing)) for level in layer.levels)
    return (levels, tuple(gap.what for gap in layer.missing), layer.exempt)


def _of_policies(policies: Iterable[Policy]) -> Hashable:
    return frozenset(meaning for policy in policies for meaning in _of_document(policy.document))


def _of_document(document: Document) -> frozenset[Hashable]:
    known = document.memo.get(_MEMO)
    if isinstance(known, frozenset):
        return known
    if not document.readable:
        found: frozenset[Hashable] = frozenset({("unreadable", _said(document.findings))})
    else:
        found = frozenset(
            (
                statement_meaning(statement, document.variables_enabled),
                _said(statement.defects),
            )
            for statement in document.statements
        )
    document.memo[_MEMO] = found
    return found


def _said(findings: Iterable[Finding]) -> Hashable:
    return tuple((finding.code, finding.message) for finding in findings)
