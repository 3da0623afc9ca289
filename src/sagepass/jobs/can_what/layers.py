"""The statements behind a principal's permissions: what grants, what limits, what denies.

Within one account the grants are those of the identity and of resources' policies that name it; a permissions boundary
and a session policy limit what the identity and its role are granted, and not what a resource's policy grants the
principal itself; every level of the organization limits all of it.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sagepass.engine.decision import StatementRef
from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import Caller, CallerKind
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.policy.match_principal import Naming, match_principals, not_principal_applies
from sagepass.policy.parse import parse_document
from sagepass.policy.statement import Condition, StatementEffect
from sagepass.policy.truth import Truth
from sagepass.snapshot.layer import GuardrailLayer, Layer, Missing
from sagepass.snapshot.policied import resources_with_policies
from sagepass.snapshot.principals import PrincipalRecord
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.origin import Origin

_NAMES_THE_CALLER = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One statement in its layer. ``resources`` are those of the statement, or the resource that it is attached to."""

    ref: StatementRef
    resources: tuple[str, ...]
    because: str

    @property
    def not_resource(self) -> bool:
        """Whether ``resources`` are left out instead."""
        return self.ref.statement.not_resource

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of the statement."""
        return self.ref.statement.conditions

    @property
    def unlimited(self) -> bool:
        """True if it covers every resource without a condition."""
        return "*" in self.resources and not self.not_resource and not self.conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A layer that has to allow as well: a boundary, a session policy, one level of the organization."""

    name: str
    allows: tuple[Part, ...]


@dataclass(kw_only=True)
class Layers:
    """Everything in play for one principal."""

    grants: list[Part] = field(default_factory=list)
    ceilings: list[Ceiling] = field(default_factory=list)
    denies: list[Part] = field(default_factory=list)
    denies_of_resources: list[Part] = field(default_factory=list)
    """Resource control policies: they hold for the account's own resources in the services that support them."""
    missing: list[Missing] = field(default_factory=list)
    inexact: dict[str, None] = field(default_factory=dict)

    def every(self) -> Iterator[Part]:
        """All statements."""
        yield from self.grants
        yield from self.denies
        yield from self.denies_of_resources
        for ceiling in self.ceilings:
            yield from ceiling.allows


def gather(caller: Caller, record: PrincipalRecord | None, session: Layer | None, snapshot: Snapshot) -> Layers:
    """The statements in play for a user, a role, a session of one, or the root user of an account."""
    layers = Layers()
    direct = _resource_grants(layers, caller, record, session, snapshot)
    if record is None:
        layers.grants += _parts([_root_policy()], StatementEffect.ALLOW, "the root user is allowed by default")
    else:
        _take(layers, record.identity, "an identity-based policy", layers.grants)
        if record.boundary.exists or record.boundary.missing:
            _ceiling(layers, record.boundary, "the permissions boundary", direct)
    if session is not None and session.exists:
        _ceiling(layers, session, "the session policy", direct)
    account = caller.account or ""
    if not caller.is_service_linked_role:
        _levels(layers, snapshot.service_control(account), "the service control policies", layers.denies)
        _levels(layers, snapshot.resource_control(account), "the resource control policies", layers.denies_of_resources)
    return layers


def _take(layers: Layers, layer: Layer, because: str, allows: list[Part]) -> None:
    """The statements of one layer, sorted by effect."""
    layers.missing += layer.missing
    for policy in layer.policies:
        _note_defects(layers, policy)
    allows += _parts(layer.policies, StatementEffect.ALLOW, because)
    layers.denies += _parts(layer.policies, StatementEffect.DENY, because)


def _ceiling(layers: Layers, layer: Layer, name: str, direct: Sequence[Part]) -> None:
    allows: list[Part] = []
    _take(layers, layer, name, allows)
    if layer.exists:
        layers.ceilings.append(Ceiling(name=name, allows=(*allows, *direct)))


def _levels(layers: Layers, guardrail: GuardrailLayer, words: str, denies: list[Part]) -> None:
    layers.missing += guardrail.missing
    if guardrail.exempt is not None:
        return
    for level in guardrail.levels:
        name = f"{words} on {level.target}"
        layers.missing += level.missing
        for policy in level.policies:
            _note_defects(layers, policy)
        denies += _parts(level.policies, StatementEffect.DENY, name)
        if denies is layers.denies and not level.missing:
            allows = tuple(_parts(level.policies, StatementEffect.ALLOW, name))
            layers.ceilings.append(Ceiling(name=name, allows=allows))


def _parts(policies: Iterable[Policy], effect: StatementEffect, because: str) -> Iterator[Part]:
    for policy in policies:
        for statement in policy.document.statements:
            if statement.effect is effect and not statement.defects:
                resources = tuple(element.value for element in statement.resources or ()) or (policy.holder or "*",)
                yield Part(ref=StatementRef(policy=policy, statement=statement), resources=resources, because=because)


def _note_defects(layers: Layers, policy: Policy) -> None:
    if not policy.document.readable:
        layers.inexact[f"policy {policy.name} cannot be read"] = None
    for statement in policy.document.statements:
        if statement.defects:
            number = statement.index + 1
            layers.inexact[f"statement {number} of {policy.name} is malformed: {statement.defects[0].message}"] = None


def _root_policy() -> Policy:
    value = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    document = parse_document(
        value,
        origin=Origin(name="what the root user has by default", value=value),
        policy_type=PolicyType.IDENTITY_BASED_POLICY,
    )
    return Policy(
        name="root user",
        type=PolicyType.IDENTITY_BASED_POLICY,
        form=PolicyForm.AWS_MANAGED,
        document=document,
    )


def _resource_grants(
    layers: Layers, caller: Caller, record: PrincipalRecord | None, session: Layer | None, snapshot: Snapshot
) -> tuple[Part, ...]:
    """Take in the policies of the account's own resources; what they grant the principal itself is returned.

    Policies of KMS keys and trust policies of roles are left out: they do not add to what the identity has.
    """
    limited = session is not None or (record is not None and record.boundary.exists)
    direct: list[Part] = []
    for arn in resources_with_policies(snapshot.answers(), caller.account or "", caller.partition):
        parts = parse_arn(arn)
        if parts is None or parts.service == "kms":
            continue
        layer = snapshot.resource_policy(arn)
        layers.missing += [gap for gap in layer.missing if not gap.grants_only]
        for part in _about(layers, layer, caller, record):
            if part.ref.statement.effect is StatementEffect.DENY:
                layers.denies.append(part)
                continue
            naming = _naming(part, caller)
            if naming is Naming.ACCOUNT:
                continue
            layers.grants.append(part)
            if naming is Naming.EXACT or (naming is Naming.ANYONE and _names_the_caller(part)):
                direct.append(part)
            elif naming is Naming.ANYONE and limited:
                sentence = (
                    f"AWS does not say whether a boundary or session policy limits what {arn} grants everyone (*)"
                )
                layers.inexact[sentence] = None
    return tuple(direct)


def _about(layers: Layers, layer: Layer, caller: Caller, record: PrincipalRecord | None) -> Iterator[Part]:
    """The statements of a resource's policy that are about the caller."""
    has_boundary = Truth.of(record is not None and record.boundary.exists)
    for policy in layer.policies:
        _note_defects(layers, policy)
        for effect in StatementEffect:
            for part in _parts([policy], effect, "a resource-based policy"):
                statement = part.ref.statement
                if statement.not_principal:
                    applies = not_principal_applies(statement.principals or (), caller, has_boundary=has_boundary)
                else:
                    found = match_principals(statement.principals or (), caller)
                    applies = Truth.UNKNOWN if found.undecided else Truth.of(found.naming is not Naming.NOT_AT_ALL)
                if applies is Truth.UNKNOWN:
                    layers.inexact[f"whether a statement of {policy.holder} is about this principal is not settled"] = (
                        None
                    )
                elif applies is Truth.TRUE:
                    yield _of_holder(layers, part)


def _of_holder(layers: Layers, part: Part) -> Part:
    """``*`` in a resource's own policy means that resource and what it contains."""
    holder = part.ref.policy.holder or "*"
    if part.not_resource:
        layers.inexact[f"a statement of the policy of {holder} has NotResource"] = None
        return part
    if "*" not in part.resources:
        return part
    named = [entry for entry in part.resources if entry != "*"]
    return replace(part, resources=tuple(dict.fromkeys([*named, holder, f"{holder}/*"])))


def _naming(part: Part, caller: Caller) -> Naming:
    statement = part.ref.statement
    if statement.not_principal:
        return Naming.ANYONE
    return match_principals(statement.principals or (), caller).naming


def _names_the_caller(part: Part) -> bool:
    """``*`` narrowed by ``aws:PrincipalArn`` counts as naming the principal itself."""
    return any(
        condition.key.lower() == "aws:principalarn" and str(condition.operator) in _NAMES_THE_CALLER
        for condition in part.conditions
    )


def is_plain(caller: Caller) -> bool:
    """Whether the caller has permissions of its own that can be written down."""
    return caller.kind in {CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION, CallerKind.ROOT}
