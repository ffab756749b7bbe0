"""The samples of a mailbox's use on the disk: a table for each month, in the state folder.

A year of them takes some fifty kilobytes, since they are thinned with age: with each sample those of its month, and
all others with the first one of a day. Several programs may add to them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from tinydb.table import Document

from pectui.domain.quota_history import QuotaSample, thinned
from pectui.errors import StoreError
from pectui.store.lock import PATIENCE
from pectui.store.tables import MailboxTables

T = TypeVar("T")

PREFIX = "quota-"
_LOST = "missing in the history from now on"


class FolderQuotaSamples:
    """The samples in `folder`, which is made with the first one."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._tables = MailboxTables(folder, patience, lost=_LOST)

    def add(self, sample: QuotaSample) -> None:
        self._guarded(lambda: self._add(sample))

    def read(self, since: datetime | None = None) -> list[QuotaSample]:
        return self._guarded(lambda: self._tables.look(lambda: self._read(since)))

    def take_warnings(self) -> tuple[str, ...]:
        return self._tables.with_mutex(self._tables.storage.take_warnings)

    def _add(self, sample: QuotaSample) -> None:
        with self._tables.writing():
            month = _month(sample.at)
            before = self._samples(month)
            today = sample.at.astimezone(UTC).date()
            if not before or before[-1].at.date() != today:
                for other in self._months() - {month}:
                    self._thin(other, sample.at)
            self._put(month, thinned([*before, sample], sample.at))
            self._tables.mark()

    def _thin(self, month: str, now: datetime) -> None:
        samples = self._samples(month)
        kept = thinned(samples, now)
        if len(kept) < len(samples):
            self._put(month, kept)

    def _put(self, month: str, samples: list[QuotaSample]) -> None:
        table = self._tables.table(month)
        table.truncate()
        table.insert_multiple(
            Document({"used": one.used_bytes, "limit": one.limit_bytes}, int(one.at.timestamp()))
            for one in samples
        )

    def _read(self, since: datetime | None) -> list[QuotaSample]:
        first = "" if since is None else _month(since)
        months = sorted(month for month in self._months() if month >= first)
        return [one for month in months for one in self._samples(month) if since is None or one.at >= since]

    def _samples(self, month: str) -> list[QuotaSample]:
        """The oldest first."""
        rows = sorted(self._tables.table(month), key=lambda row: row.doc_id)
        return [sample for row in rows if (sample := _sample_of(row.doc_id, row)) is not None]

    def _months(self) -> set[str]:
        return {name for name in self._tables.storage.names() if name.startswith(PREFIX)}

    def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except StoreError as error:
            hint = (
                f"It is no cache: what is in {self._folder} can't be fetched again. Mend it, or move it away."
            )
            raise StoreError("How full the mailbox was can't be kept", error.detail, hint) from error


def _month(moment: datetime) -> str:
    return f"{PREFIX}{moment.astimezone(UTC):%Y%m}"


def _sample_of(seconds: int, row: Mapping[str, Any]) -> QuotaSample | None:
    """The sample; None for a document that somebody else wrote."""
    used, limit = row.get("used"), row.get("limit")
    if type(used) is not int or used < 0:
        return None
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return QuotaSample(at, used, limit if type(limit) is int and limit > 0 else None)
