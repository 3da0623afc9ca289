"""A diagnosis from the text alone, where no policies were supplied or none of them bear on it."""

from __future__ import annotations

from dataclasses import replace

from sagepass.catalog.operations import find_operation
from sagepass.denial.other_errors import next_step
from sagepass.denial.record import Denial, OtherError
from sagepass.jobs.beside_iam import beside_iam
from sagepass.jobs.causes import reported_cause
from sagepass.jobs.diagnosis import Diagnosis, Verdict
from sagepass.jobs.sts_errors import explained, federated_advice
from sagepass.jobs.subject import Subjects
from sagepass.jobs.text_fixes import NOTHING_DECIDED, fixes_from_text
from sagepass.jobs.who_you_are import who_you_are
from sagepass.policy.arn import is_account_id
from sagepass.policy.kinds import Effect
from sagepass.repair.fix import Applicability, Fix

_NOT_ASKED = ("nothing was re-evaluated: the supplied policies could not be asked about this request",)


def not_a_denial(denial: Denial) -> Diagnosis:
    """An error that no policy can repair, with the right next step."""
    step = next_step(denial)
    beside = beside_iam(denial)
    known = explained(denial) or (beside.fix if beside else None)
    return Diagnosis(
        denial=denial,
        verdict=Verdict.NOT_A_DENIAL,
        headline=beside.headline if beside else _no_denial(denial),
        fixes=(known,) if known else (*_own_account(denial), *_advice(step)),
        evidence=("reported: the text of the error",),
        effect=None,
    )


def _no_denial(denial: Denial) -> str:
    if denial.reason is OtherError.OUTSIDE_AWS:
        return "AWS did not refuse this: something outside AWS did"
    reason = denial.reason.value.replace("_", " ") if denial.reason else "another error"
    return f"this is not a permission problem: {reason}"


def _advice(step: str | None) -> tuple[Fix, ...]:
    if step is None:
        return ()
    return (Fix(title="what to do instead", edits=(), applicability=Applicability.DISPLAY_ONLY, steps=(step,)),)


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


def way_out(denial: Denial) -> Fix | None:
    """What to do about a refusal that the policies of a snapshot cannot explain; ``None`` if they can."""
    beside = beside_iam(denial)
    return explained(denial) or (beside.fix if beside else None)


def from_text(denial: Denial, subjects: Subjects, *, with_snapshot: bool) -> Diagnosis:
    """What the text alone tells."""
    cause = reported_cause(denial)
    beside = beside_iam(denial)
    known = way_out(denial) or federated_advice(denial)
    limits = []
    if subjects.unreadable:
        limits.append(f"{subjects.unreadable}, so nothing could be decided from policies")
    if not with_snapshot:
        limits.append(
            "no policies were supplied: this rests on the message, which names one cause even if several deny"
        )
    principal = denial.principal
    fixes = (known,) if known else fixes_from_text(denial, subjects.found[0].request if subjects.found else None)
    return Diagnosis(
        denial=denial,
        verdict=Verdict.REPORTED,
        headline=beside.headline if beside else cause.headline,
        identity=who_you_are(principal, None),
        causes=(cause,),
        fixes=tuple(_beside_a_snapshot(fix) for fix in fixes) if with_snapshot else fixes,
        evidence=("reported: the text of the error", *(f"read: {note}" for note in subjects.open_points)),
        limits=tuple(dict.fromkeys(limits)),
        next_command=None if with_snapshot else collect_command(denial),
        effect=denial.effect or Effect.IMPLICIT_DENY,
    )


def _beside_a_snapshot(fix: Fix) -> Fix:
    return replace(fix, not_checked=_NOT_ASKED) if fix.not_checked == NOTHING_DECIDED else fix


def collect_command(denial: Denial) -> str:
    """What collects the policies of the denied caller's account, and asks again with them."""
    known = denial.account and is_account_id(denial.account)
    whose = f"  # with credentials of account {denial.account}" if known else ""
    return (
        "aws iam get-account-authorization-details --output json > account.json && "
        f"sagepass why ERROR --snapshot account.json{whose}"
    )
