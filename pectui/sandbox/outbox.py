"""What a new send leads to, and when. Some addresses fail by convention, so that anybody can try it out.

| recipient | what comes back |
|---|---|
| `…@invalid.example`, `nobody@…` | not delivered: 5.1.1, wrong address |
| `full@…` | not delivered: 5.2.2, mailbox full |
| `virus@…` | not delivered, for a virus |
| `late@…` | the warning after 12 hours, delivered after 13 |
| `silent@…` | the warning after 12 hours, the end after 24 |
| `lost@…` | nothing at all |
| `ordinary@…` | accepted as ordinary mail: no receipt will come |
| `reply@…` | delivered, and an answer a minute later |
| `rejected@…` | the whole send is not accepted |
| `refused@…` | `POST /send` itself fails with an SMTP error |
| the own address | delivered, and a copy in the inbox |
| anything else | delivered after three seconds |
"""

from __future__ import annotations

from typing import NamedTuple

from pectui.sandbox.dispatch import MAILBOX_FULL, VIRUS, WRONG_ADDRESS, Dispatch
from pectui.sandbox.mail import Letter
from pectui.sandbox.post import REPLIES
from pectui.sandbox.texts import Recipient


class Order(NamedTuple):
    """One `POST /send` as it came, checked."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[tuple[str, str], ...] = ()
    """Name and file of each, the file as it came."""


class SentPec(NamedTuple):
    """One send that the sandbox took, for tests to look into."""

    code: str
    order: Order


def refusing(order: Order) -> bool:
    """Whether the relay answers with an SMTP error for one of the recipients."""
    return any(_local(one) == "refused" for one in order.recipients)


def consequences(sent: Dispatch, order: Order) -> list[Letter]:
    """Every mail that the send will bring, each with the time of its arrival."""
    if any(_local(one) == "rejected" for one in order.recipients):
        return [sent.refusal("il destinatario è escluso dalle regole del gestore mittente")]
    people = tuple(Recipient(one, certified=_local(one) != "ordinary") for one in order.recipients)
    letters = [sent.acceptance(people)]
    for one in order.recipients:
        letters += _fate(sent, one, order.body)
    return letters


def _fate(sent: Dispatch, recipient: str, body: str) -> list[Letter]:
    local, _, domain = recipient.rpartition("@")
    if domain.casefold() == "invalid.example":
        local = "nobody"
    if recipient == sent.sender:
        return [sent.own_copy(body, 2), sent.delivery(recipient, 3)]
    match local.casefold():
        case "nobody":
            return [sent.failure(recipient, 4, WRONG_ADDRESS)]
        case "full":
            return [sent.failure(recipient, 4, MAILBOX_FULL)]
        case "virus":
            return [sent.failure(recipient, 4, VIRUS)]
        case "late":
            return [sent.warning(recipient), sent.delivery(recipient, 13 * 3600)]
        case "silent":
            return [sent.warning(recipient), sent.expiry(recipient)]
        case "lost" | "ordinary":
            return []
        case "reply":
            return [sent.delivery(recipient, 3), sent.reply(recipient, REPLIES[0], 60)]
        case _:
            return [sent.delivery(recipient, 3)]


def _local(address: str) -> str:
    return address.rpartition("@")[0].casefold()
