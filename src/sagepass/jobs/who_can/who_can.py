"""``who_can``: everyone who can perform an action on a resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sagepass.catalog.actions import find_action
from sagepass.engine.authorize import inputs_of
from sagepass.engine.inputs import Inputs
from sagepass.engine.services.rules import rules_for
from sagepass.jobs.decide_in_bulk import decide_by_size
from sagepass.jobs.decide_many import DecideMany, Progress
from sagepass.jobs.who_can.asking import Able, Asker, request_for
from sagepass.jobs.who_can.chains import Chains
from sagepass.jobs.who_can.named import Named, named_by
from sagepass.jobs.who_can.record import Access, Certainty, HolderKind, WhoCan
from sagepass.policy.arn import account_of
from sagepass.policy.statement import PrincipalForm, StatementEffect
from sagepass.snapshot.snapshot import Snapshot

DEFAULT_MAX_HOPS = 3
MOST_HOPS = 10
"""Longer chains are refused: every role on the way multiplies the work, and nobody reads them."""

_ON_THE_WAY = (
    "sts:",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:vpcsourceip",
    "aws:securetransport",
    "aws:currenttime",
    "aws:epochtime",
    "aws:useragent",
)
"""Keys that tell how the caller comes: they hold for opening the sessions as well as for the request."""


def who_can(
    action: str,
    resource: str,
    snapshot: Snapshot,
    *,
    max_hops: int = DEFAULT_MAX_HOPS,
    context: Mapping[str, object] | None = None,
    decide_many: DecideMany = decide_by_size,
    progress: Progress | None = None,
) -> WhoCan:
    """Find everyone who can, directly or through roles.

    Args:
        action: ``service:Name``.
        resource: an ARN, or ``*`` for an action without a resource.
        snapshot: the saved accounts.
        max_hops: roles on the way, at most; 0 asks for direct access only.
        context: condition keys of the request.
        decide_many: the engine that decides for the principals of the snapshot.
        progress: told how many requests are done, then for each level of chains how many roles.

    Raises:
        ValueError: ``max_hops`` is out of range.
    """
    if not 0 <= max_hops <= MOST_HOPS:
        raise ValueError(f"max_hops is {max_hops}; it can be 0 to {MOST_HOPS}")
    known = find_action(action)
    action = known.id if known else action
    given = dict(context or {})
    asked = asked_principals(snapshot)
    asker = Asker(snapshot=snapshot, decide_many=decide_many, context=given, progress=progress)
    inputs = _looked_up(action, resource, asked, snapshot)
    named = _named(inputs)
    direct = [*asker.principals(asked, action, resource), *asker.outsiders(named, action, resource)]
    direct = _without_covered_sessions(direct)
    on_the_way = Asker(snapshot=snapshot, decide_many=decide_many, context=_hop_context(given))
    chains = Chains(asker=on_the_way, max_hops=max_hops, progress=progress)
    through_roles = chains.find(direct)
    return WhoCan(
        action=action,
        resource=resource,
        resource_account=inputs.resource_account if inputs else account_of(resource),
        max_hops=max_hops,
        access=_ordered(direct, through_roles),
        asked=len(asked),
        assumptions=inputs.assumptions[:1] if inputs else (),
        limits=tuple(_limits(snapshot, named, direct, inputs, chains)),
    )


def asked_principals(snapshot: Snapshot) -> tuple[str, ...]:
    """Users, roles and the root user of every account that was collected."""
    return tuple(_principals(snapshot))


def _principals(snapshot: Snapshot) -> Iterable[str]:
    for account in snapshot.accounts:
        partition = "aws"
        if not snapshot.has_account(account):
            continue
        for record in snapshot.principals(account):
            partition = record.arn.split(":")[1]
            yield record.arn
        yield f"arn:{partition}:iam::{account}:root"


def _looked_up(action: str, resource: str, asked: tuple[str, ...], snapshot: Snapshot) -> Inputs | None:
    """What the engine looks up about the resource; a principal is needed to ask."""
    anyone = asked[-1] if asked else None
    return inputs_of(request_for(anyone, action, resource), snapshot) if anyone else None


def _named(inputs: Inputs | None) -> Named:
    if inputs is None or not rules_for(inputs).resource_policy_counts:
        return Named()
    return named_by(inputs.resource_policy, [grant.grantee for grant in inputs.grants])


def _without_covered_sessions(direct: list[Able]) -> list[Able]:
    """A session that a policy names is told of only where the role as a whole does not have the access for certain."""
    certain = {
        able.holder.name.rpartition("/")[2]
        for able in direct
        if able.holder.kind is HolderKind.ROLE and able.basis.certainty is Certainty.CERTAIN
    }
    return [
        able
        for able in direct
        if able.holder.kind is not HolderKind.SESSION or able.holder.name.split("/")[1] not in certain
    ]


def _hop_context(context: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in context.items() if key.lower().startswith(_ON_THE_WAY)}


def _ordered(direct: list[Able], through_roles: tuple[Access, ...]) -> tuple[Access, ...]:
    """Certain ones first; of one holder a chain is told only if it is more certain than direct access."""
    found = {
        able.holder: Access(holder=able.holder, hops=(), final=able.basis, certainty=able.basis.certainty)
        for able in direct
    }
    more = [
        access
        for access in through_roles
        if access.holder not in found or access.certainty.weight < found[access.holder].certainty.weight
    ]
    return tuple(sorted((*found.values(), *more), key=_place))


def _place(access: Access) -> tuple[int, str, str, str, int]:
    holder = access.holder
    return (access.certainty.weight, holder.account or "~", holder.kind, holder.name, len(access.hops))


def _limits(
    snapshot: Snapshot, named: Named, direct: list[Able], inputs: Inputs | None, chains: Chains
) -> Iterator[str]:
    yield from not_collected(snapshot, inputs.resource_account if inputs else None)
    if inputs is not None:
        for gap in (*inputs.resource_policy.missing, *inputs.grants_missing):
            yield f"not supplied: {gap.what}; whom it lets in from elsewhere is not known"
    for user in named.canonical_users:
        yield f"the policy names the canonical user {user}, of which it does not tell whose it is"
    if chains.cut and chains.max_hops:
        yield f"chains of more than {chains.max_hops} roles were not followed (--max-hops)"
    if inputs is not None and _may_be_shut_out(inputs, direct):
        yield (
            "S3 Block Public Access is not looked at; where it restricts buckets with a public policy, nobody from outside the"
            " account gets in, not even whom the policy names"
        )
    if chains.max_hops:
        yield "what principals make a service do with a role that they pass to it (iam:PassRole)"


def _may_be_shut_out(inputs: Inputs, direct: list[Able]) -> bool:
    """Whether somebody from outside gets in through a bucket's policy that may be public: it then counts for nobody outside.

    It is public by what it allows to anyone, be that another action than the one that is asked about
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html, RestrictPublicBuckets).
    """
    if inputs.service != "s3":
        return False
    statements = (item for policy in inputs.resource_policy.policies for item in policy.document.statements)
    to_anyone = any(
        item.not_principal or any(entry.form is PrincipalForm.ANYONE for entry in item.principals or ())
        for item in statements
        if item.effect is StatementEffect.ALLOW
    )
    outside = (able for able in direct if able.holder.kind is not HolderKind.SERVICE)
    return to_anyone and any(able.holder.account != inputs.resource_account for able in outside)


def not_collected(snapshot: Snapshot, owner: str | None) -> Iterator[str]:
    """Whose principals are not in the snapshot, in words; ``owner`` is the account of the resource, if there is one."""
    for account in snapshot.accounts:
        missing = snapshot.incomplete(account)
        if missing is not None:
            yield f"{missing.what} were not collected: principals on them are not looked at"
        elif not snapshot.has_account(account):
            yield f"the users and roles of account {account} were not collected"
    if owner is not None and owner not in snapshot.accounts:
        yield f"account {owner}, which owns the resource, is not in the snapshot: its own principals are not looked at"
