"""The service says no: from a status to an error whose words a user can act on.

The service says the same for a wrong token and a wrong mailbox password, so both are named, with the place that
each came from. Its own message is always shown.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pectui.api.answers import Json, is_web_page, parse, show_page, show_text
from pectui.api.excerpt import MESSAGE_LENGTH, clean
from pectui.api.exchange import Response
from pectui.api.inquiry import Inquiry
from pectui.api.wire import read_code, service_message
from pectui.errors import (
    NotFoundError,
    ProtocolError,
    RateLimitedError,
    RefusedError,
    RejectedError,
    RelayError,
    ServiceError,
)

# The service's own words, for answers that say no with status 200.
_STATUS_OF_WORDS = {
    "authorization is not valid or empty": 401,
    "message not found": 404,
    "result empty": 404,
    "email not found": 404,
}
_LOOKED_AT = 1_000
_MAILBOX_HINT = "Check the name of the mailbox; INBOX is the main one."


class UnavailableError(RejectedError):
    """500 to 504. `retry_after` is in seconds, None where the service named no time."""

    def __init__(
        self,
        title: str,
        detail: str = "",
        hint: str = "",
        *,
        status: int,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(title, detail, hint, status=status, code=code)
        self.retry_after = retry_after


def refusal(inquiry: Inquiry, response: Response) -> ServiceError | None:
    """The error that the answer's status stands for, None for 2xx."""
    if 200 <= response.status < 300:
        return None
    if 300 <= response.status < 400:
        return _redirected(inquiry, response)
    answer = _object_or_none(response)
    error = _by_status(inquiry, response, response.status, answer, _said(inquiry, response, answer))
    if is_web_page(response.body):
        error.title = f"The service answered with a web page ({response.status})"
        error.args = (error.title,)
    return error


def rejection(inquiry: Inquiry, response: Response, answer: Json) -> ServiceError:
    """The error for `success: false` with a status of success."""
    words = service_message(answer)
    status = _STATUS_OF_WORDS.get(clean(words).casefold().rstrip(". "), response.status)
    if "mysql error" in words[:_LOOKED_AT].casefold():
        status = 500  # the words of its 500 (`api.md`): whatever status they come with, they don't say what was done
    return _by_status(inquiry, response, status, answer, _said(inquiry, response, answer))


def _by_status(
    inquiry: Inquiry, response: Response, status: int, answer: Json | None, said: str
) -> ServiceError:
    operation = inquiry.operation
    code = None if answer is None else read_code(answer)
    if answer is not None and _relay_refused(inquiry, answer):
        return RelayError(
            "The mail relay refused the message",
            said,
            "It was not sent. Check the recipients and the attachments.",
            status=status,
            code=code,
        )
    if status == 401:
        return RefusedError(
            "The service refused the credentials (401)", said, _credentials_hint(inquiry), status=401
        )
    if status == 402:
        return _payment(inquiry, said)
    if status == 403:
        return RefusedError("The token lacks a right (403)", said, _scope_hint(inquiry), status=403)
    if status == 404:
        return _not_found(inquiry, answer, said)
    if status == 429:
        wait = _retry_after(response)
        hint = "Try again later." if wait is None else f"Try again in {wait:.0f} s."
        return RateLimitedError("Too many requests (429)", said, hint, retry_after=wait)
    if status >= 500:
        hint = "Look whether it was done before trying again."
        return UnavailableError(
            f"The service failed ({status})",
            said,
            "Try again later." if operation.may_repeat else hint,
            status=status,
            code=code,
            retry_after=_retry_after(response),
        )
    title = f"The service refused the request ({status})" if status >= 400 else "The service says no"
    return RejectedError(title, said, _request_hint(inquiry, status), status=status, code=code)


def _relay_refused(inquiry: Inquiry, answer: Json) -> bool:
    """Whether a send was refused by SMTP: it says so, names a code and says of no recipient that it went out."""
    words = service_message(answer)[:_LOOKED_AT].casefold()
    sent = answer.get("sent")
    return (
        inquiry.operation.method == "POST"
        and read_code(answer) is not None
        and re.search(r"\bsmtp\b", words) is not None
        and (not sent or sent == "0")
        and answer.get("success") is not True
    )


def _redirected(inquiry: Inquiry, response: Response) -> ProtocolError:
    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    where = inquiry.quote(host) if host else "another page of its own"
    return ProtocolError(
        f"The service redirected the request ({response.status})",
        f"{inquiry.operation.name}: it pointed to {where}, and pectui does not follow, "
        "since the mailbox's password would go along",
        "Check the base URL: is it https, and the right host?",
    )


def _payment(inquiry: Inquiry, said: str) -> RefusedError:
    if inquiry.operation.method == "POST" and "token" not in said.casefold():
        return RefusedError(
            "The account has no credit left (402)",
            said,
            "This message was not sent. Top up the wallet of the account that the token belongs to.",
            status=402,
        )
    return RefusedError(
        "The service refused the token or wants credit (402)", said, _credentials_hint(inquiry), status=402
    )


_NOT_THERE = frozenset({"message not found", "email not found", "result empty"})
"""The service's own words for it."""


def _not_found(inquiry: Inquiry, answer: Json | None, said: str) -> ServiceError:
    """404 of the service itself means that the message or send isn't there; anybody else's means nothing.

    A gateway's page must never pass for the news that a message is gone.
    """
    ours = answer is not None and (answer.get("success") is False or said.casefold() in _NOT_THERE)
    if inquiry.operation.names_one and ours:
        about = inquiry.about or "what was asked for"
        return NotFoundError(
            f"The mailbox doesn't hold {about}",
            said,
            "It may have been deleted or renumbered meanwhile.",
            status=404,
        )
    host = inquiry.destination.host
    hint = f"Check the base URL: is {host} the PEC Massiva service?" if host else "Check the base URL."
    if inquiry.operation.template.startswith("/quota"):
        hint = f"{_MAILBOX_HINT} {hint}"
    return RejectedError(
        "The service doesn't know this request (404)",
        f"{inquiry.operation.name}: {said}",
        hint,
        status=404,
    )


def _request_hint(inquiry: Inquiry, status: int) -> str:
    if status == 413:
        return "The message is too large for the service."
    if inquiry.operation.template.startswith("/quota"):
        return _MAILBOX_HINT
    if inquiry.operation.method == "POST":
        return "Check the sender, the recipients and the attachments."
    return "Try again later; `pectui doctor` looks at what is set up."


def _credentials_hint(inquiry: Inquiry) -> str:
    to = inquiry.destination
    token = f"the token (from {to.token_source})" if to.token_source else "the token"
    password = f"password (from {to.password_source})" if to.password_source else "password"
    other = {"production": "sandbox", "sandbox": "production"}.get(to.environment)
    place = to.host or "this service"
    own = f"made for {to.environment} ({place})" if to.environment else f"made for {place}"
    against = f", not for {other}" if other else ""
    return (
        "It says the same for a wrong token and for a wrong mailbox password. "
        f"Check {token}: is it {own}{against}, and still valid? "
        f"Check the mailbox's user name and {password}."
    )


def _scope_hint(inquiry: Inquiry) -> str:
    to = inquiry.destination
    source = f" (from {to.token_source})" if to.token_source else ""
    scope = inquiry.operation.scope(to.host or "HOST")
    return f"The token{source} needs the scope {scope}: make a new one with it."


def _said(inquiry: Inquiry, response: Response, answer: Json | None) -> str:
    """The service's own words; without any, what it sent instead."""
    if answer is not None:
        words = inquiry.quote(service_message(answer), MESSAGE_LENGTH)
        code = read_code(answer)
        told = f"the service says “{words}”" if words else "the service gives no reason"
        return f"{told}, and names the send {code}" if code else told
    if is_web_page(response.body):
        return f"it says {show_page(inquiry, response.body)}"
    shown = show_text(inquiry, response.body)
    return f"the service says {shown}" if shown else "the service gives no reason"


def _object_or_none(response: Response) -> Json | None:
    try:
        value = parse(response.body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _retry_after(response: Response) -> float | None:
    """`Retry-After` in seconds from now: a number or a date. None where it is neither."""
    value = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value, re.ASCII):
        return float(value)
    moment = _moment(value)
    if moment is None:
        return None
    # The service's own clock, where it tells it, counts for its own dates.
    now = _moment(response.headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (moment - now).total_seconds())


def _moment(value: str) -> datetime | None:
    if not value:
        return None
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
