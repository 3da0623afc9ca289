"""ECR: repositories by name in a registry, which is an account.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html and
https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html. ``docker pull`` and
``docker push`` go through these operations: GetAuthorizationToken, then BatchCheckLayerAvailability, GetDownloadUrlForLayer and
BatchGetImage, or InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload and PutImage.
"""

from __future__ import annotations

from sagepass.calls.call import Confidence, Unsettled
from sagepass.calls.condition_values import Conditions
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.kms import key_in, used_for_caller
from sagepass.calls.services.table import Asked, Row, ServiceTable, pass_role

_REPOSITORY = {
    "Account": "registryId",
    "RepositoryName": "repositoryName|repositoryNames[]|resourceArn",
}

_CACHE_ROLE = pass_role("customRoleArn", "pullthroughcache.ecr.amazonaws.com", confidence=Confidence.INFERRED)
_TEMPLATE_ROLE = pass_role("customRoleArn", "ecr.amazonaws.com", confidence=Confidence.INFERRED)

_KEY_PATH = "encryptionConfiguration.kmsKey"
_KEY = tuple(
    Row(
        action=action, on=("repository-key",), when=_KEY_PATH, keys=False, note="ECR makes grants on the key for itself"
    )
    for action in ("kms:DescribeKey", "kms:CreateGrant")
)
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"""


def _conditions(asked: Asked, action: str, _: Named) -> Conditions:
    """Of the grants that ECR makes, AWS documents neither the operations nor the constraints."""
    if not action.startswith("kms:"):
        return Conditions()
    conditions = used_for_caller(asked, "ecr")
    if action == "kms:CreateGrant":
        conditions.context["kms:GrantIsForAWSResource"] = ("true",)
        why = "AWS does not document what the grants of ECR hold"
        conditions.unsettled += [Unsettled(key=key, choices=(), why=why) for key in _GRANT_KEYS]
    return conditions


_GRANT_KEYS = ("kms:GrantConstraintType", "kms:GrantOperations", "kms:GranteePrincipal", "kms:RetiringPrincipal")

TABLE = ServiceTable(
    prefix="ecr",
    resources={"repository": _REPOSITORY, "repository-key": key_in(_KEY_PATH)},
    keys={"ecr:AccountSetting": ("name",)},
    instead={"ListImageReferrers": (Row(action="ListImageReferrers", on=("repository",)),)},
    beside={
        # https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html
        "CreateRepository": (Row(action="TagResource", when="tags"), *_KEY),
        "CreatePullThroughCacheRule": (_CACHE_ROLE,),
        "UpdatePullThroughCacheRule": (_CACHE_ROLE,),
        "CreateRepositoryCreationTemplate": (_TEMPLATE_ROLE,),
        "UpdateRepositoryCreationTemplate": (_TEMPLATE_ROLE,),
    },
    conditions=_conditions,
)
