"""Whatever names, ids and claims are asked for: the party gets in, strangers stay out, and each condition is needed."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.share.asked import ENDPOINT, JOB, MPG, OWNER, PIPELINE, ROUTER

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.plan import documents_of
from sagepass.jobs.share.plan_for import plan_share
from sagepass.jobs.share.question import ShareQuestion
from sagepass.jobs.share.subject import ShareError
from sagepass.jobs.share.who import WhoError
from sagepass.policy.kinds import Effect

_DIGITS = st.text("0123456789", min_size=12, max_size=12).filter(lambda text: text != OWNER)
_ACCOUNTS = st.one_of(_DIGITS, st.sampled_from(["777788889999", "111122223333", "666677778888", "555566667777"]))
_NAMES = st.one_of(
    st.text("abcXYZ019_+=,.@-", min_size=1, max_size=20),
    st.sampled_from(["administrator", "neighbour-administrator", "example-of-theirs", "share-churn"]),
)
_CLAIMS = st.one_of(
    st.text("abc:/*?-_.1 ", min_size=1, max_size=12),
    st.sampled_from(["somebody-else", "*-else", "nobody-you-know", "1*", "x*", "https://somewhere-else.example"]),
)
_SUBJECTS = st.one_of(
    _CLAIMS.filter(lambda text: not set(text) & set("*?")),
    st.sampled_from(["octo-org/*", "octo-org/churn:*", "octo-org/*:main", "system:ns:*"]),
)
"""Patterns that other people's names fit as well are in test_namesakes."""
_IDS = st.one_of(st.text("abc019", min_size=10, max_size=14), st.sampled_from(["strangers99", "elsewhere99"]))
_LETTERS = st.text("abcdef01", min_size=8, max_size=8)


@st.composite
def questions(draw: st.DrawFn) -> ShareQuestion:
    """A question with names drawn so that they may be those of the strangers themselves."""
    account, name = draw(_ACCOUNTS), draw(_NAMES)
    provider = f"arn:aws:iam::{OWNER}:oidc-provider/idp.example/{draw(_LETTERS)}"
    parties: list[tuple[str, dict[str, Any]]] = [
        (f"account:{account}", {}),
        (f"arn:aws:iam::{account}:role/team/{name}", {}),
        (f"arn:aws:iam::{account}:user/{name}", {}),
        (f"third-party:{account}", {"external_id": draw(_IDS) if draw(st.booleans()) else None}),
        (f"org:o-{draw(_IDS)}", {}),
        (f"ou:o-{draw(_IDS)}/r-zz99/ou-zz99-{draw(_LETTERS)}", {}),
        (f"saml:arn:aws:iam::{OWNER}:saml-provider/{name}", {"audience": draw(_CLAIMS)}),
        (f"oidc:{provider}", {"subject": draw(_SUBJECTS), "audience": draw(_CLAIMS)}),
        (f"sso:{name}@{account}", {}),
        (f"cognito:us-east-1:{draw(_LETTERS)}-9999-9999-9999-999999999999", {}),
        ("service:ec2.amazonaws.com", {}),
        ("service:sagemaker.amazonaws.com", {"source_arn": f"arn:aws:sagemaker:*:{OWNER}:{draw(_NAMES)}*"}),
    ]
    who, more = draw(st.sampled_from(parties))
    resource = draw(st.sampled_from([MPG, ENDPOINT, PIPELINE, JOB]))
    mechanism = draw(st.sampled_from([None, *Mechanism]))
    router = ROUTER if resource == ENDPOINT and mechanism is Mechanism.POLICY else None
    tags = draw(st.booleans())
    return ShareQuestion(resource=resource, who=who, mechanism=mechanism, router=router, session_tags=tags, **more)


@settings(max_examples=120)
@given(questions())
def test_a_plan_does_what_it_says(question: ShareQuestion) -> None:
    """A plan is refused, or it works: all requests of the party allowed, all of every stranger denied, nothing idle."""
    try:
        report = plan_share(question, None)
    except (ShareError, WhoError):
        return
    assert {step.decision.effect for step in report.alone.own} == {Effect.ALLOW}
    assert [trial.label for trial in report.alone.strangers if not trial.kept_out] == []
    assert report.decoration == ()
    assert any(list(documents_of(piece)) for piece in report.plan.pieces)


@settings(max_examples=150)
@given(st.text(max_size=60), st.text(max_size=80))
def test_any_text_is_answered(who: str, resource: str) -> None:
    """Whatever stands in the place of a party or a resource, it is refused in words, or understood."""
    for question in (
        ShareQuestion(resource=MPG, who=who),
        ShareQuestion(resource=resource, who="account:444455556666"),
    ):
        with suppress(ShareError, WhoError):
            assert plan_share(question, None).plan.pieces
