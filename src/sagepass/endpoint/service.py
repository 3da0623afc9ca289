"""Which service a request is for, before its signature is checked.

A signing name can stand for several clients: ``sagemaker`` signs the API, the runtimes, metrics and more; ``iam`` signs
IAM and its toolbox. Each candidate is asked in turn whether it has an operation for the request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sagepass.endpoint.errors import Failure, Refusal
from sagepass.endpoint.http_message import HttpRequest
from sagepass.endpoint.moto_adapter.routing import known_clients
from sagepass.endpoint.signature import Signed

_CLIENTS: dict[str, tuple[str, ...]] = {
    "access-analyzer": ("accessanalyzer",),
    "aoss": ("opensearchserverless",),
    "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elbv2", "elb"),
    "elasticmapreduce": ("emr",),
    "email": ("ses", "sesv2"),
    "iam": ("iam", "iam-toolbox"),
    "monitoring": ("cloudwatch",),
    "s3": ("s3", "s3control"),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}
_SAGEMAKER_API = ("sagemaker",)
_SAGEMAKER_OTHERS = (
    "sagemaker-runtime",
    "sagemaker-featurestore-runtime",
    "sagemaker-metrics",
    "sagemaker-a2i-runtime",
    "sagemaker-edge",
    "sagemaker-inference-router-runtime",
    "sagemakerjobruntime",
    "sagemakertrainingsessionruntime",
)
_BY_TARGET = {
    "SageMaker": "sagemaker",
    "TrentService": "kms",
    "AWSOrganizationsV20161128": "organizations",
    "AmazonEC2ContainerRegistry_V20150921": "ecr",
    "Logs_20140328": "logs",
    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101": "cloudtrail",
}
_BY_VERSION = {"2011-06-15": "sts", "2010-05-08": "iam"}
_UNSIGNED_CALLS = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
_SAGEMAKER_HOST = re.compile(r"(?:api|runtime|metrics|featurestore-runtime)\.sagemaker\b")
_LONGEST_FORM = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The clients that may be meant, likeliest first, and the name under which requests to them are signed."""

    signing_name: str
    clients: tuple[str, ...]
    unsigned_is_fine: bool = False


def target_of(request: HttpRequest, signed: Signed | None) -> Target:
    """The service of a request.

    Raises:
        Refusal: there is no service of that name.
    """
    if signed is None:
        return _unsigned(request)
    name = signed.service
    if name == "sagemaker":
        api = (request.header("x-amz-target") or "").startswith("SageMaker.")
        return Target(signing_name=name, clients=_SAGEMAKER_API if api else _SAGEMAKER_OTHERS)
    if name == "s3":
        control = request.path.startswith("/v20180820/")
        return Target(signing_name=name, clients=("s3control",) if control else ("s3",), unsigned_is_fine=True)
    clients = _CLIENTS.get(name, (name,))
    if name not in _CLIENTS and name not in known_clients():
        raise Refusal(Failure.UNKNOWN_OPERATION, f"Credential should be scoped to a known service, not '{name[:60]}'")
    return Target(signing_name=name, clients=clients)


def _unsigned(request: HttpRequest) -> Target:
    target = (request.header("x-amz-target") or "").rpartition(".")[0]
    if target in _BY_TARGET:
        name = _BY_TARGET[target]
        return Target(signing_name=name, clients=(name,))
    form = _form(request)
    client = _BY_VERSION.get(form.get("Version", ""))
    if form.get("Action") in _UNSIGNED_CALLS:
        return Target(signing_name="sts", clients=("sts",), unsigned_is_fine=True)
    if client is not None:
        return Target(signing_name=client, clients=(client,))
    runtime = any(request.path.endswith(end) for end in ("/invocations", "/async-invocations"))
    if _SAGEMAKER_HOST.search(request.host) or runtime:
        return Target(signing_name="sagemaker", clients=_SAGEMAKER_OTHERS)
    return Target(signing_name="s3", clients=("s3",), unsigned_is_fine=True)


def _form(request: HttpRequest) -> dict[str, str]:
    pairs = dict(request.query_pairs)
    if request.content_type == "application/x-www-form-urlencoded" and len(request.body) <= _LONGEST_FORM:
        body = request.body.decode("utf-8", "replace")
        try:
            pairs |= dict(parse_qsl(body, keep_blank_values=True, max_num_fields=2000))
        except ValueError:
            return pairs
    return pairs
