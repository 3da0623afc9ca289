"""A policy as the snapshot holds it: parsed only when somebody asks what it says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from sagepass.policy.document import Document, Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.source.embedded import parse_embedded
from sagepass.source.errors import SourceError
from sagepass.source.finding import Finding, Severity
from sagepass.source.json_text import Duplicates
from sagepass.source.origin import Origin


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredPolicy:
    """One policy of an answer.

    Attributes:
        name: the policy's name as the console shows it.
        type: what it is in the authorization.
        form: where it lives.
        value: the document as the answer has it: an object, or a string that holds it.
        origin: where the document lies.
        arn: of a managed policy or an organization policy.
        duplicates: doubled keys of the answer's objects.
    """

    name: str
    type: PolicyType
    form: PolicyForm
    value: object
    origin: Origin
    arn: str | None = None
    duplicates: Duplicates = field(default_factory=Duplicates)

    @cached_property
    def document(self) -> Document:
        """What the policy says; a document that is no JSON comes back unreadable, with the finding."""
        value, duplicates = self.value, self.duplicates
        if isinstance(value, str):
            try:
                parsed = parse_embedded(value, self.origin.name)
            except SourceError as error:
                return _unreadable(self.origin, error)
            value, duplicates = parsed.value, parsed.duplicates
        return parse_document(value, origin=self.origin, policy_type=self.type, duplicates=duplicates)

    def attached_to(self, holder: str, *, as_type: PolicyType | None = None) -> Policy:
        """The policy in force on its holder; a managed policy may serve as a permissions boundary."""
        return Policy(
            name=self.name,
            type=as_type or self.type,
            form=self.form,
            document=self.document,
            arn=self.arn,
            holder=holder,
        )

    def with_document(self, value: object, name: str) -> StoredPolicy:
        """The same policy saying something else; it no longer comes from a file."""
        return replace(self, value=value, origin=Origin(name=name, value=value), duplicates=Duplicates())


def _unreadable(origin: Origin, error: SourceError) -> Document:
    place = f" (line {error.line}, column {error.column} of the decoded text)" if error.line and error.column else ""
    finding = Finding(
        code="SNAPSHOT_DOCUMENT_SYNTAX",
        severity=Severity.ERROR,
        message=f"the policy document cannot be read: {error.message}{place}",
        remedy=error.remedy or "save the answer again",
        document=origin.name,
    )
    return Document(origin=origin, variables_enabled=False, statements=(), findings=(finding,), readable=False)
