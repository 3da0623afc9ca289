"""Container images: what the role needs to pull them from Amazon ECR.

The address tells the account and the Region of the repository. A repository of another account has to let the role in by its
own policy as well. SageMaker pulls its own images with its own credentials, so that they need nothing.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-algo-docker-registry-paths.html
"""

from __future__ import annotations

from sagepass.calls.container_image import PULL, ecr_repository
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Needs
from sagepass.catalog.prebuilt_images import PREBUILT_REGISTRIES
from sagepass.policy.arn import account_of


def images_needed(task: RoleTask, needs: Needs) -> None:
    """A token for the registry, and three actions on the repository, for each image that is not SageMaker's own."""
    for path in task.work.images:
        for found in task.find(path):
            if found.text is None:
                needs.leave_open(
                    "the container image is not known before the call", "give the image address", found.route
                )
                continue
            repository = ecr_repository(found.text)
            if repository is None:
                needs.leave_open(
                    f"{found.text} is in no private registry of Amazon ECR; what pulling it takes is not known",
                    "see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html",
                    found.route,
                )
            elif repository.account not in PREBUILT_REGISTRIES:
                owner = account_of(task.role)
                other = bool(owner) and repository.account != owner
                note = (
                    f"the repository belongs to account {repository.account}: its policy must allow it too"
                    if other
                    else ""
                )
                token = task.need("ecr:GetAuthorizationToken", "*", block=Block.IMAGE, because=found.route)
                arn = repository.arn(task.call.partition)
                pulls = (task.need(a, arn, block=Block.IMAGE, because=found.route, note=note) for a in PULL)
                needs.add(token, *pulls)
