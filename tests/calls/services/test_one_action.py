"""The one action behind the name of an operation, where there is one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sagepass.calls.services.one_action import one_action
from sagepass.calls.services.registry import clients, find_table
from sagepass.catalog.actions import find_action
from sagepass.denial import read_denials
from sagepass.denial.operation import action_for

CASES = [
    ("s3", "GetObject", "s3:GetObject"),
    ("s3", "HeadObject", "s3:GetObject"),
    ("s3", "HeadBucket", "s3:ListBucket"),
    ("s3", "ListObjectsV2", "s3:ListBucket"),
    ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
    ("s3", "CreateMultipartUpload", "s3:PutObject"),
    ("s3", "DeleteObjects", "s3:DeleteObject"),
    ("s3", "GetBucketCors", "s3:GetBucketCORS"),
    ("s3", "DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3", "GetBucketNotificationConfiguration", "s3:GetBucketNotification"),
    ("s3", "ListDirectoryBuckets", "s3express:ListAllMyDirectoryBuckets"),
    ("s3", "CopyObject", None),
    ("s3", "UploadPartCopy", None),
    ("s3", "GetObjectAttributes", None),
    ("kms", "ReEncrypt", None),
    ("kms", "Decrypt", "kms:Decrypt"),
    ("iam", "AddRoleToInstanceProfile", None),
    ("iam", "CreateRole", "iam:CreateRole"),
    ("sagemaker", "CreateTrainingJob", "sagemaker:CreateTrainingJob"),
    ("sagemaker", "InvokeEndpointWithResponseStream", "sagemaker:InvokeEndpoint"),
    ("glue", "GetTable", "glue:GetTable"),
]


@pytest.mark.parametrize(("service", "operation", "action"), CASES)
def test_one_action(service: str, operation: str, action: str | None) -> None:
    """The action of the tables that calls are read with; none where several are needed."""
    assert one_action(service, operation) == action
    assert action_for(operation, service) == action


def test_what_is_named_exists() -> None:
    """Of every operation that a table gives another action, that action is in the catalog."""
    for client in clients():
        table = find_table(client)
        assert table is not None
        for operation in (*table.instead, *table.beside):
            action = one_action(client, operation)
            own = f"{table.prefix}:{operation}"
            assert action in {None, own} or find_action(str(action)) is not None, (client, operation, action)


def test_a_refusal_that_names_the_operation_alone() -> None:
    """The denial says which action guards the operation, by the same table."""
    text = "An error occurred (AccessDenied) when calling the DeleteBucketTagging operation: Access Denied"
    (denial,) = read_denials(text)
    assert denial.action_inferred == "s3:PutBucketTagging"


def test_reading_denials_loads_no_calls() -> None:
    """The tables of calls are loaded for the few texts that need them."""
    code = "import sys, sagepass.denial.read; print(any(name.startswith('sagepass.calls') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"
