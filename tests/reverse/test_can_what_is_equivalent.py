"""The one document of ``can-what`` decides as all policies together do, on random accounts and requests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from tests.generators.access_cases import random_case
from tests.generators.vocabulary import CALLS, HERE

from sagepass.catalog.actions import takes_no_resource
from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.jobs.can_what.can_what import can_what
from sagepass.jobs.can_what.writing import policy_document
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

WORLDS = 100
BOUNDARY = f"arn:aws:iam::{HERE}:policy/Boundary"
ENDPOINT = f"arn:aws:sagemaker:us-east-1:{HERE}:endpoint/dana"
BUCKET = "arn:aws:s3:::ml-data"
FAMILIES = ("data", "sagemaker")


def _world(case: dict[str, Any]) -> tuple[Snapshot, str] | None:
    """The case's policies as an account with one user or role; ``None`` for callers and requests of another sort.

    The policy of a lineage group is in neither world.
    """
    request, policies = case["request"], case["policies"]
    caller = str(request["principal"])
    if ":user/" in caller:
        arn = caller
    elif ":assumed-role/Exec/" in caller:
        arn = f"arn:aws:iam::{HERE}:role/Exec"
    else:
        return None
    family = next((name for name in FAMILIES if request["action"].startswith(_prefixes(name))), None)
    if request["resource_account"] != HERE or family is None or ":lineage-group/" in request["resource"]:
        return None
    builder = SnapshotBuilder()
    identity = {f"p{number}": item["document"] for number, item in enumerate(policies.get("identity") or [])}
    boundary = policies.get("permissions_boundary") or []
    builder.principal(arn, inline=identity, boundary=BOUNDARY if boundary else None, unique_id="AROAEXAMPLE")
    if boundary:
        builder.managed_policy(BOUNDARY, boundary[0]["document"])
    _organization(builder, policies)
    attached = (policies.get("resource") or [{"document": None}])[0] if family == "data" else {"document": None}
    builder.resource_policy(BUCKET, attached["document"], account=HERE)
    builder.resource_policy(ENDPOINT, None)
    return builder.build(), arn


def _prefixes(family: str) -> tuple[str, ...]:
    return tuple({action.partition(":")[0] + ":" for action, _ in CALLS[family]})


def _organization(builder: SnapshotBuilder, policies: dict[str, Any]) -> None:
    scps, rcps = policies.get("service_control") or [], policies.get("resource_control") or []
    if not scps and not rcps:
        builder.settings(no_organization=True)
        return
    builder.organization("999988887777").parent("ou-ml", "r-root").parent(HERE, "ou-ml")
    full = {"full": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}
    for number, target in enumerate(("r-root", "ou-ml", HERE)):
        for kind, levels, default in (
            (PolicyType.SERVICE_CONTROL_POLICY, scps, full),
            (PolicyType.RESOURCE_CONTROL_POLICY, rcps, {}),
        ):
            level = levels[number]["policies"] if number < len(levels) else None
            found = default if level is None else {f"s{i}": item["document"] for i, item in enumerate(level)}
            builder.control_policies(target, kind, found)


def _alone(arn: str, document: dict[str, Any]) -> Snapshot:
    """An account with the same principal and nothing but the document."""
    return (
        SnapshotBuilder()
        .settings(no_organization=True)
        .principal(arn, inline={"all": document}, unique_id="AROAEXAMPLE")
        .resource_policy(BUCKET, None, account=HERE)
        .resource_policy(ENDPOINT, None)
        .build()
    )


def _requests(rng: Random, case: dict[str, Any], arn: str) -> list[Request]:
    """The request of the case, and others on the same things."""
    pairs = [(case["request"]["action"], case["request"]["resource"])]
    pairs += [
        (action, resource.format(account=HERE))
        for family in FAMILIES
        for action, resource in rng.sample(CALLS[family], 2)
    ]
    pairs.append(("sagemaker:ListTrainingJobs", "*"))
    contexts = [case["request"]["context"], random_case(rng)["request"]["context"]]
    return [
        Request(
            principal=arn,
            action=action,
            resource=resource,
            resource_account=HERE,
            context={key: value for key, value in context.items() if key != "aws:PrincipalArn"},
            context_complete=True,
        )
        for action, resource in pairs
        for context in contexts
    ]


@pytest.mark.parametrize("seed", [20261124, datetime.now(UTC).date().toordinal()], ids=["fixed", "today"])
def test_the_document_decides_like_the_account(seed: int) -> None:
    """Allowed there is allowed here, open there is open here, and the rest is denied by both."""
    rng = Random(seed)
    compared = {Effect.ALLOW: 0, Effect.UNKNOWN: 0, Effect.IMPLICIT_DENY: 0}
    worlds = inexact = 0
    while worlds < WORLDS:
        case = random_case(rng)
        built = _world(case)
        if built is None:
            continue
        worlds += 1
        snapshot, arn = built
        service = rng.choice((None, None, case["request"]["action"].partition(":")[0]))
        answer = can_what(arn, snapshot, service=service)
        inexact += not answer.exact
        if not answer.exact:
            continue
        document = policy_document(answer.clauses)
        alone = _alone(arn, document)
        for request in _requests(rng, case, arn):
            if service is not None and not request.action.startswith(f"{service}:"):
                continue
            here, there = (_outcome(request, place) for place in (alone, snapshot))
            if takes_no_resource(request.action) and request.resource.startswith(BUCKET):
                assert here is not Effect.ALLOW or there is Effect.ALLOW
                continue  # what a bucket's policy says to an action without a resource cannot be said of a bucket elsewhere
            compared[there] += 1
            assert here is there, json.dumps(
                {"seed": seed, "case": case, "request": [request.action, request.resource, dict(request.context)],
                 "document": document, "account": there, "alone": here}, indent=1, default=str,
            )  # fmt: skip
    assert compared[Effect.ALLOW] > 50, compared
    assert compared[Effect.IMPLICIT_DENY] > 200, compared
    assert inexact / worlds < 0.35


def _outcome(request: Request, snapshot: Snapshot) -> Effect:
    """Allowed, open or denied: a Deny statement in the document may stand for a missing Allow."""
    effect = authorize(request, snapshot).effect
    return effect if effect in {Effect.ALLOW, Effect.UNKNOWN} else Effect.IMPLICIT_DENY
