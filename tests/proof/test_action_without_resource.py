"""Proofs about actions that take no resource compare texts as they stand: what holds for all of them holds whichever AWS compares."""

from __future__ import annotations

from typing import Any

import pytest
from tests.proof.policies import document

from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.proof import Verdict, compare_documents, not_granted, reachable_from_outside
from sagepass.proof.change import prove_change
from sagepass.proof.change_scope import Scope
from sagepass.proof.changed_statements import DocumentChange
from sagepass.proof.checker import check

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/dana"
MODEL, MODELS = (f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/{name}" for name in ("m", "*"))
LIST, DESCRIBE, ANY = "sagemaker:ListModels", "sagemaker:DescribeModel", "sagemaker:*"
Statement = dict[str, Any]


def said(effect: str, action: object = LIST, **elements: object) -> Statement:
    """A statement."""
    return {"Effect": effect, "Action": action, **elements}


def policy(*statements: Statement, kind: PolicyType = PolicyType.IDENTITY_BASED_POLICY) -> Document:
    """A document."""
    return document({"Version": "2012-10-17", "Statement": list(statements)}, kind)


STAR, ON_ARN = said("Allow", Resource="*"), said("Allow", Resource=MODELS)
NOTHING = policy()


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([], [STAR], Verdict.REFUTED),
        ([ON_ARN], [STAR], Verdict.REFUTED),
        ([STAR], [ON_ARN], Verdict.PROVEN),
        ([ON_ARN], [ON_ARN], Verdict.PROVEN),
        ([], [ON_ARN], Verdict.REFUTED),
        ([STAR, said("Deny", Resource=MODELS)], [STAR, said("Deny", Resource=MODELS)], Verdict.PROVEN),
        ([STAR, said("Deny", Resource=MODELS)], [STAR, said("Deny", Resource=MODEL)], Verdict.REFUTED),
        ([STAR, said("Deny", Resource=MODELS)], [STAR, said("Deny", Resource="*")], Verdict.PROVEN),
        ([STAR, said("Deny", Resource="*")], [STAR, said("Deny", Resource=MODELS)], Verdict.REFUTED),
        ([STAR], [said("Allow", NotResource=MODEL)], Verdict.PROVEN),
        ([], [said("Allow", NotResource=MODEL)], Verdict.REFUTED),
        ([said("Allow", ANY, Resource=MODELS)], [said("Allow", [LIST, DESCRIBE], Resource=MODEL)], Verdict.PROVEN),
        ([said("Allow", DESCRIBE, Resource=MODELS)], [said("Allow", [LIST, DESCRIBE], Resource=MODEL)], Verdict.REFUTED),
        ([said("Allow", LIST, Resource="*")], [said("Allow", "sagemaker:List*", Resource=MODELS)], Verdict.REFUTED),
    ],
)  # fmt: skip
def test_comparing(old: list[Statement], new: list[Statement], verdict: Verdict) -> None:
    """An Allow on an ARN counts as access to that ARN, and a Deny on one as no Deny of ``*``."""
    found = compare_documents(policy(*old), policy(*new))
    assert found.verdict is verdict
    if verdict is Verdict.REFUTED:
        assert found.differences
    if verdict is Verdict.PROVEN:
        assert found.certificate is not None
        check(found.certificate.to_json())


def test_what_is_documented_is_proven() -> None:
    """On ``*``, which is all that AWS documents for the action, a statement on an ARN grants nothing."""
    found = not_granted(policy(ON_ARN), [LIST])
    assert (found.claims.documented, found.claims.listed) == (Verdict.PROVEN, Verdict.REFUTED)
    assert not_granted(policy(STAR), [LIST]).verdict is Verdict.REFUTED


def test_a_resource_is_not_called_closed() -> None:
    """Everyone may list by the policy of a resource: nobody is shown to get in, and it is not shown that nobody does."""
    everyone = said("Allow", Principal="*", Resource=MODEL)
    kind = PolicyType.RESOURCE_BASED_POLICY
    assert reachable_from_outside(policy(everyone, kind=kind), kind).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("before", "after", "granted", "verdict"),
    [
        ([ON_ARN], [STAR], (LIST, "*"), Verdict.PROVEN),
        ([ON_ARN], [STAR], (LIST, f"{MODEL}2"), Verdict.UNKNOWN),
        ([], [STAR], (LIST, "*"), Verdict.PROVEN),
        ([STAR], [ON_ARN], (DESCRIBE, MODEL), Verdict.PROVEN),
        ([said("Allow", ANY, Resource=MODELS)], [said("Allow", DESCRIBE, Resource=MODEL)], (LIST, "none"), Verdict.PROVEN),
        ([said("Deny", ANY, Resource="*")], [said("Deny", ANY, Resource=MODELS)], (ANY, MODELS), Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_changing(before: list[Statement], after: list[Statement], granted: tuple[str, str], verdict: Verdict) -> None:
    """A change that lets the action through on ARNs that it was written for before is not proven to be within less."""
    change = DocumentChange(
        policy_type=PolicyType.IDENTITY_BASED_POLICY,
        holder=USER,
        before={"Version": "2012-10-17", "Statement": before},
        after={"Version": "2012-10-17", "Statement": after},
    )
    action, resource = granted
    found = prove_change([change], [Scope(principal=USER, actions=(action,), resources=(resource,))])
    assert found.verdict is verdict, found.reason
    if found.certificate is not None:
        check(found.certificate.to_json())
