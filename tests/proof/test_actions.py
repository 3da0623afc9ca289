"""The actions that AWS lists, as bits: names, patterns and classes, against one name at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sagepass.policy.glob import matches, read_pattern
from sagepass.proof.actions import action_mask, actions_in, every_action, first_action

EVERY = list(actions_in(every_action()))
NUMBERS = st.sets(st.integers(min_value=0, max_value=len(EVERY) - 1), min_size=1, max_size=40)


@given(NUMBERS)
def test_the_names_of_a_mask_are_those_of_its_bits(numbers: set[int]) -> None:
    """Names come in order, each once, and the first of them is the first action."""
    names = [EVERY[number] for number in sorted(numbers)]
    mask = action_mask(names)
    assert mask.bit_count() == len(names)
    assert list(actions_in(mask)) == names
    assert first_action(mask) == names[0]


def test_runs_of_bits_end_where_they_end() -> None:
    """Neighbours, gaps, the last bit and no bit at all."""
    first, last = action_mask([EVERY[0]]), action_mask([EVERY[-1]])
    assert list(actions_in(0)) == []
    assert list(actions_in(first | last)) == [EVERY[0], EVERY[-1]]
    assert list(actions_in(every_action() & ~last)) == EVERY[:-1]


def test_a_pattern_with_wildcards_in_the_service_is_held_against_every_name() -> None:
    """It matches what the engine matches, without regard to case."""
    for pattern in ("*:*List*Tags", "s?:Get*", "*maker:Create?odel", "*-*:*a*b*c*", "*:nothing-has-this-name"):
        wanted = [name for name in EVERY if matches(read_pattern(pattern.lower()), name.lower())]
        assert list(actions_in(action_mask([pattern]) & every_action())) == wanted
