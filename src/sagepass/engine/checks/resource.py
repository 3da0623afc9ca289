"""The policy of the resource: bucket policy, key policy and grants, role trust policy, model package group policy.

How it names the caller decides what else still limits the grant, so the Allow statements are kept apart by that.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from sagepass.engine.checks.applied import Applied, takes_no_part
from sagepass.engine.checks.facts import Facts, Hit, doubt, gather_facts
from sagepass.engine.inputs import Inputs, may_be_named_by_arn
from sagepass.engine.services.kms import GrantFacts, grant_facts
from sagepass.engine.services.rules import ServiceRules
from sagepass.policy.document_index import document_index
from sagepass.policy.kinds import CheckType
from sagepass.policy.match_principal import Naming
from sagepass.policy.truth import Truth


class NamedAs(Enum):
    """In which way an Allow of the resource's policy counts, by how it names the caller."""

    DIRECT = "direct"
    """The caller itself, or everyone narrowed by ``aws:PrincipalArn`` where that is enough."""
    ROLE = "role"
    """The role, or the user who federated."""
    ANYONE = "anyone"
    """``*`` in another form."""
    ACCOUNT = "account"
    """The account, which only delegates."""


def named_as(naming: Naming, *, names_principal_arn: bool) -> NamedAs | None:
    """In which way an Allow counts; ``None`` where it does not name the caller."""
    match naming:
        case Naming.EXACT:
            return NamedAs.DIRECT
        case Naming.ROLE | Naming.FEDERATING_USER:
            return NamedAs.ROLE
        case Naming.ANYONE:
            return NamedAs.DIRECT if names_principal_arn else NamedAs.ANYONE
        case Naming.ACCOUNT:
            return NamedAs.ACCOUNT
        case Naming.NOT_AT_ALL:
            return None
    assert_never(naming)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFacts:
    """The facts of the resource's policy, with its Allow statements by how they name the caller: :class:`NamedAs`."""

    facts: Facts
    direct: Truth
    role: Truth
    anyone: Truth
    account: Truth
    grants: GrantFacts

    @property
    def any_allow(self) -> Truth:
        """Whether the resource's policy lets the caller in by any naming."""
        return max(self.direct, self.role, self.anyone, self.account)


def applied_resource(inputs: Inputs, rules: ServiceRules) -> Applied:
    """The policy of the resource, where the action consults it."""
    if not rules.resource_policy_counts:
        return takes_no_part(CheckType.RESOURCE, rules.why_no_resource_policy)
    layer = inputs.resource_policy
    return Applied(type=CheckType.RESOURCE, policies=layer.policies, missing=layer.missing, exists=layer.exists)


def resource_facts(applied: Applied, inputs: Inputs) -> ResourceFacts:
    """What the resource's policy and, for a KMS key, its grants say."""
    facts = gather_facts(applied, inputs.match_request)
    if not applied.takes_part:
        no = Truth.FALSE
        return ResourceFacts(facts=facts, direct=no, role=no, anyone=no, account=no, grants=GrantFacts())
    grants = grant_facts(inputs)
    _, unsure = doubt(applied)
    allowed = dict.fromkeys(NamedAs, unsure)
    allowed[NamedAs.DIRECT] |= grants.direct
    allowed[NamedAs.ROLE] |= grants.role
    by_arn = may_be_named_by_arn(inputs.caller, inputs.session)
    for hit in facts.allows:
        way = named_as(hit.match.naming, names_principal_arn=by_arn and _names_principal_arn(hit))
        if way is not None:
            allowed[way] |= hit.match.truth
    return ResourceFacts(
        facts=facts,
        direct=allowed[NamedAs.DIRECT],
        role=allowed[NamedAs.ROLE],
        anyone=allowed[NamedAs.ANYONE],
        account=allowed[NamedAs.ACCOUNT],
        grants=grants,
    )


def _names_principal_arn(hit: Hit) -> bool:
    candidates = document_index(hit.policy.document).candidates
    return candidates[hit.match.statement.index].test.names_principal_arn
