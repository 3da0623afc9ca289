"""Points in intervals and outside of others, against every interval one by one."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sagepass.proof.values import Domain, Span, find_point

BOUND = st.none() | st.integers(min_value=-3, max_value=3).map(Fraction) | st.just(Fraction(1, 2))
SPAN = st.builds(Span, BOUND, BOUND, st.booleans(), st.booleans())
SPANS = st.lists(SPAN, min_size=1, max_size=5)
POINTS = [Fraction(number, 4) for number in range(-20, 21)]


@given(st.lists(SPANS, max_size=2), st.lists(SPAN, max_size=5))
def test_a_point_is_found_if_there_is_one(required: list[list[Span]], excluded: list[Span]) -> None:
    """What is found lies in an interval of each group and in none of the excluded ones, whichever ends are open."""

    def fits(value: Fraction) -> bool:
        point = (0, value)
        inside = all(any(point in span for span in group) for group in required)
        return inside and not any(point in span for span in excluded)

    found = find_point(Domain.NUMBER, [frozenset(group) for group in required], excluded)
    assert (found is not None) is any(map(fits, POINTS))
    assert found is None or fits(Fraction(found))
