"""Which service wanted a role that a text says could not be assumed, where the text names none.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-iam-role.html,
https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html and
https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
"""

from __future__ import annotations

import re
from typing import Final

from sagepass.catalog.operations import find_operation
from sagepass.denial.operation import service_of
from sagepass.denial.record import Denial

SAGEMAKER: Final = "sagemaker.amazonaws.com"
_OWN_NAME: Final = frozenset({"bedrock", "codebuild", "codepipeline", "glue", "states", "scheduler"})
"""Services that assume roles as ``PREFIX.amazonaws.com``."""
_PEOPLE: Final = re.compile(r"(?:current|your|these)\s+credentials", re.IGNORECASE)
_SERVICE_CATALOG: Final = re.compile(r"access\s+denied\s+while\s+assuming", re.IGNORECASE)
_POD_IDENTITY: Final = "AssumeRoleForPodIdentity"


def assuming_service(denial: Denial) -> str | None:
    """The service principal; ``None`` where a person's credentials were refused, or the text leaves it open.

    Most texts without a name are SageMaker's, so it is taken where nothing points elsewhere.
    """
    if denial.operation == _POD_IDENTITY:
        return "pods.eks.amazonaws.com"
    if denial.principal is not None:
        return _named(denial.principal)
    if _PEOPLE.search(denial.text):
        return None
    if _SERVICE_CATALOG.search(denial.text):
        return "servicecatalog.amazonaws.com"
    if denial.operation is None or find_operation("sagemaker", denial.operation) is not None:
        return SAGEMAKER
    service = service_of(denial.operation)
    return f"{service}.amazonaws.com" if service in _OWN_NAME else None


def _named(name: str) -> str:
    if name.lower() == "sagemaker":
        return SAGEMAKER
    return name if "." in name else f"{name.lower()}.amazonaws.com"
