"""Rows of a listing for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pectui.domain.message import Header

NOON = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


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
