"""``accessanalyzer`` CheckNoNewAccess, CheckAccessNotGranted and CheckNoPublicAccess, on the proofs of this project.

Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html,
https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html and
https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html. ``PASS`` is given only for what is
proven; what stays open is ``FAIL``, which says by AWS's own words that a policy *might* allow something.
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.endpoint.answers.members import Members
from sagepass.endpoint.answers.policy_input import read_document
from sagepass.endpoint.answers.world import Answer, World
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.proof import Comparison, Verdict, compare_documents, not_granted, reachable_from_outside
from sagepass.source.errors import SourceError
from sagepass.source.finding import Severity
from sagepass.source.route import render_route

_CODE = "InvalidParameterException"
_MOST_REASONS = 100
_TYPES = {"IDENTITY_POLICY": PolicyType.IDENTITY_BASED_POLICY, "RESOURCE_POLICY": PolicyType.RESOURCE_BASED_POLICY}
_TRUST = "AWS::IAM::AssumeRolePolicyDocument"
_RESOURCE_TYPES = frozenset({
    "AWS::ApiGateway::RestApi", "AWS::Backup::BackupVault", "AWS::CloudTrail::Dashboard", "AWS::CloudTrail::EventDataStore",
    "AWS::CodeArtifact::Domain", "AWS::DynamoDB::Stream", "AWS::DynamoDB::Table", "AWS::EFS::FileSystem", _TRUST,
    "AWS::KMS::Key", "AWS::Kinesis::Stream", "AWS::Kinesis::StreamConsumer", "AWS::Lambda::Function",
    "AWS::OpenSearchService::Domain", "AWS::S3::AccessPoint", "AWS::S3::Bucket", "AWS::S3::Glacier",
    "AWS::S3Express::AccessPoint", "AWS::S3Express::DirectoryBucket", "AWS::S3Outposts::AccessPoint",
    "AWS::S3Outposts::Bucket", "AWS::S3Tables::Table", "AWS::S3Tables::TableBucket", "AWS::SNS::Topic", "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
})  # fmt: skip


def check_no_new_access(params: Mapping[str, object], _: World) -> Mapping[str, object]:
    """Answer CheckNoNewAccess."""
    members = Members(params, _CODE)
    policy_type = _policy_type(members)
    old = _document(members, "existingPolicyDocument", policy_type)
    new = _document(members, "newPolicyDocument", policy_type)
    comparison = compare_documents(old, new, policy_type)
    return _result(
        comparison,
        new,
        passed="The new policy allows nothing that the existing one does not allow.",
        failed="The new policy might allow what the existing one does not allow.",
    )


def check_access_not_granted(params: Mapping[str, object], _: World) -> Mapping[str, object]:
    """Answer CheckAccessNotGranted."""
    members = Members(params, _CODE)
    policy_type = _policy_type(members)
    document = _document(members, "policyDocument", policy_type)
    access = members.objects("access")
    if len(access) != 1:
        raise members.refuse("access holds exactly one object, with actions, resources or both")
    actions, resources = access[0].texts("actions"), access[0].texts("resources")
    if not actions and not resources:
        raise members.refuse("access names neither actions nor resources")
    if len(actions) > 100 or len(resources) > 100:
        raise members.refuse("at most 100 actions and 100 resources can be checked at a time")
    comparison = not_granted(document, actions or ("*",), resources or ("*",), policy_type)
    return _result(
        comparison,
        document,
        passed="The policy grants none of the access that was asked about.",
        failed="The policy might grant some of the access that was asked about.",
    )


def check_no_public_access(params: Mapping[str, object], _: World) -> Mapping[str, object]:
    """Answer CheckNoPublicAccess."""
    members = Members(params, _CODE)
    resource_type = members.required("resourceType")
    if resource_type not in _RESOURCE_TYPES:
        raise members.refuse(f"there is no check for resources of the type {resource_type[:64]!r}")
    policy_type = PolicyType.ROLE_TRUST_POLICY if resource_type == _TRUST else PolicyType.RESOURCE_BASED_POLICY
    document = _document(members, "policyDocument", policy_type)
    return _result(
        reachable_from_outside(document, policy_type),
        document,
        passed="The policy lets in nobody but those it names.",
        failed="The policy might let in anybody.",
    )


def _policy_type(members: Members) -> PolicyType:
    found = _TYPES.get(members.required("policyType"))
    if found is None:
        raise members.refuse("policyType is IDENTITY_POLICY or RESOURCE_POLICY")
    return found


def _document(members: Members, name: str, policy_type: PolicyType) -> Document:
    """A document that AWS would save; of a malformed one nothing can be said."""
    try:
        document = read_document(members.required(name), name, policy_type)
    except SourceError as error:
        raise members.refuse(f"{name} is not a policy document: {error.message}") from None
    errors = [finding for finding in document.findings if finding.severity is Severity.ERROR]
    if errors:
        raise members.refuse(f"{name} is malformed at {render_route(errors[0].route)}: {errors[0].message}")
    return document


def _result(comparison: Comparison, document: Document, *, passed: str, failed: str) -> dict[str, object]:
    if comparison.verdict is Verdict.PROVEN:
        return {"result": "PASS", "message": passed, "reasons": []}
    return {"result": "FAIL", "message": failed, "reasons": _reasons(comparison, document)[:_MOST_REASONS]}


def _reasons(comparison: Comparison, document: Document) -> list[dict[str, object]]:
    """One reason a statement that lets something in, with an example; then what could not be settled."""
    by_statement: dict[int, dict[str, object]] = {}
    elsewhere: dict[str, dict[str, object]] = {}
    for difference in comparison.differences:
        witness = difference.witness
        who = f" by {difference.who}" if difference.who else ""
        text = f"It allows, for example, {witness.action} on {witness.resource}{who}."
        indices = [place.index for place in difference.by if place.document == 0]
        if not indices:
            elsewhere.setdefault(text, {"description": text})
        for index in indices:
            sid = document.statements[index].sid
            reason = {"description": text, "statementIndex": index, **({"statementId": sid} if sid else {})}
            by_statement.setdefault(index, reason)
    for item in comparison.open:
        text = f"It could not be shown either way: {item.reason}."
        elsewhere.setdefault(text, {"description": text})
    return [*(by_statement[index] for index in sorted(by_statement)), *elsewhere.values()]


ANSWERS: dict[str, Answer] = {
    "CheckNoNewAccess": check_no_new_access,
    "CheckAccessNotGranted": check_access_not_granted,
    "CheckNoPublicAccess": check_no_public_access,
}
