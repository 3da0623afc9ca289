"""What temporary credentials of GetSessionToken cannot call, whatever the policies say.

IAM only with a second factor; of STS only AssumeRole and GetCallerIdentity. The limits of GetFederationToken are rules of the
engine (``engine/services``).

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
"""

from __future__ import annotations

from sagepass.endpoint.identity import Identity
from sagepass.endpoint.sessions import SessionKind

_STS = frozenset({"AssumeRole", "GetCallerIdentity"})


def why_not(identity: Identity, client: str, operation: str) -> str | None:
    """The reason why these credentials cannot make the call; ``None`` if they can."""
    if identity.session is None or identity.kind is not SessionKind.SESSION_TOKEN:
        return None
    if client == "sts" and operation not in _STS:
        return f"Cannot call {operation} with session credentials"
    if client == "iam" and identity.session.mfa is None:
        return "The security token included in the request is invalid"
    return None
