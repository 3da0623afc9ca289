"""A diagnosis from the text alone, where no policies were supplied or none of them bear on it."""

from __future__ import annotations

from sagepass.catalog.operations import find_operation
from sagepass.catalog.resources import resource_types_of
from sagepass.denial.other_errors import next_step
from sagepass.denial.record import Denial, OtherError
from sagepass.jobs.causes import reported_cause
from sagepass.jobs.diagnosis import Diagnosis, Verdict
from sagepass.jobs.subject import Subjects
from sagepass.jobs.who_you_are import who_you_are
from sagepass.policy.arn import is_account_id
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.repair.fix import Applicability, Edit, Fix, Owner
from sagepass.snapshot.changes import PolicyChange

_MAY_BE_IDENTITY = frozenset({None, PolicyType.IDENTITY_BASED_POLICY, PolicyType.PERMISSIONS_BOUNDARY})


def not_a_denial(denial: Denial) -> Diagnosis:
    """An error that no policy can repair, with the right next step."""
    step = next_step(denial)
    reason = denial.reason.value.replace("_", " ") if denial.reason else "another error"
    return Diagnosis(
        denial=denial,
        verdict=Verdict.NOT_A_DENIAL,
        headline=f"this is not a permission problem: {reason}",
        fixes=(*_own_account(denial), *_advice(step)),
        evidence=("reported: the text of the error",),
        effect=None,
    )


def _advice(step: str | None) -> tuple[Fix, ...]:
    if step is None:
        return ()
    return (Fix(title="do this instead", edits=(), applicability=Applicability.DISPLAY_ONLY, steps=(step,)),)


def _own_account(denial: Denial) -> tuple[Fix, ...]:
    """An API that takes a name answered "not found": it always means the caller's own account."""
    if denial.reason is not OtherError.NOT_FOUND or denial.operation is None:
        return ()
    operation = find_operation("sagemaker", denial.operation)
    if operation is None or operation.can_address_other_account:
        return ()
    return (
        Fix(
            title=f"if the resource is in another account, assume a role there: {operation.name} never leaves your own",
            edits=(),
            applicability=Applicability.DISPLAY_ONLY,
            steps=(
                (
                    f"{operation.name} takes a name, not an ARN, so it always looks in the account of the credentials it "
                    "is called with: a resource of another account is not found, whatever the policies say"
                ),
                (
                    "SageMaker has no resource-based policy for it either; the owner creates a role that trusts your "
                    f"account and allows sagemaker:{operation.name}, you allow yourself sts:AssumeRole on that role"
                ),
                (
                    "then call it with that role's credentials: aws sts assume-role --role-arn "
                    "arn:aws:iam::OWNER-ACCOUNT:role/ROLE --role-session-name NAME"
                ),
            ),
        ),
    )


def from_text(denial: Denial, subjects: Subjects, *, with_snapshot: bool) -> Diagnosis:
    """What the text alone tells."""
    cause = reported_cause(denial)
    limits = []
    if subjects.unreadable:
        limits.append(f"{subjects.unreadable}, so nothing could be decided from policies")
    if not with_snapshot:
        limits.append(
            "no policies were supplied: this rests on the message, which names one cause even if several deny"
        )
    principal = denial.principal
    return Diagnosis(
        denial=denial,
        verdict=Verdict.REPORTED,
        headline=cause.headline,
        identity=who_you_are(principal, None),
        causes=(cause,),
        fixes=_fixes(denial, subjects),
        evidence=("reported: the text of the error", *(f"read: {note}" for note in subjects.open_points)),
        limits=tuple(dict.fromkeys(limits)),
        next_command=None if with_snapshot else _next_command(denial),
        effect=denial.effect or Effect.IMPLICIT_DENY,
    )


def _next_command(denial: Denial) -> str:
    account = denial.account if denial.account and is_account_id(denial.account) else "ACCOUNT"
    return (
        "aws iam get-account-authorization-details > "
        f"accounts/{account}/iam/get-account-authorization-details.json && sagepass why ERROR --snapshot ."
    )


def _fixes(denial: Denial, subjects: Subjects) -> tuple[Fix, ...]:
    """The statement that would be needed if identity-based policies are what is missing; nothing was re-evaluated."""
    if denial.effect is Effect.EXPLICIT_DENY or not subjects.found or denial.policy_type not in _MAY_BE_IDENTITY:
        return ()
    request = subjects.found[0].request
    caller = parse_caller(request.principal)
    if caller.kind not in {CallerKind.USER, CallerKind.ROLE_SESSION, CallerKind.ROLE}:
        return ()
    resource = request.resource if resource_types_of(request.action) else "*"
    statement: dict[str, object] = {"Effect": "Allow", "Action": request.action, "Resource": resource}
    if request.action == "iam:PassRole":
        statement["Condition"] = {"StringEquals": {"iam:PassedToService": str(request.context["iam:PassedToService"])}}
    return (
        _identity_fix(statement, request.action, resource, caller.role_arn or caller.arn, caller.account, caller.kind),
    )


def _identity_fix(  # noqa: PLR0917 - the parts of one policy address
    statement: dict[str, object], action: str, resource: str, holder: str, account: str | None, kind: CallerKind
) -> Fix:
    user = kind is CallerKind.USER
    name = f"sagepass-{action.partition(':')[2]}"
    document = {"Version": "2012-10-17", "Statement": [statement]}
    change = PolicyChange(
        holder=holder,
        type=PolicyType.IDENTITY_BASED_POLICY,
        name=name,
        form=PolicyForm.INLINE_USER if user else PolicyForm.INLINE_ROLE,
        document=document,
    )
    owner = holder.rpartition("/")[2]
    edit = Edit(
        change=change,
        policy_type=PolicyType.IDENTITY_BASED_POLICY,
        check=CheckType.PRINCIPAL,
        where=f"new inline policy {name} of {'user' if user else 'role'} {owner}",
        owner=Owner.ACCOUNT,
        account=account,
        before=None,
        after=document,
        statement=statement,
    )
    return Fix(
        title=f"if no other policy denies it, allow {action} on {resource} for {owner}",
        edits=(edit,),
        applicability=Applicability.PLACEHOLDERS if "*" in resource and resource != "*" else Applicability.DISPLAY_ONLY,
        grants=(f"{owner} may call {action} on {resource}",),
        not_checked=("nothing was re-evaluated: no policies were supplied",),
    )
