"""``snapshot.json``: what the user states because no answer of AWS says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.answers import Answer
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.finding import Finding, Severity

_KEYS = ("default_region", "no_organization", "session_policies")


def _none() -> Mapping[str, tuple[StoredPolicy, ...]]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True, eq=False)
class Settings:
    """The user's statements.

    Attributes:
        default_region: the Region to assume where nothing names one.
        no_organization: true if no account of the snapshot belongs to an organization.
        no_organization_accounts: accounts that belong to none.
        session_policies: ARN of a session to its session policies.
        findings: what is wrong with the file.
    """

    default_region: str | None = None
    no_organization: bool = False
    no_organization_accounts: frozenset[str] = frozenset()
    session_policies: Mapping[str, tuple[StoredPolicy, ...]] = field(default_factory=_none)
    findings: tuple[Finding, ...] = ()


def read_settings(path: Path | None, label: str) -> Settings:
    """Read ``snapshot.json``; without one nothing is stated."""
    if path is None:
        return Settings()
    return _read(Answer(account="", region="", service="", operation="", name="", label=label, path=path), label)


def settings_from(value: object, label: str) -> Settings:
    """What a file with this content would state."""
    return _read(Answer(account="", region="", service="", operation="", name="", label=label, given=value), label)


def _read(answer: Answer, label: str) -> Settings:
    if answer.finding is not None:
        return Settings(findings=(answer.finding,))
    value = answer.value
    if not isinstance(value, dict):
        return Settings(findings=(_finding(label, (), "snapshot.json is not a JSON object", "write it as an object"),))
    findings = [
        _finding(label, (key,), f"snapshot.json has no member {key!r}", f"use {', '.join(_KEYS)}")
        for key in value
        if key not in _KEYS
    ]
    region = value.get("default_region")
    none = value.get("no_organization")
    accounts = [account for account in none if isinstance(account, str)] if isinstance(none, list) else []
    return Settings(
        default_region=region if isinstance(region, str) and region else None,
        no_organization=none is True,
        no_organization_accounts=frozenset(accounts),
        session_policies=_session_policies(answer, value.get("session_policies")),
        findings=tuple(findings),
    )


def _session_policies(answer: Answer, value: object) -> Mapping[str, tuple[StoredPolicy, ...]]:
    found: dict[str, tuple[StoredPolicy, ...]] = {}
    for session, documents in value.items() if isinstance(value, dict) else ():
        listed = list(enumerate(documents)) if isinstance(documents, list) else [(None, documents)]
        found[session] = tuple(
            StoredPolicy(
                name="session policy" if index is None else f"session policy {index + 1}",
                type=PolicyType.SESSION_POLICY,
                form=PolicyForm.SESSION,
                value=document,
                origin=answer.origin(
                    ("session_policies", session) if index is None else ("session_policies", session, index), document
                ),
                duplicates=answer.duplicates,
            )
            for index, document in listed
        )
    return found


def _finding(label: str, route: tuple[str | int, ...], message: str, remedy: str) -> Finding:
    return Finding(
        code="SNAPSHOT_SETTINGS",
        severity=Severity.WARNING,
        message=message,
        remedy=remedy,
        document=label,
        route=route,
    )
