"""From what the service listed to what it means: one header in, one message out, nothing guessed."""

from __future__ import annotations

from pectui.domain.address import clean_address, is_certified_mail_system
from pectui.domain.dates import parse_date
from pectui.domain.kind import Kind
from pectui.domain.message import Header, Message
from pectui.domain.subject import parse_subject


def interpret(header: Header, own: frozenset[str] = frozenset()) -> Message:
    """What `header` means to the mailbox whose addresses are `own`: casefolded, none where they are unknown.

    A receipt is one only if the outermost prefix says so and the certified mail system sent it; everything
    else that calls itself a receipt is `other`. Envelopes and anomalies are told by their prefix alone. What the
    system itself sends is nobody's answer, whatever its prefix.
    """
    subject = parse_subject(header.subject)
    kind = kind_of(subject.kind_by_prefix, header.sender)
    sender = clean_address(header.sender)
    recipient = clean_address(header.recipient)
    from_own = is_own(kind, sender, recipient, own)
    written_by_someone = (
        subject.code is not None and not kind.is_receipt and not is_certified_mail_system(header.sender)
    )
    return Message(
        header=header,
        date=parse_date(header.date),
        kind=kind,
        subject=subject.text,
        code=subject.code,
        is_reply=written_by_someone and not from_own,
        # Ordinary mail may claim any sender; in an envelope the provider vouches for it.
        is_own_copy=written_by_someone and from_own and kind is Kind.ENVELOPE,
        sender=sender,
        recipient=recipient,
    )


def kind_of(claimed: Kind | None, raw_sender: str) -> Kind:
    """The kind of a mail whose outermost prefix says `claimed`."""
    if claimed is None:
        return Kind.OTHER
    if claimed in (Kind.ENVELOPE, Kind.ANOMALY) or is_certified_mail_system(raw_sender):
        return claimed
    return Kind.OTHER


def is_own(kind: Kind, sender: str, recipient: str, own: frozenset[str]) -> bool:
    """Whether the mail says that it comes from the mailbox's own address. `sender` and `recipient` are clean."""
    address = sender.casefold()
    if own:
        return address in own
    return kind is Kind.ENVELOPE and bool(address) and address == recipient.casefold()
