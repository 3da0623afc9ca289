"""A pattern of subjects that somebody else's name fits as well keeps nobody out, and is said to be too open.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub
"""

from __future__ import annotations

import pytest
from tests.share.asked import MPG, OIDC

from sagepass.jobs.share.plan_for import plan_share
from sagepass.jobs.share.question import ShareQuestion
from sagepass.jobs.share.report import ShareVerdict

TOO_OPEN = ["repo:octo-org*", "repo:*", "repo:octo-or?/churn:ref:refs/heads/main", "repo:octo*/churn:*"]
NARROW = ["repo:octo-org/*", "repo:octo-org/churn:*", "repo:octo-org/ch*", "system:serviceaccount:ns:*"]


@pytest.mark.parametrize(("subject", "open_to_all"), [(s, True) for s in TOO_OPEN] + [(s, False) for s in NARROW])
def test_the_name_before_the_first_wildcard_has_to_be_whole(subject: str, open_to_all: bool) -> None:
    """``octo-org*`` is ``octo-org-lookalike`` too, whose owner anybody can be."""
    question = ShareQuestion(resource=MPG, who=f"oidc:{OIDC}", subject=subject, audience="sts.amazonaws.com")
    report = plan_share(question, None)
    assert (report.verdict is ShareVerdict.TOO_OPEN) is open_to_all
