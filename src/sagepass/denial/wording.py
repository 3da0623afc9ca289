"""AWS's sentence of a denial, read as a grammar.

``[User: P] is not authorized to perform: ACTION [on resource: R] [because no TYPE policy allows the ACTION action |
with an explicit deny [in a TYPE policy[: POLICY-ARN]]]``, in the forms that
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html gives and those that people make of
them: cut, wrapped, without colons, only its end.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from typing import TYPE_CHECKING

from sagepass.denial import action_name
from sagepass.denial.caller import caller_before
from sagepass.denial.draft import Draft
from sagepass.denial.reason_clause import ReasonClause, clause_after, clauses
from sagepass.denial.record import DenialKind
from sagepass.denial.reference import Reference, joined, token_at
from sagepass.denial.role_failure import set_assuming_service, set_service_by_name

if TYPE_CHECKING:
    from sagepass.denial.action_name import ActionName

_REACH = 2400
"""How far a resource may reach: an S3 key has up to 1,024 bytes, an ARN up to 2,048 characters."""


@cache
def _sentence() -> re.Pattern[str]:
    verb = r"(?:perform|call|invoke|execute|do|use|run|make)"
    refused = (
        r"(?:(?:is|are|was|were|am|be|isn't|aren't|wasn't)\s+)?"
        r"(?:not\s+(?:currently\s+)?(?:authori[sz]ed|permitted|allowed|able)|unauthori[sz]ed|unable)"
        rf"\s+(?:to\s+)?{verb}"
        r"|(?<=n't\s)(?:authori[sz]ed|permitted|allowed)\s+to\s+" + verb
    )
    lacking = (
        r"(?:does\s+not|doesn't|do\s+not|don't|did\s+not|didn't)\s+have\s+(?:the\s+|any\s+|sufficient\s+|required\s+){0,3}"
        rf"(?:IAM\s+)?(?:permissions?|access|privileges?)\s+(?:(?:to|for)\s+)?(?:{verb}\s*:?|execute\s*:?)?"
        r"|(?:missing|lacks?|lacking|without|requires?|needs?)\s+(?:the\s+)?(?:required\s+|following\s+|IAM\s+){0,2}permissions?(?:\s+(?:to|for)(?:\s+"
        + verb
        + r")?)?\s*:?"
    )
    return re.compile(
        rf"(?:(?P<refused>{refused})|(?P<lacking>{lacking}))"
        rf"(?:\s+(?:the\s+)?(?:following\s+)?(?:action|operation)s?)?\s*:?[\s\"'`\[(*]{{0,60}}{action_name.PATTERN}",
        re.IGNORECASE,
    )


@cache
def _tail() -> dict[str, re.Pattern[str]]:
    return {
        "on": re.compile(
            r"[\"'`*\])]{0,3}(?:\s*(?:\.{3}|…))?(?:\s+(?:action|operation|permission)s?)?[,;]?\s+on\s+"
            r"(?P<this>this\s+resource|the\s+(?:specified|requested)\s+resource)?"
            r"(?:(?:the\s+)?(?:following\s+)?resources?(?:\(s\))?(?P<colon>\s*:)?)?[\"'`*]{0,3}",
            re.IGNORECASE,
        ),
        "operation": re.compile(r"[\"'`]?\s+for\s+operation\s+(?P<operation>[A-Z][A-Za-z0-9]{2,60})"),
        "foreign": re.compile(
            r"not\s+authorized\s+to\s+perform|\bUser\s*:|An\s+error\s+occurred|\n[ \t]*\n|\x1e|[.;!?]\s+[A-Z]|\"\s*[,}]|\bstatus\s+code",
            re.IGNORECASE,
        ),
    }


def read_sentences(text: str) -> list[Draft]:
    """Every denial that ``text`` states in a sentence, in order."""
    drafts: list[Draft] = []
    lowered = text.lower()
    known = clauses(text) if any(word in lowered for word in ("explicit", "allow", "polic", "public")) else []
    floor = 0
    stated = any(word in lowered for word in ("authori", "permi", "allowed", "unable", "able", "access", "privilege"))
    for match in _sentence().finditer(text) if stated else ():
        named = action_name.from_match(match)
        if named is None or match.start() < floor or text.startswith(" (truncated", named.end):
            continue
        draft = _sentence_draft(text, match, named, floor, known)
        if _is_cut_copy(text, match, draft):
            continue
        drafts.append(draft)
        floor = draft.end
    drafts.extend(_ends_only(text, known, drafts))
    return sorted(drafts, key=lambda draft: draft.start)


def _is_cut_copy(text: str, match: re.Match[str], draft: Draft) -> bool:
    """A copy that an HTTP client cut (``arn:aws:sage (truncated...)``) while the whole sentence stands after it."""
    if not text.startswith(" (truncated", draft.end):
        return False
    return match.group() in text[draft.end : draft.end + _REACH]


def _sentence_draft(text: str, match: re.Match[str], named: ActionName, floor: int, known: list[ReasonClause]) -> Draft:
    draft = Draft(kind=_kind(named), start=match.start(), end=named.end)
    draft.set_action(named)
    if caller := caller_before(text, match.start(), floor):
        draft.set_principal(caller)
    resource, end = _resource(text, named.end, known)
    if resource:
        draft.set_resource(resource)
    if clause := clause_after(text, end, known):
        apply_clause(draft, clause)
    if operation := _tail()["operation"].match(text, named.end):
        draft.operation = operation["operation"]
        draft.places["operation"] = operation.span("operation")
    if draft.kind is DenialKind.ASSUME_ROLE and draft.principal is None:
        set_assuming_service(text, draft)
        if draft.principal is None:
            set_service_by_name(text, draft)
    return draft


def apply_clause(draft: Draft, clause: ReasonClause) -> None:
    """Add what the reason at the end of a sentence says."""
    draft.policy_type, draft.effect, draft.policy_arn = clause.policy_type, clause.effect, clause.policy_arn
    draft.places |= {name: place for name, place in clause.places.items() if name not in draft.places}
    draft.cover(clause.start, clause.end)
    if clause.note:
        draft.basis["policy_type"] = clause.note
    if draft.action is None and clause.action and clause.action.action:
        draft.set_action(clause.action)


def _kind(named: ActionName) -> DenialKind:
    lowered = (named.action or "").lower()
    if lowered == "iam:passrole":
        return DenialKind.PASS_ROLE
    if lowered.startswith("sts:assumerole"):
        return DenialKind.ASSUME_ROLE
    return DenialKind.IAM_DENIAL


def _resource(text: str, position: int, known: list[ReasonClause]) -> tuple[Reference | None, int]:
    """The resource after an action, and where the sentence goes on."""
    on = _tail()["on"].match(text, position)
    if not on or (
        not on["this"] and not on.group().rstrip("\"'`* ").lower().endswith(("resource", "resources", ":", ")"))
    ):
        on_arn = re.compile(r"\s+on\s+(?:the\s+)?(?:[a-z]{3,20}\s+)?[\"'`]?(?=arn:)").match(text, position)
        if not on_arn:
            return None, position
        on = on_arn
    elif on["this"]:
        return None, on.end()
    start = _first_character(text, on.end(), bool(on.groupdict().get("colon")))
    if start is None:
        return None, on.end()
    if text[start] in {'"', "'"} and (quoted := token_at(text, start)) and quoted.end > start + 1:
        return _unless_elided(quoted), quoted.end
    index = bisect_left(known, start, key=lambda item: item.start)
    clause = known[index] if index < len(known) else None
    if clause and clause.start <= start + _REACH and (whole := _up_to(text, start, clause.start)):
        return _unless_elided(whole), whole.end
    found = token_at(text, start)
    return (_unless_elided(found), found.end) if found else (None, start)


def _first_character(text: str, position: int, colon: bool) -> int | None:
    """Where the resource begins; a line's end ends the sentence unless a colon or an ARN says that it goes on."""
    blank = re.compile(r"[ \t]*(?:\r?\n[ \t]*)?").match(text, position)
    start = blank.end() if blank else position
    if start >= len(text) or text[start] in "\n\x1e":
        return None
    if re.compile(r"because\s+|with\s+an\s+explicit|\.(?:\s|$)|[)}\]]|[\"'`]?\s*(?:$|[,}])").match(text, start):
        return None
    crossed = "\n" in text[position:start]
    if crossed and not colon and not re.compile(r"[\"'`]?(?:arn:|\.{3}|…|\*)").match(text, start):
        return None
    return start


def _up_to(text: str, start: int, end: int) -> Reference | None:
    """The whole piece up to the reason, if it can be one name."""
    piece = text[start:end]
    if _tail()["foreign"].search(piece) or len(piece.split()) > 24:
        return None
    elided = re.search(r"\s(?:\.{3}|…)\s*$", piece)
    found = joined(text, start, start + elided.start() if elided else end)
    if found and re.search(r"\s", found.value) and not re.match(r"arn:|[a-z]+ \S+$|<|\[", found.value):
        return None
    return found


def _unless_elided(found: Reference | None) -> Reference | None:
    return None if found is None or not found.value.strip(".… ") or found.value.lower() == "null" else found


def _ends_only(text: str, known: list[ReasonClause], drafts: list[Draft]) -> list[Draft]:
    """Reasons whose sentence is cut off: ``… because no permissions boundary allows the s3:ListBucket action``."""
    found: list[Draft] = []
    starts = [draft.start for draft in drafts]
    for clause in known:
        index = bisect_right(starts, clause.start) - 1
        if index >= 0 and clause.start < drafts[index].end:
            continue
        named = clause.action or _action_before(text, clause.start)
        if named is None:
            continue
        draft = Draft(kind=_kind(named), start=min(clause.start, named.start), end=clause.end)
        draft.set_action(named)
        apply_clause(draft, clause)
        found.append(draft)
    return found


def _action_before(text: str, position: int) -> ActionName | None:
    start = max(0, position - 120)
    last = None
    for match in re.finditer(action_name.PATTERN, text[start:position]):
        last = match
    if last is None or text[start + last.end() : position].strip(" \t\r\n\"'`.…"):
        return None
    named = action_name.from_match(last)
    if named is None:
        return None
    return action_name.ActionName(named.action, named.service, named.doubled, named.start + start, named.end + start)
