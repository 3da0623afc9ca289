"""Which resources of an account have an answer about their policy in the snapshot.

The names come from the files (``accounts/<id>/<region>/<service>/<operation>/<name>.json``); the ARNs from the templates of
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sagepass.snapshot.answers import Answer, Answers

_TEMPLATES: dict[tuple[str, str], str] = {
    ("s3api", "get-bucket-policy"): "arn:{partition}:s3:::{name}",
    ("s3control", "get-access-point-policy"): "arn:{partition}:s3:{region}:{account}:accesspoint/{name}",
    ("kms", "get-key-policy"): "arn:{partition}:kms:{region}:{account}:key/{name}",
    ("ecr", "get-repository-policy"): "arn:{partition}:ecr:{region}:{account}:repository/{name}",
    ("sagemaker", "get-model-package-group-policy"): (
        "arn:{partition}:sagemaker:{region}:{account}:model-package-group/{name}"
    ),
    ("sagemaker", "get-lineage-group-policy"): "arn:{partition}:sagemaker:{region}:{account}:lineage-group/{name}",
    ("sagemaker", "get-endpoint-policy"): "arn:{partition}:sagemaker:{region}:{account}:endpoint/{name}",
    ("ram", "get-resource-policies"): "arn:{partition}:sagemaker:{region}:{account}:{name}",
    ("secretsmanager", "get-resource-policy"): "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}",
    ("sqs", "get-queue-attributes"): "arn:{partition}:sqs:{region}:{account}:{name}",
    ("sns", "get-topic-attributes"): "arn:{partition}:sns:{region}:{account}:{name}",
    ("lambda", "get-policy"): "arn:{partition}:lambda:{region}:{account}:function:{name}",
    ("dynamodb", "get-resource-policy"): "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
    ("kinesis", "get-resource-policy"): "arn:{partition}:kinesis:{region}:{account}:stream/{name}",
    ("efs", "describe-file-system-policy"): ("arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{name}"),
    ("events", "describe-event-bus"): "arn:{partition}:events:{region}:{account}:event-bus/{name}",
    ("opensearch", "describe-domain"): "arn:{partition}:es:{region}:{account}:domain/{name}",
}


def resources_with_policies(answers: Answers, account: str, partition: str) -> Iterator[str]:
    """ARNs of the account's resources of which a policy (or that there is none) was collected, each once."""
    seen: set[str] = set()
    for (service, operation), template in _TEMPLATES.items():
        for answer in answers.of(account, service, operation):
            arn = _arn(answer, template, account, partition)
            if arn is not None and arn not in seen:
                seen.add(arn)
                yield arn


def _arn(answer: Answer, template: str, account: str, partition: str) -> str | None:
    if answer.name.startswith("arn:"):
        return answer.name
    if not answer.name or ("{region}" in template and not answer.region):
        return None
    return template.format(partition=partition, region=answer.region, account=account, name=answer.name)
