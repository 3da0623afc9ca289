"""Where a key of the context is certainly absent: for this kind of caller, or for this action by AWS's own tables.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from functools import lru_cache

from sagepass.catalog.condition_keys import condition_key, keys_of_action, template_matches
from sagepass.catalog.global_keys import Presence
from sagepass.policy.caller import Caller, CallerKind


def absent_for_caller(presence: Presence, key: str, caller: Caller) -> str | None:
    """The reason why a global key is absent for this kind of caller; ``None`` if it may be there."""
    if presence is Presence.SERVICE and caller.kind is not CallerKind.SERVICE:
        return "a direct call is assumed; only services acting for someone send it"
    if key == "aws:username" and caller.kind is not CallerKind.USER:
        return "only IAM users have a user name"
    if presence is Presence.SESSION and caller.kind is CallerKind.SERVICE:
        return "a service principal has no session"
    return None


_REPLACED = frozenset(
    {
        "sagemaker:domainsharingoutputkmskey", "sagemaker:featuregroupofflinestorekmskey",
        "sagemaker:featuregrouponlinestorekmskey", "sagemaker:homeefsfilesystemkmskey", "sagemaker:outputkmskey",
        "sagemaker:volumekmskey",
    }
)  # fmt: skip
"""Keys that AWS replaced and lists for no action any more; its examples still use them, and whether it still fills them is
not documented (https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html)."""


@lru_cache(maxsize=32768)
def absent_for_action(key: str, action: str) -> str | None:
    """The reason why a key is absent for this action by AWS's own tables; ``None`` if it may be there.

    The claims of a token are keys of whatever provider issued it, which no table lists
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
    """
    if action.lower().startswith("sts:assumerolewith"):
        return None
    known = keys_of_action(action)
    if known is None or key in known or any(template_matches(name, key) for name in known if "${" in name):
        return None
    if condition_key(key) is None or key in _REPLACED:
        return None
    if key.partition(":")[0] in {"aws", "sts", "saml", "kms"}:
        return None
    return f"AWS's tables do not list it for {action}"
