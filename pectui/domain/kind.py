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


_RECEIPTS = frozenset(
    {Kind.ACCEPTANCE, Kind.NON_ACCEPTANCE, Kind.DELIVERY, Kind.NON_DELIVERY, Kind.DELIVERY_TIMEOUT}
)
