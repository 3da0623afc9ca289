"""Codes of the findings about snapshots."""

from __future__ import annotations

from sagepass.source.finding import CodeDoc

_DETAILS = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html"

CODES: tuple[CodeDoc, ...] = (
    CodeDoc(
        code="SNAPSHOT_FILE_UNREADABLE",
        summary="a file of the snapshot cannot be read",
        body=(
            "The file is empty, cut off, no JSON, binary, nested too deeply, too large or in an encoding other than UTF-8. "
            "It is left out: whatever it would have said counts as not collected, so decisions that depend on it are UNKNOWN."
            '\n\nAn empty file is never taken for "there is no policy", because a refused command leaves an empty file too. '
            "Run the command again with `2>&1`, so that the error of AWS is saved: `NoSuchBucketPolicy` then says that there "
            "is none."
        ),
    ),
    CodeDoc(
        code="SNAPSHOT_UNKNOWN_FILE",
        summary="a file lies at a path that a snapshot does not have",
        body=(
            "Answers lie at `accounts/<id>/<region>/<service>/<operation>/<name>.json` or below `organization/`, with service "
            "and operation as the AWS CLI spells them. A file elsewhere is not read. Move it, or leave it: it does no harm."
        ),
    ),
    CodeDoc(
        code="SNAPSHOT_TOO_MANY_FILES",
        summary="the folder holds more files than a snapshot can have",
        body=(
            "Reading stops at 200,000 files, in the order of their names; what the others say counts as not collected. "
            "Usually the path leads to a folder around the snapshot."
        ),
    ),
    CodeDoc(
        code="SNAPSHOT_NO_DETAILS",
        summary="the file should hold authorization details and does not",
        body=(
            "The output of `aws iam get-account-authorization-details --output json` has the lists `UserDetailList`, "
            "`GroupDetailList`, `RoleDetailList` and `Policies`. Without it nothing is known of the account's principals."
        ),
        links=(_DETAILS,),
    ),
    CodeDoc(
        code="SNAPSHOT_TRUNCATED",
        summary="pages of the authorization details are missing",
        body=(
            "The last page that was saved says that more follow. The AWS CLI fetches all pages by itself unless it is told "
            "`--no-paginate` or `--max-items`. Principals on the missing pages cannot be found."
        ),
        links=(_DETAILS,),
    ),
    CodeDoc(
        code="SNAPSHOT_MALFORMED",
        summary="an entry of an answer does not have the form that AWS gives it",
        body=(
            "The entry has no ARN, belongs to another account, or lacks its document. It is left out; an inline policy "
            "without a document stays in force as one that cannot be read, so that decisions it could change are UNKNOWN. "
            "A list of policies that is not there is not an empty list: what it would have held counts as not collected."
        ),
        links=(_DETAILS,),
    ),
    CodeDoc(
        code="SNAPSHOT_CONTRADICTION",
        summary="one user, role, group or policy is described twice in different ways",
        body=(
            "Usually answers of two days lie side by side. Which of them holds cannot be told, and the other one may have "
            "the Deny, so neither counts and decisions that depend on it are UNKNOWN. Keep the newest answer and remove the "
            "others. The same description twice does no harm."
            "\n\nAn answer of `get-policy-version` counts as a description of its policy as well: one that says otherwise than the "
            "default version in the authorization details contradicts it."
        ),
        links=(_DETAILS,),
    ),
    CodeDoc(
        code="SNAPSHOT_OLD_VERSION",
        summary="a version of a managed policy was saved that is not in force",
        body=(
            "Only the default version of a managed policy counts. The file holds another one, and the policy is in no other "
            "answer, so what it says counts as not collected and decisions that depend on it are UNKNOWN. "
            "`aws iam get-policy` names the default version (`DefaultVersionId`)."
        ),
        links=("https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html",),
    ),
    CodeDoc(
        code="SNAPSHOT_DOCUMENT_SYNTAX",
        summary="a policy that lies in a string is no JSON",
        body=(
            "Many answers hold the policy as JSON text in a string, URL-encoded or escaped. This one could not be decoded to "
            "a JSON object. Nothing is known of what the policy allows or denies. Save the answer again."
        ),
    ),
    CodeDoc(
        code="SNAPSHOT_SETTINGS",
        summary="snapshot.json says something that is not understood",
        body=(
            "`snapshot.json` at the root of the folder may state `default_region` (a Region), `no_organization` (`true`, or a "
            "list of accounts) and `session_policies` (ARN of a session to a policy document or a list of them). Anything "
            "else is ignored."
        ),
    ),
)
