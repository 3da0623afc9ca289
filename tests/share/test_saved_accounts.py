"""A plan in saved accounts: guardrails are told before anyone tries, policies that stand there are kept, gaps are named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.share import worlds
from tests.share.asked import (
    ALSO,
    CARD,
    DATA,
    IMAGE,
    KEY,
    LINEAGE,
    MPG,
    OIDC,
    OTHER,
    OWNER,
    ROLE,
    SAML,
    UNIT_PATH,
    question,
)
from tests.share.worlds import document, statement

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.plan import NewRole, Piece, Side
from sagepass.jobs.share.plan_for import plan_share
from sagepass.jobs.share.question import ShareQuestion
from sagepass.jobs.share.report import ShareReport, ShareVerdict
from sagepass.jobs.share.subject import ShareError
from sagepass.jobs.share.trials import blocked_reasons
from sagepass.policy.kinds import CheckType, Effect
from sagepass.render.human import HumanView
from sagepass.render.share import render_share
from sagepass.repair.fix import Edit
from sagepass.snapshot.build import SnapshotBuilder

DENY_STS = {"NoRoles": document(statement("Deny", "sts:AssumeRole"))}
ONLY_OURS = {
    "OnlyOurs": document(
        statement(
            "Deny",
            "sts:*",
            Principal="*",
            Condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        )
    )
}


def edit_of(report: ShareReport, holder: str) -> Edit:
    """The edit of a holder's policy."""
    return next(
        p.content for p in report.plan.pieces if isinstance(p.content, Edit) and p.content.change.holder == holder
    )


def piece_of(report: ShareReport, side: Side) -> list[Piece]:
    """The pieces of one side."""
    return [piece for piece in report.plan.pieces if piece.side is side]


@pytest.mark.parametrize("mechanism", [Mechanism.ROLE, Mechanism.POLICY])
def test_everything_in_order(mechanism: Mechanism) -> None:
    """Nothing stands in the way: the role of the other account gets in, strangers do not, nothing is open."""
    snapshot = worlds.free(worlds.accounts()).build()
    report = plan_share(question("role", mechanism=mechanism, also=ALSO), snapshot)

    assert report.verdict is ShareVerdict.READY
    assert report.depends_on == ()
    assert report.saved is not None
    assert {step.decision.effect for step in report.saved.own} == {Effect.ALLOW}
    assert all(trial.kept_out for trial in report.saved.strangers)
    assert report.conditions == ()


def test_a_service_control_policy_of_their_side() -> None:
    """Their organization forbids sts:AssumeRole: said before anyone tries, with the policy and its account."""
    snapshot = worlds.organized(worlds.accounts(), scp=DENY_STS, rcp={}).build()
    report = plan_share(question("role", mechanism=Mechanism.ROLE), snapshot)

    assert report.verdict is ShareVerdict.BLOCKED
    (reason,) = blocked_reasons(report.trial.blocked)
    assert (
        reason
        == f"sts:AssumeRole: statement 'Guardrail' of service control policy NoRoles on {OTHER} denies sts:AssumeRole"
    )
    neighbour = next(trial for trial in report.strangers if trial.label == "another role of their account")
    assert neighbour.steps[0].decision.decided_by == (CheckType.RESOURCE,), "kept out by the plan, guardrail or not"
    assert plan_share(question("role", mechanism=Mechanism.POLICY), snapshot).verdict is not ShareVerdict.BLOCKED


def test_a_resource_control_policy_of_our_side() -> None:
    """Our organization keeps outsiders from our roles: a vendor is stopped, a member is not."""
    snapshot = worlds.organized(worlds.accounts(), scp={}, rcp=ONLY_OURS).build()
    vendor = plan_share(question("third-party"), snapshot)
    member = plan_share(question("role", mechanism=Mechanism.ROLE), snapshot)

    assert vendor.verdict is ShareVerdict.CONDITIONAL
    assert any("RCP" in text or "OnlyOurs" in text for text in vendor.depends_on)
    assert member.verdict is ShareVerdict.READY
    outsider = plan_share(question("third-party"), snapshot.with_principals((), outsiders=("222233334444",)))
    assert outsider.verdict is ShareVerdict.BLOCKED
    assert "resource control policy OnlyOurs" in blocked_reasons(outsider.trial.blocked)[0]


def test_their_permissions_boundary() -> None:
    """A boundary on their role that does not hold the action blocks, whatever is attached."""
    limit = document(statement("Allow", "s3:*"))
    snapshot = worlds.free(worlds.accounts(boundary=limit)).build()
    report = plan_share(question("role", mechanism=Mechanism.ROLE), snapshot)

    assert report.verdict is ShareVerdict.BLOCKED
    blocking = {check.type for step in report.trial.blocked for check in step.decision.blocking}
    assert blocking == {CheckType.PERMISSIONS_BOUNDARY}


def test_a_deny_on_the_bucket() -> None:
    """A Deny that stands on the bucket outweighs the statement that is added."""
    deny = document(
        statement(
            "Deny",
            "s3:GetObject",
            "arn:aws:s3:::example-churn-models/*",
            Principal="*",
            Condition={"StringNotEquals": {"aws:PrincipalAccount": OWNER}},
        )
    )
    snapshot = worlds.free(worlds.accounts(bucket=deny)).build()
    report = plan_share(question("account", also=ALSO), snapshot)

    assert report.verdict is ShareVerdict.BLOCKED
    assert blocked_reasons(report.trial.blocked) == (
        "s3:GetObject: statement 'Guardrail' of resource-based policy bucket policy denies s3:GetObject",
    )


def test_a_door_that_stands_open_already() -> None:
    """A statement that lets the whole account in makes naming one of its roles idle: the stranger and the statement are named."""
    group = document(
        statement("Allow", "sagemaker:Describe*", MPG, Principal={"AWS": f"arn:aws:iam::{OTHER}:root"})
        | {"Sid": "AllOfThem"}
    )
    snapshot = worlds.free(worlds.accounts(group=group)).build()
    report = plan_share(question("role", mechanism=Mechanism.POLICY, actions=("DescribeModelPackageGroup",)), snapshot)

    assert report.verdict is ShareVerdict.TOO_OPEN
    assert [trial.label for trial in report.trial.too_open] == ["another role of their account"]
    assert report.trial.too_open[0].steps[0].opened_by == "statement AllOfThem of the resource-based policy"
    assert all(trial.kept_out for trial in report.alone.strangers)


def test_what_stands_there_stays() -> None:
    """Each of these policies is replaced whole by its API: the document holds what was there, and a Sid only once."""
    ours = statement("Allow", "sagemaker:*", MPG, Principal={"AWS": f"arn:aws:iam::{OWNER}:root"}) | {"Sid": "Shared"}
    snapshot = worlds.free(worlds.accounts(group=document(ours))).build()
    edit = edit_of(plan_share(question("account"), snapshot), MPG)
    assert isinstance(edit.after, dict)
    statements = edit.after["Statement"]

    assert edit.before == document(ours)
    assert statements[0] == ours
    assert len({row["Sid"] for row in statements}) == len(statements) == 3


def test_a_key_is_never_taken_from_its_owner() -> None:
    """Of a key whose policy was not collected the document leaves the owner in charge, and warns that it replaces."""
    builder = SnapshotBuilder().account(OWNER).account(OTHER).settings(no_organization=True)
    report = plan_share(question("account", also=(KEY,)), builder.build())
    edit = edit_of(report, KEY)
    assert isinstance(edit.after, dict)

    assert edit.after["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{OWNER}:root"}
    assert edit.after["Statement"][0]["Action"] == "kms:*"
    assert report.verdict is ShareVerdict.CONDITIONAL
    warning = next(text for text in report.depends_on if "key" in text and "would replace it" in text)
    assert "aws kms get-key-policy" in warning
    assert "<account>" not in warning


def test_a_key_that_leaves_nothing_to_iam() -> None:
    """Where the key's policy does not delegate to the account, the plan with a role adds a statement for that role."""
    closed = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{OWNER}:role/keeper"},
            "Action": "kms:*",
            "Resource": "*",
        }
    )
    delegating = worlds.free(worlds.accounts()).build()
    strict = worlds.free(worlds.accounts(key=closed)).build()
    asked = question("role", mechanism=Mechanism.ROLE, also=(KEY,))
    without = plan_share(asked, delegating)
    with_statement = plan_share(asked, strict)

    assert [type(piece.content) for piece in piece_of(without, Side.OWNER)] == [NewRole]
    added = edit_of(with_statement, KEY).statement
    assert isinstance(added, list)
    assert added[0]["Principal"] == {"AWS": f"arn:aws:iam::{OWNER}:role/share-churn"}
    assert with_statement.verdict is ShareVerdict.READY


def test_their_policies_may_be_enough_already() -> None:
    """Where their role is allowed to assume any role, nothing is added on their side."""
    broad = {"any": document(statement("Allow", "sts:AssumeRole"))}
    snapshot = worlds.free(worlds.accounts(inline=broad)).build()
    report = plan_share(question("role", mechanism=Mechanism.ROLE), snapshot)

    assert piece_of(report, Side.OTHER) == []
    assert any("allow it already" in note for note in report.notes)
    assert report.verdict is ShareVerdict.READY


def test_what_stands_there_is_not_added_again() -> None:
    """A statement that lets just the party in already is left out; one that lets others in is not relied on."""
    whole = {"AWS": f"arn:aws:iam::{OTHER}:root"}
    group = document(statement("Allow", "sagemaker:DescribeModelPackageGroup", MPG, Principal=whole))
    snapshot = worlds.free(worlds.accounts(group=group)).build()
    actions = ("DescribeModelPackageGroup", "DescribeModelPackage")
    for_all = plan_share(question("account", actions=actions), snapshot)
    for_one = plan_share(question("role", mechanism=Mechanism.POLICY, actions=actions), snapshot)
    counts = [len(edit_of(report, MPG).after["Statement"]) for report in (for_all, for_one)]  # type: ignore[index]

    assert counts == [2, 3]
    assert any("what stands there allows it already" in note for note in for_all.notes)
    assert (for_all.verdict, for_one.verdict) == (ShareVerdict.READY, ShareVerdict.TOO_OPEN)


def test_one_side_only() -> None:
    """Without the other account the plan holds provided that their side allows, and that is said."""
    snapshot = SnapshotBuilder().account(OWNER).settings(no_organization=[OWNER]).build()
    report = plan_share(question("third-party"), snapshot)

    assert report.verdict is ShareVerdict.CONDITIONAL
    assert any("service control policies" in text and "222233334444" in text for text in report.depends_on)
    assert all(trial.kept_out for trial in report.trial.strangers)


def test_without_any_accounts() -> None:
    """The documents are proven alone; that the accounts were not looked at is what it depends on."""
    report = plan_share(question("account"), None)
    assert report.verdict is ShareVerdict.CONDITIONAL
    assert report.saved is None
    assert "--snapshot" in report.depends_on[0]


def test_what_a_version_needs_is_found() -> None:
    """Image, artifacts and key come from the saved descriptions of the versions; reports of a model do not count."""
    builder = worlds.accounts().answer(
        OWNER,
        "sagemaker",
        "describe-model-package",
        worlds.version(3, image=IMAGE, data=f"{DATA}3/model.tar.gz", key=KEY),
        name="churn/3",
        region="us-east-1",
    )
    report = plan_share(question("account"), worlds.free(builder).build())
    granted = {grant.resource for piece in piece_of(report, Side.OWNER) for grant in piece.grants}

    assert {"arn:aws:s3:::example-churn-models/churn/3/model.tar.gz", worlds.REPOSITORY, KEY} < granted
    assert "reports" not in str(granted)
    assert report.verdict is ShareVerdict.READY


def test_an_image_of_somebody_else() -> None:
    """An image of another account is no repository of ours: it is said, and nothing is written for it."""
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    builder = worlds.accounts().answer(
        OWNER,
        "sagemaker",
        "describe-model-package",
        worlds.version(3, image=image, data=f"{DATA}3/model.tar.gz", key=KEY),
        name="churn/3",
        region="us-east-1",
    )
    report = plan_share(question("account"), worlds.free(builder).build())
    assert any("belongs to account 683313688378" in note for note in report.notes)
    assert all("ecr" not in piece.name for piece in piece_of(report, Side.OWNER))


def test_the_execution_role_reads_the_data() -> None:
    """With another execution role, the bucket and the key name that one, and their side gets a document for it."""
    runner = f"arn:aws:iam::{OTHER}:role/model-runner"
    builder = worlds.accounts().principal(runner, trust=document())
    report = plan_share(question("role", also=ALSO, execution_role=runner), worlds.free(builder).build())
    added = edit_of(report, worlds.BUCKET).statement
    assert isinstance(added, list)

    assert added[0]["Principal"] == {"AWS": runner}
    assert edit_of(report, runner).change.name == "run-churn"
    assert edit_of(report, ROLE).change.name == "use-churn"
    assert report.verdict is ShareVerdict.READY


def test_organization_from_the_snapshot() -> None:
    """``org`` is the owner's own; a unit's path is found; where neither is known, the remedy says what to give."""
    snapshot = worlds.organized(worlds.accounts(), scp={}, rcp={}).build()
    everyone = plan_share(replace(question("account"), who="org"), snapshot)
    unit = plan_share(replace(question("account"), who="ou:ou-ab12-11112222"), snapshot)

    assert everyone.plan.party.value == "o-a1b2c3d4e5"
    assert everyone.plan.member == unit.plan.member == OTHER
    assert everyone.depends_on == ()
    assert (everyone.verdict, unit.verdict) == (ShareVerdict.READY, ShareVerdict.READY)
    assert unit.plan.party.value == "o-a1b2c3d4e5/r-root/ou-ab12-11112222"
    assert UNIT_PATH.startswith(everyone.plan.party.value)
    with pytest.raises(ShareError, match="which organization"):
        plan_share(replace(question("account"), who="org"), None)
    with pytest.raises(ShareError, match="where in the organization"):
        plan_share(replace(question("account"), who="ou:ou-ab12-11112222"), None)


@pytest.mark.parametrize(("kind", "provider"), [("oidc", OIDC), ("saml", SAML)])
def test_providers_have_to_exist(kind: str, provider: str) -> None:
    """A provider that the account does not have, or that another account has, can be trusted by no role of it."""
    listed = {
        "oidc": ("list-open-id-connect-providers", "OpenIDConnectProviderList"),
        "saml": ("list-saml-providers", "SAMLProviderList"),
    }[kind]
    known = worlds.free(worlds.accounts().answer(OWNER, "iam", listed[0], {listed[1]: [{"Arn": provider}]})).build()
    none = worlds.free(worlds.accounts().answer(OWNER, "iam", listed[0], {listed[1]: []})).build()

    assert plan_share(question(kind), known).verdict is ShareVerdict.READY
    with pytest.raises(ShareError, match="has no provider"):
        plan_share(question(kind), none)
    with pytest.raises(ShareError, match="providers of its own account only"):
        plan_share(replace(question(kind), who=f"{kind}:{provider.replace(OWNER, OTHER)}"), known)


def test_a_slip_in_a_name() -> None:
    """A role that a collected account does not have is a slip: the nearest name is offered."""
    snapshot = worlds.free(worlds.accounts()).build()
    with pytest.raises(ShareError, match="no arn:aws:iam::444455556666:role/model-adit") as caught:
        plan_share(replace(question("role"), who=f"arn:aws:iam::{OTHER}:role/model-adit"), snapshot)
    assert caught.value.remedy == f"did you mean {ROLE}?"


def test_a_role_of_that_name() -> None:
    """A role that exists is not written over."""
    builder = worlds.accounts().principal(f"arn:aws:iam::{OWNER}:role/share-churn", trust=document())
    snapshot = worlds.free(builder).build()
    with pytest.raises(ShareError, match="has a role share-churn already"):
        plan_share(question("third-party"), snapshot)
    assert plan_share(question("third-party", role_name="for-the-vendor"), snapshot).verdict is ShareVerdict.READY


def test_the_snapshot_itself_does_not_change() -> None:
    """A plan is tried on a copy."""
    snapshot = worlds.free(worlds.accounts()).build()
    plan_share(question("role", also=ALSO), snapshot)
    assert snapshot.principal(f"arn:aws:iam::{OWNER}:role/share-churn") is None
    assert snapshot.resource_policy(MPG).policies == ()
    assert len(snapshot.principal(ROLE).identity.policies) == 0  # type: ignore[union-attr]


def test_a_document_that_does_not_fit() -> None:
    """What AWS's quotas do not let through is said with the figures."""
    many = tuple(f"arn:aws:s3:::example-churn-models/{'x' * 180}/{number}" for number in range(60))
    report = plan_share(question("role", mechanism=Mechanism.ROLE, also=many), None)
    assert any("inline-role-size would be" in text for text in report.plan.pieces[0].warnings)


def test_what_lies_in_a_lineage_group() -> None:
    """Within the account the entities are asked about by their own ARNs; the shared policy names the group."""
    role = plan_share(question("account", LINEAGE, mechanism=Mechanism.ROLE), None).plan.pieces[0]
    share = plan_share(question("account", LINEAGE, mechanism=Mechanism.RAM), None).plan.pieces[0]
    artifacts = f"arn:aws:sagemaker:us-east-1:{OWNER}:artifact/*"
    on = {grant.resource for grant in role.grants if grant.action == "sagemaker:DescribeArtifact"}

    assert on == {artifacts}
    assert {grant.resource for grant in share.grants} == {LINEAGE}


def test_writing_an_encrypted_card_takes_a_data_key() -> None:
    """Describing takes kms:Decrypt alone, updating kms:GenerateDataKey as well."""

    def key_actions(action: str) -> object:
        report = plan_share(question("account", CARD, actions=(action,), also=(KEY,)), None)
        return edit_of(report, KEY).statement[0]["Action"]  # type: ignore[index]

    assert key_actions("DescribeModelCard") == "kms:Decrypt"
    assert key_actions("UpdateModelCard") == ["kms:Decrypt", "kms:GenerateDataKey"]


def test_one_version_alone() -> None:
    """The policy lies on the group and names the version; other versions and their artifacts stay out."""
    builder = worlds.accounts()
    for number in (3, 30):
        value = worlds.version(number, image=IMAGE, data=f"{DATA}{number}/model.tar.gz", key=KEY)
        builder.answer(OWNER, "sagemaker", "describe-model-package", value, name=f"churn/{number}", region="us-east-1")
    version = MPG.replace("model-package-group/churn", "model-package/churn/3")
    report = plan_share(question("account", version), worlds.free(builder).build())
    granted = {grant.resource for piece in piece_of(report, Side.OWNER) for grant in piece.grants}

    assert edit_of(report, MPG).change.holder == MPG
    assert {text for text in granted if "sagemaker" in text or "s3" in text} == {
        version,
        "arn:aws:s3:::example-churn-models/churn/3/model.tar.gz",
    }
    assert "version churn/3" in report.plan.subject.words
    assert report.verdict is ShareVerdict.READY


def test_what_is_not_understood_or_not_ours_is_said() -> None:
    """A key by its alias and a bucket of another account are named, and not written into the plan."""
    theirs = "s3://a-bucket-of-theirs/model.tar.gz"
    builder = worlds.accounts().answer(OTHER, "s3api", "list-buckets", {"Buckets": [{"Name": "a-bucket-of-theirs"}]})
    value = worlds.version(3, image=IMAGE, data=theirs, key="alias/churn")
    builder.answer(OWNER, "sagemaker", "describe-model-package", value, name="churn/3", region="us-east-1")
    report = plan_share(question("account"), worlds.free(builder).build())

    assert any("KmsKeyId alias/churn is not understood" in note for note in report.notes)
    assert any(f"belongs to account {OTHER}" in note for note in report.notes)
    assert all("bucket" not in piece.title for piece in report.plan.pieces)


def test_sharing_further_is_said() -> None:
    """Of an action that sets the policy it is said that others can be let in with it."""
    report = plan_share(question("account", actions=("PutModelPackageGroupPolicy",)), None)
    assert any("can share further" in note for note in report.notes)


def test_partitions_do_not_mix() -> None:
    """A principal of another partition cannot call at all."""
    with pytest.raises(ShareError, match="in the partition aws-cn"):
        plan_share(replace(question("role"), who=f"arn:aws-cn:iam::{OTHER}:role/model-audit"), None)


def test_a_stranger_who_is_open_is_not_said_to_stay_out() -> None:
    """Where the owner's account was not collected the headline, the page and what it depends on all say so."""
    group = "arn:aws:sagemaker:us-east-1:999988887777:model-package-group/churn"
    report = plan_share(ShareQuestion(resource=group, who=f"account:{OTHER}"), SnapshotBuilder().build())
    page = " ".join(render_share(report, HumanView()).split())
    assert "does not settle whether the 2 strangers who tried are kept out" in page
    assert "who may get in: what was supplied does not settle it" in page
    assert "who stays out" not in page
    assert any("an administrator of another account stays out, unless " in line for line in report.depends_on)
