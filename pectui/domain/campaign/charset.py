"""The bytes of a table as text, in whatever a spreadsheet has written them.

Excel writes UTF-8 with a byte order mark, UTF-16 with one ("Unicode text") or the country's old code page (cp1252).
A wrong guess would send letters such as `CittÃ` to thousands of people: where the bytes speak for none of them, or for
two, that is an error and no guess.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pectui.domain.campaign.problem import Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_SAVE_IT = "save the file as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text without its mark, and how it was encoded, in words."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded | Problem:
    """The text of `data`, or what is wrong with it."""
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], codec, name)
    try:
        return _without_nul(Decoded(data.decode("utf-8"), "UTF-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if _is_broken_utf8(data):
            return Problem(line, "", f"the file is UTF-8, but not here: {_SAVE_IT}")
    return _strictly(data, "cp1252", "cp1252")


def _strictly(data: bytes, codec: str, name: str) -> Decoded | Problem:
    try:
        return _without_nul(Decoded(data.decode(codec), name))
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(codec, "replace").count("\n") + 1
        return Problem(line, "", f"these bytes are no text in {name}: {_SAVE_IT}")


def _without_nul(decoded: Decoded) -> Decoded | Problem:
    at = decoded.text.find("\0")
    if at < 0:
        return decoded
    return Problem(decoded.text.count("\n", 0, at) + 1, "", f"there is a NUL character: {_SAVE_IT}")


def _is_broken_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII reads as UTF-8: in cp1252 hardly anything does."""
    text = data.decode("utf-8", "surrogateescape")
    broken = len(_ESCAPED.findall(text))
    return len(_BEYOND_ASCII.findall(text)) - broken > broken
