"""The chain of checks: one line each, with its word, in AWS's order."""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.engine.decision import Check, Decision
from sagepass.policy.kinds import Evidence
from sagepass.render.page import Page
from sagepass.render.words import CHECK_ORDER, check_word, effect_style, effect_word

_CHECK_COLUMN = 13
_EFFECT_COLUMN = 14


def show_chain(page: Page, decision: Decision) -> None:
    """All checks of a decision, under the pair of action and resource they belong to."""
    for evaluation in decision.evaluations:
        page.line(("checks", "bold"), f" of {evaluation.action} on {evaluation.resource}", hang=2)
        show_checks(page, evaluation.checks)


def show_checks(page: Page, checks: Iterable[Check]) -> None:
    """One line per check."""
    for check in in_order(checks):
        name = check_word(check.type).ljust(_CHECK_COLUMN)
        word = effect_word(check.effect).ljust(_EFFECT_COLUMN)
        target = f"{check.target}: " if check.target else ""
        told = " (reported by the message)" if check.evidence is Evidence.REPORTED else ""
        page.line(
            name,
            (word, effect_style(check.effect)),
            target + check.reason + told,
            indent=2,
            hang=_CHECK_COLUMN + _EFFECT_COLUMN,
        )


def in_order(checks: Iterable[Check]) -> list[Check]:
    """Checks in the order of AWS; the levels of an organization stay in theirs."""
    return sorted(checks, key=lambda check: CHECK_ORDER.index(check.type))
