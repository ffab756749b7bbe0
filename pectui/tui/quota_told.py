"""What view 3 says, as lines: gauge, when it will be full, what could go, the history, and where all that is from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from pectui.domain.completed import Completed
from pectui.domain.forecast import Forecast, NoTrend, when_full
from pectui.domain.quota import Quota, in_units
from pectui.domain.quota_history import QuotaSample
from pectui.domain.thresholds import Level, Threshold, Thresholds
from pectui.tui.could_go import told_could_go
from pectui.tui.foreign import NOTHING, Shown, shown, spaces
from pectui.tui.graph import LEAST_HEIGHT, Graph, Mark, drawn
from pectui.tui.ink import Ink
from pectui.tui.meter import LEVEL_LOOKS, Meter, cells_filled, percent_used
from pectui.tui.moment import clock_time, day
from pectui.tui.paint import BLANK_LINE, Line, Span, cells, fit, in_runs, spread, wrap, wrapped
from pectui.tui.time_axis import Reach
from pectui.tui.watching import Failure
from pectui.tui.widgets.notice import Notice

_LABEL = 12
_NARROW_BELOW, _TINY_BELOW = 60, 30
_NO_TREND = {
    NoTrend.TOO_SHORT: Shown("not enough is known yet: a forecast takes a week"),
    NoTrend.FLAT: Shown("no trend: it does not grow"),
    NoTrend.UNSTEADY: Shown("no trend: it does not grow steadily"),
    NoTrend.SLOW: Shown("not within ten years at this pace"),
    NoTrend.NO_LIMIT: Shown("nobody can tell: its limit is unknown"),
}


@dataclass(frozen=True, slots=True)
class OtherMailbox:
    """How full another mailbox is, or why nobody knows."""

    name: Shown
    quota: Quota | None = None
    problem: Notice | None = None


@dataclass(frozen=True, slots=True)
class QuotaTold:
    """All that view 3 knows."""

    mailbox: Shown
    thresholds: Thresholds
    now: datetime
    zone: tzinfo | None
    meter: Meter | None = None
    told_at: datetime | None = None
    """When the service last said how full it is."""
    failure: Failure | None = None
    is_offline: bool = False
    every: int = 0
    """Minutes between two questions; 0: it is not asked for by itself."""
    samples: tuple[QuotaSample, ...] | None = None
    """None: not read yet."""
    problem: Notice | None = None
    """Why the history can't be shown."""
    trend: Forecast | NoTrend | None = None
    could_go: Completed | None = None
    others: tuple[OtherMailbox, ...] = ()
    reach: Reach = Reach.MONTH
    is_close: bool = False
    is_made_up: bool = False
    """Whether the past was made up for the demo."""
    halves_only: bool = False


def quota_lines(told: QuotaTold, width: int, height: int) -> list[Line]:
    """The lines for a width in cells. The graph takes what is left of `height`, and never too little to be read."""
    room = max(8, width - 1)
    above = [*_gauge(told, room), *_now(told, room), BLANK_LINE]
    below = [BLANK_LINE, *_sources(told, room)]
    left = max(LEAST_HEIGHT, height - len(above) - len(below) - 1)
    lines = [*above, *_history(told, room, left), *below]
    return [(Span(spaces(1)), *line) if line else line for line in lines]


def _gauge(told: QuotaTold, width: int) -> list[Line]:
    meter = told.meter
    if meter is None:
        return [
            (Span(told.mailbox, Ink.STRONG),),
            (Span(Shown("How full it is, is being asked …"), Ink.MUTED),),
        ]
    quota, look = meter.quota, LEVEL_LOOKS[meter.level]
    ink = Ink.MUTED if meter.is_stale else look.ink
    word = f"{look.sign} {look.word}".strip() if width >= _TINY_BELOW else look.sign
    told_late = meter.is_stale and width >= _NARROW_BELOW
    right = [Span(shown(f"as of {meter.as_of}   "), Ink.MUTED)] if told_late else []
    lines = [spread([Span(told.mailbox, Ink.STRONG)], [*right, Span(shown(word), ink)], width)]
    percent = percent_used(quota)
    if percent is not None:
        stale = "~" if meter.is_stale else ""
        ending = Span(shown(f"  {stale}{percent}"), ink)
        lines.append((*_bar(quota, told.thresholds, width - cells([ending]), ink), ending))
    used = f"{in_units(quota.used_bytes)} used"
    parts = [used] if not quota.limit_bytes else [
        used, f"{in_units(quota.free_bytes)} free", f"{in_units(quota.limit_bytes)} in all"
    ]  # fmt: skip
    if not quota.limit_bytes:
        parts.append("limit unknown")
    return [*lines, *wrapped(Span(shown(" · ".join(parts))), width)]


def _bar(quota: Quota, thresholds: Thresholds, size: int, ink: Ink) -> Line:
    filled = cells_filled(quota, size)
    marks = {
        min(size - 1, octets * size // quota.limit_bytes): level
        for level, threshold in _levels(thresholds)
        if quota.limit_bytes and (octets := threshold.reached_at(quota.limit_bytes)) is not None
    }
    bar: list[tuple[str, Ink]] = []
    for cell in range(size):
        if cell < filled:
            bar.append(("━", ink))
        elif cell in marks:
            bar.append(("┼", LEVEL_LOOKS[marks[cell]].ink))
        else:
            bar.append(("─", Ink.FAINT))
    return in_runs(bar)


def _now(told: QuotaTold, width: int) -> list[Line]:
    """What somebody wants to know: when it will be full, what could go; and why that may be wrong."""
    lines = _fact("Full", *_when_full(told), width)
    could_go = Shown("…") if told.could_go is None else told_could_go(told.could_go)
    lines += _fact("Could go", could_go, Ink.PLAIN, width)
    if told.failure is not None:
        notice = told.failure.notice
        at = clock_time(told.failure.at, told.now, told.zone)
        lines += _fact("Failed", shown(f"at {at}: {_one_line(notice)}"), Ink.WARN, width)
    return lines


def _when_full(told: QuotaTold) -> tuple[Shown, Ink]:
    trend = told.trend
    if trend is None:
        return Shown("…" if told.problem is None else "unknown"), Ink.MUTED
    if isinstance(trend, NoTrend):
        return _NO_TREND[trend], Ink.MUTED
    words = when_full(trend, told.now).removeprefix("full ").removesuffix(" at this pace")
    pace = in_units(round(trend.bytes_per_day))
    date = day(trend.full_at, told.now, told.zone)
    on = f", around {date}" if trend.full_at > told.now else ""
    return shown(f"{words}{on}, at {pace} a day"), Ink.STRONG


def _history(told: QuotaTold, width: int, height: int) -> list[Line]:
    if told.samples is None:
        why = Shown("Reading the history …") if told.problem is None else shown(_one_line(told.problem))
        return [(Span(why, Ink.MUTED if told.problem is None else Ink.WARN),), *[BLANK_LINE] * height]
    if not told.samples:
        nothing = Shown("Nothing is known of before yet: each answer becomes a part of the history.")
        lines = wrapped(Span(nothing, Ink.MUTED), width)
        return [*lines, *[BLANK_LINE] * (height + 1 - len(lines))]
    graph = drawn(_graph(told), width, height)
    notes = ["made up, as the demo's mails are"] if told.is_made_up else []
    notes += ["faint: nobody asked"] if graph.has_gaps else []
    title = Span(shown(f"{told.reach.words}{', zoomed' if told.is_close else ''}"), Ink.TITLE)
    note = [Span(shown(" · ".join(notes)), Ink.MUTED)]
    return [spread([title], note if cells([title, *note]) < width else [], width), *graph.lines]


def _graph(told: QuotaTold) -> Graph:
    samples = told.samples or ()
    limit = samples[-1].limit_bytes if samples else None
    if told.meter is not None and told.meter.quota.limit_bytes:
        limit = told.meter.quota.limit_bytes
    marks = (
        Mark(octets, LEVEL_LOOKS[level].sign, LEVEL_LOOKS[level].ink)
        for level, threshold in _levels(told.thresholds)
        if (octets := threshold.reached_at(limit)) is not None
    )
    return Graph(
        samples, told.now, told.zone, told.reach, limit, tuple(marks), told.is_close, told.halves_only
    )


def _sources(told: QuotaTold, width: int) -> list[Line]:
    limit = told.meter.quota.limit_bytes if told.meter is not None else None
    told_each = (
        f"{LEVEL_LOOKS[level].sign} {LEVEL_LOOKS[level].word} {_threshold(threshold, limit)}"
        for level, threshold in _levels(told.thresholds)
    )
    lines = _fact("Thresholds", shown(" · ".join(told_each)), Ink.PLAIN, width)
    lines += _fact("Last told", _last_told(told), Ink.PLAIN, width)
    for other in told.others:
        lines += _fact("Also", *_other(other), width)
    return lines


def _last_told(told: QuotaTold) -> Shown:
    at = "never" if told.told_at is None else clock_time(told.told_at, told.now, told.zone)
    if told.is_offline:
        return shown(f"{at}; nobody is asked: pectui is offline")
    often = f"every {told.every} min, and after changes" if told.every else "after changes only"
    return shown(f"{at}; asked {often}")


def _other(other: OtherMailbox) -> tuple[Shown, Ink]:
    if other.problem is not None:
        return shown(f"{other.name}  ? {_one_line(other.problem)}"), Ink.WARN
    quota = other.quota
    if quota is None:
        return shown(f"{other.name}  …"), Ink.MUTED
    of = f"{in_units(quota.used_bytes)} of {in_units(quota.limit_bytes)}"
    return shown(f"{other.name}  {of}, {percent_used(quota) or '?'}"), Ink.PLAIN


def _threshold(threshold: Threshold, limit: int | None) -> str:
    octets = threshold.reached_at(limit)
    known = threshold.hundredths is not None and octets is not None
    return f"{threshold} ({in_units(octets)})" if known else str(threshold)


def _levels(thresholds: Thresholds) -> tuple[tuple[Level, Threshold], tuple[Level, Threshold]]:
    return (Level.WARNING, thresholds.warn), (Level.CRITICAL, thresholds.crit)


def _one_line(notice: Notice) -> str:
    """What happened, why, and what to do."""
    title, detail = notice.title, notice.detail
    why = f": {detail}" if detail else ""
    return f"{title}{why}. {notice.hint}".replace("..", ".").rstrip()


def _fact(label: str, text: Shown, ink: Ink, width: int) -> list[Line]:
    """A fact in as many lines as it takes; where there is little room its name stands before it."""
    if width < _NARROW_BELOW:
        beginning = Span(shown(f"{label}: "), Ink.MUTED)
        first, *others = wrap(shown(f"{beginning.text}{text}"), width)
        return [
            (beginning, Span(shown(first[len(beginning.text) :]), ink)),
            *[(Span(one, ink),) for one in others],
        ]
    lines = wrap(text, width - _LABEL)
    names = [shown(label), *[NOTHING] * (len(lines) - 1)]
    return [
        (Span(fit(name, _LABEL), Ink.MUTED), Span(line, ink)) for name, line in zip(names, lines, strict=True)
    ]
