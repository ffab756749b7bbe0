"""What the status line of view 2 says, and what stands there while no send is listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pectui.tui.choosing import Order
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Span

if TYPE_CHECKING:
    from pectui.tui.screens.sends import SendsScreen

_NARROW_BELOW = 60
"""Columns."""

_ORDERS = {
    Order.TIME: Shown("by time"),
    Order.STATE: Shown("by state"),
    Order.AGE: Shown("oldest first"),
}


def status_of(screen: SendsScreen) -> Sequence[Span]:
    """The facts, those that must not fall off a narrow line first."""
    facts = list(_facts(screen))
    remembered = screen.inbox.remembered
    trust = list(screen.inbox.standing.trust(remembered)) if remembered is not None else []
    if screen.size.width < _NARROW_BELOW:
        return [*facts[:1], *trust, *facts[1:]]
    return [*facts, *trust]


def _facts(screen: SendsScreen) -> Iterable[Span]:
    chosen, wish = screen.listed.chosen, screen.listed.chosen.wish
    if wish.text:
        yield Span(shown(f"filter: {wish.text}"), Ink.ACCENT)
    noun = "send" if chosen.total == 1 else "sends"
    if wish.hides_some:
        yield Span(shown(f"{len(chosen.sends):,} of {chosen.total:,} {noun}"))
    else:
        yield Span(shown(f"{chosen.total:,} {noun}"))
    if wish.problems_only:
        yield Span(Shown("problems only"), Ink.WARN)
    yield Span(_ORDERS[wish.order], Ink.MUTED)


def nothing_listed(screen: SendsScreen) -> Sequence[Span]:
    """What an empty list says."""
    wish, remembered = screen.listed.chosen.wish, screen.inbox.remembered
    if screen.inbox.pages.page is None:
        return screen.inbox.opening.told
    complete = remembered is not None and remembered.complete
    if wish.text:
        among = "problem" if wish.problems_only else "send"
        told, hint = f"No {among} holds {wish.text}", "Esc takes the filter away."
    elif wish.problems_only:
        told, hint = "No send has a problem", "! shows all sends again."
    elif screen.listed.arranging.sends is None:
        return Span(NOTHING), Span(Shown("Grouping the sends …"), Ink.MUTED)
    elif not complete and screen.syncing.is_running:
        return screen.inbox.opening.told
    else:
        told, hint = "The mailbox is empty", "r looks again."
    if not complete and wish.hides_some:
        told += ", of what is known so far"
    return Span(NOTHING), Span(shown(told), Ink.STRONG), Span(shown(hint), Ink.MUTED)
