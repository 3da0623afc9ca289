"""What is shared: a SageMaker resource, the ARNs that belong to it, and the actions on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sagepass.catalog.actions import expand_action_pattern, find_action, nearest_actions
from sagepass.catalog.resources import types_of_arn
from sagepass.catalog.sharing import Mechanism, Sharing, acts_on, sharing_of
from sagepass.policy.arn import Arn, is_account_id, parse_arn


class ShareError(ValueError):
    """Something that cannot be shared in this way; ``remedy`` says what can."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One action, and the ARN (with ``*`` for what is not known before the call) that it is allowed on."""

    action: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The resource that is shared.

    ``version`` (``churn/3``) narrows a model package group, which carries the policy, to one of its versions.
    """

    arn: Arn
    row: Sharing
    version: str | None = None

    @property
    def text(self) -> str:
        """The ARN."""
        return str(self.arn)

    @property
    def name(self) -> str:
        """The resource's own name."""
        return self.arn.resource.partition("/")[2]

    @property
    def words(self) -> str:
        """A phrase for sentences."""
        return f"version {self.version}" if self.version else f"{self.row.resource_type} {self.name}"

    def sibling(self, resource: str) -> str:
        """The ARN of something else of the same account and Region."""
        return str(Arn(self.arn.partition, "sagemaker", self.arn.region, self.arn.account, resource))


def read_subject(text: str) -> Subject:
    """Read the ARN of a SageMaker resource.

    Of a version of a model package the group carries the policy, which then names that version alone.

    Raises:
        ShareError: it is no ARN of one resource, or SageMaker has no such type.
    """
    arn = parse_arn(text)
    if arn is None or arn.service != "sagemaker" or not is_account_id(arn.account) or not arn.region:
        raise ShareError(
            f"{text!r} is not the ARN of a SageMaker resource",
            "give it whole, for example arn:aws:sagemaker:us-east-1:123456789012:model-package-group/churn",
        )
    if set(text) & set("*?$") or not text.isprintable() or " " in text:
        raise ShareError(f"{text!r} does not name one resource", "share one resource at a time")
    kinds = types_of_arn(text)
    if not kinds:
        raise ShareError(f"SageMaker has no resource type with ARNs such as {text}", "check the ARN")
    name, version = kinds[0].name, None
    if name == "model-package" and "/" in arn.resource.partition("/")[2]:
        version = arn.resource.partition("/")[2]
        group = version.partition("/")[0]
        arn = Arn(arn.partition, arn.service, arn.region, arn.account, f"model-package-group/{group}")
        name = "model-package-group"
    row = sharing_of(name)
    if row is None:
        raise ShareError(f"nothing is known of how a {name} is shared", "sagepass explain sharing lists the types")
    return Subject(arn=arn, row=row, version=version)


def default_actions(subject: Subject, mechanism: Mechanism) -> tuple[str, ...]:
    """What is shared if nobody says otherwise."""
    row = subject.row
    usual = row.role_actions or row.actions if mechanism is Mechanism.ROLE else row.actions
    return tuple(action for action in usual if subject.version is None or _types(action, subject))


def read_actions(given: Iterable[str], subject: Subject) -> tuple[str, ...]:
    """Actions as people write them: with or without the prefix, with wildcards; only those that act on the resource.

    Raises:
        ShareError: an action does not exist, or does not act on this resource.
    """
    found: dict[str, None] = {}
    for text in given:
        for word in text.replace(",", " ").split():
            found.update(dict.fromkeys(_actions_of(word, subject)))
    return tuple(found)


def _actions_of(word: str, subject: Subject) -> list[str]:
    action = word if ":" in word else f"sagemaker:{word}"
    if set(action) & set("*?"):
        named = [name for name in expand_action_pattern(action) if _types(name, subject)]
        if not named:
            raise ShareError(f"no action matches {word!r} on a {subject.row.resource_type}", "name the actions")
        return named
    known = find_action(action)
    if known is None:
        near = nearest_actions(action)
        raise ShareError(
            f"there is no action {action!r}", f"did you mean {' or '.join(near)}?" if near else "check its name"
        )
    if known.service != "sagemaker":
        raise ShareError(
            f"{known.id} is no action of SageMaker",
            "name the bucket, repository or key with --also; its actions follow",
        )
    if not _types(known.id, subject):
        raise ShareError(
            f"{known.id} does not act on a {subject.row.resource_type}",
            f"it acts on {', '.join(sorted(acts_on(known.id)))}" if acts_on(known.id) else "it takes no resource",
        )
    return [known.id]


def _types(action: str, subject: Subject) -> tuple[str, ...]:
    """The types of the resource's family that an action is named on; of a single version only its own."""
    found = _types_in_family(action, subject)
    return found if subject.version is None else tuple(kind for kind in found if kind == "model-package")


def _types_in_family(action: str, subject: Subject) -> tuple[str, ...]:
    row = subject.row
    if action in row.named_on:
        return row.named_on[action]
    family = row.family or {row.resource_type: ""}
    on = acts_on(action)
    own = tuple(kind for kind in family if kind in on)
    if not own and not on and action in row.actions:
        return (row.resource_type,)
    return own


def grants_of(actions: Iterable[str], subject: Subject) -> tuple[Grant, ...]:
    """Each action with the ARNs of the resource's family that its own policy allows it on."""
    return tuple(
        Grant(action=action, resource=_family_arn(kind, subject))
        for action in actions
        for kind in _types(action, subject)
    )


def entity_grants(actions: Iterable[str], subject: Subject) -> tuple[Grant, ...]:
    """Each action with the ARNs of what lies in the resource, and is asked about by its own ARN."""
    return tuple(
        Grant(action=action, resource=subject.sibling(pattern))
        for action in actions
        for kind, pattern in subject.row.entities.items()
        if kind in acts_on(action)
    )


def identity_grants(actions: Iterable[str], subject: Subject) -> tuple[Grant, ...]:
    """What an identity of the owner's account has to be allowed; an action that takes no resource stands on ``*``."""
    listed = tuple(actions)
    inside = entity_grants(listed, subject)
    named = {grant.action for grant in inside}
    return (*(grant for grant in grants_of(listed, subject) if grant.action not in named), *inside)


def _family_arn(kind: str, subject: Subject) -> str:
    if subject.version is not None:
        return subject.sibling(f"model-package/{subject.version}")
    pattern = subject.row.family.get(kind)
    return subject.sibling(pattern.replace("{name}", subject.name)) if pattern else subject.text
