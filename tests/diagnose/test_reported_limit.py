"""A message that names the boundary is answered with the boundary, also where a tag of the resource leaves it open."""

from __future__ import annotations

from tests.repair.worlds import ACCOUNT, USER, allow, policy

from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Diagnosis
from sagepass.snapshot.build import SnapshotBuilder

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TAGGED = policy(allow("kms:Decrypt", Condition={"StringEquals": {"aws:ResourceTag/team": "ml"}}))
DELEGATED = policy(
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
)


def _diagnosis(tail: str, *, own: bool, grants: bool) -> Diagnosis:
    builder = SnapshotBuilder().settings(no_organization=True)
    inline = {"own": policy(allow("kms:Decrypt", KEY))} if own else {}
    builder.managed_policy(f"arn:aws:iam::{ACCOUNT}:policy/limit", TAGGED)
    builder.principal(USER, inline=inline, boundary=f"arn:aws:iam::{ACCOUNT}:policy/limit")
    builder.resource_policy(KEY, DELEGATED)
    if grants:
        builder.answer(ACCOUNT, "kms", "list-grants", {"Grants": []}, name=KEY.rpartition("/")[2], region="eu-west-1")
    return diagnose(
        f"User: {USER} is not authorized to perform: kms:Decrypt on resource: {KEY} {tail}", builder.build()
    )


BOUNDARY = "because no permissions boundary allows the kms:Decrypt action"


def test_the_headline_is_about_what_the_message_names() -> None:
    """Even if the policies of the caller are silent and a grant is not known."""
    found = _diagnosis(BOUNDARY, own=False, grants=False)
    assert "no permissions boundary allows it, as the message says; by what was supplied: " in found.headline
    assert "aws:ResourceTag/team" in found.headline


def test_a_message_about_the_own_policies_keeps_its_headline() -> None:
    """The same decision under the other message is told as before."""
    found = _diagnosis("because no identity-based policy allows the kms:Decrypt action", own=False, grants=False)
    assert found.headline.startswith("no identity-based policy allows kms:Decrypt")


def test_where_only_a_tag_is_open_the_next_command_lists_tags() -> None:
    """One command tells the tags of all resources of a Region."""
    found = _diagnosis(BOUNDARY, own=True, grants=True)
    assert found.next_command is not None
    assert found.next_command.startswith("aws resourcegroupstaggingapi get-resources --region eu-west-1 > accounts/")
