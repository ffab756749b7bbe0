"""The drafts of the open mailbox, kept by the thread that does everything with the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from pectui.errors import StoreError
from pectui.session.memory import Memory

if TYPE_CHECKING:
    from pectui.domain.composition import SavedDraft
    from pectui.store.drafts import Drafts

T = TypeVar("T")


class DraftBook:
    """What is written and not sent yet."""

    def __init__(self, memory: Memory, drafts: Callable[[], Drafts] | None) -> None:
        """`drafts` is where they are kept; None: in memory only."""
        self.keeps = drafts is not None
        """Whether a draft outlives the program."""
        self._memory = memory
        self._make = drafts or _forgetful
        self._made: Drafts | None = None
        self._held: dict[str, SavedDraft] = {}
        """Those that could not be kept on the disk."""

    async def read(self) -> Sequence[SavedDraft]:
        """All that are kept or held, the latest first. StoreError if they can't be read."""
        kept = await self._ask(lambda drafts: drafts.read())
        others = [draft for draft in kept if draft.name not in self._held]
        return sorted([*self._held.values(), *others], key=lambda draft: draft.saved_at, reverse=True)

    async def save(self, draft: SavedDraft) -> SavedDraft:
        """Keeps it, perhaps under another name. StoreError if it can't be kept."""
        saved = await self._ask(lambda drafts: drafts.save(draft))
        self._held.pop(draft.name, None)
        return saved

    def hold(self, draft: SavedDraft) -> None:
        """Keeps it until the program ends: it could not be kept on the disk. Then that is tried once more."""
        self._held[draft.name] = draft

    async def remove(self, name: str) -> None:
        """It is kept no more. StoreError if that fails."""
        await self._ask(lambda drafts: drafts.remove(name))
        self._held.pop(name, None)

    def save_what_is_held(self) -> None:
        """What could not be kept may be kept by now; it is done before the program ends."""
        for draft in self._held.values():
            self.save_on_leaving(draft)

    def save_on_leaving(self, draft: SavedDraft) -> None:
        """Keeps it without being waited for; it is done before the program ends, as well as it can be."""

        def save() -> None:
            try:
                self._drafts().save(draft)
            except StoreError as error:
                self._memory.warnings.append(f"{error.title}: {error.detail}.")

        self._memory.begin_on_disk(save)

    async def _ask(self, work: Callable[[Drafts], T]) -> T:
        def asked() -> T:
            drafts = self._drafts()
            result = work(drafts)
            self._memory.warnings.extend(drafts.take_warnings())
            return result

        return await self._memory.on_disk(asked)

    def _drafts(self) -> Drafts:
        if self._made is None:
            self._made = self._make()
        return self._made


def _forgetful() -> Drafts:
    from pectui.store.drafts import MemoryDrafts

    return MemoryDrafts()
