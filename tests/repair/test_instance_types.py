"""A condition on instance types stands in the way: another type, decided again, or the patterns to avoid."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from tests.repair.holds import assert_sound, proposed
from tests.repair.worlds import ADMIN, FULL, JOB, USER, allow, alone, deny, organized, policy

from sagepass.catalog.instance_types import INSTANCE_TYPES_KEY, instance_types, similar_instance_types
from sagepass.catalog.operations import operations
from sagepass.engine.request import Request
from sagepass.policy.kinds import Effect
from sagepass.repair.fix import Fix
from sagepass.snapshot.snapshot import Snapshot

CREATE = "sagemaker:CreateTrainingJob"


def guarded(*conditions: dict[str, object]) -> Snapshot:
    """A user who may do everything, in an organization that denies jobs under each of these conditions."""
    root: dict[str, object] = {"Full": FULL}
    root |= {f"Types{number}": policy(deny(CREATE, Condition=item)) for number, item in enumerate(conditions)}
    return organized(root=root, account={"Full2": FULL}).principal(USER, inline={"a": ADMIN}).build()


def asked(*types: str) -> Request:
    """A training job on these instance types."""
    return Request(principal=USER, action=CREATE, resource=JOB, context={INSTANCE_TYPES_KEY: list(types)})


def types_of(fix: Fix) -> list[str]:
    """The types of the request that a fix makes instead."""
    assert fix.result is not None
    found = fix.result.request.context[INSTANCE_TYPES_KEY]
    assert isinstance(found, list)
    return found


def any_like(*patterns: str, negated: bool = False) -> dict[str, object]:
    """The condition that any of the types is like one of these."""
    return {f"ForAnyValue:String{'Not' if negated else ''}Like": {INSTANCE_TYPES_KEY: list(patterns)}}


@pytest.mark.parametrize("patterns", [("ml.p*",), ("ml.p3*", "ml.p4*", "ml.p5*"), ("ml.*.24xlarge",), ("*.p4d.*",)])
def test_patterns_that_are_denied_give_way_to_a_similar_type(patterns: tuple[str, ...]) -> None:
    """A type that AWS takes for the operation, outside every pattern, and allowed when it is decided again."""
    snapshot = guarded(any_like(*patterns))
    fixes = proposed(asked("ml.p4d.24xlarge"), snapshot)
    assert_sound(fixes, snapshot)
    assert not fixes[0].edits
    (chosen,) = types_of(fixes[0])
    assert not any(fnmatchcase(chosen, pattern) for pattern in patterns)
    assert any(chosen in names for names in instance_types("CreateTrainingJob"))
    assert fixes[0].result is not None
    assert fixes[0].result.effect is Effect.ALLOW
    assert f"{INSTANCE_TYPES_KEY} = {chosen}" in fixes[0].title


def test_the_family_counts_before_the_size() -> None:
    """Where the size is denied, another size of the family; where the family is, another for the same work in that size."""
    (size,) = types_of(proposed(asked("ml.g5.48xlarge"), guarded(any_like("*.48xlarge")))[0])
    assert size == "ml.g5.24xlarge"
    (family,) = types_of(proposed(asked("ml.g5.16xlarge"), guarded(any_like("ml.g*")))[0])
    assert family.startswith("ml.p")
    assert family.endswith(".16xlarge")


def test_patterns_that_alone_are_allowed_are_filled_in() -> None:
    """A Deny of everything unlike some patterns names no type; one of AWS's that is like them does."""
    fixes = proposed(asked("ml.p4d.24xlarge"), guarded(any_like("ml.m5.*", "ml.t3.*", negated=True)))
    (chosen,) = types_of(fixes[0])
    assert chosen == "ml.m5.24xlarge"


def test_what_other_policies_deny_is_not_offered() -> None:
    """Two Denies on instance types: the type that is offered passes by both of them."""
    snapshot = guarded(any_like("ml.p*"), any_like("ml.g*"))
    fixes = proposed(asked("ml.p4d.24xlarge"), snapshot)
    assert_sound(fixes, snapshot)
    (chosen,) = types_of(fixes[0])
    assert chosen.split(".")[1][0] not in "pg"


def test_only_the_types_that_do_not_pass_are_replaced() -> None:
    """Of several types in a request those that may stay do."""
    fixes = proposed(asked("ml.m5.large", "ml.p4d.24xlarge"), guarded(any_like("ml.p*")))
    kept, other = types_of(fixes[0])
    assert kept == "ml.m5.large"
    assert not other.startswith("ml.p")


def test_a_condition_of_an_allow_is_met_by_a_similar_type() -> None:
    """The same for an Allow that is limited to patterns."""
    limited = allow(CREATE, Condition={"ForAllValues:StringLike": {INSTANCE_TYPES_KEY: ["ml.c5.*"]}})
    snapshot = alone().principal(USER, inline={"p": policy(limited)}).build()
    fixes = proposed(asked("ml.m5.2xlarge"), snapshot)
    assert_sound(fixes, snapshot)
    assert types_of(fixes[0]) == ["ml.c5.2xlarge"]


def test_a_type_is_never_left_out() -> None:
    """A job takes an instance type: where one type is denied, "none" is no way out."""
    condition: dict[str, object] = {"ForAnyValue:StringEquals": {INSTANCE_TYPES_KEY: ["ml.p4d.24xlarge"]}}
    fixes = proposed(asked("ml.p4d.24xlarge"), guarded(condition))
    assert types_of(fixes[0])
    assert not any(f"no {INSTANCE_TYPES_KEY}" in fix.title for fix in fixes)


def test_where_no_type_passes_the_patterns_are_named() -> None:
    """Every type is denied: what to avoid is said, and no type is made up."""
    fixes = proposed(asked("ml.p4d.24xlarge"), guarded(any_like("ml.*", "x*")))
    advice = [fix for fix in fixes if "does not match ml.* or x*" in fix.title]
    assert len(advice) == 1
    assert advice[0].result is None


def test_a_condition_that_asks_for_presence_compares_no_types() -> None:
    """``Null`` on the key is answered as for every key."""
    fixes = proposed(asked("ml.p4d.24xlarge"), guarded({"Null": {INSTANCE_TYPES_KEY: "false"}}))
    assert fixes


def test_the_table_knows_every_operation_with_the_key() -> None:
    """Each operation whose request members the key looks at has types, all of them names of types."""
    asking = {
        operation.name for operation in operations() if any(key == INSTANCE_TYPES_KEY for key, _ in operation.key_paths)
    }
    assert "CreateTrainingJob" in asking
    for name in asking:
        lists = instance_types(name)
        assert lists, name
        assert all(item.startswith("ml.") for types in lists for item in types)
        first = lists[0][0]
        near = similar_instance_types(name, first)
        assert first not in near
        assert len(set(near)) == len(near)
    assert similar_instance_types("ListModels", "ml.m5.large") == ()
