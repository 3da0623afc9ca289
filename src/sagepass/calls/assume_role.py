"""``sts:AssumeRole`` and its relatives: one call, up to four actions on the same role.

Session tags add ``sts:TagSession``, a source identity adds ``sts:SetSourceIdentity``, provided contexts add
``sts:SetContext``; each must be allowed by the trust policy, or the whole call fails.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.calls.call import Call, Confidence, Needed, ResourceState, Unsettled, Values
from sagepass.calls.passed_roles import role_arn
from sagepass.calls.request_paths import Found, find_values
from sagepass.policy.arn import parse_arn

_NAMES = {
    name.lower(): name
    for name in ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot")
}  # fmt: skip
_MEMBERS = {
    "ExternalId": "sts:ExternalId",
    "RoleSessionName": "sts:RoleSessionName",
    "SourceIdentity": "sts:SourceIdentity",
    "TransitiveTagKeys[]": "sts:TransitiveTagKeys",
}
_OPTIONAL_KEYS = (
    "sts:ExternalId",
    "sts:SourceIdentity",
    "sts:TransitiveTagKeys",
    "aws:TagKeys",
    "aws:RequestTag/${TagKey}",
)
_TOKEN_KEYS: dict[str, tuple[tuple[str, ...], str]] = {
    "AssumeRoleWithSAML": (("saml:aud", "saml:iss", "saml:sub", "saml:sub_type"), "SAMLAssertion"),
    "AssumeRoleWithWebIdentity": (("PROVIDER:aud", "PROVIDER:sub"), "WebIdentityToken"),
}


def assume_role_operation(operation: str) -> str | None:
    """The API's name if an operation opens a role session (any case, dashes allowed), else ``None``."""
    return _NAMES.get(operation.replace("-", "").replace("_", "").lower())


def assume_role_needs(call: Call, *, possible: bool = False) -> tuple[Needed, ...]:
    """What a call of AssumeRole, AssumeRoleWithSAML, AssumeRoleWithWebIdentity or AssumeRoot needs.

    With ``possible``, what an identity provider's token may add (tags, source identity) is listed as well.
    """
    name = assume_role_operation(call.operation) or call.operation
    if name == "AssumeRoot":
        return (_assume_root(call),)
    first = _on_the_role(call, f"sts:{name}")
    needed = [replace(first, unsettled=_token_keys(name))]
    if find_values(call.params, "Tags[].Key"):
        needed.append(replace(first, action="sts:TagSession", because=("Tags",)))
    if call.params.get("SourceIdentity"):
        needed.append(replace(first, action="sts:SetSourceIdentity", because=("SourceIdentity",)))
    if call.params.get("ProvidedContexts"):
        needed.append(replace(first, action="sts:SetContext", because=("ProvidedContexts",)))
    if possible and name in _TOKEN_KEYS:
        note = "if the identity provider's token brings it"
        needed += [
            replace(first, action=action, confidence=Confidence.POSSIBLE, note=note)
            for action in ("sts:TagSession", "sts:SetSourceIdentity")
        ]
    return tuple(needed)


def _on_the_role(call: Call, action: str) -> Needed:
    """An action on the role that is to be assumed, with the keys that the request gives all actions of the call."""
    context, unsettled = _session_keys(call)
    named = {key.lower() for key in context} | {one.key.lower() for one in unsettled}
    absent = tuple(key for key in _OPTIONAL_KEYS if key.lower() not in named)
    found = find_values(call.params, "RoleArn")
    if not found:
        arn, problem = f"arn:{call.partition}:iam::*:role/*", "RoleArn is not in the request"
    else:
        # the role may be in any account: only PassRole is bound to the caller's own
        arn, problem = role_arn(replace(call, caller_account=None), found[0])
    return Needed(
        action=action,
        resource=arn,
        resource_state=ResourceState.SET if "*" in arn else ResourceState.EXACT,
        context=tuple(context.items()),
        absent=absent,
        unsettled=tuple(unsettled),
        because=found[0].route if found else (),
        note=problem,
    )


def _session_keys(call: Call) -> tuple[dict[str, Values], list[Unsettled]]:
    """The keys that members of the request give; those that are not known before the call are unsettled."""
    context: dict[str, Values] = {}
    unsettled: list[Unsettled] = []
    for path, key in _MEMBERS.items():
        found = find_values(call.params, path)
        if any(value.text is None for value in found):
            unsettled.append(Unsettled(key=key, choices=(), why=f"{path} is not known before the call"))
        elif found:
            context[key] = _texts(found)
    keys = find_values(call.params, "Tags[].Key")
    values = {found.route[:-1]: found.text for found in find_values(call.params, "Tags[].Value")}
    for tag in keys:
        value = values.get(tag.route[:-1], "")
        if value is None:
            why = "the value of the tag is not known before the call"
            unsettled.append(Unsettled(key=f"aws:RequestTag/{tag.text}", choices=(), why=why))
        elif tag.text is not None:
            context[f"aws:RequestTag/{tag.text}"] = (value,)
    if keys:
        context["aws:TagKeys"] = _texts(keys)
    return context, unsettled


def _texts(found: tuple[Found, ...]) -> Values:
    return tuple(value.text for value in found if value.text is not None)


def _token_keys(name: str) -> tuple[Unsettled, ...]:
    """The keys that come out of an identity provider's token are not in the request."""
    keys, member = _TOKEN_KEYS.get(name, ((), ""))
    why = f"it comes out of {member}, which the identity provider signs"
    return tuple(Unsettled(key=key, choices=(), why=why) for key in keys)


def _assume_root(call: Call) -> Needed:
    """The target is an account, given as its id or as the ARN of its root user."""
    found = find_values(call.params, "TargetPrincipal")
    target = found[0].text if found else None
    parsed = parse_arn(target) if target else None
    account = parsed.account if parsed else target or "*"
    task = _texts(find_values(call.params, "TaskPolicyArn.arn"))
    arn = f"arn:{call.partition}:iam::{account}:root"
    return Needed(
        action="sts:AssumeRoot",
        resource=arn,
        resource_state=ResourceState.SET if "*" in arn else ResourceState.EXACT,
        context=(("sts:TaskPolicyArn", task),) if task else (),
        because=found[0].route if found else (),
    )
