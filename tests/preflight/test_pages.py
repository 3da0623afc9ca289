"""The pages of a preflight, letter for letter, and its JSON and SARIF. ``SAGEPASS_UPDATE_GOLDEN=1`` writes them anew."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.preflight import world
from tests.render.test_json import validate

from sagepass.jobs.explain import all_codes
from sagepass.jobs.preflight.record import Preflight
from sagepass.jobs.preflight.run import preflight
from sagepass.jobs.preflight.write_role import with_new_role
from sagepass.render.forms import FixForm
from sagepass.render.human import HumanView
from sagepass.render.new_role import new_role_to_json
from sagepass.render.preflight_concise import render_preflight_concise
from sagepass.render.preflight_human import render_preflight
from sagepass.render.preflight_json import preflight_to_json
from sagepass.render.preflight_sarif import preflight_to_sarif
from sagepass.render.redact import redactor_for
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.finding import Finding, Severity
from sagepass.source.origin import Origin

_HERE = Path(__file__).parent
_SNAPSHOT = "examples/studio-training/snapshot"


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths stand in the pages as they were given."""
    monkeypatch.chdir(_HERE.parents[1])


def first_attempt() -> Preflight:
    """An instance type that the organization forbids, a role at another path, an output that the role cannot write."""
    return preflight(world.requests("first-attempt"), Snapshot.load(_SNAPSHOT), caller=world.STUDIO)


def passes() -> Preflight:
    """A training job that is wholly allowed."""
    return preflight(world.requests("training-job"), Snapshot.load(_SNAPSHOT), caller=world.STUDIO)


def undecided() -> Preflight:
    """Almost nothing is known: a user who may do everything, a role, and a document with a misspelt member."""
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    user = f"arn:aws:iam::{world.ACCOUNT}:user/mateojackson"
    builder = SnapshotBuilder().principal(user, inline={"all": everything})
    read = world.request("CreateTransformJob", {"TransformJobName": "score", "ModelName": "churn"})
    finding = Finding(
        code="CALL_UNKNOWN_PARAMETER",
        severity=Severity.WARNING,
        message="there is no member 'ModelNam' here",
        remedy="did you mean ModelName?",
        document="request.json",
        route=("ModelNam",),
    )
    return preflight([read], builder.build(), caller=user, findings=(finding,))


PAGES = {"first_attempt": first_attempt, "passes": passes, "undecided": undecided}


def _same(name: str, text: str) -> None:
    path = _HERE / "golden" / name
    if os.environ.get("SAGEPASS_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_human(name: str) -> None:
    """Verdict, who needs what, what is not known, what each owner changes, what comes of it."""
    _same(f"{name}.txt", render_preflight(PAGES[name](), HumanView()))


@pytest.mark.parametrize("name", PAGES)
def test_concise(name: str) -> None:
    """One line for each that is not allowed, with the place of the field that asks, and the verdict."""
    _same(f"{name}_concise.txt", render_preflight_concise(PAGES[name]()))


@pytest.mark.parametrize("form", list(FixForm))
def test_changes_can_be_shown_in_every_form(form: FixForm) -> None:
    """``--show`` chooses the form of the changes; the new policy is in each of them."""
    text = render_preflight(first_attempt(), HumanView(form=form))
    assert "sagepass-CreateTrainingJob" in text
    assert "s3:PutObject" in text


def test_verbose_shows_each_authorization_alone() -> None:
    """With ``--verbose`` every action has its own row."""
    found = passes()
    text = render_preflight(found, HumanView(verbose=True))
    assert text.count("allowed  ") == len(found.authorizations)


@pytest.mark.parametrize("redact", [False, True])
@pytest.mark.parametrize("name", PAGES)
def test_json(name: str, *, redact: bool) -> None:
    """The document fits its published schema, with names and with pseudonyms."""
    document = preflight_to_json(PAGES[name](), redact=redact)
    validate("preflight", document)
    assert redact is not (world.ACCOUNT in json.dumps(document))


def test_json_of_a_new_role() -> None:
    """The role that was written stands in the document."""
    new = with_new_role(world.requests("training-job"), world.snapshot(), caller=world.STUDIO, name="New")
    found = preflight(new.calls, new.snapshot, caller=world.STUDIO)
    document = preflight_to_json(found, new_role=new_role_to_json(new))
    validate("preflight", document)
    assert document["new_role"]["arn"].endswith(":role/New")


def test_sarif_points_at_the_field_that_asks() -> None:
    """Each result lies in the request's file, at the member; the statement that decided is a related place."""
    log = preflight_to_sarif(first_attempt(), version="1.2.3", pages=all_codes())
    (run,) = log["runs"]
    lines = (world.FOLDER / "first-attempt.json").read_text(encoding="utf-8").splitlines()
    places = {}
    for result in run["results"]:
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        places[result["ruleId"]] = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert places == {
        "SERVICE_CONTROL_POLICY_EXPLICIT_DENY": '"churn-on-gpu"',
        "PREFLIGHT_ROLE_REFUSED": f'"arn:aws:iam::{world.ACCOUNT}:role/ChurnTraining"',
        "PRINCIPAL_IMPLICIT_DENY": '"s3://acme-churn-models/experiments/"',
    }
    denied = run["results"][0]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert denied.startswith("examples/studio-training/snapshot/organization/describe-policy/")
    assert {result["level"] for result in run["results"]} == {"error", "warning"}


def test_sarif_has_what_its_readers_ask_for() -> None:
    """Version, tool, rules with help, fingerprints that do not change from run to run."""
    log = preflight_to_sarif(first_attempt(), version="1.2.3", pages=all_codes())
    again = preflight_to_sarif(first_attempt(), version="1.2.3", pages=all_codes())
    assert log == again
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert all(rule["help"]["text"] for rule in run["tool"]["driver"]["rules"])
    prints = [result["partialFingerprints"]["sagepass/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_names_cannot_carry_escapes_to_the_terminal() -> None:
    """A request is hostile input: control characters in it are shown, not obeyed."""
    read = world.request("CreateModel", {"ModelName": "x\x1b[31m", "PrimaryContainer": {"Image": "\x1b]0;owned\x07"}})
    read = replace(read, label="Create\x1b[2JModel", origin=Origin(name="re\x1bquest.json", value={}))
    found = preflight([read], world.snapshot(), caller=world.STUDIO)
    for text in (render_preflight(found, HumanView()), render_preflight_concise(found)):
        assert "\x1b" not in text
        assert "\x07" not in text


def test_pseudonyms() -> None:
    """``--redact`` leaves neither the account nor the names of roles and buckets that ARNs name."""
    found = first_attempt()
    text = render_preflight(found, HumanView(rewrite=redactor_for(found, redact=True)))
    assert world.ACCOUNT not in text
    assert "ChurnTraining" not in text
