"""What a role needs for its work, field by field of the request."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sagepass.calls.call import Call
from sagepass.calls.container_image import ecr_repository
from sagepass.calls.need import Block, Necessity, Needs
from sagepass.calls.needs import whole_call
from sagepass.calls.s3_address import parse_s3
from sagepass.calls.surroundings import Surroundings
from sagepass.catalog.operations import find_operation, request_members
from sagepass.catalog.prebuilt_images import PREBUILT_REGISTRIES
from sagepass.catalog.role_work import operations_with_work, role_work
from sagepass.catalog.role_work_record import RoleWork
from sagepass.snapshot.build import SnapshotBuilder

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Exec"
USER = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
OWN_KEY = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}

CASES: dict[str, tuple[str, Mapping[str, object], set[str]]] = {
    "a prefix is read and listed": (
        "CreateTrainingJob",
        {"InputDataConfig": [{"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://plain/in/"}}}]},
        {"s3:GetObject arn:aws:s3:::plain/in/*", "s3:ListBucket arn:aws:s3:::plain"},
    ),
    "an object is read alone": (
        "CreateModel",
        {"PrimaryContainer": {"ModelDataUrl": "s3://plain/m/model.tar.gz"}},
        {"s3:GetObject arn:aws:s3:::plain/m/model.tar.gz"},
    ),
    "a manifest is read, and what it lists stays open": (
        "CreateTrainingJob",
        {
            "InputDataConfig": [
                {"DataSource": {"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": "s3://plain/a.json"}}}
            ]
        },
        {"s3:GetObject arn:aws:s3:::plain/a.json", "? the objects that the manifest s3://plain/a.json lists"},
    ),
    "the key of a bucket is needed to read it": (
        "CreateModel",
        {"PrimaryContainer": {"ModelDataUrl": "s3://keyed/m.tar.gz"}},
        {"s3:GetObject arn:aws:s3:::keyed/m.tar.gz", f"kms:Decrypt {KEY}"},
    ),
    "the key of a bucket that was not looked up stays open": (
        "CreateModel",
        {"PrimaryContainer": {"ModelDataUrl": "s3://unseen/m.tar.gz"}},
        {"s3:GetObject arn:aws:s3:::unseen/m.tar.gz", "? the key with which the bucket unseen encrypts"},
    ),
    "results lie below the name of the job": (
        "CreateTrainingJob",
        {"TrainingJobName": "t1", "OutputDataConfig": {"S3OutputPath": "s3://plain/out", "KmsKeyId": KEY}},
        {
            "s3:PutObject arn:aws:s3:::plain/out/t1/*",
            "usual s3:AbortMultipartUpload arn:aws:s3:::plain/out/t1/*",
            f"kms:GenerateDataKey {KEY}",
            f"usual kms:Decrypt {KEY}",
            f"usual kms:Encrypt {KEY}",
        },
    ),
    "a key by alias is resolved": (
        "CreateTrainingJob",
        {"ResourceConfig": {"VolumeKmsKeyId": "alias/ml"}},
        {f"kms:CreateGrant {KEY}"},
    ),
    "an alias that is not known stays open": (
        "CreateTrainingJob",
        {"ResourceConfig": {"VolumeKmsKeyId": "alias/other"}},
        {"? the key of the volumes, alias/other: what its policy allows"},
    ),
    "an AWS managed key asks for nothing": (
        "CreateTrainingJob",
        {"ResourceConfig": {"VolumeKmsKeyId": "alias/aws/ebs"}},
        set(),
    ),
    "checkpoints are read and written": (
        "CreateTrainingJob",
        {"CheckpointConfig": {"S3Uri": "s3://plain/cp"}},
        {
            "s3:GetObject arn:aws:s3:::plain/cp*",
            "s3:ListBucket arn:aws:s3:::plain",
            "s3:PutObject arn:aws:s3:::plain/cp/*",
            "usual s3:AbortMultipartUpload arn:aws:s3:::plain/cp/*",
        },
    ),
    "an image of another account": (
        "CreateProcessingJob",
        {"AppSpecification": {"ImageUri": "444455556666.dkr.ecr.us-east-1.amazonaws.com/team/app@sha256:0a"}},
        {
            "ecr:GetAuthorizationToken *",
            *(
                f"ecr:{action} arn:aws:ecr:us-east-1:444455556666:repository/team/app"
                for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")
            ),
        },
    ),
    "SageMaker's own images take nothing": (
        "CreateModel",
        {"PrimaryContainer": {"Image": "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.5"}},
        set(),
    ),
    "a registry elsewhere stays open": (
        "CreateModel",
        {"PrimaryContainer": {"Image": "registry.example.com/serve:1"}},
        {"? registry.example.com/serve:1 is in no private registry"},
    ),
    "processing jobs need the network on everything": (
        "CreateProcessingJob",
        {"NetworkConfig": {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}},
        {
            f"ec2:{action} *"
            for action in (
                "CreateNetworkInterface",
                "CreateNetworkInterfacePermission",
                "DeleteNetworkInterface",
                "DeleteNetworkInterfacePermission",
                "DescribeDhcpOptions",
                "DescribeNetworkInterfaces",
                "DescribeSecurityGroups",
                "DescribeSubnets",
                "DescribeVpcs",
            )
        },
    ),
    "a file system of EFS is mounted for writing": (
        "CreateTrainingJob",
        {
            "InputDataConfig": [
                {
                    "DataSource": {
                        "FileSystemDataSource": {
                            "FileSystemId": "fs-1",
                            "FileSystemType": "EFS",
                            "FileSystemAccessMode": "rw",
                            "DirectoryPath": "/",
                        }
                    }
                }
            ]
        },
        {
            f"usual elasticfilesystem:{action} arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-1"
            for action in ("ClientMount", "ClientWrite", "DescribeMountTargets")
        },
    ),
    "topics and functions": (
        "CreateLabelingJob",
        {
            "OutputConfig": {"SnsTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:labels"},
            "HumanTaskConfig": {"PreHumanTaskLambdaArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:before"},
        },
        {
            f"sns:Publish arn:aws:sns:{REGION}:{ACCOUNT}:labels",
            f"lambda:InvokeFunction arn:aws:lambda:{REGION}:{ACCOUNT}:function:before",
        },
    ),
    "a place that is only known later stays open": (
        "CreateTrainingJob",
        {"OutputDataConfig": {"S3OutputPath": {"Get": "Parameters.Out"}}},
        {"? the place of the output is not known before the call"},
    ),
    "a path with a wildcard grants nothing": (
        "CreateTrainingJob",
        {"OutputDataConfig": {"S3OutputPath": "s3://plain/*"}},
        {"? the place of the output is not known before the call"},
    ),
    "what is no address stays open": (
        "CreateTrainingJob",
        {"OutputDataConfig": {"S3OutputPath": "file:///out"}},
        {"? file:///out is no address in S3"},
    ),
    "a key with a wildcard grants nothing": (
        "CreateTrainingJob",
        {"ResourceConfig": {"VolumeKmsKeyId": KEY[:-36] + "*"}},
        {"? the key of the volumes, not told"},
    ),
}


def needs(operation: str, params: Mapping[str, object]) -> Needs:
    """Everything that a call takes in an account with three buckets, a key and its alias."""
    builder = SnapshotBuilder().settings(no_organization=True, default_region=REGION).principal(USER).principal(ROLE)
    for bucket, how in (("plain", {"SSEAlgorithm": "AES256"}), ("keyed", OWN_KEY)):
        rule = {"Rules": [{"ApplyServerSideEncryptionByDefault": how}]}
        answer = {"ServerSideEncryptionConfiguration": rule}
        builder.answer(ACCOUNT, "s3api", "get-bucket-encryption", answer, name=bucket)
    alias = {"AliasName": "alias/ml", "AliasArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/ml", "TargetKeyId": KEY[-36:]}
    builder.answer(ACCOUNT, "kms", "list-aliases", {"Aliases": [alias]}, region=REGION)
    role = role_work(operation)[0].role
    whole = {role: ROLE, **params}
    call = Call(service="sagemaker", operation=operation, params=whole, caller_account=ACCOUNT, region=REGION)
    return whole_call(call, USER, Surroundings(snapshot=builder.build()))


def asked(found: Needs) -> set[str]:
    """The role's own needs as short texts, without logs and metrics; open points behind a question mark."""
    own = [need for need in found.found if need.principal == ROLE and need.block not in {Block.LOGS, Block.METRICS}]
    texts = {
        f"{'usual ' if need.necessity is Necessity.USUAL else ''}{need.needed.action} {need.needed.resource}"
        for need in own
    }
    return texts | {f"? {point.what}" for point in found.open_points}


@pytest.mark.parametrize("name", CASES)
def test_a_field_asks_for_exactly_this(name: str) -> None:
    """One field of a request and all that it asks of the role: nothing else."""
    operation, params, expected = CASES[name]
    got = asked(needs(operation, params))
    openly = {text for text in expected if text.startswith("? ")}
    assert {text for text in got if not text.startswith("? ")} == expected - openly
    unanswered = [text for text in got if text.startswith("? ")]
    assert len(unanswered) == len(openly)
    assert all(any(text.startswith(start) for text in unanswered) for start in openly)


def test_each_need_names_the_field_that_asks_and_a_source() -> None:
    """The route leads to the member of the request, in lists too; each need has the page that says so."""
    operation, params, _ = CASES["a prefix is read and listed"]
    found = needs(operation, params)
    (read,) = [need for need in found.found if need.needed.action == "s3:GetObject"]
    assert read.needed.because == ("InputDataConfig", 0, "DataSource", "S3DataSource", "S3Uri")
    assert all(need.source.startswith("https://docs.aws.amazon.com/") for need in found.found)


def test_logs_and_metrics_are_usual() -> None:
    """A job runs without them, so they are told apart."""
    found = needs("CreateTrainingJob", {})
    usual = {need.needed.action for need in found.found if need.necessity is Necessity.USUAL}
    assert usual == {
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
        "cloudwatch:PutMetricData",
    }


def test_a_grant_may_come_from_the_caller() -> None:
    """A volume's key: the role's permission, or else the caller's."""
    found = needs("CreateTrainingJob", {"ResourceConfig": {"VolumeKmsKeyId": KEY}})
    (grant,) = [need for need in found.found if need.needed.action == "kms:CreateGrant"]
    assert grant.principal == ROLE
    assert grant.instead is not None
    assert grant.instead.principal == USER


def test_a_tuning_job_asks_for_each_definition() -> None:
    """Two definitions with two roles: each role gets the data of its own definition."""
    other = f"arn:aws:iam::{ACCOUNT}:role/Other"

    def definition(role: str, out: str) -> dict[str, object]:
        return {"RoleArn": role, "OutputDataConfig": {"S3OutputPath": f"s3://plain/{out}"}}

    params = {"TrainingJobDefinitions": [definition(ROLE, "one"), definition(other, "two")]}
    call = Call(
        service="sagemaker",
        operation="CreateHyperParameterTuningJob",
        params=params,
        caller_account=ACCOUNT,
        region=REGION,
    )
    found = whole_call(call, USER, Surroundings(snapshot=SnapshotBuilder().build()))
    writes = {
        (n.principal, n.needed.resource, n.needed.because) for n in found.found if n.needed.action == "s3:PutObject"
    }
    where = ("OutputDataConfig", "S3OutputPath")
    assert writes == {
        (ROLE, "arn:aws:s3:::plain/one/*", ("TrainingJobDefinitions", 0, *where)),
        (other, "arn:aws:s3:::plain/two/*", ("TrainingJobDefinitions", 1, *where)),
    }


def test_an_operation_without_a_table_says_so() -> None:
    """A role whose needs AWS does not list is not passed over in silence."""
    call = Call(
        service="sagemaker",
        operation="CreateDeviceFleet",
        params={"RoleArn": ROLE, "DeviceFleetName": "f"},
        caller_account=ACCOUNT,
        region=REGION,
    )
    found = whole_call(call, USER, Surroundings(snapshot=SnapshotBuilder().build()))
    assert any("CreateDeviceFleet needs itself is not in the tables" in point.what for point in found.open_points)


@pytest.mark.parametrize("operation", operations_with_work())
def test_every_path_of_the_tables_exists(operation: str) -> None:
    """A path that the API does not have would find nothing and cost the checks that hang on it."""
    for work in role_work(operation):
        for path in _paths(work):
            assert _exists(operation, f"{work.part}.{path}" if work.part else path), f"{operation}: {path}"


def _paths(work: RoleWork) -> list[str]:
    given = [
        *work.images, *(one.path for one in work.inputs), *(one.path for one in work.outputs),
        *(one.key for one in work.outputs), *work.both, *work.volume_keys, *work.topics, *work.functions,
        work.network, work.role, work.file_systems,
    ]  # fmt: skip
    return [path for path in given if path]


def _exists(name: str, path: str) -> bool:
    operation = find_operation("sagemaker", name)
    assert operation is not None
    code = f".{operation.input_shape}"
    for step in path.split("."):
        member = request_members(operation.client, code.removeprefix("!")[1:]).get(step.removesuffix("[]"))
        if member is None:
            return False
        code = member.removeprefix("!")
        if step.endswith("[]"):
            if not code.startswith("["):
                return False
            code = code[1:]
    return True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3://b/k/x", ("b", "k/x")),
        ("s3://b", ("b", "")),
        ("s3://b/", ("b", "")),
        ("S3://b/k", ("b", "k")),
        ("https://bucket.s3.eu-west-1.amazonaws.com/k", ("bucket", "k")),
        ("https://s3.amazonaws.com/b/k", ("b", "k")),
        ("file:///etc/passwd", None),
        ("s3://", None),
        ("s3://b/a*", None),
        ("s3://b/" + "x" * 5000, None),
    ],
)
def test_s3_addresses(text: str, expected: tuple[str, str] | None) -> None:
    """Buckets and keys; what IAM could not match literally is no address."""
    found = parse_s3(text)
    assert (found and (found.bucket, found.key)) == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1", ("123456789012", "eu-west-1", "a/b")),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a", ("123456789012", "cn-north-1", "a")),
        ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a@sha256:0", ("123456789012", "us-gov-west-1", "a")),
        ("docker.io/library/python:3", None),
        ("12345.dkr.ecr.eu-west-1.amazonaws.com/a", None),
        ("evil.com/123456789012.dkr.ecr.eu-west-1.amazonaws.com/a", None),
    ],
)
def test_image_addresses(image: str, expected: tuple[str, str, str] | None) -> None:
    """Account, Region and repository of a private registry."""
    found = ecr_repository(image)
    assert (found and (found.account, found.region, found.name)) == expected


def test_prebuilt_registries_are_account_ids() -> None:
    """A wrong id would pass over the permissions that a customer's own image takes."""
    assert len(PREBUILT_REGISTRIES) > 100
    assert all(len(account) == 12 and account.isdigit() for account in PREBUILT_REGISTRIES)
    assert ACCOUNT not in PREBUILT_REGISTRIES
