"""A command that is too long for a line is one command still when it is copied."""

from __future__ import annotations

import shlex

import pytest

from sagepass.render.page import Page

LONG = "aws kms list-grants --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region eu-west-1 > accounts/1/kms.json 2>&1"
QUOTED = (
    "sagepass share arn:aws:sagemaker:us-east-1:123456789012:endpoint/churn --with oidc:x --subject 'repo:octo-org/*'"
)


def shown(command: str, width: int) -> str:
    """The page with nothing but the command, behind its label."""
    page = Page(width=width)
    page.command(("next: ", "bold"), command)
    return page.render()


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("command", [LONG, QUOTED])
def test_a_shell_reads_the_wrapped_command_as_it_was(command: str, width: int) -> None:
    """Every line but the last ends with a backslash, and words are whole."""
    text = shown(command, width)
    first, *rest = text.removeprefix("next: ").rstrip("\n").split("\n")
    assert rest
    assert shlex.split("\n".join((first, *rest)).replace("\\\n", "")) == shlex.split(command)


def test_lines_keep_to_the_width() -> None:
    """The backslash is part of the line."""
    assert max(len(line) for line in shown(LONG, 80).splitlines()) <= 80


@pytest.mark.parametrize("text", ["the one who owns the key tells it " * 4, "sagepass share x --subject 'a b c' " * 4])
def test_what_a_shell_would_not_join_is_wrapped_as_text(text: str) -> None:
    """Prose is no command, and between single quotes a backslash stays a backslash."""
    assert "\\" not in shown(text.strip(), 60)
