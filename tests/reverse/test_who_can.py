"""Everyone who can: directly, by which statement, under which conditions, from inside and from outside."""

from __future__ import annotations

import pytest
from tests.reverse.worlds import (
    ACCOUNT,
    BUCKET,
    GET,
    KEY,
    OBJECT,
    OTHER,
    VENDOR,
    access_of,
    account,
    allow,
    asked,
    deny,
    holders,
    letting,
    policy,
    role,
    trusting,
    user,
)

from sagepass.jobs.who_can.record import Certainty, HolderKind
from sagepass.jobs.who_can.who_can import who_can

READ = policy(allow(GET, f"{BUCKET}/*"))


def test_those_who_are_allowed_and_no_others() -> None:
    """An Allow in the identity's own policies; a Deny, another bucket and another action do not count."""
    snapshot = (
        account()
        .principal(user("yes"), inline={"p": READ})
        .principal(user("denied"), inline={"p": READ, "d": policy(deny(GET))})
        .principal(user("other-bucket"), inline={"p": policy(allow(GET, "arn:aws:s3:::other/*"))})
        .principal(user("other-action"), inline={"p": policy(allow("s3:PutObject"))})
        .build()
    )
    answer = asked(snapshot)
    assert holders(answer) == {user("yes")}
    assert answer.asked == 5


def test_the_granting_statement_is_named() -> None:
    """The statement and its policy come along, of the group too."""
    group = f"arn:aws:iam::{ACCOUNT}:group/readers"
    snapshot = (
        account()
        .principal(group, inline={"of-the-group": policy(allow("s3:Put*"), allow(GET))})
        .principal(user("anna"), groups=["readers"])
        .build()
    )
    (ref,) = access_of(asked(snapshot), user("anna")).final.grants
    assert (ref.policy.name, ref.statement.index) == ("of-the-group", 1)


def test_root_is_told_with_its_reason() -> None:
    """The root user of the account can, and no statement says so."""
    (root,) = asked(account().build()).access
    assert root.holder.kind is HolderKind.ROOT
    assert root.final.because == ("the root user is allowed by default",)


def test_conditions_stand_apart_from_what_is_certain() -> None:
    """What depends on the request is conditional and says on what; with the value given it is settled either way."""
    guarded = policy(allow(GET, "*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
    snapshot = account().principal(user("anna"), inline={"p": guarded}).build()
    answer = asked(snapshot)
    assert holders(answer, Certainty.CONDITIONAL) == {user("anna")}
    assert access_of(answer, user("anna")).conditions == ("aws:SourceVpce satisfies StringEquals vpce-1",)
    assert holders(asked(snapshot, aws_SourceVpce="vpce-2")) == set()


def test_one_of_two_conditions_is_enough_for_two_statements() -> None:
    """Two Allow statements with a condition each are alternatives: together they are one condition."""
    either = policy(
        allow(GET, "*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
        allow(GET, "*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    )
    (condition,) = access_of(asked(account().principal(user("a"), inline={"p": either}).build()), user("a")).conditions
    assert ", or " in condition


def test_whole_outside_account_is_let_in_as_far_as_it_goes() -> None:
    """An account that is not in the snapshot: this side is certain, the rest is up to that account."""
    access = access_of(asked(account(bucket=letting({"AWS": VENDOR})).build()), VENDOR)
    assert (access.holder.kind, access.certainty) == (HolderKind.OUTSIDE_ACCOUNT, Certainty.THEIR_SIDE)
    assert access.final.theirs == (f"account {VENDOR} lets its own principal do it",)
    assert not access.conditions


def test_outside_account_whose_principals_are_narrowed_is_conditional() -> None:
    """A condition on who it is belongs to this side: it is told, and the account as a whole is not let in."""
    narrowed = letting(
        {"AWS": VENDOR}, Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{VENDOR}:role/etl-*"}}
    )
    access = access_of(asked(account(bucket=narrowed).build()), VENDOR)
    assert access.certainty is Certainty.CONDITIONAL
    assert access.conditions == (f"aws:PrincipalArn satisfies ArnLike arn:aws:iam::{VENDOR}:role/etl-*",)


def test_account_in_the_snapshot_is_asked_principal_by_principal() -> None:
    """Both sides are known: only the principal that its own account allows is let in."""
    snapshot = (
        account(bucket=letting({"AWS": OTHER}))
        .principal(user("may", OTHER), inline={"p": READ})
        .principal(user("may-not", OTHER))
        .build()
    )
    answer = asked(snapshot)
    assert holders(answer) == {user("may", OTHER)}
    grants = {ref.policy.name for ref in access_of(answer, user("may", OTHER)).final.grants}
    assert grants == {"bucket policy", "p"}


def test_a_deny_in_the_bucket_keeps_an_account_out() -> None:
    """An outside account that a Deny names is not told of."""
    both = policy(*letting({"AWS": VENDOR})["Statement"], {**deny(GET), "Principal": {"AWS": VENDOR}})  # type: ignore[misc]
    assert holders(asked(account(bucket=both).build())) == set()


def test_service_with_its_condition() -> None:
    """A service principal is let in under the condition against the confused deputy."""
    guarded = letting({"Service": "logs.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})
    access = access_of(asked(account(bucket=guarded).build()), "logs.amazonaws.com")
    assert access.holder.kind is HolderKind.SERVICE
    assert access.conditions == (f"aws:SourceAccount satisfies StringEquals {ACCOUNT}",)


def test_public_bucket_is_called_public() -> None:
    """Principal *: everyone with an AWS account, and everyone without credentials."""
    answer = asked(account(bucket=letting("*")).build())
    kinds = {access.holder.kind: access.certainty for access in answer.access}
    assert kinds[HolderKind.ANONYMOUS] is Certainty.CERTAIN
    assert kinds[HolderKind.ANY_ACCOUNT] is Certainty.THEIR_SIDE
    assert any("Block Public Access" in limit for limit in answer.limits)


def test_everyone_of_one_organization_is_not_public() -> None:
    """Principal * with aws:PrincipalOrgID: nobody without credentials, and others under that condition only."""
    ours = letting("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-ours"}})
    answer = asked(account(bucket=ours).build())
    kinds = {access.holder.kind for access in answer.access}
    assert HolderKind.ANONYMOUS not in kinds
    (everyone,) = [access for access in answer.access if access.holder.kind is HolderKind.ANY_ACCOUNT]
    assert everyone.conditions == ("aws:PrincipalOrgID satisfies StringEquals o-ours",)


def test_session_that_a_policy_names_is_told_beside_its_role() -> None:
    """A bucket policy may name one session of a role; the role as a whole has no access then."""
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/etl/nightly"
    answer = asked(account(bucket=letting({"AWS": session})).principal(role("etl")).build())
    assert holders(answer) == {session}
    assert access_of(answer, session).holder.kind is HolderKind.SESSION


def test_wildcard_inside_a_principal_lets_nobody_in() -> None:
    """``role/*`` as a principal matches nobody, whatever it looks like."""
    answer = asked(account(bucket=letting({"AWS": f"arn:aws:iam::{VENDOR}:role/*"})).build())
    assert holders(answer) == set()


def test_key_needs_its_policy_and_grants_add_to_it() -> None:
    """Of a key an identity's Allow is not enough; the grantee of a grant is let in beside the key policy."""
    key_policy = policy({"Effect": "Allow", "Principal": {"AWS": user("named")}, "Action": "kms:*", "Resource": "*"})
    grants = {"Grants": [{"GrantId": "g1", "GranteePrincipal": role("grantee"), "Operations": ["Decrypt"]}]}
    snapshot = (
        account()
        .principal(user("named"))
        .principal(user("only-identity"), inline={"p": policy(allow("kms:*"))})
        .principal(role("grantee"))
        .resource_policy(KEY, key_policy)
        .answer(ACCOUNT, "kms", "list-grants", grants, name="1111-aaaa", region="us-east-1")
        .build()
    )
    answer = who_can("kms:Decrypt", KEY, snapshot)
    assert holders(answer) == {user("named"), role("grantee")}
    assert access_of(answer, role("grantee")).final.because == ("grant g1 of the key allows it",)


def test_federated_users_are_let_in_by_the_call_of_their_kind_only() -> None:
    """A provider in a trust policy: AssumeRoleWithWebIdentity yes, AssumeRole no, whatever the action pattern is."""
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/idp.example.com"
    snapshot = account().principal(role("r"), trust=trusting({"Federated": provider}, action="sts:*")).build()
    assert holders(who_can("sts:AssumeRoleWithWebIdentity", role("r"), snapshot)) == {provider}
    assert holders(who_can("sts:AssumeRoleWithSAML", role("r"), snapshot)) == set()
    assert holders(who_can("sts:AssumeRole", role("r"), snapshot)) == set()


def test_what_was_not_collected_is_said() -> None:
    """No policy of the bucket: those allowed by their own policies stay open, and the gap is named."""
    snapshot = account().principal(user("anna"), inline={"p": READ}).build()
    answer = who_can(GET, "arn:aws:s3:::unknown/x", snapshot)
    assert any("arn:aws:s3:::unknown" in limit for limit in answer.limits)
    missing_owner = who_can("sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:us-east-1:{OTHER}:endpoint/e", snapshot)
    assert any(f"account {OTHER}, which owns the resource" in limit for limit in missing_owner.limits)


def test_unknown_control_policies_make_everything_conditional() -> None:
    """Without the organization's policies nothing is certain, and each access says so."""
    snapshot = account().settings().principal(user("anna"), inline={"p": READ}).build()
    organized = account().build()
    assert holders(asked(organized)) == set()
    answer = who_can(GET, OBJECT, snapshot)
    assert holders(answer, Certainty.CERTAIN) == {user("anna")}


@pytest.mark.parametrize("hops", [-1, 11])
def test_bound_on_chains_is_a_bound(hops: int) -> None:
    """Fewer than none, or more than ten roles on the way, is refused."""
    with pytest.raises(ValueError, match="max_hops"):
        who_can(GET, OBJECT, account().build(), max_hops=hops)


def test_what_block_public_access_may_do_is_said() -> None:
    """A policy that is public by another action counts for nobody outside, so that the vendor may be shut out as well."""
    named = {"Effect": "Allow", "Principal": {"AWS": VENDOR}, "Action": GET, "Resource": f"{BUCKET}/*"}
    listing = {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": BUCKET}
    alone, public = (asked(account(bucket=policy(*each)).build()).limits for each in ([named], [named, listing]))
    assert not any("Block Public Access" in limit for limit in alone)
    assert any("Block Public Access" in limit and "not even whom the policy names" in limit for limit in public)
    inside = asked(account(bucket=policy(listing)).principal(user("a"), inline={"p": policy(allow(GET, "*"))}).build())
    assert not any("Block Public Access" in limit for limit in inside.limits)
