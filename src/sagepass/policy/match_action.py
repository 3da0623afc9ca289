"""Whether an Action entry covers an action: without regard to case, ``*`` and ``?`` in the name.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from functools import lru_cache

from sagepass.policy.glob import matches, read_pattern


@lru_cache(maxsize=131072)
def action_matches(pattern: str, action: str) -> bool:
    """Whether a pattern such as ``sagemaker:Describe*`` covers ``sagemaker:DescribeTrainingJob``."""
    if pattern in {"*", "*:*"}:
        return True
    return matches(read_pattern(pattern.lower()), action.lower())
