"""One line per cause, for a terminal that is searched with grep."""

from __future__ import annotations

from sagepass.engine.decision import Decision, NearMiss, StatementRef
from sagepass.jobs.diagnosis import Cause, Diagnosis
from sagepass.render.human import decision_causes, decision_sentence
from sagepass.render.verdict import check_code, decision_code, verdict_code
from sagepass.source.errors import SourceError
from sagepass.source.locate import locate
from sagepass.source.route import Route, render_route
from sagepass.source.terminal import printable


def render_concise(diagnosis: Diagnosis) -> str:
    """``file:line:column: CODE: sentence`` where a cause is located, ``CODE: sentence`` where it is not."""
    code = verdict_code(diagnosis)
    lines = [
        _line(cause, code, diagnosis.headline if index == 0 else "") for index, cause in enumerate(diagnosis.causes)
    ]
    return _joined(lines or [f"{code}: {diagnosis.headline}"])


def render_decision_concise(decision: Decision) -> str:
    """The same for a decision that belongs to no denial."""
    code = decision_code(decision)
    causes = () if code == "ALLOWED" else decision_causes(decision)
    return _joined([_line(cause, code, "") for cause in causes] or [f"{code}: {decision_sentence(decision)}"])


def place_of(ref: StatementRef, route: Route, piece: tuple[int, int] | None = None) -> str:
    """``file:line:column`` of an element; the name and the route where the file cannot be read."""
    origin = ref.policy.document.origin
    try:
        place = locate(origin, route, within=piece)
    except SourceError:
        return f"{origin.name} {render_route(route)}"
    return f"{place.source.name}:{place.line}:{place.column}"


def _line(cause: Cause, code: str, headline: str) -> str:
    own = check_code(cause.check) if cause.check is not None and cause.check.blocks else code
    where = _cause_place(cause.statement, cause.near)
    return f"{where + ': ' if where else ''}{own}: {headline or cause.headline}"


def _cause_place(statement: StatementRef | None, near: NearMiss | None) -> str:
    if statement is not None:
        return place_of(statement, statement.elements[-1] if statement.elements else statement.statement.route)
    return place_of(near.statement, near.route, near.piece) if near is not None else ""


def _joined(lines: list[str]) -> str:
    return "".join(printable(line, one_line=True) + "\n" for line in lines)
