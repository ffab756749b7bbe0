"""Rows of a listing for the tests of the store."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pectui.domain.listing import RANK_STEP, ListingChange, Placed, Synced
from pectui.domain.message import Header
from pectui.store.memory import Store

NOON = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)

AGREED = Synced(total=100, agreed_at=NOON, full_at=NOON)


def header(message_id: int, note: str = "prova") -> Header:
    return Header(
        message_id,
        "Wed, 26 Aug 2020 10:00:34 +0200",
        f"CONSEGNA: Invio di {note} pec massiva {message_id} 2020082610003492",
        "posta-certificata@pec.example.it",
        f"mario.rossi.{message_id}@pec.example.it",
    )


def headers(ids: Iterable[int], note: str = "prova") -> list[Header]:
    return [header(message_id, note) for message_id in ids]


def placed(ids: Iterable[int], note: str = "prova") -> tuple[Placed, ...]:
    """Messages where they stand if ids grow with the service's order."""
    return tuple(Placed(header(message_id, note), message_id * RANK_STEP) for message_id in ids)


def changed(
    store: Store, put: tuple[Placed, ...] = (), removed: tuple[int, ...] = (), synced: Synced = AGREED
) -> Synced:
    """What holds after this change of the listing as it is."""
    after = store.change_listing(ListingChange(store.synced().version, synced, put, removed))
    assert after is not None
    return after


def ids(store: Store) -> list[int]:
    """What is listed, the highest rank first."""
    return [one.header.id for one in store.listing()[1]]


def blocks(folder: Path) -> list[Path]:
    """The listing's files, that of the lowest ids first."""
    named = [
        block.split(":") for block in json.loads((folder / "meta.json").read_text())["3"]["blocks"].split()
    ]
    named.sort(key=lambda block: (block[0] != "lowest", block[0] != "lowest" and int(block[0])))
    return [folder / f"listing-{version}-{start}.json" for start, version, *_ in named]
