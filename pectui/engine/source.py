"""The service's listing as one round of a sync reads it: its first page, and any others, several at once."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable

from pectui.domain.message import Listing
from pectui.engine.in_order import in_order
from pectui.engine.numbering import Numbering
from pectui.engine.service import Service
from pectui.errors import ProtocolError

MOST_MESSAGES = 500_000
"""More than a mailbox of one gigabyte can hold."""

_MOST_WARNINGS = 20


class Source:
    """`concurrency` is how many pages may be asked for at once. What the service is warned of gathers in `warnings`."""

    def __init__(self, service: Service, concurrency: int) -> None:
        self.opening = Listing((), None, None, None)
        """The first page, as it was when this round began."""
        self.numbers = Numbering(service)
        self.warnings: list[str] = []
        """What the user should hear of, each once."""
        self._service = service
        self._concurrency = concurrency
        self._asked_before = 0

    @property
    def asked(self) -> int:
        """For how many pages the service was asked."""
        return self._asked_before + self.numbers.asked

    async def open(self) -> Listing:
        """Reads the first page: a new round begins."""
        self._asked_before = self.asked
        self.numbers = Numbering(self._service)
        self.opening = _believable(await self.numbers.open())
        self._note(self.opening)
        return self.opening

    def pages(self, numbers: Iterable[int]) -> AsyncGenerator[tuple[int, Listing], None]:
        """These pages, in this order; the first one is not read again."""
        wanted = iter(numbers)
        return self.as_named(lambda: next(wanted, None))

    def as_named(self, following: Callable[[], int | None]) -> AsyncGenerator[tuple[int, Listing], None]:
        """The pages that `following` names, for as long as it names any."""
        return in_order(self._page, following, self._concurrency)

    def warn(self, told: str) -> None:
        if len(self.warnings) < _MOST_WARNINGS and told not in self.warnings:
            self.warnings.append(told)

    async def _page(self, number: int) -> Listing:
        if number == 1:
            return self.opening
        return await self.again(number)

    async def again(self, number: int) -> Listing:
        """Page `number`, at least 2, asked for now."""
        listing = _believable(await self.numbers.ask(number))
        self._note(listing)
        return listing

    def _note(self, listing: Listing) -> None:
        for told in listing.warnings:
            self.warn(told)


def _believable(listing: Listing) -> Listing:
    """The listing, unless it counts more messages than there can be: then it tells nothing about the mailbox."""
    if listing.total is not None and listing.total > MOST_MESSAGES:
        raise ProtocolError(
            "The service's answer makes no sense",
            f"it counts {listing.total:.6g} messages, more than a mailbox can hold",
            "Try again later. What is remembered stays as it was.",
        )
    return listing
