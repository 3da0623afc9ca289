"""To which service a role in a SageMaker request is passed: the values ``iam:PassedToService`` can have.

Sources: the API operations table of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html, the AWS managed policies of
SageMaker, and https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html.
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.catalog.operation_actions import LISTED_WITH_PASS_ROLE

SAGEMAKER = "sagemaker.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePassing:
    """How one role in a request is passed.

    Attributes:
        services: possible values of ``iam:PassedToService``, most likely first; more than one is not settled.
        listed: AWS's operations table names ``iam:PassRole`` for the operation (or the client).
        certain: false where it is doubtful that this member passes a role at all.
        note: what is special about it, empty for the ordinary execution role.
    """

    services: tuple[str, ...]
    listed: bool
    certain: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Special:
    services: tuple[str, ...]
    note: str
    certain: bool = True


_EMR = _Special(
    (SAGEMAKER, "emr-serverless.amazonaws.com"), "the role is for EMR Serverless, which its trust policy must name"
)

_BY_PATH_END: dict[str, _Special] = {
    "EmrServerlessComputeConfig.ExecutionRoleARN": _EMR,
    "EmrServerlessSettings.ExecutionRoleArn": _EMR,
    "ClusterRole": _Special(
        (SAGEMAKER, "hyperpod.sagemaker.amazonaws.com"),
        "the trust policy of a cluster role names hyperpod.sagemaker.amazonaws.com; AWS lists only sagemaker.amazonaws.com",
    ),
    "AmazonForecastRoleArn": _Special(
        (SAGEMAKER, "forecast.amazonaws.com"), "the role is for Forecast, which its trust policy must name"
    ),
    "AmazonBedrockRoleArn": _Special(
        (SAGEMAKER, "bedrock.amazonaws.com"), "the role is for Bedrock, which its trust policy must name"
    ),
    "CrossAccountModelRegisterRoleArn": _Special(
        (SAGEMAKER,), "a role of another account is assumed later, not passed", certain=False
    ),
    "RedshiftDatasetDefinition.ClusterRoleArn": _Special(
        (SAGEMAKER,),
        "the role is attached to the Redshift cluster; whether it is passed is not documented",
        certain=False,
    ),
    "CfnTemplateProvider.RoleARN": _Special(
        ("cloudformation.amazonaws.com", SAGEMAKER), "the role is for CloudFormation, which its trust policy must name"
    ),
}

_BY_OPERATION: dict[str, _Special] = {
    "CreateJob": _Special(
        ("job.sagemaker.amazonaws.com",), "the trust policy needs sts:AssumeRole and sts:TagSession for this principal"
    ),
    "CreateDeviceFleet": _Special(
        (SAGEMAKER, "iot.amazonaws.com", "credentials.iot.amazonaws.com"), "the role becomes an IoT role alias"
    ),
    "UpdateDeviceFleet": _Special(
        (SAGEMAKER, "iot.amazonaws.com", "credentials.iot.amazonaws.com"), "the role becomes an IoT role alias"
    ),
}


def role_passing(client: str, operation: str, path: str) -> RolePassing:
    """How the role at a request path (``InstanceGroups[].ExecutionRole``) of an operation is passed."""
    if client == "sagemaker-geospatial":
        return RolePassing(services=("sagemaker-geospatial.amazonaws.com",), listed=True)
    listed = operation in LISTED_WITH_PASS_ROLE
    special = next((found for end, found in _BY_PATH_END.items() if path == end or path.endswith(f".{end}")), None)
    special = special or _BY_OPERATION.get(operation)
    if special is None:
        return RolePassing(services=(SAGEMAKER,), listed=listed)
    return RolePassing(services=special.services, listed=listed, certain=special.certain, note=special.note)
