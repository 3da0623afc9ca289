"""One call that the endpoint has decided, as answers, logs and event histories read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sagepass.calls.call import Needed
from sagepass.engine.decision import Decision
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One decided call. It holds no secret: no secret key, no session token, no signature.

    Attributes:
        authorization_id: the id that a denial carries; digits and lower-case letters.
        request_id: what ``x-amzn-RequestId`` says.
        time: when the call arrived, with a time zone.
        client: the service as the SDKs name it (``sagemaker-runtime``).
        operation: the API.
        params: the request as the SDKs take it.
        caller: ARN of the caller; ``*`` for an anonymous one.
        account: the account that the call was made in; of an anonymous call that of the resource.
        region: where the call went.
        access_key_id: of the signature; ``None`` for an anonymous call.
        source_ip: the address of the client.
        user_agent: what the client says of itself; it can say anything.
        decisions: one for each authorization, in the order of ``needed``. After the first denial none has to follow.
        needed: what the call needs.
        allowed: whether the call was let through.
        error_code: of the answer, ``None`` where it succeeded.
        error_message: of the answer.
        read_only: whether the operation only reads, as CloudTrail's ``readOnly`` says.
        snapshot: the state that it was decided from. AWS shows the policies that were captured with a request, not those
            of today; without it only the policies that the decision names can be shown.
    """

    authorization_id: str
    request_id: str
    time: datetime
    client: str
    operation: str
    params: Mapping[str, object]
    caller: str
    account: str
    region: str
    access_key_id: str | None
    source_ip: str
    user_agent: str
    decisions: Sequence[Decision]
    needed: tuple[Needed, ...]
    allowed: bool
    error_code: str | None
    error_message: str | None
    read_only: bool
    snapshot: Snapshot | None = None
