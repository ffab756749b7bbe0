"""What stands in for the service while nobody is to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from pectui.errors import RefusedHereError, UnreachableError

if TYPE_CHECKING:
    from pectui.domain.draft import Draft

_WHY = "it works with what is remembered here and asks nobody"
_HINT = "Leave out --offline to ask the service."


def refuse(what: str) -> NoReturn:
    """Says that `what` was not done because pectui is offline."""
    raise RefusedHereError(what, f"pectui is offline: {_WHY}", _HINT)


class Offline:
    """Fits `engine.service.Service`: every question fails at once."""

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> NoReturn:
        _fail()

    async def get_message(self, message_id: int) -> NoReturn:
        _fail()

    async def delete_message(self, message_id: int) -> NoReturn:
        _fail()

    async def get_send(self, code: str) -> NoReturn:
        _fail()

    async def delete_send(self, code: str) -> NoReturn:
        _fail()

    async def send(self, draft: Draft) -> NoReturn:
        _fail()

    async def get_quota(self, mailbox: str) -> NoReturn:
        _fail()

    async def aclose(self) -> None:
        """There is nothing to close."""


def _fail() -> NoReturn:
    raise UnreachableError("pectui is offline", _WHY, _HINT)
