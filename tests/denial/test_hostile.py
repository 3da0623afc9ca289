"""Text made to hurt is read in bounded time, without a crash."""

from __future__ import annotations

import time

import pytest

from sagepass.denial import denial_to_json, iter_denials, read_denials

_SENTENCE = "User: arn:aws:iam::123456789012:user/a is not authorized to perform: s3:GetObject on resource: "
_SIZE = 60_000
_PIECES = [
    "a", " ", "\n", "\\", '\\"', '"', "'", "`", "[", "{", "<", "(", ":", "&", "&amp;", "*", "> ", "| ", "# \n", "\x1b[", "-", "1", "\t", "\0", "\r", "<a ",
    "arn:", "arn:aws:\n", "User: ", "User:\n", '"a":{', '"key": "', '"\n"', '" +\n  "', "because no ", "with an explicit deny in a ", "the role ", "s3://",
    "could not assume role ", "failed to download ", "An error occurred (", "operation error ", "(Service: ", "Policy: ", "have permission to ", "not  ",
    "Access Denied ", "ExecutionRole [", '{"evaluatedEffect":', '{"explicitDeny":', "2026-01-01T00:00:00Z ", "arn%3A", "failed to satisfy ", "abc-\n", _SENTENCE,
    "User: a Action: s3:b Context: ", "Action:", "On resource(s): [", "Access denied while assuming ", "bucket 'a", "key 'a' in bucket 'b",
    "upload failed: a to -\n", "Insufficient Lake Formation permission(s) on ", "role arn:", "exec: a permission ", "AWS Error A_",
    "\ud800 error denied", "Encoded authorization failure message: " + "A" * 76 + "\n", "is not authori\nzed to perform xx\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", _PIECES, ids=lambda piece: ascii(piece)[:30])
def test_repeated_pieces_take_bounded_time(piece: str) -> None:
    """No pattern goes wild on a long repetition, alone or inside a sentence."""
    start = time.perf_counter()
    for text in (piece * (_SIZE // len(piece)), _SENTENCE + piece * (_SIZE // 2 // len(piece)) + " because no"):
        for denial in read_denials(text):
            denial_to_json(denial)
    assert time.perf_counter() - start < 4


def test_deep_nesting_is_no_crash() -> None:
    """Brackets nested beyond any limit are text like other text."""
    for opening in ("[", "{", '{"a":', '{"evaluations":[', '{"explicitDeny":{"context":'):
        text = '"evaluatedEffect"' + opening * 50_000 + _SENTENCE
        assert any(denial.action == "s3:GetObject" for denial in read_denials(text + "*"))


def test_terminal_codes_and_binary_are_no_part_of_what_is_read() -> None:
    """A value never carries an escape sequence that the text smuggles in."""
    (denial,) = read_denials(
        "User: arn:aws:iam::123456789012:user/\x1b[31mevil\x1b]0;title\x07\x1b[0m is not authorized to perform: s3:GetObject\x00"
    )
    assert denial.principal == "arn:aws:iam::123456789012:user/evil"
    assert list(
        iter_denials(
            ["\x00\x01\xff\udc80 An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"]
        )
    )
