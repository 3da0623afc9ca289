"""What is decided is what is carried out: a request that could be read in two ways, or was added to, goes no further.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.auth import S3SigV4Auth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.credentials import Credentials as BotoCredentials  # type: ignore[import-untyped]
from tests.endpoint.conftest import Aws, allow, deny, refused, statement, trusting
from tests.endpoint.raw import JSON, Answer, send, signed

from sagepass.endpoint.chunks import UNSIGNED_TRAILER
from sagepass.endpoint.endpoint import Credentials

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LIST = "Action=ListUsers&Version=2010-05-08"
CREATE = "Action=CreateUser&UserName=evil&Version=2010-05-08"


@pytest.fixture(scope="module")
def reader(aws: Aws) -> Credentials:
    """A user who may list, and nothing else."""
    return aws.user(
        "reader", allow("iam:ListUsers", "sagemaker:ListModels", "kms:ListKeys", "sagemaker:InvokeEndpoint")
    )


def post(  # noqa: PLR0917 - the parts of a request
    aws: Aws, who: Credentials, service: str, target: str, headers: dict[str, str], body: bytes
) -> Answer:
    """A request signed by hand."""
    port = aws.endpoint.port
    return send(port, "POST", target, signed(port, who, service, "POST", target, headers, body), body)


@pytest.mark.parametrize(
    ("target", "headers", "body"),
    [
        (f"/?{LIST}", FORM, CREATE),
        (f"/?{CREATE}", FORM, LIST),
        (f"/?{LIST}", {"Content-Type": "text/plain"}, CREATE),
        ("/", FORM, f"{LIST}&{CREATE}"),
        (f"/?{LIST}&{CREATE}", {}, ""),
        ("/", {"Content-Type": "multipart/form-data; boundary=x"}, LIST),
    ],
)
def test_two_actions_in_one_request(
    aws: Aws, reader: Credentials, target: str, headers: dict[str, str], body: str
) -> None:
    """One in the query and one in the form, or the same parameter twice: refused, and neither is carried out."""
    answer = post(aws, reader, "iam", target, headers, body.encode())
    assert answer.status in {400, 403}
    assert "evil" not in {user["UserName"] for user in aws.client("iam").list_users()["Users"]}


def test_parameters_in_the_query_or_in_the_form_are_fine(aws: Aws, reader: Credentials) -> None:
    """In one place each, as AWS takes them."""
    assert post(aws, reader, "iam", "/", FORM, LIST.encode()).status == 200
    assert post(aws, reader, "iam", f"/?{LIST}", {}, b"").status == 200


GROUPS = "SageMaker.ListModels"


@pytest.mark.parametrize(
    ("service", "name", "target", "extra", "body"),
    [
        ("sagemaker", GROUPS, "/?Action=CreateModelPackageGroup", {}, '{"ModelPackageGroupName": "evil"}'),
        (
            "sagemaker",
            GROUPS,
            "/",
            {},
            '{"NameContains": "&Action=CreateModelPackageGroup&ModelPackageGroupName=evil&"}',
        ),
        ("sagemaker", GROUPS, "/", {"Action": "CreateModelPackageGroup", "Modelpackagegroupname": "evil"}, "{}"),
        ("kms", "TrentService.ListKeys", "/?Action=CreateKey", {}, "{}"),
        ("kms", "TrentService.ListKeys", "/", {"Action": "CreateKey"}, ""),
        ("kms", "TrentService.ListKeys", "/", {}, '{"Marker": "&Action=CreateKey&"}'),
    ],
)
def test_a_json_call_with_another_action_beside_it(  # noqa: PLR0917 - the parts of a request
    aws: Aws, reader: Credentials, service: str, name: str, target: str, extra: dict[str, str], body: str
) -> None:
    """In the query, in a header, or inside a text of the body: the other action is never carried out."""
    answer = post(aws, reader, service, target, {**JSON, "X-Amz-Target": name, **extra}, body.encode())
    assert answer.status in {200, 400}
    assert aws.client("sagemaker").list_model_package_groups()["ModelPackageGroupSummaryList"] == []
    assert aws.client("kms").list_keys()["Keys"] == []


def test_a_parameter_of_the_query_does_not_replace_one_of_the_body(aws: Aws) -> None:
    """The model that was decided about is the one that is deleted."""
    root = aws.client("sagemaker")
    role = aws.role("models", trusting({"Service": "sagemaker.amazonaws.com"}))
    for name in ("mine", "theirs"):
        root.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer={"ModelDataUrl": "s3://b/m.tar.gz"})
    who = aws.user("owner", allow("sagemaker:DeleteModel", resource="arn:aws:sagemaker:us-east-1:*:model/mine"))
    head = {**JSON, "X-Amz-Target": "SageMaker.DeleteModel"}
    body = b'{"ModelName": "mine", "x": "&ModelName=theirs&"}'
    assert post(aws, who, "sagemaker", "/?ModelName=theirs", head, b'{"ModelName": "mine"}').status == 400
    assert post(aws, who, "sagemaker", "/", head, body).status == 200
    assert [model["ModelName"] for model in root.list_models()["Models"]] == ["theirs"]


def test_an_ampersand_in_a_text_stays_what_it_is(aws: Aws) -> None:
    """Only its spelling changes on the way."""
    client = aws.client("kms")
    key = client.create_key(Description="a&b=c&Action=ListKeys")["KeyMetadata"]["KeyId"]
    assert client.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "a&b=c&Action=ListKeys"


def presigned(aws: Aws, who: Credentials, **params: str) -> str:
    """The path of a presigned upload."""
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    client = boto3.client("s3", endpoint_url=aws.endpoint.url, region_name="us-east-1", config=config, **who.for_boto3)
    url: str = client.generate_presigned_url("put_object", Params=params)
    return url.split(f":{aws.endpoint.port}", 1)[1]


def test_a_presigned_upload_stays_an_upload(aws: Aws) -> None:
    """Whoever holds the address may not make a copy of something else out of it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    """
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="presigned")
    s3.put_object(Bucket="presigned", Key="secret", Body=b"secret")
    who = aws.user("presigner", allow("s3:*"))
    path = presigned(aws, who, Bucket="presigned", Key="upload")
    answer = send(aws.endpoint.port, "PUT", path, {"x-amz-copy-source": "/presigned/secret"})
    assert (answer.status, "not signed: x-amz-copy-source" in answer.text) == (403, True)
    assert send(aws.endpoint.port, "PUT", path, {}, b"mine").status == 200
    assert s3.get_object(Bucket="presigned", Key="upload")["Body"].read() == b"mine"


class _Chunked(S3SigV4Auth):  # type: ignore[misc]
    def payload(self, request: Any) -> str:  # noqa: ANN401, ARG002 - botocore has no types
        return UNSIGNED_TRAILER


@pytest.mark.parametrize(("trailer", "status"), [("x-amz-acl:private", 400), ("x-amz-checksum-crc32:NhCmhg==", 200)])
def test_a_trailer_carries_a_checksum_and_nothing_else(aws: Aws, trailer: str, status: int) -> None:
    """It is not signed, so it may not bring a header that counts.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    """
    aws.client("s3").create_bucket(Bucket="trailers")
    port = aws.endpoint.port
    headers = {
        "content-encoding": "aws-chunked",
        "x-amz-trailer": trailer.partition(":")[0],
        "x-amz-decoded-content-length": "5",
        "x-amz-content-sha256": UNSIGNED_TRAILER,
    }
    body = f"5\r\nhello\r\n0\r\n{trailer}\r\n\r\n".encode()
    request: Any = AWSRequest(method="PUT", url=f"http://127.0.0.1:{port}/trailers/k", data=body, headers=headers)
    _Chunked(BotoCredentials(aws.root.access_key_id, aws.root.secret), "s3", "us-east-1").add_auth(request)
    assert send(port, "PUT", "/trailers/k", dict(request.headers.items()), body).status == status


def training_job(aws: Aws, name: str, channels: int) -> dict[str, Any]:
    """A training job on several file systems, the last of which is ``fs-0123456789``."""
    role = f"arn:aws:iam::123456789012:role/{name}"
    aws.role(name, trusting({"Service": "sagemaker.amazonaws.com"}))
    ids = [f"fs-01234567{index:03}" for index in range(channels - 1)] + ["fs-0123456789"]
    systems = [
        {"FileSystemId": one, "FileSystemAccessMode": "ro", "FileSystemType": "EFS", "DirectoryPath": "/"}
        for one in ids
    ]
    return {
        "TrainingJobName": name,
        "RoleArn": role,
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://b/o"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "InputDataConfig": [
            {"ChannelName": f"c{index}", "DataSource": {"FileSystemDataSource": system}}
            for index, system in enumerate(systems)
        ],
    }


@pytest.mark.parametrize("channels", [2, 41])
def test_a_deny_counts_for_every_value_that_a_request_leaves_open(aws: Aws, channels: int) -> None:
    """A Deny that the first file system does not meet may be met by the last; more values than are tried pass nothing.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    """
    condition = {"StringEquals": {"sagemaker:FileSystemId": "fs-0123456789"}}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    name = f"files{channels}"
    who = aws.user(name, statement(everything, deny("sagemaker:CreateTrainingJob", Condition=condition)))
    call = aws.client("sagemaker", who).create_training_job
    assert refused(call, **training_job(aws, name, channels)).code == "AccessDeniedException"


def test_a_deny_counts_for_what_a_member_that_is_left_out_may_mean(aws: Aws) -> None:
    """Without EnableNetworkIsolation the key is false or absent, and AWS does not say which: not allowed.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
    """
    condition = {"Bool": {"sagemaker:NetworkIsolation": "false"}}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    who = aws.user("isolated", statement(everything, deny("sagemaker:CreateTrainingJob", Condition=condition)))
    call = aws.client("sagemaker", who).create_training_job
    job = training_job(aws, "isolated", 1)
    assert refused(call, **job).code == "AccessDeniedException"
    assert call(**job, EnableNetworkIsolation=True)["TrainingJobArn"]
