"""When a listing proves that ids are no sequence numbers."""

from __future__ import annotations

from collections.abc import Iterable

_LEAST = 100
"""Ids above the number of messages that prove nothing: a service may count later or earlier than it lists, and while
the receipts of a mass send come in, that makes a difference of many."""


def prove_stable(ids: Iterable[int], total: int | None) -> bool:
    """Whether one of the ids is so far above the number of messages that it can't be a message's place among them.

    False says nothing: a mailbox that was never cleared numbers its messages like their places (`api.md` 5).
    """
    return total is not None and max(ids, default=0) > total + max(_LEAST, total // 4)
