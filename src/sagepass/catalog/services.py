"""Services: their names, SageMaker's service principals, global services, and what the console calls beside an action."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.catalog.actions import find_action
from sagepass.catalog.tables import table


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePrincipal:
    """A service principal that SageMaker features use, and what it is used for; ``source`` is a page or a policy."""

    name: str
    used_for: str
    source: str


SAGEMAKER_PRINCIPALS = (
    ServicePrincipal(
        name="sagemaker.amazonaws.com",
        used_for="execution roles of jobs, models, endpoints, notebooks, pipelines and Studio",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
    ),
    ServicePrincipal(
        name="job.sagemaker.amazonaws.com",
        used_for="roles passed to CreateJob; their trust policy also needs sts:TagSession",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/model-customize-mtrl-prereqs.html",
    ),
    ServicePrincipal(
        name="sagemaker-geospatial.amazonaws.com",
        used_for="execution roles of geospatial jobs",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-geospatial-roles.html",
    ),
    ServicePrincipal(
        name="hyperpod.sagemaker.amazonaws.com",
        used_for="the cluster role and the service-linked role of HyperPod",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-prerequisites-iam.html",
    ),
    ServicePrincipal(
        name="sagemaker.application-autoscaling.amazonaws.com",
        used_for="the service-linked role of endpoint auto scaling",
        source="https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html",
    ),
)

GLOBAL_SERVICE_REGIONS: dict[str, dict[str, str]] = {
    "aws": {
        "account": "us-east-1",
        "budgets": "us-east-1",
        "ce": "us-east-1",
        "cloudfront": "us-east-1",
        "globalaccelerator": "us-west-2",
        "health": "us-east-1",
        "iam": "us-east-1",
        "networkmanager": "us-west-2",
        "organizations": "us-east-1",
        "route53": "us-east-1",
        "route53domains": "us-east-1",
        "shield": "us-east-1",
        "support": "us-east-1",
        "waf": "us-east-1",
    },
    "aws-cn": {"iam": "cn-north-1", "organizations": "cn-northwest-1"},
    "aws-us-gov": {"iam": "us-gov-west-1", "organizations": "us-gov-west-1"},
}
"""Partition to service to Region, for services with one endpoint a partition: the value of ``aws:RequestedRegion``.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion,
https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html and the endpoint data
of botocore."""


def service_name(prefix: str) -> str | None:
    """The full name of a service (``Amazon SageMaker``), ``None`` for an unknown prefix."""
    row = table("services.json").get(prefix.lower())
    return str(row[0]) if row else None


def requested_region(service: str, region: str | None, partition: str = "aws") -> str | None:
    """What ``aws:RequestedRegion`` holds in a direct request to a service; ``None`` if that cannot be told.

    For a global service that is the Region of its one endpoint, for any other the Region of the endpoint used (the
    global endpoint of STS counts as ``us-east-1``). In the ``iam:PassRole`` check that another service makes, the value
    is not documented: do not ask here for it.
    """
    return GLOBAL_SERVICE_REGIONS.get(partition, {}).get(service.lower(), region)


def use_of_service_principal(principal: str) -> str | None:
    """What a SageMaker service principal is used for, ``None`` for a principal that is not SageMaker's."""
    return next((known.used_for for known in SAGEMAKER_PRINCIPALS if known.name == principal.lower()), None)


def console_companions(action: str) -> tuple[str, ...]:
    """Actions that the console page behind an action may call as well: *possible*, none is needed for the API call.

    Derived: a console page lists before it opens and shows tags and monitoring. For a SageMaker action on ``X`` the list
    action ``ListXs`` and ``ListTags`` are named if they exist, and for jobs and endpoints the reads of metrics and logs that
    https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html shows beside them.
    """
    found = find_action(action)
    if found is None or found.service != "sagemaker":
        return ()
    noun = _noun(found.name)
    listed = [find_action(f"sagemaker:List{form}") for form in (f"{noun}s", f"{noun[:-1]}ies", noun)] if noun else []
    named = [companion.id for companion in listed if companion is not None][:1]
    if found.resource_types:
        named.append("sagemaker:ListTags")
    if noun.endswith(("Job", "Endpoint")):
        named += ["cloudwatch:GetMetricData", "logs:DescribeLogStreams", "logs:GetLogEvents"]
    return tuple(name for name in dict.fromkeys(named) if name != found.id)


def _noun(name: str) -> str:
    for verb in ("BatchDescribe", "Describe", "Create", "Update", "Delete", "Start", "Stop", "Invoke", "Get"):
        if name.startswith(verb):
            return name.removeprefix(verb)
    return ""
