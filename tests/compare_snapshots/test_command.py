"""``sagepass compare OLD NEW`` on two snapshots, as people and programs use it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.compare_snapshots.worlds import ACCOUNT, ANNA, BEN, DESCRIBE, MODEL, VENDOR, allow, policy, trusting
from tests.reverse.test_commands import validated
from tests.reverse.worlds import role

from sagepass.fronts.cli.main import run
from sagepass.snapshot.build import SnapshotBuilder

GOLDEN = Path(__file__).parent / "golden" / "compare-snapshots.txt"
READS = policy(allow([DESCRIBE, "sagemaker:ListTags"], MODEL))
TAGGED = policy(allow(DESCRIBE, MODEL, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}}))


def saved(folder: Path, *, anna: object = None, ben: object = None, trust: object = None) -> str:
    """A snapshot folder."""
    builder = SnapshotBuilder().settings(no_organization=True).account(ACCOUNT)
    builder.principal(ANNA, inline={"own": anna} if anna else {})
    builder.principal(BEN, inline={"own": ben} if ben else {})
    builder.principal(role("worker"), trust=trust or trusting({"Service": "sagemaker.amazonaws.com"}))
    folder.mkdir()
    builder.write(folder)
    return str(folder)


Compare = Callable[..., tuple[int, str, str]]


@pytest.fixture
def compare(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Compare:
    """Run the command: exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["compare", *arguments])
        caught = capsys.readouterr()
        return code, caught.out.replace(str(tmp_path), "PLACE"), caught.err

    return call


@pytest.fixture
def changed(tmp_path: Path) -> tuple[str, str]:
    """Anna gained, Ben may have, an account outside was let in."""
    old = saved(tmp_path / "old")
    new = saved(tmp_path / "new", anna=READS, ben=TAGGED, trust=trusting({"AWS": VENDOR}))
    return old, new


def test_it_reads_top_down(compare: Compare, changed: tuple[str, str]) -> None:
    """Verdict, what was compared, gains with their statements and what stopped them, then losses, then the limits."""
    code, out, err = compare(*changed)
    assert (code, err) == (1, "")
    if os.environ.get("SAGEPASS_UPDATE_GOLDEN"):
        GOLDEN.write_text(out, encoding="utf-8")
    assert out == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("redact", [(), ("--redact",)])
def test_json_fits_its_schema(compare: Compare, changed: tuple[str, str], redact: tuple[str, ...]) -> None:
    """All of it, with names and with pseudonyms."""
    code, out, _ = compare(*changed, "--format", "json", *redact)
    document = validated("compare-snapshots", out)
    assert (code, document["verdict"]) == (1, "gained")
    assert document["changes"][0]["after"]["by"][0]["place"]["line"] > 0
    assert bool(redact) is (ACCOUNT not in json.dumps(document))


def test_concise_is_one_line_for_each_holder_and_action(compare: Compare, changed: tuple[str, str]) -> None:
    """A place, a word, who, what."""
    lines = compare(*changed, "--format", "concise")[1].splitlines()
    assert any(line.endswith(f": GAINED: {ANNA}: {DESCRIBE} on {MODEL}") for line in lines)
    assert lines[0].startswith("PLACE/new/")


def test_exit_codes_tell_the_answer(compare: Compare, tmp_path: Path) -> None:
    """0 nothing gained, 1 gained, 3 open; a loss alone is 0."""
    none, reads = saved(tmp_path / "none"), saved(tmp_path / "reads", anna=READS)
    tagged = saved(tmp_path / "tagged", anna=TAGGED)
    assert compare(none, none)[0] == 0
    assert compare(none, reads)[0] == 1
    assert compare(reads, none)[0] == 0
    assert compare(none, tagged)[0] == 3
    assert compare(none, tagged, "--context", "aws:ResourceTag/team=a")[0] == 1
    assert compare(none, reads, "--actions", "sagemaker:Create*,iam:PassRole")[0] == 0
    assert compare(none, reads, "--resources", f"{MODEL}-2")[0] == 0


def test_what_differs_and_was_not_asked_about_is_said(compare: Compare, tmp_path: Path) -> None:
    """Nobody gained any of the actions asked about; that a policy gives other ones is not left for the reader to find."""
    none = saved(tmp_path / "none")
    keys = saved(tmp_path / "keys", anna=policy(allow("kms:Decrypt"), allow(DESCRIBE, MODEL)))
    wide = saved(tmp_path / "wide", anna=policy(allow("*")))

    def told(*arguments: str) -> str:
        return " ".join(compare(*arguments)[1].split())

    only = ("--actions", "iam:PassRole")
    assert "other actions of kms, sagemaker, which policies that differ name" in told(none, keys, *only)
    assert "--actions 'kms:*' compares them" in told(none, keys)
    assert "--actions 'kms:*' compares them" in told(keys, none)
    assert "services, which policies that differ name; --actions compares them" in told(none, wide)
    assert "which policies that differ name" not in told(none, keys, "--actions", "kms:*,sagemaker:*")
    assert "which policies that differ name" not in told(keys, keys)


def test_files_with_authorization_details_are_snapshots(compare: Compare, tmp_path: Path) -> None:
    """One file of an account is enough; without an organization nothing is certain, unless it is said that there is none."""
    details = f"accounts/{ACCOUNT}/iam/get-account-authorization-details.json"
    places = [str(Path(saved(tmp_path / name, anna=anna)) / details) for name, anna in (("a", None), ("b", READS))]
    assert compare(*places)[0] == 3
    assert compare(*places, "--no-organization")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("OLD",), "is a snapshot, and a snapshot is compared with another"),
        (("OLD", "AmazonSageMakerFullAccess"), "is a snapshot, and a snapshot is compared with another"),
        (("OLD", "NEW", "--kind", "identity"), "--kind is about policies, and these are snapshots"),
        (("OLD", "NEW", "--format", "access-analyzer"), "is the form of an answer about policies"),
        (("OLD", "NEW", "--actions", "sagemaker:Nonsense*"), "covers no action that AWS defines"),
        (("OLD", "NEW", "--context", "x"), "is not KEY=VALUE"),
        (("ReadOnlyAccess", "ViewOnlyAccess", "--actions", "s3:*"), "--actions is about two snapshots"),
    ],
)
def test_bad_questions_get_a_clear_error(
    compare: Compare, changed: tuple[str, str], arguments: tuple[str, ...], message: str
) -> None:
    """Exit code 2, the fact and a remedy."""
    places = dict(zip(("OLD", "NEW"), changed, strict=True))
    code, out, err = compare(*(places.get(word, word) for word in arguments))
    assert (code, out) == (2, "")
    assert message in err
    assert "help: " in err
