"""Tables: the data catalog that a feature group writes to, and queries that a processing job runs for its input.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-adding-policies.html and
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DatasetDefinition.html; which permissions the queries take AWS
does not list.
"""

from __future__ import annotations

from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Needs

_DATASETS = "ProcessingInputs[].DatasetDefinition"
_QUERIES = {
    f"{_DATASETS}.AthenaDatasetDefinition.Catalog": "the query of Amazon Athena",
    f"{_DATASETS}.RedshiftDatasetDefinition.ClusterId": "the query of Amazon Redshift",
}


def data_catalog_needed(task: RoleTask, needs: Needs) -> None:
    """The table of a feature group; a query's permissions are left open, because AWS does not list them."""
    for path, what in _QUERIES.items():
        for found in task.find(path):
            needs.leave_open(
                f"which permissions {what} takes is not documented for processing jobs",
                "compare the AWS managed policy AmazonSageMakerCanvasDataPrepFullAccess",
                found.route,
            )
    if task.call.operation != "CreateFeatureGroup" or task.params.get("OfflineStoreConfig") is None:
        return
    store = task.params["OfflineStoreConfig"]
    if isinstance(store, dict) and store.get("DisableGlueTableCreation") is True:
        return
    call = task.call
    start = f"arn:{call.partition}:glue:{call.region or '*'}:{call.caller_account or '*'}"
    because = task.route(("OfflineStoreConfig",))
    for action in ("glue:GetTable", "glue:UpdateTable"):
        for resource in (
            f"{start}:catalog",
            f"{start}:database/sagemaker_featurestore",
            f"{start}:table/sagemaker_featurestore/*",
        ):
            needs.add(task.need(action, resource, block=Block.CATALOG, because=because))
