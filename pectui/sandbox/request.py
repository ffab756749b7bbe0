"""One request as the service sees it: which operation, who asks, and what was posted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pectui.sandbox.options import Credentials
from pectui.sandbox.outbox import Order


class Route(NamedTuple):
    """An operation's name (of `faults.OPERATIONS`) and what its path names: an id, a code, a mailbox."""

    operation: str
    argument: str = ""


def routes(path: str) -> Mapping[str, Route]:
    """The operations behind a path, by method; empty where the service knows no such path."""
    parts = path.split("/")[1:]
    match parts:
        case ["inbox"]:
            return {"GET": Route("inbox")}
        case ["send"]:
            return {"POST": Route("send")}
        case ["inbox", argument] if argument:
            return {"GET": Route("message", argument), "DELETE": Route("delete", argument)}
        case ["send", argument] if argument:
            return {"GET": Route("receipts", argument), "DELETE": Route("delete-send", argument)}
        case ["quota", argument] if argument:
            return {"GET": Route("quota", argument)}
    return {}


def shows_token(headers: Mapping[bytes, bytes], credentials: Credentials) -> bool:
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    return scheme.lower() == b"bearer" and token.strip() == credentials.token.encode()


def shows_mailbox(headers: Mapping[bytes, bytes], credentials: Credentials) -> bool:
    return (
        headers.get(b"x-username") == credentials.username.encode()
        and headers.get(b"x-password") == credentials.password.encode()
    )


def posted(body: bytes) -> dict[str, Any] | None:
    """The JSON object in the body; None if there is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def opens_mailbox(fields: Mapping[str, Any], credentials: Credentials) -> bool:
    return fields.get("username") == credentials.username and fields.get("password") == credentials.password


def order(fields: Mapping[str, Any]) -> Order | None:
    """What is to be sent; None where a field is missing or of a wrong kind."""
    sender, subject, body = (fields.get(name) for name in ("sender", "subject", "body"))
    recipients = _recipients(fields.get("recipient"))
    attachments = _attachments(fields.get("attachments"))
    if not (isinstance(sender, str) and isinstance(subject, str) and isinstance(body, str)):
        return None
    if not _is_address(sender) or not subject.strip() or recipients is None or attachments is None:
        return None
    return Order(sender, recipients, " ".join(subject.split()), body, attachments)


def page_number(text: str | None) -> int | None:
    """A page's number; None where there is none or it is no whole number, which means the first page."""
    if text is None:
        return None
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None


def message_number(text: str) -> int | None:
    """A message's id; None where it is no plain whole number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _recipients(value: object) -> tuple[str, ...] | None:
    """One address or an array of them."""
    several = [value] if isinstance(value, str) else value
    if not isinstance(several, list) or not several:
        return None
    if not all(isinstance(one, str) and _is_address(one) for one in several):
        return None
    return tuple(several)


def _is_address(text: str) -> bool:
    local, at, domain = text.partition("@")
    return (
        bool(local and at and domain)
        and not any(sign in text for sign in ' \t\r\n,;<>"')
        and "@" not in domain
    )


def _attachments(value: object) -> tuple[tuple[str, str], ...] | None:
    """One object or an array of them: the vendor describes the one and shows the other."""
    if value is None:
        return ()
    several = [value] if isinstance(value, dict) else value
    if not isinstance(several, list):
        return None
    files: list[tuple[str, str]] = []
    for one in several:
        name, file = (one.get("name"), one.get("file")) if isinstance(one, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(file, str) or not name:
            return None
        files.append((name, file))
    return tuple(files)
