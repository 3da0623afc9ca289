"""Codes of the findings of ``sagepass check``."""

from __future__ import annotations

from sagepass.source.finding import CodeDoc

_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"
_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_SETS = _GUIDE + "reference_policies_condition-single-vs-multi-valued-context-keys.html"

CODES: tuple[CodeDoc, ...] = (
    CodeDoc(
        code="LINT_NO_SUCH_ACTION",
        summary="an action that AWS does not list",
        body=(
            "AWS accepts any name in `Action`, also one that no service has: the statement is then silent about what was meant. "
            "Names are compared with the Service Authorization Reference; an action that is newer than the tables is "
            "reported too, so look at their date (`sagepass --version --verbose`)."
        ),
        links=(_REFERENCE,),
    ),
    CodeDoc(
        code="LINT_NEEDS_STAR",
        summary='an action without a resource stands in a statement that does not say "Resource": "*"',
        body=(
            "Actions such as `sagemaker:ListModels` are not about one resource. A request for them is matched by `*` alone, "
            'never by an ARN, however many wildcards it has. Give them a statement of their own with `"Resource": "*"`.'
        ),
        links=(_REFERENCE,),
    ),
    CodeDoc(
        code="LINT_RESOURCE_TYPE",
        summary="none of the resources can be one that the action is about",
        body=(
            "Each action is authorized on certain types of resources. An ARN of another type never comes with that action, so "
            "the pair grants or denies nothing: `s3:GetObject` on a bucket without `/*`, `sagemaker:CreateModel` on "
            "`endpoint/*`."
        ),
        links=(_REFERENCE,),
    ),
    CodeDoc(
        code="LINT_KEY_NEVER_PRESENT",
        summary="a condition on a key that the action does not carry",
        body=(
            "A request carries the global keys, and those that AWS lists for its action. On any other key a positive operator "
            "never holds, and a negated one, or one with `IfExists`, always does. AWS's tables have gaps, so this is a "
            "warning; if you know that the key is there, leave it."
        ),
        links=(_REFERENCE, _GUIDE + "reference_policies_condition-keys.html"),
    ),
    CodeDoc(
        code="LINT_NEVER_APPLIES",
        summary="a statement that no request can meet",
        body=(
            "Its resource and its conditions contradict each other: all of them have to hold at once, and no request makes "
            "them. Several values of one key belong into one list; two operators on the same key must both hold."
        ),
        links=(_GUIDE + "reference_policies_condition-logic-multiple-context-keys-or-values.html",),
    ),
    CodeDoc(
        code="LINT_SHADOWED",
        summary="everything that the statement grants is denied, or not let through by the boundary",
        body=(
            "Proven for every request: a Deny of the same policy stops all that this Allow grants, or the boundary given with "
            "`--boundary` allows nothing of it. The statement misleads whoever reads it."
        ),
        links=(_GUIDE + "reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html",),
    ),
    CodeDoc(
        code="LINT_REDUNDANT",
        summary="other statements already say all that this one says",
        body=(
            "Proven for every request: without this statement the policy means the same. That is harmless, but it costs "
            "characters of the quota, and whoever removes it later to take a right away will not have done so."
        ),
    ),
    CodeDoc(
        code="LINT_ALWAYS_TRUE",
        summary="a condition that holds in every request",
        body=(
            "Proven for every value and for the absent key: `StringLike` with `*` on a key that is always there, `Null` with "
            "both `true` and `false`, `ForAllValues:StringLike` with `*`. The statement is as wide as without it."
        ),
        links=(_GUIDE + "reference_policies_elements_condition_operators.html",),
    ),
    CodeDoc(
        code="LINT_PASS_ROLE",
        summary="iam:PassRole without iam:PassedToService",
        body=(
            "Whoever may pass a role to a service can have what the role has, through that service. Without a condition on "
            "`iam:PassedToService` the role can be passed to any service that it trusts, now or later. Name the roles, and "
            "the service: `sagemaker.amazonaws.com`."
        ),
        links=(_GUIDE + "id_roles_use_passrole.html",),
    ),
    CodeDoc(
        code="LINT_FOR_ALL_VALUES",
        summary="ForAllValues holds for a key that is not there",
        body=(
            "`ForAllValues` asks whether every value is one of the list, and of no values that is true. An Allow that is to "
            "make people name their subnets or tags is then open to requests that name none. Add `Null` with `false` on the "
            "same key."
        ),
        links=(_SETS,),
    ),
    CodeDoc(
        code="LINT_SET_OPERATOR",
        summary="an operator for one value on a key that can hold several",
        body=(
            "AWS asks for `ForAllValues` or `ForAnyValue` in front of the operator here. Without one the condition is good for "
            "requests with one value. Several values of `events:source` and `events:detail-type` match nothing, so that a Deny "
            "passes them by; of other keys AWS does not say, and answers that hang on it are unknown."
        ),
        links=(_SETS, _GUIDE + "access-analyzer-reference-policy-checks.html"),
    ),
    CodeDoc(
        code="LINT_TRUST_WIDE",
        summary="people get in whom the policy does not name",
        body=(
            "Proven with an example: a caller of an account that does not stand in the policy may assume the role or use the "
            "resource, or every identity of a provider may. `aws:PrincipalArn` with a wildcard for the account does not help: "
            "anybody can give a role a name. GitHub, GitLab, HCP Terraform and Buildkite give tokens to all their customers, with the "
            "audience that is asked for: a role that trusts them needs a condition on `sub`, or on another claim that tells "
            "customers apart."
        ),
        links=(
            _GUIDE + "reference_policies_elements_principal.html",
            _GUIDE + "id_roles_create_for-idp_oidc.html",
            _GUIDE + "id_roles_providers_oidc_secure-by-default.html",
        ),
    ),
    CodeDoc(
        code="LINT_CONFUSED_DEPUTY",
        summary="a service may act for any account",
        body=(
            "A service principal acts for whoever called the service. Without `aws:SourceAccount`, `aws:SourceArn` or "
            "`aws:SourceOrgID` somebody in another account may have the service use this role or resource."
        ),
        links=(
            "https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html",
            _GUIDE + "confused-deputy.html",
        ),
    ),
    CodeDoc(
        code="LINT_GIVEN_UP",
        summary="the policy could not be looked at in full",
        body="The time for this policy was over. What is reported holds; what is not reported may still be there.",
    ),
)
