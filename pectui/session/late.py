"""The service, opened when it is first asked: a command that gives a secret may take its time, or ask for a PIN.

What is remembered can be shown meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pectui.api.client import PecClient
    from pectui.domain.draft import Dispatch, Draft
    from pectui.domain.message import Listing, MailText, SendMail
    from pectui.domain.quota import QuotaReading


class Late:
    """Fits `engine.service.Service`. Until `make` has succeeded, each question may also raise ConfigError."""

    def __init__(self, make: Callable[[], Awaitable[PecClient]]) -> None:
        self._make = make
        self._made: PecClient | None = None
        self._making = asyncio.Lock()

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        return await (await self._service()).list_inbox(page, query)

    async def get_message(self, message_id: int) -> MailText:
        return await (await self._service()).get_message(message_id)

    async def delete_message(self, message_id: int) -> None:
        await (await self._service()).delete_message(message_id)

    async def get_send(self, code: str) -> SendMail:
        return await (await self._service()).get_send(code)

    async def delete_send(self, code: str) -> None:
        await (await self._service()).delete_send(code)

    async def send(self, draft: Draft) -> Dispatch:
        return await (await self._service()).send(draft)

    async def get_quota(self, mailbox: str) -> QuotaReading:
        return await (await self._service()).get_quota(mailbox)

    async def aclose(self) -> None:
        """Gives the connections back, if there are any."""
        if self._made is not None:
            await self._made.aclose()

    async def _service(self) -> PecClient:
        async with self._making:
            if self._made is None:
                self._made = await self._make()
            return self._made
