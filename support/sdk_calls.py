# ruff: noqa: E402 - the SDK prints while it is imported, so that the answers have to be out of its way before
"""The calls of ``make sdk-compat``, made by the SageMaker Python SDK in a virtual environment of its own.

It reads names of calls from standard input, one a line, makes each, and writes one line of JSON for each to standard
output: ``{"ok": …}``, or ``{"code": …, "operation": …, "message": …}`` of the error that AWS answered with.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from sagemaker.estimator import Estimator  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.inputs import TrainingInput  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.model import Model  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.session import Session  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.workflow.pipeline import Pipeline  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.workflow.pipeline_context import PipelineSession  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.workflow.steps import TrainingStep  # type: ignore[import-not-found,import-untyped,unused-ignore]

ROLE = "arn:aws:iam::123456789012:role/Exec"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1"
BUCKET = "sdk-compat"
ONCE = Config(retries={"total_max_attempts": 1})


def _arguments() -> dict[str, Any]:
    client = boto3.client("sagemaker", config=ONCE)
    return {"sagemaker_client": client, "default_bucket": BUCKET}


def _estimator(session: object) -> Any:  # noqa: ANN401 - the SDK has no types
    return Estimator(
        image_uri=IMAGE,
        role=ROLE,
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=f"s3://{BUCKET}/output",
        sagemaker_session=session,
        base_job_name="churn",
    )


def _inputs() -> dict[str, object]:
    return {"train": TrainingInput(f"s3://{BUCKET}/train/")}


def fit() -> str:
    """``estimator.fit(wait=False)``: the name of the job."""
    estimator = _estimator(Session(**_arguments()))
    estimator.fit(_inputs(), wait=False)
    return str(estimator.latest_training_job.name)


def deploy() -> str:
    """``model.deploy``: the name of the endpoint."""
    session = Session(**_arguments())
    model = Model(image_uri=IMAGE, model_data=f"s3://{BUCKET}/model.tar.gz", role=ROLE, sagemaker_session=session)
    model.deploy(initial_instance_count=1, instance_type="ml.m5.large", wait=False)
    return str(model.endpoint_name)


def upsert() -> str:
    """``pipeline.upsert``, of a pipeline with one training step: its ARN."""
    session = PipelineSession(**_arguments())
    step = TrainingStep(name="Train", step_args=_estimator(session).fit(_inputs()))
    return str(Pipeline(name="churn", steps=[step], sagemaker_session=session).upsert(role_arn=ROLE)["PipelineArn"])


CALLS: dict[str, Callable[[], str]] = {"fit": fit, "deploy": deploy, "upsert": upsert}


def answer(name: str) -> dict[str, str]:
    """Make one call."""
    try:
        return {"ok": CALLS[name]()}
    except ClientError as error:
        found = error.response["Error"]
        return {"code": found["Code"], "operation": error.operation_name, "message": found["Message"]}


def main() -> None:
    """Make the calls that are asked for."""
    for line in sys.stdin:
        ANSWERS.write(json.dumps(answer(line.strip())) + "\n")
        ANSWERS.flush()


if __name__ == "__main__":
    main()
