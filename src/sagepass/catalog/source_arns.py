"""What SageMaker sends as ``aws:SourceArn`` when it assumes a role.

A trust policy that guards against the confused deputy compares it. AWS documents the value for some features only.
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
"""

from __future__ import annotations

from enum import StrEnum

SOURCE = "https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html"


class SourceForm(StrEnum):
    """The form of the ARN."""

    RESOURCE = "the resource that the call makes"
    """The ARN of the job or image."""
    REGION = "everything of the account in the Region"
    """Exactly ``arn:aws:sagemaker:REGION:ACCOUNT:*``, where the asterisk is a character and not a wildcard."""
    BELOW = "what lies below the resource"
    """``pipeline/NAME/…``."""
    UNDOCUMENTED = "not documented"


_RESOURCE = (
    "CreateTrainingJob",
    "CreateProcessingJob",
    "CreateTransformJob",
    "CreateCompilationJob",
    "CreateEdgePackagingJob",
    "CreateImage",
    "CreateImageVersion",
    "UpdateImage",
)
_REGION = (
    "CreateModel",
    "CreateEndpointConfig",
    "CreateEndpoint",
    "UpdateEndpoint",
    "CreateInferenceComponent",
    "CreateDomain",
    "UpdateDomain",
    "CreateUserProfile",
    "UpdateUserProfile",
    "CreateApp",
)
_BELOW = ("CreatePipeline", "UpdatePipeline", "StartPipelineExecution", "RetryPipelineExecution")

_FORMS = (
    dict.fromkeys(_RESOURCE, SourceForm.RESOURCE)
    | dict.fromkeys(_REGION, SourceForm.REGION)
    | dict.fromkeys(_BELOW, SourceForm.BELOW)
)


def source_form(operation: str) -> SourceForm:
    """The form of ``aws:SourceArn`` for the role of an operation."""
    return _FORMS.get(operation, SourceForm.UNDOCUMENTED)
