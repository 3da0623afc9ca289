"""Files as text: encodings, sizes, and what to say about a file that is no text."""

from __future__ import annotations

import codecs
from pathlib import Path

from sagepass.source.errors import SourceError

MAX_SIZE = 256 * 1024 * 1024
"""Bytes of the largest file that is read unless the caller says otherwise."""

_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path, *, name: str | None = None, max_size: int = MAX_SIZE) -> str:
    """Read a whole file as text.

    UTF-8 with or without a byte order mark is read, and so is UTF-16 with one, because that is what ``>`` writes in
    Windows PowerShell. Line breaks are kept as they are.

    Args:
        path: the file.
        name: what people call it; the path by default.
        max_size: the largest number of bytes that is read.

    Raises:
        SourceError: the file is missing, unreadable, too large, compressed, binary or in another encoding.
    """
    name = name if name is not None else str(path)
    try:
        size = path.stat().st_size
        if size > max_size:
            raise _too_large(name, size, max_size)
        with path.open("rb") as file:
            data = file.read(max_size + 1)  # a pipe has no size, so the bound holds here too
    except OSError as error:
        raise _unreadable(error, name) from error
    return decode_text(data, name, max_size=max_size)


def decode_text(data: bytes, name: str, *, max_size: int = MAX_SIZE) -> str:
    """Decode what was read from a file or from standard input.

    Raises:
        SourceError: the bytes are too many, compressed, binary or in another encoding.
    """
    if len(data) > max_size:
        raise _too_large(name, len(data), max_size)
    for mark, kind in _COMPRESSED.items():
        if data.startswith(mark):
            raise SourceError(f"the file is compressed ({kind})", name=name, remedy="unpack it first")
    if data.startswith(_UTF16_MARKS):
        return _decode_utf16(data, name)
    if b"\x00" in data[:4096]:
        raise _no_text(data, name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error.start, name) from error


def _decode_utf16(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise SourceError(
            "the file begins like UTF-16 but is not valid UTF-16", name=name, remedy="save it again as UTF-8"
        ) from error


def _no_text(data: bytes, name: str) -> SourceError:
    sample = data[:4096]
    if sample[1::2].count(0) > len(sample) // 4 or sample[::2].count(0) > len(sample) // 4:
        return SourceError("the file is in UTF-16 without a byte order mark", name=name, remedy="save it as UTF-8")
    return SourceError("the file is binary, not text", name=name, remedy="give a text or JSON file")


def _not_utf8(data: bytes, position: int, name: str) -> SourceError:
    before = data[:position]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", errors="replace")) + 1
    return SourceError(
        f"the byte 0x{data[position]:02x} is not valid UTF-8",
        name=name,
        line=line,
        column=column,
        remedy="save the file as UTF-8",
    )


def _too_large(name: str, size: int, max_size: int) -> SourceError:
    return SourceError(
        f"the file has {size / 1048576:.0f} MB, more than the limit of {max_size / 1048576:.0f} MB",
        name=name,
        remedy="give only the file that the question is about, or split it by account",
    )


def _unreadable(error: OSError, name: str) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return SourceError("there is no such file", name=name, remedy="check the path")
    if isinstance(error, IsADirectoryError):
        return SourceError("this is a folder, not a file", name=name, remedy="name a file in it")
    if isinstance(error, PermissionError):
        return SourceError("the file may not be read", name=name, remedy="check its permissions")
    return SourceError(f"the file cannot be read: {(error.strerror or str(error)).lower()}", name=name)
