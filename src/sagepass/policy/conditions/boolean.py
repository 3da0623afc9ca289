"""The Bool operator.

Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean
"""

from __future__ import annotations

from sagepass.policy.conditions.values import read_bool
from sagepass.policy.context import Context
from sagepass.policy.truth import Truth


def equals(expected: str, actual: str, _context: Context, variables: bool) -> Truth:
    """``Bool``: both true or both false.

    AWS's operators page allows policy variables here and its variables page does not, so such a value settles nothing.
    """
    if variables and "${" in expected:
        return Truth.UNKNOWN
    wanted, given = read_bool(expected), read_bool(actual)
    return Truth.of(wanted is not None and wanted == given)
