"""Policies that come as text in a request: parsed strictly, refused as AWS refuses them, with a place for each statement."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.endpoint.answers.world import ApiError
from sagepass.policy.document import Document, Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.source.errors import SourceError
from sagepass.source.finding import Severity
from sagepass.source.json_text import parse_json
from sagepass.source.origin import Origin
from sagepass.source.route import render_route

LONGEST = 131_072
"""Characters of a policy document in a request
(https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    type: PolicyType
    form: PolicyForm


_KINDS = {
    "identity": _Kind(type=PolicyType.IDENTITY_BASED_POLICY, form=PolicyForm.INLINE_ROLE),
    "boundary": _Kind(type=PolicyType.PERMISSIONS_BOUNDARY, form=PolicyForm.CUSTOMER_MANAGED),
    "resource": _Kind(type=PolicyType.RESOURCE_BASED_POLICY, form=PolicyForm.RESOURCE),
    "service control": _Kind(type=PolicyType.SERVICE_CONTROL_POLICY, form=PolicyForm.ORGANIZATION),
}


def read_document(text: str, name: str, policy_type: PolicyType) -> Document:
    """Parse a document; what is wrong with it stays in its findings.

    Raises:
        SourceError: it is no JSON, too long or nested too deeply.
    """
    parsed = parse_json(text, name, max_size=LONGEST)
    origin = Origin(name=name, text=text)
    return parse_document(parsed.value, origin=origin, policy_type=policy_type, duplicates=parsed.duplicates)


def read_policy(text: str, name: str, kind: str, code: str) -> Policy:
    """A policy that AWS would accept.

    Args:
        text: the document.
        name: what the answer calls it (``PolicyInputList.1``).
        kind: ``identity``, ``boundary``, ``resource`` or ``service control``.
        code: the error code for a document that is refused.

    Raises:
        ApiError: the document is no JSON, or not one that AWS would save.
    """
    found = _KINDS[kind]
    try:
        document = read_document(text, name, found.type)
    except SourceError as error:
        place = f" (line {error.line}, column {error.column})" if error.line else ""
        raise ApiError(code, f"{name} is not a policy document: {error.message}{place}") from None
    errors = [finding for finding in document.findings if finding.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        raise ApiError(code, f"{name} is malformed at {render_route(first.route)}: {first.message}")
    return Policy(name=name, type=found.type, form=found.form, document=document)
