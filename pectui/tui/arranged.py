"""All that is remembered as one list, newest first, and what of it holds a text: quick at a hundred thousand messages.

Dates are read and texts folded once, outside of the event loop. Nothing here is interpreted: that is done where a
row is painted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pectui.domain.dates import parse_date
from pectui.domain.message import Header

_AT_ONCE = 1000
"""So many messages are sorted within a few milliseconds: no thread is worth it."""

_NO_DATE = float("-inf")


@dataclass(frozen=True, slots=True)
class Arranged:
    """A listing, sorted. `headers`, `places` and `texts` belong together."""

    source: Sequence[Header] = ()
    """The listing in the service's order, as it was when it was sorted."""
    headers: Sequence[Header] = ()
    """Newest first."""
    places: Sequence[int] = ()
    """Where each of `headers` stands in `source`."""
    texts: Sequence[str] = ()
    """Subject, sender and recipient of each, casefolded."""


class Everything:
    """Keeps an `Arranged`."""

    def __init__(self) -> None:
        self.arranged = Arranged()
        self._moments: dict[str, float | None] = {}
        self._one_at_a_time = asyncio.Lock()

    def is_current(self, headers: Sequence[Header]) -> bool:
        """Whether what is arranged is `headers` as they are now."""
        return self.arranged.source is headers

    async def follow(self, headers: Sequence[Header]) -> None:
        """Arranges `headers`."""
        async with self._one_at_a_time:
            if self.is_current(headers):
                return
            if len(headers) <= _AT_ONCE:
                self.arranged = arrange(headers, self._moments)
            else:
                self.arranged = await asyncio.to_thread(arrange, headers, self._moments)


def arrange(headers: Sequence[Header], moments: dict[str, float | None]) -> Arranged:
    """Sorts `headers` as `newest_first` sorts messages; `moments` remembers dates that were read before."""
    keys: list[float] = []
    dates = [_moment(header.date, moments) for header in headers]
    latest = next((date for date in dates if date is not None), _NO_DATE)
    for date in dates:
        latest = latest if date is None else date  # a message without a date stays by its neighbour
        keys.append(latest)
    places = sorted(range(len(headers)), key=keys.__getitem__, reverse=True)
    newest_first = [headers[place] for place in places]
    return Arranged(headers, newest_first, places, [_folded(header) for header in newest_first])


class Narrowing:
    """What holds a text that is being typed: each further letter looks only at what was found before."""

    def __init__(self) -> None:
        self._arranged: Arranged | None = None
        self._wanted = ""
        self._found: Sequence[int] = ()

    def find(self, arranged: Arranged, text: str) -> Sequence[int]:
        """The places in `arranged` of what holds `text`, in order."""
        wanted, texts = text.casefold(), arranged.texts
        goes_on = self._arranged is arranged and bool(self._wanted) and wanted.startswith(self._wanted)
        among = self._found if goes_on else range(len(texts))
        self._found = [place for place in among if wanted in texts[place]]
        self._arranged, self._wanted = arranged, wanted
        return self._found


def _moment(date: str, moments: dict[str, float | None]) -> float | None:
    try:
        return moments[date]
    except KeyError:
        moment = parse_date(date)
        found = moments[date] = None if moment is None else moment.timestamp()
        return found


def _folded(header: Header) -> str:
    return f"{header.subject}\n{header.sender}\n{header.recipient}".casefold()
