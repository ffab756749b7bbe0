"""Programs that compete for the samples of one mailbox: see `programs`."""

from __future__ import annotations

import json
import sys
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


if __name__ == "__main__":
    name, folder, *arguments = sys.argv[1:]
    print(json.dumps({"sampler": sampler}[name](Path(folder), *arguments)))
