"""Diagnoses built by hand: one for each way in which a page can look."""

from __future__ import annotations

from sagepass.denial.record import Denial, DenialKind, OtherError, PrincipalType
from sagepass.engine.decision import (
    Check,
    ContextFact,
    Decision,
    Difference,
    Evaluation,
    NearMiss,
    Residual,
    StatementRef,
    Undecided,
)
from sagepass.engine.request import Request
from sagepass.jobs.diagnosis import Candidate, Cause, Diagnosis, Verdict
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import CheckType, Effect, Evidence, PolicyType
from sagepass.policy.match_statement import Part
from sagepass.policy.parse import parse_document
from sagepass.repair.fix import Applicability, Edit, Fix, Owner
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.layer import Missing
from sagepass.source.origin import Origin
from sagepass.source.text import Span

USER = "arn:aws:iam::123456789012:user/mateojackson"
JOB = "arn:aws:sagemaker:us-east-1:123456789012:training-job/my-example-widget"
TEXT = f"User: {USER} is not authorized to perform: sagemaker:DescribeTrainingJob on resource: my-example-widget"
ACTION = "sagemaker:DescribeTrainingJob"
NEAR_DOCUMENT: dict[str, object] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Jobs",
            "Effect": "Allow",
            "Action": ["sagemaker:ListTrainingJobs", "sagemaker:DescribeTrainingJob"],
            "Resource": "arn:aws:sagemaker:us-east-1:123456789012:training-job/team-*",
        }
    ],
}
DENY_DOCUMENT: dict[str, object] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {
            "Sid": "OnlyEurope",
            "Effect": "Deny",
            "NotAction": "iam:*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
        },
    ],
}
STATEMENT = {"Effect": "Allow", "Action": ACTION, "Resource": JOB}


def policy(name: str, document: dict[str, object], kind: PolicyType, form: PolicyForm, holder: str) -> Policy:
    """A policy shown pretty-printed, as one that came from an encoded document."""
    origin = Origin(name=f"policy {name}", value=document)
    return Policy(
        name=name,
        type=kind,
        form=form,
        document=parse_document(document, origin=origin, policy_type=kind),
        holder=holder,
    )


def denial(**changes: object) -> Denial:
    """The denial of the user."""
    values: dict[str, object] = {
        "kind": DenialKind.IAM_DENIAL,
        "text": TEXT,
        "span": Span(0, len(TEXT)),
        "principal": USER,
        "principal_type": PrincipalType.USER,
        "account": "123456789012",
        "action": ACTION,
        "resource": "my-example-widget",
        "service": "sagemaker",
    }
    return Denial(**{**values, **changes})  # type: ignore[arg-type]  # the test names the fields


def near_miss() -> NearMiss:
    """The statement allows the action on other jobs."""
    identity = policy("jobs", NEAR_DOCUMENT, PolicyType.IDENTITY_BASED_POLICY, PolicyForm.INLINE_USER, USER)
    statement = identity.document.statements[0]
    return NearMiss(
        statement=StatementRef(policy=identity, statement=statement),
        part=Part.RESOURCE,
        difference=Difference.NAME,
        route=("Statement", 0, "Resource"),
        expected=("arn:aws:sagemaker:us-east-1:123456789012:training-job/team-*",),
        actual=(JOB,),
        piece=(54, 60),
        sentence="`team-*` does not cover `my-example-widget`",
    )


def checks(principal: Check, *others: Check) -> tuple[Check, ...]:
    """The principal check among those that have no impact, out of AWS's order on purpose."""
    silent = {
        CheckType.RESOURCE: "training jobs have no resource-based policy",
        CheckType.PERMISSIONS_BOUNDARY: "the user has no permissions boundary",
        CheckType.SESSION: "the caller is no session",
    }
    given = {check.type for check in (principal, *others)}
    rest = [Check(type=t, effect=Effect.NO_IMPACT, reason=r) for t, r in silent.items() if t not in given]
    return (principal, *rest, *others)


def decision(effect: Effect, checks: tuple[Check, ...], *, residual: tuple[Residual, ...] = ()) -> Decision:
    """A decision about the user's request."""
    request = Request(principal=USER, action=ACTION, resource=JOB, resource_account="123456789012")
    facts = (ContextFact(key="aws:username", values=("mateojackson",), known=True, evidence=Evidence.COMPUTED),)
    evaluation = Evaluation(action=ACTION, resource=JOB, effect=effect, checks=checks, context=facts)
    deciding = tuple(dict.fromkeys(check.type for check in checks if check.effect is effect))
    return Decision(
        request=request,
        effect=effect,
        decided_by=deciding,
        evaluations=(evaluation,),
        residual=residual,
        assumptions=("no VPC endpoint is on the way: nothing tells of one",),
    )


def fix_for_user() -> Fix:
    """An inline policy for the user."""
    document = {"Version": "2012-10-17", "Statement": [STATEMENT]}
    change = PolicyChange(
        holder=USER,
        type=PolicyType.IDENTITY_BASED_POLICY,
        name="sagepass-DescribeTrainingJob",
        form=PolicyForm.INLINE_USER,
        document=document,
    )
    edit = Edit(
        change=change,
        policy_type=PolicyType.IDENTITY_BASED_POLICY,
        check=CheckType.PRINCIPAL,
        where="new inline policy sagepass-DescribeTrainingJob of user mateojackson",
        owner=Owner.ACCOUNT,
        account="123456789012",
        before=None,
        after=document,
        statement=STATEMENT,
    )
    return Fix(
        title="allow sagemaker:DescribeTrainingJob on my-example-widget for user mateojackson",
        edits=(edit,),
        applicability=Applicability.LIKELY,
        grants=("user mateojackson may read the description of the one training job my-example-widget",),
        grants_data=((USER, ACTION, JOB, "{}"),),
        result=decision(Effect.ALLOW, checks(Check(type=CheckType.PRINCIPAL, effect=Effect.ALLOW, reason="allowed"))),
        minimal=True,
        not_checked=("the service control policies of account 123456789012",),
        after=("wait some seconds: a change of IAM is not seen everywhere at once",),
    )


def fix_of_document() -> Fix:
    """The same by changing the policy that nearly allows it."""
    after = {
        **NEAR_DOCUMENT,
        "Statement": [{**NEAR_DOCUMENT["Statement"][0], "Resource": [  # type: ignore[index]  # a list, see above
            "arn:aws:sagemaker:us-east-1:123456789012:training-job/team-*", JOB]}],
    }  # fmt: skip
    change = PolicyChange(
        holder=USER,
        type=PolicyType.IDENTITY_BASED_POLICY,
        name="jobs",
        form=PolicyForm.INLINE_USER,
        document=after,
    )
    edit = Edit(
        change=change,
        policy_type=PolicyType.IDENTITY_BASED_POLICY,
        check=CheckType.PRINCIPAL,
        where="inline policy jobs of user mateojackson",
        owner=Owner.ACCOUNT,
        account="123456789012",
        before=NEAR_DOCUMENT,
        after=after,
    )
    return Fix(
        title="add the job to statement Jobs of policy jobs",
        edits=(edit,),
        applicability=Applicability.LIKELY,
        grants=("user mateojackson may also list training jobs there",),
        warnings=("the statement grants two actions",),
    )


def denied_nearby() -> Diagnosis:
    """No identity-based policy allows it; one comes near; the control policies are not known."""
    near = near_miss()
    missing = Missing(
        what="the service control policies of account 123456789012", supply="aws organizations list-policies"
    )
    scp = Check(
        type=CheckType.SERVICE_CONTROL_POLICY,
        effect=Effect.UNKNOWN,
        reason="not supplied",
        undecided=(Undecided(reason="not supplied", missing=missing),),
    )
    principal = Check(
        type=CheckType.PRINCIPAL,
        effect=Effect.IMPLICIT_DENY,
        reason="no identity-based policy allows sagemaker:DescribeTrainingJob on this training job",
        nearest=(near,),
        policies=("jobs",),
    )
    return Diagnosis(
        denial=denial(),
        verdict=Verdict.DENIED,
        headline=(
            "no identity-based policy lets user mateojackson perform sagemaker:DescribeTrainingJob "
            "on training job my-example-widget"
        ),
        identity=("you call as IAM user mateojackson of account 123456789012",),
        decision=decision(Effect.IMPLICIT_DENY, checks(principal, scp)),
        causes=(Cause(check=principal, headline=principal.reason, near=near),),
        fixes=(fix_for_user(), fix_of_document()),
        evidence=("computed from 1 policy of the snapshot world",),
        limits=("service control policies were not supplied",),
        next_command="sagepass why error.txt --snapshot world --show awscli",
        effect=Effect.IMPLICIT_DENY,
    )


def denied_by_guardrail() -> Diagnosis:
    """A service control policy denies, and the user has no grant either."""
    guard = policy(
        "only-europe", DENY_DOCUMENT, PolicyType.SERVICE_CONTROL_POLICY, PolicyForm.ORGANIZATION, "ou-abcd-11111111"
    )
    ref = StatementRef(
        policy=guard,
        statement=guard.document.statements[1],
        elements=(
            ("Statement", 1, "NotAction"),
            ("Statement", 1, "Condition", "StringNotEquals", "aws:RequestedRegion"),
        ),
    )
    scp = Check(
        type=CheckType.SERVICE_CONTROL_POLICY,
        effect=Effect.EXPLICIT_DENY,
        reason="policy only-europe denies every Region but eu-west-1",
        target="ou-abcd-11111111",
        matched=(ref,),
    )
    principal = Check(
        type=CheckType.PRINCIPAL,
        effect=Effect.IMPLICIT_DENY,
        reason="no identity-based policy allows it",
        policies=("jobs",),
        nearest=(near_miss(),),
    )
    after = {"Version": "2012-10-17", "Statement": [DENY_DOCUMENT["Statement"][0]]}  # type: ignore[index]  # a list
    change = PolicyChange(
        holder="ou-abcd-11111111",
        type=PolicyType.SERVICE_CONTROL_POLICY,
        name="only-europe",
        form=PolicyForm.ORGANIZATION,
        document=after,
        arn="arn:aws:organizations::999999999999:policy/o-abcdefghij/service_control_policy/p-12345678",
    )
    edit = Edit(
        change=change,
        policy_type=PolicyType.SERVICE_CONTROL_POLICY,
        check=CheckType.SERVICE_CONTROL_POLICY,
        where="service control policy only-europe on ou-abcd-11111111",
        owner=Owner.ORGANIZATION,
        account="999999999999",
        before=DENY_DOCUMENT,
        after=after,
    )
    both = Fix(
        title="exempt this job from the service control policy, and allow it for the user",
        edits=(edit, *fix_for_user().edits),
        applicability=Applicability.LIKELY,
        minimal=True,
        grants=("everyone in ou-abcd-11111111 may use us-east-1",),
    )
    advice = Fix(
        title="run the job in eu-west-1 instead",
        edits=(),
        applicability=Applicability.DISPLAY_ONLY,
        steps=("create the client with region_name='eu-west-1'",),
    )
    return Diagnosis(
        denial=denial(effect=Effect.EXPLICIT_DENY, policy_type=PolicyType.SERVICE_CONTROL_POLICY),
        verdict=Verdict.DENIED,
        headline="service control policy only-europe denies sagemaker:DescribeTrainingJob in us-east-1",
        decision=decision(Effect.EXPLICIT_DENY, checks(principal, scp)),
        causes=(
            Cause(check=scp, headline=scp.reason, statement=ref),
            Cause(check=principal, headline=principal.reason, near=near_miss()),
        ),
        contradictions=("the message names us-west-2, the snapshot us-east-1",),
        fixes=(advice, both),
        effect=Effect.EXPLICIT_DENY,
    )


def conditional() -> Diagnosis:
    """Allowed provided that the control policies allow it; two jobs may be meant."""
    missing = Missing(
        what="the service control policies of account 123456789012", supply="aws organizations list-policies"
    )
    scp = Check(type=CheckType.SERVICE_CONTROL_POLICY, effect=Effect.UNKNOWN, reason="not supplied")
    principal = Check(type=CheckType.PRINCIPAL, effect=Effect.ALLOW, reason="policy jobs allows it")
    residual = (
        Residual(
            check=CheckType.SERVICE_CONTROL_POLICY,
            text="the service control policies of account 123456789012 allow it [not supplied]",
            missing=missing,
        ),
    )
    found = decision(Effect.UNKNOWN, checks(principal, scp), residual=residual)
    return Diagnosis(
        denial=denial(),
        verdict=Verdict.CONDITIONAL,
        headline="what was supplied allows it; the service control policies were not supplied",
        decision=found,
        candidates=(Candidate(label="training job my-example-widget in us-east-1", decision=found),),
        effect=Effect.UNKNOWN,
    )


def reported() -> Diagnosis:
    """From the text alone."""
    check = Check(
        type=CheckType.PRINCIPAL,
        effect=Effect.IMPLICIT_DENY,
        reason="no identity-based policy allows it",
        evidence=Evidence.REPORTED,
    )
    return Diagnosis(
        denial=denial(effect=Effect.IMPLICIT_DENY, policy_type=PolicyType.IDENTITY_BASED_POLICY),
        verdict=Verdict.REPORTED,
        headline="AWS says that no identity-based policy of user mateojackson allows sagemaker:DescribeTrainingJob",
        causes=(Cause(check=check, headline=check.reason, notes=("the message names one cause; there may be more",)),),
        limits=("no snapshot was given: nothing was decided",),
        effect=Effect.IMPLICIT_DENY,
    )


def not_a_denial() -> Diagnosis:
    """A throttled call."""
    return Diagnosis(
        denial=denial(kind=DenialKind.NOT_A_DENIAL, reason=OtherError.THROTTLING, action=None, resource=None),
        verdict=Verdict.NOT_A_DENIAL,
        headline="this is throttling, not a permission problem: try again with backoff",
        next_command="aws configure set retry_mode adaptive",
    )


def allowed_now() -> Diagnosis:
    """The snapshot allows it."""
    principal = Check(type=CheckType.PRINCIPAL, effect=Effect.ALLOW, reason="policy jobs allows it")
    return Diagnosis(
        denial=denial(),
        verdict=Verdict.ALLOWED_NOW,
        headline="the saved policies allow this request",
        decision=decision(Effect.ALLOW, checks(principal)),
        contradictions=("the message says denied, the snapshot says allowed: it was collected later",),
        effect=Effect.ALLOW,
    )


WORLDS = {
    "denied_nearby": denied_nearby,
    "denied_by_guardrail": denied_by_guardrail,
    "conditional": conditional,
    "reported": reported,
    "not_a_denial": not_a_denial,
    "allowed_now": allowed_now,
}
