"""What the endpoint answers itself of ``accessanalyzer``."""

from __future__ import annotations

from sagepass.endpoint.answers import access_checks, validate_policy
from sagepass.endpoint.answers.world import Answer

ANSWERS: dict[str, Answer] = {"ValidatePolicy": validate_policy.validate_policy, **access_checks.ANSWERS}
