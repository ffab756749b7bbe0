"""What a job's own deletions do to ids: nothing where they are stable; where they shift, all above move down."""

from __future__ import annotations

from bisect import bisect_left, insort

from pectui.engine.listing import PAGE_SIZE


class Drift:
    """The ids that went since the listing was read, in the numbers of that moment."""

    def __init__(self) -> None:
        self.ids_shift: bool | None = None
        """None: nobody knows yet."""
        self._gone: list[int] = []
        self._each_gone: set[int] = set()
        self._doubtful: set[int] = set()

    def went(self, message_id: int) -> None:
        """What was listed as `message_id` is gone."""
        insort(self._gone, message_id)
        self._each_gone.add(message_id)

    def may_have_gone(self, message_id: int) -> None:
        """Nobody knows what became of what was listed as `message_id`: its deletion was begun."""
        self._doubtful.add(message_id)

    @property
    def at_most(self) -> int:
        """How many may have gone."""
        return len(self._each_gone | self._doubtful)

    def has_gone(self, message_id: int) -> bool:
        """Whether what was listed as `message_id` is gone."""
        return message_id in self._each_gone

    def now(self, message_id: int) -> int:
        """What the server calls by now what was listed as `message_id`."""
        return message_id - bisect_left(self._gone, message_id) if self.ids_shift else message_id

    def possible(self, message_id: int) -> frozenset[int]:
        """The ids that it may have by now: two, as long as nobody knows whether ids shift."""
        shifted = message_id - bisect_left(self._gone, message_id)
        return frozenset({message_id, shifted} if self.ids_shift is None else {self.now(message_id)})

    def page_now(self, message_id: int, page: int, *, newest_first: bool) -> int:
        """The page that should list by now what `page` listed: what went before it in the listing has moved it up."""
        gone_below = bisect_left(self._gone, message_id)
        gone_before = len(self._gone) - gone_below if newest_first else gone_below
        return max(1, page - gone_before // PAGE_SIZE)
