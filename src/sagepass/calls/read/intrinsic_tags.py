"""CloudFormation's short forms in YAML: ``!Ref X`` is ``{"Ref": "X"}``, ``!GetAtt A.B`` is ``{"Fn::GetAtt": ["A", "B"]}``.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

_WITHOUT_PREFIX = frozenset({"Ref", "Condition"})
_KNOWN = frozenset(
    {
        "And", "Base64", "Cidr", "Condition", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join",
        "Length", "Not", "Or", "Ref", "Select", "Split", "Sub", "ToJsonString", "Transform",
    }
)  # fmt: skip


def short_form(tag: str, value: object) -> object:
    """The long form of an element with a tag; an element with a tag of another kind is kept as it is."""
    if tag not in _KNOWN:
        return value
    if tag == "GetAtt" and isinstance(value, str):
        name, _, attribute = value.partition(".")
        return {"Fn::GetAtt": [name, attribute]}
    return {tag if tag in _WITHOUT_PREFIX else f"Fn::{tag}": value}
