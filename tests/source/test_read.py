"""Reading files: encodings and everything that is not text."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sagepass.source.errors import SourceError
from sagepass.source.read import read_text

READ = [
    ("plain.json", b'{"a": "\xc3\xa9"}\r\n', '{"a": "é"}\r\n'),
    ("bom.json", b"\xef\xbb\xbf[]", "[]"),
    ("powershell.json", "[1]".encode("utf-16"), "[1]"),
    ("big-endian.json", b"\xfe\xff" + "[1]".encode("utf-16-be"), "[1]"),
]
REFUSED: list[tuple[str, bytes, str, tuple[int | None, int | None]]] = [
    ("latin.json", b'{\n "a": "\xe9"}', "0xe9 is not valid UTF-8", (2, 8)),
    ("no-mark.json", '{"a": 1}'.encode("utf-16-le"), "UTF-16 without a byte order mark", (None, None)),
    ("broken.json", b"\xff\xfe\x00", "not valid UTF-16", (None, None)),
    ("image.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary", (None, None)),
    ("packed.json", gzip.compress(b"{}"), "compressed (gzip)", (None, None)),
    ("packed.zip", b"PK\x03\x04rest", "compressed (zip)", (None, None)),
]


@pytest.mark.parametrize(("name", "data", "text"), READ, ids=[row[0] for row in READ])
def test_encodings_that_people_have(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    """UTF-8 with and without a mark, and UTF-16 as PowerShell writes it; line breaks stay as they are."""
    (tmp_path / name).write_bytes(data)
    assert read_text(tmp_path / name) == text


@pytest.mark.parametrize(("name", "data", "message", "place"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_text(
    tmp_path: Path, name: str, data: bytes, message: str, place: tuple[int | None, int | None]
) -> None:
    """Each kind of file that cannot be read is called by its name, with a remedy."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError) as refused:
        read_text(tmp_path / name, name=name)
    assert message in refused.value.message
    assert (refused.value.line, refused.value.column) == place
    assert refused.value.remedy


def test_missing_file_folder_and_size(tmp_path: Path) -> None:
    """A path that is no file, and a file over the limit, are refused without reading."""
    with pytest.raises(SourceError, match="no such file"):
        read_text(tmp_path / "absent.json")
    with pytest.raises(SourceError, match="a folder, not a file"):
        read_text(tmp_path)
    (tmp_path / "big.json").write_text("x" * 100)
    with pytest.raises(SourceError, match="more than the limit"):
        read_text(tmp_path / "big.json", max_size=50)
