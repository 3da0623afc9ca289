"""``sts`` DecodeAuthorizationMessage, and the encoded messages that it decodes.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html. A message holds nothing but
a signed authorization id: what it decodes to is looked up, so a message tells nothing by itself, cannot be made up, and ends
with the process that issued it. The decoded form is that of Amazon EC2's messages (https://repost.aws/knowledge-center/ec2-not-auth-launch).
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping

from sagepass.endpoint.answers.members import Members
from sagepass.endpoint.answers.recorded_context import request_contexts
from sagepass.endpoint.answers.world import Answer, ApiError, World
from sagepass.endpoint.recorded import Recorded
from sagepass.engine.decision import Decision, StatementRef
from sagepass.policy.kinds import Effect
from sagepass.policy.statement import Element, StatementEffect

_CODE = "InvalidAuthorizationMessageException"
_LONGEST = 10_240
_KEY = secrets.token_bytes(32)


def encode_message(authorization_id: str) -> str:
    """The encoded message for a recorded denial, as an error may carry it."""
    text = f"{authorization_id}:{_signature(authorization_id)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_authorization_message(params: Mapping[str, object], world: World) -> Mapping[str, object]:
    """Answer DecodeAuthorizationMessage."""
    members = Members(params, _CODE)
    ident = _authorization_id(members.required("EncodedMessage"))
    recorded = world.recorded(ident) if ident else None
    if recorded is None or recorded.account != world.account:
        raise ApiError(_CODE, "the message is not one that this account can decode, or it has expired")
    return {"DecodedMessage": json.dumps(_decoded(recorded, world), separators=(",", ":"))}


def _authorization_id(message: str) -> str | None:
    if len(message) > _LONGEST or not message.isascii():
        return None
    try:
        text = base64.urlsafe_b64decode(message + "=" * (-len(message) % 4)).decode("ascii")
    except ValueError:
        return None
    ident, _, signature = text.partition(":")
    return ident if hmac.compare_digest(signature, _signature(ident)) else None


def _signature(ident: str) -> str:
    return hmac.new(_KEY, ident.encode(), "sha256").hexdigest()


def _decoded(recorded: Recorded, world: World) -> dict[str, object]:
    index = next((n for n, one in enumerate(recorded.decisions) if one.effect is not Effect.ALLOW), 0)
    decision = recorded.decisions[index] if recorded.decisions else None
    shared, own = request_contexts(recorded, world)
    context = {**shared, **(own[index] if own else {})}
    matched = [ref for check in decision.checks for ref in check.matched] if decision else []
    return {
        "allowed": recorded.allowed,
        "explicitDeny": decision is not None and decision.effect is Effect.EXPLICIT_DENY,
        "matchedStatements": _items([_statement(ref) for ref in _denying(decision, matched)]),
        "failures": _items([]),
        "context": {
            "principal": {"id": _id_of(context), "name": recorded.caller.rpartition("/")[2], "arn": recorded.caller},
            "action": decision.request.action if decision else "",
            "resource": decision.request.resource if decision else "",
            "conditions": _items([_condition(key, value) for key, value in context.items()]),
        },
    }


def _denying(decision: Decision | None, matched: list[StatementRef]) -> list[StatementRef]:
    """The statements that denied; without an explicit deny there are none."""
    if decision is None or decision.effect is not Effect.EXPLICIT_DENY:
        return []
    return [ref for ref in matched if ref.statement.effect is StatementEffect.DENY]


def _items(items: list[dict[str, object]]) -> dict[str, object]:
    return {"items": items}


def _id_of(context: Mapping[str, object]) -> str:
    found = next((value for key, value in context.items() if key.lower() == "aws:userid"), "")
    return found if isinstance(found, str) else ""


def _condition(key: str, value: object) -> dict[str, object]:
    values = value if isinstance(value, list) else [value]
    return {"key": key, "values": _items([{"value": str(one)} for one in values])}


def _statement(ref: StatementRef) -> dict[str, object]:
    statement = ref.statement
    return {
        "statementId": statement.sid or "",
        "effect": "DENY" if statement.effect is StatementEffect.DENY else "ALLOW",
        "principals": _items([{"value": one.value} for one in statement.principals or ()]),
        "principalGroups": _items([]),
        "actions": _items(_values(statement.actions)),
        "resources": _items(_values(statement.resources or ())),
        "conditions": _items(
            [{"key": condition.key, "values": _items(_values(condition.values))} for condition in statement.conditions]
        ),
    }


def _values(elements: tuple[Element, ...]) -> list[dict[str, object]]:
    return [{"value": element.value} for element in elements]


ANSWERS: dict[str, Answer] = {"DecodeAuthorizationMessage": decode_authorization_message}
