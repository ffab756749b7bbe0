"""The files of a message that is being written: what stands at each path, and how much that is together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.outgoing import LARGEST_MESSAGE
from pectui.tui.compose_words import size_words
from pectui.tui.foreign import shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Span
from pectui.tui.paths import LookedAt, expanded, look_at

if TYPE_CHECKING:
    from pectui.tui.screens.compose import ComposeScreen

SHOWN_FILES = 2
"""Files that are listed; the latest, and those with which something is wrong before others."""


class Enclosing:
    """The files of `screen`."""

    def __init__(self, screen: ComposeScreen, paths: Sequence[str]) -> None:
        self._screen = screen
        self._paths = list(paths)
        self._looked: dict[str, LookedAt] = {}
        self._typed = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """As they were typed."""
        return tuple(self._paths)

    @property
    def size(self) -> int:
        """Octets of what was found, together."""
        return sum(self._looked.get(path, LookedAt()).size for path in self._paths)

    def adopt(self, paths: Sequence[str]) -> None:
        """The files of another message."""
        self._paths, self._typed = list(paths), ""
        self.look()

    def add(self, path: str) -> None:
        """One more file."""
        if path not in self._paths:
            self._paths.append(path)
        self.look()

    def take_back(self) -> str | None:
        """The last path, which is attached no more."""
        return self._paths.pop() if self._paths else None

    def typed(self, path: str) -> None:
        """This is in the line now."""
        self._typed = path.strip()
        self.look()

    def look(self) -> None:
        """Looks at what stands at the paths now, off the event loop: they may lie on a disk that takes its time."""
        wanted = [*self._paths, *([self._typed] if self._typed else [])]
        if wanted:
            screen = self._screen
            screen.pectui.begin(screen, partial(self._look, wanted), group="files")
        self.show()

    async def _look(self, wanted: Sequence[str]) -> None:
        self._looked = dict(await asyncio.to_thread(lambda: [(path, look_at(path)) for path in wanted]))
        self.show()
        self._screen.show_status()

    def show(self) -> None:
        """Tells of each file how large it is, or what is wrong with it."""
        self._screen.files_told.show(list(self._told()))

    def _told(self) -> Iterable[Span]:
        looked = [(path, self._looked.get(path)) for path in self._paths]
        wrong = [(path, found) for path, found in looked if found is not None and found.problem]
        others = [(path, found) for path, found in looked if found is None or not found.problem]
        listed = (*wrong, *reversed(others))[:SHOWN_FILES]
        if self.size > LARGEST_MESSAGE:
            told = f"! {size_words(self.size)} together: more than the {size_words(LARGEST_MESSAGE)} that can be sent"
            yield Span(shown(told), Ink.BAD)
        if self._typed and (typed := self._looked.get(self._typed)) is not None:
            yield Span(shown(typed.problem or f"{size_words(typed.size)}: Enter attaches it"), Ink.MUTED)
        for path, found in listed:
            yield _file(path, found)
        if left := len(looked) - len(listed):
            yield Span(shown(f"and {left:,} more file{'s' * (left != 1)}"), Ink.MUTED)


def _file(path: str, found: LookedAt | None) -> Span:
    if found is not None and found.problem:
        return Span(shown(f"! {path} {found.problem}"), Ink.BAD)
    try:
        name = expanded(path).name
    except RuntimeError:
        name = path
    return Span(shown(f"{name}  {size_words(found.size)}" if found is not None else name))
