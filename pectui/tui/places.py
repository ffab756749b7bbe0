"""Where a message stands in a long listing, without looking at every row's meaning."""

from __future__ import annotations

from collections.abc import Sequence

from pectui.domain.message import Header

_AROUND = 200
"""Places that are looked at first: what one looks for is mostly where it was."""


def place_of(headers: Sequence[Header], wanted: Header, near: int) -> int | None:
    """The place of `wanted`, counted from 0; where its id is another by now, that of the one that looks the same.

    None if it is nowhere, or if nothing tells it from others: another message that looks alike is not the wanted one.
    `near` is where it was.
    """
    start, end = max(0, near - _AROUND), max(0, near) + _AROUND
    found = _named(headers[start:end], wanted, start)
    if found is None:
        found = _named(headers, wanted, 0)
    if found is not None or not any(header.id == wanted.id for header in headers):
        return found
    # Its id holds another message: ids have moved.
    alike = [place for place, header in enumerate(headers) if _looks_like(header, wanted)]
    return alike[0] if len(alike) == 1 else None


def _named(headers: Sequence[Header], wanted: Header, start: int) -> int | None:
    name = wanted.id
    for place, header in enumerate(headers, start):
        if header.id == name and header == wanted:
            return place
    return None


def _looks_like(header: Header, wanted: Header) -> bool:
    return header.subject == wanted.subject and header.facts == wanted.facts
