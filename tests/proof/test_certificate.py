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

from sagepass.proof import Verdict, compare_documents
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
    search = changed["searches"][0]
    for number in (number for lemma in search["lemmas"] for number in lemma["clause"]):
        atom = search["atoms"][str(abs(number))]
        if "spans" in atom:
            atom["spans"] = [[0, None, False, None, False]] if number < 0 else []
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


def test_an_atom_that_takes_more_for_certain_than_it_may_is_refused(certificate: dict[str, Any]) -> None:
    """What is kept out has to be part of what may come in, or a lemma could rest on thin air."""
    changed = copy.deepcopy(certificate)
    atom = next(atom for atom in changed["searches"][0]["atoms"].values() if "no" in atom)
    atom["no"] = [[[], [["", True]]]]
    with pytest.raises(CertificateError, match="takes more for certain"):
        check(changed)


def test_clauses_come_from_the_formula(certificate: dict[str, Any]) -> None:
    """The certificate has no clauses of its own: with a gate turned round nothing follows any more."""
    changed = copy.deepcopy(certificate)
    assert all("clauses" not in search for search in changed["searches"])
    gates = changed["searches"][0]["gates"]
    assert gates
    for gate in gates.values():
        gate[1] = [-number for number in gate[1]]
    with pytest.raises(CertificateError, match="does not follow"):
        check(changed)


def test_a_part_that_is_missing_is_no_crash(certificate: dict[str, Any]) -> None:
    """An atom that nobody describes, a lemma about two variables: refused with the place."""
    changed = copy.deepcopy(certificate)
    changed["searches"][0]["atoms"].popitem()
    with pytest.raises(CertificateError, match="search 0: "):
        check(changed)


def test_what_is_seen_at_once_is_in_it_as_well() -> None:
    """A formula that simplifies to nothing has a step of its own, with the statements' atoms in it."""
    allow = {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": f"{MODEL}a"}
    same = {"Version": "2012-10-17", "Statement": [allow]}
    found = compare_documents(document(same), document(same))
    assert found.certificate is not None
    data = found.certificate.to_json()
    check(data)
    (step,) = data["searches"]
    assert step["about"] == {"actions": 1, "first_action": "sagemaker:CreateModel", "who": ""}
    assert [f"{MODEL}a"] in [atom["texts"] for atom in step["atoms"].values()]
    assert not step["never"]

    denied = {"Version": "2012-10-17", "Statement": [allow, {**allow, "Effect": "Deny", "Resource": "*"}]}
    nothing = compare_documents([], document(denied))
    assert nothing.certificate is not None
    check(nothing.certificate.to_json())
    data["searches"][0]["roots"].pop()
    with pytest.raises(CertificateError, match="does not follow"):
        check(data)


def test_it_names_the_documents_and_what_is_trusted(certificate: dict[str, Any]) -> None:
    """Whoever keeps it can tell whether a policy is still the same, and what the checker does not look at."""
    assert len({item["sha256"] for item in certificate["documents"]}) == len(certificate["documents"]) == 2
    assert any("formula says what the statements say" in item for item in certificate["trusted"])


def test_variables_in_lemmas_are_looked_at_again() -> None:
    """A text with a policy variable lies in a wider one; a wider one that could not take a value in would be refused."""
    allow = {"Effect": "Allow", "Action": "sagemaker:CreateModel"}
    old = {**allow, "Resource": f"{MODEL}${{aws:username}}*"}
    new = {**allow, "Resource": f"{MODEL}${{aws:username}}-a"}
    whole = [{"Version": "2012-10-17", "Statement": [item]} for item in (old, new)]
    found = compare_documents(document(whole[0]), document(whole[1]))
    assert found.certificate is not None
    data = found.certificate.to_json()
    check(data)
    lemma = next(item for item in data["searches"][0]["lemmas"] if item["kind"] == "contains")
    outer = data["searches"][0]["atoms"][str(abs(lemma["clause"][1]))]
    outer["symbolic"][1][-1] = [":", True]
    with pytest.raises(CertificateError, match="does not hold"):
        check(data)


def test_lemmas_about_one_value_alone_are_looked_at_again() -> None:
    """All sources are one, so that there is one: with a second text for them, or with fewer demands, there may be two."""
    allow = {"Effect": "Allow", "Action": "events:PutRule", "Resource": "*"}
    every = {"ForAllValues:StringEquals": {"events:source": "a"}, "Null": {"events:source": "false"}}
    old = {**allow, "Condition": {"StringEquals": {"events:source": "a"}}}
    whole = [{"Version": "2012-10-17", "Statement": [item]} for item in (old, {**allow, "Condition": every})]
    found = compare_documents(document(whole[0]), document(whole[1]))
    assert found.certificate is not None
    certificate = found.certificate.to_json()
    check(certificate)
    asks = {atom["ask"] for atom in certificate["searches"][0]["atoms"].values()}
    assert {"only", "every", "present"} <= asks

    def changed(kind: str, **parts: object) -> dict[str, Any]:
        data = copy.deepcopy(certificate)
        for atom in data["searches"][0]["atoms"].values():
            if atom["ask"] == kind:
                atom.update(parts)
        return data

    second = [[["b", False]], [None, None]]
    first = [[["a", False]], [None, None]]
    for broken in (
        changed("every", yes=[first, second]),
        changed("every", ask="some"),
        changed("only", yes=[second], no=[second]),
        changed("present", ask="every", yes=[first], no=[first]),
    ):
        with pytest.raises(CertificateError, match="does not hold"):
            check(broken)


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


@pytest.mark.parametrize(
    "steps",
    [
        [[0, 0], [0, 0], []],
        [[0], []],
        [[True, -1], []],
        [["a"], []],
        [[None], []],
        [[{}], []],
        [None],
        3,
        [[99999], [-99999], []],
    ],
    ids=str,
)
def test_a_step_is_about_what_there_is(certificate: dict[str, Any], steps: object) -> None:
    """Nought is its own opposite, and what is no number of an atom or gate says nothing: no such step is taken."""
    changed = copy.deepcopy(certificate)
    for search in changed["searches"]:
        search["lemmas"], search["steps"] = [], steps
    with pytest.raises(CertificateError, match="search 0: "):
        check(changed)


def test_an_atom_has_one_name_only(certificate: dict[str, Any]) -> None:
    """A gate that is called ``01`` would be a clause about atom 1 that no formula has."""
    changed = copy.deepcopy(certificate)
    search = changed["searches"][0]
    number = next(iter(search["atoms"]))
    search["gates"][f"0{number}"] = ["and", [-int(number)]]
    with pytest.raises(CertificateError, match="search 0: "):
        check(changed)


def test_a_bound_leaves_values(certificate: dict[str, Any]) -> None:
    """With a variable that can have no value at all everything would follow."""
    bounds: tuple[dict[str, Any], ...] = (
        {"groups": [[]], "excluded": []},
        {"groups": [], "excluded": [[[], [["", True]]]]},
    )
    for bound in bounds:
        changed = copy.deepcopy(certificate)
        for variable in changed["searches"][0]["variables"].values():
            variable["bound"] = bound
        with pytest.raises(CertificateError, match="leaves no value"):
            check(changed)
    changed = copy.deepcopy(certificate)
    changed["searches"][0]["variables"]["sagemaker:maxruntimeinseconds"]["always"] = True
    with pytest.raises(CertificateError, match="nothing says that every request has"):
        check(changed)


@pytest.mark.parametrize("number", ["1e999999999", "1/0", "1" * 100_000, "x", 5])
def test_a_number_is_bounded(certificate: dict[str, Any], number: object) -> None:
    """A short text can stand for a number that no memory holds; it is refused unread."""
    changed = copy.deepcopy(certificate)
    for atom in changed["searches"][0]["atoms"].values():
        for span in atom.get("spans", ()):
            span[1] = number
    with pytest.raises(CertificateError, match="search 0: "):
        check(changed)


@pytest.mark.parametrize(
    "given", [None, [], 3, {"format": "sagepass-proof/3"}, {"format": "sagepass-proof/3", "searches": 3}]
)
def test_what_is_no_certificate_is_no_crash(given: Any) -> None:  # noqa: ANN401 - whatever a file may hold
    """Whatever it is handed, the checker refuses it in one way."""
    with pytest.raises(CertificateError):
        check(given)


def test_one_value_says_nothing_of_several() -> None:
    """A key that AWS does not list is compared with and without a set operator: what the one value is, is no matter of several."""
    key, allow = "foo:key", {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*"}
    old = {**allow, "Condition": {"StringEquals": {key: "a"}}}
    new = {**allow, "Condition": {"StringEquals": {key: "a"}, "ForAnyValue:StringEquals": {key: "b"}}}
    was, now = (document({"Version": "2012-10-17", "Statement": [item]}) for item in (old, new))
    assert compare_documents([], now).verdict is Verdict.UNKNOWN
    found = compare_documents(was, now)
    assert found.certificate is not None
    data = found.certificate.to_json()
    check(data)
    search = data["searches"][0]
    literals = [
        int(number)
        for number, atom in search["atoms"].items()
        if atom["variable"] == key and atom["ask"] in {"one", "some"}
    ]
    assert len(literals) == 2
    search["lemmas"] = [{"kind": "empty", "clause": [-literal for literal in literals]}]
    with pytest.raises(CertificateError, match="does not hold"):
        check(data)
