"""The policies that were looked at for a recorded request: their URIs, holders and documents.

Source: ``PolicyInfo`` in botocore's service model of ``iam-toolbox``: a managed policy goes by its ARN, an inline one by an
opaque identifier; a policy attached in several places of the organization is listed once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import assert_never

from sagepass.calls.services.organizations import organization_arn
from sagepass.endpoint.answers.world import World
from sagepass.endpoint.recorded import Recorded
from sagepass.engine.authorize import inputs_of
from sagepass.engine.decision import Decision
from sagepass.engine.inputs import Inputs
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import CheckType, PolicyType
from sagepass.source.embedded import parse_embedded
from sagepass.source.errors import SourceError
from sagepass.source.locate import document_text

_MANAGED = frozenset({PolicyForm.CUSTOMER_MANAGED, PolicyForm.AWS_MANAGED, PolicyForm.ORGANIZATION})
_ORGANIZATION = frozenset({PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY})


class EvaluatedPolicies:
    """The policies of one recorded request, each once."""

    def __init__(self, recorded: Recorded, world: World) -> None:
        self._recorded = recorded
        self._world = world
        self._found: dict[str, list[Policy]] = {}
        for policy in _policies(recorded):
            self._found.setdefault(self.uri(policy), []).append(policy)

    def listed(self) -> list[dict[str, object]]:
        """The list ``policies`` of the record."""
        return [self._info(uri, held) for uri, held in self._found.items()]

    def uri(self, policy: Policy) -> str:
        """How the record names a policy."""
        if policy.arn is not None and policy.form in _MANAGED:
            return policy.arn
        text = "\n".join((policy.type.value, policy.form.value, policy.holder or "", policy.name))
        return hashlib.sha256(text.encode()).hexdigest()[:40]

    def document(self, uri: str) -> object | None:
        """The document of a policy as it was evaluated; ``None`` if no such policy was."""
        held = self._found.get(uri)
        if not held:
            return None
        try:
            return parse_embedded(document_text(held[0].document.origin).text, held[0].name).value
        except SourceError:
            return None

    def target_arn(self, target: str, world: World) -> str:
        """The ARN of a root, unit or account by its id."""
        snapshot = self._recorded.snapshot or world.snapshot
        _, arn = organization_arn(
            target,
            partition=world.partition,
            management=snapshot.management_account or world.account,
            organization=snapshot.organization_id(self._recorded.account) or "o-unknown",
        )
        return arn

    @staticmethod
    def type_of_check(kind: CheckType) -> str:
        """The type of policy behind a check; the record calls a trust policy a resource-based one."""
        match kind:
            case CheckType.RESOURCE_CONTROL_POLICY:
                return PolicyType.RESOURCE_CONTROL_POLICY.value
            case CheckType.SERVICE_CONTROL_POLICY:
                return PolicyType.SERVICE_CONTROL_POLICY.value
            case CheckType.VPC_ENDPOINT:
                return PolicyType.VPC_ENDPOINT_POLICY.value
            case CheckType.RESOURCE:
                return PolicyType.RESOURCE_BASED_POLICY.value
            case CheckType.PRINCIPAL:
                return PolicyType.IDENTITY_BASED_POLICY.value
            case CheckType.PERMISSIONS_BOUNDARY:
                return PolicyType.PERMISSIONS_BOUNDARY.value
            case CheckType.SESSION:
                return PolicyType.SESSION_POLICY.value
        assert_never(kind)

    def _info(self, uri: str, held: list[Policy]) -> dict[str, object]:
        first = held[0]
        attached = dict.fromkeys(self._holder(policy) for policy in held if policy.holder)
        return {
            "type": self.type_of_check(first.type.check),
            "inline": first.form not in _MANAGED,
            "uri": uri,
            "attachedTo": [{"arn": arn} for arn in attached if arn.startswith("arn:")],
        }

    def _holder(self, policy: Policy) -> str:
        holder = policy.holder or ""
        return self.target_arn(holder, self._world) if policy.type in _ORGANIZATION else holder


def _policies(recorded: Recorded) -> Iterator[Policy]:
    """All that were looked at where the state of that moment was kept, else those that the decisions name."""
    for decision in recorded.decisions:
        yield from _named(decision)
        if recorded.snapshot is not None:
            yield from _of_inputs(inputs_of(decision.request, recorded.snapshot))


def _named(decision: Decision) -> Iterator[Policy]:
    for check in decision.checks:
        for ref in check.matched:
            yield ref.policy
        for miss in check.nearest:
            yield miss.statement.policy
        for item in check.undecided:
            if item.statement is not None:
                yield item.statement.policy


def _of_inputs(inputs: Inputs) -> Iterable[Policy]:
    for guardrail in (inputs.resource_control, inputs.service_control):
        for level in guardrail.levels:
            yield from level.policies
    for layer in (inputs.vpc_endpoint, inputs.resource_policy, inputs.identity, inputs.boundary, inputs.session):
        yield from layer.policies
