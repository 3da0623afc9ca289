"""Amazon S3: the policy of a bucket is read and written by identities of the owner's account only.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
"""

from __future__ import annotations

from sagepass.engine.inputs import Inputs
from sagepass.policy.kinds import CheckType
from sagepass.policy.truth import Truth

OF_THE_OWNER = frozenset({"s3:deletebucketpolicy", "s3:getbucketpolicy", "s3:putbucketpolicy"})


def never(inputs: Inputs) -> tuple[CheckType, str] | None:
    """The reason why this request is refused whatever the policies say: S3 answers 405 Method Not Allowed."""
    if inputs.action.lower() not in OF_THE_OWNER or inputs.same_account is not Truth.FALSE:
        return None
    return CheckType.RESOURCE, f"{inputs.action} needs an identity of the account that owns the bucket"
