"""The codes of a preflight."""

from __future__ import annotations

from sagepass.source.finding import CodeDoc

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_ROLES = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"

CODES: tuple[CodeDoc, ...] = (
    CodeDoc(
        code="PREFLIGHT_MISSING",
        summary="the call takes something that is not allowed",
        body=(
            "One call of SageMaker is many authorizations: the action itself, tags, `iam:PassRole`, the trust policy of each role, "
            "and whatever the role needs for the images, data, keys and networks of the request. AWS reports the first that fails, "
            "some of them only minutes later, inside the job. The table lists all of them, the field of the request that asks for "
            "each, and why it is not allowed. The parts below it say what each owner has to change; everything was decided again "
            "with those changes."
        ),
        links=(_ROLES, f"{_GUIDE}id_roles_use_passrole.html"),
    ),
    CodeDoc(
        code="PREFLIGHT_USUAL_MISSING",
        summary="the call goes through, but something that AWS lists for it is not allowed",
        body=(
            "What is marked `usual` stands in AWS's lists, and the work goes on without it: no logs, no metrics, no clean-up of a "
            "broken upload. A job whose logs nobody sees is hard to repair, so it is reported, and the exit code is 1."
        ),
        links=(_ROLES,),
    ),
    CodeDoc(
        code="PREFLIGHT_UNDECIDED",
        summary="nothing is missing, but not everything is settled",
        body=(
            "Either a policy that can decide was not supplied, or the request does not tell something that can ask for more: the key "
            "with which a bucket encrypts, the role that a stored model holds. Each open point names the command that settles it. "
            "Save its answer in the snapshot and run the preflight again."
        ),
    ),
    CodeDoc(
        code="PREFLIGHT_PASSES",
        summary="everything that the call takes is allowed",
        body=(
            "Every authorization of the call was decided from the snapshot, for the caller, for each role and for the service, and "
            "each is allowed. Quotas, capacity and settings outside IAM are not looked at."
        ),
    ),
    CodeDoc(
        code="PREFLIGHT_ROLE_REFUSED",
        summary="AWS does not take this role, whatever the policies say",
        body=(
            "A role can only be passed if it is in the account of the caller, if the request gives its whole ARN with the path, and "
            "if it exists. `role/service-role/Name` is another role than `role/Name`. A service-linked role trusts only its own "
            "service and cannot serve as an execution role. Give the ARN that is proposed, or let "
            "`sagepass preflight … --write-role NAME` write a role for exactly this call."
        ),
        links=(f"{_GUIDE}id_roles_use_passrole.html", f"{_GUIDE}id_roles_create-service-linked-role.html"),
    ),
    CodeDoc(
        code="PREFLIGHT_NOT_KNOWN",
        summary="the request does not tell something that may take more permissions",
        body=(
            "A request names a bucket, and not the key with which the bucket encrypts; it names a model, and not the role that was "
            "stored in it. Where the snapshot holds the answer of AWS, it is used. Where it does not, this line names the command "
            "whose output belongs there."
        ),
    ),
)
