"""The documents of a plan in every form, held against the service models and the policy language."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import botocore.session  # type: ignore[import-untyped]
import pytest
from botocore.validate import ParamValidator  # type: ignore[import-untyped]
from tests.share import worlds
from tests.share.asked import ALSO, ENDPOINT, MPG, PARTIES, PIPELINE, ROUTER, question

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.plan import NewRole, Piece, ResourceShare
from sagepass.jobs.share.plan_for import plan_share
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.render.forms import FixForm
from sagepass.render.share_forms import piece_documents, piece_text, share_arguments
from sagepass.source.origin import Origin

_SESSION = botocore.session.get_session()


def pieces(party: str, resource: str = MPG, **more: Any) -> tuple[Piece, ...]:  # noqa: ANN401 - members of the question
    """The pieces of a plan without accounts."""
    return plan_share(question(party, resource, **more), None).plan.pieces


def validate(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """Check parameters against the model of the service."""
    shape = _SESSION.get_service_model(service).operation_model(operation).input_shape
    report = ParamValidator().validate(parameters, shape)
    assert not report.has_errors(), report.generate_report()


def options(command: str) -> dict[str, list[str]]:
    """The options of an AWS CLI command with their values."""
    words = shlex.split(command)
    found: dict[str, list[str]] = {}
    for word in words[3:]:
        if word.startswith("--"):
            found[word[2:]] = []
        else:
            found[list(found)[-1]].append(word)
    return found


def camel(option: str) -> str:
    """``role-name`` as the API spells it."""
    return "".join(part.capitalize() for part in option.split("-"))


@pytest.mark.parametrize("party", PARTIES)
def test_every_document_is_sound(party: str) -> None:
    """The policy language has nothing to find fault with."""
    for mechanism in (Mechanism.ROLE, Mechanism.POLICY):
        if mechanism is Mechanism.POLICY and party not in {"account", "role", "organization", "unit", "sso"}:
            continue
        for piece in pieces(party, mechanism=mechanism, also=ALSO):
            for name, document in piece_documents(piece):
                kind = PolicyType.IDENTITY_BASED_POLICY
                if name.endswith("-trust"):
                    kind = PolicyType.ROLE_TRUST_POLICY
                elif not name.startswith("identity") and not isinstance(piece.content, NewRole):
                    kind = PolicyType.RESOURCE_BASED_POLICY
                parsed = parse_document(document, origin=Origin(name=name, value=document), policy_type=kind)
                assert parsed.readable
                assert parsed.findings == (), name


@pytest.mark.parametrize("party", PARTIES)
def test_a_role_as_commands(party: str) -> None:
    """Both commands carry what the API takes; the documents come out of the shell as they went in."""
    (piece, *_) = pieces(party, mechanism=Mechanism.ROLE)
    role = piece.content
    assert isinstance(role, NewRole)
    create, put = re.split(r"\n(?=aws )", piece_text(piece, FixForm.AWSCLI))
    made = {camel(key): values[0] for key, values in options(create).items()}
    given = {camel(key): values[0] for key, values in options(put).items()}

    validate("iam", "CreateRole", {**made, "MaxSessionDuration": int(made["MaxSessionDuration"])})
    validate("iam", "PutRolePolicy", given)
    assert json.loads(made["AssumeRolePolicyDocument"]) == role.trust
    assert json.loads(given["PolicyDocument"]) == role.permissions


def test_a_share_as_arguments_and_commands() -> None:
    """What create-resource-share takes, as JSON and as a command."""
    (piece, *_) = pieces("account", PIPELINE)
    share = piece.content
    assert isinstance(share, ResourceShare)
    arguments = share_arguments(share)
    validate("ram", "CreateResourceShare", arguments)
    given = options(piece_text(piece, FixForm.AWSCLI))

    assert given["permission-arns"] == arguments["permissionArns"]
    assert given["principals"] == arguments["principals"] == ["444455556666"]
    assert "allow-external-principals" in given


def test_an_organization_is_shared_with_by_its_arn() -> None:
    """RAM takes ARNs of an organization; outsiders are not allowed then."""
    (piece, *_) = pieces("organization", PIPELINE)
    assert isinstance(piece.content, ResourceShare)
    assert piece.content.principals == ("arn:aws:organizations::<management-account>:organization/o-a1b2c3d4e5",)
    assert any("enable-sharing-with-aws-organization" in warning for warning in piece.warnings)
    assert "--no-allow-external-principals" in piece_text(piece, FixForm.AWSCLI)


def test_an_endpoint_policy_as_a_command() -> None:
    """The command of the endpoint's own API."""
    (piece, *_) = pieces("account", ENDPOINT, mechanism=Mechanism.POLICY, router=ROUTER)
    given = options(piece_text(piece, FixForm.AWSCLI))
    validate(
        "sagemaker",
        "PutEndpointPolicy",
        {"EndpointName": given["endpoint-name"][0], "ResourcePolicy": given["resource-policy"][0]},
    )


@pytest.mark.parametrize("party", PARTIES)
def test_cloudformation(party: str) -> None:
    """A template fragment with the role and both of its documents."""
    (piece, *_) = pieces(party, mechanism=Mechanism.ROLE)
    role = piece.content
    assert isinstance(role, NewRole)
    (resource,) = json.loads(piece_text(piece, FixForm.CLOUDFORMATION))["Resources"].values()
    assert resource["Type"] == "AWS::IAM::Role"
    assert resource["Properties"]["AssumeRolePolicyDocument"] == role.trust
    assert resource["Properties"]["Policies"][0]["PolicyDocument"] == role.permissions


def test_terraform() -> None:
    """Data sources for both documents, the role, and its policy; every value stands in it, and braces are balanced."""
    (piece, *_) = pieces("oidc", mechanism=Mechanism.ROLE)
    text = piece_text(piece, FixForm.TERRAFORM)

    assert text.count('data "aws_iam_policy_document"') == 2
    assert 'resource "aws_iam_role" "share_churn"' in text
    assert 'resource "aws_iam_role_policy" "share_churn"' in text
    assert "assume_role_policy   = data.aws_iam_policy_document.share_churn_trust.json" in text
    assert '"repo:octo-org/churn:ref:refs/heads/main"' in text
    assert text.count("{") == text.count("}")


def test_terraform_of_a_share() -> None:
    """The share, what is in it, and with whom."""
    (piece, *_) = pieces("account", PIPELINE)
    text = piece_text(piece, FixForm.TERRAFORM)
    assert re.findall(r'^resource "(\w+)"', text, flags=re.MULTILINE) == [
        "aws_ram_resource_share",
        "aws_ram_resource_association",
        "aws_ram_principal_association",
    ]


def test_a_policy_that_stands_there_is_shown_as_a_difference() -> None:
    """What is added to an existing policy can be told from what was there."""
    snapshot = worlds.free(worlds.accounts()).build()
    key = next(p for p in plan_share(question("account", also=ALSO), snapshot).plan.pieces if p.name.startswith("kms"))
    lines = piece_text(key).splitlines()
    assert lines[0].startswith("--- ")
    assert any(line.startswith("+") and "kms:Decrypt" in line for line in lines)
    assert not any(line.startswith("-") and "kms:*" in line for line in lines)


TRUST = {
    "account": ("AWS", "arn:aws:iam::444455556666:root", "sts:AssumeRole", None),
    "third-party": (
        "AWS",
        "arn:aws:iam::222233334444:root",
        "sts:AssumeRole",
        {"StringEquals": {"sts:ExternalId": "own-id-7"}},
    ),
    "organization": ("AWS", "*", "sts:AssumeRole", {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
    "unit": (
        "AWS",
        "*",
        "sts:AssumeRole",
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11112222/*"}},
    ),
    "saml": (
        "Federated",
        "arn:aws:iam::123456789012:saml-provider/ExampleCorp",
        "sts:AssumeRoleWithSAML",
        {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    ),
    "oidc": (
        "Federated",
        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        "sts:AssumeRoleWithWebIdentity",
        {
            "StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": "repo:octo-org/churn:ref:refs/heads/main",
            }
        },
    ),
    "sso": (
        "AWS",
        "arn:aws:iam::444455556666:root",
        "sts:AssumeRole",
        {
            "ArnLike": {
                "aws:PrincipalArn": [
                    "arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_DataScientist_????????????????",
                    "arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_DataScientist_????????????????",
                ]
            }
        },
    ),
    "cognito": (
        "Federated",
        "cognito-identity.amazonaws.com",
        "sts:AssumeRoleWithWebIdentity",
        {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:11111111-2222-3333-4444-555555555555"},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
        },
    ),
    "service": (
        "Service",
        "sagemaker.amazonaws.com",
        "sts:AssumeRole",
        {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    ),
}


@pytest.mark.parametrize("party", TRUST)
def test_trust_policies(party: str) -> None:
    """Letter for letter what AWS's pages show for each kind of party."""
    more = {"external_id": "own-id-7"} if party == "third-party" else {}
    (piece, *_) = pieces(party, mechanism=Mechanism.ROLE, **more)
    assert isinstance(piece.content, NewRole)
    form, name, action, condition = TRUST[party]
    expected = {"Sid": "TheOtherParty", "Effect": "Allow", "Principal": {form: name}, "Action": action}
    if condition is not None:
        expected["Condition"] = condition
    assert piece.content.trust == {"Version": "2012-10-17", "Statement": [expected]}


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_other_partitions(partition: str) -> None:
    """ARNs and the audience of assertions follow the partition of the resource."""
    resource = MPG.replace("arn:aws:", f"arn:{partition}:").replace("us-east-1", "cn-north-1")
    provider = f"saml:arn:{partition}:iam::123456789012:saml-provider/ExampleCorp"
    text = worlds.with_text(
        [document for p in pieces("saml", resource, who=provider) for _, document in piece_documents(p)]
    )
    assert "arn:aws:" not in text
    assert "https://signin.aws.amazon.com" not in text


def test_tags_and_source_identity() -> None:
    """What is sent with the session is allowed by the trust policy and, on their side, by the caller's own."""
    report = plan_share(question("role", mechanism=Mechanism.ROLE, session_tags=True, source_identity=True), None)
    wanted = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    ours, theirs = report.plan.pieces
    assert isinstance(ours.content, NewRole)
    assert ours.content.trust["Statement"][0]["Action"] == wanted  # type: ignore[index]
    assert wanted == dict(piece_documents(theirs))[theirs.name]["Statement"][0]["Action"]  # type: ignore[index]
    assert [step.request.action for step in report.alone.own[:3]] == wanted


def test_an_external_id_is_made_up_anew() -> None:
    """Each plan gets its own, unless one is given; 128 bits of it."""
    ids = {plan_share(question("third-party"), None).plan.party.external_id for _ in range(3)}
    assert len(ids) == 3
    assert all(value is not None and re.fullmatch(r"[0-9a-f]{32}", value) for value in ids)
    assert plan_share(question("third-party", external_id="own-id-7"), None).plan.party.external_id == "own-id-7"
