"""Tokens of identity providers, verified against keys that were given at the start.

An OpenID Connect provider or a SAML provider has to exist in the role's account, as in AWS; the endpoint never fetches keys
from the network.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.moto_adapter.identities import providers
from sagepass.endpoint.moto_adapter.routing import ParsedCall
from sagepass.endpoint.own.assume_role import Claims
from sagepass.policy.arn import is_account_id, parse_arn


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """The keys of identity providers.

    Attributes:
        jwks: issuer (``https://…``) to a file with its JSON Web Key Set.
        certificates: ARN of a SAML provider to a file with the certificate that signs its assertions (PEM).
    """

    jwks: Mapping[str, Path] = field(default_factory=dict)
    certificates: Mapping[str, Path] = field(default_factory=dict)

    def verify(self, call: ParsedCall, now: datetime) -> tuple[str, Claims]:
        """The ARN of the provider, and what its token says.

        Raises:
            ApiError: the provider is unknown, or the token is wrong, expired or for somebody else.
        """
        account = _account(str(call.params.get("RoleArn") or ""))
        known = providers(account) if account else {}
        if call.operation == "AssumeRoleWithWebIdentity":
            from sagepass.endpoint.web_identity import verify_token  # noqa: PLC0415 - few calls bring a token

            return verify_token(str(call.params.get("WebIdentityToken") or ""), known, self.jwks, now)
        from sagepass.endpoint.saml import verify_assertion  # noqa: PLC0415 - few calls bring an assertion

        return verify_assertion(call.params, known, self.certificates, now)


def _account(role_arn: str) -> str:
    parts = parse_arn(role_arn)
    if parts is None or parts.service != "iam" or not is_account_id(parts.account):
        raise ApiError("ValidationError", f"{role_arn[:200]} is invalid")
    return parts.account
