"""How the endpoint refuses: the kind of error, named once, and its code in each protocol.

Sources: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/CommonErrors.html (JSON services),
https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html (query services),
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (Amazon S3),
https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html (SageMaker)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Protocol(StrEnum):
    """The wire forms that the endpoint speaks, as botocore's models name them."""

    JSON = "json"
    QUERY = "query"
    EC2 = "ec2"
    REST_JSON = "rest-json"
    REST_XML = "rest-xml"


class Failure(StrEnum):
    """What is wrong with a request before, or apart from, the policies."""

    ACCESS_DENIED = "access denied"
    NO_CREDENTIALS = "no credentials"
    INCOMPLETE_SIGNATURE = "incomplete signature"
    WRONG_SIGNATURE = "wrong signature"
    SIGNATURE_EXPIRED = "signature expired"
    REQUEST_EXPIRED = "presigned request expired"
    UNKNOWN_KEY = "unknown access key"
    WRONG_TOKEN = "wrong session token"  # noqa: S105 - the name of an error
    EXPIRED_TOKEN = "expired session token"  # noqa: S105 - the name of an error
    BODY_DIGEST = "body does not have the stated digest"
    UNKNOWN_OPERATION = "unknown operation"
    MALFORMED = "malformed request"
    INVALID = "invalid request"


_Row = tuple[str, int]
_JSON = {
    Failure.ACCESS_DENIED: ("AccessDeniedException", 400),
    Failure.NO_CREDENTIALS: ("MissingAuthenticationTokenException", 400),
    Failure.INCOMPLETE_SIGNATURE: ("IncompleteSignatureException", 400),
    Failure.WRONG_SIGNATURE: ("InvalidSignatureException", 400),
    Failure.SIGNATURE_EXPIRED: ("InvalidSignatureException", 400),
    Failure.REQUEST_EXPIRED: ("InvalidSignatureException", 400),
    Failure.UNKNOWN_KEY: ("UnrecognizedClientException", 400),
    Failure.WRONG_TOKEN: ("UnrecognizedClientException", 400),
    Failure.EXPIRED_TOKEN: ("ExpiredTokenException", 400),
    Failure.BODY_DIGEST: ("InvalidSignatureException", 400),
    Failure.UNKNOWN_OPERATION: ("UnknownOperationException", 400),
    Failure.MALFORMED: ("SerializationException", 400),
    Failure.INVALID: ("ValidationException", 400),
}
_QUERY = {
    Failure.ACCESS_DENIED: ("AccessDenied", 403),
    Failure.NO_CREDENTIALS: ("MissingAuthenticationToken", 403),
    Failure.INCOMPLETE_SIGNATURE: ("IncompleteSignature", 400),
    Failure.WRONG_SIGNATURE: ("SignatureDoesNotMatch", 403),
    Failure.SIGNATURE_EXPIRED: ("SignatureDoesNotMatch", 403),
    Failure.REQUEST_EXPIRED: ("RequestExpired", 400),
    Failure.UNKNOWN_KEY: ("InvalidClientTokenId", 403),
    Failure.WRONG_TOKEN: ("InvalidClientTokenId", 403),
    Failure.EXPIRED_TOKEN: ("ExpiredToken", 403),
    Failure.BODY_DIGEST: ("SignatureDoesNotMatch", 403),
    Failure.UNKNOWN_OPERATION: ("InvalidAction", 400),
    Failure.MALFORMED: ("MalformedQueryString", 400),
    Failure.INVALID: ("ValidationError", 400),
}
_EC2 = {
    **_QUERY,
    Failure.ACCESS_DENIED: ("UnauthorizedOperation", 403),
    Failure.WRONG_SIGNATURE: ("AuthFailure", 401),
    Failure.UNKNOWN_KEY: ("AuthFailure", 401),
}
_REST_JSON = {
    failure: (code, 404 if failure is Failure.UNKNOWN_OPERATION else 403 if _forbidden else 400)
    for failure, (code, _) in _JSON.items()
    for _forbidden in (failure not in (Failure.MALFORMED, Failure.INVALID),)
}
_S3 = {
    Failure.ACCESS_DENIED: ("AccessDenied", 403),
    Failure.NO_CREDENTIALS: ("AccessDenied", 403),
    Failure.INCOMPLETE_SIGNATURE: ("AuthorizationHeaderMalformed", 400),
    Failure.WRONG_SIGNATURE: ("SignatureDoesNotMatch", 403),
    Failure.SIGNATURE_EXPIRED: ("RequestTimeTooSkewed", 403),
    Failure.REQUEST_EXPIRED: ("AccessDenied", 403),
    Failure.UNKNOWN_KEY: ("InvalidAccessKeyId", 403),
    Failure.WRONG_TOKEN: ("InvalidToken", 400),
    Failure.EXPIRED_TOKEN: ("ExpiredToken", 400),
    Failure.BODY_DIGEST: ("XAmzContentSHA256Mismatch", 400),
    Failure.UNKNOWN_OPERATION: ("MethodNotAllowed", 405),
    Failure.MALFORMED: ("MalformedXML", 400),
    Failure.INVALID: ("InvalidArgument", 400),
}
_TABLES: dict[Protocol, dict[Failure, _Row]] = {
    Protocol.JSON: _JSON,
    Protocol.QUERY: _QUERY,
    Protocol.EC2: _EC2,
    Protocol.REST_JSON: _REST_JSON,
    Protocol.REST_XML: _S3,
}

_SENTENCES = {
    Failure.ACCESS_DENIED: "Access Denied",
    Failure.NO_CREDENTIALS: "Missing Authentication Token",
    Failure.INCOMPLETE_SIGNATURE: "Authorization header requires 'Credential' parameter.",
    Failure.WRONG_SIGNATURE: (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    ),
    Failure.REQUEST_EXPIRED: "Request has expired",
    Failure.UNKNOWN_KEY: "The security token included in the request is invalid.",
    Failure.WRONG_TOKEN: "The security token included in the request is invalid.",
    Failure.EXPIRED_TOKEN: "The security token included in the request is expired",
    Failure.BODY_DIGEST: "The provided 'x-amz-content-sha256' header does not match what was computed.",
}
_S3_SENTENCES = {
    Failure.NO_CREDENTIALS: "Access Denied",
    Failure.WRONG_SIGNATURE: (
        "The request signature we calculated does not match the signature you provided. Check your key and signing method."
    ),
    Failure.SIGNATURE_EXPIRED: "The difference between the request time and the current time is too large.",
    Failure.UNKNOWN_KEY: "The AWS Access Key Id you provided does not exist in our records.",
    Failure.WRONG_TOKEN: "The provided token is malformed or otherwise invalid.",
    Failure.EXPIRED_TOKEN: "The provided token has expired.",
    Failure.UNKNOWN_OPERATION: "The specified method is not allowed against this resource.",
    Failure.MALFORMED: "The XML you provided was not well-formed or did not validate against our published schema",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorAnswer:
    """An error as a protocol carries it: its code, AWS's sentence, and the HTTP status."""

    code: str
    message: str
    status: int


class Refusal(Exception):  # noqa: N818 - it says what the endpoint does
    """A request that is refused; the protocol gives it its code."""

    def __init__(self, failure: Failure, message: str = "") -> None:
        super().__init__(message or failure.value)
        self.failure = failure
        self.message = message


def error_answer(protocol: Protocol, failure: Failure, message: str = "") -> ErrorAnswer:
    """The error as the protocol says it; without a message AWS's usual sentence."""
    code, status = _TABLES[protocol][failure]
    usual = {**_SENTENCES, **_S3_SENTENCES} if protocol is Protocol.REST_XML else _SENTENCES
    if protocol is Protocol.REST_XML and failure in _S3_SENTENCES:
        return ErrorAnswer(code=code, message=_S3_SENTENCES[failure], status=status)
    return ErrorAnswer(code=code, message=message or usual.get(failure, failure.value), status=status)
