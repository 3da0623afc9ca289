"""DeleteObjects of S3: it answers for each key, so that a key that may not be deleted does not keep the others.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from sagepass.calls.call import Call, Needed
from sagepass.calls.services.s3_names import object_arn
from sagepass.calls.services.table import Asked
from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.decide_call import CallDecision
from sagepass.endpoint.errors import ErrorAnswer
from sagepass.endpoint.http_message import HttpRequest, HttpResponse
from sagepass.endpoint.moto_adapter.routing import ParsedCall
from sagepass.endpoint.own.scene import objects, text
from sagepass.engine.decision import Decision

_PLAIN, _VERSION, _BYPASS = "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"
_OF_THE_OLD_BODY = (
    "content-length",
    "content-md5",
    "content-encoding",
    "x-amz-trailer",
    "x-amz-sdk-",
    "x-amz-checksum-",
)
_END = b"</DeleteResult>"
_MOST = 1000
_KEPT_AS_THEY_ARE = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
"""A parser of XML would read other characters, and so another key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One object that must not be deleted, and why."""

    item: Mapping[str, object]
    error: ErrorAnswer


def answers_for_each_key(call: ParsedCall) -> bool:
    """Whether a call is one that this file is about.

    Raises:
        ApiError: it names more objects than S3 takes at once.
    """
    if call.client != "s3" or call.operation != "DeleteObjects":
        return False
    if len(_items(call)) > _MOST:
        message = "The XML you provided was not well-formed or did not validate against our published schema"
        raise ApiError("MalformedXML", message, 400)
    return True


def kept_objects(
    call: ParsedCall, decided: CallDecision, partition: str, error_of: Callable[[Needed, Decision], ErrorAnswer]
) -> list[Kept] | None:
    """The objects of the request that may not be deleted; ``None`` if the call is refused as a whole."""
    why: dict[tuple[str, str], ErrorAnswer] = {}
    for needed, decision in decided.all_refused():
        if needed.action not in {_PLAIN, _VERSION, _BYPASS}:
            return None
        why[needed.action, needed.resource] = error_of(needed, decision)
    asked = Asked(call=Call(service="s3", operation=call.operation, params=call.params, partition=partition))
    kept, unexplained = [], set(why)
    for item in _items(call):
        arn = object_arn(asked, text(call.params, "Bucket") or "*", text(item, "Key") or "*")
        action = _VERSION if item.get("VersionId") else _PLAIN
        found = [one for one in ((action, arn), (_BYPASS, arn)) if one in why]
        if found:
            kept.append(Kept(item=item, error=why[found[0]]))
            unexplained.difference_update(found)
    return None if unexplained else kept


def without(request: HttpRequest, call: ParsedCall, kept: list[Kept]) -> HttpRequest | None:
    """The request for the other objects; ``None`` if there are none."""
    left_out = {id(one.item) for one in kept}
    others = [item for item in _items(call) if id(item) not in left_out]
    if not others:
        return None
    rows = "".join(f"<Object>{_element('Key', item)}{_element('VersionId', item)}</Object>" for item in others)
    quiet = "<Quiet>true</Quiet>" if _delete(call).get("Quiet") else ""
    body = f'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{rows}{quiet}</Delete>'.encode()
    headers = {name: value for name, value in request.headers.items() if not name.startswith(_OF_THE_OLD_BODY)}
    return replace(request, headers=headers, body=body)


def errors_of(kept: list[Kept]) -> dict[str, object]:
    """The answer where nothing could be deleted, as botocore names its members."""
    return {"Errors": [{**_named(one), "Code": one.error.code, "Message": one.error.message} for one in kept]}


def with_errors(response: HttpResponse, kept: list[Kept]) -> HttpResponse:
    """The answer about the other objects, and the errors of those that were kept."""
    if response.status != 200:
        return response
    rows = "".join(
        f"<Error>{_element('Key', one.item)}{_element('VersionId', one.item)}"
        f"<Code>{escape(one.error.code)}</Code><Message>{escape(one.error.message)}</Message></Error>"
        for one in kept
    ).encode()
    head, _, tail = response.body.rpartition(_END)
    if not head:  # nothing is listed: the element is empty
        head, tail = response.body.rstrip().removesuffix(b"/>") + b">", b""
    headers = tuple(pair for pair in response.headers if pair[0].lower() != "content-length")
    return replace(response, headers=headers, body=head + rows + _END + tail)


def _delete(call: ParsedCall) -> Mapping[str, object]:
    wanted = call.params.get("Delete")
    return wanted if isinstance(wanted, Mapping) else {}


def _items(call: ParsedCall) -> list[Mapping[str, object]]:
    return objects(_delete(call), "Objects")


def _named(one: Kept) -> dict[str, object]:
    return {name: one.item[name] for name in ("Key", "VersionId") if one.item.get(name)}


def _element(name: str, item: Mapping[str, object]) -> str:
    value = text(item, name)
    return f"<{name}>{escape(value, _KEPT_AS_THEY_ARE)}</{name}>" if value else ""
