"""Input data: what the role reads from Amazon S3.

Reading a prefix takes ``s3:ListBucket`` on the bucket as well; without it SageMaker reports a ``ValidationException`` that no
objects were found. Encrypted objects take ``kms:Decrypt`` on their key.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

from sagepass.calls.execution_role.keys import bucket_key_needed
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.execution_role.vpc_path import s3_need
from sagepass.calls.need import Block, Needs
from sagepass.calls.request_paths import Found, find_values
from sagepass.calls.s3_address import S3Address, parse_s3
from sagepass.catalog.role_work_record import InputPath

_MANIFESTS = frozenset({"ManifestFile", "AugmentedManifestFile"})


def inputs_needed(task: RoleTask, needs: Needs) -> None:
    """``GetObject``, ``ListBucket`` and ``Decrypt`` for each place that the request reads from."""
    for given in task.work.inputs:
        for inner in find_values(task.params, given.path):
            found = Found(route=task.route(inner.route), text=inner.text)
            kind = _kind(task, given, inner)
            if found.text is None:
                needs.leave_open(
                    "the place of the input data is not known before the call", "give its address", found.route
                )
                continue
            address = parse_s3(found.text)
            if address is None:
                needs.leave_open(
                    f"{found.text} is no address in S3; what reading it takes is not known",
                    "check the address",
                    found.route,
                )
            else:
                read_needed(task, needs, address, kind, found)


def read_needed(task: RoleTask, needs: Needs, address: S3Address, kind: str, found: Found) -> None:
    """What reading one address takes; ``kind`` is a value of ``S3DataType``."""
    partition = task.call.partition
    exact = kind == "S3Object" or kind in _MANIFESTS
    objects = address.object_arn(partition) if exact else address.prefix_arn(partition)
    needs.add(s3_need(task, "s3:GetObject", objects, block=Block.INPUT, because=found.route))
    if not exact:
        bucket = address.bucket_arn(partition)
        needs.add(s3_need(task, "s3:ListBucket", bucket, block=Block.INPUT, because=found.route, prefix=address.key))
    if kind in _MANIFESTS:
        needs.leave_open(
            f"the objects that the manifest {found.text} lists have to be readable too",
            f"aws s3 cp {found.text} - | head",
            found.route,
        )
    bucket_key_needed(task, needs, address, ("kms:Decrypt",), found.route)


def _kind(task: RoleTask, given: InputPath, inner: Found) -> str:
    if given.kind.startswith("="):
        return given.kind[1:]
    value = task.value((*inner.route[:-1], given.kind))
    return value if isinstance(value, str) else "S3Prefix"
