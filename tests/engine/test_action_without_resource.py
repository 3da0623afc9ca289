"""An action that takes no resource, asked of an ARN: ``*`` is what counts, and what AWS's messages leave open lets nobody in.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

import sagepass
from sagepass.engine.bulk import decide_matrix
from sagepass.engine.compiled import compiled
from sagepass.engine.decision import Decision, Difference
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.policy.truth import Truth
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/dana"
DOMAINS, DOMAIN = (f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:domain/{name}" for name in ("*", "d-1"))
OTHER = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:domain/d-2"
GROUP = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:lineage-group/sagemaker-default-lineage-group"
BUCKET = "arn:aws:s3:::data"
LIST = "sagemaker:ListDomains"
Statement = Mapping[str, object]
ALLOW, UNKNOWN = Effect.ALLOW, Effect.UNKNOWN
SILENT, DENIED = Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY


def said(effect: str, **elements: object) -> Statement:
    """A statement about listing domains."""
    return {"Effect": effect, "Action": LIST, **elements}


def policy(*statements: Statement) -> dict[str, object]:
    """A document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def account(*statements: Statement) -> SnapshotBuilder:
    """A world with one user, outside of any organization."""
    return SnapshotBuilder().settings(no_organization=True).principal(USER, inline={"p": policy(*statements)})


def asked(snapshot: Snapshot, resource: str = DOMAIN, action: str = LIST, **context: object) -> Decision:
    """The decision, which every path has to give."""
    request = sagepass.Request(principal=USER, action=action, resource=resource, context=context)
    decision = sagepass.authorize(request, snapshot)
    assert compiled(snapshot).decide(request)[:2] == (decision.effect, decision.decided_by)
    matrix = decide_matrix(snapshot, [USER], [action, "sagemaker:DescribeDomain"], [resource, OTHER], context)
    wanted = {ALLOW: Truth.TRUE, UNKNOWN: Truth.UNKNOWN}.get(decision.effect, Truth.FALSE)
    assert matrix.truth(USER, action, resource) is wanted
    return decision


EVERYTHING = said("Allow", Resource="*")


@pytest.mark.parametrize(
    ("statements", "resource", "effect"),
    [
        ([EVERYTHING], DOMAIN, ALLOW),
        ([EVERYTHING], DOMAINS, ALLOW),
        ([said("Allow", Resource=DOMAIN)], DOMAIN, SILENT),
        ([said("Allow", Resource=DOMAINS)], DOMAIN, SILENT),
        ([said("Allow", Resource=DOMAINS)], DOMAINS, SILENT),
        ([said("Allow", Resource="arn:aws:sagemaker:*:*:*")], DOMAIN, SILENT),
        ([said("Allow", Resource=f"{DOMAINS[:-1]}${{aws:username}}")], f"{DOMAINS[:-1]}dana", SILENT),
        ([said("Allow", Resource=DOMAIN)], "*", SILENT),
        ([said("Allow", NotResource=OTHER)], DOMAIN, ALLOW),
        ([said("Allow", NotResource=DOMAIN)], DOMAIN, UNKNOWN),
        ([said("Allow", NotResource=DOMAIN)], DOMAINS, UNKNOWN),
        ([said("Allow", NotResource=DOMAIN)], "*", ALLOW),
        ([said("Allow", NotResource="*")], DOMAIN, SILENT),
        ([EVERYTHING, said("Deny", Resource="*")], DOMAIN, DENIED),
        ([EVERYTHING, said("Deny", Resource=DOMAINS)], DOMAIN, UNKNOWN),
        ([EVERYTHING, said("Deny", Resource=DOMAIN)], DOMAINS, UNKNOWN),
        ([EVERYTHING, said("Deny", Resource=OTHER)], DOMAIN, ALLOW),
        ([EVERYTHING, said("Deny", Resource=DOMAINS)], "*", ALLOW),
        ([EVERYTHING, said("Deny", NotResource=OTHER)], DOMAIN, DENIED),
        ([EVERYTHING, said("Deny", NotResource=DOMAIN)], DOMAIN, DENIED),
        ([EVERYTHING, said("Deny", NotResource="*")], DOMAIN, ALLOW),
        ([said("Deny", Resource=DOMAIN)], DOMAIN, SILENT),
    ],
)  # fmt: skip
def test_what_counts(statements: list[Statement], resource: str, effect: Effect) -> None:
    """An Allow has to cover ``*``, a Deny on the ARN alone is open, and every path says so."""
    assert asked(account(*statements).build(), resource).effect is effect


@pytest.mark.parametrize("action", ["sagemaker:DescribeDomain", "sagemaker:ListDomainsOfTomorrow"])
def test_other_actions_are_asked_of_what_they_name(action: str) -> None:
    """An action with a resource type, or one that AWS's tables do not list, is allowed on the ARN of its statement."""
    world = account({"Effect": "Allow", "Action": action, "Resource": DOMAIN}).build()
    assert asked(world, DOMAIN, action).effect is ALLOW
    assert asked(world, OTHER, action).effect is SILENT


def test_the_near_miss_says_that_only_star_fits() -> None:
    """A statement on the ARN comes nearest; what it lacks is ``*``, with or without a policy variable in it."""
    for entry in (DOMAINS, f"{DOMAINS[:-1]}${{aws:username}}"):
        decision = asked(account(said("Allow", Resource=entry)).build())
        check = next(check for check in decision.checks if check.type is CheckType.PRINCIPAL)
        (miss,) = check.nearest
        assert miss.difference is Difference.NEEDS_STAR
        assert miss.sentence == f"the action takes no resource, so a statement for {entry} grants nothing; only * fits"


def test_an_open_deny_says_why() -> None:
    """What is left open names the documentation and the messages."""
    decision = asked(account(EVERYTHING, said("Deny", Resource=DOMAINS)).build())
    (residual,) = decision.residual
    assert "AWS documents that the action takes no resource, so that only * counts, and yet names ARNs" in residual.text


def test_account_and_region_of_the_arn_count() -> None:
    """Where the request goes to follows from the ARN as it does for any other action."""
    west = said("Allow", Resource="*", Condition={"StringEquals": {"aws:RequestedRegion": "us-west-2"}})
    owner = said("Allow", Resource="*", Condition={"StringEquals": {"aws:ResourceAccount": ACCOUNT}})
    elsewhere = DOMAIN.replace("us-west-2", "eu-west-1"), DOMAIN.replace(ACCOUNT, "444455556666")
    for statement, other in zip((west, owner), elsewhere, strict=True):
        world = account(statement).build()
        assert asked(world).effect is ALLOW
        assert asked(world, other).effect is not ALLOW


@pytest.mark.parametrize("kind", [PolicyType.PERMISSIONS_BOUNDARY, PolicyType.SERVICE_CONTROL_POLICY])
def test_limits_have_to_cover_star_too(kind: PolicyType) -> None:
    """A boundary, or a level of service control policies, that allows the action on the ARN alone does not allow it."""
    limit, boundary = policy(said("Allow", Resource=DOMAIN)), f"arn:aws:iam::{ACCOUNT}:policy/limit"
    inline = {"p": policy(EVERYTHING)}
    if kind is PolicyType.PERMISSIONS_BOUNDARY:
        builder = SnapshotBuilder().settings(no_organization=True).managed_policy(boundary, limit)
        world = builder.principal(USER, inline=inline, boundary=boundary).build()
    else:
        builder = SnapshotBuilder().organization("999988887777").parent(ACCOUNT, "r-root")
        for control in (PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY):
            builder.control_policies(
                "r-root", control, {"all": policy({"Effect": "Allow", "Action": "*", "Resource": "*"})}
            )
            builder.control_policies(ACCOUNT, control, {"limit": limit} if control is kind else {})
        world = builder.principal(USER, inline=inline).build()
    decision = asked(world)
    assert decision.effect is SILENT
    assert decision.decided_by == (kind.check,)


def test_the_policy_of_a_resource_cannot_say_star() -> None:
    """Its Resource is what it is attached to: an Allow there of an action without a resource is open, and no grant."""
    grant = {"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "s3:ListAllMyBuckets", "Resource": BUCKET}
    world = account().resource_policy(BUCKET, policy(grant), account=ACCOUNT).build()
    assert asked(world, BUCKET, "s3:ListAllMyBuckets").effect is UNKNOWN


def test_lineage_is_queried_in_a_shared_group() -> None:
    """AWS's own example allows QueryLineage on a lineage group: there the group's ARN grants, in an identity's policy ``*``.

    https://docs.aws.amazon.com/sagemaker/latest/dg/xaccount-lineage-tracking.html
    """
    query = {"Effect": "Allow", "Action": "sagemaker:QueryLineage", "Resource": GROUP}
    group = policy({**query, "Principal": {"AWS": USER}})
    case = {
        "request": {"principal": USER, "action": "sagemaker:QueryLineage", "resource": GROUP, "context": {}},
        "policies": {"identity": [], "resource": [{"name": "group", "document": group}]},
    }
    assert sagepass.run_case(case).effect is ALLOW
    own = {**case, "policies": {"identity": [{"name": "own", "document": policy(query)}]}}
    assert sagepass.run_case(own).effect is SILENT


def test_what_is_kept_for_one_action_is_not_used_for_another() -> None:
    """One compiled snapshot, asked about actions with and without a resource on the same ARN, in both orders."""
    both = {"Effect": "Allow", "Action": [LIST, "sagemaker:DescribeDomain"], "Resource": DOMAIN}
    for first, second in ((LIST, "sagemaker:DescribeDomain"), ("sagemaker:DescribeDomain", LIST)):
        home = compiled(account(both).build())
        request = sagepass.Request(principal=USER, action=first, resource=DOMAIN)
        found = {action: home.decide(replace(request, action=action)).effect for action in (first, second)}
        assert found == {LIST: SILENT, "sagemaker:DescribeDomain": ALLOW}
