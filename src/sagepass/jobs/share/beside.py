"""What sharing takes beside the SageMaker resource: the data in S3, the image in ECR, the customer managed key.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-deploy.html (a shared model package needs all three),
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html (the actions of a pull),
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html (both sides of a key) and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html (both sides of a
bucket).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sagepass.calls.container_image import PULL
from sagepass.jobs.share.subject import Grant, ShareError, Subject
from sagepass.policy.arn import Arn, parse_arn
from sagepass.snapshot.snapshot import Snapshot

_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]{4,30})\.amazonaws\.com(?:\.cn)?/(?P<name>[a-z0-9._/-]{2,256})"
    r"(?:[:@][A-Za-z0-9._:-]{1,200})?"
)
_S3 = re.compile(r"s3://(?P<bucket>[a-z0-9.-]{3,63})(?:/(?P<key>[^\s*?]{0,1024}))?")
_KEY_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")
_DEEPEST = 12


class BesideKind(StrEnum):
    """The kinds of things that are needed beside."""

    DATA = "s3"
    IMAGE = "ecr"
    KEY = "kms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One thing: the ARN that is read, the ARN of what carries the policy, and the actions."""

    kind: BesideKind
    resource: str
    holder: str
    actions: tuple[str, ...]

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Each action on the resource."""
        return tuple(Grant(action=action, resource=self.resource) for action in self.actions)

    @property
    def name(self) -> str:
        """The bucket, the repository or the id of the key."""
        return self.holder.rpartition(":")[2].partition("/")[2] or self.holder.rpartition(":")[2]

    @property
    def words(self) -> str:
        """What carries the policy, for people."""
        noun = {BesideKind.DATA: "bucket", BesideKind.IMAGE: "repository", BesideKind.KEY: "key"}[self.kind]
        return f"{noun} {self.name}"


def read_beside(text: str, subject: Subject) -> Beside:
    """Read what ``--also`` names: an ARN of a bucket, object, repository or key, an ``s3://`` address or an ECR image.

    Raises:
        ShareError: it is none of these.
    """
    found = None if "${" in text else _of_text(text, subject)
    if found is None:
        raise ShareError(
            f"--also {text!r} is no bucket, repository or key",
            "give an s3:// address, the address of an ECR image, or the ARN of a bucket, repository or key",
        )
    arn = parse_arn(found.holder)
    if arn is not None and arn.account not in {"", subject.arn.account}:
        raise ShareError(
            f"--also {text!r} is in account {arn.account}, whose owner decides on its policy",
            "name what the owner's account holds; an image of AWS's own needs nothing",
        )
    return found


def found_beside(subject: Subject, snapshot: Snapshot) -> tuple[tuple[Beside, ...], tuple[str, ...]]:
    """What the saved Describe answers about the resource name, and what was left out and why."""
    found: dict[str, Beside] = {}
    notes: dict[str, None] = {}
    for description in _descriptions(subject, snapshot):
        for key, text in _values(description, _DEEPEST):
            one = _of_text(text, subject)
            if one is None:
                notes[f"{key} {text} is not understood, and not in the plan: name what it stands for with --also"] = (
                    None
                )
                continue
            foreign = _foreign(one, subject, snapshot)
            if foreign is not None:
                notes[
                    f"{key} {text} belongs to account {foreign}, not to yours: what its policy allows is theirs to say"
                ] = None
            else:
                found[one.resource] = one
    return tuple(found.values()), tuple(notes)


def _foreign(beside: Beside, subject: Subject, snapshot: Snapshot) -> str | None:
    """The other account that owns it, if one is known to; the ARN of a bucket does not tell."""
    arn = parse_arn(beside.holder)
    owner = (arn.account if arn is not None else "") or snapshot.resource_account(beside.holder)
    return owner if owner and owner != subject.arn.account else None


def _descriptions(subject: Subject, snapshot: Snapshot) -> Iterator[object]:
    """The answers about the resource itself and about the versions of a model package group."""
    own = snapshot.describe(subject.text)
    if own is not None:
        yield own
    versions = subject.sibling(f"model-package/{subject.version or subject.name + '/'}")
    for answer in snapshot.answers():
        if (answer.account, answer.service, answer.operation) == (
            subject.arn.account,
            "sagemaker",
            "describe-model-package",
        ):
            value = answer.value
            named = str(value.get("ModelPackageArn", "")) if isinstance(value, dict) else ""
            if named == versions if subject.version else named.startswith(versions):
                yield value


_NAMED = frozenset({"Image", "ModelDataUrl", "S3Uri", "KmsKeyId"})
_NOT_INSIDE = frozenset(
    {"ModelMetrics", "DriftCheckBaselines", "ValidationSpecification", "AdditionalInferenceSpecifications"}
)
"""Reports about a model, which nobody needs who deploys it."""


def _values(value: object, depth: int) -> Iterator[tuple[str, str]]:
    if depth == 0:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _NOT_INSIDE:
                continue
            if key in _NAMED and isinstance(inner, str):
                yield key, inner
            else:
                yield from _values(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, depth - 1)


def _of_text(text: str, subject: Subject) -> Beside | None:
    image = _IMAGE.fullmatch(text)
    if image is not None:
        return _image(
            Arn(subject.arn.partition, "ecr", image["region"], image["account"], f"repository/{image['name']}")
        )
    address = _S3.fullmatch(text)
    if address is not None:
        return _data(subject.arn.partition, address["bucket"], address["key"] or "")
    if _KEY_ID.fullmatch(text):
        return _key(Arn(subject.arn.partition, "kms", subject.arn.region, subject.arn.account, f"key/{text}"))
    arn = parse_arn(text)
    return _of_arn(arn) if arn is not None and text.isprintable() else None


def _of_arn(arn: Arn) -> Beside | None:
    holder = arn.resource.partition("/")[0] if arn.service == "s3" else arn.resource
    if set(holder) & set("*?"):
        return None
    match arn.service:
        case "s3" if not arn.resource.startswith("accesspoint/"):
            return _data(arn.partition, holder, arn.resource.partition("/")[2])
        case "ecr" if arn.resource.startswith("repository/"):
            return _image(arn)
        case "kms" if arn.resource.startswith("key/"):
            return _key(arn)
        case _:
            return None


def _data(partition: str, bucket: str, key: str) -> Beside:
    """A prefix stands for all objects below it, and a bucket for all in it."""
    objects = f"{key}*" if not key or key.endswith("/") else key
    bucket_arn = f"arn:{partition}:s3:::{bucket}"
    return Beside(
        kind=BesideKind.DATA, resource=f"{bucket_arn}/{objects}", holder=bucket_arn, actions=("s3:GetObject",)
    )


def _image(arn: Arn) -> Beside:
    return Beside(kind=BesideKind.IMAGE, resource=str(arn), holder=str(arn), actions=PULL)


def _key(arn: Arn) -> Beside:
    return Beside(kind=BesideKind.KEY, resource=str(arn), holder=str(arn), actions=("kms:Decrypt",))


_WRITING_CARDS = frozenset({"sagemaker:UpdateModelCard", "sagemaker:CreateModelCardExportJob"})


def with_writing(item: Beside, actions: Iterable[str]) -> Beside:
    """A key with what writing takes besides reading: to update or export an encrypted model card a data key is made.

    https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-xaccount.html
    """
    if item.kind is not BesideKind.KEY or not _WRITING_CARDS & set(actions):
        return item
    return replace(item, actions=("kms:Decrypt", "kms:GenerateDataKey"))


def by_holder(items: Iterable[Beside]) -> dict[str, list[Beside]]:
    """The items by what carries their policy: a bucket has one policy for all objects in it."""
    found: dict[str, list[Beside]] = {}
    for item in items:
        found.setdefault(item.holder, []).append(item)
    return found
