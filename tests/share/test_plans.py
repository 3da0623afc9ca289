"""Every kind of party, every way, every shareable resource: the party gets in, strangers do not, no condition is idle."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.share.asked import ALSO, ENDPOINT, MPG, OTHER, PARTIES, RESOURCES, ROUTER, question

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.approaches import intended, strangers
from sagepass.jobs.share.attempt import entering
from sagepass.jobs.share.conditions import conditions_in, try_conditions, without_decoration
from sagepass.jobs.share.naming import PartyNaming
from sagepass.jobs.share.plan import Plan, documents_of, with_document
from sagepass.jobs.share.plan_for import plan_share
from sagepass.jobs.share.report import ShareReport
from sagepass.jobs.share.subject import ShareError
from sagepass.jobs.share.worlds import bare_world
from sagepass.policy.kinds import CheckType, Effect

KEYS = {
    "account": set(),
    "role": set(),
    "user": set(),
    "session": set(),
    "third-party": {"sts:ExternalId"},
    "organization": {"aws:PrincipalOrgID"},
    "unit": {"aws:PrincipalOrgPaths"},
    "saml": {"SAML:aud"},
    "oidc": {"token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub"},
    "oidc-pattern": {"token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub"},
    "sso": {"aws:PrincipalArn"},
    "cognito": {"cognito-identity.amazonaws.com:aud", "cognito-identity.amazonaws.com:amr"},
    "service": {"aws:SourceAccount"},
    "service-arn": {"aws:SourceArn"},
}
"""The condition keys of the documents for each party."""

POLICY = {"account", "role", "user", "session", "organization", "unit", "sso"}
SHARED = {"account", "organization", "unit"}


def ways() -> list[tuple[str, str, Mechanism]]:
    """Every combination that exists."""
    found = []
    for party in PARTIES:
        for resource in RESOURCES:
            found.append((party, resource, Mechanism.ROLE))
            if resource in {MPG, ENDPOINT} and party in POLICY:
                found.append((party, resource, Mechanism.POLICY))
            if not resource.endswith(("churn-7",)) and resource not in {MPG, ENDPOINT} and party in SHARED:
                found.append((party, resource, Mechanism.RAM))
    return found


def planned(party: str, resource: str, mechanism: Mechanism) -> ShareReport:
    """The plan without any accounts."""
    more = {"router": ROUTER} if resource == ENDPOINT and mechanism is Mechanism.POLICY else {}
    also = ALSO if resource == MPG else ()
    return plan_share(question(party, resource, mechanism=mechanism, also=also, **more), None)


IDS = [f"{party}-{resource.rpartition(':')[2].partition('/')[0]}-{mechanism}" for party, resource, mechanism in ways()]


@pytest.mark.parametrize(("party", "resource", "mechanism"), ways(), ids=IDS)
def test_a_plan_alone(party: str, resource: str, mechanism: Mechanism) -> None:
    """With nothing but its documents the party may do all of it, and each stranger is stopped by the owner's document."""
    report = planned(party, resource, mechanism)

    assert report.alone.own
    assert {step.decision.effect for step in report.alone.own} == {Effect.ALLOW}
    assert len(report.alone.strangers) >= 2
    for trial in report.alone.strangers:
        assert trial.steps
        assert trial.kept_out, trial.label
        for step in trial.steps:
            assert step.decision.effect is Effect.IMPLICIT_DENY
            assert CheckType.RESOURCE in step.decision.decided_by
            assert step.reason != "allowed"


@pytest.mark.parametrize(("party", "resource", "mechanism"), ways(), ids=IDS)
def test_no_condition_is_decoration(party: str, resource: str, mechanism: Mechanism) -> None:
    """Each condition, left out, lets a stranger in; the keys are those that this party needs."""
    report = planned(party, resource, mechanism)
    in_documents = [
        key
        for piece in report.plan.pieces
        for _, document in documents_of(piece)
        for _, _, key, _ in conditions_in(document)
    ]
    keys = KEYS[party] | ({"sagemaker:SourceInferenceRouterArn"} if report.plan.router else set())

    assert report.decoration == ()
    assert len(report.conditions) == len(in_documents)
    assert set(in_documents) == keys
    assert all(trial.lets_in for trial in report.conditions)


@pytest.mark.parametrize("party", ["account", "third-party", "oidc", "service"])
def test_a_condition_that_keeps_nobody_out_is_found_and_goes(party: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoration in a document is noticed and taken out, and the real conditions stay."""
    original = PartyNaming.statement

    def decorated(self: PartyNaming, sid: str, actions: tuple[str, ...], resource: str | None) -> dict[str, object]:
        return original(self.also("StringNotEquals", "aws:PrincipalTag/mood", "bad"), sid, actions, resource)

    monkeypatch.setattr(PartyNaming, "statement", decorated)
    report = plan_share(question(party, mechanism=Mechanism.ROLE), None)
    left = {
        key for piece in report.plan.pieces for _, doc in documents_of(piece) for _, _, key, _ in conditions_in(doc)
    }

    assert report.decoration == ("StringNotEquals aws:PrincipalTag/mood in role-share-churn",)
    assert left == KEYS[party]
    assert all(trial.kept_out for trial in report.alone.strangers)


@pytest.mark.parametrize(("party", "resource", "mechanism"), ways()[::3], ids=IDS[::3])
def test_strangers_would_notice_an_open_door(party: str, resource: str, mechanism: Mechanism) -> None:
    """With ``Principal: *`` and no conditions every stranger gets in: their being kept out is the documents' doing."""
    plan = planned(party, resource, mechanism).plan
    opened = _opened(plan)
    tried = strangers(opened)
    world = bare_world(opened, intended(opened), tried)
    for stranger in tried:
        steps = entering(opened, stranger, world, complete=True)
        assert any(step.decision.effect is Effect.ALLOW for step in steps), stranger.label


def _opened(plan: Plan) -> Plan:
    pieces = []
    for piece in plan.pieces:
        for _, document in documents_of(piece):
            statements = document["Statement"]
            assert isinstance(statements, list)
            wide = [{**{k: v for k, v in row.items() if k != "Condition"}, "Principal": "*"} for row in statements]
            pieces.append(with_document(piece, {**document, "Statement": wide}))
        if not list(documents_of(piece)):
            pieces.append(piece)
    return replace(plan, pieces=tuple(pieces))


def test_leaving_out_a_condition_is_what_the_trial_says() -> None:
    """The trial of a condition comes to the same as making the plan without it and letting everybody try."""
    plan = planned("third-party", MPG, Mechanism.ROLE).plan
    own, tried = intended(plan), strangers(plan)
    (trial,) = try_conditions(plan, own, tried)
    weakened = without_decoration(plan, (replace(trial, lets_in=()),))
    world = bare_world(weakened, own, tried)
    inside = {
        stranger.label
        for stranger in tried
        if any(step.decision.effect is Effect.ALLOW for step in entering(weakened, stranger, world, complete=True))
    }
    assert (
        inside
        == set(trial.lets_in)
        == {
            "the third party without the external id",
            "the third party working for another customer",
        }
    )


REFUSED = [
    ("third-party", MPG, Mechanism.POLICY, "an external id works with sts:AssumeRole only"),
    ("saml", MPG, Mechanism.POLICY, "trust policies only"),
    ("oidc", MPG, Mechanism.POLICY, "trust policies only"),
    ("cognito", ENDPOINT, Mechanism.POLICY, "trust policies only"),
    ("service", MPG, Mechanism.POLICY, "names a service"),
    ("account", ENDPOINT, Mechanism.POLICY, "through an inference router"),
    ("account", MPG, Mechanism.RAM, "does not list what the managed permissions"),
    ("role", RESOURCES[2], Mechanism.RAM, "accounts, organizations and units"),
    ("account", RESOURCES[2], Mechanism.POLICY, "no policy that its owner can set"),
    ("account", ENDPOINT, Mechanism.RAM, "does not share an endpoint"),
    ("account", RESOURCES[7], Mechanism.POLICY, "no policy that its owner can set"),
]


@pytest.mark.parametrize(("party", "resource", "mechanism", "reason"), REFUSED)
def test_ways_that_do_not_exist(party: str, resource: str, mechanism: Mechanism, reason: str) -> None:
    """A way that AWS does not offer is refused with the reason and with one that works."""
    with pytest.raises(ShareError, match=reason) as caught:
        plan_share(question(party, resource, mechanism=mechanism), None)
    assert "role" in caught.value.remedy


CHOSEN = {
    ("account", MPG): Mechanism.POLICY,
    ("sso", MPG): Mechanism.POLICY,
    ("third-party", MPG): Mechanism.ROLE,
    ("oidc", MPG): Mechanism.ROLE,
    ("account", ENDPOINT): Mechanism.ROLE,
    ("account", RESOURCES[2]): Mechanism.RAM,
    ("role", RESOURCES[2]): Mechanism.ROLE,
    ("organization", RESOURCES[3]): Mechanism.RAM,
    ("account", RESOURCES[7]): Mechanism.ROLE,
}


@pytest.mark.parametrize(("party", "resource"), CHOSEN)
def test_the_choice(party: str, resource: str) -> None:
    """The way that keeps the caller's own permissions, where there is one; said in two sentences, with what it costs."""
    report = plan_share(question(party, resource), None)
    assert report.plan.mechanism is CHOSEN[party, resource]
    assert len(report.choice) == 2
    assert report.costs


def test_another_account_of_their_own_is_no_party() -> None:
    """Sharing within the account is another question."""
    with pytest.raises(ShareError, match="in the account that owns the resource"):
        plan_share(replace(question("account"), who="account:123456789012"), None)


def test_a_permission_that_holds_more_says_so() -> None:
    """A managed permission is a fixed set: what it allows beyond the wish is a warning."""
    report = plan_share(question("account", RESOURCES[2], actions=("DescribePipeline",)), None)
    assert report.plan.mechanism is Mechanism.RAM
    assert any("the managed permission also allows" in warning for warning in report.plan.pieces[0].warnings)
    assert OTHER in str(report.plan.pieces[0].content)
