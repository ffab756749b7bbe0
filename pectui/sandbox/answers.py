"""What the service answers: its own words, to the letter, and how they become bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import ceil
from typing import Any, NamedTuple

from pectui.sandbox.mail import Mail
from pectui.sandbox.mailbox import Page
from pectui.sandbox.options import SendTexts

Payload = dict[str, Any]
JSON = "application/json"


class Answer(NamedTuple):
    """A status and either a payload for JSON, or a text of its own type."""

    status: int
    payload: Payload | None = None
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    media_type: str = JSON

    def encoded(self) -> bytes:
        """Letters beyond ASCII are escaped, as the vendor's PHP does."""
        if self.payload is None:
            return self.text.encode()
        return json.dumps(self.payload).encode("ascii")


def success(message: str = "", **fields: Any) -> Answer:
    return Answer(200, {**fields, "success": True, "message": message})


def failure(status: int, message: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status, {"success": False, "message": message}, headers)


UNAUTHORIZED = failure(401, "Authorization is not valid or empty")
MESSAGE_NOT_FOUND = failure(404, "Message not found")
RESULT_EMPTY = failure(404, "Result empty")
EMAIL_NOT_FOUND = failure(404, "Email not found")
INVALID_POST = failure(400, "Post parameter is not valid")
NO_SUCH_MAILBOX = failure(400, "An error occured: the requested mailbox might be unavailable")
UNKNOWN_PATH = failure(404, "Resource not found")
TOO_LARGE = failure(413, "Request too large")
MESSAGE_DELETED = success("Message deleted")
SEND_DELETED = success("Operation succefull")


def listing(page: Page, echoed: int) -> Answer:
    rows = [
        {
            "sender": mail.letter.sender,
            "recipient": mail.letter.recipient,
            "date": mail.letter.date,
            "object": mail.letter.subject,
            "id": message_id,
        }
        for message_id, mail in page.rows
    ]
    return success(data=rows, total=page.total, page=echoed, n_of_pages=page.pages)


def message(mail: Mail) -> Answer:
    """One message; it says nothing of its id."""
    letter = mail.letter
    return success(
        data={
            "sender": letter.sender,
            "recipient": letter.recipient,
            "date": letter.date,
            "object": letter.subject,
            "body": mail.body,
        }
    )


def receipts(mails: tuple[Mail, ...], texts: SendTexts) -> Answer:
    """The mails of one send; here the date is called `data` and the text `message`."""
    return success(
        data=[
            {
                "sender": mail.letter.sender,
                "recipient": mail.letter.recipient,
                "data": mail.letter.date,
                "object": mail.letter.subject,
                "message": _send_text(mail, texts),
            }
            for mail in mails
        ]
    )


def accepted(code: str, recipients: int) -> Answer:
    return success(sent=recipients, message_id=code)._replace(status=201)


def quota(usage: int, limit: int) -> Answer:
    return success(data={"usage": usage, "limit": limit})


def smtp_error(code: str) -> Answer:
    """A refused send may carry a code all the same."""
    refused = {"message_id": code, "sent": 0, "success": False}
    return Answer(500, {**refused, "message": "SMTP Error: 550 5.7.1 recipient refused by policy"})


def not_allowed(methods: Iterable[str]) -> Answer:
    return failure(405, "Method not allowed", ("allow", ", ".join(methods)))


def too_soon(seconds: float) -> Answer:
    return failure(429, "Too many requests: one per second", ("retry-after", str(ceil(seconds))))


def _send_text(mail: Mail, texts: SendTexts) -> str:
    if texts == "encoded":
        return mail.body
    if texts == "plain":
        return mail.text
    return "".join(letter if letter < "\x80" else "\ufffd" for letter in mail.text)
