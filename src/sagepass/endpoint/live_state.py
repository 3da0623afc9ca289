"""The live authorization state as a snapshot: what the emulation holds, what we hold, and below both the seed.

Identities and the organization are read once for each generation; a call that may have changed them begins a new one.
Policies, grants and tags of resources are read when a decision asks for them, and again after a call that may have changed
any: what was worked out for callers (:mod:`sagepass.engine.compiled`) outlives that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, assert_never

from sagepass.endpoint.effects import Reread
from sagepass.endpoint.held import Held
from sagepass.endpoint.live_answers import LiveAnswers
from sagepass.endpoint.moto_adapter import identities, organizations, resources
from sagepass.engine.compiled import compiled
from sagepass.snapshot.answers import Answer, Answers
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.folder import DETAILS
from sagepass.snapshot.settings import Settings
from sagepass.snapshot.snapshot import Snapshot

_NO_POLICY: dict[tuple[str, str], dict[str, object]] = {
    ("s3api", "get-bucket-policy"): {"Policy": None},
    ("s3control", "get-access-point-policy"): {"Policy": None},
    ("kms", "get-key-policy"): {"Policy": None},
    ("kms", "list-grants"): {"Grants": []},
    ("ecr", "get-repository-policy"): {"policyText": None},
    ("sagemaker", "get-model-package-group-policy"): {"ResourcePolicy": None},
    ("sagemaker", "get-endpoint-policy"): {"ResourcePolicy": None},
    ("sagemaker", "get-lineage-group-policy"): {"ResourcePolicy": None},
    ("logs", "describe-resource-policies"): {"resourcePolicies": []},
    ("ram", "get-resource-policies"): {"policies": []},
}
"""What is said of a resource that is held nowhere: it does not exist, so it has no policy."""

_HELD = {
    ("sagemaker", "get-model-package-group-policy"): "model-package-group",
    ("sagemaker", "get-endpoint-policy"): "endpoint",
}


class LiveState:
    """All authorization state of the endpoint.

    ``changing`` is held by every call that may change it, from the decision to the answer, and while a snapshot is read.
    """

    def __init__(
        self, seed: Snapshot | None = None, *, default_account: str = "123456789012", name: str = "endpoint"
    ) -> None:
        self.held = Held()
        self.changing = threading.RLock()
        self._seed = seed
        self._name = name
        self._default_account = default_account
        self._known: set[str] = {default_account, *(seed.accounts if seed else ())}
        self._generation, self._resources = 0, 0
        self._count = count(1)
        self._snapshot: tuple[int, int, Snapshot] | None = None

    @property
    def generation(self) -> int:
        """Tells the states of identities and the organization apart."""
        return self._generation

    def changed(self, what: Reread = Reread.EVERYTHING) -> None:
        """Begin a new generation: the next decision reads everything again, or the resources alone."""
        match what:
            case Reread.NOTHING:
                return
            case Reread.RESOURCES:
                self._resources = next(self._count)
            case Reread.EVERYTHING:
                self._generation = self._resources = next(self._count)
            case _:
                assert_never(what)

    def accounts(self) -> tuple[str, ...]:
        """The accounts that exist: the default one, those of the seed, and the members of the organization."""
        return tuple(sorted(self._known | set(organizations.member_accounts())))

    def snapshot(self) -> Snapshot:
        """The state as it is now."""
        cached = self._snapshot
        now = (self._generation, self._resources)
        if cached is not None and cached[:2] == now:
            return cached[2]
        with self.changing:
            generation, resources_read = self._generation, self._resources
            if cached is not None and cached[0] == generation:
                snapshot = _with_resources_anew(cached[2])
            else:
                answers = LiveAnswers([*self._fixed(), *self._seeded()], self._look_up, self._name)
                snapshot = Snapshot.from_answers(answers, self._name, settings=self._settings())
            self._snapshot = (generation, resources_read, snapshot)
        return snapshot

    def snapshot_with_alias(self, alias: str, account: str, region: str, key: str) -> Snapshot:
        """The state as it would be with an alias that is about to be made: its key's policy decides about it too."""
        arn = f"arn:{_partition(region)}:kms:{region}:{account}:{alias}"
        row = {"AliasName": alias, "AliasArn": arn, "TargetKeyId": key.rpartition("/")[2]}
        with self.changing:
            made = self._answer("kms", "list-aliases", {"Aliases": [row]}, account=account, region=region)
            fixed = [made, *self._fixed(), *self._seeded()]
            answers = LiveAnswers(fixed, self._look_up, self._name)
            return Snapshot.from_answers(answers, self._name, settings=self._settings())

    def _settings(self) -> Settings:
        if organizations.organization_answers():
            outside = set(self.accounts()) - set(organizations.member_accounts())
            return Settings(no_organization_accounts=frozenset(outside))
        return Settings(no_organization=not self._seed_has_organization())

    def _seed_has_organization(self) -> bool:
        told = (one for one in self._seed.answers() if one.service == "organizations") if self._seed is not None else ()
        return any(one.refusal is None or one.refusal.code != "AWSOrganizationsNotInUseException" for one in told)

    def _fixed(self) -> Iterator[Answer]:
        for account in self.accounts():
            yield self._answer("iam", DETAILS, self.details(account), account=account)
            buckets = {"Buckets": [{"Name": name} for name in resources.bucket_names(account)]}
            yield self._answer("s3api", "list-buckets", buckets, account=account)
            for region in self._key_regions(account):
                rows = {"Aliases": resources.aliases(account, region)}
                yield self._answer("kms", "list-aliases", rows, account=account, region=region)
        for operation, name, value in organizations.organization_answers():
            yield self._answer("organizations", operation, value, name=name)

    def _key_regions(self, account: str) -> list[str]:
        keys = (key.split("/") for key in resources.resource_rows((account,)) if key.startswith("key/"))
        return sorted({parts[2] for parts in keys})

    def details(self, account: str) -> dict[str, list[dict[str, Any]]]:
        """Users, groups, roles and policies, with the boundaries of users."""
        details = identities.read_details(account)
        for row in details["UserDetailList"]:
            boundary = self.held.user_boundaries.get(str(row["Arn"]))
            if boundary is not None:
                row["PermissionsBoundary"] = identities.boundary_row(boundary)
        return details

    def _seeded(self) -> Iterator[Answer]:
        """What the seed says and nothing here replaces."""
        live_organization = bool(organizations.organization_answers())
        for answer in self._seed.answers() if self._seed is not None else Answers(()):
            replaced = answer.operation in {DETAILS, "list-buckets"} or (
                answer.service == "organizations" and live_organization
            )
            if not replaced:
                yield answer

    def _look_up(self, account: str, service: str, operation: str, name: str, region: str) -> object | None:
        kind = _HELD.get((service, operation))
        if kind is not None:
            arn = f"arn:{_partition(region)}:sagemaker:{region}:{account}:{kind}/{name}"
            policy = self.held.resource_policies.get(arn)
            if policy is not None:
                return {"ResourcePolicy": policy}
        value = resources.look_up(resources.Place(account=account, region=region, name=name), service, operation)
        if value is not None:
            return value
        if self._in_seed(account, service, operation, name, region):
            return None
        return _NO_POLICY.get((service, operation)) if not name.startswith("arn:") else None

    def _in_seed(self, account: str, service: str, operation: str, name: str, region: str) -> bool:
        return (
            self._seed is not None and self._seed.answers().find(account, service, operation, name, region) is not None
        )

    def _answer(
        self, service: str, operation: str, value: object, *, account: str = "", region: str = "", name: str = ""
    ) -> Answer:
        label = f"{self._name} {service} {operation} {name}".rstrip()
        return Answer(
            account=account, region=region, service=service, operation=operation, name=name, label=label, given=value
        )

    def told_of(self, resources: Iterable[str]) -> tuple[Answer, ...]:
        """What is known of the policies and grants of some resources, and that others have none."""
        with self.changing:
            answers = LiveAnswers([*self._fixed(), *self._seeded()], self._look_up, self._name)
            snapshot = Snapshot.from_answers(answers, self._name, settings=self._settings())
            for arn in resources:
                snapshot.resource_policy(arn)
                snapshot.key_grants(arn)
            return tuple(answer for answer in answers.found_live() if answer.value is not None)

    def export(self) -> SnapshotBuilder:
        """Everything as a snapshot that can be written as a folder; sessions are not part of one."""
        with self.changing:
            builder = SnapshotBuilder(self._name)
            for answer in (*self._fixed(), *self._seeded()):
                if answer.value is not None:
                    builder.answer(
                        answer.account,
                        answer.service,
                        answer.operation,
                        answer.value,
                        name=answer.name,
                        region=answer.region,
                    )
            for place, service, operation in _resource_places(self.accounts()):
                value = resources.look_up(place, service, operation)
                if value is not None:
                    builder.answer(place.account, service, operation, value, name=place.name, region=place.region)
            for arn, policy in self.held.resource_policies.items():
                _, _, _, region, account, resource = arn.split(":", 5)
                kind, _, name = resource.partition("/")
                value = {"ResourcePolicy": policy}
                builder.answer(account, "sagemaker", f"get-{kind}-policy", value, name=name, region=region)
            builder.settings(no_organization=self._settings().no_organization)
        return builder


def _with_resources_anew(snapshot: Snapshot) -> Snapshot:
    answers = snapshot.answers()
    assert isinstance(answers, LiveAnswers)
    anew = snapshot.with_resource_answers(answers.anew())
    compiled(snapshot).with_other_resources(anew)
    return anew


def _resource_places(accounts: tuple[str, ...]) -> Iterator[tuple[resources.Place, str, str]]:
    for key, row in resources.resource_rows(accounts).items():
        kind, _, rest = key.partition("/")
        if kind == "bucket":
            place = resources.Place(account=row["account"], region="", name=rest)
            yield place, "s3api", "get-bucket-policy"
            yield place, "s3api", "get-bucket-tagging"
            continue
        account, region, name = rest.split("/", 2)
        place = resources.Place(account=account, region=region, name=name)
        if kind == "key":
            for operation in ("get-key-policy", "describe-key", "list-grants", "list-resource-tags"):
                yield place, "kms", operation
        elif kind == "repository":
            yield place, "ecr", "get-repository-policy"


def _partition(region: str) -> str:
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
