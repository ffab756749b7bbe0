"""Where a message stands in a long listing, without looking at every row's meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pectui.domain.message import Header

_AROUND = 200
"""Places that are looked at first: what one looks for is mostly where it was."""


def place_of(headers: Sequence[Header], wanted: Header, near: int) -> int | None:
    """The place of `wanted`, counted from 0; where its id is another by now, that of the nearest that looks the same.

    None if it is nowhere. `near` is where it was.
    """
    start, end = max(0, near - _AROUND), max(0, near) + _AROUND
    found = _named(headers[start:end], wanted, start)
    if found is None:
        found = _named(headers, wanted, 0)
    if found is not None:
        return found
    alike = (place for place, header in enumerate(headers) if _looks_like(header, wanted))
    return _nearest(alike, near)


def _named(headers: Sequence[Header], wanted: Header, start: int) -> int | None:
    name = wanted.id
    for place, header in enumerate(headers, start):
        if header.id == name and header == wanted:
            return place
    return None


def _looks_like(header: Header, wanted: Header) -> bool:
    return header.subject == wanted.subject and header.facts == wanted.facts


def _nearest(places: Iterable[int], near: int) -> int | None:
    return min(places, key=lambda place: abs(place - near), default=None)
