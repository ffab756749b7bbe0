"""Bodies as the service hands them out, made readable: unescaped, in the right character set, HTML as text.

The service says that a body is x-www-form-urlencoded and gives plain text in its own example, so each body has
to say itself what it is. A wrong guess costs legibility only: comparisons and exports use the body as it came.
"""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass

from pectui.text.clean import clean

_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_ESCAPES = re.compile("(?:%[0-9A-Fa-f]{2})+")
_ESCAPES_IN_BYTES = re.compile(b"(?:%[0-9A-Fa-f]{2})+")
"""Whole runs of escapes: the standard library's unquoting takes three times as long for 5 MB of letters like `è`."""
_FOREIGN = re.compile(r"[^A-Za-z0-9*\-._~%+\s]")
"""What form encoding never leaves as it is."""
_BLANK = re.compile(r"\s")
_BLANK_IN_LINE = re.compile(r"[^\S\r\n]")
_ADDRESS_OR_URL = re.compile(r"[^\s@%:/=&]+@[^\s@%:/=&+]+\.[A-Za-z]+|[Hh][Tt][Tt][Pp][Ss]?://\S+")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(
    r"<!doctype\s+html|</?(?:a|abbr|address|article|b|big|blockquote|body|br|caption|center|code|col|dd|del|div|dl"
    r"|dt|em|figure|font|footer|form|h[1-6]|head|header|hr|html|i|img|ins|li|link|main|meta|nav|ol|p|pre|q|s"
    r"|section|small|span|strike|strong|style|script|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_SEARCHED = 200_000
"""Characters. HTML begins with a tag or soon has one; millions of `<` take seconds to look through."""
_CP1252 = "".join(
    bytes([byte]).decode("latin-1" if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252")
    for byte in range(256)
)
"""cp1252 with a meaning for each byte: the five that it leaves open are what latin-1 makes of them."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A body as a person reads it, cleaned for the terminal."""

    text: str
    is_html: bool
    truncated_characters: int = 0
    """How many characters of the decoded body (of its HTML, if it is that) were left out for the limit."""


def decode_body(raw: str) -> str:
    """The body behind its x-www-form-urlencoding, or `raw` where it has none. Never fails.

    - Escapes or `+` and no raw blanks: decoded. A lone address or URL stays: its `+` and `%20` are its own.
    - Raw blanks and no escapes: left as it is.
    - Raw blanks and escapes: if there is anything that form encoding would not have left (`:`, `/`, `é`), it is
      text with a URL or a percentage in it, and stays. Else the escapes are decoded; `+` stays, since blanks are
      there as themselves ("Perch%E9 no"), unless newlines are the only ones: then it is an encoding in lines.

    Escaped bytes are UTF-8 if all of them are valid so, else cp1252; malformed escapes stay.
    """
    body = raw.strip()
    escaped = _ESCAPE.search(body) is not None
    if not escaped and "+" not in body:
        return raw
    if not _BLANK.search(body):
        return raw if _ADDRESS_OR_URL.fullmatch(body) else _unescape(raw.replace("+", " "))
    if not escaped or _FOREIGN.search(body):
        return raw
    return _unescape(raw if _BLANK_IN_LINE.search(body) else raw.replace("+", " "))


def looks_like_html(text: str) -> bool:
    """True if there is a tag that mail is written with. `a < b` and `Mario <m@x.it>` are none."""
    return _TAG.search(text, 0, _SEARCHED) is not None


def readable(raw: str, limit: int | None = None) -> Readable:
    """`raw` decoded, HTML turned into plain text, cleaned; of a longer body only the first `limit` characters."""
    return readable_decoded(decode_body(raw), limit)


def readable_decoded(decoded: str, limit: int | None = None) -> Readable:
    """The same for a body that is decoded already."""
    is_html = looks_like_html(decoded)
    shown = decoded
    if limit is not None and len(decoded) > limit:
        shown = decoded[: _cut(decoded, limit) if is_html else limit]
    if is_html:
        from pectui.text.html import html_to_text  # the parser is loaded with the first HTML body only

        text = html_to_text(shown)
    else:
        # Text that was made of HTML often keeps its character references.
        text = clean(_REFERENCE.sub(lambda match: html.unescape(match[0]), shown))
    return Readable(text=text, is_html=is_html, truncated_characters=len(decoded) - len(shown))


def _cut(markup: str, limit: int) -> int:
    """Where to cut HTML: before a tag that `limit` would cut through, unless nothing were left."""
    opening = markup.rfind("<", 0, limit)
    return opening if opening > 0 and markup.find(">", opening, limit) < 0 else limit


def _unescape(text: str) -> str:
    if text.isascii():
        return _decode(_ESCAPES_IN_BYTES.sub(_octets, text.encode("ascii")))
    runs = [bytes.fromhex(run.replace("%", "")) for run in _ESCAPES.findall(text)]
    try:
        decoded = iter([run.decode("utf-8") for run in runs])
    except UnicodeDecodeError:
        decoded = iter([_decode_cp1252(run) for run in runs])
    return _ESCAPES.sub(lambda _: next(decoded), text)


def _octets(run: re.Match[bytes]) -> bytes:
    return bytes.fromhex(run[0].replace(b"%", b"").decode("ascii"))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_cp1252(data)


def _decode_cp1252(data: bytes) -> str:
    return codecs.charmap_decode(data, "strict", _CP1252)[0]
