"""Causes inside one policy: conditions, spellings, paths, denied values; and fixes that are not an edit."""

from __future__ import annotations

from tests.repair.holds import assert_sound, complete_fixes, edits_alone, proposed, with_edits
from tests.repair.worlds import (
    ACCOUNT,
    ADMIN,
    DESCRIBE,
    FULL,
    JOB,
    OTHER,
    ROLE,
    SESSION,
    STRANGER,
    USER,
    allow,
    alone,
    deny,
    organized,
    policy,
    trusting,
)

from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.fix import Applicability, Fix, Owner
from sagepass.snapshot.build import SnapshotBuilder

CREATE = "sagemaker:CreateTrainingJob"
TYPES = "sagemaker:InstanceTypes"
SERVICE = {"Service": "sagemaker.amazonaws.com"}


def statements(fix: Fix) -> list[object]:
    """What the edits of a fix say."""
    return [edit.statement for edit in fix.edits]


def test_pass_role_names_the_one_role_and_the_service() -> None:
    """The statement for iam:PassRole carries the role's whole ARN and iam:PassedToService."""
    snapshot = alone().principal(USER).principal(ROLE, trust=trusting(SERVICE)).build()
    request = Request(principal=USER, action="iam:PassRole", resource=ROLE)
    first = edits_alone(proposed(request, snapshot))
    if not first:
        request = Request(
            principal=USER, action="iam:PassRole", resource=ROLE, context={"iam:PassedToService": SERVICE["Service"]}
        )
        first = edits_alone(proposed(request, snapshot))
    assert statements(first[0]) == [
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": ROLE,
            "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        }
    ]


def test_pass_role_to_another_service_keeps_that_service() -> None:
    """The service of the request is the one that the fix names."""
    snapshot = alone().principal(USER).principal(ROLE, trust=trusting(SERVICE)).build()
    context = {"iam:PassedToService": "job.sagemaker.amazonaws.com"}
    request = Request(principal=USER, action="iam:PassRole", resource=ROLE, context=context)
    fixes = proposed(request, snapshot)
    assert "to job.sagemaker.amazonaws.com only" in edits_alone(fixes)[0].grants[0]


def test_path_of_the_role_is_corrected_in_the_policy() -> None:
    """A policy that names the role without its path can be given the right ARN; that edit is offered as well."""
    wrong = ROLE.replace("role/team/", "role/")
    snapshot = alone().principal(USER, inline={"p": policy(allow("iam:PassRole", wrong))}).principal(ROLE).build()
    context = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    request = Request(principal=USER, action="iam:PassRole", resource=ROLE, context=context)
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    assert any(edit.where == "inline policy p of user mateojackson" for fix in fixes for edit in fix.edits)


def test_strong_role_is_warned_of_and_a_weak_one_is_not() -> None:
    """Handing the caller an administrator's role is said; a role without rights is nothing to warn of."""
    context = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    request = Request(principal=USER, action="iam:PassRole", resource=ROLE, context=context)
    strong = alone().principal(USER).principal(ROLE, inline={"a": ADMIN}, trust=trusting(SERVICE)).build()
    weak = alone().principal(USER).principal(ROLE, trust=trusting(SERVICE)).build()
    assert any("outranks" in warning for warning in edits_alone(proposed(request, strong))[0].warnings)
    assert not edits_alone(proposed(request, weak))[0].warnings


def test_name_in_another_case_changes_the_request_first() -> None:
    """Names of resources are compared with regard to case: the first way out is the policy's spelling."""
    snapshot = alone().principal(USER, inline={"p": policy(allow(DESCRIBE, JOB))}).build()
    request = Request(principal=USER, action=DESCRIBE, resource=JOB.replace("my-example", "My-Example"))
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    assert not fixes[0].edits
    assert fixes[0].result is not None
    assert fixes[0].result.request.resource == JOB
    assert edits_alone(fixes), "a policy edit is offered as well"


def test_failed_condition_of_an_allow_names_the_value_that_passes() -> None:
    """First the value of the request, decided again; then edits."""
    guarded = allow(CREATE, "*", Condition={"ForAllValues:StringEquals": {TYPES: ["ml.m5.large"]}})
    snapshot = alone().principal(USER, inline={"p": policy(guarded)}).build()
    request = Request(principal=USER, action=CREATE, resource=JOB, context={TYPES: ["ml.p4d.24xlarge"]})
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    assert f"{TYPES} = ml.m5.large" in fixes[0].title
    assert fixes[0].result is not None
    assert fixes[0].result.effect is Effect.ALLOW
    assert edits_alone(fixes)


def test_denied_value_is_to_be_changed_in_the_request_before_the_guardrail_is_touched() -> None:
    """A service control policy that denies instance types: use an allowed one, or an exception of the organization."""
    guard = deny(CREATE, "*", Condition={"ForAnyValue:StringNotLike": {TYPES: ["ml.t3.*", "ml.m5.large"]}})
    snapshot = (
        organized(root={"Full": FULL, "Types": policy(guard)}, account={"Full2": FULL})
        .principal(USER, inline={"a": ADMIN})
        .build()
    )
    request = Request(principal=USER, action=CREATE, resource=JOB, context={TYPES: ["ml.p4d.24xlarge"]})
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    assert not fixes[0].edits
    assert "ml.m5.large" in fixes[0].title
    exception = edits_alone(fixes)[0]
    assert exception.edits[0].owner is Owner.ORGANIZATION
    theirs = Request(principal=STRANGER, action=CREATE, resource=JOB, context={TYPES: ["ml.p4d.24xlarge"]})
    assert authorize(theirs, with_edits(snapshot, exception.edits)).effect is Effect.EXPLICIT_DENY


def test_denied_region_names_the_region_that_passes() -> None:
    """The other Region also stands in the ARN of the request that is decided again."""
    guard = deny("*", "*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}})
    snapshot = (
        organized(root={"Full": FULL, "Region": policy(guard)}, account={"Full2": FULL})
        .principal(USER, inline={"a": ADMIN})
        .build()
    )
    request = Request(principal=USER, action=DESCRIBE, resource=JOB)
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    assert fixes[0].result is not None
    assert ":eu-west-1:" in fixes[0].result.request.resource


def test_changed_request_does_not_suffice_where_another_layer_is_silent() -> None:
    """Another value passes the guardrail, but the caller still needs the permission: the fix has both."""
    guard = deny(CREATE, "*", Condition={"ForAnyValue:StringNotEquals": {TYPES: ["ml.m5.large"]}})
    snapshot = organized(root={"Full": FULL, "Types": policy(guard)}, account={"Full2": FULL}).principal(USER).build()
    request = Request(principal=USER, action=CREATE, resource=JOB, context={TYPES: ["ml.p4d.24xlarge"]})
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    changed = next(fix for fix in complete_fixes(fixes) if fix.steps)
    assert [edit.check for edit in changed.edits] == [CheckType.PRINCIPAL]


def test_deleted_principal_in_a_trust_policy_is_replaced_by_its_arn() -> None:
    """An id in place of an ARN means that the role was deleted and made again."""
    trust = trusting({"AWS": "AROAEXAMPLEDELETEDROLE"})
    target = f"arn:aws:iam::{ACCOUNT}:role/Target"
    caller = f"arn:aws:iam::{ACCOUNT}:role/Caller"
    snapshot = (
        alone().principal(caller, inline={"a": ADMIN}, unique_id="AROANEW").principal(target, trust=trust).build()
    )
    request = Request(principal=caller, action="sts:AssumeRole", resource=target)
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    replaced = [fix for fix in edits_alone(fixes) if "AROAEXAMPLEDELETEDROLE" not in str(fix.edits[0].after)]
    assert replaced
    assert caller in str(replaced[0].edits[0].after)


def test_external_id_is_passed_before_the_trust_policy_is_changed() -> None:
    """A third party that left the external id out is told to pass it."""
    trust = trusting({"AWS": USER}, Condition={"StringEquals": {"sts:ExternalId": "Example-1"}})
    target = f"arn:aws:iam::{OTHER}:role/Shared"
    snapshot = alone().principal(USER, inline={"a": ADMIN}).principal(target, trust=trust).build()
    request = Request(principal=USER, action="sts:AssumeRole", resource=target, context_complete=True)
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    assert "external id" in fixes[0].title
    assert not fixes[0].edits


def test_session_tags_need_their_own_action_in_the_trust_policy() -> None:
    """sts:TagSession is added to the trust policy."""
    target = f"arn:aws:iam::{ACCOUNT}:role/Target"
    snapshot = alone().principal(USER, inline={"a": ADMIN}).principal(target, trust=trusting({"AWS": USER})).build()
    request = Request(principal=USER, action="sts:TagSession", resource=target)
    fixes = proposed(request, snapshot)
    assert_sound(fixes, snapshot)
    assert any("sts:TagSession" in str(fix.edits[0].after) for fix in edits_alone(fixes))


def test_job_of_another_account_cannot_be_shared() -> None:
    """Where AWS defines no policy for the resource, the way is a role in the owning account: advice, no edit."""
    snapshot = alone().principal(USER, inline={"a": ADMIN}).account(OTHER).build()
    request = Request(principal=USER, action=DESCRIBE, resource=JOB.replace(ACCOUNT, OTHER))
    fixes = proposed(request, snapshot)
    assert [fix.applicability for fix in fixes] == [Applicability.DISPLAY_ONLY]
    assert f"assume a role in account {OTHER}" in fixes[0].title
    assert not fixes[0].edits


def test_missing_bucket_policy_is_named_as_not_checked() -> None:
    """The caller's own side is repaired; that the other account's policy allows it is said to be open."""
    snapshot = alone().principal(USER).build()
    request = Request(
        principal=USER, action="s3:GetObject", resource="arn:aws:s3:::other-data/x", resource_account=OTHER
    )
    fixes = proposed(request, snapshot)
    first = edits_alone(fixes)[0]
    assert first.result is not None
    assert first.result.effect is Effect.UNKNOWN
    assert first.not_checked


def test_session_policy_takes_a_new_session() -> None:
    """The edit is the caller's own; afterwards a new session has to be started."""
    session = SESSION
    request = Request(
        principal=session,
        action=DESCRIBE,
        resource=JOB,
        session_policies=_session_policies(policy(allow("s3:*"))),
    )
    snapshot = alone().principal(ROLE, inline={"a": ADMIN}).build()
    first = edits_alone(proposed(request, snapshot))[0]
    assert [edit.owner for edit in first.edits] == [Owner.CALLER]
    assert any("new session" in step for step in first.after)
    assert first.minimal


def _session_policies(document: dict[str, object]) -> tuple[Policy, ...]:
    from sagepass.policy.kinds import PolicyType
    from sagepass.policy.parse import parse_document
    from sagepass.source.origin import Origin

    parsed = parse_document(
        document, origin=Origin(name="session", value=document), policy_type=PolicyType.SESSION_POLICY
    )
    return (Policy(name="session", type=PolicyType.SESSION_POLICY, form=PolicyForm.SESSION, document=parsed),)


def test_reserved_role_is_changed_in_its_permission_set() -> None:
    """A role of IAM Identity Center is never edited itself."""
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Scientist_0123456789abcdef"
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Scientist_0123456789abcdef/mateo"
    snapshot = alone().principal(role).build()
    first = edits_alone(proposed(Request(principal=session, action=DESCRIBE, resource=JOB), snapshot))[0]
    assert first.edits[0].owner is Owner.PERMISSION_SET
    assert first.edits[0].where == "inline policy of the permission set Scientist"
    assert any("everyone assigned" in warning for warning in first.warnings)


def test_service_linked_role_gets_advice_only() -> None:
    """Nobody can edit a service-linked role."""
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMakerNotebooks"
    snapshot = alone().principal(role).build()
    fixes = proposed(Request(principal=role, action=DESCRIBE, resource=JOB), snapshot)
    assert {fix.applicability for fix in fixes} == {Applicability.DISPLAY_ONLY}


def test_boundary_of_aws_cannot_be_edited() -> None:
    """An AWS managed policy as boundary: another boundary is the way, as advice."""
    aws = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    snapshot = (
        alone()
        .principal(USER, inline={"a": ADMIN}, boundary=aws)
        .managed_policy(aws, policy(allow("s3:*")), account=ACCOUNT)
        .build()
    )
    fixes = proposed(Request(principal=USER, action=DESCRIBE, resource=JOB), snapshot)
    assert not edits_alone(fixes)
    assert any("another permissions boundary" in fix.title for fix in fixes)


def test_policy_of_a_group_is_not_the_first_choice_and_names_the_members() -> None:
    """The caller's own inline policy comes first; extending the group's policy says whom else it reaches."""
    group = f"arn:aws:iam::{ACCOUNT}:group/scientists"
    snapshot = (
        alone()
        .principal(group, inline={"jobs": policy(allow(DESCRIBE, f"{JOB}-2"))})
        .principal(USER, groups=["scientists"])
        .principal(f"arn:aws:iam::{ACCOUNT}:user/second", groups=["scientists"])
        .build()
    )
    fixes = edits_alone(proposed(Request(principal=USER, action=DESCRIBE, resource=JOB), snapshot))
    assert fixes[0].edits[0].change.holder == USER
    wide = next(fix for fix in fixes if fix.edits[0].change.holder == group)
    assert any("reaches 1 principal beside user mateojackson: user second" in warning for warning in wide.warnings)
    assert any("second" in row[0] for row in wide.grants_data)


def test_full_inline_quota_moves_the_statement_to_a_managed_policy() -> None:
    """2,048 characters of inline policies of a user are full: a managed policy takes the statement."""
    long = policy(allow("s3:GetObject", [f"arn:aws:s3:::bucket-{number:04}/*" for number in range(66)]))
    snapshot = alone().principal(USER, inline={"long": long}).build()
    first = edits_alone(proposed(Request(principal=USER, action=DESCRIBE, resource=JOB), snapshot))[0]
    assert first.edits[0].where.startswith("new customer managed policy")
    assert first.minimal


def test_stack_that_owns_the_role_is_warned_of() -> None:
    """A change by hand is lost at the next deployment."""
    snapshot = alone().principal(ROLE, tags={"aws:cloudformation:stack-name": "ml"}).build()
    first = edits_alone(proposed(Request(principal=ROLE, action=DESCRIBE, resource=JOB), snapshot))[0]
    assert any("CloudFormation stack ml" in warning for warning in first.warnings)


def test_console_reads_are_a_fix_of_their_own() -> None:
    """What the console page calls beside the action is optional and last."""
    snapshot = alone().principal(USER).build()
    fixes = proposed(Request(principal=USER, action=DESCRIBE, resource=JOB), snapshot)
    assert [fix.optional for fix in fixes] == [False, True]
    assert any(row[1] == "sagemaker:ListTrainingJobs" for row in fixes[-1].grants_data)


def test_action_without_resources_says_why_it_is_a_star() -> None:
    """sagemaker:Search takes no resource."""
    snapshot = alone().principal(USER).build()
    first = edits_alone(proposed(Request(principal=USER, action="sagemaker:Search", resource="*"), snapshot))[0]
    assert any("takes no resource" in warning for warning in first.warnings)


def test_unknown_region_is_said() -> None:
    """Where the Region is not known the statement covers the name in all Regions, and says so."""
    snapshot = alone().principal(USER).build()
    resource = JOB.replace("us-east-1", "*")
    first = edits_alone(proposed(Request(principal=USER, action=DESCRIBE, resource=resource), snapshot))[0]
    assert any("is not known" in warning for warning in first.warnings)


def test_nothing_is_proposed_for_an_allowed_request() -> None:
    """There is nothing to repair."""
    from sagepass.repair.propose import propose

    snapshot = alone().principal(USER, inline={"a": ADMIN}).build()
    request = Request(principal=USER, action=DESCRIBE, resource=JOB)
    assert propose(request, snapshot, authorize(request, snapshot), authorize) == ()


def test_principal_that_is_not_in_the_snapshot_gets_a_statement_that_was_not_tried() -> None:
    """Nothing can be applied; the statement is shown with what was missing, and not as re-evaluated."""
    from sagepass.repair.propose import propose

    snapshot = SnapshotBuilder().settings(no_organization=True).account(OTHER).build()
    request = Request(principal=USER, action=DESCRIBE, resource=JOB)
    fixes = propose(request, snapshot, authorize(request, snapshot), authorize)
    assert [fix.applicability for fix in fixes] == [Applicability.DISPLAY_ONLY]
    assert fixes[0].result is None
    assert fixes[0].edits[0].statement == allow(DESCRIBE, JOB)
    assert fixes[0].not_checked


def test_aws_managed_deny_can_only_be_detached() -> None:
    """The quarantine that AWS puts on a leaked key comes with the order to rotate the key."""
    aws = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2"
    document = policy(deny("sagemaker:*"))
    snapshot = (
        alone()
        .principal(USER, inline={"a": ADMIN}, managed=[aws])
        .managed_policy(aws, document, account=ACCOUNT)
        .build()
    )
    fixes = proposed(Request(principal=USER, action=DESCRIBE, resource=JOB), snapshot)
    assert any("rotate the key" in warning for fix in fixes for warning in fix.warnings)
