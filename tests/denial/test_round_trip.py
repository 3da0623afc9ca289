"""What is written in AWS's wording is read back as it was."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sagepass.denial import PrincipalType, message_of, read_denials, write_message
from sagepass.policy.kinds import Effect, PolicyType

_PARTITIONS = st.sampled_from(["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b"])
_ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)
_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_+=@-]{0,30}[A-Za-z0-9]", fullmatch=True)
_REGIONS = st.sampled_from(["us-east-1", "eu-central-1", "ap-southeast-2", "cn-north-1", "us-gov-west-1"])
_ACTIONS = st.from_regex(
    r"(sagemaker|s3|kms|ecr|bedrock-mantle|sagemaker-mlflow|iam|sts|ec2):[A-Z][a-z]{2,8}[A-Z][A-Za-z]{2,20}",
    fullmatch=True,
)


@st.composite
def _principals(draw: st.DrawFn) -> tuple[str, PrincipalType, str | None]:
    partition, account, name, session = draw(_PARTITIONS), draw(_ACCOUNTS), draw(_NAMES), draw(_NAMES)
    kind = draw(st.sampled_from(list(PrincipalType)))
    arns = {
        PrincipalType.USER: f"arn:{partition}:iam::{account}:user/team/{name}",
        PrincipalType.ROLE: f"arn:{partition}:iam::{account}:role/service-role/{name}",
        PrincipalType.ASSUMED_ROLE: f"arn:{partition}:sts::{account}:assumed-role/{name}/{session}",
        PrincipalType.FEDERATED_USER: f"arn:{partition}:sts::{account}:federated-user/{name}",
        PrincipalType.ROOT: f"arn:{partition}:iam::{account}:root",
        PrincipalType.SERVICE: "sagemaker.amazonaws.com",
        PrincipalType.ANONYMOUS: "anonymous",
    }
    own = None if kind in {PrincipalType.SERVICE, PrincipalType.ANONYMOUS} else account
    return arns[kind], kind, own


@st.composite
def _resources(draw: st.DrawFn) -> str:
    partition, region, account, name = draw(_PARTITIONS), draw(_REGIONS), draw(_ACCOUNTS), draw(_NAMES)
    forms = [
        f"arn:{partition}:sagemaker:{region}:{account}:training-job/{name}", f"arn:{partition}:s3:::{name.lower()}/a/{name}.csv",
        f"arn:{partition}:iam::{account}:role/x/{name}", f"arn:{partition}:kms:{region}:{account}:key/11112222-3333-4444-5555-666677778888",
        "*", f"role {name}", f"my-{name}",
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


@settings(max_examples=300, deadline=None)
@given(
    principal=st.none() | _principals(),
    action=_ACTIONS,
    resource=st.none() | _resources(),
    policy_type=st.sampled_from(list(PolicyType)),
    effect=st.sampled_from([None, Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY]),
    policy=st.none() | st.from_regex(r"arn:aws:iam::[0-9]{12}:policy/[A-Za-z]{3,20}", fullmatch=True),
    operation=st.sampled_from([None, "CreateModel", "GetObject", "AssumeRole"]),
    identifier=st.none() | st.from_regex(r"[a-z0-9]{25}", fullmatch=True),
    blob=st.none() | st.from_regex(r"[A-Za-z0-9_-]{40,200}", fullmatch=True),
)
def test_written_messages_are_read_back(
    *,
    principal: tuple[str, PrincipalType, str | None] | None,
    action: str,
    resource: str | None,
    policy_type: PolicyType,
    effect: Effect | None,
    policy: str | None,
    operation: str | None,
    identifier: str | None,
    blob: str | None,
) -> None:
    """Principals of all kinds, policy types, partitions, codes, ids and encoded messages survive the round trip."""
    explicit = effect is Effect.EXPLICIT_DENY
    message = write_message(
        principal=principal[0] if principal else None,
        action=action,
        resource=resource,
        policy_type=policy_type if effect else None,
        effect=effect,
        policy_arn=policy if explicit else None,
        operation=operation,
        authorization_id=identifier,
        encoded_message=blob,
    )
    (read,) = read_denials(message)
    assert (read.principal, read.principal_type, read.account) == (principal or (None, None, None))
    assert (read.action, read.service, read.resource) == (action, action.partition(":")[0], resource)
    assert (read.policy_type, read.effect) == ((policy_type if effect else None), effect)
    assert read.policy_arn == (policy if explicit else None)
    assert (read.operation, read.error_code) == (operation, "AccessDeniedException" if operation else None)
    assert (read.authorization_id, read.encoded_message) == (identifier, blob)
    if not (identifier and not principal):
        assert message_of(read) is not None
