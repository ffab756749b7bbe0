"""The sandbox as a pure ASGI application: in process for the demo and tests, on loopback through `serve`.

A fault that breaks the connection raises ConnectionResetError out of the application, before or after the deed:
in process it reaches the caller, and the loopback server turns it into a reset.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from datetime import UTC, datetime
from typing import Any

from pectui.sandbox import answers, request, spoil
from pectui.sandbox.answers import Answer
from pectui.sandbox.faults import Fault, FaultKind, FaultSchedule
from pectui.sandbox.mailbox import Clock, Mailbox
from pectui.sandbox.options import DEMO_CREDENTIALS, Credentials, Options
from pectui.sandbox.outbox import refusing

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 150 * 1024 * 1024
"""In octets: a message of 100 MB in base64, and some."""

_FOLDERS = ("inbox", "sent", "drafts", "trash")


def real_clock() -> datetime:
    return datetime.now(UTC)


def create_app(
    options: Options | None = None,
    *,
    credentials: Credentials = DEMO_CREDENTIALS,
    faults: Iterable[Fault] = (),
    clock: Clock = real_clock,
) -> SandboxApp:
    """A sandbox with a mailbox of its own. The same options and the same clock give the same bytes."""
    return SandboxApp(options or Options(), credentials, faults, clock)


class SandboxApp:
    """One mailbox behind the seven operations. `mailbox` is there for tests to act as another client."""

    def __init__(
        self, options: Options, credentials: Credentials, faults: Iterable[Fault], clock: Clock
    ) -> None:
        self.options = options
        self.credentials = credentials
        self.mailbox = Mailbox(options, clock)
        self.requests: list[tuple[str, str]] = []
        """Method and path of every request, in their order, those that were refused too."""
        self.targets: list[str] = []
        """The same with the query: `GET /inbox?page=2`."""
        self.set_faults(*faults)

    def set_faults(self, *faults: Fault) -> None:
        """From now on these strike, counted from the start, and no others."""
        self._schedule = FaultSchedule(faults, self.options.seed)

    def count(self, method: str, path: str = "/") -> int:
        """How many requests there were with this method and a path that begins so."""
        return sum(1 for seen, at in self.requests if seen == method and at.startswith(path))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        method, path, query = scope["method"], scope["path"], scope.get("query_string", b"").decode("latin-1")
        self.requests.append((method, path))
        self.targets.append(f"{method} {path}{'?' if query else ''}{query}")
        headers = dict(scope["headers"])
        body = await _body(receive)
        known = request.routes(path)
        route = known.get(method)
        if route is None:
            await _answer(send, answers.not_allowed(known) if known else answers.UNKNOWN_PATH, ())
            return
        struck = self._schedule.striking(route.operation)
        await _wait(sum(fault.amount for fault in struck if fault.kind is FaultKind.LATENCY))
        kinds = {fault.kind for fault in struck}
        if FaultKind.RESET_BEFORE in kinds:
            raise ConnectionResetError("the sandbox broke the connection before the deed")
        answer = next((no for no in map(spoil.refusal, struck) if no is not None), None)
        if answer is None:
            answer = self._do(route, headers, query, body, FaultKind.SAME_PAGE in kinds)
            if FaultKind.RESET_AFTER in kinds:
                raise ConnectionResetError("the sandbox broke the connection after the deed")
            for fault in struck:
                answer = spoil.spoil(answer, fault)
        await _answer(send, answer, struck)

    def _do(
        self, route: request.Route, headers: dict[bytes, bytes], query: str, body: bytes | None, stuck: bool
    ) -> Answer:
        if not request.shows_token(headers, self.credentials):
            return answers.UNAUTHORIZED
        if route.operation == "send":
            return self._send(body)
        if not request.shows_mailbox(headers, self.credentials):
            return answers.UNAUTHORIZED
        match route.operation:
            case "inbox":
                return self._list(query, stuck)
            case "message":
                return self._read(route.argument)
            case "delete":
                return self._delete(route.argument)
            case "receipts":
                mails = self.mailbox.of_send(route.argument)
                return answers.receipts(mails, self.options.send_texts) if mails else answers.RESULT_EMPTY
            case "delete-send":
                deleted = self.mailbox.delete_send(route.argument)
                return answers.SEND_DELETED if deleted else answers.EMAIL_NOT_FOUND
            case _:
                return self._quota(route.argument)

    def _list(self, query: str, stuck: bool) -> Answer:
        from urllib.parse import parse_qs

        fields = {key: values[-1] for key, values in parse_qs(query, errors="replace").items()}
        number = request.page_number(fields.get("page"))
        page = self.mailbox.page(None if stuck else number, fields.get("q", "").strip())
        if not self.options.echo_page:
            return answers.listing(page, page.pages)
        return answers.listing(page, number if stuck and number is not None else page.number)

    def _read(self, argument: str) -> Answer:
        number = request.message_number(argument)
        mail = None if number is None else self.mailbox.read(number)
        return answers.MESSAGE_NOT_FOUND if mail is None else answers.message(mail)

    def _delete(self, argument: str) -> Answer:
        number = request.message_number(argument)
        if number is not None and self.mailbox.delete(number):
            return answers.MESSAGE_DELETED
        gone = self.options.delete_missing == "not-found"
        return answers.MESSAGE_NOT_FOUND if gone else answers.MESSAGE_DELETED

    def _quota(self, argument: str) -> Answer:
        if argument.casefold() not in _FOLDERS:
            return answers.NO_SUCH_MAILBOX
        return answers.quota(self.mailbox.usage, self.mailbox.limit)

    def _send(self, body: bytes | None) -> Answer:
        if body is None:
            return answers.TOO_LARGE
        fields = request.posted(body)
        if fields is None:
            return answers.INVALID_POST
        if not request.opens_mailbox(fields, self.credentials):
            return answers.UNAUTHORIZED
        order = request.order(fields)
        if order is None:
            return answers.INVALID_POST
        wait = self.mailbox.too_soon()
        if wait:
            return answers.too_soon(wait)
        if refusing(order):
            return answers.smtp_error(self.mailbox.new_code())
        return answers.accepted(self.mailbox.send(order), len(order.recipients))


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None if it is too large. What is too large is read to its end and thrown away."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        size += len(message.get("body", b""))
        if size <= LARGEST_BODY:
            chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks) if size <= LARGEST_BODY else None


async def _answer(send: Send, answer: Answer, struck: tuple[Fault, ...]) -> None:
    body = answer.encoded()
    headers = [("content-type", answer.media_type), ("content-length", str(len(body))), *answer.headers]
    raw = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    if any(fault.kind is FaultKind.RESET_DURING for fault in struck):
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        raise ConnectionResetError("the sandbox broke the connection in the middle of the answer")
    pace = next((fault.amount for fault in struck if fault.kind is FaultKind.DRIP), 0.0)
    if pace:
        # Ten pieces a second, so that a reader sees a trickle and not a few bursts.
        step = max(1, round(pace / 10))
        for start in range(0, len(body), step):
            await send({"type": "http.response.body", "body": body[start : start + step], "more_body": True})
            await _wait(step / pace)
        body = b""
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _wait(seconds: float) -> None:
    if seconds > 0:
        # The demo never waits, and must not pay for the import.
        from asyncio import sleep

        await sleep(seconds)


async def _live(receive: Receive, send: Send) -> None:
    """The protocol of servers that announce their start and end; the sandbox has nothing to do at either."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
