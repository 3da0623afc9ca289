"""KMS: the key policy must allow (directly, or by enabling IAM policies for the account), and grants add to it.

Other accounts can use a key and never manage it.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html,
https://docs.aws.amazon.com/kms/latest/developerguide/grants.html,
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.engine.inputs import Inputs
from sagepass.policy.arn import parse_arn
from sagepass.policy.kinds import CheckType
from sagepass.policy.match_principal import Naming, name_caller
from sagepass.policy.statement import PrincipalEntry, PrincipalForm
from sagepass.policy.truth import Truth, all_of, any_of
from sagepass.snapshot.grants import Grant

_ACROSS_ACCOUNTS = frozenset(
    {
        "CreateGrant", "Decrypt", "DeriveSharedSecret", "DescribeKey", "Encrypt", "GenerateDataKey",
        "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "GenerateMac",
        "GetKeyRotationStatus", "GetPublicKey", "ListGrants", "ListKeyRotations",
        "ReEncryptFrom", "ReEncryptTo", "RetireGrant", "RevokeGrant", "Sign", "Verify", "VerifyMac",
    }
)  # fmt: skip
"""What a permission for another account has an effect for: the cryptographic operations, and some about grants and the
key's state. (ListKeyRotations is younger than the page, and like GetKeyRotationStatus.)"""
_ACROSS = frozenset(f"kms:{name}".lower() for name in _ACROSS_ACCOUNTS)


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """Whether a grant lets the caller in, naming the caller itself or its role; and which."""

    direct: Truth = Truth.FALSE
    role: Truth = Truth.FALSE
    used: tuple[Grant, ...] = ()


def key_policy_must_allow(inputs: Inputs) -> bool:
    """True for requests to a key (or to the key behind an alias); calls without a key, such as ListKeys, have none.

    A key that is only being made has no policy yet: the tags of CreateKey need kms:TagResource in an identity policy
    (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html). Its ARN has no id.
    """
    arn = parse_arn(inputs.resource)
    return arn is not None and arn.service == "kms" and arn.resource != "key/"


def never(inputs: Inputs) -> tuple[CheckType, str] | None:
    """The reason why this request is refused whatever the policies say: a key is managed in its own account only.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
    """
    foreign = inputs.has_own_policies and inputs.same_account is Truth.FALSE and key_policy_must_allow(inputs)
    if not foreign or inputs.action.lower() in _ACROSS:
        return None
    return CheckType.RESOURCE, f"{inputs.action} works on keys of the caller's own account only"


def grant_facts(inputs: Inputs) -> GrantFacts:
    """What the grants of the key add."""
    if inputs.service != "kms":
        return GrantFacts()
    unsure = Truth.UNKNOWN if inputs.grants_missing else Truth.FALSE
    direct, role, used = [unsure], [unsure], []
    for grant in inputs.grants:
        naming = _naming(grant, inputs)
        truth = _applies(grant, inputs)
        if naming is Naming.NOT_AT_ALL or truth is Truth.FALSE:
            continue
        (role if naming is Naming.ROLE else direct).append(truth)
        used.append(grant)
    return GrantFacts(any_of(direct), any_of(role), tuple(used))


def _naming(grant: Grant, inputs: Inputs) -> Naming:
    form = PrincipalForm.AWS if grant.grantee.startswith("arn:") else PrincipalForm.SERVICE
    return name_caller(PrincipalEntry(form, grant.grantee, ()), inputs.caller) or Naming.NOT_AT_ALL


def _applies(grant: Grant, inputs: Inputs) -> Truth:
    operation = inputs.action.partition(":")[2].lower()
    if operation not in {name.lower() for name in grant.operations}:
        return Truth.FALSE
    truths = [_pair(key, value, inputs) for key, value in grant.encryption_context_subset]
    if grant.encryption_context_equals is not None:
        truths.append(_exact_context(grant.encryption_context_equals, inputs))
    if grant.source_arn is not None:
        truths.append(_value("aws:SourceArn", grant.source_arn, inputs))
    return all_of(truths)


def _pair(key: str, value: str, inputs: Inputs) -> Truth:
    return _value(f"kms:EncryptionContext:{key}", value, inputs)


def _value(key: str, value: str, inputs: Inputs) -> Truth:
    if inputs.context.is_unknown(key):
        return Truth.UNKNOWN
    found = inputs.context.get(key)
    return Truth.of(found is not None and value in found.values)


def _exact_context(pairs: tuple[tuple[str, str], ...], inputs: Inputs) -> Truth:
    """The encryption context has to hold these pairs and no others."""
    same = all_of(_pair(key, value, inputs) for key, value in pairs)
    prefix = "kms:encryptioncontext:"
    names = {f"{prefix}{key}".lower() for key, _ in pairs}
    others = any(key.startswith(prefix) and key not in names for key in inputs.context.values)
    if others:
        return Truth.FALSE
    return same if inputs.context.complete else min(same, Truth.UNKNOWN)
