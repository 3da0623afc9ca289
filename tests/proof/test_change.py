"""What a change lets through: within its scope by proof, or not proven, in each layer and through all of them."""

from __future__ import annotations

from typing import Any

import pytest

from sagepass.policy.kinds import PolicyType
from sagepass.proof import Verdict
from sagepass.proof.change import prove_change
from sagepass.proof.change_scope import Scope
from sagepass.proof.changed_statements import DocumentChange
from sagepass.proof.checker import check

T = PolicyType
A, B = "111122223333", "444455556666"
USER, OTHER, ROLE = f"arn:aws:iam::{A}:user/dana", f"arn:aws:iam::{A}:user/eve", f"arn:aws:iam::{A}:role/team/R"
PARTNER = f"arn:aws:iam::{B}:user/p"
JOB, JOBS = f"arn:aws:sagemaker:us-east-1:{A}:training-job/j", f"arn:aws:sagemaker:us-east-1:{A}:training-job/*"
DESCRIBE, BUCKET = "sagemaker:DescribeTrainingJob", "arn:aws:s3:::ml"
Statement = dict[str, Any]


def allow(action: object = DESCRIBE, resource: object = JOB, **more: object) -> Statement:
    """An Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object = "sagemaker:*", resource: object = "*", **more: object) -> Statement:
    """A Deny."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def change(
    before: list[Statement] | None,
    after: list[Statement] | None,
    kind: PolicyType = T.IDENTITY_BASED_POLICY,
    holder: str = USER,
) -> DocumentChange:
    """A change of one policy."""

    def document(statements: list[Statement] | None) -> object:
        return None if statements is None else {"Version": "2012-10-17", "Statement": statements}

    return DocumentChange(policy_type=kind, holder=holder, before=document(before), after=document(after))


def scope(principal: str = USER, action: str = DESCRIBE, resource: str = JOB, **conditions: object) -> Scope:
    """What may become allowed."""
    return Scope(principal=principal, actions=(action,), resources=(resource,), conditions=conditions)


ONLY = {"Condition": {"ArnEquals": {"aws:PrincipalArn": USER}}}
NOT_HIM = {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": USER}}}
HIM = {"Condition": {"ArnEquals": {"aws:PrincipalArn": USER}}}
PASSED: dict[str, Any] = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}

WITHIN: dict[str, tuple[list[DocumentChange], list[Scope]]] = {
    "a new inline policy": ([change(None, [allow()])], [scope()]),
    "beside other statements": (
        [change([allow("s3:*", "*"), deny("ec2:*")], [allow("s3:*", "*"), deny("ec2:*"), allow()])],
        [scope()],
    ),
    "a longer list": (
        [change([allow("sagemaker:*", [JOB])], [allow("sagemaker:*", [JOB, f"{JOB}2"])])],
        [scope(action="sagemaker:*", resource=f"{JOB}2")],
    ),
    "with its condition": (
        [change([], [allow("iam:PassRole", ROLE, Condition=PASSED)])],
        [scope(action="iam:PassRole", resource=ROLE, **PASSED)],
    ),
    "a wider scope than needed": ([change([], [allow()])], [scope(action="sagemaker:*", resource="*")]),
    "several grants": (
        [change([], [allow([DESCRIBE, "sagemaker:ListTags"])])],
        [scope(), scope(action="sagemaker:ListTags")],
    ),
    "a policy on two principals": (
        [change([], [allow()]), change([], [allow()], holder=OTHER)],
        [scope(), scope(principal=OTHER)],
    ),
    "the boundary": ([change([allow("s3:*", "*")], [allow("s3:*", "*"), allow()], T.PERMISSIONS_BOUNDARY)], [scope()]),
    "identity and boundary": (
        [change([], [allow()]), change([allow("s3:*", "*")], [allow("s3:*", "*"), allow()], T.PERMISSIONS_BOUNDARY)],
        [scope()],
    ),
    "a control policy for one caller": (
        [change([deny()], [deny(), allow(**ONLY)], T.SERVICE_CONTROL_POLICY, "r-root")],
        [scope()],
    ),
    "an exception from a guardrail": (
        [
            change(
                [deny(resource="*")],
                [deny(**NOT_HIM), {"Effect": "Deny", "Action": "sagemaker:*", "NotResource": JOB, **HIM}],
                T.SERVICE_CONTROL_POLICY,
                "r-root",
            )
        ],
        [scope(action="sagemaker:*")],
    ),
    "a deny taken off": ([change([deny()], [])], [scope(action="sagemaker:*", resource="*")]),
    "the bucket for a role": (
        [change([], [allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": ROLE})], T.RESOURCE_BASED_POLICY, BUCKET)],
        [scope(ROLE, "s3:GetObject", f"{BUCKET}/*")],
    ),
    "the trust of a role": (
        [
            change(
                [],
                [{"Effect": "Allow", "Principal": {"AWS": PARTNER}, "Action": "sts:AssumeRole"}],
                T.ROLE_TRUST_POLICY,
                ROLE,
            )
        ],
        [scope(PARTNER, "sts:AssumeRole", ROLE)],
    ),
    "the trust of a service": (
        [
            change(
                [],
                [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
                T.ROLE_TRUST_POLICY,
                ROLE,
            )
        ],
        [scope("sagemaker.amazonaws.com", "sts:AssumeRole", ROLE)],
    ),
    "both sides of two accounts": (
        [
            change(
                [], [allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": PARTNER})], T.RESOURCE_BASED_POLICY, BUCKET
            ),
            change(None, [allow("s3:GetObject", f"{BUCKET}/*")], holder=PARTNER),
        ],
        [scope(PARTNER, "s3:GetObject", f"{BUCKET}/*")],
    ),
    "an endpoint for one caller": (
        [change([deny()], [deny(), {**allow(**ONLY), "Principal": "*"}], T.VPC_ENDPOINT_POLICY, "vpce-1")],
        [scope()],
    ),
    "less than before": (
        [change([allow("sagemaker:*", "*")], [allow()])],
        [scope(action="s3:GetObject", resource="*")],
    ),
}

BEYOND: dict[str, tuple[list[DocumentChange], list[Scope], str]] = {
    "another resource": ([change([], [allow(resource=JOBS)])], [scope()], "training-job"),
    "another action": ([change([], [allow("sagemaker:Describe*")])], [scope()], "sagemaker:describe"),
    "without the condition": (
        [change([], [allow("iam:PassRole", ROLE)])],
        [scope(action="iam:PassRole", resource=ROLE, **PASSED)],
        "iam:passrole",
    ),
    "another principal of the policy": ([change([], [allow()]), change([], [allow()], holder=OTHER)], [scope()], "eve"),
    "all callers of the organization": (
        [change([], [allow()], T.SERVICE_CONTROL_POLICY, "r-root")],
        [scope()],
        "caller",
    ),
    "others through the organization": (
        [change([], [allow()]), change([], [allow()], T.SERVICE_CONTROL_POLICY, "r-root")],
        [scope()],
        "caller",
    ),
    "everyone": (
        [change([], [allow("s3:GetObject", f"{BUCKET}/*", Principal="*")], T.RESOURCE_BASED_POLICY, BUCKET)],
        [scope(ROLE, "s3:GetObject", f"{BUCKET}/*")],
        "perform",
    ),
    "the whole account": (
        [change([], [allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": A})], T.RESOURCE_BASED_POLICY, BUCKET)],
        [scope(ROLE, "s3:GetObject", f"{BUCKET}/*")],
        "perform",
    ),
    "a condition lost": ([change([allow(**ONLY)], [allow()], T.SERVICE_CONTROL_POLICY, "r-root")], [scope()], "caller"),
    "the exception without the rest": (
        [change([deny()], [deny(**NOT_HIM)], T.SERVICE_CONTROL_POLICY, "r-root")],
        [scope()],
        "sagemaker:",
    ),
    "variables come into force": (
        [
            DocumentChange(
                policy_type=T.IDENTITY_BASED_POLICY,
                holder=USER,
                before={"Version": "2008-10-17", "Statement": [allow(resource="arn:aws:s3:::${aws:username}")]},
                after={"Version": "2012-10-17", "Statement": [allow(resource="arn:aws:s3:::${aws:username}")]},
            )
        ],
        [scope()],
        "dana",
    ),
    "the boundary taken away": ([change([allow()], None, T.PERMISSIONS_BOUNDARY)], [scope()], "as a whole"),
    "a malformed statement": (
        [change([], [allow(Condition={"Like": {"a": "b"}}, resource="*")])],
        [scope()],
        "perform",
    ),
}


@pytest.mark.parametrize("name", WITHIN)
def test_a_change_within_its_scope_is_proven(name: str) -> None:
    """PROVEN, and the checker verifies the certificate."""
    changes, scopes = WITHIN[name]
    proof = prove_change(changes, scopes)
    assert proof.verdict is Verdict.PROVEN, proof.reason
    assert proof.certificate is not None
    check(proof.certificate.to_json())


@pytest.mark.parametrize("name", BEYOND)
def test_a_change_beyond_its_scope_is_not(name: str) -> None:
    """Never PROVEN; the reason names what else may get through."""
    changes, scopes, reason = BEYOND[name]
    proof = prove_change(changes, scopes)
    assert proof.verdict is Verdict.UNKNOWN
    assert reason in proof.reason
