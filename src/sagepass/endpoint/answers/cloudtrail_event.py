"""One decided call as a CloudTrail record.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html and
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html. Secrets and bodies
are never in it: AWS hides them in the same way.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sagepass.endpoint.answers.event_kind import data_event_type, event_name, event_source
from sagepass.endpoint.answers.event_user import user_identity
from sagepass.endpoint.recorded import Recorded

_VERSION = "1.11"
_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_SECRET = frozenset({
    "authenticationcode1", "authenticationcode2", "body", "ciphertextblob", "customattributes", "encodedmessage",
    "encryptedkeymaterial", "environment", "granttoken", "granttokens", "keystorepassword", "newpassword", "oldpassword",
    "password", "plaintext", "privatekey", "samlassertion", "secretaccesskey", "sessiontoken", "ssecustomerkey",
    "copysourcessecustomerkey", "tokencode", "tradeintoken", "webidentitytoken", "lifecycleconfigcontent", "importtoken",
})  # fmt: skip
"""Members, in lower case, whose value is not written down."""
_LARGEST = 100_000
"""Characters of ``requestParameters``; AWS cuts at 100 KB."""
_DEEPEST = 20


def cloudtrail_event(recorded: Recorded) -> dict[str, object]:
    """The record of a call, with ``errorCode`` and ``errorMessage`` where it failed."""
    data = data_event_type(recorded.client, recorded.operation)
    event: dict[str, object] = {
        "eventVersion": _VERSION,
        "userIdentity": user_identity(recorded),
        "eventTime": timestamp(recorded.time),
        "eventSource": event_source(recorded.client),
        "eventName": event_name(recorded.client, recorded.operation),
        "awsRegion": recorded.region,
        "sourceIPAddress": recorded.source_ip,
        "userAgent": recorded.user_agent[:1024],
    }
    if recorded.error_code is not None:
        event["errorCode"] = recorded.error_code
        event["errorMessage"] = recorded.error_message or ""
    event |= {
        "requestParameters": _parameters(recorded.params),
        "responseElements": None,
        "requestID": recorded.request_id,
        "eventID": event_id(recorded),
        "readOnly": recorded.read_only,
    }
    if data is not None:
        event["resources"] = _resources(recorded, data)
    return event | {
        "eventType": "AwsApiCall",
        "managementEvent": data is None,
        "recipientAccountId": recorded.account,
        "eventCategory": "Management" if data is None else "Data",
    }


def event_id(recorded: Recorded) -> str:
    """The id of the event, the same whenever the call is looked up."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{recorded.request_id}\n{recorded.authorization_id}"))


def timestamp(time: datetime) -> str:
    """``2026-11-24T20:37:05Z``."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _resources(recorded: Recorded, kind: str) -> list[dict[str, object]]:
    """The resources of a data event, each with its owner."""
    arns = dict.fromkeys(one.resource for one in recorded.needed if one.resource.startswith("arn:"))
    return [
        {"type": kind, "ARN": arn, **({"accountId": arn.split(":")[4]} if arn.split(":")[4] else {})} for arn in arns
    ]


def _parameters(params: Mapping[str, object]) -> object:
    """The members with a small first letter, as CloudTrail has them; ``None`` if there are none."""
    if not params:
        return None
    shown = _shown(params, 0)
    return {"omitted": True} if len(json.dumps(shown)) > _LARGEST else shown


def _shown(value: object, depth: int) -> object:
    if depth > _DEEPEST:
        return "…"
    match value:
        case Mapping():
            return {
                _small(str(name)): _HIDDEN if str(name).lower() in _SECRET else _shown(inner, depth + 1)
                for name, inner in value.items()
            }
        case str() | bool() | int() | float() | None:
            return value
        case datetime():
            return timestamp(value)
        case bytes() | bytearray() | memoryview():
            return _HIDDEN
        case Sequence():
            return [_shown(inner, depth + 1) for inner in value]
        case _:
            return _HIDDEN


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
