"""What one reading of the inbox has shown already, told apart even on a server whose ids shift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pectui.domain.message import Header


class Seen:
    """The headers that were shown, by page."""

    def __init__(self) -> None:
        self._pages: dict[int, tuple[Header, ...]] = {}

    def put(self, number: int, headers: Iterable[Header]) -> None:
        """Page `number` shows `headers` now; pages after it were another view of the mailbox and are forgotten."""
        self._pages = {page: rows for page, rows in self._pages.items() if page < number}
        self._pages[number] = tuple(dict.fromkeys(headers))

    @property
    def count(self) -> int:
        """How many different messages were shown."""
        return len({header for rows in self._pages.values() for header in rows})

    def unseen(self, headers: Sequence[Header], *, before: int, also: Sequence[Header] = ()) -> list[Header]:
        """Those of `headers` that no page before `before`, and not `also`, has shown, each once."""
        known = {*self._before(before), *also}
        return [header for header in dict.fromkeys(headers) if header not in known]

    def unseen_again(self, headers: Sequence[Header], *, before: int) -> list[Header]:
        """The same for a page that is read a second time after messages were deleted.

        Where an id that was seen holds another message now, ids shift on this server, and a message that stayed
        looks new. What stayed keeps its order, though: it is told by its facts, one after the other.
        """
        shown = self._before(before)
        by_id = {header.id: header.facts for header in shown}
        if all(by_id.get(header.id, header.facts) == header.facts for header in headers):
            return self.unseen(headers, before=before)
        fresh: list[Header] = []
        position = 0
        facts = [header.facts for header in shown]
        for header in dict.fromkeys(headers):
            try:
                position = facts.index(header.facts, position) + 1
            except ValueError:
                fresh.append(header)
        return fresh

    def _before(self, number: int) -> list[Header]:
        return [header for page, rows in sorted(self._pages.items()) if page < number for header in rows]
