"""The command line."""

from __future__ import annotations

from sagepass.fronts.cli.main import main

__all__ = ["main"]
