"""The top line: which mailbox on which host, how full it is, what runs in the background."""

from __future__ import annotations

from dataclasses import dataclass

from pectui.domain.quota import in_units
from pectui.domain.thresholds import Level
from pectui.environment import Environment
from pectui.tui.foreign import NOTHING, Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.meter import LEVEL_LOOKS, Meter, cells_filled, percent_used
from pectui.tui.paint import Line, Span, cells, cut, spread
from pectui.tui.widgets.painted import Painted

_BADGES = {
    Environment.DEMO: (Shown(" DEMO "), Ink.BADGE_DEMO),
    Environment.SANDBOX: (Shown(" SANDBOX "), Ink.BADGE_SANDBOX),
    Environment.PRODUCTION: (Shown(" PRODUCTION "), Ink.BADGE_PRODUCTION),
}
_OFFLINE, _OFFLINE_NARROW = Shown(" OFFLINE "), Shown("OFFLINE ")
_NARROW_BELOW = 40


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What the header says about where one is."""

    environment: Environment | None = None
    host: Shown = NOTHING
    """Only where it isn't the environment's own."""
    name: Shown = NOTHING
    """Of the profile, where it isn't that of the environment."""
    address: Shown = NOTHING
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class HeaderState:
    """Everything that the header shows. `meter` None: nothing is known yet."""

    mailbox: Mailbox = Mailbox()
    meter: Meter | None = None
    activity: Shown = NOTHING
    offline: bool = False
    """The service is not asked, or can't be reached."""


class HeaderLine(Painted):
    """One line. The badge is the last thing to go: it is there in any width."""

    def __init__(self, state: HeaderState) -> None:
        super().__init__()
        self.state = state

    def show(self, state: HeaderState) -> None:
        """Shows `state`."""
        self.state = state
        self.changed()

    def lines(self, width: int) -> list[Line]:
        return [header_line(self.state, width)]


def header_line(state: HeaderState, width: int) -> Line:
    """The header for a width in cells."""
    mailbox = state.mailbox
    badge = _badge(mailbox, width, offline=state.offline)
    right: list[Span] = []
    if state.activity and width >= 60:
        right += [Span(cut(state.activity, 28), Ink.ACCENT), Span(spaces(3))]
    elif state.activity:
        badge.append(Span(Shown(" … "), Ink.ACCENT))
    right += _quota(state.meter, width)
    room = width - cells(badge) - 1
    while right and cells(right) > room:
        right.pop(0)
    return (*badge, *spread(_address(mailbox), right, width - cells(badge)))


def _badge(mailbox: Mailbox, width: int, *, offline: bool) -> list[Span]:
    if mailbox.environment is None:
        return [Span(Shown(" PECTUI "), Ink.BADGE_DEMO)]
    text, ink = _BADGES[mailbox.environment]
    badge = [Span(text, ink)]
    if offline:
        badge.append(Span(_OFFLINE_NARROW if width < _NARROW_BELOW else _OFFLINE, Ink.BADGE_OFFLINE))
    if mailbox.host:
        badge.append(Span(shown(f"{cut(mailbox.host, max(8, width // 3))} "), ink))
    return badge


def _address(mailbox: Mailbox) -> list[Span]:
    parts = [Span(spaces(1))]
    if mailbox.name:
        parts += [Span(mailbox.name, Ink.STRONG), Span(Shown(" · "), Ink.FAINT)]
    parts.append(Span(mailbox.address))
    if mailbox.read_only:
        parts += [Span(Shown(" · "), Ink.FAINT), Span(Shown("read-only"), Ink.WARN)]
    return parts


def _quota(meter: Meter | None, width: int) -> list[Span]:
    """The bar is told by its signs as well as by its colours; a `~` says that nobody has confirmed it since."""
    if meter is None:
        return []
    quota, look = meter.quota, LEVEL_LOOKS[meter.level]
    ink = Ink.MUTED if meter.is_stale else look.ink
    sign = f"{look.sign} " if look.sign else ""
    stale = "~" if meter.is_stale else ""
    parts: list[Span] = []
    if meter.is_stale and width >= 80:
        parts.append(Span(shown(f"as of {meter.as_of}  "), Ink.MUTED))
    percent = percent_used(quota, places=0)
    if percent is None:
        used = f"{stale}{in_units(quota.used_bytes)} used "
        if meter.level is not Level.UNKNOWN:
            return [*parts, Span(shown(f"{sign}{used}"), ink)]
        told = [Span(shown(used), Ink.MUTED)] if quota.used_bytes and width >= 80 else []
        return [*parts, *told, Span(Shown("quota ? "), Ink.MUTED)]
    if width >= 100:
        figures = f"{in_units(quota.used_bytes)} of {in_units(quota.limit_bytes)}  "
        parts.append(Span(shown(figures), Ink.MUTED))
    if width >= 56:
        size = 16 if width >= 100 else 10
        filled = cells_filled(quota, size)
        parts += [
            Span(Shown("━" * filled), ink),
            Span(Shown("─" * (size - filled)), Ink.FAINT),
            Span(spaces(1)),
        ]
    return [*parts, Span(shown(f"{sign}{stale}{percent} "), ink)]
