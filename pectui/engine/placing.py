"""Where messages stand in the remembered listing: ranks, and what must be written so that it reads as it should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pectui.domain.listing import RANK_STEP, Placed
from pectui.domain.message import Header
from pectui.engine.rising import longest_rising


@dataclass(frozen=True, slots=True)
class Edit:
    """What turns one stretch of the remembered listing into another."""

    put: tuple[Placed, ...] = ()
    removed: tuple[int, ...] = ()
    new: int = 0
    """Messages that were not there before."""
    gone: int = 0
    """Messages that are not there any more."""
    moved: bool = False
    """Whether an id stands for another message now."""
    highest: int | None = None
    lowest: int | None = None
    """The ranks at both ends of the stretch as it reads now; None where it is empty."""


def on_top(headers: Sequence[Header], highest: int) -> tuple[Placed, ...]:
    """New messages above everything, the newest first."""
    return tuple(
        Placed(header, highest + RANK_STEP * (len(headers) - at)) for at, header in enumerate(headers)
    )


def edit(
    before: Sequence[Placed],
    after: Sequence[Header],
    *,
    above: int | None = None,
    below: int | None = None,
) -> Edit | None:
    """What makes `before` read as `after`, both from the highest rank down. What can stay, stays as it is.

    All ranks lie between `above` and `below`, None where nothing follows there. None if there is no room between
    them: then everything is to be numbered again (`renumbered`).
    """
    old = {placed.header.id: placed for placed in before}
    known = [(at, old[one.id].rank) for at, one in enumerate(after) if one.id in old]
    fixed = [known[at] for at in longest_rising([-rank for _, rank in known])]
    ranks = _filled(fixed, len(after), above, below)
    return None if ranks is None else _edit(old, after, ranks)


def renumbered(before: Sequence[Placed], after: Sequence[Header], *, above: int | None = None) -> Edit:
    """The same with new ranks for all, below `above`."""
    old = {placed.header.id: placed for placed in before}
    top = RANK_STEP * (len(after) + 1) if above is None else above
    return _edit(old, after, [top - RANK_STEP * (at + 1) for at in range(len(after))])


def _edit(old: dict[int, Placed], after: Sequence[Header], ranks: Sequence[int]) -> Edit:
    fresh = (Placed(header, rank) for header, rank in zip(after, ranks, strict=True))
    put = tuple(one for one in fresh if old.get(one.header.id) != one)
    there = {header.id for header in after}
    removed = tuple(message_id for message_id in old if message_id not in there)
    # Where ids shift, an id that holds another message is neither one more nor one less.
    came = _facts(one.header for one in put)
    went = _facts(old[message_id].header for message_id in removed)
    went += _facts(old[one.header.id].header for one in put if one.header.id in old)
    return Edit(
        put,
        removed,
        new=(came - went).total(),
        gone=(went - came).total(),
        moved=any(
            one.header.id in old and old[one.header.id].header.facts != one.header.facts for one in put
        ),
        highest=ranks[0] if ranks else None,
        lowest=ranks[-1] if ranks else None,
    )


def _facts(headers: Iterable[Header]) -> Counter[tuple[str, str, str, str]]:
    return Counter(header.facts for header in headers)


def _filled(
    fixed: Sequence[tuple[int, int]], count: int, above: int | None, below: int | None
) -> list[int] | None:
    """Falling ranks for all of `count` positions, those that are `fixed` among them. None where there is no room."""
    ranks: list[int] = []
    high = above
    for position, rank in (*fixed, (count, None)):
        low = below if rank is None else rank
        between = _between(high, low, position - len(ranks))
        if between is None or (rank is not None and high is not None and rank >= high):
            return None
        ranks += between
        if rank is not None:
            ranks.append(rank)
            high = rank
    return ranks


def _between(high: int | None, low: int | None, count: int) -> list[int] | None:
    if high is None and low is None:
        return [RANK_STEP * (count - at) for at in range(count)]
    if high is None:
        assert low is not None
        return [low + RANK_STEP * (count - at) for at in range(count)]
    if low is None:
        return [high - RANK_STEP * (at + 1) for at in range(count)]
    step = (high - low) // (count + 1)
    if count and step < 1:
        return None
    return [high - step * (at + 1) for at in range(count)]
