"""From bytes to a JSON object, or to one error that says what came instead.

It knows JSON and web pages and no field of the service. Texts of mail never become part of an error: of what
looks like JSON, which may hold them, only the shape is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pectui.api.exchange import Response
from pectui.api.inquiry import Inquiry
from pectui.errors import ProtocolError

Json = Mapping[str, object]
# Hostile pages can be made to keep a pattern busy for long; an excerpt needs no more than this.
_LOOKED_AT = 4_000


class UnreadableError(ProtocolError):
    """No JSON at all: a web page, half an answer, another charset. It may come right when asked again."""


def read_object(inquiry: Inquiry, response: Response) -> Json:
    """The answer's JSON object. UnreadableError where it is no JSON, ProtocolError where it is another value."""
    problem = ""
    try:
        value = parse(response.body)
    except (ValueError, RecursionError) as error:
        problem = _why_unreadable(error, response.body)
    # Raised out here: the parser's error holds the whole document.
    if is_web_page(response.body):
        raise UnreadableError(
            f"The service answered with a web page ({response.status})",
            f"{inquiry.operation.name}: {show_page(inquiry, response.body)}",
            "Check the base URL; else try again later.",
        )
    if problem:
        shown = show_text(inquiry, response.body)
        raise UnreadableError(
            "The service's answer can't be read",
            f"{inquiry.operation.name}: {problem}{': ' if shown else ''}{shown}",
            "Try again; if it stays so, something between here and the service changes its answers.",
        )
    if not isinstance(value, dict):
        raise wrong_shape(inquiry, f"a JSON object was expected, {describe(value)} came")
    return value


def parse(body: bytes) -> object:
    """The JSON value in `body`: UTF-8, with or without a byte order mark. ValueError or RecursionError if not.

    Python's NaN and Infinity, which JSON doesn't have, become null.
    """
    return json.loads(body.decode("utf-8-sig"), parse_constant=lambda _name: None)


def wrong_shape(inquiry: Inquiry, detail: str) -> ProtocolError:
    """The error for JSON that isn't what this operation's answer should be."""
    return ProtocolError(
        "The service's answer makes no sense",
        f"{inquiry.operation.name}: {detail}",
        "Check the base URL: is it the PEC Massiva service? Else try again later.",
    )


def describe(value: object) -> str:
    """The shape of a JSON value, without its content."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def is_web_page(body: bytes) -> bool:
    """True for HTML and XML: no JSON starts like that."""
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def show_page(inquiry: Inquiry, body: bytes) -> str:
    """A web page's title, or the beginning of its text."""
    import re

    page = body[:_LOOKED_AT].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>(.{1,500}?)</title", page, re.IGNORECASE | re.DOTALL)
    text = (
        title[1] if title else re.sub(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", page, flags=re.I | re.S)
    )
    shown = inquiry.quote(text)
    return f"“{shown}”" if shown else "an empty page"


def _why_unreadable(error: Exception, body: bytes) -> str:
    if not body.strip():
        return "it is empty"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "it is not in UTF-8"
    if isinstance(error, json.JSONDecodeError):
        # Half an answer ends inside something; position and length are safe to tell, the text there is not.
        cut = body.lstrip()[:1] in (b"{", b"[") and body.rstrip()[-1:] not in (b"}", b"]")
        return f"it breaks off after {len(body)} bytes" if cut else "it is no JSON"
    return "it holds a number that is too long"


def show_text(inquiry: Inquiry, body: bytes) -> str:
    """The beginning of what came; "" where that could be a part of somebody's mail."""
    start = body[:200]
    if not start.isascii() or any(sign in start for sign in b'{["\0'):
        return ""
    shown = inquiry.quote(body[:_LOOKED_AT].decode("utf-8", "replace"))
    return f"“{shown}”" if shown else ""
