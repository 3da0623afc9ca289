"""A second factor: a code of the user's virtual device proves it, and sessions carry the proof.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

import base64
import time

import pytest
from tests.endpoint.conftest import ACCOUNT, Aws, Client, allow, refused, trusting

from sagepass.endpoint.endpoint import Credentials
from sagepass.endpoint.own.mfa import one_time_code

WITH_FACTOR = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
FRESH = {"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}}


class Device:
    """A virtual MFA device, as an authenticator app holds it."""

    def __init__(self, aws: Aws, user: str) -> None:
        iam = aws.client("iam")
        made = iam.create_virtual_mfa_device(VirtualMFADeviceName=user)["VirtualMFADevice"]
        self.serial: str = made["SerialNumber"]
        self._key = base64.b32decode(made["Base32StringSeed"])
        iam.enable_mfa_device(
            UserName=user,
            SerialNumber=self.serial,
            AuthenticationCode1=self.code(-1),
            AuthenticationCode2=self.code(),
        )

    def code(self, steps_from_now: int = 0) -> str:
        """The six digits of now, or of some steps of 30 seconds later."""
        return one_time_code(self._key, int(time.time()) // 30 + steps_from_now)


@pytest.fixture(scope="module")
def who(aws: Aws) -> Credentials:
    """A user who may list models with a second factor only, and assume roles."""
    guarded = allow("sagemaker:ListModels", Condition={**WITH_FACTOR, **FRESH})
    return aws.user("two-factors", guarded, allow("sts:AssumeRole", "sts:GetSessionToken"))


@pytest.fixture(scope="module")
def device(aws: Aws, who: Credentials) -> Device:
    """The user's device."""
    assert who is not None
    return Device(aws, "two-factors")


def test_the_seed_is_that_of_rfc_6238() -> None:
    """The test vectors of the standard, with their last six digits."""
    key = b"12345678901234567890"
    assert [one_time_code(key, at // 30) for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_an_accepted_code_makes_the_session_one_with_a_second_factor(
    aws: Aws, who: Credentials, device: Device
) -> None:
    """GetSessionToken with the code: ``aws:MultiFactorAuthPresent`` is true; without it false; with the key itself absent."""
    assert refused(aws.client("sagemaker", who).list_models).code == "AccessDeniedException"
    sts = aws.client("sts", who)
    assert refused(aws.client("sagemaker", session(sts.get_session_token())).list_models).status == 400
    proved = session(sts.get_session_token(SerialNumber=device.serial, TokenCode=device.code()))
    assert aws.client("sagemaker", proved).list_models()["Models"] == []


def test_an_accepted_code_satisfies_a_trust_policy(aws: Aws, who: Credentials, device: Device) -> None:
    """The session of the role carries no second factor: AWS keeps it out of what AssumeRole issues."""
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/two-factors"}
    policies = allow("sagemaker:ListModels"), allow("sagemaker:ListEndpoints", Condition=WITH_FACTOR)
    role = aws.role("Guarded", trusting(principal, **WITH_FACTOR), *policies)
    sts = aws.client("sts", who)
    ask = {"RoleArn": role, "RoleSessionName": "test"}
    assert refused(sts.assume_role, **ask).code == "AccessDenied"
    got = session(sts.assume_role(**ask, SerialNumber=device.serial, TokenCode=device.code()))
    aws.client("sagemaker", got).list_models()
    assert refused(aws.client("sagemaker", got).list_endpoints).code == "AccessDeniedException"


def test_a_wrong_code_and_a_foreign_device_are_refused(aws: Aws, who: Credentials, device: Device) -> None:
    """In STS's own words; a code of ten minutes ago is wrong."""
    sts = aws.client("sts", who)
    error = refused(sts.get_session_token, SerialNumber=device.serial, TokenCode=device.code(-20))
    assert (error.code, error.status) == ("AccessDenied", 403)
    assert error.message.startswith("MultiFactorAuthentication failed with invalid MFA one time pass code")
    aws.user("neighbour")
    foreign = Device(aws, "neighbour")
    error = refused(sts.get_session_token, SerialNumber=foreign.serial, TokenCode=foreign.code())
    assert "verify your MFA serial number" in error.message


def session(answer: Client) -> Credentials:
    """The credentials in an answer of STS."""
    got = answer["Credentials"]
    return Credentials(access_key_id=got["AccessKeyId"], secret=got["SecretAccessKey"], token=got["SessionToken"])
