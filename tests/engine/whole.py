"""What the tests of whole sends share: what is deleted of one, and by how many requests."""

from __future__ import annotations

from collections.abc import Callable

from pectui.domain.message import Message
from pectui.errors import UnreachableError
from tests.engine.sent import (
    CODE,
    Opened,
)

LOST = UnreachableError("the connection broke", maybe_done=True)
WHOLE, LOOKS, SINGLE = "DELETE /send", "GET /send", "DELETE /inbox"


def receipts(message: Message) -> bool:
    return message.code == CODE and not message.is_reply


async def deleted(box: Opened, chosen: Callable[[Message], bool] = receipts) -> list[str]:
    """Deletes what is chosen, all of which must go. The subjects of what is left."""
    prepared = await box.plan(chosen)
    outcome = await box.delete(prepared)
    assert (outcome.failed, outcome.refused) == ((), ())
    assert len(outcome.deleted) == outcome.requested == len(prepared.targets)
    return box.subjects()


def as_one(box: Opened) -> bool:
    """Whether one DELETE did it all."""
    return (box.asked(WHOLE), box.asked(SINGLE)) == (1, 0)


def one_by_one(box: Opened) -> bool:
    return box.asked(WHOLE) == 0 < box.asked(SINGLE)
