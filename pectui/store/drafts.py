"""What was written and not sent yet: kept per mailbox, each draft for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from pectui.domain.composition import SavedDraft


class Drafts(Protocol):
    """Keeps the drafts of one mailbox."""

    def read(self) -> Sequence[SavedDraft]:
        """All that are kept, the latest first. StoreError if they can't be read."""

    def save(self, draft: SavedDraft) -> SavedDraft:
        """Keeps it instead of what was kept under its name.

        Where another program has written to that draft meanwhile, both are kept, and this one gets another name.
        StoreError if it can't be kept: what was kept before still is.
        """

    def remove(self, name: str) -> None:
        """It is kept no more; one that another program has written to meanwhile stays. StoreError if that fails."""

    def take_warnings(self) -> tuple[str, ...]:
        """What the user should hear of once, such as a draft that can't be read."""


class MemoryDrafts:
    """Forgets with the program."""

    def __init__(self) -> None:
        self._drafts: dict[str, SavedDraft] = {}

    def read(self) -> Sequence[SavedDraft]:
        return latest_first(self._drafts.values())

    def save(self, draft: SavedDraft) -> SavedDraft:
        self._drafts[draft.name] = draft
        return draft

    def remove(self, name: str) -> None:
        self._drafts.pop(name, None)

    def take_warnings(self) -> tuple[str, ...]:
        return ()


def latest_first(drafts: Iterable[SavedDraft]) -> list[SavedDraft]:
    return sorted(drafts, key=lambda draft: (draft.saved_at, draft.name), reverse=True)
