"""ECR: repositories by name in a registry, which is an account.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html and
https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html. ``docker pull`` and
``docker push`` go through these operations: GetAuthorizationToken, then BatchCheckLayerAvailability, GetDownloadUrlForLayer and
BatchGetImage, or InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload and PutImage.
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.calls.call import Confidence, ResourceState, Unsettled
from sagepass.calls.condition_values import Conditions
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.kms import key_in, used_for_caller
from sagepass.calls.services.table import Asked, Row, ServiceTable, pass_role

_ALL = "describe-repositories without names is authorized on no repository in particular"


def _repositories(asked: Asked) -> Iterable[Named]:
    """Each repository that the request names; for a list of all an ARN without a name.

    The policies of single repositories do not decide about the list; the name stays empty, so that ``repository/*`` in a
    policy covers it and ``repository/team-*`` does not.
    """
    call, members = asked.call, ("repositoryName", "repositoryNames[]", "resourceArn")
    registry = next((one.text for one in find_values(call.params, "registryId")), None) or call.caller_account or "*"
    prefix = f"arn:{call.partition}:ecr:{call.region or '*'}:{registry}:repository/"
    found = [one for member in members for one in find_values(call.params, member)]
    for one in found:
        text = one.text or "*"
        arn = text if text.startswith("arn:") else prefix + text
        yield Named(arn=arn, kind="repository", state=_state(arn), route=one.route)
    if not found:
        yield Named(arn=prefix, kind="repository", state=_state(prefix), note=_ALL)


def _state(arn: str) -> ResourceState:
    return ResourceState.SET if "*" in arn else ResourceState.EXACT


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
    resources={"repository": _repositories, "repository-key": key_in(_KEY_PATH)},
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
