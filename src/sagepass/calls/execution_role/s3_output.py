"""Output data: what the role writes to Amazon S3.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html (where a job puts its results) and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html (what a large upload takes)
"""

from __future__ import annotations

from sagepass.calls.execution_role.keys import bucket_key_needed, key_needed
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.execution_role.s3_input import read_needed
from sagepass.calls.execution_role.vpc_path import s3_need
from sagepass.calls.need import Block, Necessity, Needs
from sagepass.calls.request_paths import Found
from sagepass.calls.s3_address import S3Address, parse_s3
from sagepass.calls.surroundings import is_aws_managed_alias
from sagepass.catalog.role_work_record import OutputPath

_WRITE = ("kms:GenerateDataKey",)
_WRITE_TOO = ("kms:Decrypt", "kms:Encrypt")
_WHY_BOTH = (
    "AWS's page lists kms:Encrypt; uploads to S3 ask for kms:GenerateDataKey, in several parts also for kms:Decrypt"
)


def outputs_needed(task: RoleTask, needs: Needs) -> None:
    """``PutObject`` for each place that is written to, and the use of the key that the results are encrypted with."""
    for given in task.work.outputs:
        for found in task.find(given.path):
            address = _address(found, needs)
            if address is not None:
                _write(task, needs, address, _below(task, given), found)
                _output_key(task, needs, given, address, found)
    for path in task.work.both:
        for found in task.find(path):
            address = _address(found, needs)
            if address is not None:
                read_needed(task, needs, address, "S3Prefix", found)
                _write(task, needs, address, (), found)
                bucket_key_needed(task, needs, address, _WRITE, found.route)


def _address(found: Found, needs: Needs) -> S3Address | None:
    if found.text is None:
        needs.leave_open("the place of the output is not known before the call", "give its address", found.route)
        return None
    address = parse_s3(found.text)
    if address is None:
        needs.leave_open(
            f"{found.text} is no address in S3; what writing to it takes is not known", "check the address", found.route
        )
    return address


def _below(task: RoleTask, given: OutputPath) -> tuple[str, ...]:
    name = task.params.get(given.below) if given.below else None
    return (name,) if isinstance(name, str) and name and not set(name) & set("*?$/") else ()


def _write(task: RoleTask, needs: Needs, address: S3Address, below: tuple[str, ...], found: Found) -> None:
    resource = address.folder_arn(task.call.partition, *below)
    needs.add(s3_need(task, "s3:PutObject", resource, block=Block.OUTPUT, because=found.route))
    abort = "large results are uploaded in parts; without it a broken upload is left behind"
    needs.add(
        s3_need(
            task,
            "s3:AbortMultipartUpload",
            resource,
            block=Block.OUTPUT,
            because=found.route,
            necessity=Necessity.USUAL,
            note=abort,
        )
    )


def _output_key(task: RoleTask, needs: Needs, given: OutputPath, address: S3Address, found: Found) -> None:
    keys = list(task.find(given.key)) if given.key else []
    if not keys:
        note = "the request names no key for the output; the bucket's own key may be used"
        bucket_key_needed(task, needs, address, _WRITE, found.route, necessity=Necessity.USUAL, note=note)
        return
    for key in keys:
        if key.text is not None and is_aws_managed_alias(key.text):
            continue
        through = f"s3.{task.call.region}.amazonaws.com" if task.call.region else None
        key_needed(task, needs, key.text, _WRITE, key.route, through=through)
        key_needed(
            task, needs, key.text, _WRITE_TOO, key.route, through=through, necessity=Necessity.USUAL, note=_WHY_BOTH
        )
