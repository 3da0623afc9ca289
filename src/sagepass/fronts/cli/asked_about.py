"""Actions and resources that stand in arguments; every command refuses the same ones, in the same words."""

from __future__ import annotations

from sagepass.fronts.cli.errors import CliError

_EXAMPLE = "sagemaker:CreateTrainingJob"


def require_action(action: str, *, pattern: bool = False) -> None:
    """One action, spelled out, or a ``pattern`` of some.

    Raises:
        CliError: it is none, or a pattern where none may stand.
    """
    if pattern and action == "*":
        return
    if action.count(":") != 1 or not all(action.split(":")):
        raise CliError(f"{action!r} is no action", remedy=f"write service:Name, for example {_EXAMPLE}")
    if not pattern and set(action) & set("*?"):
        raise CliError(f"{action!r} is a pattern of actions", remedy=f"write one action, for example {_EXAMPLE}")


def require_resource(resource: str, *, star: bool = True) -> None:
    """An ARN, or a pattern of some; ``*`` as well, unless ``star`` says that it has no meaning there.

    Raises:
        CliError: it is neither.
    """
    if resource.startswith("arn:") or (star and resource == "*"):
        return
    remedy = "give its ARN, or * for an action without a resource" if star else "give its ARN"
    raise CliError(f"{resource!r} is no resource", remedy=remedy)
