"""What is proven of a plan's documents: the party alone, to what is stated, for everybody at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.share.asked import ALSO, MPG, OTHER, OWNER, PARTIES, RESOURCES, VENDOR, question

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.plan import NewRole, Piece, Plan, documents_of, with_document
from sagepass.jobs.share.plan_for import plan_share
from sagepass.jobs.share.proofs import ShareClaim, ShareProof, prove_plan
from sagepass.jobs.share.report import ShareVerdict
from sagepass.jobs.share.subject import ShareError
from sagepass.jobs.share.trials import verdict_of
from sagepass.proof.checker import check
from sagepass.proof.verdict import Verdict
from sagepass.render.share_json import share_to_json


def plan_of(party: str, resource: str = MPG, **more: Any) -> Plan:  # noqa: ANN401 - members of the question
    """A plan without accounts."""
    return plan_share(question(party, resource, **more), None).plan


@pytest.mark.parametrize("party", PARTIES)
def test_every_document_of_every_plan_is_proven(party: str) -> None:
    """For each kind of party, each way and each type of resource; and a second program agrees."""
    seen = 0
    for mechanism in Mechanism:
        for resource in RESOURCES:
            try:
                plan = plan_of(party, resource, mechanism=mechanism, also=ALSO if resource == MPG else ())
            except ShareError:
                continue
            proofs = prove_plan(plan)
            assert {proof.piece for proof in proofs} == {piece.name for piece in plan.pieces}
            for proof in proofs:
                assert proof.answer.verdict is Verdict.PROVEN, (proof.document, proof.sentence, proof.answer)
                assert proof.answer.certificate is not None
                check(proof.answer.certificate.to_json())
                seen += 1
    assert seen


def _changed(plan: Plan, change: Mapping[str, object]) -> tuple[ShareProof, ...]:
    """The proofs after the first statement of the first document that says who gets in was changed."""
    first = next(piece for piece in plan.pieces if list(documents_of(piece)))
    ((_, document),) = documents_of(first)
    made = copy.deepcopy(dict(document))
    statements = made["Statement"]
    assert isinstance(statements, list)
    statements[0] = {key: value for key, value in {**statements[0], **change}.items() if value is not None}
    pieces = tuple(with_document(piece, made) if piece.name == first.name else piece for piece in plan.pieces)
    return prove_plan(replace(plan, pieces=pieces))


MISTAKES: dict[str, tuple[str, dict[str, object], set[ShareClaim]]] = {
    "everybody": (
        "account",
        {"Principal": "*"},
        {ShareClaim.NOBODY_OUTSIDE, ShareClaim.AS_STATED},
    ),
    "another account": (
        "account",
        {"Principal": {"AWS": [OTHER, VENDOR]}},
        {ShareClaim.NOBODY_OUTSIDE, ShareClaim.AS_STATED},
    ),
    "the whole account of a role": ("role", {"Principal": {"AWS": OTHER}}, {ShareClaim.AS_STATED}),
    "one more action": (
        "account",
        {"Action": ["sagemaker:DescribeModelPackageGroup", "sagemaker:DeleteModelPackageGroup"]},
        {ShareClaim.AS_STATED},
    ),
    "every group": (
        "account",
        {"Resource": f"arn:aws:sagemaker:us-east-1:{OWNER}:model-package-group/*"},
        {ShareClaim.AS_STATED},
    ),
    "no organization": (
        "organization",
        {"Condition": None},
        {ShareClaim.NOBODY_OUTSIDE, ShareClaim.AS_STATED},
    ),
    "another organization": (
        "organization",
        {"Condition": {"StringLike": {"aws:PrincipalOrgID": "o-*"}}},
        {ShareClaim.NOBODY_OUTSIDE, ShareClaim.AS_STATED},
    ),
    "no external id": ("third-party", {"Condition": None}, {ShareClaim.AS_STATED}),
    "an external id that may be missing": (
        "third-party",
        {"Condition": {"StringEqualsIfExists": {"sts:ExternalId": "a-secret-of-theirs"}}},
        {ShareClaim.AS_STATED},
    ),
    "no subject": ("oidc", {"Condition": None}, {ShareClaim.NOBODY_OUTSIDE, ShareClaim.AS_STATED}),
    "any service's account": ("service", {"Condition": None}, {ShareClaim.AS_STATED}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_a_mistake_in_a_document_costs(mistake: str) -> None:
    """Every way in which a document could let in more is refuted, with a request that shows it, and by the right claim."""
    party, change, failing = MISTAKES[mistake]
    more = {"external_id": "a-secret-of-theirs"} if party == "third-party" else {}
    plan = plan_of(party, **more)
    proofs = _changed(plan, change)
    failed = {proof.claim for proof in proofs if proof.answer.verdict is Verdict.REFUTED}
    assert failed == failing
    assert all(proof.answer.differences for proof in proofs if proof.fails)

    report = plan_share(question(party, **more), None)
    assert verdict_of(report.alone, None, (), proofs) is ShareVerdict.TOO_OPEN
    assert verdict_of(report.alone, None, (), report.proofs) is ShareVerdict.READY
    told = share_to_json(replace(report, proofs=proofs, verdict=ShareVerdict.TOO_OPEN))
    assert "allows more than is stated; yet " in told["headline"]
    shown = next(row for row in told["proofs"] if row["verdict"] == "REFUTED")
    assert shown["witnesses"][0]["request"]["action"].startswith(("sagemaker:", "sts:"))


def test_permissions_of_a_role_are_held_against_the_calls() -> None:
    """A role that may do more than the plan says is refuted, though nobody else gets in."""
    plan = plan_of("third-party")

    def wider(piece: Piece) -> Piece:
        if not isinstance(piece.content, NewRole):
            return piece
        document = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"}],
        }
        return replace(piece, content=replace(piece.content, permissions=document))

    proofs = prove_plan(replace(plan, pieces=tuple(wider(piece) for piece in plan.pieces)))
    (failed,) = [proof for proof in proofs if proof.fails]
    assert failed.document == f"role-{plan.role.name if plan.role else ''}-permissions"
