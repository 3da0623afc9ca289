"""Reads the answer of ``aws iam get-account-authorization-details`` into identities.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sagepass.policy.arn import is_account_id, parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.answers import Answer
from sagepass.snapshot.identities import Attachment, Identities, StoredGroup, StoredPrincipal, details_command
from sagepass.snapshot.layer import Missing
from sagepass.snapshot.managed_documents import ManagedDocuments
from sagepass.snapshot.principals import PrincipalKind
from sagepass.snapshot.stored import StoredPolicy
from sagepass.snapshot.told import Told
from sagepass.source.route import Route

_LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_INLINE = {
    "UserPolicyList": PolicyForm.INLINE_USER,
    "GroupPolicyList": PolicyForm.INLINE_GROUP,
    "RolePolicyList": PolicyForm.INLINE_ROLE,
}
_OF_POLICIES = ("AttachedManagedPolicies", "GroupList", "AssumeRolePolicyDocument")


def is_details(value: object) -> bool:
    """Whether a JSON value is such an answer, or a list of its pages."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(page, dict) and is_details(page) for page in value)
    return isinstance(value, dict) and any(isinstance(value.get(name), list) for name in _LISTS)


def accounts_of(answer: Answer) -> tuple[str, ...]:
    """The accounts whose users, groups, roles and customer managed policies an answer describes."""
    found: dict[str, None] = {}
    for page, _ in _pages(answer):
        for name in _LISTS:
            listed = page.get(name)
            for row in listed if isinstance(listed, list) else []:
                arn = parse_arn(_text(row, "Arn")) if isinstance(row, dict) else None
                if arn is not None and is_account_id(arn.account):
                    found[arn.account] = None
    return tuple(found)


def read_details(account: str, answers: list[Answer], policy_versions: list[Answer]) -> Identities:
    """Read all pages of one account's answer.

    Args:
        account: the account; entries of other accounts are left out and reported.
        answers: the pages.
        policy_versions: answers of ``get-policy-version``; one that contradicts the pages counts as little as they do.
    """
    told = Told()
    managed = ManagedDocuments(account, told)
    reading = _Reading(account=account, told=told, managed=managed)
    truncated = True  # until a page says that it is the last one; files may come in any order
    for answer in answers:
        for page, route in _pages(answer):
            reading.read_page(answer, page, route)
            truncated = truncated and _is_truncated(page)
    if truncated:
        told.report(
            answers[-1],
            (),
            "SNAPSHOT_TRUNCATED",
            "the answer is cut into pages and the last page is missing",
            f"run {details_command(account)} without --no-paginate and --max-items",
        )
    managed.read_versions(policy_versions, reading.attachments())
    return Identities(
        account=account,
        principals=reading.principals,
        groups=reading.groups,
        managed=managed.by_arn,
        truncated=truncated,
        findings=tuple(told.findings),
    )


@dataclass(slots=True)
class _Reading:
    account: str
    told: Told
    managed: ManagedDocuments
    principals: dict[str, StoredPrincipal] = field(default_factory=dict)
    groups: dict[str, StoredGroup] = field(default_factory=dict)

    def read_page(self, answer: Answer, page: Mapping[str, object], route: Route) -> None:
        for row, place in self._rows(answer, page, route, "Policies"):
            self.managed.read_row(answer, _text(row, "Arn"), _text(row, "PolicyName"), row, place)
        for row, place in self._rows(answer, page, route, "GroupDetailList"):
            name = _text(row, "GroupName")
            missing = self._missing(answer, row, place, "GroupPolicyList")
            if self._contradicts(answer, row, place):
                row = _without_policies(row)  # noqa: PLW2901 - neither description counts
            self.groups[name] = StoredGroup(
                arn=_text(row, "Arn"),
                name=name,
                inline=self._inline(answer, row, place, "GroupPolicyList"),
                attached=_attached(row),
                missing=missing,
            )
        for row, place in self._rows(answer, page, route, "UserDetailList"):
            self._principal(answer, row, place, PrincipalKind.USER)
        for row, place in self._rows(answer, page, route, "RoleDetailList"):
            self._principal(answer, row, place, PrincipalKind.ROLE)

    def attachments(self) -> Iterator[Attachment]:
        """The managed policies that are attached to somebody, or bound somebody."""
        for group in self.groups.values():
            yield from group.attached
        for principal in self.principals.values():
            yield from principal.attached
            if principal.boundary is not None:
                yield Attachment(principal.boundary.rpartition("/")[2], principal.boundary)

    def _rows(
        self, answer: Answer, page: Mapping[str, object], route: Route, name: str
    ) -> Iterator[tuple[dict[str, object], Route]]:
        listed = page.get(name, [])
        if not isinstance(listed, list):
            self.told.malformed(answer, (*route, name), f"{name} is not a list")
            return
        for index, row in enumerate(listed):
            place = (*route, name, index)
            arn = parse_arn(_text(row, "Arn")) if isinstance(row, dict) else None
            if arn is None:
                self.told.malformed(answer, place, "the entry has no ARN and is left out")
            elif arn.account not in (self.account, "aws"):
                message = f"the entry belongs to account {arn.account}, not to {self.account}, and is left out"
                self.told.malformed(answer, place, message)
            else:
                yield row, place

    def _principal(self, answer: Answer, row: Mapping[str, object], place: Route, kind: PrincipalKind) -> None:
        arn = _text(row, "Arn")
        role = kind is PrincipalKind.ROLE
        duration = row.get("MaxSessionDuration")
        groups = row.get("GroupList")
        missing = self._missing(answer, row, place, "RolePolicyList" if role else "UserPolicyList")
        if contradicted := self._contradicts(answer, row, place):
            row = _without_policies(row)
        self.principals[arn] = StoredPrincipal(
            arn=arn,
            kind=kind,
            name=_text(row, "RoleName" if role else "UserName") or arn.rpartition("/")[2],
            path=_text(row, "Path") or "/",
            unique_id=_text(row, "RoleId" if role else "UserId"),
            inline=self._inline(answer, row, place, "RolePolicyList" if role else "UserPolicyList"),
            attached=_attached(row),
            groups=tuple(name for name in groups if isinstance(name, str)) if isinstance(groups, list) else (),
            boundary=f"the permissions boundary of {arn}" if contradicted else self._boundary(answer, row, place),
            trust=_trust(answer, row, place) if role else None,
            tags=read_tags(row.get("Tags")),
            tags_known=not contradicted,
            description=_text(row, "Description"),
            max_session_duration=duration if isinstance(duration, int) else None,
            missing=(
                *missing,
                *(() if role or _are_names(groups) else (_missing_groups(self.account, arn),)),
            ),
        )

    def _contradicts(self, answer: Answer, row: Mapping[str, object], place: Route) -> bool:
        """Whether another entry says otherwise; a group is found by its name, which is its own in the account."""
        return self.told.contradicts(answer, _text(row, "Arn"), row, place, _text(row, "GroupName"))

    def _missing(self, answer: Answer, row: Mapping[str, object], place: Route, inline: str) -> tuple[Missing, ...]:
        """What the entry should say of its policies and does not; a list that is not there is no empty list.

        A user without inline policies comes without ``UserPolicyList``; the other lists are always there.
        """
        arn = _text(row, "Arn")
        found = []
        if self._contradicts(answer, row, place):
            found.append(f"which description of {arn} holds")
        if inline != "UserPolicyList" and inline not in row:
            self.told.malformed(answer, place, f"the entry has no {inline}")
            found.append(f"the inline policies of {arn}")
        listed = row.get("AttachedManagedPolicies")
        if not isinstance(listed, list) or not all(_text(entry, "PolicyArn") for entry in listed):
            self.told.malformed(answer, place, "AttachedManagedPolicies is missing, or has an entry without PolicyArn")
            found.append(f"the managed policies attached to {arn}")
        return tuple(Missing(what=what, supply=details_command(self.account)) for what in found)

    def _boundary(self, answer: Answer, row: Mapping[str, object], place: Route) -> str | None:
        """The ARN of the permissions boundary; one that cannot be read is there all the same, and was not supplied."""
        boundary = row.get("PermissionsBoundary")
        if boundary is None:
            return None
        arn = _text(boundary, "PermissionsBoundaryArn") if isinstance(boundary, dict) else ""
        if arn:
            return arn
        self.told.malformed(answer, (*place, "PermissionsBoundary"), "the permissions boundary has no ARN")
        return f"the permissions boundary of {_text(row, 'Arn')}"

    def _inline(self, answer: Answer, row: Mapping[str, object], place: Route, key: str) -> tuple[StoredPolicy, ...]:
        listed = row.get(key, [])
        found: list[StoredPolicy] = []
        for index, entry in enumerate(listed if isinstance(listed, list) else [None]):
            route = (*place, key, index, "PolicyDocument")
            if not isinstance(entry, dict) or "PolicyDocument" not in entry:
                self.told.malformed(answer, route[:-1], "the inline policy has no PolicyDocument")
                entry = {"PolicyName": "(unreadable)", "PolicyDocument": None}  # noqa: PLW2901 - an unreadable policy stays in force
            found.append(
                StoredPolicy(
                    name=_text(entry, "PolicyName"),
                    type=PolicyType.IDENTITY_BASED_POLICY,
                    form=_INLINE[key],
                    value=entry["PolicyDocument"],
                    origin=answer.origin(route, entry["PolicyDocument"]),
                    duplicates=answer.duplicates,
                )
            )
        return tuple(found)


def read_tags(value: object, key: str = "Key", content: str = "Value") -> tuple[tuple[str, str], ...]:
    """Tags as AWS lists them: objects with a key and a value."""
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return tuple((_text(row, key), _text(row, content)) for row in rows if _text(row, key))


def _trust(answer: Answer, row: Mapping[str, object], place: Route) -> StoredPolicy | None:
    value = row.get("AssumeRolePolicyDocument")
    if value is None:
        return None
    return StoredPolicy(
        name="trust policy",
        type=PolicyType.ROLE_TRUST_POLICY,
        form=PolicyForm.TRUST,
        value=value,
        origin=answer.origin((*place, "AssumeRolePolicyDocument"), value),
        duplicates=answer.duplicates,
    )


def _attached(row: Mapping[str, object]) -> tuple[Attachment, ...]:
    listed = row.get("AttachedManagedPolicies")
    rows = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return tuple(
        Attachment(_text(entry, "PolicyName") or arn.rpartition("/")[2], arn)
        for entry in rows
        if (arn := _text(entry, "PolicyArn"))
    )


def _without_policies(row: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if key not in (*_INLINE, *_OF_POLICIES)}


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _missing_groups(account: str, arn: str) -> Missing:
    return Missing(what=f"the groups of {arn}", supply=details_command(account))


def _pages(answer: Answer) -> Iterator[tuple[Mapping[str, object], Route]]:
    if isinstance(answer.value, list):
        for index, page in enumerate(answer.value):
            if isinstance(page, dict):
                yield page, (index,)
    elif isinstance(answer.value, dict):
        yield answer.value, ()


def _is_truncated(page: Mapping[str, object]) -> bool:
    """Whether more pages follow; the AWS CLI calls the marker ``NextToken`` when ``--max-items`` cut the answer."""
    return page.get("IsTruncated") is True or "NextToken" in page


def _text(row: object, key: str) -> str:
    value = row.get(key) if isinstance(row, dict) else None
    return value if isinstance(value, str) else ""
