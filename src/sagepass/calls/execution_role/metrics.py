"""Metrics: what the role reports to Amazon CloudWatch.

``cloudwatch:PutMetricData`` takes no resource; policies narrow it by ``cloudwatch:namespace``, whose values for SageMaker are
those of https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
"""

from __future__ import annotations

from sagepass.calls.call import Confidence
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Necessity, Needs

_NAMESPACE = "cloudwatch:namespace"


def metrics_needed(task: RoleTask, needs: Needs) -> None:
    """One action on everything, for all work that also writes logs."""
    if not task.work.log_group:
        return
    namespace = task.work.log_group.removesuffix("/*")
    needs.add(
        task.need(
            "cloudwatch:PutMetricData",
            "*",
            block=Block.METRICS,
            because=task.route(()),
            necessity=Necessity.USUAL,
            context={_NAMESPACE: (namespace,)},
            confidence=Confidence.INFERRED,
        )
    )
