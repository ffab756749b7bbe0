"""Which sends are listed, and in what order: problems only, a filter, by time, state or age.

It is done outside of the event loop: looking at tens of thousands of sends takes its time, the first time above all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pectui.domain.message import Header
from pectui.domain.send import SendState, SendSummary
from pectui.domain.sends import Sends
from pectui.tui.arranged import arrange
from pectui.tui.states import SEND_RANKS


class Order(StrEnum):
    """What comes first."""

    TIME = "time"
    """The newest."""
    STATE = "state"
    """The worst, and of those the newest."""
    AGE = "age"
    """The oldest."""

    @property
    def following(self) -> Order:
        """The next one of the round."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants to see."""

    problems_only: bool = False
    order: Order = Order.TIME
    text: str = ""
    """What subject, code or a known recipient holds; "" for all."""

    @property
    def hides_some(self) -> bool:
        """Whether there may be sends that are not listed."""
        return self.problems_only or bool(self.text)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sends to list, as they were at one moment."""

    sends: Sequence[SendSummary] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    """Where the send of a code stands in `sends`."""
    states: Mapping[SendState, int] = field(default_factory=dict)
    """How many there are of each state, listed or not."""
    total: int = 0
    """How many sends there are, listed or not."""
    unassigned: Sequence[Header] = ()
    """What belongs to no send, newest first; none while something is hidden."""
    wish: Wish = Wish()
    version: int = -1
    """That of the `Sends`."""


class Choosing:
    """Remembers what was folded and sorted before. One question at a time."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[SendSummary, str]] = {}
        self._moments: dict[str, float | None] = {}
        self._unassigned: tuple[Sequence[Header], Sequence[Header]] = (), ()

    def choose(self, sends: Sends, wish: Wish, now: datetime, keep: str | None) -> Chosen:
        """What `wish` asks for. The send `keep` stays also if it is a problem no more: somebody looks at it."""
        version = sends.version
        summaries = sends.summaries(now)
        found = summaries
        if wish.problems_only:
            found = [one for one in found if one.is_problem or one.code == keep]
        if wish.text:
            wanted = wish.text.casefold()
            found = [one for one in found if wanted in self._folded(one)]
        if wish.order is Order.STATE:
            found = sorted(found, key=_rank)
        elif wish.order is Order.AGE:
            found = found[::-1]
        return Chosen(
            sends=found,
            places={one.code: place for place, one in enumerate(found)},
            states=Counter(one.state for one in summaries),
            total=len(summaries),
            unassigned=() if wish.hides_some else self._newest_first(sends.unassigned),
            wish=wish,
            version=version,
        )

    def _folded(self, summary: SendSummary) -> str:
        known = self._texts.get(summary.code)
        if known is not None and known[0] is summary:
            return known[1]
        addresses = "\n".join(one.address for one in summary.outcomes)
        text = f"{summary.subject}\n{summary.code}\n{addresses}".casefold()
        self._texts[summary.code] = summary, text
        return text

    def _newest_first(self, headers: Sequence[Header]) -> Sequence[Header]:
        if self._unassigned[0] != headers:
            self._unassigned = headers, arrange(headers, self._moments).headers
        return self._unassigned[1]


def _rank(summary: SendSummary) -> int:
    return SEND_RANKS[summary.state]
