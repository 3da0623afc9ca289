"""The resource-based policy of one resource, from the saved answers.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.policy.arn import Arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.answers import Answer, Answers
from sagepass.snapshot.layer import Layer, Missing
from sagepass.snapshot.named_resources import NamedResources
from sagepass.snapshot.policy_holders import Getter, Holder, carries_no_policy, command, find_holder
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.route import Route

_ABSENT = frozenset(
    {
        "EntityNotFoundException",
        "NoSuchAccessPointPolicy",
        "NoSuchBucketPolicy",
        "PolicyNotFound",
        "PolicyNotFoundException",
        "RepositoryPolicyNotFoundException",
        "ResourceNotFound",
        "ResourceNotFoundException",
    }
)
_RAM = Getter(
    service="ram",
    operation="get-resource-policies",
    arguments="--resource-arns {arn} --region {region}",
    fields=(),
)


_NAMELESS = frozenset({("ecr", "repository/"), ("kms", "key/")})
"""ARNs of no resource in particular: a list of all repositories, a key that is only being made."""


class ResourcePolicies:
    """Finds the policies of resources in the answers of all accounts."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._named = NamedResources(answers)
        self._buckets: dict[str, str] | None = None
        self._read: dict[tuple[Answer, str], list[StoredPolicy]] = {}

    def layer(self, arn: Arn) -> Layer:
        """The policies of the resource that decides requests to ``arn``; not collected is said, not guessed."""
        if _is_pattern(arn.resource.partition("/")[0]):
            return _of_pattern(arn)
        arn, lookup_missing = self._resolved(arn)
        if lookup_missing is not None:
            return Layer(missing=(lookup_missing,))
        if carries_no_policy(arn) or (arn.service, arn.resource) in _NAMELESS:
            return Layer()
        holder = find_holder(arn)
        if holder is None or (holder.getter is None and not holder.shared):
            return Layer(missing=(Missing(what=f"the resource-based policy of {arn}"),))
        return _of_pattern(arn) if _is_pattern(holder.name) else self._of_holder(holder)

    def holder_arn(self, arn: Arn) -> str:
        """The ARN of the resource that carries the policy; the ARN itself where none is known."""
        resolved, _ = self._resolved(arn)
        holder = find_holder(resolved)
        return str(holder.arn if holder else resolved)

    def stored(self, arn: Arn) -> tuple[StoredPolicy, ...]:
        """The policy that is attached to the resource itself, as it is stored; nothing if it was not collected."""
        holder = find_holder(self._resolved(arn)[0])
        if holder is None or holder.getter is None:
            return ()
        answer = self._find(holder, self.account_of(holder.arn) or "", holder.getter)
        if answer is None or answer.value is None:
            return ()
        return tuple(self._documents(answer, holder, holder.getter))

    def account_of(self, arn: Arn) -> str | None:
        """The account that owns a resource: from its ARN, or for a bucket from the account that has its answers."""
        if arn.account:
            return arn.account
        if arn.service != "s3":
            return None
        if self._buckets is None:
            self._buckets = self._read_buckets()
        return self._buckets.get(arn.resource.partition("/")[0])

    def _read_buckets(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for answer in self._answers:
            if answer.service != "s3api" or not answer.account:
                continue
            if answer.operation == "list-buckets":
                rows = answer.rows("Buckets")
                found.update({str(row["Name"]): answer.account for row in rows if "Name" in row})
            elif answer.operation.startswith("get-bucket-") and answer.name:
                found[answer.name] = answer.account
        return found

    def _resolved(self, arn: Arn) -> tuple[Arn, Missing | None]:
        """Follow an alias to its key and an inference component to its endpoint."""
        if arn.service == "kms" and arn.resource.startswith("alias/"):
            return self._key_of_alias(arn)
        if arn.service == "sagemaker" and arn.resource.startswith("inference-component/"):
            return self._endpoint_of_component(arn)
        return arn, None

    def _key_of_alias(self, arn: Arn) -> tuple[Arn, Missing | None]:
        for answer in self._answers.of(arn.account, "kms", "list-aliases"):
            for row in answer.rows("Aliases"):
                if row.get("AliasArn") == str(arn) and isinstance(row.get("TargetKeyId"), str):
                    return replace(arn, resource=f"key/{row['TargetKeyId']}"), None
        path = f"accounts/{arn.account}/{arn.region}/kms/list-aliases.json"
        supply = f"aws kms list-aliases --region {arn.region} > {path}"
        return arn, Missing(what=f"the key that {arn} stands for", supply=supply)

    def _endpoint_of_component(self, arn: Arn) -> tuple[Arn, Missing | None]:
        name = arn.resource.partition("/")[2]
        answer = self._answers.find(arn.account, "sagemaker", "describe-inference-component", name, arn.region)
        endpoint = answer.field("EndpointName") if answer else None
        if isinstance(endpoint, str):
            return replace(arn, resource=f"endpoint/{endpoint}"), None
        command = f"aws sagemaker describe-inference-component --inference-component-name {name} --region {arn.region}"
        path = f"accounts/{arn.account}/{arn.region}/sagemaker/describe-inference-component/{name}.json"
        return arn, Missing(what=f"the endpoint that {arn} runs on", supply=f"{command} > {path}")

    def _of_holder(self, holder: Holder) -> Layer:
        account = self.account_of(holder.arn) or ""
        parts = []
        if holder.getter is not None:
            parts.append(self._attached(holder, account, holder.getter))
        if holder.shared:
            parts.append(self._shared(holder, account))
        return Layer(
            policies=tuple(policy for part in parts for policy in part.policies),
            exists=any(part.exists for part in parts),
            missing=tuple(missing for part in parts for missing in part.missing),
        )

    def _attached(self, holder: Holder, account: str, getter: Getter) -> Layer:
        answer = self._find(holder, account, getter)
        supply = command(holder, account or "<account>", getter)
        if answer is None:
            what, unnamed = f"the resource-based policy of {holder.arn}", self._is_unnamed(holder)
            return Layer(missing=(Missing(what=what, supply=supply, of_unnamed=unnamed),))
        if answer.refusal is not None or answer.error is not None or answer.value is None:
            return self._without_answer(holder, answer, supply)
        policies = self._documents(answer, holder, getter)
        return Layer(policies=tuple(policy.attached_to(str(holder.arn)) for policy in policies), exists=bool(policies))

    def _without_answer(self, holder: Holder, answer: Answer, supply: str) -> Layer:
        refusal = answer.refusal
        if refusal is not None and says_no_policy(refusal.code, refusal.message):
            return Layer()
        reason = f"AWS answered {refusal.code}" if refusal else (answer.error.message if answer.error else "no answer")
        what = f"the resource-based policy of {holder.arn} ({answer.label}: {reason})"
        return Layer(missing=(Missing(what=what, supply=supply),))

    def _is_unnamed(self, holder: Holder) -> bool:
        return holder.arn.service == "sagemaker" and not self._named.tells_of(holder.arn)

    def _find(self, holder: Holder, account: str, getter: Getter) -> Answer | None:
        for name in _file_names(holder):
            answer = self._answers.find(account, getter.service, getter.operation, name, holder.arn.region)
            if answer is not None:
                return answer
        return None

    def _documents(self, answer: Answer, holder: Holder, getter: Getter) -> list[StoredPolicy]:
        """The policies of an answer, the same records each time, so that they are parsed once."""
        key = (answer, getter.operation)
        if key not in self._read:
            self._read[key] = self._stored(answer, holder, getter)
        return self._read[key]

    def _stored(self, answer: Answer, holder: Holder, getter: Getter) -> list[StoredPolicy]:
        if getter.operation == "describe-resource-policies":
            rows = answer.value.get("resourcePolicies") if isinstance(answer.value, dict) else None
            routes: list[Route] = [
                ("resourcePolicies", index, "policyDocument")
                for index in range(len(rows) if isinstance(rows, list) else 0)
            ]
        else:
            routes = [getter.fields]
        found = [(route, _at(answer.value, route)) for route in routes]
        return [
            StoredPolicy(
                name=_policy_name(answer, route, holder),
                type=PolicyType.RESOURCE_BASED_POLICY,
                form=PolicyForm.RESOURCE,
                value=value,
                origin=answer.origin(route, value),
                duplicates=answer.duplicates,
            )
            for route, value in found
            if value not in (None, "")
        ]

    def _shared(self, holder: Holder, account: str) -> Layer:
        """The policies that AWS RAM made (https://docs.aws.amazon.com/ram/latest/APIReference/API_GetResourcePolicies.html)."""
        by_resource = replace(holder, name=holder.arn.resource)
        answer = self._find(by_resource, account, _RAM)
        listed = answer.field("policies") if answer else None
        if answer is None or not isinstance(listed, list):
            if self._listed_as_not_shared(holder, account):
                return Layer()
            what = f"the resource shares of {holder.arn}"
            supply = command(by_resource, account or "<account>", _RAM)
            unnamed = answer is None and self._is_unnamed(holder)
            return Layer(missing=(Missing(what=what, supply=supply, grants_only=True, of_unnamed=unnamed),))
        policies = tuple(
            StoredPolicy(
                name="policy made by AWS RAM" if len(listed) == 1 else f"policy made by AWS RAM {index + 1}",
                type=PolicyType.RESOURCE_BASED_POLICY,
                form=PolicyForm.RAM_SHARE,
                value=value,
                origin=answer.origin(("policies", index), value),
                duplicates=answer.duplicates,
            ).attached_to(str(holder.arn))
            for index, value in enumerate(listed)
        )
        return Layer(policies=policies, exists=bool(policies))

    def _listed_as_not_shared(self, holder: Holder, account: str) -> bool:
        for answer in self._answers.of(account, "ram", "list-resources"):
            in_region = not answer.region or answer.region == holder.arn.region
            if in_region and isinstance(answer.field("resources"), list) and answer.field("nextToken") is None:
                return all(row.get("arn") != str(holder.arn) for row in answer.rows("resources"))
        return False


def _is_pattern(name: str) -> bool:
    return "*" in name or "?" in name


def _of_pattern(arn: Arn) -> Layer:
    return Layer(missing=(Missing(what=f"the policies of all resources that {arn} stands for"),))


def says_no_policy(code: str, message: str) -> bool:
    """Whether an error of AWS means that the resource has no policy, and not that the answer was refused.

    SageMaker says so with a ``ValidationException``
    (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_GetEndpointPolicy.html).
    """
    if code in _ABSENT:
        return True
    text = message.lower()
    denies = ("cannot find", "could not find", "not found", "does not have", "doesn't have", "no policy", "not exist")
    return code == "ValidationException" and "policy" in text and any(words in text for words in denies)


def _file_names(holder: Holder) -> tuple[str, ...]:
    """The names that a file about a resource may have: the name, the ARN, a secret's name without its suffix."""
    names = [holder.name, str(holder.arn)]
    if holder.arn.service == "secretsmanager":
        names.append(holder.name[:-7] if holder.name[-7:-6] == "-" else holder.name)
    return tuple(names)


def _policy_name(answer: Answer, route: Route, holder: Holder) -> str:
    named = _at(answer.value, (*route[:-1], "policyName")) if len(route) == 3 else None
    if isinstance(named, str):
        return named
    return {"kms": "key policy", "s3": "bucket policy", "ecr": "repository policy"}.get(
        holder.arn.service, "resource-based policy"
    )


def _at(value: object, route: Route) -> object:
    for step in route:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
