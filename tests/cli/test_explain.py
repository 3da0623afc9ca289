"""Every code that can be printed has a page."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from tests.render import worlds

import sagepass
from sagepass.denial.record import OtherError
from sagepass.jobs.explain import UnknownCodeError, all_codes, find_code
from sagepass.policy.kinds import CheckType, Effect
from sagepass.render.verdict import verdict_code

_ROOT = Path(sagepass.__file__).parent


def test_pages_of_every_room() -> None:
    """The codes of every room that has any are collected, none twice."""
    rooms = [".".join(path.parent.relative_to(_ROOT).parts) for path in _ROOT.rglob("codes.py")]
    codes = [page.code for room in rooms for page in import_module(f"sagepass.{room}.codes").CODES]
    assert sorted(codes) == sorted(page.code for page in all_codes())
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("check", list(CheckType))
@pytest.mark.parametrize("effect", [Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY])
def test_every_blocking_check(check: CheckType, effect: Effect) -> None:
    """Each check, each effect, and both together."""
    for code in (check.value, effect.value, f"{check}_{effect}"):
        assert find_code(code).body


@pytest.mark.parametrize("reason", list(OtherError))
def test_every_error_that_is_no_denial(reason: OtherError) -> None:
    """Each says what to do instead."""
    assert find_code(f"NOT_A_DENIAL_{reason.name}").body.count("\n\n") == 1


@pytest.mark.parametrize("name", list(worlds.WORLDS))
def test_codes_of_verdicts(name: str) -> None:
    """What stands in the first line of an answer can be explained."""
    code = verdict_code(worlds.WORLDS[name]())
    assert find_code(code).code == code
    assert find_code(f"error[{code.lower()}]").code == code


def test_pages_are_complete() -> None:
    """A summary on one line, without a final period, and a body."""
    for page in all_codes():
        assert "\n" not in page.summary, page.code
        assert not page.summary.endswith("."), page.code
        assert page.body.strip(), page.code
        assert all(link.startswith("https://docs.aws.amazon.com/") for link in page.links), page.code


def test_unknown_code() -> None:
    """The nearest codes are offered."""
    with pytest.raises(UnknownCodeError) as caught:
        find_code("PRINCIPLE_IMPLICIT_DENY")
    assert "PRINCIPAL_IMPLICIT_DENY" in caught.value.remedy
