"""Sessions end when their time is over, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from tests.endpoint.conftest import ACCOUNT, Aws, allow, refused, trusting


class Clock:
    """The time of the endpoint and of its clients, set forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        clock = self

        class Later(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Any:  # noqa: ANN401 - a class of datetime's own
                return datetime.now(tz) + clock.ahead

        monkeypatch.setattr("sagepass.endpoint.gate.datetime", Later)

        def current(*_: object, **__: object) -> datetime:
            return (datetime.now(UTC) + clock.ahead).replace(tzinfo=None)

        monkeypatch.setattr("botocore.auth.get_current_datetime", current)

    def pass_by(self, **time: int) -> None:
        """Let time pass."""
        self.ahead += timedelta(**time)


def test_a_session_ends_after_its_duration(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second before the end it works, a second after it each protocol says so; lasting keys go on."""
    clock = Clock(monkeypatch)
    role = aws.role("Quarter", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), allow("*"))
    who = aws.user("quarter", allow("sts:AssumeRole", "sagemaker:ListModels"))
    session = aws.assume(who, role, DurationSeconds=900)
    clock.pass_by(seconds=890)
    aws.client("sagemaker", session).list_models()
    clock.pass_by(seconds=11)
    assert refused(aws.client("sagemaker", session).list_models).code == "ExpiredTokenException"
    assert refused(aws.client("sts", session).get_caller_identity).code == "ExpiredToken"
    assert refused(aws.client("s3", session).list_buckets).code == "ExpiredToken"
    aws.client("sagemaker", who).list_models()


def test_dates_in_policies_follow_the_clock(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """``aws:CurrentTime`` and ``aws:TokenIssueTime`` are asked anew for each call: nothing that was decided is kept too long."""
    clock = Clock(monkeypatch)
    end = (datetime.now(UTC) + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    until = allow("sagemaker:ListModels", Condition={"DateLessThan": {"aws:CurrentTime": end}})
    mine = aws.client("sagemaker", aws.user("half-an-hour", until))
    mine.list_models()
    clock.pass_by(minutes=29)
    mine.list_models()
    clock.pass_by(minutes=2)
    assert refused(mine.list_models).code == "AccessDeniedException"
