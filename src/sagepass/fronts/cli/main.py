# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""The entry point: commands, exit codes, and what happens when something goes wrong."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

from cyclopts import App, CycloptsError

from sagepass.fronts.cli.commands import COMMANDS, EXIT_CODES, SNAPSHOT_CHECK, Command
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import complain, write, write_json
from sagepass.fronts.cli.usage import usage_message, usage_remedy

_GARBAGE_IS_RARE = 50_000
"""New objects between two searches for cycles: what a command loads and reads lives to its end anyway."""
_REPORT = "this is an error in sagepass; set SAGEPASS_DEBUG=1 to see where, and report it with the command you ran"
_HELP = """Why AWS denied you on Amazon SageMaker, and the smallest change that lets you in and nobody else.

Paste the error:

  sagepass why "User: arn:… is not authorized to perform: sagemaker:…"

or give a file with it, and the saved policies of the account:

  aws iam get-account-authorization-details --output json > account.json

  sagepass why error.txt --snapshot account.json
"""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with one of the exit codes."""
    gc.set_threshold(_GARBAGE_IS_RARE)
    code = run(list(sys.argv[1:] if arguments is None else arguments))
    _quiet_exit(code)


def run(arguments: list[str]) -> int:
    """Run one command.

    Returns:
        The exit code. Errors have been reported by then: on standard error, or as one JSON object on standard output
        if ``--format json`` was asked for.
    """
    _tolerant_streams()
    try:
        return _dispatch(arguments)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return ExitCode.FINE
    except Exception as error:  # the last line of defence: a bug never ends in a traceback
        if os.environ.get("SAGEPASS_DEBUG"):
            raise
        return _failed(arguments, f"unexpected {type(error).__name__}: {error}", _REPORT, ExitCode.BUG)


def _dispatch(arguments: list[str]) -> int:
    if "--version" in arguments[:2] and all(word.startswith("-") for word in arguments):
        write(_version(verbose="--verbose" in arguments or "-v" in arguments))
        return ExitCode.FINE
    from sagepass.fronts.cli.evidence_input import STANDARD_INPUT, NothingGivenError
    from sagepass.snapshot.errors import SnapshotError
    from sagepass.source.errors import SourceError

    app = build_app()
    words = [STANDARD_INPUT if word == "-" else word for word in arguments]
    try:
        result = app(
            words or ["--help"],
            exit_on_error=False,
            print_error=False,
            help_on_error=False,
            result_action="return_value",
        )
    except NothingGivenError as error:
        if not _wants_json(arguments):
            app.help_print([word for word in arguments[:1] if word in COMMANDS])
        return _failed(arguments, error.message, error.remedy, error.exit_code)
    except CycloptsError as error:
        return _failed(arguments, usage_message(error), usage_remedy(arguments), ExitCode.USAGE)
    except CliError as error:
        return _failed(arguments, error.message, error.remedy, error.exit_code)
    except SourceError as error:
        place = str(error).removesuffix(f"; {error.remedy}") if error.remedy else str(error)
        return _failed(arguments, place, error.remedy, ExitCode.USAGE)
    except SnapshotError as error:
        return _failed(arguments, error.message, error.remedy, ExitCode.USAGE)
    return int(result) if isinstance(result, int) else ExitCode.FINE


def build_app() -> App:
    """The application; each command is imported when it is called."""
    app = App(
        name="sagepass",
        help=_HELP,
        help_format="plaintext",
        version_flags=[],
        suppress_keyboard_interrupt=False,
        help_epilogue=EXIT_CODES,
    )
    for name, command in COMMANDS.items():
        _add(app, name, command, full_name=name)
    snapshot = App(name="snapshot", help="Look at saved answers of AWS.", help_format="plaintext", version_flags=[])
    _add(snapshot, "check", SNAPSHOT_CHECK, full_name="snapshot check")
    app.command(snapshot)
    return app


def _add(app: App, name: str, command: Command, *, full_name: str) -> None:
    app.command(
        f"sagepass.fronts.cli.{command.place}",
        name=name,
        help=command.summary,
        usage=command.usage(full_name),
        help_epilogue=command.epilogue,
    )


def _version(*, verbose: bool) -> str:
    from sagepass import __version__

    if not verbose:
        return f"sagepass {__version__}"
    from sagepass.catalog.dates import catalog_date, catalog_sources

    sources = "".join(f"\n  {s.package} {s.version} ({s.licence})" for s in catalog_sources())
    return f"sagepass {__version__}\ncatalog of {catalog_date()}{sources}\nPython {sys.version.split()[0]}"


def _failed(arguments: list[str], message: str, remedy: str, code: ExitCode) -> int:
    """Report an error of the tool itself in the form that was asked for."""
    if _wants_json(arguments):
        error = {"message": message, "remedy": remedy, "exit_code": int(code)}
        write_json({"format_version": "1.0", "error": error})
    else:
        complain(message, remedy)
    return code


def _wants_json(arguments: list[str]) -> bool:
    pairs = pairwise(arguments)
    return "--format=json" in arguments or any(pair == ("--format", "json") for pair in pairs)


def _tolerant_streams() -> None:
    """A terminal whose encoding lacks a character shows an escape for it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """The reader has gone: point standard output elsewhere, so that closing it at exit says nothing."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None


def _quiet_exit(code: int) -> NoReturn:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
    raise SystemExit(code)
