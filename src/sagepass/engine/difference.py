"""In what an element of a statement differs from the request: the smallest difference among its entries."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate

from sagepass.engine.decision import Difference, NearMiss, StatementRef
from sagepass.engine.inputs import Inputs
from sagepass.engine.reading_of import reading_of
from sagepass.engine.similar_name import similar_name
from sagepass.policy.arn import Arn, parse_arn
from sagepass.policy.glob import matches, read_pattern
from sagepass.policy.match_action import action_matches
from sagepass.policy.match_statement import Obstacle, Part
from sagepass.policy.resource_reading import ResourceReading
from sagepass.policy.statement import PrincipalEntry, PrincipalForm
from sagepass.source.route import Route

_RANK = {difference: rank for rank, difference in enumerate(Difference)}
_UNIQUE_ID_PREFIXES = ("AROA", "AIDA", "ASIA")
_SIMILAR = 0.85
Found = tuple[Difference, tuple[int, int] | None]


def resource_difference(ref: StatementRef, obstacle: Obstacle, inputs: Inputs) -> NearMiss:
    """The Resource (or NotResource) entry that came closest."""
    statement = ref.statement
    entries = statement.resources or ()
    if statement.not_resource:
        entry = next((e for e in entries if e.route in obstacle.routes), entries[0])
        return _near(
            ref,
            Part.RESOURCE,
            entry.route,
            entry.value,
            inputs.resource,
            (Difference.EXCLUDED, None),
            f"its NotResource leaves {inputs.resource} out by {entry.value}",
        )
    ranked = [(entry, _resource_entry(entry.value, ref, inputs)) for entry in entries]
    ranked.sort(key=lambda pair: _RANK[pair[1][0]])
    entry, found = ranked[0]
    sentence = _resource_sentence(entry.value, inputs.resource, found[0], obstacle.without_value)
    return _near(ref, Part.RESOURCE, entry.route, entry.value, inputs.resource, found, sentence)


def _resource_entry(pattern: str, ref: StatementRef, inputs: Inputs) -> Found:
    if reading_of(inputs.action, inputs.resource) is not ResourceReading.NAMED:
        return Difference.NEEDS_STAR, None
    if "${" in pattern:
        enabled = ref.policy.document.variables_enabled
        start = pattern.index("${")
        piece = (start, pattern.find("}", start) + 1 or len(pattern))
        return (Difference.VARIABLE_WITHOUT_VALUE if enabled else Difference.VARIABLE_IS_LITERAL, piece)
    if inputs.resource == "*":
        return Difference.NEEDS_STAR, None
    if matches(read_pattern(pattern.lower()), inputs.resource.lower()):
        return Difference.CASE, None
    wanted, given = parse_arn(pattern), parse_arn(inputs.resource)
    if wanted is None or given is None:
        return Difference.NAME, None
    return _arn_difference(wanted, given, pattern)


def _arn_difference(wanted: Arn, given: Arn, pattern: str) -> Found:
    """Compare part by part; the piece is the character range of the part in the pattern."""
    if wanted.service == given.service == "s3" and wanted.resource.partition("/")[0]:
        return _s3_difference(wanted, given, pattern)
    parts = pattern.split(":", 5)
    offsets = [0, *accumulate(len(part) + 1 for part in parts[:5])]
    checks = (
        (1, wanted.partition, given.partition, Difference.PARTITION),
        (3, wanted.region, given.region, Difference.REGION),
        (4, wanted.account, given.account, Difference.ACCOUNT),
    )
    wrong = [
        (difference, (offsets[index], offsets[index] + len(parts[index])))
        for index, own, other, difference in checks
        if not matches(read_pattern(own), other)
    ]
    if wanted.service != given.service:
        return Difference.RESOURCE_TYPE, None
    fits = matches(read_pattern(wanted.resource), given.resource)
    if fits and wrong:
        return wrong[0]
    if wanted.service == "iam" and _last(wanted.resource) == _last(given.resource):
        return Difference.PATH, (offsets[5], len(pattern))
    kind, other = wanted.resource.partition("/")[0], given.resource.partition("/")[0]
    if kind != other and not set(kind) & set("*?"):
        return Difference.RESOURCE_TYPE, (offsets[5], offsets[5] + len(kind))
    slash = wanted.resource.find("/") + 1
    if wanted.service == "iam" and _path(wanted.resource) != _path(given.resource):
        name_fits = matches(read_pattern(_last(wanted.resource)), _last(given.resource))
        if name_fits:
            return Difference.PATH, (offsets[5] + slash, len(pattern))
    if not wrong and (similar := similar_name(wanted.resource[slash:], given.resource[slash:])) is not None:
        start, end = similar.piece
        return Difference.SIMILAR_NAME, (offsets[5] + slash + start, offsets[5] + slash + end)
    return Difference.NAME, (offsets[5] + slash, len(pattern))


def _s3_difference(wanted: Arn, given: Arn, pattern: str) -> Found:
    bucket, _, key = wanted.resource.partition("/")
    own_bucket, _, own_key = given.resource.partition("/")
    if matches(read_pattern(bucket), own_bucket):
        if own_key and not key:
            return Difference.BUCKET_NOT_OBJECT, None
        if key and not own_key:
            return Difference.OBJECT_NOT_BUCKET, None
    start = len(pattern) - len(wanted.resource)
    similar = similar_name(wanted.resource, given.resource)
    if similar is not None:
        return Difference.SIMILAR_NAME, (start + similar.piece[0], start + similar.piece[1])
    return Difference.NAME, (start, len(pattern))


def _last(resource: str) -> str:
    return resource.rpartition("/")[2]


def _path(resource: str) -> str:
    return resource.rpartition("/")[0]


def _resource_sentence(pattern: str, resource: str, difference: Difference, valueless: str | None) -> str:
    match difference:
        case Difference.VARIABLE_WITHOUT_VALUE:
            name = valueless or "its policy variable"
            return f"its resource {pattern} matches nothing here, because {name} has no value in the request"
        case Difference.VARIABLE_IS_LITERAL:
            return f'in a policy without "Version": "2012-10-17" the variable in {pattern} is literal text'
        case Difference.NEEDS_STAR:
            return f"the action takes no resource, so a statement for {pattern} grants nothing; only * fits"
        case Difference.SIMILAR_NAME:
            return f"its resource {pattern} does not cover {resource} (a similar name: did you mean {_meant(pattern, resource)}?)"
        case _:
            return f"its resource {pattern} does not cover {resource} ({difference})"


def _meant(pattern: str, resource: str) -> str:
    """The name of the request as the policy spells it."""
    wanted, given = pattern.split(":", 5)[-1], resource.split(":", 5)[-1]
    similar = similar_name(wanted, given)
    return similar.meant if similar is not None else wanted


def principal_difference(ref: StatementRef, obstacle: Obstacle, inputs: Inputs) -> NearMiss:
    """The Principal entry that came closest."""
    entries = ref.statement.principals or ()
    if not entries:
        return _near(
            ref,
            Part.PRINCIPAL,
            ref.statement.route,
            "",
            inputs.caller.arn,
            (Difference.OTHER_PRINCIPAL, None),
            "its Principal element names nobody",
        )
    ranked = [(entry, _principal_entry(entry, inputs)) for entry in entries if entry.route in obstacle.routes]
    ranked.sort(key=lambda pair: _RANK[pair[1][0]])
    entry, found = ranked[0] if ranked else (entries[0], (Difference.OTHER_PRINCIPAL, None))
    if found[0] is Difference.DELETED_PRINCIPAL:
        sentence = (
            f"it names {entry.value}, the unique id of an identity that was deleted; a re-created one has a new id"
        )
    else:
        sentence = f"it names {entry.value}, not {inputs.caller.arn} ({found[0]})"
    return _near(ref, Part.PRINCIPAL, entry.route, entry.value, inputs.caller.arn, found, sentence)


def _principal_entry(entry: PrincipalEntry, inputs: Inputs) -> Found:
    names = [name for name in (inputs.caller.arn, inputs.caller.role_arn) if name]
    if entry.form is PrincipalForm.AWS and entry.value.startswith(_UNIQUE_ID_PREFIXES):
        return Difference.DELETED_PRINCIPAL, None
    if entry.value.lower() in {name.lower() for name in names}:
        return Difference.CASE, None
    wanted = parse_arn(entry.value)
    for name in names:
        given = parse_arn(name)
        if wanted is None or given is None:
            continue
        if _last(wanted.resource) == _last(given.resource) and wanted.account == given.account:
            return Difference.PATH, None
        if wanted.resource == given.resource:
            start = entry.value.find(wanted.account)
            return Difference.ACCOUNT, (start, start + len(wanted.account)) if start >= 0 else None
    return Difference.OTHER_PRINCIPAL, None


def action_difference(ref: StatementRef, obstacle: Obstacle, inputs: Inputs) -> NearMiss | None:
    """The Action entry that came closest, if one is near at all: left out by NotAction, misspelled, same service."""
    del obstacle
    statement = ref.statement
    if statement.not_action:
        entry = next((e for e in statement.actions if action_matches(e.value, inputs.action)), None)
        if entry is None:
            return None
        sentence = f"its NotAction leaves {inputs.action} out by {entry.value}"
        return _near(ref, Part.ACTION, entry.route, entry.value, inputs.action, (Difference.EXCLUDED, None), sentence)
    same = [e for e in statement.actions if e.value.lower().partition(":")[0] == inputs.service]
    if not same:
        return None
    place, likeness = _most_alike(tuple([e.value.lower() for e in same]), inputs.action.lower())
    best = same[place]
    near = likeness >= _SIMILAR and not set(best.value) & set("*?")
    difference = Difference.MISSPELLED_ACTION if near and not _is_real(best.value) else Difference.OTHER_ACTION
    sentence = f"it allows {best.value}, not {inputs.action}"
    return _near(ref, Part.ACTION, best.route, best.value, inputs.action, (difference, None), sentence)


@lru_cache(maxsize=4096)
def _most_alike(entries: tuple[str, ...], action: str) -> tuple[int, float]:
    """The first of the entries that are most like an action, by its place, and how alike they are."""
    matcher = SequenceMatcher(None, b=action)
    best, highest = 0, -1.0
    for place, entry in enumerate(entries):
        matcher.set_seq1(entry)
        if (
            matcher.real_quick_ratio() > highest and matcher.quick_ratio() > highest
        ):  # they are never lower than the ratio
            likeness = matcher.ratio()
            if likeness > highest:
                best, highest = place, likeness
    return best, highest


def _is_real(action: str) -> bool:
    from sagepass.catalog.actions import find_action  # noqa: PLC0415 - the tables are only read for a near spelling

    return find_action(action) is not None


def _near(  # noqa: PLR0917 - the columns of one table row, in its order
    ref: StatementRef, part: Part, route: Route, expected: str, actual: str, found: Found, sentence: str
) -> NearMiss:
    return NearMiss(
        statement=ref,
        part=part,
        difference=found[0],
        route=route,
        expected=(expected,),
        actual=(actual,),
        piece=found[1],
        sentence=sentence,
    )
