"""ECR: repositories by name in a registry, which is an account.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html and
https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html. ``docker pull`` and
``docker push`` go through these operations: GetAuthorizationToken, then BatchCheckLayerAvailability, GetDownloadUrlForLayer and
BatchGetImage, or InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload and PutImage.
"""

from __future__ import annotations

from sagepass.calls.call import Confidence
from sagepass.calls.services.table import Row, ServiceTable, pass_role

_REPOSITORY = {
    "Account": "registryId",
    "RepositoryName": "repositoryName|repositoryNames[]|resourceArn",
}

_CACHE_ROLE = pass_role("customRoleArn", "pullthroughcache.ecr.amazonaws.com", confidence=Confidence.INFERRED)
_TEMPLATE_ROLE = pass_role("customRoleArn", "ecr.amazonaws.com", confidence=Confidence.INFERRED)

TABLE = ServiceTable(
    prefix="ecr",
    resources={"repository": _REPOSITORY},
    keys={"ecr:AccountSetting": ("name",)},
    instead={"ListImageReferrers": (Row(action="ListImageReferrers", on=("repository",)),)},
    beside={
        # https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html
        "CreateRepository": (Row(action="TagResource", when="tags"),),
        "CreatePullThroughCacheRule": (_CACHE_ROLE,),
        "UpdatePullThroughCacheRule": (_CACHE_ROLE,),
        "CreateRepositoryCreationTemplate": (_TEMPLATE_ROLE,),
        "UpdateRepositoryCreationTemplate": (_TEMPLATE_ROLE,),
    },
)
