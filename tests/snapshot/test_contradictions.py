"""Answers that contradict themselves or lack a list: never an Allow, always a finding."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

import sagepass
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/u"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
GROUP = f"arn:aws:iam::{ACCOUNT}:group/g"
MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/p"
MODEL = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/m"
DETAILS = f"accounts/{ACCOUNT}/iam/get-account-authorization-details.json"
BUCKET = "arn:aws:s3:::data"

Row = Mapping[str, object]


def document(effect: str) -> dict[str, object]:
    """A policy that allows or denies everything."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": "*", "Resource": "*"}]}


def inline(effect: str) -> list[dict[str, object]]:
    """A list of inline policies with one policy."""
    return [{"PolicyName": effect, "PolicyDocument": document(effect)}]


def managed(*versions: Row) -> Row:
    """A customer managed policy."""
    return {"Arn": MANAGED, "PolicyName": "p", "PolicyVersionList": list(versions)}


ATTACHED = {"PolicyName": "p", "PolicyArn": MANAGED}
ALLOWS = {"IsDefaultVersion": True, "Document": document("Allow")}
DENIES = {"IsDefaultVersion": True, "Document": document("Deny")}
ANN: Row = {"Arn": USER, "UserName": "u", "GroupList": [], "AttachedManagedPolicies": []}
JOB: Row = {"Arn": ROLE, "RoleName": "r", "RolePolicyList": [], "AttachedManagedPolicies": []}
TEAM: Row = {"Arn": GROUP, "GroupName": "g", "GroupPolicyList": [], "AttachedManagedPolicies": []}
MAY: Row = {**ANN, "UserPolicyList": inline("Allow")}

CONTRADICTION, MALFORMED = "SNAPSHOT_CONTRADICTION", "SNAPSHOT_MALFORMED"
WORLDS: dict[str, tuple[str, str, dict[str, list[Row]]]] = {
    "a user, first with a Deny": (
        USER,
        CONTRADICTION,
        {"UserDetailList": [{**MAY, "UserPolicyList": inline("Deny")}, MAY]},
    ),
    "a user, then with a Deny": (
        USER,
        CONTRADICTION,
        {"UserDetailList": [MAY, {**MAY, "UserPolicyList": inline("Deny")}]},
    ),
    "a user, a third time as the first": (
        USER,
        CONTRADICTION,
        {"UserDetailList": [MAY, {**MAY, "UserPolicyList": inline("Deny")}, MAY]},
    ),
    "a user, once with a boundary": (
        USER,
        CONTRADICTION,
        {"UserDetailList": [{**MAY, "PermissionsBoundary": {"PermissionsBoundaryArn": MANAGED}}, MAY]},
    ),
    "a role": (
        ROLE,
        CONTRADICTION,
        {"RoleDetailList": [{**JOB, "RolePolicyList": inline(effect)} for effect in ("Deny", "Allow")]},
    ),
    "a group": (
        USER,
        CONTRADICTION,
        {
            "UserDetailList": [{**MAY, "GroupList": ["g"]}],
            "GroupDetailList": [{**TEAM, "GroupPolicyList": inline("Deny")}, TEAM],
        },
    ),
    "a managed policy": (
        USER,
        CONTRADICTION,
        {
            "UserDetailList": [{**MAY, "AttachedManagedPolicies": [ATTACHED]}],
            "Policies": [managed(DENIES), managed(ALLOWS)],
        },
    ),
    "two default versions": (
        USER,
        CONTRADICTION,
        {"UserDetailList": [{**MAY, "AttachedManagedPolicies": [ATTACHED]}], "Policies": [managed(DENIES, ALLOWS)]},
    ),
    "no list of attached policies": (
        USER,
        MALFORMED,
        {"UserDetailList": [{key: value for key, value in MAY.items() if key != "AttachedManagedPolicies"}]},
    ),
    "an attached policy without ARN": (
        USER,
        MALFORMED,
        {"UserDetailList": [{**MAY, "AttachedManagedPolicies": [{"PolicyName": "p"}]}]},
    ),
    "no list of a role's inline policies": (
        ROLE,
        MALFORMED,
        {
            "RoleDetailList": [{"Arn": ROLE, "RoleName": "r", "AttachedManagedPolicies": [ATTACHED]}],
            "Policies": [managed(ALLOWS)],
        },
    ),
    "no list of a group's inline policies": (
        USER,
        MALFORMED,
        {
            "UserDetailList": [{**MAY, "GroupList": ["g"]}],
            "GroupDetailList": [{"Arn": GROUP, "GroupName": "g", "AttachedManagedPolicies": []}],
        },
    ),
}


def effect(snapshot: Snapshot, principal: str) -> str:
    """What becomes of one request, in an account without organization."""
    request = sagepass.Request(principal=principal, action="sagemaker:DescribeModel", resource=MODEL)
    return sagepass.authorize(request, snapshot.without_organization()).effect


@pytest.mark.parametrize(("principal", "code", "lists"), list(WORLDS.values()), ids=list(WORLDS))
def test_what_contradicts_itself_allows_nothing(principal: str, code: str, lists: dict[str, list[Row]]) -> None:
    """The Deny that one description has may hold, so the answer is UNKNOWN, and a finding says why."""
    snapshot = Snapshot.from_authorization_details(lists)
    assert effect(snapshot, principal) == "UNKNOWN"
    assert code in [finding.code for finding in snapshot.findings]


def test_the_same_description_twice_is_no_contradiction() -> None:
    """Pages may overlap; when a role was last used says nothing of its access."""
    used = {"LastUsedDate": "2026-01-01T00:00:00Z"}
    role = {**JOB, "RolePolicyList": inline("Allow")}
    pages = [
        {"UserDetailList": [MAY], "RoleDetailList": [role]},
        {"UserDetailList": [MAY], "RoleDetailList": [{**role, "RoleLastUsed": used}]},
    ]
    snapshot = Snapshot.from_authorization_details(pages)
    assert (effect(snapshot, USER), effect(snapshot, ROLE), snapshot.findings) == ("ALLOW", "ALLOW", ())


def test_a_user_without_inline_policies_comes_without_their_list() -> None:
    """IAM leaves the list out then; it is no gap."""
    user = {**ANN, "AttachedManagedPolicies": [ATTACHED]}
    snapshot = Snapshot.from_authorization_details({"UserDetailList": [user], "Policies": [managed(ALLOWS)]})
    assert (effect(snapshot, USER), snapshot.findings) == ("ALLOW", ())


def test_tags_and_trust_of_a_role_that_contradicts_itself_are_not_known() -> None:
    """Neither of the two counts, also where the role is not the caller."""
    trust = [{**JOB, "AssumeRolePolicyDocument": document(effect), "Tags": []} for effect in ("Deny", "Allow")]
    snapshot = Snapshot.from_authorization_details({"RoleDetailList": trust})
    assert snapshot.resource_tags(ROLE) is None
    assert snapshot.resource_policy(ROLE).missing


def test_two_roles_of_one_name_are_no_role_of_a_session() -> None:
    """Names of roles are unique in an account, and the ARN of a session has nothing but the name."""
    roles = [{**JOB, "Arn": f"arn:aws:iam::{ACCOUNT}:role/{path}r"} for path in ("", "a/")]
    snapshot = Snapshot.from_authorization_details({"RoleDetailList": roles})
    assert snapshot.principal(f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s") is None


@pytest.mark.parametrize("lists", ["page", "entry"])
def test_a_doubled_key_makes_an_answer_unreadable(tmp_path: Path, lists: str) -> None:
    """The value that a parser drops may be the Deny; the rest of the file holds no longer either."""
    SnapshotBuilder().principal(ROLE.replace(ACCOUNT, "444455556666")).write(tmp_path)
    deny = f'"UserPolicyList": {json.dumps(inline("Deny"))}, '
    user = json.dumps(MAY)
    text = f'{{"UserDetailList": [{{{deny}{user[1:]}]}}'
    if lists == "page":
        text = f'{{"UserDetailList": [], "UserDetailList": [{user}]}}'
    path = tmp_path / DETAILS
    path.parent.mkdir(parents=True)
    path.write_text(text)
    snapshot = Snapshot.load(tmp_path)
    assert effect(snapshot, USER) == "UNKNOWN"
    (finding,) = snapshot.findings
    assert finding.code == "SNAPSHOT_FILE_UNREADABLE"
    assert "stands twice" in finding.message


def test_two_files_that_answer_one_question_in_different_ways(tmp_path: Path) -> None:
    """A bucket policy saved under two Regions: neither holds; the same answer twice does."""
    SnapshotBuilder().principal(USER, inline={"all": document("Allow")}).write(tmp_path)
    for region, policy in (("eu-west-1", "Allow"), ("us-east-1", "Deny")):
        path = tmp_path / "accounts" / ACCOUNT / region / "s3api" / "get-bucket-policy" / "data.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"Policy": json.dumps(document(policy))}))
    layer = Snapshot.load(tmp_path).resource_policy(BUCKET)
    assert (layer.policies, len(layer.missing)) == ((), 1)
    path.write_text(json.dumps({"Policy": json.dumps(document("Allow"))}))
    assert len(Snapshot.load(tmp_path).resource_policy(BUCKET).policies) == 1


def with_version(
    tmp_path: Path, details: Mapping[str, object], *versions: tuple[str, Mapping[str, object]]
) -> Snapshot:
    """Authorization details, and answers of get-policy-version by the name of their file."""
    answers = {
        f"accounts/{ACCOUNT}/iam/get-policy-version/{name}.json": {"PolicyVersion": row} for name, row in versions
    }
    for path, value in {DETAILS: details, **answers}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(json.dumps(value))
    return Snapshot.load(tmp_path)


USES: Row = {**ANN, "AttachedManagedPolicies": [ATTACHED]}
KNOWN = {"UserDetailList": [USES], "Policies": [managed(ALLOWS)]}
LACKING = {"UserDetailList": [USES]}


@pytest.mark.parametrize("effects", [("Allow", "Deny"), ("Deny", "Allow")])
def test_a_version_that_contradicts_the_details(tmp_path: Path, effects: tuple[str, str]) -> None:
    """Neither of the two counts, whichever has the Deny; a finding names both files."""
    first, second = ({"IsDefaultVersion": True, "Document": document(effect)} for effect in effects)
    snapshot = with_version(tmp_path, {"UserDetailList": [USES], "Policies": [managed(first)]}, ("p", second))
    assert effect(snapshot, USER) == "UNKNOWN"
    (finding,) = snapshot.findings
    assert finding.code == CONTRADICTION
    assert finding.document.endswith("get-policy-version/p.json")
    assert "get-account-authorization-details.json" in finding.message


def test_two_versions_that_contradict_each_other(tmp_path: Path) -> None:
    """One file called after the name and one after the ARN, each of them another default version."""
    snapshot = with_version(tmp_path, LACKING, ("p", ALLOWS), (MANAGED, DENIES))
    assert effect(snapshot, USER) == "UNKNOWN"
    assert [finding.code for finding in snapshot.findings] == [CONTRADICTION]


@pytest.mark.parametrize("text", [False, True])
def test_a_version_that_says_the_same(tmp_path: Path, *, text: bool) -> None:
    """It does no harm, be the document an object or, as the API has it, URL-encoded text."""
    said = quote(json.dumps(document("Allow"))) if text else document("Allow")
    snapshot = with_version(tmp_path, KNOWN, ("p", {"IsDefaultVersion": True, "Document": said}))
    assert (effect(snapshot, USER), snapshot.findings) == ("ALLOW", ())


def test_a_version_supplies_what_the_details_lack(tmp_path: Path) -> None:
    """That is what it is for."""
    snapshot = with_version(tmp_path, LACKING, ("p", ALLOWS))
    assert (effect(snapshot, USER), snapshot.findings) == ("ALLOW", ())


def test_a_version_that_is_not_in_force_supplies_nothing(tmp_path: Path) -> None:
    """Only the default version counts; beside the details an old one is no contradiction."""
    old = {**ALLOWS, "IsDefaultVersion": False, "VersionId": "v1"}
    snapshot = with_version(tmp_path / "lacking", LACKING, ("p", old))
    assert effect(snapshot, USER) == "UNKNOWN"
    (finding,) = snapshot.findings
    assert (finding.code, "v1 of" in finding.message) == ("SNAPSHOT_OLD_VERSION", True)
    assert finding.remedy.startswith("save the one that is: aws iam get-policy-version")
    denying = {"UserDetailList": [USES], "Policies": [managed(DENIES)]}
    told = with_version(tmp_path / "told", denying, ("p", old))
    assert (effect(told, USER), told.findings) == ("EXPLICIT_DENY", ())


def test_a_name_that_two_policies_bear(tmp_path: Path) -> None:
    """A file called after the name is about the one that is told nowhere else; of two such, about none of them."""
    other = f"arn:aws:iam::{ACCOUNT}:policy/team/p"
    both = {**ANN, "AttachedManagedPolicies": [ATTACHED, {"PolicyName": "p", "PolicyArn": other}]}
    one_told = with_version(tmp_path / "one", {"UserDetailList": [both], "Policies": [managed(ALLOWS)]}, ("p", DENIES))
    assert (effect(one_told, USER), one_told.findings) == ("EXPLICIT_DENY", ())
    none_told = with_version(tmp_path / "none", {"UserDetailList": [both]}, ("p", ALLOWS))
    assert effect(none_told, USER) == "UNKNOWN"
