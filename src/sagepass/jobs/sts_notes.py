"""What AWS's rules on roles add to a denial of AssumeRole and its relatives.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sagepass.engine.decision import Check, Decision, Difference, NearMiss, Residual
from sagepass.policy.arn import is_role_arn
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.match_principal import Naming, name_caller
from sagepass.policy.match_statement import Part
from sagepass.policy.statement import PrincipalEntry, StatementEffect

_ASSUME = "sts:assumerole"
_MFA = "aws:multifactorauth"


def is_about_a_role(decision: Decision) -> bool:
    """Whether the request opens a session of a role, or sets something on it."""
    return is_role_arn(decision.request.resource) and decision.request.action.lower().startswith("sts:")


def caller_notes(decision: Decision) -> Iterator[str]:
    """Sentences on the caller's session, if it is one."""
    if not is_about_a_role(decision):
        return
    action = decision.request.action.lower()
    caller = parse_caller(decision.request.principal)
    if caller.kind is CallerKind.ROLE_SESSION and action == _ASSUME:
        yield (
            "this is role chaining (a role's session opens another): the new session lasts one hour at most, whatever "
            "MaxSessionDuration says; asking for more fails with a ValidationError, not with a denial"
        )
    if action == "sts:tagsession":
        yield (
            "the call passes session tags: its own (Tags), those of an identity provider, or tags that an earlier session set "
            "as transitive; only its own can be left out, and otherwise the trust policy has to allow sts:TagSession beside the "
            "action that opens the session"
        )
    if action == "sts:setsourceidentity":
        yield (
            "the call sets a source identity, or the caller's session carries one, which stays through every further role: "
            "the trust policy of each role and the policies of each caller have to allow sts:SetSourceIdentity"
        )


def delegation_note(decision: Decision, check: Check) -> str | None:
    """Why a trusted account is not enough: naming the account leaves the decision to its administrators."""
    if check.type is not CheckType.PRINCIPAL or check.effect is not Effect.IMPLICIT_DENY:
        return None
    if not is_about_a_role(decision):
        return None
    caller = parse_caller(decision.request.principal)
    if caller.kind is CallerKind.ROOT:
        return "a trust policy that names root means the account, whose administrators may let users and roles assume the role"
    for other in decision.checks:
        for ref in other.matched if other.type is CheckType.RESOURCE else ():
            entries: tuple[PrincipalEntry, ...] = ref.statement.principals or ()
            if any(name_caller(entry, caller) is Naming.ACCOUNT for entry in entries):
                return (
                    f"the trust policy names account {caller.account} as a whole (root): that lets the account's "
                    "administrators decide, so the caller's own policies have to allow the action too"
                )
    return None


def principal_note(near: NearMiss, decision: Decision) -> str | None:
    """What is wrong with a principal that was meant to be the caller.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    """
    if near.part is not Part.PRINCIPAL or len(near.expected) != 1:
        return None
    if near.difference is Difference.DELETED_PRINCIPAL:
        return "whose id that was cannot be told any more; if it was not the caller's, add the caller instead"
    try:
        meant = parse_caller(near.expected[0])
    except ValueError:
        return None
    caller = parse_caller(decision.request.principal)
    if not meant.is_role or not caller.is_role or meant.account != caller.account:
        return None
    if meant.kind is CallerKind.ROLE_SESSION and meant.name == caller.name:
        return (
            f"it names the one session {meant.session_name} of the role; the caller's session is {caller.session_name}: "
            "name the role itself to mean all its sessions"
        )
    if meant.sso_permission_set is not None and meant.sso_permission_set == caller.sso_permission_set:
        return (
            f"both are roles of the permission set {meant.sso_permission_set}: IAM Identity Center makes the role anew, with "
            "another hash, when the permission set is taken away and assigned again; a pattern in ArnLike on "
            "aws:PrincipalArn outlives that"
        )
    return None


def not_satisfied(decision: Decision) -> tuple[Residual, ...]:
    """The conditions of which one must have failed: all that is open about a denied request to a role, if nothing is missing."""
    if decision.effect is not Effect.UNKNOWN or not is_about_a_role(decision):
        return ()
    if any(item.missing is not None or not item.keys for item in decision.residual):
        return ()
    return decision.residual


def not_satisfied_sentence(residual: tuple[Residual, ...]) -> str:
    """The deduction in one sentence: what AWS denied, and the snapshot would allow under a condition, did not meet it."""
    told = "; or ".join(_requirement(item) for item in residual)
    several = len(residual) > 1 or len({key.lower() for item in residual for key in item.keys}) > 1
    if several:
        return f"everything else allows it, so one of the conditions was not met: {told}"
    return f"everything else allows it, so the one condition that is left was not met: {told}"


def _requirement(item: Residual) -> str:
    words = item.text.rpartition(" if ")[2]
    denies = item.statement is not None and item.statement.statement.effect is StatementEffect.DENY
    return f"it must not hold that {words}" if denies else words


def key_notes(keys: tuple[str, ...]) -> Iterator[str]:
    """What to know about the keys that trust policies ask for."""
    for key in keys:
        lowered = key.lower()
        if lowered == "sts:externalid":
            yield (
                "an external id is compared letter by letter, with regard to case; the console's switch-role page cannot send "
                "one"
            )
        elif lowered.startswith(_MFA):
            yield (
                "a session that AssumeRole opened carries nothing about MFA: call with the user's own credentials and pass "
                "SerialNumber and TokenCode"
            )
        elif lowered.endswith(":sub"):
            yield (
                "the subject comes from the token, and is compared with regard to case; of GitHub it tells the repository "
                "and the branch, tag, environment or pull request"
            )
        elif lowered.endswith(":aud"):
            yield "the audience is the one that the token was requested for"
