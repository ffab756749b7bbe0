"""The kinds of mail that a PEC mailbox holds, and how a subject tells them (RFC 6109, section 2 and 3)."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a message is. The values are the names that `--json` and `--kind` use."""

    ACCEPTANCE = "acceptance"
    NON_ACCEPTANCE = "non_acceptance"
    DELIVERY = "delivery"
    NON_DELIVERY = "non_delivery"
    DELIVERY_TIMEOUT = "delivery_timeout"
    ENVELOPE = "envelope"
    ANOMALY = "anomaly"
    PROVIDER_NOTICE = "provider_notice"
    OTHER = "other"

    @property
    def is_receipt(self) -> bool:
        """True for what the sender's and the recipients' providers write about a send."""
        return self in _RECEIPTS

    @property
    def sign(self) -> str:
        """One letter or sign, another for each kind, so that kinds differ without colour."""
        return _SIGNS[self]


_RECEIPTS = frozenset(
    {Kind.ACCEPTANCE, Kind.NON_ACCEPTANCE, Kind.DELIVERY, Kind.NON_DELIVERY, Kind.DELIVERY_TIMEOUT}
)

_SIGNS = {
    Kind.ACCEPTANCE: "A",
    Kind.NON_ACCEPTANCE: "R",
    Kind.DELIVERY: "D",
    Kind.NON_DELIVERY: "F",
    Kind.DELIVERY_TIMEOUT: "L",
    Kind.ENVELOPE: "M",
    Kind.ANOMALY: "O",
    Kind.PROVIDER_NOTICE: "P",
    Kind.OTHER: "?",
}
_DESCRIPTIONS = {
    Kind.ACCEPTANCE: "Accepted: the sender's provider took the message",
    Kind.NON_ACCEPTANCE: "Refused: the sender's provider did not take the message, nothing was sent",
    Kind.DELIVERY: "Delivered to a recipient's mailbox",
    Kind.NON_DELIVERY: "Failed: not delivered to a recipient",
    Kind.DELIVERY_TIMEOUT: "Late: not delivered in time; a delivery may still follow within 24 hours of sending",
    Kind.ENVELOPE: "Certified mail from someone",
    Kind.ANOMALY: "Ordinary mail that was let in",
    Kind.PROVIDER_NOTICE: "A notice between providers",
    Kind.OTHER: "Unknown: none of the kinds that certified mail defines",
}


def describe_kind(kind: Kind) -> str:
    """What a mail of this kind is, in plain words for the screen."""
    return _DESCRIPTIONS[kind]
