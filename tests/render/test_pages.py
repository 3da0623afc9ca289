"""The pages, letter for letter. ``SAGEPASS_UPDATE_GOLDEN=1`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.render import worlds

from sagepass.engine.decision import Decision
from sagepass.jobs.diagnosis import Cause, Diagnosis
from sagepass.render.concise import render_concise
from sagepass.render.forms import FixForm
from sagepass.render.handoff import render_handoff
from sagepass.render.human import HumanView, render_decision, render_human
from sagepass.render.redact import redactor_for

_HERE = Path(__file__).parent


NAMES = tuple(worlds.WORLDS)


def _decision(diagnosis: Diagnosis) -> Decision:
    assert diagnosis.decision is not None
    return diagnosis.decision


def _same(name: str, text: str) -> None:
    path = _HERE / "golden" / name
    if os.environ.get("SAGEPASS_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    expected = path.read_text(encoding="utf-8")
    assert expected == text


@pytest.mark.parametrize("name", NAMES)
def test_human(name: str) -> None:
    """Verdict, identity, checks, statement, fixes, evidence and next command, in this order."""
    _same(f"{name}.txt", render_human(worlds.WORLDS[name](), HumanView()))


@pytest.mark.parametrize("name", ["denied_nearby", "denied_by_guardrail"])
def test_verbose(name: str) -> None:
    """With ``--verbose`` every fix and every cause is shown in full."""
    _same(f"{name}_verbose.txt", render_human(worlds.WORLDS[name](), HumanView(verbose=True)))


@pytest.mark.parametrize("form", list(FixForm))
def test_forms(form: FixForm) -> None:
    """``--show`` chooses the form of every fix that changes a policy."""
    _same(f"form_{form}.txt", render_human(worlds.denied_by_guardrail(), HumanView(form=form)))


@pytest.mark.parametrize("name", NAMES)
def test_concise(name: str) -> None:
    """One line per cause, each with its place where it has one."""
    text = render_concise(worlds.WORLDS[name]())
    _same(f"{name}_concise.txt", text)
    assert len(text.splitlines()) == max(len(worlds.WORLDS[name]().causes), 1)


@pytest.mark.parametrize("name", NAMES)
def test_handoff(name: str) -> None:
    """One note per administrator who has to act, or what to do instead."""
    _same(f"{name}_handoff.txt", render_handoff(worlds.WORLDS[name]()))


def test_decision() -> None:
    """A decision without a denial has the same parts."""
    _same("decision.txt", render_decision(_decision(worlds.denied_by_guardrail()), HumanView()))


def test_caret_stands_under_the_element() -> None:
    """The caret begins and ends exactly where the differing piece of the string does."""
    lines = render_human(worlds.denied_nearby(), HumanView(width=120)).splitlines()
    number = next(index for index, line in enumerate(lines) if "^" in line)
    start, end = lines[number].index("^"), lines[number].rindex("^") + 1

    assert lines[number - 1][start:end] == "team-*"


def test_redacted_page_keeps_carets_and_loses_names() -> None:
    """Pseudonyms are as long as the names, so carets stay; no name or account is left."""
    diagnosis = worlds.denied_nearby()
    plain = render_human(diagnosis, HumanView())
    redacted = render_human(diagnosis, HumanView(rewrite=redactor_for(diagnosis, redact=True)))

    assert "mateojackson" in plain
    assert "mateojackson" not in redacted
    assert "123456789012" not in redacted
    assert [line.index("^") for line in plain.splitlines() if "^" in line] == [
        line.index("^") for line in redacted.splitlines() if "^" in line
    ]


def test_pseudonyms_are_the_same_every_time() -> None:
    """The same report gives the same pseudonyms."""
    diagnosis = worlds.denied_by_guardrail()
    one, other = (redactor_for(diagnosis, redact=True)(worlds.TEXT) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("name", NAMES)
def test_narrow_terminal(name: str) -> None:
    """Nothing is lost at 60 columns: prose is wrapped, and every word of the headline is there."""
    text = render_human(worlds.WORLDS[name](), HumanView(width=60))
    flat = "".join(text.split())
    assert "".join(worlds.WORLDS[name]().headline.split()) in flat


def test_colour_adds_styles_only() -> None:
    """Without its escape sequences the coloured page is the plain one: meaning never rests on colour."""
    import re

    diagnosis = worlds.denied_nearby()
    colored = render_human(diagnosis, HumanView(color=True))
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_human(diagnosis, HumanView())


def test_terminal_escapes_and_markup_are_shown_not_obeyed() -> None:
    """A name with an escape sequence, a bidirectional override or markup is printed as what it is."""
    from dataclasses import replace

    hostile = "evil\x1b[2J\u202ename [bold red]x[/] \r\n"
    diagnosis = replace(
        worlds.reported(), headline=hostile, identity=(hostile,), limits=(hostile,), next_command=hostile
    )
    for text in (render_human(diagnosis, HumanView()), render_concise(diagnosis), render_handoff(diagnosis)):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[bold red]x[/]" in text


def test_one_screen() -> None:
    """An ordinary denial with a fix fits about a screen without ``--verbose``."""
    assert len(render_human(worlds.denied_nearby(), HumanView()).splitlines()) <= 50


def test_everything_that_names_someone_goes() -> None:
    """Accounts, sessions, permission sets, request ids, unique ids and addresses; equal lengths; AWS's own names stay."""
    text = (
        "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_DataTeam_0123456789abcdef/jane@example.com of permission set "
        "DataTeam called from 203.0.113.77 with AKIAIOSFODNN7EXAMPLE, request 8a7b6c5d-1111-2222-3333-123456789012, "
        "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    )
    hidden = redactor_for([text], redact=True)(text)
    for name in ("123456789012", "DataTeam", "jane@example.com", "203.0.113.77", "AKIAIOSFODNN7EXAMPLE", "8a7b6c5d"):
        assert name not in hidden, name
    assert len(hidden) == len(text)
    assert hidden.endswith("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess")


def test_command_is_one_a_shell_reads_back() -> None:
    """The document arrives as one argument, unchanged, also where the command is indented in a page or a note."""
    import json
    import shlex
    import textwrap

    from sagepass.render.awscli import edit_to_awscli

    (edit,) = worlds.fix_for_user().edits
    words = shlex.split(textwrap.indent(edit_to_awscli(edit), "      "))
    assert words[:3] == ["aws", "iam", "put-user-policy"]
    assert json.loads(words[words.index("--policy-document") + 1]) == edit.after


def test_redacted_names_of_policies_units_and_folders() -> None:
    """Names that stand in no ARN are hidden as well, also inside the names of Terraform and CloudFormation blocks."""
    diagnosis = worlds.denied_by_guardrail()
    hidden = redactor_for([diagnosis, "arn:aws:iam::123456789012:role/acme-Partner"], redact=True)
    names = {check_policy for check in diagnosis.causes for check_policy in _own_names(check)}
    assert names
    homes = "/home"
    text = f"{names} of {homes}/jane/snap and C:\\Users\\jane\\snap on r-root1 and ou-root-12345678 of o-exampleorg1"
    blocks = "aws_iam_role_policy.acme_partner_policy AcmePartnerPolicy"
    for name in (*names, "jane"):
        assert name not in hidden(text)
    for name in ("r-root1", "ou-root-12345678", "o-exampleorg1"):
        assert name not in redactor_for([text], redact=True)(text)
    assert "partner" not in hidden(blocks).lower()
    assert "FullAWSAccess" in hidden("statement 1 of FullAWSAccess")
    assert hidden("log group /aws/sagemaker/TrainingJobs") == "log group /aws/sagemaker/TrainingJobs"


def test_words_of_aws_are_no_names() -> None:
    """Services, Regions and administrators stand in ARNs, too; replaced, actions and sentences could not be read."""
    arns = (
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Jobs",
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Team_0123456789abcdef",
        "arn:aws:sts::123456789012:assumed-role/Exec/SageMaker",
        "arn:aws:iam::123456789012:role/administrator",
    )
    text = "aws sagemaker create-model --region eu-west-1; sagemaker:CreateModel, once SageMaker works with it; ask an administrator"
    assert redactor_for([*arns, text], redact=True)(text) == text


def _own_names(cause: Cause) -> set[str]:
    policy = cause.statement.policy if cause.statement else None
    return {policy.name} if policy is not None else set()
