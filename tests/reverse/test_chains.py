"""Through roles: every hop decided on both sides, bounded, without going in circles."""

from __future__ import annotations

import pytest
from tests.reverse.worlds import (
    ACCOUNT,
    CORP,
    GITHUB,
    OTHER,
    SUBJECT,
    VENDOR,
    access_of,
    account,
    asked,
    chain,
    deny,
    holders,
    may_assume,
    path,
    policy,
    reader,
    role,
    trusting,
    user,
)

from sagepass.jobs.who_can.record import Certainty, HolderKind


def test_one_hop_needs_both_sides() -> None:
    """Trusted and allowed to assume: yes. One without the other: no."""
    trust = trusting({"AWS": [user("both", OTHER), user("trusted-only", OTHER)]})
    snapshot = (
        reader(account(), "reader", trust)
        .principal(user("both", OTHER), inline={"p": may_assume(role("reader"))})
        .principal(user("trusted-only", OTHER))
        .principal(user("allowed-only", OTHER), inline={"p": may_assume(role("reader"))})
        .build()
    )
    answer = asked(snapshot)
    assert holders(answer) == {role("reader"), user("both", OTHER)}
    access = access_of(answer, user("both", OTHER))
    assert path(access) == ["reader"]
    (hop,) = access.hops
    assert {ref.policy.name for ref in hop.basis.grants} == {"p", "trust policy"}


def test_deny_on_the_way_breaks_the_chain() -> None:
    """An explicit Deny of sts:AssumeRole in the caller's policies ends the way."""
    snapshot = (
        reader(account(), "reader", trusting({"AWS": user("anna")}))
        .principal(user("anna"), inline={"d": policy(deny("sts:AssumeRole"))})
        .build()
    )
    assert holders(asked(snapshot)) == {role("reader")}


@pytest.mark.parametrize(("hops", "reached"), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 4)])
def test_longest_chain(hops: int, reached: int) -> None:
    """Each further hop reaches one more role; what is beyond the bound is said to be left out."""
    answer = asked(chain(["a", "b", "reader"]).build(), hops=hops)
    assert len([name for name in holders(answer) if ":role/" in name]) == reached
    cut = any("not followed (--max-hops)" in limit for limit in answer.limits)
    assert cut is (hops in {1, 2, 3}), "a service opens the first role: that would be a fourth"


def test_chain_is_told_in_order_with_its_hour() -> None:
    """Start assumes a, a assumes b, b assumes the reader; a role's session is limited to one hour."""
    access = access_of(asked(chain(["a", "b", "reader"]).build()), role("start"))
    assert path(access) == ["a", "b", "reader"]
    assert any("one hour at most" in note for note in access.notes)


def test_roles_that_trust_each_other_do_not_go_in_circles() -> None:
    """Two roles that may assume each other and themselves: each is told once, by its shortest way."""
    everyone = {"AWS": ACCOUNT}
    builder = reader(account(), "reader", trusting(everyone))
    for name in ("a", "b"):
        builder.principal(role(name), inline={"p": may_assume(role("*"))}, trust=trusting(everyone))
    answer = asked(builder.build(), hops=10)
    assert path(access_of(answer, role("a"))) == ["reader"]
    assert path(access_of(answer, role("b"))) == ["reader"]
    assert access_of(answer, role("reader")).hops == ()


def test_certain_way_is_preferred_to_a_shorter_one_under_a_condition() -> None:
    """A direct hop that wants an external id, and a longer one without conditions: the certain one is told."""
    trust = policy(
        *trusting({"AWS": user("anna")}, Condition={"StringEquals": {"sts:ExternalId": "x"}})["Statement"],  # type: ignore[misc]
        *trusting({"AWS": role("middle")})["Statement"],
    )
    snapshot = (
        reader(account(), "reader", trust)
        .principal(role("middle"), inline={"p": may_assume(role("reader"))}, trust=trusting({"AWS": user("anna")}))
        .principal(user("anna"), inline={"p": may_assume(role("*"))})
        .build()
    )
    access = access_of(asked(snapshot), user("anna"))
    assert (path(access), access.certainty) == (["middle", "reader"], Certainty.CERTAIN)
    assert access_of(asked(snapshot, hops=1), user("anna")).certainty is Certainty.CONDITIONAL


def test_further_ways_are_counted() -> None:
    """Two roles lead there: one is told, the other counted."""
    builder = account()
    for name in ("reader", "reader-2"):
        reader(builder, name, trusting({"AWS": user("anna")}))
    snapshot = builder.principal(user("anna"), inline={"p": may_assume(role("*"))}).build()
    assert access_of(asked(snapshot), user("anna")).more_ways == 1


def test_mfa_is_lost_on_the_way() -> None:
    """The role reads only with MFA. A session that AssumeRole opened never has that, so no chain leads there."""
    trust = trusting({"AWS": user("anna")})
    guard = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    snapshot = (
        reader(account(), "reader", trust, Condition=guard)
        .principal(user("anna"), inline={"p": may_assume(role("reader"))})
        .build()
    )
    answer = asked(snapshot)
    assert holders(answer) == {role("reader")}
    assert access_of(answer, role("reader")).certainty is Certainty.CONDITIONAL


def test_mfa_for_the_first_hop_is_a_condition() -> None:
    """A trust policy may ask for MFA: the user can pass it, so the chain stands under that condition."""
    trust = trusting({"AWS": user("anna")}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    snapshot = (
        reader(account(), "reader", trust).principal(user("anna"), inline={"p": may_assume(role("reader"))}).build()
    )
    access = access_of(asked(snapshot), user("anna"))
    assert access.conditions == ("aws:MultiFactorAuthPresent satisfies Bool true",)


def test_outside_account_and_its_external_id() -> None:
    """A vendor's account is let in through the role, under the external id that the trust policy asks for."""
    trust = trusting({"AWS": VENDOR}, Condition={"StringEquals": {"sts:ExternalId": "Cust-1"}})
    access = access_of(asked(reader(account(), "reader", trust).build()), VENDOR)
    assert access.holder.kind is HolderKind.OUTSIDE_ACCOUNT
    assert access.conditions == ("sts:ExternalId satisfies StringEquals Cust-1",)
    assert access.hops[0].basis.theirs


def test_federated_identities_with_their_subject() -> None:
    """Identities of GitHub by AssumeRoleWithWebIdentity, of a SAML provider by AssumeRoleWithSAML."""
    web = {"Effect": "Allow", "Principal": {"Federated": GITHUB}, "Action": "sts:AssumeRoleWithWebIdentity"}
    saml = {"Effect": "Allow", "Principal": {"Federated": CORP}, "Action": "sts:AssumeRoleWithSAML"}
    trust = policy({**web, "Condition": {"StringLike": {SUBJECT: "repo:acme/ml:*"}}}, saml)
    answer = asked(reader(account(), "reader", trust).build())
    github, corp = access_of(answer, GITHUB), access_of(answer, CORP)
    assert github.conditions == (f"{SUBJECT} satisfies StringLike repo:acme/ml:*",)
    assert [hop.action for hop in (*github.hops, *corp.hops)] == [
        "sts:AssumeRoleWithWebIdentity",
        "sts:AssumeRoleWithSAML",
    ]
    assert corp.certainty is Certainty.CERTAIN


def test_service_acts_for_whoever_passes_the_role() -> None:
    """An execution role: the service is told, and that somebody has to pass the role to it."""
    trust = trusting({"Service": "sagemaker.amazonaws.com"})
    access = access_of(asked(reader(account(), "reader", trust).build()), "sagemaker.amazonaws.com")
    assert any("iam:PassRole" in note for note in access.notes)


def test_root_user_assumes_no_role() -> None:
    """The trusted root of another account means its principals; the root user itself cannot call AssumeRole."""
    snapshot = reader(account().account(OTHER), "reader", trusting({"AWS": OTHER})).build()
    assert holders(asked(snapshot)) == {role("reader")}
    assert not [access for access in asked(snapshot).access if access.holder.account == OTHER]


def test_service_linked_role_is_opened_by_its_service_alone() -> None:
    """An administrator of the account does not get in through a service-linked role."""
    linked = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMakerNotebooks"
    builder = account().principal(user("admin"), inline={"p": may_assume("*")})
    builder.principal(
        linked,
        inline={"p": policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})},
        trust=trusting({"Service": "sagemaker.amazonaws.com"}),
    )
    assert holders(asked(builder.build())) == {linked, "sagemaker.amazonaws.com"}


def test_a_role_in_the_middle_may_come_from_a_provider_where_assume_role_would_lose_mfa() -> None:
    """The reader wants MFA of whoever assumes it. A user cannot bring it through the middle role; a provider's session may."""
    web = {"Effect": "Allow", "Principal": {"Federated": GITHUB}, "Action": "sts:AssumeRoleWithWebIdentity"}
    both = policy(web, *trusting({"AWS": user("anna")})["Statement"])  # type: ignore[misc]
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    snapshot = (
        reader(account(), "reader", trusting({"AWS": role("middle")}, Condition=mfa))
        .principal(role("middle"), inline={"p": may_assume(role("reader"))}, trust=both)
        .principal(user("anna"), inline={"p": may_assume(role("middle"))})
        .build()
    )
    answer = asked(snapshot)
    assert holders(answer) == {role("reader"), role("middle"), GITHUB}
    assert access_of(answer, GITHUB).certainty is Certainty.CONDITIONAL
