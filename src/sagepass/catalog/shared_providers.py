"""Identity providers that one issuer serves for all its customers, and the claim by which it tells them apart.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html (of these a role's trust
policy has to ask for the claim; the audience of a token is what the customer asks for) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif (the
application or identity pool that a token was issued to).
"""

from __future__ import annotations

from dataclasses import dataclass

CHOSEN = frozenset({"aud", "azp", "oaud"})
"""Claims that whoever asks for a token chooses, where another claim tells the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedProvider:
    """One of them.

    Attributes:
        host: of the issuer, as it stands in condition keys.
        claim: the claim that tells its customers apart.
        before: what stands before the customer's name in the claim's values.
        after: what ends the name; empty if the whole value is the name.
        chosen: claims that a stranger can give any value.
    """

    host: str
    claim: str
    before: str = ""
    after: str = ""
    chosen: frozenset[str] = CHOSEN


_APP = frozenset[str]()
_ROWS = (
    SharedProvider(host="token.actions.githubusercontent.com", claim="sub", before="repo:", after="/"),
    SharedProvider(host="gitlab.com", claim="sub", before="project_path:", after="/"),
    SharedProvider(host="app.terraform.io", claim="sub", before="organization:", after=":"),
    SharedProvider(host="agent.buildkite.com", claim="sub", before="organization:", after=":"),
    SharedProvider(host="cognito-identity.amazonaws.com", claim="aud", chosen=_APP),
    SharedProvider(host="accounts.google.com", claim="aud", chosen=_APP),
    SharedProvider(host="graph.facebook.com", claim="app_id", chosen=_APP),
    SharedProvider(host="www.amazon.com", claim="app_id", chosen=_APP),
)
_BY_HOST = {row.host: row for row in _ROWS}


def shared_provider(principal: str) -> SharedProvider | None:
    """The shared provider that a Federated principal names: by the ARN of its entry in IAM, or by its host alone.

    A path behind the host (an issuer of its own, such as that of a GitHub enterprise) is no shared one.
    """
    return _BY_HOST.get((principal.partition(":oidc-provider/")[2] or principal).lower())
