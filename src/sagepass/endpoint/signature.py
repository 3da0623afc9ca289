"""Signature Version 4: who signed a request, and whether the signature is right.

The key is derived from the secret, the day, the Region and the service; what is signed is the canonical request. Amazon S3
takes the path as it was sent; every other service normalizes it and encodes it once more.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from sagepass.endpoint.errors import Failure, Refusal
from sagepass.endpoint.http_message import HttpRequest

ALGORITHM: Final = "AWS4-HMAC-SHA256"
UNSIGNED_PAYLOAD: Final = "UNSIGNED-PAYLOAD"
EMPTY_DIGEST: Final = hashlib.sha256(b"").hexdigest()
_SKEW: Final = timedelta(minutes=5)
_S3_SKEW: Final = timedelta(minutes=15)
_LONGEST_PRESIGNED: Final = 7 * 24 * 3600
_S3_LIKE: Final = frozenset({"s3", "s3express", "s3-object-lambda", "s3-outposts"})
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SPACES: Final = re.compile(r" +")
_ITEM: Final = re.compile(r"(Credential|SignedHeaders|Signature)\s*=\s*([^\s,]+)")
_UNSAFE_HTTP: Final = "-_.~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a signature claims.

    Attributes:
        access_key_id: whose key.
        day: ``YYYYMMDD`` of the scope.
        region: of the scope.
        service: of the scope, the signing name.
        headers: names of the headers that are signed, lower-cased, in the order in which they are listed.
        signature: in hexadecimal.
        time: when the request was signed.
        expires: seconds that a presigned request is good for; ``None`` for a signature in the header.
        token: the session token, if one was sent.
    """

    access_key_id: str
    day: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str
    time: datetime
    expires: int | None = None
    token: str | None = None

    @property
    def scope(self) -> str:
        """``20260131/us-east-1/sagemaker/aws4_request``."""
        return f"{self.day}/{self.region}/{self.service}/aws4_request"

    @property
    def presigned(self) -> bool:
        """Whether the signature stands in the query."""
        return self.expires is not None


def read_signature(request: HttpRequest) -> Signed | None:
    """What the request says about who signed it; ``None`` for an unsigned request.

    Raises:
        Refusal: it is signed in another way, or a part is missing.
    """
    header = request.header("authorization")
    if header is not None:
        if request.query_value("X-Amz-Signature") is not None:
            raise Refusal(Failure.MALFORMED, "Only one auth mechanism allowed")
        return _from_header(request, header)
    if request.query_value("X-Amz-Algorithm") is not None or request.query_value("X-Amz-Signature") is not None:
        return _from_query(request)
    if request.query_value("AWSAccessKeyId") is not None and request.query_value("Signature") is not None:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/Appendix-Sigv2.html: not for buckets made after June 2020
        text = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
        raise Refusal(Failure.INVALID, text)
    return None


def _from_header(request: HttpRequest, header: str) -> Signed:
    if not header.startswith(f"{ALGORITHM} "):
        raise Refusal(Failure.INCOMPLETE_SIGNATURE, f"Unsupported AWS 'algorithm': expected {ALGORITHM}")
    items: dict[str, str] = dict(_ITEM.findall(header))
    for name in ("Credential", "SignedHeaders", "Signature"):
        if name not in items:
            raise Refusal(Failure.INCOMPLETE_SIGNATURE, f"Authorization header requires '{name}' parameter.")
    return _signed(
        credential=items["Credential"],
        headers=items["SignedHeaders"],
        signature=items["Signature"],
        stamp=request.header("x-amz-date"),
        token=request.header("x-amz-security-token"),
    )


def _from_query(request: HttpRequest) -> Signed:
    values = dict(request.query_pairs)
    if values.get("X-Amz-Algorithm") != ALGORITHM:
        raise Refusal(Failure.INCOMPLETE_SIGNATURE, f"X-Amz-Algorithm only supports {ALGORITHM}")
    for name in ("X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Date", "X-Amz-Expires"):
        if not values.get(name):
            raise Refusal(Failure.INCOMPLETE_SIGNATURE, f"{name} must be in the query of a presigned request")
    expires = values["X-Amz-Expires"]
    if not (expires.isascii() and expires.isdigit() and len(expires) < 8 and int(expires) <= _LONGEST_PRESIGNED):
        raise Refusal(Failure.INVALID, "X-Amz-Expires must be less than a week (in seconds); it must be a number")
    return _signed(
        credential=values["X-Amz-Credential"],
        headers=values["X-Amz-SignedHeaders"],
        signature=values["X-Amz-Signature"],
        stamp=values["X-Amz-Date"],
        token=values.get("X-Amz-Security-Token"),
        expires=int(expires),
    )


def _signed(
    *, credential: str, headers: str, signature: str, stamp: str | None, token: str | None, expires: int | None = None
) -> Signed:
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or parts[4] != "aws4_request" or not all(parts):
        raise Refusal(Failure.INCOMPLETE_SIGNATURE, "Credential must have exactly 5 slash-delimited elements")
    names = tuple(headers.lower().split(";"))
    if "host" not in names:
        raise Refusal(Failure.INCOMPLETE_SIGNATURE, "'Host' or ':authority' must be a 'SignedHeader'")
    return Signed(
        access_key_id=parts[0],
        day=parts[1],
        region=parts[2],
        service=parts[3].lower(),
        headers=names,
        signature=signature,
        time=_time(stamp),
        expires=expires,
        token=token,
    )


def _time(stamp: str | None) -> datetime:
    try:
        return datetime.strptime(stamp or "", "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refusal(Failure.INCOMPLETE_SIGNATURE, "Date must be in ISO-8601 'basic format'") from None


def verify(request: HttpRequest, signed: Signed, secret: str, now: datetime) -> None:
    """Check a signature.

    Raises:
        Refusal: it is wrong or too old, or the body is not the one that was signed.
    """
    _in_time(signed, now)
    _check_all_signed(request, signed)
    digest = payload_digest(request, signed)
    expected = sign(string_to_sign(request, signed, digest), secret, signed)
    if not hmac.compare_digest(expected.encode(), signed.signature.encode("utf-8", "replace")):
        raise Refusal(Failure.WRONG_SIGNATURE)
    if _DIGEST.fullmatch(digest) and digest != hashlib.sha256(request.body).hexdigest():
        raise Refusal(Failure.BODY_DIGEST)


def _in_time(signed: Signed, now: datetime) -> None:
    if signed.time.strftime("%Y%m%d") != signed.day:
        raise Refusal(Failure.WRONG_SIGNATURE, "Credential should be scoped to the date of the request.")
    skew = _S3_SKEW if signed.service in _S3_LIKE else _SKEW
    minutes = int(skew.total_seconds() // 60)
    stamp, current = signed.time.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%dT%H%M%SZ")
    if signed.time > now + skew:
        text = f"Signature not yet current: {stamp} is still later than {current} ({current} + {minutes} min.)"
        raise Refusal(Failure.SIGNATURE_EXPIRED, text)
    if signed.expires is not None:
        if now > signed.time + timedelta(seconds=signed.expires):
            raise Refusal(Failure.REQUEST_EXPIRED)
    elif signed.time < now - skew:
        edge = (now - skew).strftime("%Y%m%dT%H%M%SZ")
        text = f"Signature expired: {stamp} is now earlier than {edge} ({current} - {minutes} min.)"
        raise Refusal(Failure.SIGNATURE_EXPIRED, text)


def _check_all_signed(request: HttpRequest, signed: Signed) -> None:
    """Every ``x-amz-`` header counts, so each has to be signed: whoever holds a presigned address may not add one.

    The digest of the body stands in the signed text by itself.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html,
    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (``X-Amz-SignedHeaders``)
    """
    covered = {*signed.headers, "x-amz-content-sha256"}
    loose = [name for name in request.headers if name.startswith("x-amz-") and name not in covered]
    if loose:
        text = f"There were headers present in the request which were not signed: {', '.join(loose)[:200]}"
        raise Refusal(Failure.ACCESS_DENIED, text)


def payload_digest(request: HttpRequest, signed: Signed) -> str:
    """What stands for the body in the canonical request."""
    stated = request.header("x-amz-content-sha256") or request.query_value("X-Amz-Content-Sha256")
    if stated is not None:
        return stated
    if signed.presigned and signed.service in _S3_LIKE:
        return UNSIGNED_PAYLOAD
    return hashlib.sha256(request.body).hexdigest()


def string_to_sign(request: HttpRequest, signed: Signed, digest: str) -> str:
    """The text whose HMAC is the signature."""
    canonical = canonical_request(request, signed, digest)
    stamp = signed.time.strftime("%Y%m%dT%H%M%SZ")
    return "\n".join((ALGORITHM, stamp, signed.scope, hashlib.sha256(canonical.encode("utf-8")).hexdigest()))


def canonical_request(request: HttpRequest, signed: Signed, digest: str) -> str:
    """The request in the one form that both sides agree on."""
    headers = "".join(f"{name}:{_header_value(request, name)}\n" for name in signed.headers)
    path = request.path if signed.service in _S3_LIKE else quote(_normalized(request.path), safe="/~")
    return "\n".join(
        (request.method, path or "/", _canonical_query(request), headers, ";".join(signed.headers), digest)
    )


def _header_value(request: HttpRequest, name: str) -> str:
    value = request.header(name)
    if value is None:
        raise Refusal(Failure.WRONG_SIGNATURE, f"'{name[:60]}' is listed as a signed header and is not in the request")
    text = value.encode("latin-1", "replace").decode("utf-8", "replace") if not value.isascii() else value
    return _SPACES.sub(" ", text.strip())


def _canonical_query(request: HttpRequest) -> str:
    pairs = [
        (_encoded(name), _encoded(value))
        for name, value in request.raw_query_pairs
        if _encoded(name) != "X-Amz-Signature"
    ]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(raw: str) -> str:
    return quote(unquote_to_bytes(raw), safe=_UNSAFE_HTTP)


def _normalized(path: str) -> str:
    """Without ``.``, ``..`` and doubled slashes; a slash at the end stays."""
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            kept[-1:] = []
        elif part not in {"", "."}:
            kept.append(part)
    tail = "/" if path.endswith("/") and kept else ""
    return "/" + "/".join(kept) + tail


def sign(text: str, secret: str, signed: Signed) -> str:
    """The HMAC of a string to sign, in hexadecimal."""
    key = signing_key(secret, signed.day, signed.region, signed.service)
    return hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()


@lru_cache(maxsize=256)
def signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """The key of one day, Region and service."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
