"""What strangers wrote, made safe for a terminal: nothing that steers, hides or piles up gets through.

Escape codes reach the terminal through nearly every widget, bidirectional controls show a text in another order
than it has, zero-width and tag characters carry what nobody sees. So every text that is not ours passes here
where it leaves for a person. What is compared, stored or exported stays as it came.
"""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 4
"""Combining marks that one letter may carry. Living languages need three; towers of them hide other lines."""

_NOT_SHOWN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 but tab, LF and CR; DEL; C1
    "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners and other letters without a shape
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, bidirectional, invisible operators
    "\ufeff\ufff9-\ufffb"  # byte order mark, interlinear annotation
    "\ud800-\udfff"  # surrogates, half a character each
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # formats of scripts and of music
    "\U000e0000-\U000e0fff"  # tags, and the variation selectors that smuggle bytes
)
_FORBIDDEN = re.compile(f"[{_NOT_SHOWN}]+")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_RETURN_ALONE = re.compile("\r(?!\n)|[\u2028\u2029]")
_SELECTORS = re.compile("([\ufe00-\ufe0f])[\ufe00-\ufe0f]+")
# Written as what it leaves out: the long range itself takes 3 ms to compile, at each start of pectui.
_MAY_COMBINE = re.compile("[^\x00-\u02ff]")


def clean(text: str, *, keep_newlines: bool = True) -> str:
    """`text` without what a terminal would obey or nobody would see; line ends become LF, tabs stay.

    Dropped: C0 but newline and tab, DEL, C1, bidirectional controls, zero-width and tag characters, lone
    surrogates; of variation selectors in a row all but the first, of combining marks all but `MOST_MARKS`. With
    `keep_newlines=False` a newline becomes a blank.
    """
    if text.isascii() and text.isprintable():
        return text  # as most is; a mailbox has hundreds of thousands of them
    cleaned = _LINE_ENDS.sub("\n", _FORBIDDEN.sub("", text))
    if not cleaned.isascii() and _MAY_COMBINE.search(cleaned):
        cleaned = _SELECTORS.sub(r"\1", cleaned)
        if towers := _towers(cleaned):
            cleaned = towers.sub(r"\1", cleaned)
    return cleaned if keep_newlines else cleaned.replace("\n", " ")


def clean_line(text: str) -> str:
    """The same in one line: newlines and tabs become blanks."""
    return clean(text, keep_newlines=False).replace("\t", " ")


def escape_controls(text: str) -> str:
    r"""`text` as it came, what `clean` would drop written as `\x1b`, `\u202e` or `\U000e0041`.

    For the raw fields of `--json` and the raw view. Backslashes are left alone, and so is CR before LF.
    """
    escaped = _RETURN_ALONE.sub(_escape_all, _FORBIDDEN.sub(_escape_all, text))
    if escaped.isascii() or not _MAY_COMBINE.search(escaped):
        return escaped
    escaped = _SELECTORS.sub(_escape_rest, escaped)
    towers = _towers(escaped)
    return towers.sub(_escape_rest, escaped) if towers else escaped


def _towers(text: str) -> re.Pattern[str] | None:
    """What finds the marks that are too many. Asking only about characters that occur keeps the class small."""
    marks = "".join(sorted(mark for mark in set(text) if unicodedata.category(mark) in ("Mn", "Me")))
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})[{marks}]+") if marks else None


def _escape_all(match: re.Match[str]) -> str:
    return "".join(map(_escape, match[0]))


def _escape_rest(match: re.Match[str]) -> str:
    return match[1] + "".join(map(_escape, match[0][len(match[1]) :]))


def _escape(character: str) -> str:
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
