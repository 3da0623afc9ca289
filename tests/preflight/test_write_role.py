"""``--write-role``: a role for exactly these calls, decided like any fix."""

from __future__ import annotations

import json

import pytest
from tests.preflight import world

from sagepass.jobs.preflight.run import preflight
from sagepass.jobs.preflight.write_role import NewRole, NewRoleError, with_new_role
from sagepass.policy.kinds import Effect
from sagepass.render.forms import FixForm
from sagepass.render.new_role import new_role_text

ARN = f"arn:aws:iam::{world.ACCOUNT}:role/ml/ChurnNew"


def written(name: str) -> NewRole:
    """A new role for the calls of one file."""
    return with_new_role(world.requests(name), world.snapshot(), caller=world.STUDIO, name="ml/ChurnNew")


@pytest.mark.parametrize("name", ["training-job", "processing-job", "tuning-job", "deployment"])
def test_only_passing_it_is_left_to_do(name: str) -> None:
    """With the role in place the only thing missing is that the caller may pass it, and the plan gives just that."""
    new = written(name)
    found = preflight(new.calls, new.snapshot, caller=world.STUDIO)
    assert [(item.need.needed.action, item.need.needed.resource) for item in found.missing] == [("iam:PassRole", ARN)]
    assert found.plan is not None
    assert found.plan.effect is Effect.ALLOW
    (row,) = {row for part in found.plan.parts if part.fix for row in part.fix.grants_data}
    assert row[1:3] == ("iam:PassRole", ARN)


@pytest.mark.parametrize("name", ["training-job", "processing-job", "tuning-job", "deployment"])
def test_it_holds_what_the_calls_take_and_nothing_else(name: str) -> None:
    """Each action stands on exactly the resources that the calls ask for."""
    new = written(name)
    found = preflight(new.calls, new.snapshot, caller=world.STUDIO)
    asked = {(i.need.needed.action, i.need.needed.resource) for i in found.authorizations if i.need.principal == ARN}
    statements = new.permissions["Statement"]
    assert isinstance(statements, list)
    held = {(a, r) for one in statements for a in _list(one["Action"]) for r in _list(one["Resource"])}
    assert held == asked


def test_the_trust_is_as_narrow_as_aws_documents() -> None:
    """SageMaker alone, for this account; for training jobs only, where the call is one."""
    (statement,) = json.loads(json.dumps(written("training-job").trust))["Statement"]
    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": world.ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:{world.REGION}:{world.ACCOUNT}:training-job/*"},
    }


def test_an_undocumented_source_is_not_written_into_the_trust() -> None:
    """What a tuning job sends is not documented, so that only the account is compared."""
    (statement,) = json.loads(json.dumps(written("tuning-job").trust))["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": world.ACCOUNT}}


@pytest.mark.parametrize("form", list(FixForm))
def test_forms(form: FixForm) -> None:
    """Every form names the role and holds its permissions."""
    text = new_role_text(written("training-job"), form)
    assert "ChurnNew" in text
    assert "s3:GetObject" in text
    assert "aws:SourceAccount" in text


def test_a_name_that_exists_is_refused() -> None:
    """Names of roles are unique in an account, whatever their path."""
    with pytest.raises(NewRoleError, match="has a role ChurnTraining already"):
        with_new_role(world.requests("training-job"), world.snapshot(), caller=world.STUDIO, name="ChurnTraining")


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "../up", "arn:aws:iam::1:role/x"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    """Only the characters that IAM takes."""
    with pytest.raises(NewRoleError, match="no name of a role"):
        with_new_role(world.requests("training-job"), world.snapshot(), caller=world.STUDIO, name=name)


def test_a_call_without_a_role_is_refused() -> None:
    """CreateEndpoint passes no role, so none can be written for it."""
    with pytest.raises(NewRoleError, match="pass no role"):
        with_new_role(world.requests("deployment")[2:], world.snapshot(), caller=world.STUDIO, name="New")


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
