"""``sagepass share`` and ``sagepass explain sharing`` as their users meet them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.conftest import Cli, cli  # noqa: F401 - a fixture
from tests.share import worlds
from tests.share.asked import BRANCH, MPG, OIDC, OTHER, PIPELINE, ROLE, VENDOR

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
SNAPSHOT = ROOT / "examples" / "outside-my-account" / "snapshot"
SCHEMA = json.loads((ROOT / "docs" / "schema" / "share.schema.json").read_text(encoding="utf-8"))

TABLE_SCHEMA = json.loads((ROOT / "docs" / "schema" / "sharing.schema.json").read_text(encoding="utf-8"))

PAGES: dict[str, list[str]] = {
    "vendor": ["--with", f"third-party:{VENDOR}", "--external-id", "own-id-7", "--role-name", "for-the-scanner"],
    "account": ["--with", f"account:{OTHER}"],
    "too_open": ["--with", ROLE, "--actions", "DescribeModelPackageGroup", "DescribeModelPackage"],
    "oidc": ["--with", f"oidc:{OIDC}", "--subject", BRANCH],
}


def closed(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """The schema without room for properties that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        result["additionalProperties"] = False
    return result


@pytest.mark.parametrize("name", PAGES)
def test_pages(name: str, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """The page, to the letter; it fits the examples of the repository."""
    monkeypatch.chdir(ROOT)
    shown = cli("share", MPG, *PAGES[name], "--snapshot", str(SNAPSHOT.relative_to(ROOT)))
    note = cli("share", MPG, *PAGES[name], "--snapshot", str(SNAPSHOT.relative_to(ROOT)), "--handoff")
    brief = cli("share", MPG, *PAGES[name], "--snapshot", str(SNAPSHOT.relative_to(ROOT)), "--format", "concise")
    for kind, text in (("", shown.out), ("_handoff", note.out), ("_concise", brief.out)):
        path = GOLDEN / f"{name}{kind}.txt"
        if os.environ.get("SAGEPASS_UPDATE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_json(name: str, cli: Cli) -> None:  # noqa: F811
    """The published schema describes all of it."""
    result = cli("share", MPG, *PAGES[name], "--snapshot", SNAPSHOT, "--format", "json")
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(result.json)
    assert result.json["in_saved_accounts"]
    assert result.json["stays_out"]
    assert {row["kept_out"] for row in result.json["stays_out"]} == ({False, True} if name == "too_open" else {True})


def test_exit_codes(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    """0 ready, 1 blocked or too open, 2 a slip, 3 open."""
    free = tmp_path / "free"
    worlds.free(worlds.accounts()).write(free)
    blocked = tmp_path / "blocked"
    deny = {"NoRoles": worlds.document(worlds.statement("Deny", "sts:*"))}
    worlds.organized(worlds.accounts(), scp=deny, rcp={}).write(blocked)
    role = ("--with", ROLE, "--mechanism", "role")

    assert cli("share", MPG, *role, "--snapshot", free).code == 0
    assert cli("share", MPG, *role, "--snapshot", blocked).code == 1
    assert cli("share", MPG, *role, "--snapshot", blocked, "--no-organization").code == 0
    assert cli("share", MPG, *role).code == 3
    assert cli("share", MPG, "--with", "everybody").code == 2


SLIPS = [
    (["churn", "--with", OTHER], "is not the ARN of a SageMaker resource"),
    ([MPG.replace("churn", "*"), "--with", OTHER], "does not name one resource"),
    ([MPG, "--with", "everybody"], "names nobody"),
    ([MPG, "--with", OTHER, "--subject", "x"], "--subject has no meaning for account"),
    ([MPG, "--with", OTHER, "--external-id", "own-id-7"], "--external-id has no meaning for account"),
    ([MPG, "--with", OTHER, "--source-arn", "arn:aws:s3:::b"], "--source-arn has no meaning for account"),
    ([MPG, "--with", f"oidc:{OIDC}"], "nothing says who of them is meant"),
    ([MPG, "--with", f"oidc:{OIDC}", "--subject", "*"], "does not single anybody out"),
    ([MPG, "--with", OTHER, "--actions", "CreateTrainingJob"], "does not act on a model-package-group"),
    ([MPG, "--with", OTHER, "--actions", "DescribeModelPackageGrop"], "there is no action"),
    ([MPG, "--with", OTHER, "--actions", "s3:GetObject"], "is no action of SageMaker"),
    ([MPG, "--with", OTHER, "--also", "models"], "is no bucket, repository or key"),
    ([MPG, "--with", OTHER, "--also", f"arn:aws:ecr:us-east-1:{VENDOR}:repository/x"], "whose owner decides"),
    ([MPG, "--with", OTHER, "--also", "arn:aws:s3:::*"], "is no bucket, repository or key"),
    ([MPG, "--with", OTHER, "--also", "arn:aws:kms:us-east-1:123456789012:key/*"], "is no bucket, repository or key"),
    ([MPG, "--with", OTHER, "--router", "front"], "is no ARN of an inference router"),
    ([MPG, "--with", f"third-party:{VENDOR}", "--execution-role", ROLE], "--execution-role has a meaning only where"),
    ([MPG, "--with", OTHER, "--execution-role", ROLE.replace(OTHER, VENDOR)], f"is not in account {OTHER}"),
    ([MPG, "--with", f"third-party:{VENDOR}", "--role-name", "a b"], "is no name of a role"),
    ([PIPELINE, "--with", OTHER, "--mechanism", "policy"], "has no policy that its owner can set"),
]


@pytest.mark.parametrize(("arguments", "message"), SLIPS, ids=[" ".join(row[0][3:]) + row[1] for row in SLIPS])
def test_slips(arguments: list[str], message: str, cli: Cli) -> None:  # noqa: F811
    """One sentence and a remedy, on standard error; nothing is planned."""
    result = cli("share", *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert "help: " in result.err


@pytest.mark.parametrize(("form", "ending"), [("json", "json"), ("terraform", "tf"), ("awscli", "sh")])
def test_files(form: str, ending: str, cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    """Every document and a note for each side; what is there is never written over."""
    out = tmp_path / "plan"
    arguments = ("share", MPG, *PAGES["account"], "--snapshot", SNAPSHOT, "--show", form, "--out", out)
    assert cli(*arguments).code == 0
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())

    assert files[0] == f"other-side/05-identity-callers.{ending}"
    assert "owner/NOTE.txt" in files
    assert "other-side/NOTE.txt" in files
    assert f"owner/01-policy-churn.{ending}" in files
    assert len(files) == 8
    if form == "json":
        assert all(json.loads(path.read_text(encoding="utf-8")) for path in out.rglob("*.json"))
    again = cli(*arguments)
    assert again.code == 2
    assert "is not an empty folder" in again.err


def test_hostile_names_stay_in_the_folder(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    """A bucket or repository with dots and slashes in its name makes no path."""
    out = tmp_path / "plan"
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/../../../etc/x"
    cli("share", MPG, "--with", OTHER, "--also", image, "--also", "s3://a..b/../../../../x", "--out", out)
    assert {path.parent.name for path in out.rglob("*") if path.is_file()} == {"owner", "other-side"}
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_the_next_command_goes_on(cli: Cli) -> None:  # noqa: F811
    """It can be pasted, and keeps the external id that was made up."""
    first = cli("share", MPG, "--with", f"third-party:{VENDOR}", "--format", "json").json
    words = first["next_command"].split()
    assert words[:2] == ["sagepass", "share"]
    assert words[words.index("--external-id") + 1] == first["with"]["external_id"]


def test_explain_sharing(cli: Cli) -> None:  # noqa: F811
    """The page of a type, the list of types, the same as JSON, and a near name for a slip."""
    assert "PutModelPackageGroupPolicy" in cli("explain", "sharing", "model-package-group").out
    assert "a share of AWS RAM, a role" in cli("explain", "sharing").out
    assert "sharing [TYPE]" in cli("explain").out
    data = cli("explain", "sharing", "pipeline", "--format", "json").json
    jsonschema.Draft202012Validator(closed(TABLE_SCHEMA)).validate(data)
    assert data["types"][0]["mechanisms"] == ["ram", "role"]
    slip = cli("explain", "sharing", "pipelin")
    assert (slip.code, "did you mean pipeline?" in slip.err) == (2, True)
    assert cli("explain", "SHARE_READY").code == 0
    assert cli("explain", "SHARE_READY", "more").code == 2


@pytest.mark.parametrize("form", [(), ("--format", "json"), ("--format", "concise"), ("--handoff",), ("--verbose",)])
def test_redacted(form: tuple[str, ...], cli: Cli) -> None:  # noqa: F811
    """No account id, name or external id is left; documents that do not work are not written."""
    asked = ("share", MPG, *PAGES["vendor"], "--snapshot", SNAPSHOT)
    shown = cli(*asked, "--redact", *form)
    assert shown.code == 0
    plain = cli(*asked, *form).out
    assert "123456789012" in plain
    for secret in ("123456789012", VENDOR, "own-id-7", "for-the-scanner", "churn"):
        assert secret in plain or "concise" in form  # which does not name the external id
        assert secret not in shown.out
    assert cli(*asked, "--redact", "--out", "anywhere").code == 2
