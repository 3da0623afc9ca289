"""Where to look when a text tells that data could not be reached, but not who was refused or for which action.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (403 in the place of 404),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html (keys behind S3),
https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

import re

from sagepass.denial.record import Denial
from sagepass.repair.fix import Applicability, Fix

_WHO = (
    "find out who made the call: aws sts get-caller-identity with the same credentials; inside Studio, a notebook, a job or "
    "an endpoint it is the execution role, not you"
)
_BUCKET = (
    "a bucket of another account must allow it in its bucket policy as well, and objects under a customer managed KMS key "
    "need kms:Decrypt (to write: kms:GenerateDataKey) in the caller's policies and in the key policy"
)
_READ = (
    "it needs s3:GetObject on the object and s3:ListBucket on the bucket: without s3:ListBucket, S3 answers 403 even for an "
    "object that does not exist, so check the key for typing errors too"
)
_WRITE = "it needs s3:PutObject on the key that is written, and to upload in parts s3:AbortMultipartUpload"
_S3 = "it needs the S3 action of the call: s3:GetObject and s3:PutObject on the objects, s3:ListBucket on the bucket"
_ECR = (
    (
        "it needs ecr:GetAuthorizationToken on *, and ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and "
        "ecr:BatchCheckLayerAvailability on the repository of each image"
    ),
    "an image of another account also needs that repository's policy; the image must exist, in the Region of its address",
)
_KMS = (
    "it needs kms:Decrypt on the key (to write: kms:GenerateDataKey), in its own policies and in the key policy or a grant",
    "KMS says the same of a key that is in another Region or was deleted: check the Region of the key's ARN",
)


_GIT = (
    "it needs codecommit:GitPull on the repository (to push: codecommit:GitPush); Git asks with the credentials of its helper: "
    "git config --get-all credential.helper"
)
_PACKAGES = (
    "it needs codeartifact:ReadFromRepository on the repository, codeartifact:GetAuthorizationToken on its domain, and "
    "sts:GetServiceBearerToken; another account also needs the policies of domain and repository"
)
_ROLE_OF_A_PIPELINE = (
    "everything that a pipeline takes of its role (the Create…Job actions, sagemaker:AddTags, iam:PassRole on the roles of its "
    "steps): sagepass preflight PIPELINE.json --snapshot PATH"
)
_RECORD = (
    "CloudTrail wrote down the action, the caller and the resource: in Event history look for an event with an errorCode of the "
    "same minute, or aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false; then ask again "
    "with that event as the text"
)


def where_to_look(denial: Denial) -> tuple[Fix, ...]:
    """Advice for a denial that names no request; where even the service is not known, where AWS recorded it."""
    steps = [] if denial.principal else [_WHO]
    match denial.service:
        case "s3":
            steps += [_s3(denial.action or denial.action_inferred), _BUCKET]
        case "ecr":
            steps += _ECR
        case "kms":
            steps += _KMS
        case "codeartifact":
            steps.append(_PACKAGES)
        case "codecommit":
            steps.append(_GIT)
        case _:
            steps.append(_needs(denial))
    steps.append(
        "then ask again and say what the text leaves out: sagepass why ERROR --as CALLER --resource ARN --snapshot PATH"
    )
    return (
        Fix(
            title=_title(denial),
            edits=(),
            applicability=Applicability.DISPLAY_ONLY,
            steps=tuple(steps),
        ),
    )


def _title(denial: Denial) -> str:
    told = {"the caller": denial.principal, "the resource": denial.resource}
    untold = [name for name, value in told.items() if value is None]
    if not untold:
        return "say in full what the text shortens, the caller or the resource"
    return f"find {' and '.join(untold)}, which the text does not tell"


def _needs(denial: Denial) -> str:
    """What the caller needs, as far as the text tells the action; else where the action is written down."""
    action = denial.action or denial.action_inferred
    if action is None:
        return _ROLE_OF_A_PIPELINE if re.search(r"role\s+does\s+not\s+have\s+sufficient", denial.text) else _RECORD
    what = denial.resource or "the resource of the call"
    return f"it needs {action} on {what}, in its identity-based policies; an administrator of its account adds it"


def _s3(action: str | None) -> str:
    name = (action or "").partition(":")[2].lower()
    if name in {"getobject", "headobject", "listbucket"}:
        return _READ
    return _WRITE if name.startswith("put") else _S3
