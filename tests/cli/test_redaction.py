"""``--redact`` on every command that takes it, in every form that the command has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.conftest import ACCOUNT, Cli, details, user

from sagepass.render.page import Page
from sagepass.render.redact import redactor_for

_SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
BUCKET = "lopez-churn-data"
MODELS = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/nikki-*"
SECRETS = (ACCOUNT, BUCKET, "nikki", "WolfTeam", "WolfOnly", "mateojackson", "richroe", "roe-case")
"""An account, a bucket, resources, a policy, a Sid, a user, and the names of the files and of a case."""
POLICY_FORMS = ("human", "concise", "json", "access-analyzer")


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Sid": "WolfOnly", **statement} for statement in statements]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Policies, access cases and a snapshot in a folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    create = {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": MODELS}
    both = {"Effect": "Allow", "Action": ["sagemaker:CreateModel", "iam:PassRole"], "Resource": ["*", MODELS]}
    bucket = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    lost = {"Effect": "Allow", "Action": "sagemaker:ListModels", "Resource": MODELS}
    caller = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
    case = {
        "id": "roe-case",
        "request": {"principal": caller, "action": "sagemaker:CreateModel", "resource": MODELS.replace("*", "1")},
        "policies": {"identity": [{"name": "WolfTeam", "document": _document({**create, "Effect": "Deny"})}]},
        "expect": {"effect": "ALLOW"},
    }
    person = user("mateojackson", *_document(create, lost)["Statement"])
    person["UserPolicyList"][0]["PolicyName"] = "WolfTeam"  # type: ignore[index]
    person["UserPolicyList"][0]["PolicyDocument"]["Statement"].append({"Sid": "WolfOnly", "Effect": "Permit"})  # type: ignore[index]
    iam = tmp_path / "richroe" / "accounts" / ACCOUNT / "iam"
    iam.mkdir(parents=True)
    files: dict[Path, object] = {
        tmp_path / "richroe-old.json": _document(create),
        tmp_path / "richroe-new.json": _document(both, lost),
        tmp_path / "richroe-bucket.json": _document(bucket),
        tmp_path / "richroe-cases.json": case,
        iam / "get-account-authorization-details.json": details(person),
    }
    for path, value in files.items():
        path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    return tmp_path


COMMANDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "compare": (("compare", "richroe-old.json", "richroe-new.json"), POLICY_FORMS),
    "not_granted": (("compare", "richroe-new.json", "--not-granted", "iam:PassRole"), POLICY_FORMS),
    "public": (("public", "richroe-bucket.json"), POLICY_FORMS),
    "check": (("check", "richroe-new.json", "richroe-bucket.json"), ("human", "concise", "json", "sarif")),
    "check_folder": (("check", "."), ("human", "concise", "json", "sarif")),
    "test": (("test", "richroe-cases.json"), ("human", "concise", "json")),
    "snapshot_check": (("snapshot", "check", "richroe"), ("human", "concise", "json")),
}
ASKED = [(name, form) for name, (_, forms) in COMMANDS.items() for form in forms]
SCHEMA = {
    "compare": "comparison",
    "not_granted": "comparison",
    "public": "comparison",
    "check": "check",
    "check_folder": "check",
    "test": "test",
    "snapshot_check": "snapshot-check",
}


@pytest.mark.parametrize(("name", "form"), ASKED)
@pytest.mark.usefixtures("folder")
def test_nothing_is_left(cli: Cli, name: str, form: str) -> None:
    """No account, name, Sid, file or case is left, the exit code stays, and the plain answer does name some of them."""
    asked = COMMANDS[name][0]
    plain, hidden = cli(*asked, "--format", form), cli(*asked, "--format", form, "--redact")
    assert hidden.code == plain.code
    assert any(secret in plain.out for secret in SECRETS)
    assert [secret for secret in SECRETS if secret in hidden.out] == []


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("redact", [False, True])
@pytest.mark.usefixtures("folder")
def test_json_says_so_and_fits_its_schema(cli: Cli, name: str, *, redact: bool) -> None:
    """``redacted`` tells a redacted answer from another."""
    document = cli(*COMMANDS[name][0], "--format", "json", *(["--redact"] if redact else [])).json
    schema = json.loads((_SCHEMAS / f"{SCHEMA[name]}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["redacted"] is redact


@pytest.mark.usefixtures("folder")
def test_a_redacted_sarif_log_has_no_fingerprints(cli: Cli) -> None:
    """They are hashes of names: whoever guesses a name could confirm it."""
    (plain,) = cli("check", "richroe-new.json", "--format", "sarif").json["runs"]
    (hidden,) = cli("check", "richroe-new.json", "--format", "sarif", "--redact").json["runs"]
    assert all("partialFingerprints" in result for result in plain["results"])
    assert not any("partialFingerprints" in result for result in hidden["results"])
    assert [result["ruleId"] for result in plain["results"]] == [result["ruleId"] for result in hidden["results"]]


@pytest.mark.parametrize("asked", [COMMANDS["compare"][0], COMMANDS["public"][0]])
@pytest.mark.usefixtures("folder")
def test_a_certificate_is_not_written_beside_it(cli: Cli, asked: tuple[str, ...]) -> None:
    """A certificate holds the policies word for word."""
    result = cli(*asked, "--redact", "--certificate", "proof.json")
    assert result.code == 2
    assert "leave out --redact or --certificate" in result.err
    assert not Path("proof.json").exists()


@pytest.mark.parametrize("form", ["human", "concise", "json", "sarif"])
def test_preflight(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """The example names neither account nor role nor the file of the request, and a log has the same results."""
    folder = Path(__file__).parents[2] / "examples" / "studio-training"
    monkeypatch.chdir(tmp_path)
    Path("richroe-job.json").write_text((folder / "first-attempt.json").read_text())
    studio = "arn:aws:sts::123456789012:assumed-role/AmazonSageMaker-ExecutionRole-20260114T101500/SageMaker"
    asked = ("preflight", "richroe-job.json", "--snapshot", str(folder / "snapshot"), "--as", studio, "--format", form)
    plain, hidden = cli(*asked), cli(*asked, "--redact")
    for secret in ("123456789012", "AmazonSageMaker-ExecutionRole-20260114T101500", "richroe"):
        assert secret in plain.out or (form, secret) == (
            "human",
            "richroe",
        )  # the page names the fields, not their file
        assert secret not in hidden.out
    if form == "sarif":
        first, second = ([item["ruleId"] for item in shown.json["runs"][0]["results"]] for shown in (plain, hidden))
        assert first == second


@pytest.fixture
def plain_world(tmp_path: Path) -> tuple[str, ...]:
    """A user ``data`` with a policy ``read`` whose Sids are ``all`` and ``use``; the question that it is asked."""
    statements: tuple[dict[str, object], ...] = (
        {"Sid": "all", "Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": MODELS},
        {"Sid": "use", "Effect": "Deny", "Action": "sagemaker:DescribeModel", "Resource": "*"},
    )
    person = user("data", *statements)
    person["UserPolicyList"][0]["PolicyName"] = "read"  # type: ignore[index]
    iam = tmp_path / "accounts" / ACCOUNT / "iam"
    iam.mkdir(parents=True)
    (iam / "get-account-authorization-details.json").write_text(json.dumps(details(person), indent=2))
    return ("--snapshot", str(tmp_path), "--no-organization", "--redact")


NAMED = (
    "user/data",
    "user data",
    "policy read",
    "Sid all",
    "Sid use",
    "'use'",
    '"read"',
    '"all"',
    '"use"',
    "model/data",
)


@pytest.mark.parametrize("action", ["CreateModel", "DescribeModel"])
@pytest.mark.parametrize("form", ["human", "concise", "json"])
def test_names_that_are_common_words(cli: Cli, plain_world: tuple[str, ...], action: str, form: str) -> None:
    """They go wherever they stand as names."""
    error = (
        f"User: arn:aws:iam::{ACCOUNT}:user/data is not authorized to perform: sagemaker:{action} on resource: "
        f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/data"
    )
    text = cli("why", error, *plain_world, "--format", form).out
    plain = cli("why", error, *plain_world[:-1], "--format", form).out
    assert any(name in plain for name in NAMED)
    assert [name for name in NAMED if name in text] == []


def test_words_of_sentences_stay(cli: Cli, plain_world: tuple[str, ...]) -> None:
    """A sentence can still be read, whatever a policy or a user is called."""
    error = (
        f"User: arn:aws:iam::{ACCOUNT}:user/data is not authorized to perform: sagemaker:CreateModel on resource: "
        f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/data"
    )
    text = cli("why", error, *plain_world, "--verbose").out
    assert "lets nothing else through, whatever all other policies" in " ".join(text.split())


def test_a_line_that_is_cut_keeps_no_half_of_a_name(tmp_path: Path) -> None:
    """A window shows a part of a long line; the name that its edge goes through is hidden as well."""
    from sagepass.engine.decision import StatementRef
    from sagepass.jobs.policy_file import read_policy
    from sagepass.policy.document import Policy, PolicyForm
    from sagepass.policy.kinds import PolicyType
    from sagepass.render.source_window import Mark, show_statement

    names = [f"arn:aws:s3:::{BUCKET}-{number:03}" for number in range(40)]
    statement = {"Sid": "WolfOnly", "Effect": "Allow", "Action": "s3:GetObject", "Resource": names}
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), encoding="utf-8")
    document = read_policy(path).document(PolicyType.IDENTITY_BASED_POLICY)
    policy = Policy(
        name="WolfTeam", type=PolicyType.IDENTITY_BASED_POLICY, form=PolicyForm.INLINE_USER, document=document
    )
    ref = StatementRef(policy=policy, statement=document.statements[0])

    def shown(rewrite: Callable[[str], str], width: int) -> str:
        page = Page(width=width, rewrite=rewrite)
        show_statement(page, ref, [Mark(route=("Statement", 0, "Resource", 20), label="")])
        return page.render()

    hidden = redactor_for([ref, *names], redact=True)
    for width in range(60, 100):
        assert "lopez" in shown(lambda text: text, width)
        assert not any(piece in shown(hidden, width) for piece in ("lope", "hurn", "ata-0"))


@pytest.mark.usefixtures("folder")
def test_a_snapshot_in_lines(cli: Cli) -> None:
    """``snapshot check --format concise``: a line for each finding and each gap, and one that counts them."""
    lines = cli("snapshot", "check", "richroe", "--format", "concise").out.splitlines()
    document = cli("snapshot", "check", "richroe", "--format", "json").json
    findings, gaps = document["findings"], document["gaps"]
    assert findings
    assert gaps
    assert len(lines) == len(findings) + len(gaps) + 1
    assert [line.split(": ")[1] for line in lines[: len(findings)]] == [item["code"] for item in findings]
    assert all(line.startswith("MISSING: ") for line in lines[len(findings) : -1])
    assert lines[-1].endswith(f"{len(findings)} findings, {len(gaps)} things missing")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("acme/policies/acme.team.json", "/policies/"),
        (".acme/policy.json", "/policy.json"),
        ("acme", ""),
        ("./acme.json", ".json"),
        ("a b/acme.json", ".json"),
    ],
)
def test_parts_of_a_path(path: str, kept: str) -> None:
    """Every folder and file is hidden; the ending, and words that tell nobody anything, stay; so do words elsewhere."""
    rewrite = redactor_for([], redact=True, paths=[path])
    text = f"in {path}:3:4: acme-like words of {path}"
    hidden = rewrite(text)
    assert f"{path}:" not in hidden
    assert not hidden.endswith(path)
    assert "acme/" not in hidden
    assert kept in hidden
    assert "acme-like words" in hidden
    assert len(hidden) == len(text)


KEY = "two words/zq-nikki (zq-lopez);version=zq-1.csv"


@pytest.mark.parametrize("form", ["human", "concise", "json"])
@pytest.mark.parametrize(
    ("caller", "secrets"),
    [
        ("user/zq-lopez,zq-nikki=zq-x", ("zq-lopez", "zq-nikki", "zq-x")),
        ("assumed-role/zq-role,zq-more/zq-ana@zq.example", ("zq-role", "zq-more", "zq-ana", "zq.example")),
    ],
)
def test_names_with_signs_in_them(cli: Cli, tmp_path: Path, form: str, caller: str, secrets: tuple[str, ...]) -> None:
    """IAM's names may hold a comma, the key of an object anything: what follows is hidden as well."""
    iam = tmp_path / "accounts" / ACCOUNT / "iam"
    iam.mkdir(parents=True)
    names = caller.split("/")[1]
    role = {**user(names), "RoleName": names, "Arn": f"arn:aws:iam::{ACCOUNT}:role/{names}", "RolePolicyList": []}
    account = {**details(user(names)), "RoleDetailList": [role]}
    (iam / "get-account-authorization-details.json").write_text(json.dumps(account))
    service = "iam" if caller.startswith("user") else "sts"
    who = f"arn:aws:{service}::{ACCOUNT}:{caller}"
    for action, resource in (
        ("s3:GetObject", f"arn:aws:s3:::{BUCKET}/{KEY}"),
        ("sagemaker:DescribeModel", f"{MODELS[:-1]}1"),
    ):
        asked = ("can", who, action, resource, "--snapshot", str(tmp_path), "--no-organization", "--format", form)
        plain, hidden = cli(*asked), cli(*asked, "--redact")
        left = [secret for secret in (*secrets, "zq-nikki", "zq-lopez", "zq-1", BUCKET) if secret in hidden.out]
        assert any(secret in plain.out for secret in (*secrets, BUCKET)) or form == "concise"
        assert left == []
