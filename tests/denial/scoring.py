"""How well what was read agrees with a label."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagepass.denial import Denial

FIELDS = (
    "kind", "principal", "principal_type", "account", "action", "action_inferred", "resource", "policy_type", "effect",
    "operation", "service",
)  # fmt: skip


@dataclass
class Score:
    """Counts over many records; a label of ``None`` says that the text does not tell."""

    told: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    filled: int = 0
    records: int = 0
    whole: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def right_share(self) -> float:
        """Share of the labelled fields that were read right."""
        return sum(self.right.values()) / sum(self.told.values())

    @property
    def worst_field(self) -> float:
        """The lowest such share of any one field."""
        return min(self.right[name] / count for name, count in self.told.items())

    @property
    def filled_share(self) -> float:
        """Share of the fields on which the text is silent that were filled nevertheless."""
        return self.filled / max(1, self.silent)

    @property
    def whole_share(self) -> float:
        """Share of the records that are right in every field."""
        return self.whole / self.records


def is_right(name: str, expected: str | None, actual: str | None, tags: Iterable[str]) -> bool:
    """Whether a field agrees with its label; actions ignore case, loose pieces may be left out."""
    if expected == actual:
        return True
    if name in {"action", "action_inferred"} and expected and actual:
        return expected.lower() == actual.lower()
    if "loose-principal" in tags and name in {"principal", "principal_type", "account"}:
        return actual is None
    if "loose-resource" in tags and name == "resource":
        return actual is None
    return False


def add(score: Score, record: dict[str, Any], denials: list[Denial]) -> None:
    """Count one record; the first denial is the one that the label is about."""
    denial = denials[0] if denials else None
    clean = True
    for name in FIELDS:
        expected = record["expected"].get(name)
        actual = getattr(denial, name) if denial else None
        right = is_right(name, expected, actual, record["tags"])
        if expected is None:
            score.silent += 1
            score.filled += not right
        else:
            score.told[name] += 1
            score.right[name] += right
        if not right:
            clean = False
            score.faults.append(f"{record['id']} {name}: expected {expected!r}, read {actual!r}")
    score.records += 1
    score.whole += clean
