"""Requests of any shape: an answer for each, never an exception and never nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sagepass.calls.call import Call
from sagepass.calls.operation import authorizations_of
from sagepass.calls.services.registry import clients, find_table

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.binary(max_size=4)
WORDS = st.sampled_from(
    [
        "arn:aws:iam::111122223333:role/x",
        "arn:aws:s3:eu-west-1:1:accesspoint/a",
        "alias/x",
        "a*b",
        "${x}",
        "{0}",
        "r-ab",
        "%2F",
    ]
)
VALUES = st.recursive(
    SCALARS | WORDS | st.just({"Ref": "X"}),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just("Key"), inner, max_size=3)
    ),
    max_leaves=8,
)


def members() -> list[str]:
    """Every member that a table reads, and some more."""
    found = {
        "Tags",
        "tags",
        "Delete",
        "CopySource",
        "Bucket",
        "Key",
        "Prefix",
        "KeyId",
        "AliasName",
        "Constraints",
        "RoleName",
    }
    for client in clients():
        table = find_table(client)
        assert table is not None
        for rule in table.resources.values():
            if not callable(rule):
                found |= {path.split(".")[0].removesuffix("[]") for paths in rule.values() for path in paths.split("|")}
        found |= {path.split(".")[0].removesuffix("[]") for paths in table.keys.values() for path in paths}
    return sorted(found)


def operations() -> list[tuple[str, str]]:
    """Every operation that has a row, and one that does not exist."""
    found = [(client, "NothingOfTheSort") for client in clients()]
    for client in clients():
        table = find_table(client)
        assert table is not None
        found += [(client, name) for name in {**table.instead, **table.beside}]
    return sorted(found)


@settings(max_examples=400, deadline=None)
@given(
    operation=st.sampled_from(operations()),
    params=st.dictionaries(st.sampled_from(members()), VALUES, max_size=6),
    account=st.sampled_from([None, "111122223333"]),
)
def test_any_request_has_at_least_one_check(
    operation: tuple[str, str], params: dict[str, object], account: str | None
) -> None:
    """Each with an action, a resource, and no key that is both there and absent."""
    client, name = operation
    needed = authorizations_of(
        Call(service=client, operation=name, params=params, caller_account=account), possible=True
    )
    assert needed
    for one in needed:
        assert ":" in one.action
        assert one.resource
        assert not {key for key, _ in one.context} & set(one.absent)
