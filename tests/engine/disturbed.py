"""A service on a bad line: things happen right before or after a DELETE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pectui.domain.draft import Dispatch, Draft
from pectui.domain.message import Listing, MailText, SendMail
from pectui.domain.quota import QuotaReading
from pectui.engine.service import Service
from tests.engine.conftest import Bench


@dataclass
class Disturbed:
    """The service with something that happens right before or after a DELETE, as on a bad line."""

    service: Service
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        return await self.service.list_inbox(page, query)

    async def get_message(self, message_id: int) -> MailText:
        return await self.service.get_message(message_id)

    async def delete_message(self, message_id: int) -> None:
        self.before()
        await self.service.delete_message(message_id)
        self.after()

    async def get_send(self, code: str) -> SendMail:
        return await self.service.get_send(code)

    async def delete_send(self, code: str) -> None:
        await self.service.delete_send(code)

    async def send(self, draft: Draft) -> Dispatch:
        return await self.service.send(draft)

    async def get_quota(self, mailbox: str) -> QuotaReading:
        return await self.service.get_quota(mailbox)


def once(error: Exception) -> Callable[[], None]:
    """Raises `error` the first time it is called."""
    left = [error]

    def fire() -> None:
        if left:
            raise left.pop()

    return fire


def always(error: Exception) -> Callable[[], None]:
    def fire() -> None:
        raise error

    return fire


def disturb(
    mailbox: Bench, *, before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None
) -> None:
    service: Any = Disturbed(mailbox.service, before, after)
    mailbox.service = service
