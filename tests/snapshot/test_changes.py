"""Changes make a copy in which exactly the named policy is other; the snapshot itself never changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.layer import GuardrailLayer, Layer
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.locate import locate

A = "123456789012"
USER = f"arn:aws:iam::{A}:user/u"
OTHER = f"arn:aws:iam::{A}:user/other"
GROUP = f"arn:aws:iam::{A}:group/team"
ROLE = f"arn:aws:iam::{A}:role/service-role/Exec"
SHARED = f"arn:aws:iam::{A}:policy/Shared"
BOUNDARY = f"arn:aws:iam::{A}:policy/Boundary"
KEY = f"arn:aws:kms:eu-west-1:{A}:key/1"
BUCKET = "arn:aws:s3:::data"


def allow(action: str) -> dict[str, object]:
    """A document that allows one action."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


@pytest.fixture
def snapshot() -> Snapshot:
    """An account with a policy in every place."""
    scp, rcp = PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY
    endpoint = {"VpcEndpointId": "vpce-1", "VpcId": "v", "ServiceName": "s", "PolicyDocument": allow("old:E")}
    return (
        SnapshotBuilder()
        .principal(USER, inline={"own": allow("old:U")}, managed=[SHARED], groups=["team"], boundary=BOUNDARY)
        .principal(OTHER, managed=[SHARED])
        .principal(GROUP, inline={"team": allow("old:G")})
        .principal(ROLE, trust=allow("old:T"))
        .managed_policy(SHARED, allow("old:M"))
        .managed_policy(BOUNDARY, allow("old:B"))
        .resource_policy(BUCKET, allow("old:R"), account=A)
        .answer(A, "ec2", "describe-vpc-endpoints", {"VpcEndpoints": [endpoint]}, region="eu-west-1")
        .organization("999999999999")
        .parent(A, "r-root")
        .control_policies("r-root", scp, {"Guard": allow("old:S")})
        .control_policies(A, scp, {"Guard": allow("old:S"), "Full": allow("*")})
        .control_policies("r-root", rcp, {})
        .control_policies(A, rcp, {})
        .build()
    )


def actions(layer: Layer | GuardrailLayer) -> list[str]:
    """The actions of all statements of a layer, in order."""
    if isinstance(layer, GuardrailLayer):
        policies = [policy for level in layer.levels for policy in level.policies]
    else:
        policies = list(layer.policies)
    statements = [statement for policy in policies for statement in policy.document.statements]
    return [action.value for statement in statements for action in statement.actions]


def everything(snapshot: Snapshot) -> dict[str, list[str]]:
    """The actions in every place."""
    user, other, role = snapshot.principal(USER), snapshot.principal(OTHER), snapshot.principal(ROLE)
    assert user is not None
    assert other is not None
    assert role is not None
    return {
        "user": actions(user.identity),
        "boundary": actions(user.boundary),
        "other": actions(other.identity),
        "role": actions(role.identity),
        "trust": actions(role.trust),
        "bucket": actions(snapshot.resource_policy(f"{BUCKET}/k")),
        "key": actions(snapshot.resource_policy(KEY)),
        "endpoint": actions(snapshot.vpc_endpoint("vpce-1")),
        "scp": actions(snapshot.service_control(A)),
        "rcp": actions(snapshot.resource_control(A)),
    }


NEW = allow("new:X")
IDENTITY, FORM = PolicyType.IDENTITY_BASED_POLICY, PolicyForm
SCP, RCP = PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY
CHANGES: list[tuple[str, tuple[str, PolicyType, str, PolicyForm, object], dict[str, list[str]]]] = [
    ("replace an inline policy", (USER, IDENTITY, "own", FORM.INLINE_USER, NEW), {"user": ["new:X", "old:M", "old:G"]}),
    ("add an inline policy", (ROLE, IDENTITY, "p", FORM.INLINE_ROLE, NEW), {"role": ["new:X"]}),
    ("remove an inline policy", (USER, IDENTITY, "own", FORM.INLINE_USER, None), {"user": ["old:M", "old:G"]}),
    (
        "a group's policy reaches its members",
        (GROUP, IDENTITY, "team", FORM.INLINE_GROUP, NEW),
        {"user": ["old:U", "old:M", "new:X"]},
    ),
    (
        "a managed policy changes for everyone",
        (USER, IDENTITY, "Shared", FORM.CUSTOMER_MANAGED, NEW),
        {"user": ["old:U", "new:X", "old:G"], "other": ["new:X"]},
    ),
    (
        "detaching a managed policy leaves the others'",
        (USER, IDENTITY, "Shared", FORM.CUSTOMER_MANAGED, None),
        {"user": ["old:U", "old:G"]},
    ),
    ("attach a new managed policy", (ROLE, IDENTITY, "New", FORM.CUSTOMER_MANAGED, NEW), {"role": ["new:X"]}),
    (
        "replace a boundary",
        (USER, PolicyType.PERMISSIONS_BOUNDARY, "Boundary", FORM.CUSTOMER_MANAGED, NEW),
        {"boundary": ["new:X"]},
    ),
    ("remove a boundary", (USER, PolicyType.PERMISSIONS_BOUNDARY, "B", FORM.CUSTOMER_MANAGED, None), {"boundary": []}),
    ("replace a trust policy", (ROLE, PolicyType.ROLE_TRUST_POLICY, "trust", FORM.TRUST, NEW), {"trust": ["new:X"]}),
    (
        "a role's resource policy is its trust policy",
        (ROLE, PolicyType.RESOURCE_BASED_POLICY, "trust", FORM.RESOURCE, NEW),
        {"trust": ["new:X"]},
    ),
    (
        "replace a bucket policy, by an object's ARN",
        (f"{BUCKET}/k", PolicyType.RESOURCE_BASED_POLICY, "any name", FORM.RESOURCE, NEW),
        {"bucket": ["new:X"]},
    ),
    ("remove a bucket policy", (BUCKET, PolicyType.RESOURCE_BASED_POLICY, "", FORM.RESOURCE, None), {"bucket": []}),
    (
        "put a policy that was not collected",
        (KEY, PolicyType.RESOURCE_BASED_POLICY, "default", FORM.RESOURCE, NEW),
        {"key": ["new:X"]},
    ),
    (
        "replace an endpoint policy",
        ("vpce-1", PolicyType.VPC_ENDPOINT_POLICY, "", FORM.VPC_ENDPOINT, NEW),
        {"endpoint": ["new:X"]},
    ),
    (
        "a control policy changes wherever it is attached",
        (A, SCP, "Guard", FORM.ORGANIZATION, NEW),
        {"scp": ["new:X", "new:X", "*"]},
    ),
    ("detach a control policy from one target", (A, SCP, "Guard", FORM.ORGANIZATION, None), {"scp": ["old:S", "*"]}),
    ("attach a control policy", ("r-root", RCP, "New", FORM.ORGANIZATION, NEW), {"rcp": ["new:X"]}),
]


@pytest.mark.parametrize(("row", "differs"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_one_change(
    snapshot: Snapshot, row: tuple[str, PolicyType, str, PolicyForm, object], differs: dict[str, list[str]]
) -> None:
    """The named place has the new document, all others the old; taking the copy leaves the original alone."""
    holder, kind, name, form, document = row
    before = everything(snapshot)
    changed = snapshot.with_changes([PolicyChange(holder=holder, type=kind, name=name, form=form, document=document)])
    assert everything(changed) == {**before, **differs}
    assert everything(snapshot) == before


def test_changes_add_up_and_can_be_taken_back(snapshot: Snapshot) -> None:
    """Several changes apply one after the other; putting the old documents back gives the old answers."""
    before = everything(snapshot)
    own = PolicyChange(holder=USER, type=IDENTITY, name="own", form=PolicyForm.INLINE_USER, document=NEW)
    extra = PolicyChange(holder=USER, type=IDENTITY, name="extra", form=PolicyForm.INLINE_USER, document=NEW)
    changed = snapshot.with_changes([own, extra])
    assert everything(changed)["user"] == ["new:X", "new:X", "old:M", "old:G"]
    back = changed.with_changes(
        [
            PolicyChange(holder=USER, type=IDENTITY, name="own", form=PolicyForm.INLINE_USER, document=allow("old:U")),
            PolicyChange(holder=USER, type=IDENTITY, name="extra", form=PolicyForm.INLINE_USER),
        ]
    )
    assert everything(back) == before


def test_a_changed_document_can_be_shown(snapshot: Snapshot) -> None:
    """It lies in no file any more; pointing into it shows the new text."""
    change = PolicyChange(holder=USER, type=IDENTITY, name="own", form=PolicyForm.INLINE_USER, document=NEW)
    record = snapshot.with_changes([change]).principal(USER)
    assert record is not None
    place = locate(record.identity.policies[0].document.origin, ("Statement", 0, "Action"))
    assert place.source.text[place.span.start : place.span.end] == '"new:X"'
    assert "own" in place.source.name


@pytest.mark.parametrize(
    ("holder", "kind"),
    [
        (f"arn:aws:iam::{A}:user/absent", IDENTITY),
        ("arn:aws:iam::444455556666:user/u", IDENTITY),
        ("nonsense", IDENTITY),
        ("nonsense", PolicyType.RESOURCE_BASED_POLICY),
        (GROUP, PolicyType.PERMISSIONS_BOUNDARY),
    ],
)
def test_a_change_of_nobody_is_an_error(snapshot: Snapshot, holder: str, kind: PolicyType) -> None:
    """A change never gets lost: what it names has to be there."""
    with pytest.raises(SnapshotError):
        snapshot.with_changes(
            [PolicyChange(holder=holder, type=kind, name="p", form=PolicyForm.INLINE_USER, document=NEW)]
        )


def test_a_built_snapshot_and_its_folder_say_the_same(tmp_path: Path) -> None:
    """The builder's answers, written and loaded, give the same snapshot."""
    builder = (
        SnapshotBuilder()
        .principal(USER, inline={"own": allow("a:U")}, managed=[SHARED], groups=["team"], tags={"k": "v"})
        .principal(OTHER)
        .principal(GROUP, inline={"team": allow("a:G")})
        .principal(ROLE, trust=allow("a:T"), boundary=BOUNDARY)
        .managed_policy(SHARED, allow("a:M"))
        .resource_policy(BUCKET, allow("a:R"), account=A)
        .resource_policy(KEY, None)
        .organization("999999999999", "o-1")
        .parent(A, "r-root")
        .control_policies("r-root", SCP, {"Guard": allow("a:S")})
        .control_policies(A, SCP, {"Guard": allow("a:S")})
        .settings(default_region="eu-west-1")
    )
    builder.write(tmp_path)
    built, loaded = builder.build(), Snapshot.load(tmp_path)
    assert everything(loaded) == everything(built)
    assert loaded.accounts == built.accounts == (A,)
    assert loaded.default_region == built.default_region == "eu-west-1"
    assert loaded.organization_path(A) == built.organization_path(A) == "o-1/r-root/"
    assert loaded.findings == built.findings == ()
    assert [gap.what for gap in loaded.check()] == [gap.what for gap in built.check()]
