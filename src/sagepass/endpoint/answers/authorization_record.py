"""``iam-toolbox``: AWS's own record of a denied request."""

from __future__ import annotations

from sagepass.endpoint.answers.world import Answer

ANSWERS: dict[str, Answer] = {}
