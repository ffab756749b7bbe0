"""How far what is remembered can be trusted, in the words of every command that lists it offline."""

from __future__ import annotations

from collections.abc import Iterator

from pectui.cli.age import when
from pectui.domain.listing import Synced
from pectui.errors import RefusedHereError, StoreError
from pectui.session import Session

_NOTHING = "Nothing is remembered of this mailbox"


def require_memory(session: Session, synced: Synced) -> None:
    """RefusedHereError if no listing is remembered, StoreError if what is remembered can't be read."""
    if session.memory_is_lost:
        raise StoreError("What is remembered of this mailbox can't be read", "; ".join(session.warnings))
    if synced.count == 0 and synced.agreed_at is None:
        raise RefusedHereError(
            _NOTHING, "pectui is offline, and no sync was run before", "Run `pectui sync` first."
        )


def trust(synced: Synced) -> Iterator[str]:
    """How old the remembered listing is, and what it lacks."""
    if synced.agreed_at is None:
        yield "Listed from memory: no sync came to its end yet, so the service never agreed with it."
    else:
        yield f"Listed from memory: the service last agreed with it on {when(synced.agreed_at)}."
    if synced.full_at is None:
        of = "" if synced.total is None else f" of {synced.total}"
        yield f"It doesn't reach to the oldest message: {synced.count}{of} are remembered."
