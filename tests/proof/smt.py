"""Policies as SMT-LIB text, written from their JSON: a second reading that shares nothing with the proof engine.

Strings and regular expressions carry actions, resources and condition values; presence is a Boolean beside each key.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, assert_never

NUMERIC = "sagemaker:MaxRuntimeInSeconds"
_COMPARE = {"Equals": "=", "LessThan": "<", "LessThanEquals": "<=", "GreaterThan": ">", "GreaterThanEquals": ">="}
_ANY = "(re.* re.allchar)"
_NO_COLON = '(re.diff re.allchar (str.to_re ":"))'


def literal(text: str) -> str:
    """A string of the language."""
    return '"' + text.replace('"', '""') + '"'


def regex(pattern: str, run: str = _ANY, one: str = "re.allchar") -> str:
    """A pattern with ``*`` and ``?``."""
    parts = [
        {"*": run, "?": one}.get(part) or f"(str.to_re {literal(part)})"
        for part in re.split(r"([*?])", pattern)
        if part
    ]
    return f"(re.++ {' '.join(parts)})" if len(parts) > 1 else parts[0] if parts else '(str.to_re "")'


def folded(text: str) -> str:
    """A text without regard to case."""
    parts = [f'(re.union (str.to_re "{c.lower()}") (str.to_re "{c.upper()}"))' for c in text]
    return f"(re.++ {' '.join(parts)})" if len(parts) > 1 else parts[0] if parts else '(str.to_re "")'


def arn(pattern: str) -> str:
    """Six components, wildcards of the first five within them."""
    fields = pattern.split(":", 5)
    parts = [regex(field, f"(re.* {_NO_COLON})", _NO_COLON) for field in fields[:5]] + [regex(fields[5])]
    return "(re.++ " + ' (str.to_re ":") '.join(parts) + ")"


def listed(value: Any) -> list[str]:  # noqa: ANN401 - a JSON value
    """One value or several."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def union(name: str, regexes: list[str]) -> str:
    """Membership in one of several languages."""
    return f"(or {' '.join(f'(str.in_re {name} {item})' for item in regexes)} false)"


def variable(key: str) -> str:
    """The name of a key's value."""
    return "v_" + re.sub(r"\W", "_", key.lower())


MULTIVALUED = ("aws:TagKeys", "events:source")
SLOTS = 4
"""Values of one key that are told apart; more than the conditions of two small policies can ask for."""


class Sense(StrEnum):
    """How what AWS leaves open is read: as not so, as so, or as a Boolean of its own that is the same in both policies."""

    MUST = "must"
    MAY = "may"
    FREE = "free"

    @property
    def turned(self) -> Sense:
        """Under a negation."""
        return {Sense.MUST: Sense.MAY, Sense.MAY: Sense.MUST}.get(self, self)


def condition(operator: str, key: str, value: Any, sense: Sense = Sense.FREE) -> str:  # noqa: ANN401 - a JSON value
    """One key of one operator."""
    name, present = variable(key), f"p_{variable(key)}"
    if operator == "Null":
        wanted = [f"(= {present} {'false' if item == 'true' else 'true'})" for item in listed(value)]
        return f"(or {' '.join(wanted)} false)"
    exists = operator.endswith("IfExists")
    base = operator.removesuffix("IfExists")
    quantifier, _, base = base.rpartition(":")
    negated = "Not" in base
    positive = base.replace("Not", "")
    if key in MULTIVALUED:
        fits = [_matched(positive, slot, listed(value)) for slot in slots(key)]
        fits = [f"(not {item})" for item in fits] if negated else fits
        if quantifier:
            return _of_every_slot(quantifier, key, fits)
        several = _several(base, key, listed(value), sense)
        found = f"(or (and (= {count(key)} 1) {fits[0]}) (and (> {count(key)} 1) {several}))"
        return f"(or (not {present}) {found})" if negated or exists else found
    matched = _matched(positive, name, listed(value))
    if negated:
        return f"(or (not {present}) (not {matched}))"
    return f"(or (not {present}) {matched})" if exists else f"(and {present} {matched})"


def _of_every_slot(quantifier: str, key: str, fits: list[str]) -> str:
    """ForAllValues and ForAnyValue over the slots that hold a value."""
    if quantifier == "ForAllValues":
        return f"(and {' '.join(f'(or (<= {count(key)} {n}) {item})' for n, item in enumerate(fits))})"
    return f"(or {' '.join(f'(and (> {count(key)} {n}) {item})' for n, item in enumerate(fits))})"


def _several(base: str, key: str, values: list[str], sense: Sense) -> str:
    """A plain operator on several values: no match for a source, else what AWS does not say."""
    if key == "events:source" and "Not" not in base:
        return "false"
    match sense:
        case Sense.MUST:
            return "false"
        case Sense.MAY:
            return "true"
        case Sense.FREE:
            names = [free(base, key, item) for item in values]
            return f"(and {' '.join(names)})" if "Not" in base else f"(or {' '.join(names)})"
    assert_never(sense)


def slots(key: str) -> list[str]:
    """The names of the values of a key."""
    return [f"{variable(key)}_{number}" for number in range(SLOTS)]


def count(key: str) -> str:
    """The name of the number of its values."""
    return f"c_{variable(key)}"


def free(base: str, key: str, value: str) -> str:
    """The name of one point that is open."""
    return "f_" + "".join(c if c.isalnum() else f"_{ord(c)}_" for c in f"{base} {key} {value}")


def _matched(base: str, name: str, values: list[str]) -> str:
    if base.startswith("Numeric"):
        return f"(or {' '.join(f'({_COMPARE[base[7:]]} {name} {float(item)})' for item in values)} false)"
    if base == "Bool":
        return union(name, [folded(item) for item in values])
    if base.startswith("Arn"):
        return union(name, [arn(item) for item in values])
    forms = {
        "StringEquals": lambda x: f"(str.to_re {literal(x)})",
        "StringLike": regex,
        "StringEqualsIgnoreCase": folded,
    }
    return union(name, [forms[base](item) for item in values])


def statement(item: dict[str, Any], sense: Sense = Sense.FREE) -> str:
    """Action, resource and all conditions."""
    actions = union("action", [regex(x.lower()) for x in listed(item.get("Action", item.get("NotAction")))])
    resources = union("resource", [regex(x) for x in listed(item.get("Resource", item.get("NotResource")))])
    parts = [
        actions if "Action" in item else f"(not {actions})",
        resources if "Resource" in item else f"(not {resources})",
    ]
    for operator, keys in item.get("Condition", {}).items():
        parts += [condition(operator, key, value, sense) for key, value in keys.items()]
    return f"(and {' '.join(parts)})"


def granted(policy: dict[str, Any], sense: Sense = Sense.FREE) -> str:
    """An Allow matches and no Deny."""
    sides = {
        effect: " ".join(statement(item, how) for item in policy["Statement"] if item["Effect"] == effect)
        for effect, how in (("Allow", sense), ("Deny", sense.turned))
    }
    return f"(and (or {sides['Allow']} false) (not (or {sides['Deny']} false)))"


def _values(key: str) -> list[str]:
    """Some values of a key, all of them different; none is the same as absent."""
    names = slots(key)
    apart = [
        f"(assert (or (<= {count(key)} {later}) (not (= {names[earlier]} {names[later]}))))"
        for later in range(SLOTS)
        for earlier in range(later)
    ]
    return [
        *(f"(declare-const {name} String)" for name in names),
        f"(declare-const {count(key)} Int)",
        f"(assert (and (<= 0 {count(key)}) (<= {count(key)} {SLOTS})))",
        f"(define-const p_{variable(key)} Bool (> {count(key)} 0))",
        *apart,
    ]


def open_points(policies: tuple[dict[str, Any], ...]) -> list[str]:
    """The names of all open points that the policies can have."""
    found = {
        free(operator.removesuffix("IfExists"), key, value): None
        for policy in policies
        for item in policy["Statement"]
        for operator, keys in item.get("Condition", {}).items()
        for key, values in keys.items()
        if key in MULTIVALUED and ":" not in operator
        for value in listed(values)
    }
    return list(found)


def more_than(old: dict[str, Any], new: dict[str, Any], keys: tuple[str, ...], sense: Sense = Sense.FREE) -> str:
    """A script that is satisfiable if and only if the new policy grants some request that the old one does not.

    ``sense``: whether that has to be certain (``MUST``), or may hang on what AWS leaves open (``FREE``).
    """
    lines = ["(set-logic ALL)", "(declare-const action String)", "(declare-const resource String)"]
    lines += [f"(declare-const {name} Bool)" for name in open_points((old, new))]
    for key in keys:
        if key in MULTIVALUED:
            lines += _values(key)
            continue
        kind = "Real" if key == NUMERIC else "String"
        lines += [f"(declare-const {variable(key)} {kind})", f"(declare-const p_{variable(key)} Bool)"]
        if key == "aws:SecureTransport":
            lines.append(f'(assert (or (= {variable(key)} "true") (= {variable(key)} "false")))')
    segment = f"(re.+ {_NO_COLON})"
    free = f"(re.* {_NO_COLON})"
    colon = '(str.to_re ":")'
    form = f'(re.++ (str.to_re "arn:") {segment} {colon} {segment} {colon} {free} {colon} {free} {colon} (re.+ re.allchar))'
    lines.append(f'(assert (or (= resource "*") (str.in_re resource {form})))')
    lines.append(f"(assert (str.in_re action (re.++ {segment} {colon} {segment})))")
    lines.append('(assert (not (= action "sts:getcalleridentity")))')
    lines.append('(assert (not (= action "sts:getsessiontoken")))')
    lines.append("(assert (= action (str.to_lower action)))")
    lines.append(f"(assert (and {granted(new, sense)} (not {granted(old, sense.turned)})))")
    return "\n".join(lines)
