"""The documents of managed policies: of the authorization details, and of answers of ``get-policy-version``.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html. Only the default version of a policy is in
force (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sagepass.policy.arn import parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.answers import Answer
from sagepass.snapshot.identities import Attachment, missing_managed
from sagepass.snapshot.stored import StoredPolicy
from sagepass.snapshot.told import Told
from sagepass.source.route import Route

_VERSION: Route = ("PolicyVersion", "Document")


@dataclass(slots=True)
class ManagedDocuments:
    """Managed policies by ARN; one that is told in two ways stays in force as one that cannot be read.

    Attributes:
        account: whose policies these are.
        told: what was told so far.
        by_arn: what was found.
    """

    account: str
    told: Told
    by_arn: dict[str, StoredPolicy] = field(default_factory=dict)

    def read_row(self, answer: Answer, arn: str, name: str, row: Mapping[str, object], place: Route) -> None:
        """One entry of ``Policies``: its default version."""
        versions = row.get("PolicyVersionList")
        for index, version in enumerate(versions if isinstance(versions, list) else []):
            if isinstance(version, dict) and version.get("IsDefaultVersion") is True and "Document" in version:
                route = (*place, "PolicyVersionList", index, "Document")
                self._read(answer, Attachment(name, arn), version["Document"], place, route)

    def read_versions(self, answers: Iterable[Answer], attachments: Iterable[Attachment]) -> None:
        """The answers of ``get-policy-version`` about policies that are attached to somebody, or bound somebody."""
        attached = {attachment.arn: attachment for attachment in attachments}
        known = frozenset(self.by_arn)
        for answer in answers:
            version = answer.field("PolicyVersion")
            meant = _meant(answer.name, list(attached.values()), known)
            if meant is None or not isinstance(version, dict) or "Document" not in version:
                continue
            if version.get("IsDefaultVersion") is False:
                self._report_old(answer, meant, version)
            else:
                self._read(answer, meant, version["Document"], _VERSION, _VERSION)

    def _read(self, answer: Answer, policy: Attachment, document: object, place: Route, route: Route) -> None:
        if self.told.contradicts(answer, policy.arn, {"Document": document}, place):
            document = None
        self.by_arn[policy.arn] = _stored(answer, policy, document, route)

    def _report_old(self, answer: Answer, policy: Attachment, version: Mapping[str, object]) -> None:
        """A version that is not in force says nothing of what the policy allows."""
        if policy.arn in self.by_arn:
            return
        number = version.get("VersionId")
        self.told.report(
            answer,
            ("PolicyVersion",),
            "SNAPSHOT_OLD_VERSION",
            f"{number if isinstance(number, str) else 'this version'} of {policy.arn} is not the default version, so it is not in force",
            f"save the one that is: {missing_managed(self.account, policy).supply}",
        )


def _meant(name: str, attached: Sequence[Attachment], known: frozenset[str]) -> Attachment | None:
    """The policy that a file is about, by its ARN or its name; of several of one name the only one that is told nowhere else."""
    by_arn = [attachment for attachment in attached if attachment.arn == name]
    found = by_arn or [attachment for attachment in attached if attachment.name == name]
    if len(found) > 1:
        found = [attachment for attachment in found if attachment.arn not in known]
    return found[0] if len(found) == 1 else None


def _stored(answer: Answer, policy: Attachment, document: object, route: Route) -> StoredPolicy:
    parts = parse_arn(policy.arn)
    aws = parts is not None and parts.account == "aws"
    return StoredPolicy(
        name=policy.name or policy.arn.rpartition("/")[2],
        type=PolicyType.IDENTITY_BASED_POLICY,
        form=PolicyForm.AWS_MANAGED if aws else PolicyForm.CUSTOMER_MANAGED,
        value=document,
        origin=answer.origin(route, document),
        arn=policy.arn,
        duplicates=answer.duplicates,
    )
