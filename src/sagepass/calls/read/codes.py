"""Codes of the findings about documents of calls."""

from __future__ import annotations

from sagepass.source.finding import CodeDoc, Severity

_API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html"
_CLI = "https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-skeleton.html"
_INTRINSICS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html"
_PIPELINES = "https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html"
_PASSING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

_PAGES: tuple[tuple[str, Severity, str, str, tuple[str, ...]], ...] = (
    (
        "CALL_SYNTAX",
        _E,
        "a document of calls cannot be parsed",
        (
            "The text, or a JSON document in one of its strings (a pipeline's definition), breaks off or breaks the rules of JSON "
            "or YAML at the place that is named. Nothing inside it is known; what stands outside of it is answered."
        ),
        (),
    ),
    (
        "CALL_FORM_UNKNOWN",
        _E,
        "the document is none of the forms that calls are read from",
        (
            "Read are: a request (with the name of its operation), a list of calls, a filled skeleton of the AWS CLI, a recording, "
            "the definition of a SageMaker pipeline, a CloudFormation template, and the JSON of a Terraform plan.\n\n"
            '    [{"service": "sagemaker", "operation": "CreateModel", "params": {"ModelName": "m"}}]\n\n'
            "    aws sagemaker create-model --generate-cli-skeleton > request.json\n"
            "    terraform show -json PLAN > plan.json"
        ),
        (_CLI,),
    ),
    (
        "CALL_OPERATION_MISSING",
        _E,
        "a request does not say which operation it is for",
        (
            "A request alone does not name its operation, and several operations can have the same members. Name it on the command "
            'line, or write the request as `{"operation": "CreateModel", "params": {…}}`.'
        ),
        (_API,),
    ),
    (
        "CALL_UNKNOWN_OPERATION",
        _E,
        "there is no such operation",
        (
            "The name is not an operation of the SageMaker clients at the date of the tables (`sagepass --version --verbose`). The "
            "call is answered with the action of the same name on an unknown resource, because it may be newer than the tables."
        ),
        (_API,),
    ),
    (
        "CALL_UNKNOWN_SERVICE",
        _W,
        "there is no such service",
        (
            "The name is neither a client of the SDKs for SageMaker nor the prefix of a service's actions. Its calls are answered "
            "with the action of the same name on an unknown resource."
        ),
        (),
    ),
    (
        "CALL_UNKNOWN_PARAMETER",
        _E,
        "the operation has no such parameter",
        (
            "AWS refuses a request with a parameter that it does not know, and whatever the misspelt one was meant to bring (a role, "
            "a key, a network) is missing from the answer. Names are compared with regard to case, as the SDKs do."
        ),
        (_API,),
    ),
    (
        "CALL_WRONG_TYPE",
        _E,
        "a parameter has the wrong type",
        "AWS refuses the request. What the value was meant to bring is missing from the answer.",
        (_API,),
    ),
    (
        "CALL_MISSING_PARAMETER",
        _W,
        "a required parameter is not there",
        "AWS refuses the request. The answer treats the value as not known, so that it may name more than one resource.",
        (_API,),
    ),
    (
        "CALL_PLACEHOLDER",
        _W,
        "a placeholder stands where a value belongs",
        (
            "The value is empty, or text such as `<role-arn>` or `REPLACE_ME`. An optional parameter that is empty counts as left "
            "out; a required one, and any other placeholder, counts as not known before the call."
        ),
        (_CLI,),
    ),
    (
        "CALL_ROLE_NOT_ARN",
        _E,
        "a role is given by its name where its ARN belongs",
        (
            "The API takes the ARN of a role. A name does not tell the path, and `role/service-role/NAME` is another role than "
            "`role/NAME`: a policy that names one does not cover the other.\n\n"
            "    aws iam get-role --role-name NAME --query Role.Arn --output text"
        ),
        (_PASSING,),
    ),
    (
        "CALL_DUPLICATE_KEY",
        _W,
        "a key stands twice in one object",
        "The last one counts, as in most parsers; AWS's own tools may differ. Remove the one that is not meant.",
        (),
    ),
    (
        "CALL_MALFORMED",
        _E,
        "an entry does not have the form that its document requires",
        "The entry is left out; the rest of the document is answered.",
        (),
    ),
    (
        "CALL_UNRESOLVED",
        _I,
        "a value is only known when the document is carried out",
        (
            "A parameter without a default, an attribute of a resource that does not exist yet, a value that Terraform marks as "
            "known after apply. The value counts as not known before the call: what depends on it is answered for every value it "
            "could have, and named.\n\nGive the value literally to get a definite answer."
        ),
        (_INTRINSICS,),
    ),
    (
        "CALL_UNKNOWN_REFERENCE",
        _E,
        "a reference leads to nothing in the document",
        (
            "A template refers to a parameter or resource that it does not have, or a pipeline to a step or parameter. The document "
            "would be refused; the value counts as not known."
        ),
        (_INTRINSICS, _PIPELINES),
    ),
    (
        "CALL_UNKNOWN_STEP",
        _W,
        "a pipeline step of a type that is not known",
        "Which calls such a step makes is not known, so its permissions are missing from the answer.",
        (_PIPELINES,),
    ),
    (
        "CALL_STEP_ELSEWHERE",
        _I,
        "a pipeline step works through another service",
        (
            "The pipeline's role calls the other service directly. The calls that AWS documents for it are listed; what that service "
            "then does with its own role is not."
        ),
        (_PIPELINES, "https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol-pipelines.html"),
    ),
    (
        "CALL_UNKNOWN_RESOURCE_TYPE",
        _W,
        "a SageMaker resource of a type that is not known",
        "Which operation creates it is not known, so its permissions are missing from the answer.",
        ("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SageMaker.html",),
    ),
    (
        "CALL_NOT_CREATED",
        _I,
        "a resource of a template is not created",
        (
            "The condition of the resource is false with the defaults of the template's parameters, so that its calls are not listed. "
            "With other parameters it may be created."
        ),
        ("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html",),
    ),
    (
        "CALL_NOTHING_FOUND",
        _W,
        "the document makes no call to SageMaker",
        "It has none of the resources, steps or calls that are read. Other resources are left alone.",
        (),
    ),
    (
        "CALL_TOO_MANY",
        _W,
        "the document holds more than is listed",
        "Only the first ones are listed. Give the part that the question is about.",
        (),
    ),
)

SEVERITY: dict[str, Severity] = {code: severity for code, severity, *_ in _PAGES}

CODES: tuple[CodeDoc, ...] = tuple(
    CodeDoc(code=code, summary=summary, body=body, links=links) for code, _, summary, body, links in _PAGES
)
