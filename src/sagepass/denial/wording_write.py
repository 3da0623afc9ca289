"""AWS's sentence of a denial, written in its present wording.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from sagepass.policy.kinds import Effect, PolicyType

if TYPE_CHECKING:
    from sagepass.denial.record import Denial
from sagepass.source.article import with_article

_CONSOLES: Final = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}


def write_message(
    *,
    action: str,
    principal: str | None = None,
    resource: str | None = None,
    policy_type: PolicyType | None = None,
    effect: Effect | None = None,
    policy_arn: str | None = None,
    operation: str | None = None,
    error_code: str | None = None,
    authorization_id: str | None = None,
    encoded_message: str | None = None,
    region: str | None = None,
) -> str:
    """Write a denial as AWS words it today; :func:`sagepass.denial.read_denials` reads the same fields out of it.

    Args:
        action: ``service:Name``.
        principal: the caller's ARN, a service principal, or ``anonymous``; without one the message starts as AWS's
            shortest form does, ``User is not authorized``.
        resource: an ARN, a name or ``*``.
        policy_type: the type of policy that decided.
        effect: ``IMPLICIT_DENY`` or ``EXPLICIT_DENY``; others write no reason.
        policy_arn: the policy of an explicit deny; written only where the effect and the type are given.
        operation: the API that was called; with it the message gets the SDK's frame.
        error_code: the error code; ``AccessDeniedException`` where only ``operation`` is given.
        authorization_id: the id for the Access Troubleshooter.
        encoded_message: an encoded authorization message.
        region: the Region of the console address that carries the id; ``us-east-1`` if not given.
    """
    sentence = f"User: {principal} is" if principal else "User is"
    sentence += f" not authorized to perform: {action}"
    if resource:
        sentence += f" on resource: {_quoted(resource)}"
    sentence += _reason(action, policy_type, effect, policy_arn)
    if authorization_id:
        sentence += _details(authorization_id, principal, region or "us-east-1")
    if encoded_message:
        sentence += f". Encoded authorization failure message: {encoded_message}"
    if operation:
        code = error_code or "AccessDeniedException"
        return f"An error occurred ({code}) when calling the {operation} operation: {sentence}"
    return f"{error_code}: {sentence}" if error_code else sentence


def message_of(denial: Denial) -> str | None:
    """The message of a denial whose action is known; ``None`` for others."""
    action = denial.action or denial.action_inferred
    if action is None:
        return None
    return write_message(
        action=action,
        principal=denial.principal,
        resource=denial.resource,
        policy_type=denial.policy_type,
        effect=denial.effect,
        policy_arn=denial.policy_arn,
        operation=denial.operation,
        error_code=denial.error_code,
        authorization_id=denial.authorization_id,
        encoded_message=denial.encoded_message,
        region=denial.region,
    )


def _quoted(resource: str) -> str:
    """Amazon S3 puts the resource in quotation marks."""
    parts = resource.split(":", 3)
    return f'"{resource}"' if len(parts) == 4 and parts[0] == "arn" and parts[2] == "s3" else resource


def _reason(action: str, policy_type: PolicyType | None, effect: Effect | None, policy_arn: str | None) -> str:
    if effect is Effect.IMPLICIT_DENY and policy_type is not None:
        return f" because no {policy_words(policy_type)} allows the {action} action"
    if effect is not Effect.EXPLICIT_DENY:
        return ""
    if policy_type is None:
        return " with an explicit deny"
    words = policy_words(policy_type)
    which = f"the {words}" if policy_type is PolicyType.ROLE_TRUST_POLICY else with_article(words)
    return f" with an explicit deny in {which}" + (f": {policy_arn}" if policy_arn else "")


def policy_words(policy_type: PolicyType) -> str:
    """A type of policy as AWS's messages spell it."""
    match policy_type:
        case PolicyType.RESOURCE_CONTROL_POLICY:
            return "resource control policy"
        case PolicyType.SERVICE_CONTROL_POLICY:
            return "service control policy"
        case PolicyType.VPC_ENDPOINT_POLICY:
            return "VPC endpoint policy"
        case PolicyType.RESOURCE_BASED_POLICY:
            return "resource-based policy"
        case PolicyType.ROLE_TRUST_POLICY:
            return "role trust policy"
        case PolicyType.IDENTITY_BASED_POLICY:
            return "identity-based policy"
        case PolicyType.PERMISSIONS_BOUNDARY:
            return "permissions boundary"
        case PolicyType.SESSION_POLICY:
            return "session policy"
    assert_never(policy_type)


def _details(authorization_id: str, principal: str | None, region: str) -> str:
    partition = principal.split(":")[1] if principal and principal.startswith("arn:") else "aws"
    host = _CONSOLES.get(partition, "console.aws.amazon.com")
    return (
        f". Go to https://{region}.{host}/iam/home?region={region}#/authorization-details/{authorization_id} for complete"
        f" details, or call the GetRequestAuthorizationDetails API with the following authorization id: {authorization_id}"
    )
