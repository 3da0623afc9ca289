"""The global condition context keys: type, number of values, and when a request carries them.

Source, for every row: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
("Availability" and "Value type" of each key). Keys with the prefix of a service that other services' requests carry too
(``ec2:SourceInstanceArn``) are listed on the same page as cross-service keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Presence(StrEnum):
    """When a key is in the request context."""

    ALWAYS = "always"
    """In every request."""
    SIGNED = "signed"
    """In every request with credentials, not in anonymous ones."""
    PRINCIPAL = "principal"
    """Depends on the kind of caller alone; see the row's note."""
    SESSION = "session"
    """Only with temporary credentials that were issued in a certain way."""
    NETWORK = "network"
    """Depends on the way the request takes."""
    RESOURCE = "resource"
    """Depends on the resource, its account or its tags."""
    REQUEST = "request"
    """Depends on what the request asks for."""
    SERVICE = "service"
    """Only in requests that an AWS service makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalKey:
    """One global key; ``note`` says when it is present in more detail."""

    name: str
    type: str
    multivalued: bool
    presence: Presence
    note: str


def _row(name: str, kind: str, presence: Presence, note: str) -> tuple[str, GlobalKey]:
    key = GlobalKey(
        name=name,
        type=kind.removeprefix("ArrayOf"),
        multivalued=kind.startswith("ArrayOf"),
        presence=presence,
        note=note,
    )
    return name.lower(), key


_P = Presence

GLOBAL_KEYS: dict[str, GlobalKey] = dict(
    (
        _row("aws:PrincipalArn", "ARN", _P.SIGNED, "for a role session the ARN of the role with its path"),
        _row("aws:PrincipalAccount", "String", _P.SIGNED, "anonymous requests return 'anonymous'"),
        _row("aws:PrincipalOrgID", "String", _P.PRINCIPAL, "if the caller's account is in an organization"),
        _row("aws:PrincipalOrgPaths", "ArrayOfString", _P.PRINCIPAL, "if the caller's account is in an organization"),
        _row("aws:PrincipalTag/${TagKey}", "String", _P.PRINCIPAL, "if the user, role or session has that tag"),
        _row("aws:PrincipalIsAWSService", "Bool", _P.SIGNED, "true for a direct call by a service principal"),
        _row("aws:PrincipalServiceName", "String", _P.SERVICE, "a direct call by a service principal"),
        _row("aws:PrincipalServiceNamesList", "ArrayOfString", _P.SERVICE, "a direct call by a service principal"),
        _row("aws:PrincipalType", "String", _P.ALWAYS, "Account, User, FederatedUser, AssumedRole or Anonymous"),
        _row("aws:userid", "String", _P.ALWAYS, "the unique id; of a role session role-id:session-name"),
        _row("aws:username", "String", _P.PRINCIPAL, "IAM users only"),
        _row("aws:AssumedRoot", "Bool", _P.SESSION, "sessions of sts:AssumeRoot"),
        _row("aws:FederatedProvider", "String", _P.SESSION, "role sessions from an OIDC identity provider"),
        _row("aws:TokenIssueTime", "Date", _P.SESSION, "temporary credentials"),
        _row("aws:MultiFactorAuthAge", "Numeric", _P.SESSION, "temporary credentials obtained with MFA"),
        _row("aws:MultiFactorAuthPresent", "Bool", _P.SESSION, "temporary credentials; absent with long-term keys"),
        _row("aws:ChatbotSourceArn", "ARN", _P.SESSION, "sessions of a chat channel configuration"),
        _row("aws:Ec2InstanceSourceVpc", "String", _P.SESSION, "credentials of an EC2 instance role"),
        _row("aws:Ec2InstanceSourcePrivateIPv4", "IPAddress", _P.SESSION, "credentials of an EC2 instance role"),
        _row("aws:SourceIdentity", "String", _P.SESSION, "if a source identity was set when the role was assumed"),
        _row("ec2:RoleDelivery", "Numeric", _P.SESSION, "credentials of an EC2 instance role"),
        _row("ec2:SourceInstanceArn", "ARN", _P.SESSION, "credentials of an EC2 instance role"),
        _row("glue:RoleAssumedBy", "String", _P.SESSION, "sessions that Glue opened for a job"),
        _row("glue:CredentialIssuingService", "String", _P.SESSION, "sessions that Glue opened for a job"),
        _row("lambda:SourceFunctionArn", "ARN", _P.SESSION, "credentials of a function's execution role"),
        _row("ssm:SourceInstanceArn", "ARN", _P.SESSION, "credentials of a managed instance"),
        _row("identitystore:UserId", "String", _P.SESSION, "identity-enhanced sessions of IAM Identity Center"),
        _row("aws:SourceIp", "IPAddress", _P.NETWORK, "public requests; absent through a VPC endpoint"),
        _row("aws:SourceVpc", "String", _P.NETWORK, "through a VPC endpoint"),
        _row("aws:SourceVpcArn", "ARN", _P.NETWORK, "through a VPC endpoint, for services that support it"),
        _row("aws:SourceVpce", "String", _P.NETWORK, "through a VPC endpoint"),
        _row("aws:VpceAccount", "String", _P.NETWORK, "through a VPC endpoint, for services that support it"),
        _row("aws:VpceOrgID", "String", _P.NETWORK, "through a VPC endpoint, for services that support it"),
        _row("aws:VpceOrgPaths", "ArrayOfString", _P.NETWORK, "through a VPC endpoint, for services that support it"),
        _row("aws:VpcSourceIp", "IPAddress", _P.NETWORK, "through a VPC endpoint"),
        _row("aws:ResourceAccount", "String", _P.RESOURCE, "most actions; some services leave it out"),
        _row("aws:ResourceOrgID", "String", _P.RESOURCE, "if the resource's account is in an organization"),
        _row("aws:ResourceOrgPaths", "ArrayOfString", _P.RESOURCE, "if the resource's account is in an organization"),
        _row("aws:ResourceTag/${TagKey}", "String", _P.RESOURCE, "if the existing resource has that tag"),
        _row("aws:CalledVia", "ArrayOfString", _P.SERVICE, "a service calls with the caller's credentials"),
        _row("aws:CalledViaFirst", "String", _P.SERVICE, "a service calls with the caller's credentials"),
        _row("aws:CalledViaLast", "String", _P.SERVICE, "a service calls with the caller's credentials"),
        _row("aws:CalledViaAWSMCP", "String", _P.SERVICE, "a managed MCP server calls with the caller's credentials"),
        _row("aws:ViaAWSService", "Bool", _P.ALWAYS, "true if a service calls with the caller's credentials"),
        _row("aws:ViaAWSMCPService", "Bool", _P.REQUEST, "if a managed MCP server made the call"),
        _row("aws:IsMcpServiceAction", "Bool", _P.REQUEST, "actions of a managed MCP server"),
        _row("aws:CurrentTime", "Date", _P.ALWAYS, ""),
        _row("aws:EpochTime", "Date", _P.ALWAYS, "numeric operators work as well"),
        _row("aws:referer", "String", _P.REQUEST, "if the client sends the header"),
        _row("aws:RequestedRegion", "String", _P.ALWAYS, "global services are addressed in one Region"),
        _row("aws:RequestTag/${TagKey}", "String", _P.REQUEST, "if the request sets that tag"),
        _row("aws:TagKeys", "ArrayOfString", _P.REQUEST, "if the request names tag keys"),
        _row("aws:SecureTransport", "Bool", _P.ALWAYS, ""),
        _row("aws:SourceArn", "ARN", _P.SERVICE, "a service principal acts for a resource"),
        _row("aws:SourceAccount", "String", _P.SERVICE, "a service principal acts for a resource"),
        _row("aws:SourceOwner", "String", _P.SERVICE, "some services in place of aws:SourceAccount"),
        _row("aws:SourceOrgID", "String", _P.SERVICE, "a service principal acts for an organization's resource"),
        _row("aws:SourceOrgPaths", "ArrayOfString", _P.SERVICE, "a service principal acts for such a resource"),
        _row("aws:UserAgent", "String", _P.REQUEST, "if the client sends the header; it can say anything"),
    )
)
"""Lower-cased name (``aws:principaltag/${tagkey}`` for families) to the key."""
