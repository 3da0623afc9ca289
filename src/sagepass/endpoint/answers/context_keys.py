"""``iam`` GetContextKeysForCustomPolicy and GetContextKeysForPrincipalPolicy: the keys that policies refer to.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html and
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForPrincipalPolicy.html. Keys of conditions and of
policy variables count; those of service control policies do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sagepass.endpoint.answers.members import Members
from sagepass.endpoint.answers.policy_input import read_policy
from sagepass.endpoint.answers.simulated_principal import source_of
from sagepass.endpoint.answers.world import World
from sagepass.policy.document import Policy
from sagepass.policy.statement import Statement
from sagepass.policy.variables import variable_keys

_CODE = "InvalidInput"


def get_context_keys_for_custom_policy(params: Mapping[str, object], _: World) -> Mapping[str, object]:
    """Answer GetContextKeysForCustomPolicy."""
    members = Members(params, _CODE)
    given = members.texts("PolicyInputList")
    if not given:
        raise members.refuse("PolicyInputList is missing or empty")
    return {"ContextKeyNames": list(_names(input_policies(given)))}


def get_context_keys_for_principal_policy(params: Mapping[str, object], world: World) -> Mapping[str, object]:
    """Answer GetContextKeysForPrincipalPolicy."""
    members = Members(params, _CODE)
    source = source_of(members.required("PolicySourceArn"), world)
    further = input_policies(members.texts("PolicyInputList"))
    return {"ContextKeyNames": list(_names((*source.identity, *further)))}


def input_policies(documents: Iterable[str]) -> tuple[Policy, ...]:
    """The policies of a ``PolicyInputList``, under the names that answers give them.

    Raises:
        ApiError: one of them is no policy document.
    """
    return tuple(
        read_policy(text, f"PolicyInputList.{number}", "identity", _CODE) for number, text in enumerate(documents, 1)
    )


def keys_of_statement(statement: Statement, *, variables: bool) -> Iterator[str]:
    """The condition keys that the conditions and variables of a statement name, as it spells them."""
    for condition in statement.conditions:
        yield condition.key
    if not variables:
        return
    for condition in statement.conditions:
        for element in condition.values:
            yield from variable_keys(element.value)
    for element in statement.resources or ():
        yield from variable_keys(element.value)


def _names(policies: Iterable[Policy]) -> tuple[str, ...]:
    """Each key once, without regard to case, in the order of the documents."""
    names: dict[str, str] = {}
    for policy in policies:
        for statement in policy.document.statements:
            for key in keys_of_statement(statement, variables=policy.document.variables_enabled):
                names.setdefault(key.lower(), key)
    return tuple(names.values())


ANSWERS = {
    "GetContextKeysForCustomPolicy": get_context_keys_for_custom_policy,
    "GetContextKeysForPrincipalPolicy": get_context_keys_for_principal_policy,
}
