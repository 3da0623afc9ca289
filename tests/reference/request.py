"""Who asks for what: the request of an access case, and the context that follows from it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.reference.conditions import texts
from tests.reference.patterns import Context


class Kind(Enum):
    """What makes the request; the value is its aws:PrincipalType, empty where AWS names none."""

    USER = "User"
    ROLE = "AssumedRole"
    FEDERATED_USER = "FederatedUser"  # of GetFederationToken
    ROOT = "Account"
    ANONYMOUS = "Anonymous"
    SERVICE = ""
    IDENTITY_PROVIDER = " "  # a web or SAML identity that assumes a role

    @property
    def has_identity(self) -> bool:
        """Whether an account stands behind it whose own policies (identity, SCP) count."""
        return self in (Kind.USER, Kind.ROLE, Kind.FEDERATED_USER, Kind.ROOT)


class ComparedAs(Enum):
    """What of a request Resource elements are compared with."""

    NAMED = "the resource that it names"
    DOCUMENTED = "the action takes no resource: AWS documents *"
    IN_MESSAGES = "the action takes no resource, and AWS's messages name an ARN all the same"


@dataclass(frozen=True)
class Request:
    """One authorization: `principal` is the ARN (or name) of the request, `role` the role ARN of a role session."""

    principal: str
    kind: Kind
    account: str  # of the principal; "" for services, anonymous callers and identity providers
    role: str
    federated_by: str
    action: str
    resource: str
    resource_account: str
    context: Context
    compared_as: ComparedAs = ComparedAs.NAMED

    @property
    def service(self) -> str:
        """The prefix of the action."""
        return self.action.partition(":")[0].lower()

    @property
    def root(self) -> str:
        """The ARN that stands for the principal's whole account."""
        return f"arn:{_field(self.principal, 1)}:iam::{self.account}:root"

    @property
    def is_service_linked(self) -> bool:
        """Whether a service-linked role asks: its path is aws-service-role."""
        return ":role/aws-service-role/" in self.role


def read_request(case: dict[str, Any]) -> Request:
    """The request of an access case, with its complete context: a given key wins over a derived one."""
    request = case["request"]
    principal, resource = request["principal"], request["resource"]
    kind = _kind(principal)
    given = {key.lower(): tuple(texts(value)) for key, value in request.get("context", {}).items()}
    account = _field(principal, 4) if kind.has_identity else ""
    resource_account = request.get("resource_account") or _field(resource, 4)
    derived = {
        "aws:principaltype": kind.value.strip(),
        "aws:principalaccount": account,
        "aws:principalarn": _principal_arn(principal, kind),
        "aws:resourceaccount": resource_account,
        "aws:requestedregion": _field(resource, 3),
        "aws:principalisawsservice": {Kind.SERVICE: "true", Kind.ANONYMOUS: "", Kind.IDENTITY_PROVIDER: ""}.get(
            kind, "false"
        ),
        "aws:principalservicename": principal if kind is Kind.SERVICE else "",
        "aws:username": principal.rpartition("/")[2] if kind is Kind.USER else "",
        "aws:userid": _user_id(principal, kind),
        "kms:calleraccount": account if request["action"].lower().startswith("kms:") else "",
    }
    context = {key: (value,) for key, value in derived.items() if value} | given
    return Request(
        principal=principal,
        kind=kind,
        account=account,
        role=context["aws:principalarn"][0] if kind is Kind.ROLE else "",
        federated_by=case.get("federated_by", ""),
        action=request["action"],
        resource=resource,
        resource_account=resource_account,
        context={key: values for key, values in context.items() if values},
    )


def _kind(principal: str) -> Kind:
    if not principal.startswith("arn:"):
        return Kind.ANONYMOUS if principal in ("anonymous", "*") else Kind.SERVICE
    name = principal.split(":", 5)[5]
    if name == "root":
        return Kind.ROOT
    return {
        "user": Kind.USER,
        "role": Kind.ROLE,
        "assumed-role": Kind.ROLE,
        "federated-user": Kind.FEDERATED_USER,
        "oidc-provider": Kind.IDENTITY_PROVIDER,
        "saml-provider": Kind.IDENTITY_PROVIDER,
    }[name.partition("/")[0]]


def _field(arn: str, index: int) -> str:
    fields = arn.split(":", 5)
    return fields[index] if len(fields) == 6 else ""


def _principal_arn(principal: str, kind: Kind) -> str:
    """For a role session "the ARN of the role, not of the session"; its path is unknown here."""
    if not kind.has_identity:
        return ""
    name = principal.split(":", 5)[5].split("/")
    if name[0] != "assumed-role":
        return principal
    return f"arn:{_field(principal, 1)}:iam::{_field(principal, 4)}:role/{name[1]}"


def _user_id(principal: str, kind: Kind) -> str:
    """Unique ids are not in a request, except where the id is made of the account number."""
    account = _field(principal, 4)
    return {Kind.ROOT: account, Kind.FEDERATED_USER: f"{account}:{principal.rpartition('/')[2]}"}.get(kind, "")
