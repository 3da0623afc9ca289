"""Codes of the findings about policy documents."""

from __future__ import annotations

from sagepass.source.finding import CodeDoc

_GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
_ELEMENTS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements"
_VARIABLES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html"

CODES: tuple[CodeDoc, ...] = (
    CodeDoc(
        code="POLICY_NOT_AN_OBJECT",
        summary="the policy document is not a JSON object",
        body=(
            "A policy document is a JSON object with `Version` and `Statement`. What was found cannot be read as one, so "
            "nothing is known of what it allows or denies: every decision that depends on it is UNKNOWN.\n\n"
            "Save the document again, for example with `aws iam get-role-policy`."
        ),
        links=(_GRAMMAR,),
    ),
    CodeDoc(
        code="POLICY_VERSION",
        summary="the Version element is missing or not one of the two that exist",
        body=(
            "`Version` is the version of the policy language, not of your policy: `2012-10-17` or `2008-10-17`. Without it, "
            "or with the old one, policy variables such as `${aws:username}` are literal text and match nothing.\n\n"
            'Use `"Version": "2012-10-17"`.'
        ),
        links=(_ELEMENTS + "_version.html", _VARIABLES),
    ),
    CodeDoc(
        code="POLICY_NO_STATEMENT",
        summary="the policy has no Statement",
        body="A policy without statements grants and denies nothing; AWS refuses to save it. Add a `Statement`.",
        links=(_ELEMENTS + "_statement.html",),
    ),
    CodeDoc(
        code="POLICY_UNKNOWN_ELEMENT",
        summary="an element that the policy grammar does not know",
        body=(
            "AWS refuses documents with unknown elements. A mistyped `Condition` would otherwise be dropped and the "
            "statement would grant more than meant, so sagepass does not rely on such a statement: where it could matter "
            "the answer is UNKNOWN. Correct the name; it is case sensitive."
        ),
        links=(_GRAMMAR,),
    ),
    CodeDoc(
        code="POLICY_DUPLICATE_KEY",
        summary="the same key stands twice in one JSON object",
        body=(
            "JSON readers keep the last of two equal keys and drop the other without a word, so a condition or an action can "
            "vanish. Merge the two into one list, or use two statements."
        ),
        links=(_GRAMMAR,),
    ),
    CodeDoc(
        code="POLICY_EFFECT",
        summary="Effect must be Allow or Deny",
        body="`Effect` is required and case sensitive: `Allow` or `Deny`.",
        links=(_ELEMENTS + "_effect.html",),
    ),
    CodeDoc(
        code="POLICY_ACTION_MISSING",
        summary="a statement needs exactly one of Action and NotAction",
        body="Give the statement `Action` (or `NotAction`), not both.",
        links=(_ELEMENTS + "_action.html", _ELEMENTS + "_notaction.html"),
    ),
    CodeDoc(
        code="POLICY_ACTION_FORM",
        summary="an action is not of the form service:Name",
        body=(
            "An action is `*` or `service:Name`, for example `sagemaker:DescribeTrainingJob`; wildcards are allowed in the "
            "name, not in the service prefix."
        ),
        links=(_ELEMENTS + "_action.html",),
    ),
    CodeDoc(
        code="POLICY_RESOURCE_MISSING",
        summary="a statement needs Resource or NotResource",
        body=(
            "Statements of identity-based policies, permissions boundaries, session policies, SCPs and RCPs need exactly one "
            "of `Resource` and `NotResource`; a role trust policy has none."
        ),
        links=(_ELEMENTS + "_resource.html",),
    ),
    CodeDoc(
        code="POLICY_RESOURCE_FORM",
        summary="a resource is neither * nor an ARN",
        body=(
            "A resource is `*` or an ARN of at least six parts, for example "
            "`arn:aws:sagemaker:eu-west-1:111122223333:training-job/*`. Anything else matches nothing."
        ),
        links=(_ELEMENTS + "_resource.html",),
    ),
    CodeDoc(
        code="POLICY_PRINCIPAL",
        summary="the Principal element is missing, misplaced or malformed",
        body=(
            "Policies of a resource need a `Principal`; identity-based policies, boundaries, session policies and SCPs have "
            "none. A principal is `*`, an account, or one full ARN: patterns such as `role/*` are not allowed. "
            "`NotPrincipal` goes with `Deny` only."
        ),
        links=(_ELEMENTS + "_principal.html", _ELEMENTS + "_notprincipal.html"),
    ),
    CodeDoc(
        code="POLICY_CONDITION_OPERATOR",
        summary="a condition operator that IAM does not know",
        body=(
            "Operators are named exactly: `StringEquals`, `ArnLike`, `ForAllValues:StringLike`, `BoolIfExists`, … "
            "AWS refuses other names; `String` alone, which stands in an example of the SageMaker guide, is not one."
        ),
        links=(_ELEMENTS + "_condition_operators.html",),
    ),
    CodeDoc(
        code="POLICY_CONDITION_FORM",
        summary="a condition block is malformed",
        body="A condition is `{operator: {key: value or list of values}}`; values are strings, numbers or booleans.",
        links=(_ELEMENTS + "_condition.html",),
    ),
    CodeDoc(
        code="POLICY_CONDITION_VALUE",
        summary="a condition value does not fit its operator",
        body=(
            "Numeric operators take numbers, Date operators ISO 8601 dates or epoch seconds, Bool and Null `true` or `false`, "
            "IpAddress addresses or CIDR ranges. A value of another form never matches."
        ),
        links=(_ELEMENTS + "_condition_operators.html",),
    ),
    CodeDoc(
        code="POLICY_VARIABLE_PLACE",
        summary="a policy variable where none is allowed",
        body=(
            "Variables work in the resource part of an ARN (after the fifth colon) and in String and ARN conditions, and only "
            'with `"Version": "2012-10-17"`.'
        ),
        links=(_VARIABLES,),
    ),
    CodeDoc(
        code="POLICY_SID",
        summary="a Sid is malformed or used twice",
        body="A `Sid` is unique in its policy; in IAM policies it has letters and digits only.",
        links=(_ELEMENTS + "_sid.html",),
    ),
    CodeDoc(
        code="POLICY_RCP_ALLOW",
        summary="an Allow statement in a resource control policy",
        body="Customer-managed RCPs are Deny only; `RCPFullAWSAccess` is always attached. The Allow is ignored.",
        links=("https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html",),
    ),
)
