"""The resource, and the passed roles, of the calls to other services that SageMaker's pipelines make.

Services with whole tables are in :mod:`sagepass.calls.services`; of all other operations only the action is known.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(the pages of each service) and https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol-pipelines.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sagepass.calls.call import Call, Confidence, Needed, ResourceState
from sagepass.calls.passed_roles import role_arn
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import state_of

_QUEUE_URL = re.compile(
    r"https://(?:sqs[.]([a-z0-9-]+)|([a-z0-9-]+)[.]queue)[.]amazonaws[.]com(?:[.]cn)?/(\d{12})/([\w.-]{1,80})"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """The parameter that names the resource, and the way from its value to the ARN; roles with the service they go to."""

    path: str
    arn: Callable[[Call, str], str]
    roles: tuple[tuple[str, str], ...] = ()


def _regional(service: str, resource: str) -> Callable[[Call, str], str]:
    def arn(call: Call, value: str) -> str:
        return f"arn:{call.partition}:{service}:{call.region or '*'}:{call.caller_account or '*'}:{resource}{value}"

    return arn


def _queue(call: Call, url: str) -> str:
    found = _QUEUE_URL.fullmatch(url)
    if found is None:
        return f"arn:{call.partition}:sqs:{call.region or '*'}:{call.caller_account or '*'}:*"
    return f"arn:{call.partition}:sqs:{found[1] or found[2]}:{found[3]}:{found[4]}"


_CLUSTER = _Rule("ClusterId", _regional("elasticmapreduce", "cluster/"))
_EMR_ROLES = (("ServiceRole", "elasticmapreduce.amazonaws.com"), ("JobFlowRole", "ec2.amazonaws.com"))
_EMR_RULE = _Rule("Rule", _regional("events", "rule/"))
_JOB_RUN = _Rule(
    "ApplicationId", lambda call, value: _regional("emr-serverless", "/applications/")(call, f"{value}/jobruns/*")
)

_RULES: dict[str, _Rule] = {
    "elasticmapreduce:addjobflowsteps": _CLUSTER,
    "elasticmapreduce:cancelsteps": _CLUSTER,
    "elasticmapreduce:describecluster": _CLUSTER,
    "elasticmapreduce:describestep": _CLUSTER,
    "elasticmapreduce:liststeps": _CLUSTER,
    "elasticmapreduce:runjobflow": _Rule("", _regional("elasticmapreduce", "cluster/"), _EMR_ROLES),
    "elasticmapreduce:terminatejobflows": _CLUSTER,
    "emr-serverless:canceljobrun": _JOB_RUN,
    "emr-serverless:getjobrun": _JOB_RUN,
    "emr-serverless:startjobrun": _Rule(
        "ApplicationId", _regional("emr-serverless", "/applications/"), (("ExecutionRoleArn", "emr-serverless.amazonaws.com"),)
    ),
    "events:describerule": _EMR_RULE,
    "events:putrule": _EMR_RULE,
    "events:puttargets": _EMR_RULE,
    "lambda:invokefunction": _Rule("FunctionName", _regional("lambda", "function:")),
    "sqs:sendmessage": _Rule("QueueUrl", _queue),
}  # fmt: skip
"""Action in lower case to its rule."""


def other_service_needs(call: Call, action: str) -> tuple[Needed, ...]:
    """The checks of a call to another service; empty if nothing but its action is known."""
    rule = _RULES.get(action.lower())
    if rule is None:
        return ()
    return (_own(call, action, rule), *(need for path, service in rule.roles for need in _passed(call, path, service)))


def _own(call: Call, action: str, rule: _Rule) -> Needed:
    if not rule.path:
        return Needed(action=action, resource="*", resource_state=ResourceState.NONE)
    found = next(iter(find_values(call.params, rule.path)), None)
    text = found.text if found else None
    arn = text if text and text.startswith("arn:") else rule.arn(call, text or "*")
    return Needed(
        action=action,
        resource=arn,
        resource_state=state_of(arn),
        because=found.route if found else (),
        note="" if text else f"{rule.path} is not known before the call",
    )


def _passed(call: Call, path: str, service: str) -> list[Needed]:
    needed = []
    for found in find_values(call.params, path):
        arn, problem = role_arn(call, found)
        needed.append(
            Needed(
                action="iam:PassRole",
                resource=arn,
                resource_state=state_of(arn),
                context=(("iam:PassedToService", (service,)),),
                because=found.route,
                confidence=Confidence.INFERRED if problem else Confidence.DOCUMENTED,
                note=problem,
            )
        )
    return needed
