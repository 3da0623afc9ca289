"""A proof is data that a second program verifies; whoever changes it is found out."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.proof.policies import document

from sagepass.proof import compare_documents
from sagepass.proof.checker import CertificateError, check

MODEL = "arn:aws:sagemaker:us-east-1:111122223333:model/"


@pytest.fixture(scope="module")
def certificate() -> dict[str, Any]:
    """A proof with lemmas about a resource, a text, a number and a set."""
    allow = {"Effect": "Allow", "Action": "sagemaker:Create*"}
    old = [
        {**allow, "Resource": f"{MODEL}a*", "Condition": {"NumericLessThan": {"sagemaker:MaxRuntimeInSeconds": "10"}}},
        {
            **allow,
            "Resource": f"{MODEL}ab*",
            "Condition": {"NumericGreaterThanEquals": {"sagemaker:MaxRuntimeInSeconds": "10"}},
        },
    ]
    new = {
        **allow,
        "Resource": f"{MODEL}abc",
        "Condition": {"NumericLessThan": {"sagemaker:MaxRuntimeInSeconds": "99"}},
    }
    found = compare_documents(
        document({"Version": "2012-10-17", "Statement": old}), document({"Version": "2012-10-17", "Statement": [new]})
    )
    assert found.certificate is not None
    return found.certificate.to_json()


def test_it_is_plain_data_and_names_what_it_rests_on(certificate: dict[str, Any]) -> None:
    """The certificate goes through JSON, verifies again, and says catalog date, policies and what is taken for granted."""
    again = json.loads(json.dumps(certificate))
    check(again)
    assert len(again["catalog"]) == len("2026-01-01")
    assert again["layers"] == ["policy", "policy"]
    assert any("condition keys" in item for item in again["taken"])
    assert again["searches"]


def test_a_lemma_that_is_not_so_is_refused(certificate: dict[str, Any]) -> None:
    """A number that fits after all, a pattern that is wider: the checker looks for itself."""
    changed = copy.deepcopy(certificate)
    lemma = next(item for item in changed["searches"][0]["lemmas"] if any("spans" in x for x in item["literals"]))
    for literal in lemma["literals"]:
        if not literal["positive"]:
            literal["spans"] = []
    with pytest.raises(CertificateError, match="does not hold"):
        check(changed)


def test_a_proof_without_its_lemmas_proves_nothing(certificate: dict[str, Any]) -> None:
    """The clauses alone do not contradict each other."""
    changed = copy.deepcopy(certificate)
    for search in changed["searches"]:
        search["lemmas"] = []
    with pytest.raises(CertificateError, match="does not follow"):
        check(changed)


def test_a_proof_that_stops_short_is_refused(certificate: dict[str, Any]) -> None:
    """The last step has to be the contradiction."""
    changed = copy.deepcopy(certificate)
    changed["searches"][0]["steps"] = []
    with pytest.raises(CertificateError, match="contradiction"):
        check(changed)


def test_the_checker_stands_alone() -> None:
    """It imports nothing of the solver, nor anything else of the house."""
    listing = subprocess.run(
        [sys.executable, "-c", "import sagepass.proof.checker, sys; print('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2] / "src",
    ).stdout.split()
    assert {name for name in listing if name.startswith("sagepass.")} == {"sagepass.proof", "sagepass.proof.checker"}
