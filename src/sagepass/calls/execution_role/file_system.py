"""File systems as input: Amazon EFS and Amazon FSx for Lustre.

Mounting EFS is an IAM matter only where the file system's own policy asks for it; AWS documents no permission of the role for
mounting FSx. Both need the VPC of the request.

Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FileSystemDataSource.html and
https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
"""

from __future__ import annotations

from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Necessity, Needs
from sagepass.policy.arn import account_of

_EFS_PAGE = "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html"


def file_systems_needed(task: RoleTask, needs: Needs) -> None:
    """Mounting and describing each file system that the request names."""
    where = task.work.file_systems
    if not where:
        return
    call = task.call
    account = account_of(task.role) or call.caller_account or "*"
    modes = {found.route[:-1]: found.text for found in task.find(f"{where}.FileSystemAccessMode")}
    kinds = {found.route[:-1]: found.text for found in task.find(f"{where}.FileSystemType")}
    for found in task.find(f"{where}.FileSystemId"):
        service = "fsx" if kinds.get(found.route[:-1]) == "FSxLustre" else "elasticfilesystem"
        start = f"arn:{call.partition}:{service}:{call.region or '*'}:{account}"
        arn = f"{start}:file-system/{found.text or '*'}"
        if service == "fsx":
            needs.add(
                task.need(
                    "fsx:DescribeFileSystems",
                    "*",
                    block=Block.FILE_SYSTEM,
                    because=found.route,
                    necessity=Necessity.USUAL,
                    note="AWS documents no permission of the role for mounting FSx for Lustre",
                )
            )
            continue
        mount = ["elasticfilesystem:ClientMount"]
        if modes.get(found.route[:-1]) == "rw":
            mount.append("elasticfilesystem:ClientWrite")
        for action in (*mount, "elasticfilesystem:DescribeMountTargets"):
            needs.add(
                task.need(
                    action,
                    arn,
                    block=Block.FILE_SYSTEM,
                    because=found.route,
                    necessity=Necessity.USUAL,
                    source=_EFS_PAGE,
                    note="asked for only where the file system has a policy or an access point with IAM authorization",
                )
            )
