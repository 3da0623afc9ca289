"""Random access cases: small, rich in collisions, and free of what AWS leaves open."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from tests.generators.policies import PolicyWriter, in_other_case
from tests.generators.vocabulary import (
    ADDRESSES,
    ARN_VALUES,
    BINARIES,
    CALLED_VIA,
    CALLS,
    CALLS_OF,
    DATES,
    HERE,
    LISTS,
    NUMBERS,
    STRING_VALUES,
    THERE,
    Caller,
    Json,
    caller,
)

KINDS: tuple[str, ...] = tuple(
    kind
    for kind, weight in {
        "user": 6,
        "role": 9,
        "federated user": 4,
        "root": 3,
        "service": 3,
        "service-linked role": 2,
        "identity provider": 1,
        "anonymous": 1,
    }.items()
    for _ in range(weight)
)
# How often the resource has a policy, how it is written, how many of its statements deny, how many are unrelated.
RESOURCE_POLICIES = {
    "data": (0.8, "resource", 0.22, 0.35),
    "sagemaker": (0.8, "resource", 0.22, 0.35),
    "without resource": (0.4, "resource", 0.22, 0.35),
    "key": (0.9, "key", 0.08, 0.2),
    "trust": (0.95, "trust", 0.08, 0.2),
    "federation": (0.95, "trust", 0.08, 0.2),
    "pass": (0.3, "trust", 0.08, 0.35),
    "free": (0.0, "resource", 0.0, 0.0),
}
FULL_ACCESS: dict[str, Json] = {
    "name": "FullAWSAccess",
    "document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
}


def random_case(rng: Random) -> dict[str, Json]:
    """One access case, in the form of `tests/data/README.md` without `expect`."""
    owner = HERE if rng.random() < 0.7 else THERE
    who = caller(rng, rng.choice(KINDS), HERE)
    call = rng.choice(CALLS_OF[who.kind])
    if call in ("pass", "free") and rng.random() < 0.7:
        owner = HERE
    action, resource = rng.choice(CALLS[call])
    resource = resource.format(account=owner)
    writer = PolicyWriter(rng, who, action, resource)
    case: dict[str, Json] = {
        "request": {
            "principal": who.principal,
            "action": action,
            "resource": resource,
            "resource_account": owner,
            "context": _context(rng, who),
        },
        "policies": _policies(rng, writer, call),
    }
    if rng.random() < 0.25:
        case["organization"] = {"management_account": rng.choice((HERE, HERE, THERE, "777788889999"))}
    if who.kind == "federated user":
        case["federated_by"] = who.behind
    return case


def access_cases() -> st.SearchStrategy[dict[str, Json]]:
    """The same cases, drawn and shrunk by Hypothesis."""
    return st.randoms(use_true_random=False).map(random_case)


def _context(rng: Random, who: Caller) -> dict[str, Json]:
    pools: dict[str, tuple[str, ...]] = {
        **STRING_VALUES,
        **ARN_VALUES,
        "sagemaker:MaxRuntimeInSeconds": NUMBERS,
        "aws:CurrentTime": DATES,
        "aws:TokenIssueTime": DATES,
        "aws:SecureTransport": ("true", "false"),
        "aws:ViaAWSService": ("true", "false"),
        "s3:x-amz-content-sha256": BINARIES,
        "aws:SourceIp": ADDRESSES,
    }
    context: dict[str, Json] = dict(who.given)
    for key, values in pools.items():
        if rng.random() < 0.45:
            context[in_other_case(rng, key)] = rng.choice(values)
    for key, values in LISTS.items():
        if rng.random() < 0.5:
            context[in_other_case(rng, key)] = [value for value in values if rng.random() < 0.5]
    if rng.random() < 0.5:
        context["aws:CalledVia"] = rng.choice(([], list(CALLED_VIA[:1]), list(CALLED_VIA[1:]), list(CALLED_VIA)))
    return context


def _policies(rng: Random, writer: PolicyWriter, call: str) -> dict[str, Json]:
    who = writer.who
    wanted: dict[str, tuple[float, str, float, float]] = {"resource": RESOURCE_POLICIES[call]}
    if who.has_identity:
        wanted["vpc_endpoint"] = (0.12, "vpc_endpoint", 0.08, 0.25)
    if who.has_identity and who.kind != "root":
        wanted["identity"] = (0.85, "identity", 0.08, 0.35)
        wanted["permissions_boundary"] = (
            0.0 if who.kind == "service-linked role" else 0.35,
            "permissions_boundary",
            0.08,
            0.35,
        )
        wanted["session"] = ({"role": 0.35, "federated user": 0.75}.get(who.kind, 0.0), "session", 0.08, 0.35)
    policies: dict[str, Json] = {}
    for kind, (probability, written, deny, silent) in wanted.items():
        if rng.random() < probability:
            count = rng.choice((1, 1, 2)) if kind in ("identity", "session") else 1
            policies[kind] = [writer.policy(written, deny=deny, silent=silent) for _ in range(count)]
        elif rng.random() < 0.5:
            policies[kind] = []
    if who.has_identity:
        policies["service_control"] = _levels(rng, writer, "service_control", rng.choice((0, 0, 1, 2, 3)))
    policies["resource_control"] = _levels(rng, writer, "resource_control", rng.choice((0, 0, 0, 1, 2)))
    return policies


def _levels(rng: Random, writer: PolicyWriter, kind: str, depth: int) -> list[Json]:
    """Levels root first; most have FullAWSAccess, some only what is written, a few nothing at all."""
    levels: list[Json] = []
    deny = 0.3 if kind == "service_control" else 0.75
    for target in ("r-root", "ou-ml", writer.who.account or HERE)[:depth]:
        attached = [FULL_ACCESS] if kind == "service_control" and rng.random() < 0.7 else []
        if rng.random() < 0.55 or not attached:
            attached.append(writer.policy(kind, deny=deny, silent=0.25))
        levels.append({"target": target, "policies": [] if rng.random() < 0.03 else attached})
    return levels
