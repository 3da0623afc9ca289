"""The two accounts of a request that crosses from one to another: which of them lets it through, and what to ask the other.

Both have to allow it: the caller's account in the policies of the caller, the owner's account in the policy of the resource.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sagepass.engine.decision import Check, Decision
from sagepass.policy.arn import is_role_arn, parse_arn
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.truth import Truth
from sagepass.repair.fix import Applicability, Fix
from sagepass.snapshot.snapshot import Snapshot

_OF_THE_RESOURCE = frozenset({CheckType.RESOURCE, CheckType.RESOURCE_CONTROL_POLICY})
_CONTROL = frozenset({CheckType.SERVICE_CONTROL_POLICY, CheckType.RESOURCE_CONTROL_POLICY})
_ANY_REQUEST = frozenset({CheckType.VPC_ENDPOINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One account's part.

    Attributes:
        account: its id.
        allows: whether its own policies let the request through.
        but_for_control_policies: the same, but for control policies of its organization that were not supplied.
        collected: whether the snapshot holds its users, roles and their policies.
        where: the kind of policy that has to allow, in words.
    """

    account: str
    allows: Truth
    but_for_control_policies: bool
    collected: bool
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both parts of a request between two accounts."""

    caller: Side
    owner: Side

    @property
    def missing(self) -> Side | None:
        """The side that the snapshot does not hold and that is open for this reason."""
        return next((s for s in (self.owner, self.caller) if not s.collected and s.allows is Truth.UNKNOWN), None)


def sides_of(decision: Decision, snapshot: Snapshot) -> Sides | None:
    """The two sides; ``None`` for a request within one account, or of nobody's."""
    request = decision.request
    try:
        caller = parse_caller(request.principal)
    except ValueError:
        return None
    parts = parse_arn(request.resource)
    owner = (
        request.resource_account or snapshot.resource_account(request.resource) or (parts.account if parts else None)
    )
    if not caller.account or not owner or caller.account == owner:
        return None
    own = [check for check in decision.checks if check.type not in _OF_THE_RESOURCE | _ANY_REQUEST]
    other = [check for check in decision.checks if check.type in _OF_THE_RESOURCE]
    return Sides(
        caller=Side(
            account=caller.account,
            allows=_allows(own),
            but_for_control_policies=_allows_but_for_control_policies(own),
            collected=snapshot.has_account(caller.account),
            where="the caller's own policies",
        ),
        owner=Side(
            account=owner,
            allows=_allows(other),
            but_for_control_policies=_allows_but_for_control_policies(other),
            collected=snapshot.has_account(owner) or not any(_is_missing(check) for check in other),
            where="the role's trust policy" if is_role_arn(request.resource) else "the policy of the resource",
        ),
    )


def _allows(checks: list[Check]) -> Truth:
    if any(check.blocks for check in checks):
        return Truth.FALSE
    return Truth.UNKNOWN if any(check.effect is Effect.UNKNOWN for check in checks) else Truth.TRUE


def _allows_but_for_control_policies(checks: list[Check]) -> bool:
    return all(check.effect is not Effect.UNKNOWN or check.type in _CONTROL for check in checks) and not any(
        check.blocks for check in checks
    )


def _is_missing(check: Check) -> bool:
    return any(item.missing is not None for item in check.undecided)


_DOES = {Truth.TRUE: "does", Truth.FALSE: "does not", Truth.UNKNOWN: "is not settled here"}


def two_sides(sides: Sides) -> str:
    """Both sides in one sentence."""
    caller, owner = sides.caller, sides.owner
    return (
        f"the request goes from account {caller.account} to account {owner.account}, and both have to allow it: "
        f"{caller.account} in {caller.where} ({_DOES[caller.allows]}), {owner.account} in {owner.where} "
        f"({_DOES[owner.allows]})"
    )


def elsewhere(sides: Sides) -> str | None:
    """Where a denial must come from, if one side lets the request through and the other is not known."""
    missing = sides.missing
    if missing is None:
        return None
    known = sides.owner if missing is sides.caller else sides.caller
    if known.allows is not Truth.TRUE:
        if not known.but_for_control_policies:
            return None
        return (
            f"as far as was collected account {known.account} allows it in {known.where}; account {missing.account}, which is "
            f"not in the snapshot, has to allow it in {missing.where}"
        )
    return (
        f"account {known.account} allows it in {known.where}, so the denial comes from account {missing.account}, "
        "which is not in the snapshot"
    )


def question(decision: Decision, sides: Sides) -> Fix | None:
    """What to ask the administrators of the account that the snapshot does not hold, ready to send."""
    missing = sides.missing
    if missing is None:
        return None
    asked = _ask_owner(decision, sides) if missing is sides.owner else _ask_caller(decision, sides)
    return Fix(
        title=f"ask the administrators of account {missing.account}, whose policies are not in the snapshot",
        edits=(),
        applicability=Applicability.DISPLAY_ONLY,
        steps=tuple(asked),
    )


def _ask_owner(decision: Decision, sides: Sides) -> Iterator[str]:
    request, owner = decision.request, sides.owner
    principal = _named(request.principal)
    if is_role_arn(request.resource):
        name = request.resource.rpartition("/")[2]
        yield (
            f'"Does the trust policy of {request.resource} allow {request.action} for {principal} (or for account '
            f"{sides.caller.account})? Which external id, session name, source identity or MFA do its conditions ask for? "
            f'Please run: aws iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument"'
        )
    else:
        supply = next((item.missing.supply for item in decision.residual if item.missing and item.missing.supply), "")
        run = f" Please run: {supply.partition(' > ')[0]}" if supply.startswith("aws ") else ""
        yield (
            f'"Does the policy of {request.resource} (or a share of AWS RAM) allow {request.action} for {principal} or for '
            f'account {sides.caller.account}?{run}"'
        )
    yield (
        f'"Does a resource control policy of your organization deny it to principals of account {sides.caller.account}? '
        f'Please run: aws organizations list-policies-for-target --target-id {owner.account} --filter RESOURCE_CONTROL_POLICY"'
    )


def _ask_caller(decision: Decision, sides: Sides) -> Iterator[str]:
    request = decision.request
    principal = _named(request.principal)
    yield (
        f'"May {principal} call {request.action} on {request.resource}, and do its permissions boundary and the service '
        f"control policies over account {sides.caller.account} leave it that? Please run: aws iam simulate-principal-policy "
        f'--policy-source-arn {principal} --action-names {request.action} --resource-arns {request.resource}"'
    )


def _named(principal: str) -> str:
    """The identity to look at: for a session its role (whose path a session does not tell)."""
    caller = parse_caller(principal)
    if caller.kind is CallerKind.ROLE_SESSION:
        return caller.role_arn or principal
    return principal
