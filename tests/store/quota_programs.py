"""A program that competes for the samples of one mailbox, see `programs`; and a history written at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pectui.domain.quota_history import QuotaSample
from pectui.store.quota_files import FolderQuotaSamples

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def sampler(folder: Path, first: str, times: str) -> int:
    """Adds `times` samples, every other minute from `first` on; each is as large as its minute."""
    for minute in range(int(first), int(first) + 2 * int(times), 2):
        FolderQuotaSamples(folder).add(QuotaSample(NOON + timedelta(minutes=minute), minute, None))
    return int(times)


def write_history(folder: Path, samples: Iterable[QuotaSample]) -> None:
    """As if the mailbox had been watched all that time: one by one, samples take a while to be kept."""
    months: dict[str, list[QuotaSample]] = {}
    for one in samples:
        months.setdefault(f"{one.at:%Y%m}", []).append(one)
    for month in sorted(months):
        FolderQuotaSamples(folder).add(months[month][-1])
        rows = {
            str(int(one.at.timestamp())): {"used": one.used_bytes, "limit": one.limit_bytes}
            for one in months[month]
        }
        (folder / f"quota-{month}.json").write_text(json.dumps(rows, separators=(",", ":")))


if __name__ == "__main__":
    name, folder, *arguments = sys.argv[1:]
    print(json.dumps({"sampler": sampler}[name](Path(folder), *arguments)))
