"""``python -m sagepass`` runs the command line."""

from __future__ import annotations

from sagepass.fronts.cli.main import main

main()
