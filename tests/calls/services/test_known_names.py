"""What a snapshot settles that a request only names: paths of identities, keys behind aliases, the organization."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sagepass.calls.call import Call, Needed, ResourceState
from sagepass.calls.operation import authorizations_of
from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.jobs.access_case import run_case
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.snapshot.build import SnapshotBuilder

ACCOUNT = "111122223333"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/edge"
USER = f"arn:aws:iam::{ACCOUNT}:user/staff/mateojackson"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Exec"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DOCUMENT: dict[str, object] = {"Version": "2012-10-17", "Statement": []}
SNAPSHOT = (
    SnapshotBuilder()
    .principal(USER, boundary=BOUNDARY)
    .principal(ROLE, trust=DOCUMENT)
    .principal(f"arn:aws:iam::{ACCOUNT}:group/teams/ml")
    .managed_policy(BOUNDARY, DOCUMENT)
    .answer(
        ACCOUNT,
        "kms",
        "list-aliases",
        {"Aliases": [{"AliasName": "alias/app", "AliasArn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/app",
                      "TargetKeyId": KEY.rpartition("/")[2]}]},
        region="eu-west-1",
    )
    .organization(ACCOUNT, "o-abcdef1234")
    .parent(ACCOUNT, "r-root")
    .control_policies("r-root", PolicyType.SERVICE_CONTROL_POLICY, {"Guard": DOCUMENT})
    .resource_policy("arn:aws:s3:::lake", DOCUMENT, account=ACCOUNT)
    .build()
)  # fmt: skip


def needs(service: str, operation: str, params: Mapping[str, object], caller: str | None = None) -> tuple[Needed, ...]:
    """The checks of a call in the account of the snapshot."""
    call = Call(service=service, operation=operation, params=params, caller_account=ACCOUNT, region="eu-west-1")
    return authorizations_of(call, snapshot=SNAPSHOT, caller=caller)


@pytest.mark.parametrize(
    ("operation", "params", "resource"),
    [
        ("GetRole", {"RoleName": "Exec"}, ROLE),
        ("GetRole", {"RoleName": "exec"}, ROLE),
        ("DeleteUser", {"UserName": "mateojackson"}, USER),
        ("GetGroup", {"GroupName": "ml"}, f"arn:aws:iam::{ACCOUNT}:group/teams/ml"),
        ("GetRole", {"RoleName": "NotThere"}, f"arn:aws:iam::{ACCOUNT}:role/NotThere"),
    ],
)
def test_the_path_of_an_identity_comes_from_the_snapshot(
    operation: str, params: dict[str, object], resource: str
) -> None:
    """A name that the account does not have stands for the path /, where it would be made."""
    (needed,) = needs("iam", operation, params)
    assert (needed.resource, needed.resource_state) == (resource, ResourceState.EXACT)


def test_without_a_snapshot_the_path_stays_open() -> None:
    """The ARN is then a set, never a guess of the path."""
    call = Call(service="iam", operation="GetRole", params={"RoleName": "Exec"}, caller_account=ACCOUNT)
    (needed,) = authorizations_of(call)
    assert needed.resource_state is ResourceState.SET


def test_an_operation_without_a_user_name_means_the_caller() -> None:
    """GetUser, ListAccessKeys and the like; a role has no user, so nothing is settled for it."""
    (needed,) = needs("iam", "GetUser", {}, caller=USER)
    assert needed.resource == USER
    (needed,) = needs("iam", "GetUser", {}, caller=ROLE)
    assert needed.resource == f"arn:aws:iam::{ACCOUNT}:user/*"


def test_the_boundary_of_the_changed_identity_is_looked_up() -> None:
    """``iam:PermissionsBoundary`` holds the boundary that the identity has, not one of the request."""
    attach: dict[str, object] = {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    (needed,) = needs("iam", "AttachUserPolicy", {"UserName": "mateojackson", **attach})
    assert dict(needed.context)["iam:PermissionsBoundary"] == (BOUNDARY,)
    (needed,) = needs("iam", "AttachRolePolicy", {"RoleName": "Exec", **attach})
    assert "iam:PermissionsBoundary" in needed.absent
    (needed,) = needs("iam", "AttachUserPolicy", {"UserName": "nobody", **attach})
    assert "iam:PermissionsBoundary" in {one.key for one in needed.unsettled}


def test_the_key_behind_an_alias_comes_from_the_snapshot() -> None:
    """The resource is the key; the alias is in ``kms:RequestAlias``."""
    (needed,) = needs("kms", "Encrypt", {"KeyId": "alias/app", "Plaintext": b"x"})
    assert needed.resource == KEY
    assert dict(needed.context)["kms:RequestAlias"] == ("alias/app",)
    (needed,) = needs("kms", "Encrypt", {"KeyId": "alias/other", "Plaintext": b"x"})
    assert needed.resource_state is ResourceState.SET


def test_all_aliases_of_a_key_are_known_from_the_list() -> None:
    """``kms:ResourceAliases`` belongs to the key, however the request names it; a key without any does not carry it."""
    (needed,) = needs("kms", "Decrypt", {"KeyId": KEY, "CiphertextBlob": b"x"})
    assert dict(needed.context)["kms:ResourceAliases"] == ("alias/app",)
    (needed,) = needs("kms", "Decrypt", {"KeyId": KEY.replace("1234abcd", "9999abcd"), "CiphertextBlob": b"x"})
    assert "kms:ResourceAliases" in needed.absent


def test_what_a_key_is_comes_from_its_description_or_stays_open() -> None:
    """``kms:KeySpec`` is the key's own, not the ``KeySpec`` of a data key in the request."""
    described = {"KeyMetadata": {"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": False}}
    known = SnapshotBuilder().answer(
        ACCOUNT, "kms", "describe-key", described, name=KEY.rpartition("/")[2], region="eu-west-1"
    )
    call = Call(service="kms", operation="GenerateDataKey", params={"KeyId": KEY, "KeySpec": "AES_256"})
    (needed,) = authorizations_of(call, snapshot=known.build())
    assert dict(needed.context)["kms:KeySpec"] == ("SYMMETRIC_DEFAULT",)
    assert dict(needed.context)["kms:MultiRegion"] == ("false",)
    (needed,) = authorizations_of(call)
    assert {"kms:KeySpec", "kms:MultiRegion", "kms:ResourceAliases"} <= {one.key for one in needed.unsettled}


@pytest.mark.parametrize(("resource", "effect"), [("key/*", "ALLOW"), ("*", "ALLOW"), ("key/1234*", "IMPLICIT_DENY")])
def test_the_tags_of_a_new_key_need_an_identity_policy_only(resource: str, effect: str) -> None:
    """The key has neither id nor policy yet; a policy about keys of certain ids does not cover it."""
    arn = resource if resource == "*" else f"arn:aws:kms:*:{ACCOUNT}:{resource}"
    allowed = {"Effect": "Allow", "Action": "kms:*", "Resource": ["arn:aws:kms:::nothing", arn]}
    _, tagging = needs("kms", "CreateKey", {"Tags": [{"TagKey": "team", "TagValue": "ml"}]})
    case = {
        "request": {"principal": USER, "action": tagging.action, "resource": tagging.resource},
        "policies": {"identity": [{"document": {"Version": "2012-10-17", "Statement": [allowed]}}]},
    }
    assert run_case(case).effect == effect


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [("ecr", "DescribeRepositories", {}), ("kms", "CreateKey", {"Tags": [{"TagKey": "team", "TagValue": "ml"}]})],
)
def test_what_is_about_no_resource_in_particular_waits_for_no_policy_of_one(
    service: str, operation: str, params: dict[str, object]
) -> None:
    """Whoever may do everything may list all repositories and tag a new key, whatever policies single ones have."""
    admin = f"arn:aws:iam::{ACCOUNT}:user/admin"
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    snapshot = SnapshotBuilder().principal(admin, inline={"all": everything}).settings(no_organization=True).build()
    for needed in needs(service, operation, params):
        request = Request(principal=admin, action=needed.action, resource=needed.resource)
        assert authorize(request, snapshot).effect is Effect.ALLOW


def test_the_owner_of_a_bucket_comes_from_the_snapshot() -> None:
    """``s3:ResourceAccount``, which SageMaker's managed policies compare with the caller's account."""
    (needed,) = needs("s3", "GetObject", {"Bucket": "lake", "Key": "k"})
    assert dict(needed.context)["s3:ResourceAccount"] == (ACCOUNT,)
    (needed,) = needs("s3", "GetObject", {"Bucket": "elsewhere", "Key": "k"})
    assert "s3:ResourceAccount" in {one.key for one in needed.unsettled}


def test_the_type_of_an_existing_control_policy_is_looked_up() -> None:
    """It is part of the policy's ARN and of the context."""
    policy, _ = needs("organizations", "AttachPolicy", {"PolicyId": "p-Guard-s", "TargetId": "r-root"})
    assert policy.resource.endswith(":policy/o-abcdef1234/service_control_policy/p-Guard-s")
    assert dict(policy.context)["organizations:PolicyType"] == ("SERVICE_CONTROL_POLICY",)


def test_the_organization_completes_its_arns() -> None:
    """Management account and organization id come from describe-organization."""
    (needed,) = needs("organizations", "DescribeAccount", {"AccountId": "444455556666"})
    assert needed.resource == f"arn:aws:organizations::{ACCOUNT}:account/o-abcdef1234/444455556666"


@pytest.mark.parametrize("service", ["iam", "kms", "s3", "ecr", "logs", "organizations", "cloudtrail", "ram"])
def test_values_that_are_filled_in_later_stay_open(service: str) -> None:
    """A reference of a template in place of a name gives a set or an unknown resource, not an error and not a guess."""
    members: dict[str, tuple[str, dict[str, object]]] = {
        "iam": ("GetRole", {"RoleName": {"Ref": "Role"}}),
        "kms": ("Encrypt", {"KeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "EncryptionContext": {"Ref": "Context"}}),
        "s3": ("CopyObject", {"Bucket": {"Ref": "Bucket"}, "Key": {"Ref": "Key"}, "CopySource": {"Ref": "Source"}}),
        "ecr": ("CreateRepository", {"repositoryName": {"Ref": "Name"}, "tags": {"Ref": "Tags"}}),
        "logs": ("CreateLogGroup", {"logGroupName": {"Ref": "Name"}}),
        "organizations": ("DescribeAccount", {"AccountId": {"Ref": "Account"}}),
        "cloudtrail": ("StartLogging", {"Name": {"Ref": "Trail"}}),
        "ram": ("DeleteResourceShare", {"resourceShareArn": {"Ref": "Share"}}),
    }
    operation, params = members[service]
    for needed in needs(service, operation, params):
        assert needed.resource_state is not ResourceState.EXACT
