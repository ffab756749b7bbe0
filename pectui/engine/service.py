"""What the engine asks of the service: the seven operations as the client offers them.

The engine is given an object that fits this protocol and never imports the client, so that everything that
happens over time can be tried against anything that answers.
"""

from __future__ import annotations

from typing import Protocol

from pectui.domain.draft import Dispatch, Draft
from pectui.domain.message import Listing, MailText, SendMail
from pectui.domain.quota import QuotaReading


class Service(Protocol):
    """The seven operations. Every one raises `ServiceError` (see `pectui.errors`), and nothing else."""

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        """One page; without `page` the parameter is left out, as the first question must be."""

    async def get_message(self, message_id: int) -> MailText:
        """One message with its text. NotFoundError where there is none."""

    async def delete_message(self, message_id: int) -> None:
        """Deletes what the service calls `message_id` at this moment. Tried once: looking and trying again is the
        engine's task. UnreachableError with `maybe_done` where the answer got lost."""

    async def get_send(self, code: str) -> SendMail:
        """Every mail of one send. NotFoundError where there is none."""

    async def delete_send(self, code: str) -> None:
        """Deletes everything that matches `code`, which can be more than the send. Tried once."""

    async def send(self, draft: Draft) -> Dispatch:
        """Sends one PEC. Tried once, always."""

    async def get_quota(self, mailbox: str) -> QuotaReading:
        """Use of `mailbox` in the service's own numbers."""
