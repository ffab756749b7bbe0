"""The message as it is shown before somebody confirms it: from whom, to whom, what, how large, for how much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pectui.cli.deleting.words import where
from pectui.domain.cost import cost_of, cost_words
from pectui.domain.outgoing import Outgoing
from pectui.session import Session
from pectui.text.clean import clean_line

_NAMED = 5
"""Of many recipients so many are named."""
_LONGEST_TEXT = 70


def plan_lines(message: Outgoing, session: Session, strong: Callable[[str], str]) -> Iterator[str]:
    """Clean lines."""
    profile = session.profile
    yield f"From:     {clean_line(session.sendings.sender)}"
    yield f"Profile:  {clean_line(profile.name)}: {where(session, strong)}"
    yield f"To:       {_named(message)}"
    yield f"Subject:  {clean_line(message.subject)}"
    yield f"Text:     {_text(message)}"
    for one in message.enclosures:
        yield f"File:     {clean_line(one.name)}, {size(one.size)}"
    yield f"Size:     {size(message.size)}"
    yield f"Cost:     {cost(message, session)}"


def plan_document(message: Outgoing, session: Session) -> dict[str, Any]:
    """The same for `--dry-run --json`."""
    price = cost_of(len(message.recipients), session.profile.recipient_price)
    return {
        "plan": {
            "profile": session.profile.name,
            "environment": session.profile.environment.value,
            "sender": session.sendings.sender,
            "recipients": list(message.recipients),
            "subject": message.subject,
            "html": message.is_html,
            "attachments": [{"name": one.name, "bytes": one.size} for one in message.enclosures],
            "bytes": message.size,
            "cost_eur": None if price is None else f"{price:f}",
        }
    }


def cost(message: Outgoing, session: Session) -> str:
    """What it costs, in words."""
    return cost_words(cost_of(len(message.recipients), session.profile.recipient_price))


def people(count: int) -> str:
    """`1 recipient`, `12 recipients`."""
    return "1 recipient" if count == 1 else f"{count:,} recipients"


def size(octets: int) -> str:
    """`312 B`, `1.2 MB`. In powers of ten, as the service counts."""
    if octets < 1_000:
        return f"{octets} B"
    return f"{octets / 1_000:.1f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def _named(message: Outgoing) -> str:
    first = ", ".join(clean_line(address) for address in message.recipients[:_NAMED])
    more = len(message.recipients) - _NAMED
    return f"{first} and {more:,} more ({people(len(message.recipients))})" if more > 0 else first


def _text(message: Outgoing) -> str:
    if not message.body.strip():
        return "none"
    line = clean_line(message.body.strip())
    cut = f"{line[:_LONGEST_TEXT]}…" if len(line) > _LONGEST_TEXT else line
    return f"{'HTML' if message.is_html else 'plain'}, {len(message.body):,} characters: {cut}"
