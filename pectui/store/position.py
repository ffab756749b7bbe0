"""How the listing is written: its blocks, and the one document that says which tables hold them. Knows no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from pectui.domain.listing import Placed, Scan, Synced
from pectui.domain.message import Header
from pectui.store.blocks import Start
from pectui.store.rows import read, written

Row: TypeAlias = dict[str, Any]

_LOWEST = "lowest"
_COLUMNS = ("rank", "id", "date", "subject", "sender", "recipient")


@dataclass(frozen=True, slots=True)
class Block:
    """One table of the listing."""

    version: int
    """The listing's version that it was written for: a table is never written twice."""
    count: int
    top: int
    """The highest rank in it."""


@dataclass(frozen=True, slots=True)
class Position:
    """All that is known of the listing without reading its blocks."""

    synced: Synced = field(default_factory=Synced)
    front: tuple[Placed, ...] = ()
    """What `synced.front` holds, with its ranks."""
    blocks: Mapping[Start, Block] = field(default_factory=dict)


def block_row(placed: Iterable[Placed]) -> Row:
    """The one document of a block: a column for each field, since a hundred thousand documents take twice as long to
    read. The headers must be storable."""
    rows = ((one.rank, one.header.id, *one.header.facts) for one in placed)
    return dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))


def placed_of(row: Mapping[str, Any], same: Callable[[str, str], str]) -> list[Placed] | None:
    """The messages of a block; None for a document that somebody else wrote. `same` gives equal texts as one."""
    columns: list[Any] = [row.get(name) for name in _COLUMNS]
    if not all(type(column) is list for column in columns) or len({*map(len, columns)}) != 1:
        return None
    ranks, ids, *texts = columns
    if not {*map(type, ids), *map(type, ranks)} <= {int} or any(
        not {*map(type, text)} <= {str} for text in texts
    ):
        return None
    dates, subjects, senders, recipients = texts
    headers = map(
        Header, ids, dates, subjects, map(same, senders, senders), map(same, recipients, recipients)
    )
    return list(map(Placed, headers, ranks))


def position_row(position: Position) -> Row:
    """The document of all that is known of the listing."""
    synced = position.synced
    return {
        "version": synced.version,
        "count": synced.count,
        "total": synced.total,
        "unlisted": synced.unlisted,
        "oldest_first": synced.oldest_first,
        "agreed_at": synced.agreed_at and written(synced.agreed_at),
        "full_at": synced.full_at and written(synced.full_at),
        "scan": synced.scan and [written(synced.scan.began_at), synced.scan.down_to],
        "highest": synced.highest,
        "ids_shift": synced.ids_shift,
        "ids_proven": synced.ids_proven,
        "front": [[placed.rank, placed.header.id, *placed.header.facts] for placed in position.front],
        # One text for all: who asks how far the listing can be trusted need not wait for what it is made of.
        "blocks": " ".join(map(_block_written, position.blocks.items())),
    }


def synced_of(row: Mapping[str, Any]) -> Synced | None:
    """What the document says but for the blocks; None for one that somebody else wrote."""
    front = _front_of(row)
    return None if front is None else _synced_of(row, front)


def position_of(row: Mapping[str, Any]) -> Position | None:
    """All that the document says; None for one that somebody else wrote."""
    front = _front_of(row)
    synced = None if front is None else _synced_of(row, front)
    if front is None or synced is None:
        return None
    try:
        blocks = dict(map(_block_read, _str(row["blocks"]).split()))
    except (KeyError, TypeError, ValueError):
        return None
    return Position(synced, front, blocks)


def _block_written(block: tuple[Start, Block]) -> str:
    start, holds = block
    return f"{_LOWEST if start is None else start}:{holds.version}:{holds.count}:{holds.top}"


def _block_read(written_block: str) -> tuple[Start, Block]:
    start, version, count, top = written_block.split(":")
    block = Block(int(version), int(count), int(top))
    return (None if start == _LOWEST else int(start)), block


def _front_of(row: Mapping[str, Any]) -> tuple[Placed, ...] | None:
    try:
        return tuple(
            Placed(Header(_int(number), _str(date), _str(subject), _str(sender), _str(recipient)), _int(rank))
            for rank, number, date, subject, sender, recipient in row["front"]
        )
    except (KeyError, TypeError, ValueError):
        return None


def _synced_of(row: Mapping[str, Any], front: tuple[Placed, ...]) -> Synced | None:
    try:
        total, scan = row["total"], row["scan"]
        return Synced(
            version=_int(row["version"]),
            count=_int(row["count"]),
            total=None if total is None else _int(total),
            unlisted=_int(row["unlisted"]),
            oldest_first=row["oldest_first"] is True,
            agreed_at=_moment(row["agreed_at"]),
            full_at=_moment(row["full_at"]),
            scan=None if scan is None else _scan(*scan),
            highest=_int(row["highest"]),
            ids_shift=row["ids_shift"] is True,
            ids_proven=row.get("ids_proven") is True,
            front=tuple(placed.header for placed in front),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _scan(began_at: object, down_to: object) -> Scan:
    moment = _moment(began_at)
    if moment is None:
        raise ValueError("a reading that began at no time")
    return Scan(moment, None if down_to is None else _int(down_to))


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    moment = read(value)
    if moment is None:
        raise ValueError("no time")
    return moment


def _int(value: object) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _str(value: object) -> str:
    if type(value) is not str:
        raise TypeError("no text")
    return value
