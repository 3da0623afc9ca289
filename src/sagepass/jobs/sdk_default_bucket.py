"""The bucket that the SageMaker Python SDK makes for itself when it is given none.

Source: https://sagemaker.readthedocs.io/en/stable/api/utility/session.html (``Session.default_bucket``)
"""

from __future__ import annotations

import re

from sagepass.engine.request import Request
from sagepass.repair.fix import Applicability, Fix

_DEFAULT = re.compile(r"arn:[\w-]{1,20}:s3:::sagemaker-[a-z]{2}(?:-[a-z]{2,10}){1,3}-[0-9]-[0-9]{12}")
_MAKING = frozenset({"s3:createbucket", "s3:listallmybuckets", "s3:listbucket"})


def another_bucket(request: Request | None) -> Fix | None:
    """The way round a default bucket that is not to be made; ``None`` for any other request."""
    if request is None or request.action.lower() not in _MAKING or not _DEFAULT.fullmatch(request.resource):
        return None
    name = request.resource.rpartition(":")[2]
    return Fix(
        title="change the request instead: give the SageMaker SDK a bucket that exists",
        edits=(),
        applicability=Applicability.PLACEHOLDERS,
        steps=(
            f"{name} is the default bucket of the SageMaker Python SDK, which looks for it and makes it where code names no other",
            'sagemaker.Session(default_bucket="BUCKET") uses another one; or an administrator makes this one once',
        ),
    )
