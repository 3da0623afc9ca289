"""Every AWS managed policy of the catalog, asked by all paths and by the reference."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from tests.generators.agreement import disagreement

from sagepass.catalog.managed_policies import ManagedPolicy, managed_policy, managed_policy_names
from sagepass.engine.bulk import decide_matrix
from sagepass.engine.compiled import Compiled
from sagepass.engine.request import Request
from sagepass.jobs.access_case import Outcome, run_case
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.truth import Truth
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ACCOUNT = "111122223333"
REQUESTS = 2
TRUTHS = {Effect.ALLOW: Truth.TRUE, Effect.UNKNOWN: Truth.UNKNOWN}


def _role(policy: ManagedPolicy) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{policy.name}"[:500]


def _account(policies: list[ManagedPolicy]) -> Snapshot:
    builder = SnapshotBuilder("managed").account(ACCOUNT).settings(no_organization=True)
    for policy in policies:
        builder.principal(_role(policy), managed=[policy.arn])
    return builder.build()


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    return value if isinstance(value, list) else [value]


def _concrete(pattern: str, rng: Random) -> str:
    return pattern.replace("${", "").replace("}", "").replace("*", rng.choice(("", "x", "x-1"))).replace("?", "y")


def _request(policy: ManagedPolicy, rng: Random) -> Request:
    """A request that is near one of the statements: its action, its resource, and some of its keys."""
    statement = rng.choice(_listed(policy.document["Statement"]))
    action = _concrete(rng.choice(_listed(statement.get("Action", statement.get("NotAction", "s3:GetObject")))), rng)
    resource = _concrete(rng.choice(_listed(statement.get("Resource", statement.get("NotResource", "*")))), rng)
    context: dict[str, object] = {"aws:SecureTransport": None, "aws:ViaAWSService": None}
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            if rng.random() < 0.8:
                value = _concrete(str(rng.choice(_listed(values))), rng)
                context[key] = [value] if operator.startswith("For") else value
    return Request(
        principal=_role(policy),
        action=action if ":" in action else "s3:ListAllMyBuckets",
        resource=resource or "*",
        resource_account=ACCOUNT,
        context=context,
        context_complete=True,
    )


def _case(policy: ManagedPolicy, request: Request) -> dict[str, Any]:
    given = {key: value for key, value in request.context.items() if value is not None}
    return {
        "request": {
            "principal": request.principal,
            "action": request.action,
            "resource": request.resource,
            "resource_account": ACCOUNT,
            "context": given,
        },
        "policies": {"identity": [{"name": policy.name, "document": policy.document}]},
    }


def test_all_paths_agree() -> None:
    """For requests near its statements every path says the same, and nothing that the reference denies is allowed."""
    policies = [found for name in managed_policy_names() if (found := managed_policy(name)) is not None]
    home = Compiled(_account(policies))
    rng = Random(20261124)
    effects: Counter[str] = Counter()
    for number, policy in enumerate(policies):
        for _ in range(REQUESTS):
            request = _request(policy, rng)
            verdict, decision = home.decide(request), home.explain(request)
            assert (verdict.effect, verdict.decided_by) == (decision.effect, decision.decided_by), request
            outcome = run_case(_case(policy, request))
            differs = disagreement(_case(policy, request), outcome.effect, outcome.decided_by)
            assert differs is None or _left_open(outcome, request), (request, differs)
            effects[verdict.effect] += 1
        if number % 8 == 0:
            _same_in_bulk(home.snapshot, request, verdict.effect)

    assert len(policies) > 1500
    assert min(effects[Effect.ALLOW], effects[Effect.IMPLICIT_DENY]) > 150


def _left_open(outcome: Outcome, request: Request) -> bool:
    """Where the reference takes a side and the engine does not, and what it has no word for.

    It knows keys as the only resources of KMS, each with a name, and roles as the only ones of STS.
    """
    identity = next(check for check in outcome.decision.checks if check.type is CheckType.PRINCIPAL)
    kind = {"kms": ":key/", "sts": ":role/"}.get(request.action.partition(":")[0], "")
    return bool(identity.undecided) or kind not in request.resource or request.resource.endswith(":key/")


def _same_in_bulk(snapshot: Snapshot, request: Request, effect: Effect) -> None:
    matrix = decide_matrix(
        snapshot,
        [request.principal],
        [request.action, "sagemaker:ListModels"],
        [request.resource, f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/other"],
        request.context,
        context_complete=True,
        owners={request.resource: ACCOUNT},
    )
    assert matrix.truth(request.principal, request.action, request.resource) is TRUTHS.get(effect, Truth.FALSE), request
