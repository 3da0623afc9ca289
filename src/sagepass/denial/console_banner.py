"""The box in which AWS's console shows a refusal: ``User: … Service: … Action: … On resource(s): … Context: …``.

The console asks people to copy this box and to send it to their administrator, so it arrives line by line, or with its
lines run together (``user/annAction: s3:GetObject``). ``Context`` is the reason of
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from sagepass.denial import action_name
from sagepass.denial.action_name import ActionName
from sagepass.denial.draft import Draft
from sagepass.denial.operation import action_for, service_prefix
from sagepass.denial.reason_clause import clauses
from sagepass.denial.record import DenialKind
from sagepass.denial.reference import Reference, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN: Final = "Action:"
_LONGEST: Final = 2200
"""The longest value: an ARN has up to 2,048 characters."""
_TITLE: Final = 500
"""How far before the box its title and its advice may begin."""
_CONTEXT: Final = 300


@cache
def _label() -> re.Pattern[str]:
    return re.compile(
        r"(?P<label>User|Service|Action|On\s+resource\(s\)|Context|Name|HTTP\s+status\s+code|Request\s+ID):"
    )


@cache
def _title() -> re.Pattern[str]:
    return re.compile(r"Access\s+denied\b|You\s+don't\s+have\s+permission\s+to\b", re.IGNORECASE)


def read_console_banners(text: str) -> list[Draft]:
    """Every refusal that stands in such a box, in order."""
    if _SIGN not in text or ("Context:" not in text and "On resource(s):" not in text):
        return []
    return [draft for box in _boxes(text) if (draft := _draft(text, box)) is not None]


def _boxes(text: str) -> Iterator[dict[str, tuple[int, int]]]:
    """The places of a box's values by label; each begins with ``User``."""
    box: dict[str, tuple[int, int]] = {}
    matches = list(_label().finditer(text))
    for index, match in enumerate(matches):
        label = re.sub(r"\s+", " ", match["label"])
        if label == "User":
            if box:
                yield box
            box = {}
        elif not box or label in box:
            continue
        last = index + 1 == len(matches)
        end = len(text) if last else matches[index + 1].start()
        if label == "Context":
            end = min(end, match.end() + _CONTEXT)
        elif end - match.end() > _LONGEST:
            if box:
                yield box
            box = {}
            continue
        box[label] = (match.end(), end)
    if box:
        yield box


def _draft(text: str, box: dict[str, tuple[int, int]]) -> Draft | None:
    """One refusal; ``None`` for a box of other software, which has neither AWS's title nor AWS's reason."""
    if "Action" not in box or not box.keys() & {"Context", "On resource(s)"}:
        return None
    action = _action(text, box)
    if action is None:
        return None
    start = box["User"][0] - len("User:")
    titled = _from_title(text, start)
    draft = Draft(kind=_kind(action.action or ""), start=titled, end=action.end)
    draft.set_action(action)
    if caller := _value(text, box["User"]):
        draft.set_principal(caller)
    if "On resource(s)" in box and (resource := _value(text, box["On resource(s)"])):
        draft.set_resource(resource)
    if "Context" in box:
        _reason(text, draft, box["Context"])
    return draft if draft.effect is not None or titled < start else None


def _value(text: str, place: tuple[int, int]) -> Reference | None:
    """The first paragraph of a value, as one name, without the brackets of a template."""
    start, end = place
    stop = text.find("\n\n", start, end)
    found = joined(text, start, stop if stop >= 0 else end)
    if found is None or re.search(r"\s", found.value):
        return None
    if not re.fullmatch(r"\[[^\[\]]+\]", found.value):
        return found
    return Reference(found.value[1:-1], found.start + 1, found.end - 1)


def _action(text: str, box: dict[str, tuple[int, int]]) -> ActionName | None:
    """The action: with its prefix, or the name of an operation beside the service's."""
    found = _value(text, box["Action"])
    if found is None:
        return None
    whole = re.fullmatch(action_name.PATTERN, found.value)
    if whole and (named := action_name.from_match(whole)):
        prefix, name = named.service, (named.action or "").partition(":")[2]
    elif "Service" in box and (service := _value(text, box["Service"])) and service_prefix(service.value):
        prefix, name = service.value, found.value
    else:
        return None
    service_name = service_prefix(prefix) or prefix
    action = action_for(name, service_name) if service_name == "s3" else f"{service_name}:{name}"
    return ActionName(action, service_name, doubled=False, start=found.start, end=found.end)


def _kind(action: str) -> DenialKind:
    if action.lower() == "iam:passrole":
        return DenialKind.PASS_ROLE
    return DenialKind.ASSUME_ROLE if action.lower().startswith("sts:assumerole") else DenialKind.IAM_DENIAL


def _reason(text: str, draft: Draft, place: tuple[int, int]) -> None:
    start, end = place
    for clause in clauses(text[start:end]):
        draft.policy_type, draft.effect, draft.policy_arn = clause.policy_type, clause.effect, clause.policy_arn
        draft.places |= {name: (start + left, start + right) for name, (left, right) in clause.places.items()}
        draft.cover(start + clause.start, start + clause.end)
        return


def _from_title(text: str, start: int) -> int:
    """Where the box's title begins, if it stands above."""
    first = max(0, start - _TITLE)
    titles = list(_title().finditer(text, first, start))
    return titles[0].start() if titles else start
