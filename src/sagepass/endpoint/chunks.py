"""Bodies that are sent in chunks (``aws-chunked``), signed chunk by chunk or not.

Each chunk's signature covers the one before, so that none can be left out, doubled or changed. A trailer carries the
checksum and has a signature of its own.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from typing import Final

from sagepass.endpoint.errors import Failure, Refusal
from sagepass.endpoint.http_message import HttpRequest
from sagepass.endpoint.signature import EMPTY_DIGEST, Signed, sign

SIGNED: Final = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER: Final = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER: Final = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
_HEAD: Final = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?")
_LONGEST_LINE: Final = 8 * 1024
_MOST_TRAILERS: Final = 32


@dataclass(frozen=True, slots=True)
class _Chunk:
    data: bytes
    signature: str


def dechunk(request: HttpRequest, signed: Signed | None, secret: str) -> HttpRequest:
    """The request with its body in one piece, every chunk verified; other requests come back as they are.

    Raises:
        Refusal: a chunk is malformed or its signature is wrong, or the body has another length than was stated.
    """
    kind = request.header("x-amz-content-sha256") or ""
    if not kind.startswith("STREAMING-"):
        return request
    if kind not in {SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER} or signed is None:
        raise Refusal(Failure.INVALID, "x-amz-content-sha256 names a way of signing chunks that is not supported")
    chunks, trailers = _split(request.body)
    if kind != UNSIGNED_TRAILER:
        last = _verify(chunks, signed, secret)
        if kind == SIGNED_TRAILER:
            _verify_trailer(trailers, last, signed, secret)
    body = b"".join(chunk.data for chunk in chunks)
    stated = request.header("x-amz-decoded-content-length")
    if stated is not None and stated != str(len(body)):
        raise Refusal(Failure.MALFORMED, "The request body has another length than x-amz-decoded-content-length")
    added = {n: v for n, v in trailers.items() if n != "x-amz-trailer-signature"}
    if not all(name.startswith("x-amz-checksum-") for name in added):
        raise Refusal(Failure.MALFORMED, "A trailer carries the checksum of the body, and no other header")
    plain = request.with_body(
        body, drop=frozenset({"x-amz-trailer", "x-amz-decoded-content-length", "transfer-encoding"})
    )
    encoding = [e.strip() for e in (plain.header("content-encoding") or "").split(",")]
    kept = ",".join(e for e in encoding if e and e != "aws-chunked")
    headers = {n: v for n, v in plain.headers.items() if n != "content-encoding"}
    headers |= {"x-amz-content-sha256": hashlib.sha256(body).hexdigest(), **added}
    return replace(plain, headers={**headers, "content-encoding": kept} if kept else headers)


def _split(body: bytes) -> tuple[list[_Chunk], dict[str, str]]:
    chunks: list[_Chunk] = []
    at = 0
    while True:
        line, at = _line(body, at)
        head = _HEAD.fullmatch(line)
        if head is None:
            raise _malformed()
        size = int(head[1], 16)
        data = body[at : at + size]
        if len(data) < size:
            raise _malformed()
        chunks.append(_Chunk(data, (head[2] or b"").decode()))
        at += size
        if size == 0:
            return chunks, _trailers(body, at)
        if body[at : at + 2] != b"\r\n":
            raise _malformed()
        at += 2


def _trailers(body: bytes, at: int) -> dict[str, str]:
    found: dict[str, str] = {}
    while at < len(body) and len(found) < _MOST_TRAILERS:
        line, at = _line(body, at)
        name, colon, value = line.partition(b":")
        if not line:
            continue
        if not colon:
            raise _malformed()
        found[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
    return found


def _line(body: bytes, at: int) -> tuple[bytes, int]:
    end = body.find(b"\r\n", at, at + _LONGEST_LINE)
    if end < 0:
        raise _malformed()
    return body[at:end], end + 2


def _malformed() -> Refusal:
    return Refusal(Failure.MALFORMED, "The request body is not properly chunked")


def _verify(chunks: list[_Chunk], signed: Signed, secret: str) -> str:
    """Check the chain of signatures; the last one comes back."""
    previous = signed.signature
    stamp = signed.time.strftime("%Y%m%dT%H%M%SZ")
    for chunk in chunks:
        digest = hashlib.sha256(chunk.data).hexdigest()
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{stamp}\n{signed.scope}\n{previous}\n{EMPTY_DIGEST}\n{digest}"
        previous = sign(text, secret, signed)
        if not hmac.compare_digest(previous, chunk.signature):
            raise Refusal(Failure.WRONG_SIGNATURE)
    return previous


def _verify_trailer(trailers: dict[str, str], previous: str, signed: Signed, secret: str) -> None:
    covered = "".join(f"{name}:{value}\n" for name, value in trailers.items() if name != "x-amz-trailer-signature")
    stamp = signed.time.strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(covered.encode("latin-1", "replace")).hexdigest()
    text = f"AWS4-HMAC-SHA256-TRAILER\n{stamp}\n{signed.scope}\n{previous}\n{digest}"
    if not hmac.compare_digest(
        sign(text, secret, signed).encode(), trailers.get("x-amz-trailer-signature", "").encode()
    ):
        raise Refusal(Failure.WRONG_SIGNATURE)
