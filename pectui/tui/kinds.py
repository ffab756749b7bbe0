"""How a kind of mail looks and what it is called: a sign, a short word, plain words, an ink."""

from __future__ import annotations

from dataclasses import dataclass

from pectui.domain.kind import Kind
from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink


@dataclass(frozen=True, slots=True)
class KindLook:
    """Signs are one cell wide and differ from each other, so that nothing is told by colour alone."""

    sign: Shown
    word: Shown
    """At most nine cells."""
    plain: Shown
    ink: Ink
    proof_of: Shown | None = None
    """What the message is legal proof of, if it is."""


_LOOKS = {
    Kind.ACCEPTANCE: KindLook(
        Shown("→"),
        Shown("accepted"),
        Shown("Accepted: the sender's provider took the message"),
        Ink.ACCENT,
        Shown("dispatch: that the message was handed over, and when"),
    ),
    Kind.NON_ACCEPTANCE: KindLook(
        Shown("⊘"),
        Shown("refused"),
        Shown("Refused: the sender's provider didn't take it, nothing was sent"),
        Ink.BAD,
        Shown("the refusal: that nothing was sent, and why"),
    ),
    Kind.DELIVERY: KindLook(
        Shown("✓"),
        Shown("delivered"),
        Shown("Delivered to one recipient"),
        Ink.GOOD,
        Shown("delivery to one recipient"),
    ),
    Kind.NON_DELIVERY: KindLook(
        Shown("✗"),
        Shown("failed"),
        Shown("Not delivered to one recipient; final"),
        Ink.BAD,
        Shown("the failure: that one recipient didn't get it, and why"),
    ),
    Kind.DELIVERY_TIMEOUT: KindLook(
        Shown("!"),
        Shown("late"),
        Shown("Not delivered in time: after 12 hours a warning, after 24 hours final"),
        Ink.WARN,
        Shown("the delay: that one recipient hadn't got it by then"),
    ),
    Kind.ENVELOPE: KindLook(Shown("@"), Shown("mail"), Shown("Certified mail from someone"), Ink.PLAIN),
    Kind.ANOMALY: KindLook(
        Shown("o"), Shown("ordinary"), Shown("Ordinary mail that was let in, not certified"), Ink.WARN
    ),
    Kind.PROVIDER_NOTICE: KindLook(
        Shown("i"), Shown("notice"), Shown("A notice from provider to provider"), Ink.MUTED
    ),
    Kind.OTHER: KindLook(
        Shown("?"), Shown("unknown"), Shown("Of no known kind: pectui doesn't guess"), Ink.MUTED
    ),
}


def look_of(kind: Kind) -> KindLook:
    """How messages of `kind` look."""
    return _LOOKS[kind]
