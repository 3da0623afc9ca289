"""The accounts and requests that the benchmarks measure on; they are the same in every run."""

from __future__ import annotations

from functools import cache
from random import Random

from sagepass.catalog.actions import expand_action_pattern, find_action
from sagepass.catalog.managed_policies import managed_policy, managed_policy_names
from sagepass.engine.request import Request
from sagepass.policy.arn import parse_arn
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.policy_holders import carries_no_policy
from sagepass.snapshot.snapshot import Snapshot

ACCOUNT = "123456789012"
REGION = "eu-west-1"
FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/scientists"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/scientists/ana"
Document = dict[str, object]


def policy(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALLOW_ALL = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
SMALL = policy(
    {"Effect": "Allow", "Action": ["sagemaker:Describe*", "sagemaker:List*"], "Resource": "*"},
    {
        "Effect": "Allow",
        "Action": "sagemaker:InvokeEndpoint",
        "Resource": f"arn:aws:sagemaker:*:{ACCOUNT}:endpoint/team-*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": REGION}},
    },
    {"Effect": "Deny", "Action": "sagemaker:Delete*", "Resource": "*"},
)
BOUNDARY_POLICY = policy(
    {"Effect": "Allow", "Action": ["sagemaker:*", "s3:*", "ecr:*", "logs:*", "kms:*", "iam:PassRole"], "Resource": "*"},
    {
        "Effect": "Deny",
        "Action": "sagemaker:Create*",
        "Resource": "*",
        "Condition": {"Null": {"aws:RequestTag/team": "true"}},
    },
    {
        "Effect": "Deny",
        "NotAction": ["iam:PassRole", "sagemaker:*", "s3:*", "ecr:*", "logs:*", "kms:*"],
        "Resource": "*",
    },
)
SCP_ROOT = policy(
    {
        "Effect": "Deny",
        "NotAction": ["iam:*", "sts:*", "s3:*"],
        "Resource": "*",
        "Condition": {
            "StringNotEquals": {"aws:RequestedRegion": [REGION, "us-east-1"]},
            "ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/platform-*"},
        },
    },
    {
        "Effect": "Deny",
        "Action": "sagemaker:Create*",
        "Resource": "*",
        "Condition": {"ForAnyValue:StringLike": {"sagemaker:InstanceTypes": ["ml.p4*", "ml.p5*"]}},
    },
)
SCP_UNIT = policy(
    {
        "Effect": "Deny",
        "Action": ["sagemaker:CreateNotebookInstance", "sagemaker:UpdateNotebookInstance"],
        "Resource": "*",
        "Condition": {"StringEquals": {"sagemaker:DirectInternetAccess": "Enabled"}},
    },
    {
        "Effect": "Deny",
        "Action": "sagemaker:CreateTrainingJob",
        "Resource": "*",
        "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}},
    },
)


def sagemaker_account() -> SnapshotBuilder:
    """A role with AmazonSageMakerFullAccess, a boundary, and three levels of service control policies."""
    found = managed_policy(FULL_ACCESS)
    assert found is not None
    builder = SnapshotBuilder("bench").account(ACCOUNT)
    builder.managed_policy(BOUNDARY, BOUNDARY_POLICY)
    builder.managed_policy(FULL_ACCESS, dict(found.document), account=ACCOUNT)
    builder.principal(ROLE, managed=[FULL_ACCESS], boundary=BOUNDARY, tags={"team": "vision"}, unique_id="AROAEXAMPLE1")
    builder.principal(f"arn:aws:iam::{ACCOUNT}:user/small", inline={"small": SMALL}, unique_id="AIDAEXAMPLE1")
    builder.organization("999988887777").parent(ACCOUNT, "ou-root-ml").parent("ou-root-ml", "r-root")
    levels: dict[str, dict[str, Document]] = {
        "r-root": {"FullAWSAccess": ALLOW_ALL, "guard": SCP_ROOT},
        "ou-root-ml": {"FullAWSAccess": ALLOW_ALL, "notebooks": SCP_UNIT},
        ACCOUNT: {"FullAWSAccess": ALLOW_ALL},
    }
    for target, policies in levels.items():
        builder.control_policies(target, PolicyType.SERVICE_CONTROL_POLICY, policies)
        builder.control_policies(target, PolicyType.RESOURCE_CONTROL_POLICY, {"RCPFullAWSAccess": ALLOW_ALL})
    for number in range(40):
        for bucket in (f"sagemaker-data-{number}", f"reports-{number}"):
            builder.resource_policy(f"arn:aws:s3:::{bucket}/any", None, account=ACCOUNT)
        builder.resource_policy(f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/images-{number}", None)
    return builder.answer(ACCOUNT, "logs", "describe-resource-policies", {"resourcePolicies": []}, region=REGION)


def sagemaker_world() -> Snapshot:
    return sagemaker_account().build()


_OTHER_CALLS = (
    ("s3:GetObject", "arn:aws:s3:::sagemaker-data-{n}/train.csv"),
    ("s3:PutObject", "arn:aws:s3:::reports-{n}/out.csv"),
    ("ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/images-{{n}}"),
    ("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/sagemaker/TrainingJobs-{{n}}:log-stream:a"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/AmazonSageMaker-ExecutionRole-{{n}}"),
    ("ec2:DescribeVpcs", "*"),
)


def requests(count: int, principal: str = SESSION, seed: int = 20261124) -> list[Request]:
    """Requests of which 70 of 100 are SageMaker's, with a full context each."""
    rng = Random(seed)
    actions = expand_action_pattern("sagemaker:*")
    found = []
    for _ in range(count):
        number = rng.randrange(40)
        region = rng.choice((REGION, REGION, REGION, REGION, "us-east-1", "ap-south-1"))
        if rng.random() < 0.7:
            action = rng.choice(actions)
            resource = _resource_of(action, region, number)
        else:
            action, form = rng.choice(_OTHER_CALLS)
            resource = form.format(n=number)
        context: dict[str, object] = {
            "aws:RequestedRegion": region,
            "aws:SourceIp": f"10.0.{number}.7",
            "sagemaker:InstanceTypes": [rng.choice(("ml.m5.large", "ml.g5.xlarge", "ml.p4d.24xlarge"))],
            "sagemaker:DirectInternetAccess": rng.choice(("Enabled", "Disabled")),
        }
        if rng.random() < 0.6:
            context["aws:RequestTag/team"] = "vision"
            context["sagemaker:VpcSubnets"] = [f"subnet-{number}"]
        if action == "iam:PassRole":
            context["iam:PassedToService"] = rng.choice(("sagemaker.amazonaws.com", "ec2.amazonaws.com"))
        found.append(
            Request(
                principal=principal,
                action=action,
                resource=resource,
                resource_account=ACCOUNT,
                context=context,
                context_complete=True,
            )
        )
    return found


@cache
def _kinds(action: str) -> tuple[str, ...]:
    """The types of resources of an action; those that can have a policy are left out, since none was collected."""
    known = find_action(action)
    kinds = [use.type for use in known.resource_types] if known else []
    arns = {kind: parse_arn(f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/team-1") for kind in kinds}
    return tuple(kind for kind, arn in arns.items() if arn is not None and carries_no_policy(arn))


def _resource_of(action: str, region: str, number: int) -> str:
    """A resource of the type that the action is about; ``*`` for an action without one."""
    kinds = _kinds(action)
    return f"arn:aws:sagemaker:{region}:{ACCOUNT}:{kinds[number % len(kinds)]}/team-{number}" if kinds else "*"


def large_account(count: int) -> SnapshotBuilder:
    """Roles with one to three of 40 managed policies of AWS, one inline policy of their own, a boundary each.

    Every inline policy differs from all others; there are five boundaries and four accounts' worth of control policies.
    """
    rng = Random(7)
    names = [name for name in managed_policy_names() if "SageMaker" in name][:40]
    builder = SnapshotBuilder("large")
    accounts = [f"{number}" * 12 for number in (1, 2, 3, 4)]
    builder.organization("999988887777")
    builder.control_policies(
        "r-root", PolicyType.SERVICE_CONTROL_POLICY, {"FullAWSAccess": ALLOW_ALL, "guard": SCP_ROOT}
    )
    builder.control_policies("r-root", PolicyType.RESOURCE_CONTROL_POLICY, {"RCPFullAWSAccess": ALLOW_ALL})
    for number, account in enumerate(accounts):
        builder.account(account).parent(account, "r-root")
        own = {"FullAWSAccess": ALLOW_ALL, f"own-{number}": SCP_UNIT if number % 2 else SCP_ROOT}
        builder.control_policies(account, PolicyType.SERVICE_CONTROL_POLICY, own)
        builder.control_policies(account, PolicyType.RESOURCE_CONTROL_POLICY, {})
        for index in range(5):
            document = (
                BOUNDARY_POLICY
                if index % 2
                else policy(
                    {
                        "Effect": "Allow",
                        "Action": [
                            f"sagemaker:{verb}*" for verb in ("Create", "Describe", "List", "Invoke")[: index + 1]
                        ],
                        "Resource": "*",
                    }
                )
            )
            builder.managed_policy(f"arn:aws:iam::{account}:policy/boundary-{index}", document)
    for number in range(count):
        account = accounts[number % 4]
        chosen = [managed_policy(name) for name in rng.sample(names, rng.randint(1, 3))]
        builder.principal(
            f"arn:aws:iam::{account}:role/role-{number}",
            inline={"own": _own_policy(number, account)},
            managed=[found.arn for found in chosen if found is not None],
            boundary=f"arn:aws:iam::{account}:policy/boundary-{rng.randrange(5)}",
            tags={"team": f"team-{number % 50}"},
            unique_id=f"AROA{number:012}",
        )
    return builder


def _own_policy(number: int, account: str) -> Document:
    return policy(
        {
            "Effect": "Allow",
            "Action": ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:AddTags"],
            "Resource": f"arn:aws:sagemaker:{REGION}:{account}:training-job/team-{number}-*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": f"team-{number % 50}"}},
        },
        {
            "Effect": "Allow",
            "Action": ["sagemaker:InvokeEndpoint*"],
            "Resource": [
                f"arn:aws:sagemaker:*:{account}:endpoint/{number}",
                f"arn:aws:sagemaker:*:{account}:endpoint/{number}-*",
            ],
        },
        {
            "Effect": "Deny",
            "Action": "sagemaker:Delete*",
            "NotResource": f"arn:aws:sagemaker:*:{account}:*/team-{number}-*",
        },
    )


def large_grid() -> tuple[list[str], list[str]]:
    """All SageMaker actions, and a hundred resources in the four accounts of :func:`large_account`."""
    kinds = ("training-job", "endpoint", "model", "domain", "notebook-instance")
    resources = [
        f"arn:aws:sagemaker:{REGION}:{str(account) * 12}:{kind}/{name}"
        for account in (1, 2, 3, 4)
        for kind in kinds
        for name in ("team-1-a", "team-7-b", "12", "12-blue", "shared")
    ]
    return list(expand_action_pattern("sagemaker:*")), resources
