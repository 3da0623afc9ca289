"""Where networks and dates end: an address of the other version, a moment after the last year that can be written."""

from __future__ import annotations

from typing import Any

import pytest
from tests.proof.policies import document

from sagepass.policy.document import Document
from sagepass.proof import Verdict, compare_documents
from sagepass.proof.checker import check

IP, TIME = "aws:SourceIp", "aws:CurrentTime"
LAST = "9999-12-31T23:59:59Z"
THERE = {"Null": {IP: "false"}}
Condition = dict[str, dict[str, Any]]


def policy(*conditions: Condition) -> Document:
    """An Allow under each of some conditions."""
    allow = {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*"}
    return document({"Version": "2012-10-17", "Statement": [{**allow, "Condition": item} for item in conditions]})


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([], [{"NotIpAddress": {IP: "0.0.0.0/0"}, **THERE}], Verdict.REFUTED),
        ([], [{"NotIpAddress": {IP: "::/0"}, **THERE}], Verdict.REFUTED),
        ([{"IpAddress": {IP: "0.0.0.0/0"}}], [THERE], Verdict.REFUTED),
        ([{"IpAddress": {IP: ["0.0.0.0/0", "::/0"]}}], [THERE], Verdict.PROVEN),
        ([{"IpAddress": {IP: ["0.0.0.0/1", "128.0.0.0/1"]}}], [{"IpAddress": {IP: "0.0.0.0/0"}}], Verdict.PROVEN),
        ([], [{"DateGreaterThan": {TIME: LAST}}], Verdict.REFUTED),
        ([{"DateLessThan": {TIME: LAST}}], [{"Null": {TIME: "false"}}], Verdict.REFUTED),
        ([], [{"DateGreaterThan": {TIME: "9999-12-31T23:59:59.999999Z"}}], Verdict.UNKNOWN),
    ],
)
def test_nothing_is_proven_beyond_the_end(old: list[Condition], new: list[Condition], verdict: Verdict) -> None:
    """An address outside of all networks of one version can be of the other; a date that cannot be written is not shown to be none."""
    found = compare_documents(policy(*old) if old else [], policy(*new))
    assert found.verdict is verdict
    if found.certificate is not None:
        check(found.certificate.to_json())
