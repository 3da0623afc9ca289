"""The few names random cases are made of: few, so that policies and requests meet.

What AWS leaves open is left out: wildcards before an ARN's resource part, principals with wildcards, aws:RequestedRegion where
the ARN has no region, federated users that call IAM or STS, NotPrincipal for federated users.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

Json: TypeAlias = Any
HERE, THERE = "111122223333", "444455556666"
SESSION_NAME = "job-1"
ROLE_PATHS = ("", "", "service-role/")
SERVICES = ("sagemaker.amazonaws.com", "logs.us-east-1.amazonaws.com")
SERVICE_LINKED = "AWSServiceRoleForAmazonSageMakerNotebooks"


@dataclass(frozen=True)
class Caller:
    """A principal: its request ARN, the ARNs a policy can call it by, and what has to be given about it."""

    kind: str
    account: str
    principal: str
    behind: str = ""  # the role of a session, the user of a federated user
    given: tuple[tuple[str, str], ...] = ()

    @property
    def has_identity(self) -> bool:
        """Whether it has policies of its own and SCPs."""
        return self.kind in ("user", "role", "service-linked role", "federated user", "root")


def caller(rng: Random, kind: str, account: str) -> Caller:
    """A principal of this kind."""
    iam, sts = f"arn:aws:iam::{account}:", f"arn:aws:sts::{account}:"
    match kind:
        case "user":
            return Caller(kind, account, iam + rng.choice(("user/dana", "user/dana", "user/ml/dana")))
        case "role":
            path = rng.choice(ROLE_PATHS)
            role = f"{iam}role/{path}Exec"
            given = (("aws:PrincipalArn", role),) if path or rng.random() < 0.3 else ()
            return Caller(kind, account, f"{sts}assumed-role/Exec/{SESSION_NAME}", role, given)
        case "service-linked role":
            role = f"{iam}role/aws-service-role/sagemaker.amazonaws.com/{SERVICE_LINKED}"
            return Caller(kind, account, f"{sts}assumed-role/{SERVICE_LINKED}/x", role, (("aws:PrincipalArn", role),))
        case "federated user":
            return Caller(kind, account, f"{sts}federated-user/dana", f"{iam}user/dana")
        case "root":
            return Caller(kind, account, f"{iam}root")
        case "service":
            return Caller(kind, "", rng.choice(SERVICES))
        case "identity provider":
            return Caller(kind, "", iam + rng.choice(("oidc-provider/idp.example.com", "saml-provider/Corp")))
        case _:
            return Caller("anonymous", "", "anonymous")


CALLS: dict[str, tuple[tuple[str, str], ...]] = {
    "data": (
        ("s3:GetObject", "arn:aws:s3:::ml-data/train.csv"),
        ("s3:GetObject", "arn:aws:s3:::ml-data/ml/train.csv"),
        ("s3:PutObject", "arn:aws:s3:::ml-data/train.csv"),
    ),
    "sagemaker": (
        ("sagemaker:CreateTrainingJob", "arn:aws:sagemaker:us-east-1:{account}:training-job/ml"),
        ("sagemaker:InvokeEndpoint", "arn:aws:sagemaker:us-east-1:{account}:endpoint/dana"),
        ("sagemaker:DeleteApp", "arn:aws:sagemaker:us-east-1:{account}:app/d-abc/dana/JupyterLab/default"),
    ),
    "without resource": (
        ("sagemaker:ListModels", "arn:aws:sagemaker:us-east-1:{account}:model/ml"),
        ("sagemaker:ListDomains", "arn:aws:sagemaker:us-east-1:{account}:domain/dana"),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::ml-data/train.csv"),
        ("sagemaker:QueryLineage", "arn:aws:sagemaker:us-east-1:{account}:lineage-group/ml"),
    ),
    "key": (
        ("kms:Decrypt", "arn:aws:kms:us-east-1:{account}:key/1111-aaaa"),
        ("kms:CreateGrant", "arn:aws:kms:us-east-1:{account}:key/1111-aaaa"),
        ("kms:RetireGrant", "arn:aws:kms:us-east-1:{account}:key/1111-aaaa"),
    ),
    "trust": (
        ("sts:AssumeRole", "arn:aws:iam::{account}:role/ExecRole"),
        ("sts:AssumeRole", "arn:aws:iam::{account}:role/service-role/ExecRole"),
        ("sts:TagSession", "arn:aws:iam::{account}:role/ExecRole"),
        ("sts:SetSourceIdentity", "arn:aws:iam::{account}:role/ExecRole"),
    ),
    "federation": (
        ("sts:AssumeRoleWithWebIdentity", "arn:aws:iam::{account}:role/ExecRole"),
        ("sts:AssumeRoleWithSAML", "arn:aws:iam::{account}:role/ExecRole"),
    ),
    "pass": (
        ("iam:PassRole", "arn:aws:iam::{account}:role/ExecRole"),
        ("iam:PassRole", "arn:aws:iam::{account}:role/service-role/ExecRole"),
    ),
    "free": (("sts:GetCallerIdentity", "*"),),
}

CALLS_OF: dict[str, tuple[str, ...]] = {
    "user": ("data", "data", "sagemaker", "key", "trust", "pass", "free", "without resource"),
    "role": ("data", "data", "sagemaker", "key", "trust", "pass", "free", "without resource"),
    "service-linked role": ("data", "sagemaker", "key", "trust", "without resource"),
    "federated user": ("data", "data", "sagemaker", "key", "without resource"),
    "root": ("data", "data", "sagemaker", "key", "trust", "pass", "without resource"),
    "service": ("data", "key", "trust"),
    "identity provider": ("federation",),
    "anonymous": ("data",),
}

# Single-valued string keys, by the values a request or a policy may hold.
STRING_VALUES: dict[str, tuple[str, ...]] = {
    "aws:PrincipalTag/team": ("ml", "ops", "m*", "ML", ""),
    "aws:RequestTag/team": ("ml", "ops", "ML", "m*l"),
    "aws:ResourceTag/team": ("ml", "ops"),
    "s3:prefix": ("ml/", "dana/", "ml/x"),
    "iam:PassedToService": ("sagemaker.amazonaws.com", "ec2.amazonaws.com"),
    "kms:ViaService": ("sagemaker.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"),
    "sts:ExternalId": ("Cust-4711", "cust-4711"),
    "aws:SourceAccount": (HERE, THERE),
    "aws:PrincipalOrgID": ("o-ours", "o-other"),
}
# Keys that follow from the request; they are seldom given.
DERIVED_VALUES: dict[str, tuple[str, ...]] = {
    "aws:PrincipalAccount": (HERE, THERE),
    "aws:ResourceAccount": (HERE, THERE),
    "aws:username": ("dana", "alice"),
    "aws:PrincipalType": ("User", "AssumedRole", "FederatedUser", "Account"),
    "kms:CallerAccount": (HERE, THERE),
    "aws:RequestedRegion": ("us-east-1", "eu-west-1"),
}
ARN_VALUES: dict[str, tuple[str, ...]] = {
    "aws:SourceArn": (
        f"arn:aws:sagemaker:us-east-1:{HERE}:training-job/t1",
        f"arn:aws:sagemaker:us-east-1:{HERE}:*",
        f"arn:aws:sagemaker:us-east-1:{THERE}:endpoint/e:1",
    ),
    "sagemaker:ModelArn": (
        f"arn:aws:sagemaker:us-east-1:{HERE}:model/ml",
        f"arn:aws:sagemaker:us-east-1:{HERE}:model/ML",
    ),
}
ARN_PATTERNS = (
    f"arn:aws:sagemaker:us-east-1:{HERE}:training-job/*",
    f"arn:aws:sagemaker:*:{HERE}:*",
    "arn:aws:sagemaker:*:training-job/*",
    "arn:*:sagemaker:us-east-?:*:*",
    f"arn:aws:sagemaker:us-east-1:{HERE}:model/m?",
    f"arn:aws:sagemaker:us-east-1:{HERE}:model/${{aws:PrincipalTag/team}}",
    f"arn:aws:sagemaker:us-east-1:{HERE}:${{*}}",
)
NUMBERS = ("3600", "3600.0", "7200", "-1")
DATES = ("2026-01-01T00:00:00Z", "2026-06-30T12:00:00+02:00", "1767225600", "2026-06-30T10:00:00Z", "2026-07-01")
BINARIES = ("AAEC", "AwQF")
ADDRESSES = ("203.0.113.7", "198.51.100.1", "2001:db8::7", "2001:0DB8:0:0::7")
NETWORKS = ("203.0.113.0/24", "203.0.113.7", "0.0.0.0/0", "2001:db8::/32", "2001:db8::7", "198.51.100.1/32")
LISTS: dict[str, tuple[str, ...]] = {
    "aws:TagKeys": ("team", "Team", "owner"),
    "sagemaker:InstanceTypes": ("ml.m5.large", "ml.p4d.24xlarge", "ml.m5.xlarge"),
}
# None, one or both of them, so that a plain operator meets a key that has no value, one alone, or really several.
CALLED_VIA = ("sagemaker.amazonaws.com", "athena.amazonaws.com")
