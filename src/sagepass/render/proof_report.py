"""The answer to a question about policies, for people: the verdict, what differs with an example, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from sagepass.jobs.policy_file import PolicyFile
from sagepass.jobs.policy_questions import PolicyAnswer, QuestionKind
from sagepass.proof.comparison import Difference, Open, StatementPlace
from sagepass.proof.verdict import Verdict
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.render.words import type_words
from sagepass.source.errors import SourceError
from sagepass.source.locate import locate
from sagepass.source.route import Route, render_route

_ACTIONS_SHOWN = 6
_SHOWN = 12
"""Differences that are shown without ``--verbose``."""


def render_answer(answer: PolicyAnswer, view: HumanView) -> str:
    """The whole answer."""
    page, verbose = Page(width=view.width, rewrite=view.rewrite), view.verbose
    comparison = answer.comparison
    style = {Verdict.PROVEN: "bold green", Verdict.REFUTED: "bold red", Verdict.UNKNOWN: "bold yellow"}
    page.line((f"{comparison.verdict}", style[comparison.verdict]), f": {headline(answer)}", hang=2)
    groups = alike(comparison.differences)
    shown = groups if verbose else groups[:_SHOWN]
    for group in shown:
        page.blank()
        _difference(page, group, answer, verbose=verbose)
    if len(shown) < len(groups):
        page.blank()
        page.line(f"and {len(groups) - len(shown)} more (--verbose)")
    for item in comparison.open if verbose else comparison.open[:_SHOWN]:
        page.blank()
        _open(page, item)
    page.blank()
    for line in basis_lines(answer):
        page.line(line, hang=2)
    return page.render(color=view.color)


def headline(answer: PolicyAnswer) -> str:
    """The verdict in one sentence."""
    comparison, new = answer.comparison, names(answer.new)
    match answer.kind:
        case QuestionKind.NO_NEW_ACCESS:
            what = {
                Verdict.PROVEN: f"{new} allows nothing that {names(answer.old)} does not allow",
                Verdict.REFUTED: f"{new} allows what {names(answer.old)} does not allow",
                Verdict.UNKNOWN: f"whether {new} allows more than {names(answer.old)} could not be settled",
            }
        case QuestionKind.NOT_GRANTED:
            what = {
                Verdict.PROVEN: f"{new} grants none of the access that was asked about",
                Verdict.REFUTED: f"{new} grants access that was asked about",
                Verdict.UNKNOWN: f"whether {new} grants any access that was asked about could not be settled",
            }
        case QuestionKind.NOT_FROM_OUTSIDE:
            what = {
                Verdict.PROVEN: f"nobody {answer.outside} gets in through {new}",
                Verdict.REFUTED: f"somebody {answer.outside} gets in through {new}",
                Verdict.UNKNOWN: f"whether anybody {answer.outside} gets in through {new} could not be settled",
            }
        case _:
            assert_never(answer.kind)
    return what[comparison.verdict] + _limit(answer)


def _limit(answer: PolicyAnswer) -> str:
    """How much of the claim holds where the whole of it does not."""
    claims = answer.comparison.claims
    if claims.everything is Verdict.PROVEN:
        return ", whatever the action and the ARN"
    if claims.listed is Verdict.PROVEN:
        return "; among the actions that AWS lists there is nothing"
    if claims.documented is Verdict.PROVEN:
        return "; on ARNs of the forms that AWS documents there is nothing"
    return ""


def names(policies: Sequence[PolicyFile]) -> str:
    """The names of the policies, a few of many."""
    shown = ", ".join(item.name for item in policies[:2])
    return f"{shown} and {len(policies) - 2} more" if len(policies) > 2 else shown or "nothing"


def alike(differences: Sequence[Difference]) -> list[list[Difference]]:
    """Differences that are the same but for who calls; callers without credentials come first, they tell most."""
    groups: dict[object, list[Difference]] = {}
    for one in differences:
        seen = one.witness
        key = (
            *(one.actions, one.documented, one.by, one.no_longer_denied_by),
            *(seen.action, seen.resource, repr(sorted(seen.context.items()))),
        )
        groups.setdefault(key, []).append(one)
    return [sorted(group, key=lambda one: one.witness.principal != "*") for group in groups.values()]


def _difference(page: Page, group: Sequence[Difference], answer: PolicyAnswer, *, verbose: bool) -> None:
    difference = group[0]
    page.line(("+ ", "red"), (actions_text(difference, verbose=verbose), "bold"), hang=2)
    for who in dict.fromkeys(one.who for one in group if one.who):
        page.line(f"for {who}", indent=4, hang=2)
    witness = difference.witness
    page.line(("example: ", "cyan"), f"{witness.principal} {witness.action} {witness.resource}", indent=4, hang=2)
    if witness.context:
        page.line(f"with {context_text(witness.context)}", indent=6, hang=2)
    if not difference.documented and difference.actions:
        page.line("only on ARNs of a form that AWS does not document for the action", indent=4, hang=2)
    for place in difference.by:
        page.line(("by: ", "cyan"), place_text(answer.new, place, answer), indent=4, hang=2)
    for place in difference.no_longer_denied_by:
        page.line(("was denied by: ", "cyan"), place_text(answer.old, place, answer), indent=4, hang=2)


def actions_text(difference: Difference | Open, *, verbose: bool = False) -> str:
    """The actions, a few of many."""
    actions = difference.actions
    if not actions:
        return "actions that AWS does not list"
    if verbose or len(actions) <= _ACTIONS_SHOWN:
        return ", ".join(actions)
    return f"{', '.join(actions[: _ACTIONS_SHOWN - 1])} and {len(actions) - _ACTIONS_SHOWN + 1:,} more"


def context_text(context: object) -> str:
    """The condition keys of a witness in words."""
    if not isinstance(context, dict):
        return ""
    return ", ".join(f"{key} {_value_text(value)}" for key, value in context.items())


def _value_text(value: object) -> str:
    if value is None:
        return "absent"
    return f"= [{', '.join(map(str, value))}]" if isinstance(value, list) else f"= {value or '(empty)'}"


def place_text(policies: Sequence[PolicyFile], place: StatementPlace, answer: PolicyAnswer) -> str:
    """Where a statement stands: route, Sid, file and line."""
    policy = policies[place.document]
    route, sid = route_of(policy, place.index, answer)
    line = line_of(policy, route)
    where = f"{policy.name}:{line[0]}:{line[1]}" if line else policy.name
    return f"{render_route(route)}{f' (Sid {sid})' if sid else ''} of {where}"


def route_of(policy: PolicyFile, index: int, answer: PolicyAnswer) -> tuple[Route, str | None]:
    """The route and the Sid of a statement."""
    statement = policy.document(answer.policy_type).statements[index]
    return statement.route, statement.sid


def line_of(policy: PolicyFile, route: Route) -> tuple[int, int] | None:
    """Line and column of a statement, where the policy comes from a file."""
    if policy.origin.path is None:
        return None
    try:
        place = locate(policy.origin, route)
    except SourceError:
        return None
    return place.line, place.column


def _open(page: Page, item: Open) -> None:
    page.line(("? ", "yellow"), (actions_text(item), "bold"), hang=2)
    if item.who:
        page.line(f"for {item.who}", indent=4, hang=2)
    page.line(("not settled: ", "yellow"), item.reason, indent=4, hang=2)


def basis_lines(answer: PolicyAnswer) -> tuple[str, ...]:
    """What the answer rests on."""
    basis = answer.comparison.basis
    return (
        f"rests on: {type_words(answer.policy_type, many=True)} as named; the catalog of {basis.catalog}",
        *(f"shown by: {name}, for what stayed open here; it has no certificate" for name in answer.comparison.shown_by),
        *(f"taken for granted: {item}" for item in basis.taken),
    )


def render_answer_concise(answer: PolicyAnswer) -> str:
    """One line for the verdict and one for each difference."""
    page = Page(width=100_000)
    page.line(f"{answer.comparison.verdict}: {headline(answer)}")
    for difference in answer.comparison.differences:
        who = f" for {difference.who}" if difference.who else ""
        witness = difference.witness
        context = f" with {context_text(witness.context)}" if witness.context else ""
        page.line(
            f"+ {actions_text(difference)}{who}: {witness.principal} {witness.action} {witness.resource}{context}"
        )
    for item in answer.comparison.open:
        page.line(f"? {actions_text(item)}{f' for {item.who}' if item.who else ''}: {item.reason}")
    return page.render()
