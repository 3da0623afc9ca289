"""A statement denies the request: carve the narrowest exception out of it, never delete the guardrail.

A negated condition on the caller (``ArnNotEquals`` on ``aws:PrincipalArn``) makes the statement pass the caller by; a second
statement keeps denying the caller everything but the one resource.
Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sagepass.catalog.actions import takes_no_resource
from sagepass.engine.decision import StatementRef
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import CheckType, PolicyType
from sagepass.policy.statement import Statement
from sagepass.repair.fix import Edit
from sagepass.repair.option import Grant, Option, Situation
from sagepass.repair.place import edit_of, not_editable
from sagepass.repair.policy_text import document_value, edited, statement_at, with_condition, with_statement
from sagepass.repair.statement_for import action_name, caller_condition
from sagepass.snapshot.changes import PolicyChange
from sagepass.source.edit import EditError, ReplaceValue

_NEGATED = {"ArnEquals": "ArnNotEquals", "StringEquals": "StringNotEquals"}
_QUARANTINE = "AWSCompromisedKeyQuarantine"


def explicit_deny_options(situation: Situation) -> tuple[Option, ...]:
    """Options for the first denying statement; further ones are met when the request is decided again."""
    if not situation.check.matched:
        return ()
    denying = situation.check.matched[0]
    why = not_editable(denying.policy)
    if why is not None:
        return _without_editing(situation, denying, why)
    document = document_value(denying.policy)
    raw = statement_at(document, denying.statement.index) if document else None
    if document is None or raw is None:
        return ()
    found = (_exact_exception(situation, denying, document, raw), _exception(situation, denying, document, raw))
    return tuple(option for option in found if option is not None)


def _spared(situation: Situation, raw: Mapping[str, object]) -> tuple[dict[str, object], tuple[str, str, str]] | None:
    """The statement with the caller excepted, and the condition that singles the caller out.

    An exception that stands there already under another spelling of the operator gets one more value: two negated
    conditions on one key would both have to hold.
    """
    single = caller_condition(situation)
    if single is None:
        return None
    operator, key, value = single
    changed = with_condition(raw, _existing_operator(raw, key) or _NEGATED[operator], key, value)
    return (changed[0], single) if changed else None


def _existing_operator(raw: Mapping[str, object], key: str) -> str | None:
    block = raw.get("Condition")
    for name, keys in block.items() if isinstance(block, dict) else ():
        negated = name.lower() in {"arnnotequals", "arnnotlike", "stringnotequals", "stringnotlike"}
        if negated and isinstance(keys, dict) and any(item.lower() == key.lower() for item in keys):
            return str(name)
    return None


def _exact_exception(
    situation: Situation, denying: StatementRef, document: Mapping[str, object], raw: Mapping[str, object]
) -> Option | None:
    """Spare the caller for this action and resource only, with a second statement that still denies the rest."""
    spared = _spared(situation, raw)
    remainder = _remainder(situation, denying.statement, raw)
    if spared is None or remainder is None:
        return None
    changed, (operator, key, value) = spared
    kept = with_condition(remainder, operator, key, value)
    after = _replaced(denying.statement, document, changed)
    if kept is None or after is None:
        return None
    rest = _renamed(kept[0])
    try:
        whole = with_statement(after, rest)
    except EditError:
        return None
    edit = edit_of(situation, denying.policy, before=document, after=whole, statement=[changed, rest])
    scope = situation.resource if "NotResource" in remainder else action_name(situation.action)
    return _option(situation, denying, edit, f"for {scope} only", breadth=1)


def _remainder(situation: Situation, statement: Statement, raw: Mapping[str, object]) -> dict[str, object] | None:
    """The statement without this request; ``None`` where one element cannot say that, or nothing would be left."""
    resources = {element.value for element in statement.resources or ()}
    holder = situation.snapshot.resource_holder(situation.resource)
    everything = resources == {"*"} or (
        situation.check.type is CheckType.RESOURCE and resources == {holder, f"{holder}/*"}
    )
    names_one = situation.resource not in {"", "*"} and not takes_no_resource(situation.action)
    if everything and not statement.not_resource and names_one:
        rest = {name: value for name, value in raw.items() if name != "Resource"}
        return {**rest, "NotResource": situation.resource}
    actions = [element.value for element in statement.actions]
    others = [action for action in actions if action.lower() != situation.action.lower()]
    literal = not statement.not_action and not any("*" in action or "?" in action for action in actions)
    if literal and others and len(others) < len(actions):
        return {**raw, "Action": others}
    return None


def _renamed(statement: dict[str, object]) -> dict[str, object]:
    """A statement id is unique in its policy."""
    sid = statement.get("Sid")
    return {**statement, "Sid": f"{sid}Rest"} if isinstance(sid, str) and sid else statement


def _exception(
    situation: Situation, denying: StatementRef, document: Mapping[str, object], raw: Mapping[str, object]
) -> Option | None:
    """Spare the caller from the whole statement."""
    spared = _spared(situation, raw)
    after = _replaced(denying.statement, document, spared[0]) if spared else None
    if spared is None or not isinstance(after, dict):
        return None
    edit = edit_of(situation, denying.policy, before=document, after=after, statement=spared[0])
    return _option(situation, denying, edit, "", breadth=20)


def _replaced(
    statement: Statement, document: Mapping[str, object], changed: dict[str, object]
) -> dict[str, object] | None:
    after = edited(document, [ReplaceValue(statement.route, changed)])
    return after if isinstance(after, dict) else None


def _option(situation: Situation, denying: StatementRef, edit: Edit, scope: str, *, breadth: int) -> Option:
    statement = denying.statement
    actions: Sequence[str] = [element.value for element in statement.actions]
    action = f"everything but {', '.join(actions)}" if statement.not_action else ", ".join(actions)
    if scope.startswith("for ") and situation.resource not in scope:
        action = action_name(situation.action)
    resource = situation.resource if scope else ", ".join(e.value for e in statement.resources or ()) or "*"
    who = situation.principal_arn or situation.request.principal
    sid = f" {statement.sid}" if statement.sid else ""
    note = f"the deny{sid} in {denying.policy.name} no longer stops {situation.who} from {action} on {resource}"
    return Option(
        title=f"exempt {situation.who} from the deny{sid} in {denying.policy.name} {scope}".rstrip(),
        edits=(edit,),
        breadth=breadth,
        grants=(
            Grant(
                principal=who,
                action=action,
                resource=resource,
                sentence=f"{note}, where another policy allows it",
            ),
        ),
        warnings=("a deny is often deliberate: ask its owner whether this exception is wanted",),
    )


def _without_editing(situation: Situation, denying: StatementRef, why: str) -> tuple[Option, ...]:
    """A policy that nobody can edit can only be taken off."""
    policy = denying.policy
    attached = policy.form is PolicyForm.AWS_MANAGED and policy.type is PolicyType.IDENTITY_BASED_POLICY
    if not attached or not policy.holder:
        return (Option(title=f"ask the owner of {policy.name}", steps=(why,), breadth=200),)
    document = document_value(policy)
    quarantined = (
        (f"AWS attaches {policy.name} when it finds the access key in public: rotate the key before detaching it",)
        if policy.name.startswith(_QUARANTINE)
        else ()
    )
    change = PolicyChange(
        holder=policy.holder, type=policy.type, name=policy.name, form=policy.form, document=None, arn=policy.arn
    )
    template = edit_of(situation, policy, before=document or {}, after=None, statement=None)
    edit = Edit(
        change=change,
        policy_type=policy.type,
        check=situation.check.type,
        where=f"attachment of {policy.name}",
        owner=template.owner,
        account=template.account,
        before=document,
        after=None,
    )
    return (
        Option(
            title=f"detach {policy.name} from {policy.holder}",
            edits=(edit,),
            breadth=200,
            grants=(
                Grant(
                    principal=policy.holder,
                    action="all that the policy denies",
                    resource="*",
                    sentence=f"nothing that {policy.name} denies is denied by it any longer",
                ),
            ),
            warnings=(why, *quarantined),
        ),
    )
