"""Saved Describe answers of SageMaker resources: their role, key, network and so on.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.policy.arn import Arn
from sagepass.snapshot.answers import Answers


def describe(answers: Answers, arn: Arn) -> Mapping[str, object] | None:
    """The answer that describes a resource; ``None`` if none was saved."""
    kind, _, name = arn.resource.partition("/")
    answer = answers.find(arn.account, arn.service, f"describe-{kind}", name, arn.region)
    if answer is not None and isinstance(answer.value, dict):
        return answer.value
    for candidate in answers:
        if (candidate.account, candidate.service) == (arn.account, arn.service) and _describes(candidate.operation):
            value = candidate.value
            if isinstance(value, dict) and _is_subject(value, candidate.operation, arn):
                return value
    return None


def _describes(operation: str) -> bool:
    return operation.startswith("describe-")


def _is_subject(value: Mapping[str, object], operation: str, arn: Arn) -> bool:
    """Whether the ARN is that of the described resource itself, not of one that it refers to."""
    noun = "".join(part.capitalize() for part in operation.removeprefix("describe-").split("-"))
    return any(key.lower() == f"{noun}Arn".lower() and content == str(arn) for key, content in value.items())
