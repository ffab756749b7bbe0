"""The seven operations of the service: typed values in, typed values out, one error tree.

It fits the engine's idea of a service without knowing the engine. What can be asked again without harm is asked
again; what deletes or sends is asked once, since only a look can tell what became of it.

The log `pectui.api` tells method, path without values, status, time and try: no query, no header, no body.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import quote

from pectui.api import operations
from pectui.api.answers import Json, read_object
from pectui.api.credentials import MailboxCredentials
from pectui.api.exchange import Request, Response, Transport
from pectui.api.inquiry import Destination, Inquiry
from pectui.api.operations import Operation
from pectui.api.posted import Body
from pectui.api.refusals import refusal, rejection
from pectui.api.retry import NO_RETRIES, RetryPolicy, ask_repeatedly
from pectui.api.wire import (
    read_dispatch,
    read_listing,
    read_message,
    read_quota,
    read_send,
    require_success,
    succeeded,
    write_draft,
)
from pectui.errors import ServiceError, UsageError

if TYPE_CHECKING:
    from pectui.domain.draft import Dispatch, Draft
    from pectui.domain.message import Listing, MailText, SendMail
    from pectui.domain.quota import QuotaReading

T = TypeVar("T")
_log = logging.getLogger("pectui.api")
_LONGEST_CODE = 40

_LEAVING_SECONDS = 0.001
"""So long a question takes to go out. Where one waits for its turn, an answer is taken apart after that: the service
is at work again meanwhile."""


class PecClient:
    """One mailbox at one service. At most `concurrency` requests are under way at any time.

    `destination` only serves the words of errors. Every operation raises ServiceError; UsageError where what is
    asked can't be put into a request. Making a client raises ConfigError for secrets that HTTP can't carry.
    """

    def __init__(
        self,
        transport: Transport,
        credentials: MailboxCredentials,
        *,
        destination: Destination | None = None,
        concurrency: int = 4,
        retry: RetryPolicy | None = None,
    ) -> None:
        credentials.check()
        self._transport = transport
        self._credentials = credentials
        self._destination = destination or Destination("")
        self._places = asyncio.Semaphore(max(1, concurrency))
        self._retry = retry or RetryPolicy()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Gives the connections back."""
        await self._transport.aclose()

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        """One page of the inbox, or of what matches `query`; without `page` the parameter is left out."""
        operation = operations.SEARCH_INBOX if query else operations.LIST_INBOX
        asked = (("q", query or ""), ("page", "" if page is None else str(page)))
        pairs = tuple((name, value) for name, value in asked if value)
        inquiry = self._inquiry(operation)
        return await self._ask(inquiry, self._request(operation, "/inbox", pairs), read_listing)

    async def get_message(self, message_id: int) -> MailText:
        """One message with its text. NotFoundError where there is none."""
        inquiry = self._inquiry(operations.GET_MESSAGE, f"message {message_id}")
        request = self._request(inquiry.operation, _message_path(message_id))
        return await self._ask(inquiry, request, read_message)

    async def delete_message(self, message_id: int) -> None:
        """Deletes what the service calls `message_id` at this moment. Tried once."""
        inquiry = self._inquiry(operations.DELETE_MESSAGE, f"message {message_id}")
        request = self._request(inquiry.operation, _message_path(message_id))
        await self._ask(inquiry, request, require_success)

    async def get_send(self, code: str) -> SendMail:
        """Every mail of one send. NotFoundError where there is none."""
        request = self._request(operations.GET_SEND, _send_path(code))
        return await self._ask(self._inquiry(operations.GET_SEND, f"the send {code}"), request, read_send)

    async def delete_send(self, code: str) -> None:
        """Deletes everything that the service finds for `code`, which can be more than the send. Tried once."""
        request = self._request(operations.DELETE_SEND, _send_path(code))
        await self._ask(self._inquiry(operations.DELETE_SEND, f"the send {code}"), request, require_success)

    async def send(self, draft: Draft) -> Dispatch:
        """Sends one PEC. Tried once, always."""
        return await self._ask(self._inquiry(operations.SEND), self._posting(draft), read_dispatch)

    async def get_quota(self, mailbox: str) -> QuotaReading:
        """Use of `mailbox` in the service's own numbers."""
        request = self._request(operations.GET_QUOTA, _quota_path(mailbox))
        return await self._ask(self._inquiry(operations.GET_QUOTA), request, read_quota)

    def _inquiry(self, operation: Operation, about: str = "") -> Inquiry:
        return Inquiry(operation, self._destination, self._credentials, about)

    def _request(
        self,
        operation: Operation,
        path: str,
        query: tuple[tuple[str, str], ...] = (),
        json: Body | None = None,
    ) -> Request:
        return Request(operation.method, path, query, self._headers(operation), json, operation.timeout)

    def _posting(self, draft: Draft) -> Request:
        """`POST /send`. Made whole in here: its body holds the password, and no other frame shall see it bare."""
        body = write_draft(draft, self._credentials.username, self._credentials.password)
        return self._request(operations.SEND, "/send", json=body)

    async def _ask(self, inquiry: Inquiry, request: Request, read: Callable[[Inquiry, Json], T]) -> T:
        async def ask(attempt: int) -> T:
            response = await self._exchange(inquiry, request, attempt)
            if inquiry.operation.may_repeat and self._places.locked():
                await asyncio.sleep(_LEAVING_SECONDS)
            try:
                return _understand(inquiry, response, read)
            except ServiceError as error:
                # The frames that read the answer hold mail: the traceback begins here.
                failed = error.with_traceback(None)
            raise failed

        return await ask_repeatedly(ask, self._retry if inquiry.operation.may_repeat else NO_RETRIES)

    async def _exchange(self, inquiry: Inquiry, request: Request, attempt: int) -> Response:
        async with self._places:
            started = time.perf_counter()
            outcome = "cancelled"
            try:
                response = await self._transport.send(request)
                outcome = str(response.status)
                return response
            except ServiceError as error:
                outcome = type(error).__name__
                raise
            finally:
                milliseconds = (time.perf_counter() - started) * 1000
                _log.debug(
                    "%s: %s in %.0f ms, try %d", inquiry.operation.name, outcome, milliseconds, attempt
                )

    def _headers(self, operation: Operation) -> Mapping[str, str]:
        """The secrets as this operation wants them: `POST /send` carries the mailbox's in its body."""
        token = {"Authorization": f"Bearer {self._credentials.token}"}
        if operation is operations.SEND:
            return token
        return {
            **token,
            "x-username": self._credentials.username,
            "x-password": self._credentials.password,
        }


def _understand(inquiry: Inquiry, response: Response, read: Callable[[Inquiry, Json], T]) -> T:
    """The value in the answer, or the error that it stands for."""
    refused = refusal(inquiry, response)
    if refused is not None:
        raise refused
    answer = read_object(inquiry, response)
    if succeeded(inquiry, answer) is False:
        raise rejection(inquiry, response, answer)
    return read(inquiry, answer)


def _message_path(message_id: int) -> str:
    if isinstance(message_id, bool) or message_id < 0:
        raise UsageError("This is no message's id", "an id is a whole number from 0 up")
    return f"/inbox/{message_id}"


def _send_path(code: str) -> str:
    if not (code.isascii() and code.isdigit() and len(code) <= _LONGEST_CODE):
        raise UsageError("This is no send's code", "a code consists of digits only, such as 2020082610003492")
    return f"/send/{code}"


def _quota_path(mailbox: str) -> str:
    # A path of dots alone would be taken for the way to another path.
    if not mailbox.strip(". "):
        raise UsageError(
            "This is no mailbox's name", "it is empty or consists of dots", "INBOX is the main one."
        )
    return f"/quota/{quote(mailbox, safe='', errors='replace')}"
