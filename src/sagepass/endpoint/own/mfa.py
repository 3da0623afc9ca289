"""A second factor: the code of a user's virtual MFA device, checked against the seed that the device was made with.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html and RFC 6238
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from collections.abc import Mapping
from datetime import datetime

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.identity import Identity
from sagepass.endpoint.moto_adapter.identities import mfa_seed
from sagepass.endpoint.own.scene import text

_STEP = 30
_FAILED = "MultiFactorAuthentication failed with invalid MFA one time pass code. "


def second_factor(params: Mapping[str, object], identity: Identity, now: datetime) -> datetime | None:
    """The time at which a second factor was proved by this call; ``None`` if none was offered.

    Raises:
        ApiError: the device is not the caller's, or the code is wrong.
    """
    serial, code = text(params, "SerialNumber"), text(params, "TokenCode")
    if serial is None and code is None:
        return None
    if not serial or not code:
        raise ApiError(
            "AccessDenied",
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
            403,
        )
    seed = mfa_seed(identity.account, identity.arn, serial)
    if seed is None:
        raise ApiError(
            "AccessDenied",
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
            403,
        )
    if not _is_right(seed, code, now):
        raise ApiError("AccessDenied", _FAILED, 403)
    return now


def _is_right(seed: bytes | str, code: str, now: datetime) -> bool:
    try:
        key = base64.b32decode(seed)
    except (binascii.Error, ValueError):
        return False
    step = int(now.timestamp()) // _STEP
    return any(hmac.compare_digest(one_time_code(key, step + near).encode(), code.encode()) for near in (-1, 0, 1))


def one_time_code(key: bytes, step: int) -> str:
    """The six digits of one step of 30 seconds (RFC 6238 with SHA-1, as virtual MFA devices use it)."""
    digest = hmac.new(key, struct.pack(">Q", step), "sha1").digest()
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
