"""The AWS operations that the endpoint answers itself, from the authorization state and from what it has decided.

Every answer is a pure function from the request's members and a :class:`World` to the answer's members, named as in
botocore's service models. Nothing here needs botocore, a server or the network.
"""

from __future__ import annotations

from importlib import import_module

from sagepass.endpoint.answers.world import Answer, ApiError, World

_FILES = {
    "accessanalyzer": "access_analyzer",
    "cloudtrail": "lookup_events",
    "iam": "iam",
    "iam-toolbox": "authorization_record",
    "sts": "decode_message",
}
"""Client to the file that answers for it, and holds its ``ANSWERS``; loaded when it is first asked for."""


def find_answer(client: str, operation: str) -> Answer | None:
    """The answer to an operation of a client, or ``None`` where the endpoint has none of its own."""
    file = _FILES.get(client)
    if file is None:
        return None
    answers: dict[str, Answer] = import_module(f"{__name__}.{file}").ANSWERS
    return answers.get(operation)


__all__ = ["Answer", "ApiError", "World", "find_answer"]
