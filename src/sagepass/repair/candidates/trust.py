"""The trust policy of a role does not let the caller in, or only under conditions: the candidates that keep its guards.

A trust policy's conditions are what keeps strangers out: an external id against a confused deputy, a subject against other
workloads of the same provider. So a request that misses one is to be changed before the policy is, and a statement that is
added carries the conditions that the policy puts to others of the same account.
Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sagepass.engine.decision import Difference, StatementRef
from sagepass.engine.request import Request
from sagepass.policy.arn import is_account_id, parse_arn
from sagepass.policy.caller import CallerKind
from sagepass.policy.conditions.operator import BaseOperator, Quantifier
from sagepass.policy.document import Policy
from sagepass.policy.match_action import action_matches
from sagepass.policy.match_statement import Part
from sagepass.policy.statement import Condition, PrincipalForm, Statement, StatementEffect
from sagepass.repair.candidates.named_principal import for_caller, sso_pattern
from sagepass.repair.option import Grant, Option, Situation
from sagepass.repair.place import edit_of, not_editable, place_phrase
from sagepass.repair.policy_text import document_value, with_statement
from sagepass.repair.statement_for import action_name, conditions_text, exact_grant
from sagepass.source.edit import EditError

_ABOUT_THE_CALLER = ("aws:principal", "aws:userid", "aws:username")
"""Keys that say who the caller is: naming it takes their place, and their values are about others."""
_CHOSEN: Mapping[str, tuple[str, str]] = {
    "sts:externalid": ("pass the external id", "--external-id"),
    "sts:rolesessionname": ("name the session as the trust policy asks", "--role-session-name"),
    "sts:sourceidentity": ("set the source identity", "--source-identity"),
}
"""Keys that the caller of AssumeRole sets with a parameter of the call."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A value that an Allow asks for in the request: the condition's key and the values of which one will do."""

    key: str
    values: tuple[str, ...]


def trust_options(situation: Situation) -> tuple[Option, ...]:
    """Options for the trust policy of a role beside those that extend the nearest statement."""
    changed = tuple(_change_of_request(situation))
    if situation.caller.kind is CallerKind.FEDERATED and not situation.check.blocks:
        return tuple(_compare_token(situation))
    if (changed and not situation.check.blocks) or _is_named_already(situation):
        return changed
    statement = _added(situation, changed[0] if changed else None)
    return (*changed, *((statement,) if statement else ()))


def _is_named_already(situation: Situation) -> bool:
    """Whether a statement lets the caller in but for one value that the caller passes, or that its token holds.

    Then no further statement is needed: the request is changed, or the value is added to that statement.
    """
    return any(
        miss.part is Part.CONDITION
        and miss.others == 0
        and ((miss.key or "").lower() in _CHOSEN or (miss.key or "").lower().endswith((":sub", ":aud", ":amr")))
        for miss in situation.check.nearest
    )


def meeting_its_conditions(situation: Situation, option: Option) -> Option:
    """The option together with a request that passes what the repaired statement asks for."""
    conditions = tuple(
        condition
        for miss in situation.check.nearest
        if miss.difference is Difference.DELETED_PRINCIPAL
        for condition in miss.statement.statement.conditions
    )
    request, steps = _keeping(situation, conditions)
    return replace(option, request=request, steps=steps) if request is not None else option


def _change_of_request(situation: Situation) -> Iterator[Option]:
    """Pass what an open Allow asks for and the caller chooses: the narrowest way, since no policy changes."""
    for item in situation.check.undecided:
        if item.statement is None or item.statement.statement.effect is not StatementEffect.ALLOW:
            continue
        demands = _demands(item.statement, item.keys)
        if demands is None:
            continue
        words = " and ".join(f"{_CHOSEN[d.key.lower()][0]}: {d.key} = {' or '.join(d.values)}" for d in demands)
        flags = " ".join(f"{_CHOSEN[d.key.lower()][1]} {d.values[0]}" for d in demands)
        name = "" if any(d.key.lower() == "sts:rolesessionname" for d in demands) else "--role-session-name NAME "
        yield Option(
            title=f"change the request instead: {words}",
            request=replace(
                situation.request,
                context={**situation.request.context, **{demand.key: demand.values[0] for demand in demands}},
            ),
            steps=(f"aws sts assume-role --role-arn {situation.resource} {name}{flags}",),
        )


def _compare_token(situation: Situation) -> Iterator[Option]:
    """The claims of a token are signed by its provider and stand in no error: somebody has to look.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    """
    asked = [
        f"{condition.key} has to satisfy {condition.operator} {' or '.join(e.value for e in condition.values)}"
        for item in situation.check.undecided
        if item.statement is not None
        for condition in item.statement.statement.conditions
    ]
    saml = situation.action.lower().endswith("saml")
    look = (
        "the assertion is the base64 text SAMLResponse of the sign-in form: look at its Audience, Recipient and NameID"
        if saml
        else "the claims are the middle part of the token: cut -d. -f2 TOKEN-FILE | base64 -d"
    )
    yield Option(
        title=f"compare the {'assertion' if saml else 'token'} with what the trust policy of {situation.resource} asks for",
        steps=(
            *dict.fromkeys(asked),
            look,
            "or find the CloudTrail event of the call, which records the subject, and give that to sagepass why",
        ),
    )


def _demands(ref: StatementRef, keys: tuple[str, ...]) -> list[Demand] | None:
    """What a statement asks for in the open keys; ``None`` if the caller does not choose all of them."""
    found: list[Demand] = []
    for key in keys:
        conditions = [item for item in ref.statement.conditions if item.key.lower() == key.lower()]
        values = _literal_values(conditions[0]) if len(conditions) == 1 else ()
        if key.lower() not in _CHOSEN or not values:
            return None
        found.append(Demand(key, values))
    return found or None


def _literal_values(condition: Condition) -> tuple[str, ...]:
    operator = condition.operator
    plain = operator.quantifier is Quantifier.NONE and operator.base in {
        BaseOperator.STRING_EQUALS,
        BaseOperator.STRING_EQUALS_IGNORE_CASE,
        BaseOperator.STRING_LIKE,
    }
    return tuple(e.value for e in condition.values if not set(e.value) & set("*?$")) if plain else ()


def _added(situation: Situation, passing: Option | None) -> Option | None:
    """A statement of its own for the caller, under the conditions that the policy puts to others like it."""
    layer = situation.snapshot.resource_policy(situation.resource)
    policy = next(iter(layer.policies), None)
    document = None if policy is None or not_editable(policy) else document_value(policy)
    if policy is None or document is None or layer.missing:
        return None
    conditions = _conditions_for_others(policy, situation)
    guards = tuple(item for item in conditions if not item.key.lower().startswith(_ABOUT_THE_CALLER))
    statement = _under(for_caller(situation), guards)
    try:
        after = with_statement(document, statement)
    except EditError:
        return None
    edit = edit_of(situation, policy, before=document, after=after, statement=statement)
    request, steps = _keeping(situation, guards)
    return Option(
        title=f"let {place_phrase(edit.where)} allow {action_name(situation.action)} for {situation.who}"
        + (", under the conditions that it has for others" if guards else ""),
        edits=(edit,),
        request=request or (passing.request if passing else None),
        steps=steps,
        grants=(_grant(situation, statement),),
        warnings=tuple(
            f"the policy asks others of account {situation.caller.account} for {item.key}; the new statement names the caller "
            "instead and does not"
            for item in conditions
            if item not in guards
        ),
        breadth=1 if _is_sso(situation) else 0,
    )


def _is_sso(situation: Situation) -> bool:
    return situation.caller.sso_permission_set is not None


def _conditions_for_others(policy: Policy, situation: Situation) -> tuple[Condition, ...]:
    """The conditions under which the policy lets others of the caller's account (or provider) do the same."""
    for statement in policy.document.statements:
        if statement.effect is not StatementEffect.ALLOW or statement.defects or not _same_sort(statement, situation):
            continue
        if any(action_matches(element.value, situation.action) for element in statement.actions):
            return statement.conditions
    return ()


def _same_sort(statement: Statement, situation: Situation) -> bool:
    for entry in statement.principals or ():
        parts = parse_arn(entry.value)
        account = entry.value if is_account_id(entry.value) else parts.account if parts else None
        federated = situation.caller.kind is CallerKind.FEDERATED
        if entry.form is PrincipalForm.FEDERATED and federated and entry.value == situation.caller.arn:
            return True
        if entry.form is PrincipalForm.AWS and situation.cross_account and account == situation.caller.account:
            return True
    return False


def _under(statement: dict[str, object], guards: tuple[Condition, ...]) -> dict[str, object]:
    """The statement with further conditions; one that it has already stays."""
    own = statement.get("Condition")
    block: dict[str, dict[str, object]] = {
        operator: dict(tests) for operator, tests in (own if isinstance(own, dict) else {}).items()
    }
    named = {key.lower() for tests in block.values() for key in tests}
    for condition in guards:
        if condition.key.lower() in named:
            continue
        values = [element.value for element in condition.values]
        tests = block.setdefault(str(condition.operator), {})
        tests[condition.key] = values[0] if len(values) == 1 else values
    return {**statement, "Condition": block} if block else statement


def _keeping(situation: Situation, guards: tuple[Condition, ...]) -> tuple[Request | None, tuple[str, ...]]:
    """The request that meets the guards the caller can meet by a parameter, and how to make it."""
    given = {key.lower() for key, value in situation.request.context.items() if value is not None}
    wanted = [
        Demand(condition.key, values)
        for condition in guards
        if condition.key.lower() in _CHOSEN
        and condition.key.lower() not in given
        and (values := _literal_values(condition))
    ]
    if not wanted:
        return None, ()
    flags = " ".join(f"{_CHOSEN[demand.key.lower()][1]} {demand.values[0]}" for demand in wanted)
    context = {key: value for key, value in situation.request.context.items() if value is not None}
    request = replace(situation.request, context={**context, **{d.key: d.values[0] for d in wanted}})
    return request, (f"and call it with {flags}, which the trust policy asks of that account",)


def _grant(situation: Situation, statement: dict[str, object]) -> Grant:
    grant = exact_grant(situation, statement, situation.principal_arn or situation.caller.arn)
    pattern = sso_pattern(situation)
    under = conditions_text(statement)
    if pattern is not None:
        name = situation.caller.sso_permission_set
        told = (
            f"every session of the permission set {name} in account {situation.caller.account} may "
            f"{action_name(situation.action)} on {situation.resource}, as far as its own policies allow it"
        )
        return replace(grant, principal=pattern, sentence=told)
    return replace(grant, sentence=f"{grant.sentence}, under {under}") if under else grant
