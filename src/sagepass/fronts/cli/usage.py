"""What is wrong with a command line, in a sentence, and where to look."""

from __future__ import annotations

from collections.abc import Sequence

from cyclopts import CycloptsError, MissingArgumentError, UnknownCommandError

from sagepass.fronts.cli.commands import COMMANDS, SNAPSHOT_CHECK, Command


def usage_message(error: CycloptsError) -> str:
    """What is wrong: lower case, no full stop."""
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        given = error.keyword is not None or bool(error.argument.tokens)
        if not given and not _misspelt(error):
            return f"{error.argument.name} is missing"
    text = " ".join(str(error).split())
    if isinstance(error, UnknownCommandError):
        text = text.partition(" Available commands:")[0]
    return text[:1].lower() + text[1:].removesuffix(".")


def usage_remedy(arguments: Sequence[str]) -> str:
    """An example of the command that was meant, and its help."""
    name, command = _command(arguments)
    if command is None:
        return "sagepass --help lists the commands"
    example = " ".join(command.examples[0].replace("\\\n", " ").split())
    return f"for example {example}; sagepass {name} --help tells more"


def _misspelt(error: MissingArgumentError) -> bool:
    return "Did you mean" in str(error)


def _command(arguments: Sequence[str]) -> tuple[str, Command | None]:
    if list(arguments[:2]) == ["snapshot", "check"]:
        return "snapshot check", SNAPSHOT_CHECK
    name = arguments[0] if arguments else ""
    return name, COMMANDS.get(name)
