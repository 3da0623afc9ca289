"""Policies as SMT-LIB text, written from their JSON: a second reading that shares nothing with the proof engine.

Strings and regular expressions carry actions, resources and condition values; presence is a Boolean beside each key.
"""

from __future__ import annotations

import re
from typing import Any

NUMERIC = "sagemaker:MaxRuntimeInSeconds"
_COMPARE = {"Equals": "=", "LessThan": "<", "LessThanEquals": "<=", "GreaterThan": ">", "GreaterThanEquals": ">="}
_ANY = "(re.* re.allchar)"
_NO_COLON = '(re.diff re.allchar (str.to_re ":"))'
_WITHOUT_RESOURCE = ("sagemaker:listmodels", "sagemaker:createlineagegrouppolicy", "s3:listallmybuckets")
"""Actions that take no resource: one of each kind that the patterns of the policies tell apart."""
_STAR = f"(and star (or {' '.join(f'(= action {name!r})' for name in _WITHOUT_RESOURCE)}))".replace("'", '"')
"""Whether ``*`` is what AWS compares, which it documents for them, and its messages do not say."""


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


def condition(operator: str, key: str, value: Any) -> str:  # noqa: ANN401 - a JSON value
    """One key of one operator."""
    name, present = variable(key), f"p_{variable(key)}"
    if operator == "Null":
        wanted = [f"(= {present} {'false' if item == 'true' else 'true'})" for item in listed(value)]
        return f"(or {' '.join(wanted)} false)"
    exists = operator.endswith("IfExists")
    base = operator.removesuffix("IfExists")
    negated = "Not" in base
    base = base.replace("Not", "")
    matched = _matched(base, name, listed(value))
    if negated:
        return f"(or (not {present}) (not {matched}))"
    return f"(or (not {present}) {matched})" if exists else f"(and {present} {matched})"


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


def statement(item: dict[str, Any]) -> str:
    """Action, resource and all conditions."""
    actions = union("action", [regex(x.lower()) for x in listed(item.get("Action", item.get("NotAction")))])
    entries = [regex(x) for x in listed(item.get("Resource", item.get("NotResource")))]
    resources = f"(ite {_STAR} {union(literal('*'), entries)} {union('resource', entries)})"
    parts = [
        actions if "Action" in item else f"(not {actions})",
        resources if "Resource" in item else f"(not {resources})",
    ]
    for operator, keys in item.get("Condition", {}).items():
        parts += [condition(operator, key, value) for key, value in keys.items()]
    return f"(and {' '.join(parts)})"


def granted(policy: dict[str, Any]) -> str:
    """An Allow matches and no Deny."""
    sides = {
        effect: " ".join(statement(item) for item in policy["Statement"] if item["Effect"] == effect)
        for effect in ("Allow", "Deny")
    }
    return f"(and (or {sides['Allow']} false) (not (or {sides['Deny']} false)))"


def more_than(old: dict[str, Any], new: dict[str, Any], keys: tuple[str, ...], *, documented: bool = False) -> str:
    """A script that is satisfiable if and only if the new policy grants some request that the old one does not.

    ``documented``: for an action that takes no resource only ``*`` is compared; else it may also be the ARN.
    """
    lines = [
        "(set-logic ALL)",
        "(declare-const action String)",
        "(declare-const resource String)",
        "(declare-const star Bool)",
    ]
    for key in keys:
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
    lines += ["(assert star)"] if documented else []
    lines.append(f"(assert (and {granted(new)} (not {granted(old)})))")
    return "\n".join(lines)
