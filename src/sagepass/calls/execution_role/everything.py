"""All that one role needs for one piece of work, in the order in which AWS comes to it."""

from __future__ import annotations

from sagepass.calls.execution_role.child_calls import child_calls_needed
from sagepass.calls.execution_role.data_catalog import data_catalog_needed
from sagepass.calls.execution_role.file_system import file_systems_needed
from sagepass.calls.execution_role.image import images_needed
from sagepass.calls.execution_role.keys import volume_keys_needed
from sagepass.calls.execution_role.logs import logs_needed
from sagepass.calls.execution_role.metrics import metrics_needed
from sagepass.calls.execution_role.network import network_needed
from sagepass.calls.execution_role.notification import notifications_needed
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.execution_role.s3_input import inputs_needed
from sagepass.calls.execution_role.s3_output import outputs_needed
from sagepass.calls.need import Needs


def role_needs(task: RoleTask, needs: Needs, *, caller: str) -> None:
    """Network, image, data, keys, notifications, calls of its own, logs and metrics; ``caller`` may stand in for a grant."""
    network_needed(task, needs)
    images_needed(task, needs)
    inputs_needed(task, needs)
    file_systems_needed(task, needs)
    data_catalog_needed(task, needs)
    volume_keys_needed(task, needs, caller)
    outputs_needed(task, needs)
    notifications_needed(task, needs)
    child_calls_needed(task, needs)
    logs_needed(task, needs)
    metrics_needed(task, needs)
