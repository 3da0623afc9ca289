"""A denial as plain data, with key names that do not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sagepass.denial.other_errors import next_step

if TYPE_CHECKING:
    from sagepass.denial.record import Denial

_HIDDEN: Final = "[redacted]"


def denial_to_json(denial: Denial, *, redact: bool = False) -> dict[str, Any]:
    """Turn a denial into what ``json.dumps`` takes.

    Args:
        denial: any denial.
        redact: put ``[redacted]`` in the place of the encoded message and the authorization id, in the text too.

    Returns:
        Every key always, ``None`` where the text does not say. ``span`` and the values of ``places`` are
        ``[start, end]`` in characters of the input, the end not included.
    """
    secrets = [secret for secret in (denial.encoded_message, denial.authorization_id) if secret]
    text = denial.text
    if redact:
        text = _without(text, denial)
    return {
        "kind": denial.kind.value,
        "principal": denial.principal,
        "principal_type": _value(denial.principal_type),
        "account": denial.account,
        "action": denial.action,
        "action_inferred": denial.action_inferred,
        "resource": denial.resource,
        "policy_type": _value(denial.policy_type),
        "effect": _value(denial.effect),
        "operation": denial.operation,
        "service": denial.service,
        "policy_arn": denial.policy_arn,
        "authorization_id": _HIDDEN if redact and denial.authorization_id else denial.authorization_id,
        "encoded_message": _HIDDEN if redact and denial.encoded_message else denial.encoded_message,
        "reason": _value(denial.reason),
        "next_step": next_step(denial),
        "region": denial.region,
        "error_code": denial.error_code,
        "context": {key: list(values) for key, values in denial.context},
        "basis": dict(denial.basis),
        "text": text if not (redact and any(secret in text for secret in secrets)) else _HIDDEN,
        "span": [denial.span.start, denial.span.end],
        "places": {name: [place.start, place.end] for name, place in denial.places},
    }


def _value(member: object) -> str | None:
    return None if member is None else str(member)


def _without(text: str, denial: Denial) -> str:
    """The text with the secret pieces cut out; where they stand is known even if line breaks cut them."""
    for name, place in sorted(denial.places, key=lambda item: -item[1].start):
        if name in {"encoded_message", "authorization_id"} and denial.span.start <= place.start < denial.span.end:
            start, end = place.start - denial.span.start, place.end - denial.span.start
            text = text[:start] + _HIDDEN + text[end:]
    if denial.authorization_id:
        text = text.replace(denial.authorization_id, _HIDDEN)
    return text
