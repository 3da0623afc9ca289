"""KMS keys: what the role needs of the keys of buckets, results and volumes.

A key's own policy (or a grant) must allow as well as the role's policies: the engine asks both. When S3 uses the key on behalf
of the role, the request carries ``kms:ViaService`` and ``aws:ViaAWSService``.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html,
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service,
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sagepass.calls.call import Values, Who
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Necessity, Needs
from sagepass.calls.s3_address import S3Address
from sagepass.calls.surroundings import BucketKey, is_aws_managed_alias, region_of
from sagepass.source.route import Route, render_route

_PERMISSIONS_PAGE = "https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html"


def key_needed(
    task: RoleTask,
    needs: Needs,
    identifier: str | None,
    actions: tuple[str, ...],
    because: Route,
    *,
    through: str | None,
    necessity: Necessity = Necessity.REQUIRED,
    note: str = "",
) -> None:
    """The use of one key; ``through`` is the service that uses it on behalf of the role."""
    arn, command = task.surroundings.key(identifier, task.call) if identifier else (None, "give the key's ARN")
    if arn is None:
        what = (
            f"the key at {render_route(because)} is not known" if identifier is None else f"the key behind {identifier}"
        )
        needs.leave_open(f"{what}: what its policy allows", command, because)
        return
    context: dict[str, Values] = {"aws:ViaAWSService": ("true",)} if through else {}
    region = region_of(arn)
    if through and region and "*" not in region:
        context["kms:ViaService"] = (through,)
    for action in actions:
        needs.add(
            task.need(action, arn, block=Block.KEY, because=because, context=context, necessity=necessity, note=note)
        )


def bucket_key_needed(
    task: RoleTask,
    needs: Needs,
    address: S3Address,
    actions: tuple[str, ...],
    because: Route,
    *,
    necessity: Necessity = Necessity.REQUIRED,
    note: str = "",
) -> None:
    """The use of the key that a bucket encrypts with by default; its objects are taken to be encrypted with it."""
    how, identifier = task.surroundings.bucket_key(address.bucket)
    match how:
        case BucketKey.NONE:
            return
        case BucketKey.UNKNOWN:
            needs.leave_open(
                f"the key with which the bucket {address.bucket} encrypts",
                task.surroundings.bucket_key_command(address.bucket),
                because,
            )
        case BucketKey.CUSTOMER:
            told = note or f"the bucket {address.bucket} encrypts with this key"
            region = region_of(identifier) or task.call.region
            through = f"s3.{region}.amazonaws.com" if region else None
            key_needed(task, needs, identifier, actions, because, through=through, necessity=necessity, note=told)


def volume_keys_needed(task: RoleTask, needs: Needs, caller: str) -> None:
    """``kms:CreateGrant`` on the keys of volumes: of the role, or else of the caller."""
    for path in task.work.volume_keys:
        for found in task.find(path):
            if found.text is not None and is_aws_managed_alias(found.text):
                continue
            volume_key_needed(task, needs, found.text, found.route, caller)


def volume_key_needed(task: RoleTask, needs: Needs, identifier: str | None, because: Route, caller: str) -> None:
    """A grant on one key, which SageMaker passes on to the storage of the instances."""
    arn, command = task.surroundings.key(identifier, task.call) if identifier else (None, "give the key's ARN")
    if arn is None:
        needs.leave_open(
            f"the key of the volumes, {identifier or 'not told'}: what its policy allows", command, because
        )
        return
    context: Mapping[str, Values] = {"kms:GrantIsForAWSResource": ("true",), "aws:ViaAWSService": ("true",)}
    region = region_of(arn)
    if region and "*" not in region:
        context = {**context, "kms:ViaService": (f"sagemaker.{region}.amazonaws.com",)}
    own = task.need(
        "kms:CreateGrant",
        arn,
        block=Block.KEY,
        because=because,
        context=context,
        source=_PERMISSIONS_PAGE,
        note="the caller needs it only where the role has no permission for it",
    )
    theirs = replace(own, principal=caller, needed=replace(own.needed, who=Who.CALLER))
    needs.add(replace(own, instead=theirs if caller != task.role else None))
