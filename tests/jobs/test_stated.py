"""What the text of a denial leaves out can be stated; what it tells is not overruled."""

from __future__ import annotations

from sagepass.denial import read_denials
from sagepass.denial.completed import completed

ROLE = "arn:aws:iam::123456789012:role/churn-serving"
OBJECT = "arn:aws:s3:::ml-data/train.csv"
BARE = "An error occurred (403) when calling the HeadObject operation: Forbidden"
FULL = (
    "User: arn:aws:iam::123456789012:user/marymajor is not authorized to perform: s3:GetObject on resource: "
    "arn:aws:s3:::other/x"
)
MASKED = "User: arn:aws:iam::XXXXXXXXXXXX:role/Dev is not authorized to perform: s3:GetObject on resource: x"


def test_the_caller_and_the_resource_are_filled_in() -> None:
    """A text that names neither is completed, and the completion is marked as stated, not as read."""
    (denial,) = read_denials(BARE)
    found = completed(denial, caller=ROLE, resource=OBJECT)
    assert (found.principal, found.account, found.resource) == (ROLE, "123456789012", OBJECT)
    assert {field for field, _ in found.basis} >= {"principal", "resource"}
    assert all("was stated" in sentence for field, sentence in found.basis if field in {"principal", "resource"})


def test_a_masked_caller_is_replaced() -> None:
    """A caller that stands masked in the text tells nothing that could be decided, so the statement counts."""
    (denial,) = read_denials(MASKED)
    assert completed(denial, caller=ROLE).principal == ROLE


def test_what_the_text_tells_is_kept() -> None:
    """Evidence outweighs what somebody states."""
    (denial,) = read_denials(FULL)
    assert completed(denial, caller=ROLE, resource=OBJECT) == denial
