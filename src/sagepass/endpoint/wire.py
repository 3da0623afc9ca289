"""An error in the wire form of each protocol.

Sources: the Smithy protocol definitions, https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html,
https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html,
https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html, and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

import json
import re
from typing import assert_never
from xml.sax.saxutils import escape

from sagepass.endpoint.errors import ErrorAnswer, Protocol
from sagepass.endpoint.http_message import HttpResponse

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""https://www.w3.org/TR/xml/#charsets"""


def error_response(
    protocol: Protocol,
    error: ErrorAnswer,
    *,
    request_id: str,
    json_version: str = "1.1",
    resource: str = "",
    bare: bool = False,
) -> HttpResponse:
    """Write an error.

    Args:
        protocol: of the operation.
        error: what to say.
        request_id: the id that clients print.
        json_version: of a JSON service; its content type names it.
        resource: the path, which Amazon S3 repeats.
        bare: no body, because the request was a HEAD.
    """
    headers: tuple[tuple[str, str], ...] = (("x-amzn-RequestId", request_id),)
    match protocol:
        case Protocol.JSON:
            body, kind = _json(error), f"application/x-amz-json-{json_version}"
        case Protocol.REST_JSON:
            body, kind = json.dumps({"Message": error.message}).encode(), "application/json"
            headers = (("x-amzn-RequestId", request_id), ("x-amzn-ErrorType", error.code))
        case Protocol.QUERY:
            body, kind = _query(error, request_id), "text/xml"
        case Protocol.EC2:
            body, kind = _ec2(error, request_id), "text/xml"
        case Protocol.REST_XML:
            body, kind = _s3(error, request_id, resource), "application/xml"
            headers = (("x-amz-request-id", request_id), ("x-amz-id-2", request_id))
        case _:
            assert_never(protocol)
    content = b"" if bare else body
    return HttpResponse(status=error.status, headers=(("Content-Type", kind), *headers), body=content)


def _json(error: ErrorAnswer) -> bytes:
    return json.dumps({"__type": error.code, "Message": error.message, "message": error.message}).encode()


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text))


def _query(error: ErrorAnswer, request_id: str) -> bytes:
    blame = "Sender" if error.status < 500 else "Receiver"
    return (
        f"<ErrorResponse><Error><Type>{blame}</Type><Code>{_text(error.code)}</Code>"
        f"<Message>{_text(error.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()


def _ec2(error: ErrorAnswer, request_id: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Response><Errors><Error><Code>{_text(error.code)}</Code><Message>{_text(error.message)}</Message></Error>"
        f"</Errors><RequestID>{request_id}</RequestID></Response>"
    ).encode()


def _s3(error: ErrorAnswer, request_id: str, resource: str) -> bytes:
    place = f"<Resource>{_text(resource)}</Resource>" if resource else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{_text(error.code)}</Code><Message>{_text(error.message)}</Message>{place}"
        f"<RequestId>{request_id}</RequestId><HostId>{request_id}</HostId></Error>"
    ).encode()
