"""How the states of a send and of its recipients look: a sign, a word, plain words, an ink; the worst come first."""

from __future__ import annotations

from dataclasses import dataclass

from pectui.domain.send import RecipientState, SendState
from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink


@dataclass(frozen=True, slots=True)
class StateLook:
    """Signs are one cell wide and differ from each other, so that nothing is told by colour alone."""

    sign: Shown
    word: Shown
    """At most ten cells."""
    plain: Shown
    ink: Ink


SEND_LOOKS = {
    SendState.FAILED: StateLook(
        Shown("✗"), Shown("failed"), Shown("Failed: nobody got it, and nobody will"), Ink.BAD
    ),
    SendState.REFUSED: StateLook(
        Shown("⊘"), Shown("refused"), Shown("Refused: not accepted, nothing was sent"), Ink.BAD
    ),
    SendState.PARTIAL: StateLook(
        Shown("±"), Shown("partial"), Shown("In part: it failed for some recipients, not for all"), Ink.BAD
    ),
    SendState.INCOMPLETE: StateLook(
        Shown("≠"), Shown("incomplete"), Shown("Incomplete: older than 24 hours, receipts are missing"), Ink.WARN
    ),
    SendState.LATE: StateLook(
        Shown("!"), Shown("late"), Shown("Late: a provider warned; a delivery may still follow"), Ink.WARN
    ),
    SendState.UNKNOWN: StateLook(
        Shown("?"), Shown("unknown"), Shown("Unknown: nothing in the mailbox tells"), Ink.MUTED
    ),
    SendState.PENDING: StateLook(
        Shown("…"), Shown("pending"), Shown("Pending: younger than 24 hours, receipts are still to come"), Ink.ACCENT
    ),
    SendState.DELIVERED: StateLook(
        Shown("✓"), Shown("delivered"), Shown("Delivered to every certified recipient"), Ink.GOOD
    ),
}  # fmt: skip
"""By state, the worst first."""

RECIPIENT_LOOKS = {
    RecipientState.FAILED: StateLook(Shown("✗"), Shown("failed"), Shown("will not get it"), Ink.BAD),
    RecipientState.REFUSED: StateLook(Shown("⊘"), Shown("refused"), Shown("it was not accepted"), Ink.BAD),
    RecipientState.LATE: StateLook(Shown("!"), Shown("late"), Shown("warned after 12 hours"), Ink.WARN),
    RecipientState.UNKNOWN: StateLook(
        Shown("?"), Shown("unknown"), Shown("a receipt that can't be read may be about it"), Ink.WARN
    ),
    RecipientState.ACCEPTED: StateLook(
        Shown("→"), Shown("accepted"), Shown("nothing is known since"), Ink.ACCENT
    ),
    RecipientState.DELIVERED: StateLook(Shown("✓"), Shown("delivered"), Shown("has it"), Ink.GOOD),
    RecipientState.NONE_EXPECTED: StateLook(
        Shown("o"), Shown("ordinary"), Shown("none expected: ordinary mail"), Ink.MUTED
    ),
}
"""By state, those that somebody has to look at first."""

SEND_RANKS = {state: rank for rank, state in enumerate(SEND_LOOKS)}
RECIPIENT_RANKS = {state: rank for rank, state in enumerate(RECIPIENT_LOOKS)}
