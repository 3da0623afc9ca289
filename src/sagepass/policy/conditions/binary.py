"""The BinaryEquals operator: base-64 text, compared byte for byte.

Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_BinaryEquals
"""

from __future__ import annotations

import base64
import binascii

from sagepass.policy.context import Context
from sagepass.policy.truth import Truth


def equals(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``BinaryEquals``: the same bytes; texts that are not base-64 are compared as they are."""
    return Truth.of(_bytes(expected) == _bytes(actual))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode()
