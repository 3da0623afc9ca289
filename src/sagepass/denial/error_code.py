"""Error codes: which tell of a refusal, and what the others mean."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from sagepass.denial.record import OtherError

DENIED: Final = (
    r"(?:[A-Za-z]{0,20}\.)?(?:(?:KMS|S3|ECR|EFS|Service)?Access_?Denied(?:Exception|Exeception|Error|Fault)?|(?:Client\.)?UnauthorizedOperation"
    r"|(?:Client\.)?UnauthorizedAccess|Unauthorized(?:Request)?Exception|AuthorizationError(?:Exception)?|NotAuthorized(?:Exception)?"
    r"|Forbidden(?:Exception)?|AllAccessDisabled|KMSAccessDenied|permission_error|403)"
)
"""Codes by which AWS refuses (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html)."""

_OTHER: Final = (
    (OtherError.THROTTLING, (r"Throttl\w*|TooManyRequests(?:Exception)?|RequestLimitExceeded|SlowDown|Rate(?:Limit)?Exceeded\w*"
     r"|BandwidthLimitExceeded|ProvisionedThroughputExceeded\w*|RequestThrottled\w*|PriorRequestNotComplete|TransactionInProgressException")),
    (OtherError.EXPIRED_TOKEN, (r"ExpiredToken(?:Exception)?|TokenRefreshRequired|RequestExpired|ExpiredTokenError|ExpiredSSOToken"
     r"|UnauthorizedSSOTokenError|SSOTokenLoadError|TokenRetrievalError")),
    (OtherError.CLOCK_SKEW, r"RequestTimeTooSkewed|RequestInTheFuture"),
    (OtherError.SIGNATURE, r"SignatureDoesNotMatch|InvalidSignature(?:Exception)?|IncompleteSignature(?:Exception)?|AuthorizationHeaderMalformed"),
    (OtherError.MISSING_CREDENTIALS, (r"NoCredentials(?:Error)?|MissingAuthenticationToken(?:Exception)?|CredentialsProviderError|PartialCredentialsError"
     r"|NoCredentialProviders|NoAuthTokenError|CredentialRetrievalError|ProfileNotFound|MissingCredentials")),
    (OtherError.INVALID_CREDENTIALS, (r"InvalidClientTokenId|UnrecognizedClient(?:Exception)?|InvalidAccessKeyId|InvalidToken\w*|AuthFailure"
     r"|InvalidIdentityToken(?:Exception)?|IDPCommunicationError|NotSignedUp|InvalidSecurity|ExpiredIdentityToken|IDPRejectedClaim\w*")),
    (OtherError.REGION_NOT_ENABLED, r"OptInRequired|RegionDisabledException|InvalidRegion\w*"),
    (OtherError.QUOTA, (r"ResourceLimitExceeded\w*|LimitExceeded(?:Exception|Fault)?|ServiceQuotaExceeded(?:Exception)?|\w{0,30}QuotaExceeded\w*"
     r"|InsufficientInstanceCapacity|InstanceLimitExceeded|VcpuLimitExceeded|CapacityError|TooManyBuckets|\w{2,40}LimitExceeded")),
    (OtherError.NOT_FOUND, (r"(?:KMS\.)?NotFoundException|ResourceNotFound(?:Exception|Fault)?|NoSuch\w{2,40}|\w{2,60}NotFound(?:Exception|Fault|Error)?"
     r"|Invalid\w{2,40}\.NotFound|RecordNotFound|404|EntityDoesNotExist\w*|ModelNotReadyException")),
    (OtherError.CONFLICT, (r"Conflict(?:Exception)?|ResourceInUse(?:Exception)?|ResourceConflict(?:Exception)?|EntityAlreadyExists(?:Exception)?"
     r"|\w{0,40}AlreadyExists\w*|BucketAlreadyOwnedByYou|OperationAborted|DependencyViolation|DeleteConflict\w*|ConcurrentModification\w*|409")),
    (OtherError.RESOURCE_STATE, r"(?:KMS\.)?DisabledException|(?:KMS\.)?KMSInvalidState(?:Exception)?|InvalidObjectState"),
    (OtherError.NETWORK, (r"EndpointConnectionError|ConnectTimeout(?:Error)?|ReadTimeout(?:Error)?|ConnectionClosedError|ConnectionError|SSLError"
     r"|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|UnknownHostException|ProxyConnectionError|HTTPClientError|NetworkingError|RequestTimeout\w*|DispatchFailure")),
    (OtherError.VALIDATION, (r"Validation(?:Exception|Error)|InvalidParameter\w*|InvalidInput(?:Exception)?|InvalidRequest(?:Exception)?|MalformedPolicyDocument\w*"
     r"|ParamValidationError|MissingParameter|SerializationException|InvalidArgument|InvalidSourceException|PermanentRedirect|IllegalLocationConstraint\w*|NoRegion(?:Error)?"
     r"|InvalidAction|UnsupportedOperation\w*|BadRequest(?:Exception)?|MissingRequiredParameter|UnknownOperation\w*|IllegalAccess\w*|AccessControlListNotSupported"
     r"|InvalidCiphertext(?:Exception)?|IncorrectKey(?:Exception)?|InvalidKeyUsage(?:Exception)?")),
    (OtherError.INTERNAL, (r"InternalServer(?:Error|Exception)|InternalFailure\w*|InternalError|ServiceUnavailable\w*|Service(?:Internal)?Exception|ServerException"
     r"|InternalServiceError|InternalServiceException|InternalDependencyException|AlgorithmError|ModelError|502|503|500")),
)  # fmt: skip


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(DENIED, re.IGNORECASE)


def is_denied(code: str) -> bool:
    """Whether an error code tells of a refusal."""
    return _denied().fullmatch(code) is not None


@cache
def _others() -> tuple[tuple[OtherError, re.Pattern[str]], ...]:
    return tuple(
        (reason, re.compile(rf"(?:Client\.|Server\.|[A-Za-z]{{2,20}}\.)?(?:{codes})")) for reason, codes in _OTHER
    )


def other_error(code: str) -> OtherError | None:
    """What an error code means that does not tell of a refusal, or ``None`` for a code that is not known.

    The SDK for C++, and with it Arrow, spells codes in capitals: ``NO_SUCH_BUCKET``.
    """
    if "_" in code and code.isupper():
        code = "".join(part.capitalize() for part in code.split("_"))
    return next((reason for reason, pattern in _others() if pattern.fullmatch(code)), None)


def other_codes() -> str:
    """One alternation of all codes that are not refusals and are telling as a word of their own."""
    return "|".join(re.sub(r"\|(?:\d{3})(?=\||$)", "", codes) for _, codes in _OTHER)
