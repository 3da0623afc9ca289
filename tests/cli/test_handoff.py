"""The note to the administrator who can act: it can be checked by whoever gets it."""

from __future__ import annotations

import shlex

from tests.cli.conftest import USER, Cli

from sagepass.denial import read_denials

ID = "5sdq7w2mexample5sdq7w2mexample5sdq7w2mexample5sdq7w2m"
MESSAGE = (
    "An error occurred (AccessDeniedException) when calling the DescribeTrainingJob operation: "
    f"User: {USER} is not authorized to perform: sagemaker:DescribeTrainingJob on resource: "
    "arn:aws:sagemaker:us-east-1:123456789012:training-job/mateo's because no identity-based policy allows the "
    "sagemaker:DescribeTrainingJob action"
)


def test_the_note_ends_with_the_command_that_decides_it_again(cli: Cli) -> None:
    """Copied into a shell, it asks about the same denial, quotation marks included."""
    note = cli("why", MESSAGE, "--handoff").out
    words = shlex.split(note.rstrip().splitlines()[-1])
    assert (words[:2], words[3:]) == (["sagepass", "why"], ["--snapshot", "account.json"])
    (asked,), (given,) = read_denials(words[2]), read_denials(MESSAGE)
    fields = ("principal", "action", "resource", "policy_type", "effect", "operation")
    assert [getattr(asked, name) for name in fields] == [getattr(given, name) for name in fields]


def test_the_id_of_the_denial_stays_with_whoever_got_it(cli: Cli) -> None:
    """An authorization id works like a secret; a ticket is no place for it."""
    told = f"{MESSAGE}. Call the GetRequestAuthorizationDetails API with the following authorization id: {ID}"
    assert ID not in cli("why", told, "--handoff").out
