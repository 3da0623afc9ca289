"""What could hide a difference and make a proof false: each a pair of policies that a careless model calls contained."""

from __future__ import annotations

from typing import Any

import pytest
from tests.proof.policies import document

from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.proof import Comparison, Verdict, compare_documents, not_granted, reachable_from_outside
from sagepass.proof.change import prove_change
from sagepass.proof.change_scope import Scope
from sagepass.proof.changed_statements import DocumentChange
from sagepass.proof.checker import check

OWNER, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{OWNER}:role/x"
RESOURCE = PolicyType.RESOURCE_BASED_POLICY
TAG, FROM = "aws:RequestTag/t", "aws:SourceArn"


def allow(effect: str = "Allow", **more: object) -> dict[str, Any]:
    """A statement about one action."""
    return {"Effect": effect, "Action": "sagemaker:CreateModel", "Resource": "*", **more}


def when(**conditions: dict[str, object]) -> dict[str, Any]:
    """An Allow under conditions."""
    return allow(Condition={name.replace("__", ":"): keys for name, keys in conditions.items()})


def policy(*statements: dict[str, Any], kind: PolicyType = PolicyType.IDENTITY_BASED_POLICY) -> Document:
    """A document."""
    return document({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def settled(found: Comparison) -> Verdict:
    """The verdict; a proof is verified once more on the way."""
    if found.certificate is not None:
        check(found.certificate.to_json())
    return found.verdict


CONTAINED: dict[str, tuple[dict[str, Any], dict[str, Any], Verdict]] = {
    "a tag's value with a colon moves the components of an ARN": (
        when(ArnLike={FROM: "arn:aws:*:1:2:y"}),
        when(ArnLike={FROM: "arn:aws:${aws:PrincipalTag/x}:1:2:y"}),
        Verdict.UNKNOWN,
    ),
    "a tag's value can be the word arn": (
        when(ArnLike={FROM: "arn:aws:sns:*:*:z"}),
        when(ArnLike={FROM: "${aws:PrincipalTag/x}:aws:sns:*:*:y"}),
        Verdict.UNKNOWN,
    ),
    "an account id holds no colon": (
        when(ArnLike={FROM: "arn:aws:sns:*:*:y"}),
        when(ArnLike={FROM: "arn:aws:sns:*:${aws:PrincipalAccount}:y"}),
        Verdict.PROVEN,
    ),
    "a default with a colon moves them too": (
        when(ArnLike={FROM: "arn:aws:sns:*:*:y"}),
        when(ArnLike={FROM: "arn:aws:sns:*:${aws:PrincipalAccount, '1:2'}:y"}),
        Verdict.UNKNOWN,
    ),
    "a private-use character is no variable": (
        when(StringEquals={TAG: "${aws:PrincipalTag/a}${aws:PrincipalTag/b}"}),
        when(StringEquals={TAG: "${aws:PrincipalTag/a}\U000f0001"}),
        Verdict.REFUTED,
    ),
    "the default is another value": (
        when(StringEquals={TAG: "${aws:PrincipalTag/t}"}),
        when(StringEquals={TAG: "${aws:PrincipalTag/t, 'x'}"}),
        Verdict.REFUTED,
    ),
    "the Kelvin sign is a k to who ignores case": (
        when(StringLike={TAG: ["k", "K"]}),
        when(StringEqualsIgnoreCase={TAG: "K"}),
        Verdict.REFUTED,
    ),
    "case beyond ASCII is not documented": (
        when(StringEquals={TAG: ["é", "É"]}),
        when(StringEqualsIgnoreCase={TAG: "é"}),
        Verdict.UNKNOWN,
    ),
    "names of keys ignore case": (
        when(StringEquals={"AWS:requesttag/T": "x"}),
        when(StringEquals={TAG: "x"}),
        Verdict.PROVEN,
    ),
    "ForAllValues passes without the key": (
        when(ForAllValues__StringEquals={"aws:TagKeys": "a"}, Null={"aws:TagKeys": "false"}),
        when(ForAllValues__StringEquals={"aws:TagKeys": "a"}),
        Verdict.REFUTED,
    ),
    "with a guard it does not": (
        when(ForAnyValue__StringEquals={"aws:TagKeys": ["a", "b"]}),
        when(ForAllValues__StringEquals={"aws:TagKeys": "a"}, Null={"aws:TagKeys": "false"}),
        Verdict.PROVEN,
    ),
    "what several values match may differ by the meaning of a text": (
        when(StringEquals={"aws:TagKeys": "${aws:PrincipalTag/t}"}, ForAnyValue__StringEquals={"aws:TagKeys": "a"}),
        when(
            StringEquals={"aws:TagKeys": "${aws:PrincipalTag/t, 'x'}"},
            ForAnyValue__StringEquals={"aws:TagKeys": "a"},
            ForAnyValue__StringLike={"aws:TagKeys": "b"},
        ),
        Verdict.UNKNOWN,
    ),
    "several values are not the opposite of what they are not": (
        when(StringNotEquals={"events:source": "a"}),
        when(ForAnyValue__StringEquals={"events:source": "b"}, ForAnyValue__StringLike={"events:source": "c"}),
        Verdict.UNKNOWN,
    ),
    "one source alone, of two": (
        when(StringLike={"events:source": "*"}),
        when(ForAnyValue__StringEquals={"events:source": "b"}, ForAnyValue__StringLike={"events:source": "c"}),
        Verdict.REFUTED,
    ),
    "a key that no table knows can hold several values": (
        when(StringEquals={"idp.example:none": "never"}),
        when(
            ForAnyValue__StringEquals={"idp.example:groups": "a"}, ForAnyValue__StringLike={"idp.example:groups": "b*"}
        ),
        Verdict.REFUTED,
    ),
}


@pytest.mark.parametrize("name", CONTAINED)
def test_what_hides_in_conditions(name: str) -> None:
    """The verdict on "the second allows nothing that the first does not"."""
    old, new, verdict = CONTAINED[name]
    assert settled(compare_documents(policy(old), policy(new))) is verdict


def test_the_older_policy_language_reads_several_values_by_itself() -> None:
    """What a text with ``${…}`` matches among several values is one thing as a variable, and another as it stands."""
    condition = {
        "StringEquals": {"aws:TagKeys": "${aws:username}"},
        "ForAnyValue:StringEquals": {"aws:TagKeys": "a"},
        "ForAnyValue:StringLike": {"aws:TagKeys": "b"},
    }
    old, new = (
        document({"Version": version, "Statement": [allow(Condition=condition)]})
        for version in ("2008-10-17", "2012-10-17")
    )
    assert settled(compare_documents(old, new)) is Verdict.UNKNOWN
    assert settled(compare_documents(old, old)) is Verdict.PROVEN


def test_a_short_arn_pattern_about_a_named_caller() -> None:
    """What ``arn:aws:iam::*`` matches is not documented, so it does not count as no match."""
    statement = allow(
        Principal={"AWS": f"arn:aws:iam::{OWNER}:user/u"}, Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*"}}
    )
    assert settled(not_granted(policy(statement, kind=RESOURCE), policy_type=RESOURCE)) is Verdict.UNKNOWN


PUBLIC: dict[str, tuple[dict[str, object], Verdict]] = {
    "an account that equals a tag of the caller": (
        {"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalTag/account}"}},
        Verdict.REFUTED,
    ),
    "an account by its id": ({"StringEquals": {"aws:PrincipalAccount": OWNER}}, Verdict.PROVEN),
    "an account if there is one": ({"StringEqualsIfExists": {"aws:PrincipalAccount": OWNER}}, Verdict.REFUTED),
    "all but an account": ({"StringNotEquals": {"aws:PrincipalAccount": OTHER}}, Verdict.REFUTED),
    "roles of the account": ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/*"}}, Verdict.PROVEN),
    "roles of any account whose number begins so": (
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::1111*:role/x"}},
        Verdict.REFUTED,
    ),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_who_is_outside(name: str) -> None:
    """Conditions on the caller, with everybody as Principal."""
    conditions, verdict = PUBLIC[name]
    found = reachable_from_outside(policy(allow(Principal="*", Condition=conditions), kind=RESOURCE), accounts=[OWNER])
    assert settled(found) is verdict


ONLY: dict[str, dict[str, object]] = {
    "a service that no Principal names": {"StringEquals": {"aws:PrincipalServiceName": "sagemaker.amazonaws.com"}},
    "an identity provider that no Principal names": {
        "Null": {"aws:PrincipalArn": "true"},
        "Bool": {"aws:PrincipalIsAWSService": "false"},
    },
    "nobody with credentials": {"StringEquals": {"aws:PrincipalType": "Anonymous"}},
    "a federated user": {"StringEquals": {"aws:PrincipalType": "FederatedUser"}},
    "a root user": {"StringEquals": {"aws:PrincipalType": "Account"}},
}


@pytest.mark.parametrize("name", ONLY)
def test_nobody_is_forgotten(name: str) -> None:
    """``Principal: *`` with a condition that one kind of caller alone meets: something is allowed."""
    new = policy(allow(Principal="*", Condition=ONLY[name]), kind=RESOURCE)
    assert settled(compare_documents([], new, RESOURCE)) is Verdict.REFUTED


def test_sessions_are_not_spared_by_a_not_principal_that_names_their_role() -> None:
    """NotPrincipal has to name the session as well (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html)."""
    root = f"arn:aws:iam::{OWNER}:root"
    everybody = allow(Principal="*")
    spared = policy(everybody, allow("Deny", NotPrincipal={"AWS": [root, ROLE]}), kind=RESOURCE)
    by_role = allow("Deny", Principal="*", Condition={"ArnNotEquals": {"aws:PrincipalArn": ROLE}})
    found = compare_documents(spared, policy(everybody, by_role, kind=RESOURCE), RESOURCE)
    assert settled(found) is Verdict.REFUTED
    assert not any(difference.witness.has_boundary for difference in found.differences)
    assert settled(compare_documents(policy(everybody, by_role, kind=RESOURCE), spared, RESOURCE)) is not Verdict.PROVEN


def test_naming_a_user_goes_past_its_boundary_and_naming_its_account_does_not() -> None:
    """Within one account a policy that names a user by its ARN grants past an implicit deny of the boundary.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html: so to name the user where the account
    was named lets something through, although the policy "grants" the same requests.
    """
    bucket, user = "arn:aws:s3:::data", f"arn:aws:iam::{OWNER}:user/u"
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket}

    def document_for(principal: str) -> dict[str, object]:
        return {"Version": "2012-10-17", "Statement": [{**statement, "Principal": {"AWS": principal}}]}

    def change(before: str, after: str) -> DocumentChange:
        return DocumentChange(
            policy_type=RESOURCE, holder=bucket, before=document_for(before), after=document_for(after)
        )

    account = f"arn:aws:iam::{OWNER}:root"
    nothing = Scope(principal=f"arn:aws:iam::{OTHER}:user/nobody", actions=("s3:ListBucket",), resources=(bucket,))
    assert prove_change([change(account, user)], [nothing]).verdict is Verdict.UNKNOWN
    own = Scope(principal=user, actions=("s3:ListBucket",), resources=(bucket,))
    assert prove_change([change(account, user)], [own]).verdict is Verdict.PROVEN


@pytest.mark.parametrize("kind", [PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY])
def test_a_deny_that_goes_counts_as_access_that_comes(kind: PolicyType) -> None:
    """Control policies only limit: to drop a Deny, or to spare somebody from it, is new access."""
    action = "s3:GetObject"
    full = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    deny: dict[str, Any] = {"Effect": "Deny", "Action": action, "Resource": "*"}
    if kind is PolicyType.RESOURCE_CONTROL_POLICY:
        full, deny = {**full, "Principal": "*"}, {**deny, "Principal": "*"}
    sparing = {**deny, "Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/admin"}}}
    strict, loose = policy(full, deny, kind=kind), policy(full, sparing, kind=kind)
    assert settled(compare_documents(strict, policy(full, kind=kind), kind)) is Verdict.REFUTED
    assert settled(compare_documents(strict, loose, kind)) is Verdict.REFUTED
    assert settled(compare_documents(loose, strict, kind)) is Verdict.PROVEN


def test_a_resource_control_policy_reaches_its_services_alone() -> None:
    """To drop a Deny on a service that RCPs do not reach changes nothing.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    kind = PolicyType.RESOURCE_CONTROL_POLICY
    full = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sagemaker:*", "Resource": "*"}
    assert settled(compare_documents(policy(full, deny, kind=kind), policy(full, kind=kind), kind)) is Verdict.PROVEN


def test_two_endpoints_do_not_add_up() -> None:
    """What one endpoint's policy allowed already says nothing of requests through the other."""

    def change(endpoint: str, *after: dict[str, Any]) -> DocumentChange:
        base = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}
        value = {"Version": "2012-10-17", "Statement": [base, *after]}
        before = {"Version": "2012-10-17", "Statement": [base]}
        holder = f"arn:aws:ec2:us-east-1:{OWNER}:vpc-endpoint/{endpoint}"
        return DocumentChange(policy_type=PolicyType.VPC_ENDPOINT_POLICY, holder=holder, before=before, after=value)

    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    scope = Scope(principal=f"arn:aws:iam::{OWNER}:user/u", actions=("s3:GetObject",), resources=("*",))
    found = prove_change([change("vpce-1", statement), change("vpce-2", statement)], [scope])
    assert found.verdict is Verdict.UNKNOWN
    assert "several VPC endpoints" in found.reason
