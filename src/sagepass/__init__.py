"""sagepass: why AWS denied you on Amazon SageMaker, and the smallest change that lets you in and nobody else.

The names below are the public surface. Each is loaded when it is first used, so that ``import sagepass`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sagepass.aws.recorder import record
    from sagepass.denial.record import Denial
    from sagepass.denial.stream import read_denials
    from sagepass.engine.authorize import authorize
    from sagepass.engine.decision import Decision
    from sagepass.engine.request import Request
    from sagepass.jobs.access_case import run_case
    from sagepass.jobs.diagnose import diagnose
    from sagepass.jobs.diagnosis import Diagnosis
    from sagepass.jobs.public_questions import can_what, preflight, share, who_can
    from sagepass.snapshot.snapshot import Snapshot

__version__ = "0.1.0"

_HOMES = {
    "Decision": "sagepass.engine.decision",
    "Denial": "sagepass.denial.record",
    "Diagnosis": "sagepass.jobs.diagnosis",
    "Request": "sagepass.engine.request",
    "Snapshot": "sagepass.snapshot.snapshot",
    "authorize": "sagepass.engine.authorize",
    "can_what": "sagepass.jobs.public_questions",
    "diagnose": "sagepass.jobs.diagnose",
    "preflight": "sagepass.jobs.public_questions",
    "read_denials": "sagepass.denial.stream",
    "record": "sagepass.aws.recorder",
    "run_case": "sagepass.jobs.access_case",
    "share": "sagepass.jobs.public_questions",
    "who_can": "sagepass.jobs.public_questions",
}

__all__ = [
    "Decision",
    "Denial",
    "Diagnosis",
    "Request",
    "Snapshot",
    "__version__",
    "authorize",
    "can_what",
    "diagnose",
    "preflight",
    "read_denials",
    "record",
    "run_case",
    "share",
    "who_can",
]


def __getattr__(name: str) -> object:
    """Load a public name from the room it lives in."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - the surface is lazy by design

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted(__all__)
