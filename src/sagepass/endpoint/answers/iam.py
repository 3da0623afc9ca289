"""What the endpoint answers itself of ``iam``."""

from __future__ import annotations

from sagepass.endpoint.answers import context_keys, simulate
from sagepass.endpoint.answers.world import Answer

ANSWERS: dict[str, Answer] = {**simulate.ANSWERS, **context_keys.ANSWERS}
