"""What is kept of a mailbox on this machine, to be looked at and cleared without opening the mailbox.

A session goes on without a memory that can't be used; here what is wrong with it is the answer. The state folder
with its journals is no part of this.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from pectui.config import Places, Profile
from pectui.errors import StoreError
from pectui.session.opening import memory_folder, unremembered
from pectui.session.unremembered import Unremembered

if TYPE_CHECKING:
    from pectui.domain.listing import Kept, Synced


class Cache:
    """The memory of one mailbox. Everything here waits for the disk, and raises StoreError."""

    def __init__(self, folder: Path, mark: Unremembered) -> None:
        from pectui.store.mailbox import MailboxStore

        self.folder = folder
        """Where it lies; nothing needs to be there."""
        self._mark = mark
        self._store = MailboxStore(folder)

    def kept(self) -> Kept:
        """How much is kept, counted now."""
        return self._store.kept()

    def synced(self) -> Synced:
        """How far the remembered listing can be trusted."""
        return self._store.synced()

    def clear(self) -> Kept:
        """Forgets all of it, and says how much that was."""
        try:
            kept = self._store.kept()
            self._store.clear()
            self._mark.lift()
        except StoreError as error:
            raise StoreError(
                "The cache was not cleared",
                str(error),
                f"End other pectuis, then remove it by hand: rm -r {shlex.quote(str(self.folder))}",
            ) from error
        return kept

    def take_warnings(self) -> tuple[str, ...]:
        """What the user should hear of, each once: such as a file that could not be read."""
        return self._store.take_warnings()


def open_cache(profile: Profile, places: Places) -> Cache:
    """The memory of the profile's mailbox. ConfigError where the profile has no user name."""
    return Cache(memory_folder(profile, places), unremembered(profile, places))
