"""A mark that outlives the program: what was shown last could not be remembered.

Then the ids that are remembered may be those of an earlier listing, and mean other messages than the user has read.
The mark lies under the state folder, since it is the cache that can't be written.
"""

from __future__ import annotations

from pathlib import Path

from pectui.errors import StoreError

_SAYS = b"What was listed last could not be remembered: ids mean nothing until the inbox is listed again.\n"


class Unremembered:
    """The mark at `path`; None where nothing outlives the program anyway."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @property
    def is_set(self) -> bool:
        return self._path is not None and self._path.exists()

    def set(self) -> None:
        """As well as it can be: the disk that is full may be the same one."""
        from pectui.store.files import make_folder, replace_file

        if self._path is None or self.is_set:
            return
        try:
            make_folder(self._path.parent)
            replace_file(self._path, _SAYS)
        except StoreError:
            return  # the user was told already, by the warning and by the exit status

    def lift(self) -> None:
        """What is remembered is what was shown again."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
