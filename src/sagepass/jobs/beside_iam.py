"""Refusals that something beside IAM's policies decides, and what to do there; told by the text alone.

Sources: https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-permissions.html,
https://docs.aws.amazon.com/singlesignon/latest/userguide/assignusers.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html,
https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html,
https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios_users.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sagepass.denial.record import Denial
from sagepass.repair.fix import Applicability, Fix


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideIam:
    """What decides instead of IAM.

    Attributes:
        words: the pattern by which the text is known.
        headline: what happened.
        title: the way out, in one sentence.
        steps: how to go it.
    """

    words: str
    headline: str
    title: str
    steps: tuple[str, ...]

    @property
    def fix(self) -> Fix:
        """The way out as a change that nobody can apply for the person."""
        return Fix(title=self.title, edits=(), applicability=Applicability.DISPLAY_ONLY, steps=self.steps)


_ROWS: Final = (
    BesideIam(
        words=r"Insufficient\s+Lake\s+Formation\s+permission",
        headline="Lake Formation refused this, not IAM: the caller has no grant there",
        title="let a data lake administrator grant the permission in Lake Formation; no IAM policy replaces it",
        steps=(
            "find out who asked: for Feature Store, Canvas and Data Wrangler it is the execution role, for Athena whoever queries",
            (
                "a data lake administrator grants what the text says is required: aws lakeformation grant-permissions --principal "
                "DataLakePrincipalIdentifier=ROLE-ARN --permissions CREATE_DATABASE (or DESCRIBE, SELECT, CREATE_TABLE) --resource "
                "'{\"Catalog\": {}}' (or '{\"Database\": {\"Name\": \"NAME\"}}', '{\"Table\": {\"DatabaseName\": \"DB\", \"Name\": \"TABLE\"}}')"
            ),
            "the role needs lakeformation:GetDataAccess and the Glue actions in IAM as well",
        ),
    ),
    BesideIam(
        words=r"GetRoleCredentials\b[^\x1e]{0,300}\bNo\s+access",
        headline="IAM Identity Center refused this: the user is not assigned to that permission set in that account",
        title="let an administrator of IAM Identity Center assign the user or a group to the permission set in the account",
        steps=(
            "compare sso_account_id and sso_role_name of the profile with what aws sso list-account-roles shows; a typing error reads the same",
            "the administrator: aws sso-admin create-account-assignment, or AWS accounts > Assign users or groups in the console",
            "no IAM policy decides this: GetRoleCredentials is answered by the assignments alone",
        ),
    ),
    BesideIam(
        words=r"don't\s+have\s+access\s+to\s+the\s+model\s+with\s+the\s+specified\s+model\s+ID",
        headline="Bedrock refused this: the account has no access to that model in that Region",
        title="let an administrator enable the model for the account in Amazon Bedrock",
        steps=(
            "check the model ID and the Region first: many models answer in some Regions, or through an inference profile only",
            "models of third parties need an agreement in AWS Marketplace: whoever enables one needs aws-marketplace:Subscribe and ViewSubscriptions",
            "only then IAM: bedrock:InvokeModel on the model's ARN, which the message would name as such",
        ),
    ),
    BesideIam(
        words=r"not\s+subscribed\s+to\s+the\s+marketplace",
        headline="the account has no subscription to this AWS Marketplace product: that is not a permission",
        title="subscribe the account to the product in AWS Marketplace, then repeat the call",
        steps=(
            "whoever subscribes needs aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions, and the account must be the one that deploys",
        ),
    ),
    BesideIam(
        words=r"No\s+launch\s+paths\s+found",
        headline="Service Catalog shows this product to nobody like the caller: no portfolio gives access",
        title="let an administrator give the caller's role access to the portfolio of the product",
        steps=(
            (
                "aws servicecatalog associate-principal-with-portfolio --portfolio-id PORTFOLIO --principal-type IAM --principal-arn ROLE-ARN; "
                "for SageMaker projects that is the domain's or the user profile's execution role"
            ),
            "Enable SageMaker project templates in the domain's settings does it for the execution roles",
        ),
    ),
    BesideIam(
        words=r"\bis\s+forbidden:|logged\s+in\s+to\s+the\s+server",
        headline="Kubernetes refused this, not AWS: the cluster's own permissions decide",
        title="let an administrator of the cluster map the IAM role to Kubernetes permissions",
        steps=(
            "see who you are: aws sts get-caller-identity, then aws eks list-access-entries --cluster-name CLUSTER",
            (
                "aws eks create-access-entry --cluster-name CLUSTER --principal-arn ROLE-ARN, and associate-access-policy (or a "
                "RoleBinding for its groups) lets the role in"
            ),
            "Unauthorized, without a name, is mostly a kubeconfig of other credentials: aws eks update-kubeconfig --name CLUSTER",
        ),
    ),
    BesideIam(
        words=r"should\s+have\s+'[^'\n]{1,64}'\s+role\s+with\s+trust\s+relationship",
        headline="StackSets could not assume the role of this name: it is not in that account, or does not trust who asks",
        title="create the role of that name in that account, with the trust policy that the text asks for",
        steps=(
            (
                "AWSCloudFormationStackSetAdministrationRole, in the administrator's account, trusts Service "
                "cloudformation.amazonaws.com and allows sts:AssumeRole on the execution roles"
            ),
            (
                "AWSCloudFormationStackSetExecutionRole, in each target account, trusts AWS "
                "arn:aws:iam::ADMINISTRATOR-ACCOUNT:role/AWSCloudFormationStackSetAdministrationRole"
            ),
        ),
    ),
    BesideIam(
        words=r"assume\s+the\s+service[\s-]linked\s+role",
        headline="the service-linked role is not there yet, or the service cannot use it",
        title="create the service-linked role once in the account, then repeat the call",
        steps=(
            "aws iam create-service-linked-role --aws-service-name SERVICE.amazonaws.com (ecs.amazonaws.com, sagemaker.amazonaws.com …)",
            "whoever does it needs iam:CreateServiceLinkedRole; the trust policy of such a role cannot be edited",
        ),
    ),
    BesideIam(
        words=r"KMS\s+key\s+does\s+not\s+exist\s+or\s+is\s+not\s+allowed\s+to\s+be\s+used",
        headline="CloudWatch Logs may not use this key: its key policy does not allow the service, or the key is not there",
        title="let the key policy allow the service logs.REGION.amazonaws.com, or name a key of the same Region",
        steps=(
            (
                "add to the key policy, with Principal Service logs.REGION.amazonaws.com: kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, "
                "kms:GenerateDataKey*, kms:DescribeKey, where kms:EncryptionContext:aws:logs:arn equals the log group's ARN"
            ),
            "the key must be symmetric, enabled, and in the Region of the log group",
        ),
    ),
    BesideIam(
        words=r"huggingface|gated\s+repo|GatedRepo",
        headline="Hugging Face refused this, not AWS: the model is gated or the token is missing",
        title="accept the model's terms on Hugging Face, and pass a token of that account to the job or endpoint",
        steps=(
            "open the model's page with the account of the token, ask for access, and wait until it is granted",
            "pass the token as HF_TOKEN (HUGGING_FACE_HUB_TOKEN for older containers) in the environment of the model or job",
        ),
    ),
    BesideIam(
        words=r"<Message>\s*Request\s+has\s+expired|^\s*Request\s+has\s+expired",
        headline="the presigned address has run out: that is not a permission",
        title="make a new presigned address",
        steps=(
            "it lives as long as asked, and never longer than the credentials that signed it: a role's session ends after hours",
        ),
    ),
    BesideIam(
        words=r"Cannot\s+call\s+Get(?:SessionToken|FederationToken)\s+with\s+session\s+credentials",
        headline="AWS STS gives no such token to temporary credentials, whatever the policies say",
        title="call it with the access key of an IAM user, or use AssumeRole instead",
        steps=("a role's session is temporary already: use its credentials as they are, or aws sts assume-role",),
    ),
    BesideIam(
        words=r"MultiFactorAuthentication\s+failed",
        headline="the MFA code was wrong or used already: that is not a permission",
        title="repeat the call with the next code of the device",
        steps=("each code works once; check that the serial number (mfa_serial) is that of your own device, and its clock",),
    ),
    BesideIam(
        words=r"cannot\s+be\s+configured\s+to\s+use\s+as\s+it\s+is\s+not\s+owned\s+by\s+Account",
        headline="the SageMaker SDK's default bucket belongs to another account: that is not a permission",
        title="give the SageMaker SDK a bucket of your own account",
        steps=('sagemaker.Session(default_bucket="BUCKET"), and no object of yours goes to a bucket that somebody else made',),
    ),
)  # fmt: skip


def beside_iam(denial: Denial) -> BesideIam | None:
    """What decides instead of IAM; ``None`` if IAM does, or the text tells too little."""
    return next((row for row in _ROWS if re.search(row.words, denial.text, re.IGNORECASE)), None)
