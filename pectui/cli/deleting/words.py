"""Words that the plan, the question and the outcome share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pectui.engine.outcome import Unfinished
from pectui.environment import Environment
from pectui.session import Session
from pectui.text.clean import clean_line

FEW = 25
"""So many messages are told one by one; more are summed up."""
KEPT = 5
"""The same for messages that stay on purpose."""
_NAMED = 10
"""Of what is summed up so many are named."""


def messages(count: int) -> str:
    """`1 message`, `2 messages`."""
    return "1 message" if count == 1 else f"{count} messages"


def where(session: Session, strong: Callable[[str], str]) -> str:
    """The environment, production made `strong`, with the mailbox. Clean."""
    profile = session.profile
    name = profile.environment.value
    if profile.environment is Environment.PRODUCTION:
        name = strong(name.upper())
    host = f" ({profile.host})" if profile.custom_base_url else ""
    return name + clean_line(f"{host}, {session.address}")


def named(things: Iterable[object]) -> str:
    """`1, 2, 3`; of many the first ones, and how many more there are."""
    all_of_them = list(things)
    more = len(all_of_them) - _NAMED
    first = ", ".join(map(str, all_of_them[:_NAMED] if more > 0 else all_of_them))
    return f"{first} and {more} more" if more > 0 else first


def reasons(items: Sequence[Unfinished], verb: str, *, colon: str = ": ", each: int = FEW) -> Iterable[str]:
    """Why messages stayed: `12 failed: no answer`, a line each up to `each`; of more a line for each reason."""
    if len(items) <= each:
        for item in items:
            yield f"{item.id} {verb}{colon}{item.reason}"
        return
    by_reason: dict[str, list[int]] = {}
    for item in items:
        by_reason.setdefault(item.reason, []).append(item.id)
    for reason, ids in by_reason.items():
        yield f"{messages(len(ids))} {verb}{colon}{reason} ({named(ids)})"
