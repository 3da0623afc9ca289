"""``compare``, ``public`` and ``check`` as their users call them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.conftest import Cli

from sagepass import run_case
from sagepass.proof.checker import check as verify

_SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
ACCOUNT = "123456789012"
MODELS = "arn:aws:sagemaker:*:*:model/*"


def valid(name: str, value: object) -> None:
    """The value is what the published schema says."""
    schema = json.loads((_SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(value)


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """A document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, resource: object = "*", **more: object) -> dict[str, Any]:
    """An Allow."""
    return {"Sid": "Mine", "Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with policies."""
    jobs = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/*"
    documents: dict[str, Any] = {
        "old": policy(allow("sagemaker:CreateTrainingJob", jobs)),
        "new": policy(allow(["sagemaker:CreateTrainingJob", "sagemaker:StopTrainingJob"], jobs)),
        "open": policy(
            allow(
                "sagemaker:CreateTrainingJob",
                jobs,
                Condition={
                    "StringEquals": {"sagemaker:VpcSubnets": "a"},
                    "ForAnyValue:StringEquals": {"sagemaker:VpcSubnets": "b"},
                },
            )
        ),
        "bucket": policy({**allow("s3:GetObject", "arn:aws:s3:::ml/*"), "Principal": "*"}),
        "wrapped": {
            "Policy": json.dumps(policy({**allow("s3:GetObject", "arn:aws:s3:::ml/*"), "Principal": {"AWS": ACCOUNT}}))
        },
        "lint": policy(
            allow("iam:PassRole"), {**allow("sagemaker:ListModels", "arn:aws:sagemaker:*:*:model/*"), "Sid": "Two"}
        ),
    }
    for name, document in documents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
    return tmp_path


def test_nothing_new_is_proven_and_the_proof_can_be_kept(cli: Cli, files: Path) -> None:
    """Exit code 0; the certificate verifies."""
    certificate = files / "proof.txt"
    result = cli("compare", str(files / "new.json"), str(files / "old.json"), "--certificate", str(certificate))
    assert result.code == 0
    assert result.out.startswith("PROVEN: ")
    assert "catalog of 20" in result.out
    verify(json.loads(certificate.read_text(encoding="utf-8")))


def test_what_is_new_is_shown_with_a_request_and_its_line(cli: Cli, files: Path) -> None:
    """Exit code 1; the action, an example and the statement."""
    result = cli("compare", str(files / "old.json"), str(files / "new.json"))
    assert result.code == 1
    assert "+ sagemaker:StopTrainingJob" in result.out
    assert "training-job/ " in result.out.replace("\n", " ") or "training-job/" in result.out
    assert "by: Statement[0] (Sid Mine)" in result.out
    assert "new.json:4:5" in result.out


def test_the_json_has_a_case_that_runs(cli: Cli, files: Path) -> None:
    """The published schema holds, and the case in it is allowed by the engine."""
    result = cli("compare", str(files / "old.json"), str(files / "new.json"), "--format", "json")
    assert result.code == 1
    valid("comparison", result.json)
    (difference,) = result.json["differences"]
    assert run_case(difference["case"]).effect == "ALLOW"


def test_the_form_of_access_analyzer(cli: Cli, files: Path) -> None:
    """PASS or FAIL, with the index and the id of the statement."""
    result = cli("compare", str(files / "old.json"), str(files / "new.json"), "--format", "access-analyzer")
    assert result.json["result"] == "FAIL"
    assert result.json["reasons"][0]["statementIndex"] == 0
    assert result.json["reasons"][0]["statementId"] == "Mine"
    assert (
        cli("compare", str(files / "new.json"), str(files / "old.json"), "--format", "access-analyzer").json["result"]
        == "PASS"
    )


def test_what_cannot_be_settled_has_its_own_exit_code(cli: Cli, files: Path) -> None:
    """Exit code 3, and the construct is named."""
    result = cli("compare", str(files / "open.json"), str(files / "old.json"), "--format", "concise")
    assert result.code in {1, 3}
    result = cli("compare", "ViewOnlyAccess", str(files / "open.json"), "--format", "concise")
    assert result.code == 3
    assert "ForAllValues or ForAnyValue" in result.out


def test_access_that_is_not_granted(cli: Cli, files: Path) -> None:
    """One policy, actions by comma, and resources."""
    new = str(files / "new.json")
    assert cli("compare", new, "--not-granted", "iam:PassRole,s3:*").code == 0
    assert cli("compare", new, "--not-granted", "sagemaker:Stop*").code == 1
    other = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/*"
    assert cli("compare", new, "--not-granted", "sagemaker:Stop*", "--resource", other).code == 0


def test_managed_policies_by_name(cli: Cli) -> None:
    """AWS's own policies need no file."""
    result = cli(
        "compare", "AdministratorAccess", "arn:aws:iam::aws:policy/AmazonSageMakerReadOnly", "--format", "concise"
    )
    assert result.code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare",), "no policies were given"),
        (("compare", "old.json"), "1 policy was given"),
        (("compare", "old.json", "missing.json"), "there is no such file"),
        (("compare", "old.json", "--not-granted", "PassRole"), "is no action"),
        (("public", "old.json"), "has no principals"),
        (("public", "bucket.json", "--account", "12"), "is no account id"),
        (("public", "bucket.json", "--org", "acme"), "is no id of an organization"),
        (("check",), "no policy was given"),
    ],
)
def test_what_cannot_be_asked(
    cli: Cli, files: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    """Exit code 2 and one sentence."""
    monkeypatch.chdir(files)
    result = cli(*arguments)
    assert result.code == 2
    assert message in result.err


def test_who_gets_in_from_outside(cli: Cli, files: Path) -> None:
    """Public, and not; a policy that lies in a string of an answer is read."""
    result = cli("public", str(files / "bucket.json"), "--account", ACCOUNT)
    assert result.code == 1
    assert "any other account" in result.out
    assert cli("public", str(files / "wrapped.json")).code == 0
    assert cli("public", str(files / "wrapped.json"), "--account", "444455556666").code == 1
    valid("comparison", cli("public", str(files / "bucket.json"), "--format", "json").json)


def test_findings_have_a_place_and_a_page(cli: Cli, files: Path) -> None:
    """Exit code 1; every code has its page; the published schema holds."""
    result = cli("check", str(files / "lint.json"))
    assert result.code == 1
    assert "LINT_PASS_ROLE" in result.out
    assert "lint.json:" in result.out
    document = cli("check", str(files / "lint.json"), "--format", "json").json
    valid("check", document)
    codes = {finding["code"] for finding in document["findings"]}
    assert codes == {"LINT_PASS_ROLE", "LINT_NEEDS_STAR"}
    for code in codes:
        assert cli("explain", code).code == 0


def test_a_folder_is_checked_and_what_is_no_policy_is_left_out(cli: Cli, files: Path) -> None:
    """Files without a policy are counted, not complained about."""
    (files / "other.json").write_text('{"a": 1}', encoding="utf-8")
    result = cli("check", str(files))
    assert "1 file holds no policy" in result.out
    assert cli("check", str(files / "old.json")).code == 0


def test_a_boundary_shadows(cli: Cli, files: Path) -> None:
    """With the boundary given, a statement that it does not let through is named."""
    (files / "boundary.json").write_text(json.dumps(policy(allow("s3:*"))), encoding="utf-8")
    result = cli("check", str(files / "old.json"), "--boundary", str(files / "boundary.json"), "--format", "concise")
    assert "LINT_SHADOWED" in result.out


def test_findings_for_code_scanning(cli: Cli, tmp_path: Path) -> None:
    """SARIF: each finding with its rule, its page and the very place in the file; exit code 1 as in every other form."""
    place = tmp_path / "pass.json"
    statement = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    place.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2), encoding="utf-8")
    shown = cli("check", str(place), "--format", "sarif")
    assert shown.code == 1
    (run,) = json.loads(shown.out)["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    (result,) = run["results"]
    assert (rule["id"], result["ruleId"], result["level"]) == ("LINT_PASS_ROLE", "LINT_PASS_ROLE", "warning")
    (location,) = result["locations"]
    line = location["physicalLocation"]["region"]["startLine"]
    assert "iam:PassRole" in place.read_text(encoding="utf-8").splitlines()[line - 1]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "Statement[0].Action"

    place.write_text(json.dumps({"Version": "2012-10-17", "Statement": []}), encoding="utf-8")
    clean = cli("check", str(place), "--format", "sarif")
    assert (clean.code, json.loads(clean.out)["runs"][0]["results"]) == (0, [])


def test_a_managed_policy_is_called_what_it_is(cli: Cli) -> None:
    """A finding in a policy of AWS's own does not call it the customer's."""
    shown = " ".join(cli("check", "AmazonSageMakerFullAccess").out.split())
    assert "of policy AmazonSageMakerFullAccess (AWS managed policy)" in shown
    assert "customer managed policy)" not in shown


def test_callers_that_get_the_same_share_one_block(cli: Cli, tmp_path: Path) -> None:
    """A policy for everyone is one difference for people, with the caller without credentials as its example."""
    everyone = tmp_path / "everyone.json"
    everyone.write_text(json.dumps(policy(allow("s3:GetObject", "arn:aws:s3:::b/*", Principal="*"))))
    result = cli("public", str(everyone))
    assert result.code == 1
    assert result.out.count("+ s3:GetObject") == 1
    assert result.out.count("    for ") == 5
    assert "example: * s3:GetObject" in result.out


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((), "of pass.json (taken for: identity-based policy)"),
        (("--kind", "boundary"), "of pass.json (permissions boundary, as --kind says)"),
        (("--kind", "scp"), "of pass.json (service control policy, as --kind says)"),
    ],
)
def test_a_policy_of_a_file_is_called_what_it_is_taken_for(
    cli: Cli, tmp_path: Path, more: tuple[str, ...], words: str
) -> None:
    """A file tells no attachment: the page names the file, and the type that was given or that the document looks like."""
    place = tmp_path / "pass.json"
    place.write_text(json.dumps(policy(allow("sagemaker:ListModels", MODELS)), indent=2), encoding="utf-8")
    shown = " ".join(cli("check", str(place), *more).out.split())
    assert words in shown
    assert "customer managed policy" not in shown


def test_policies_of_two_kinds_are_not_compared(cli: Cli, tmp_path: Path) -> None:
    """A trust policy in a folder of identity-based ones would be read as one; nothing is compared before that is settled."""
    own = {"Effect": "Allow", "Action": "sagemaker:ListModels", "Resource": "*"}
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    folder = tmp_path / "policies"
    folder.mkdir()
    for name, statement in (("own", own), ("trust", trust)):
        document = {"Version": "2012-10-17", "Statement": [statement]}
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    for arguments in ((str(folder), str(folder)), (str(folder / "own.json"), str(folder / "trust.json"))):
        result = cli("compare", *arguments)
        assert (result.code, "cannot be compared" in result.err, "--kind" in result.err) == (2, True, True)


@pytest.mark.parametrize("kind", ["identity", "resource", "trust", "scp", "rcp", "boundary", "session", "vpc-endpoint"])
def test_the_kinds_are_those_that_the_page_on_proofs_lists(cli: Cli, tmp_path: Path, kind: str) -> None:
    """Each of them is taken, as it is spelled there."""
    path = tmp_path / "policy.json"
    path.write_text('{"Version": "2012-10-17", "Statement": []}', encoding="utf-8")
    assert cli("check", str(path), "--kind", kind).code in {0, 1}
    page = (Path(__file__).parents[2] / "docs" / "proof.md").read_text(encoding="utf-8")
    assert re.search(rf"--kind [a-z|-]*\b{kind}\b", page)


def test_a_provider_that_a_policy_names_is_told_beside_the_proof(cli: Cli, tmp_path: Path) -> None:
    """A provider of one's own counts as named; of a shared one that is refuted, or holds for those who are named in full."""
    own, shared = (
        f"arn:aws:iam::123456789012:oidc-provider/{host}"
        for host in ("idp.acme.example", "token.actions.githubusercontent.com")
    )
    told = []
    for name, provider in (("own", own), ("shared", shared)):
        web = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({"Version": "2012-10-17", "Statement": [web]}), encoding="utf-8")
        run = cli("public", str(path))
        told.append((run.code, f"{provider} counts as named" in " ".join(run.out.split())))
    assert told == [(0, True), (1, False)]
