"""What the tests of `pectui delete` share: a mailbox with two sends of like codes, and looks into it."""

from __future__ import annotations

from pectui.sandbox.dispatch import Dispatch, dispatch
from pectui.sandbox.options import DEMO_ADDRESS
from tests.cli.conftest import Served
from tests.cli.sent import ANNA, BRUNO, arrive, delivered, sent


def left(server: Served) -> list[str]:
    """What is in the mailbox."""
    return [mail.subject for mail in server.app.mailbox.mails]


def ids_of(server: Served, word: str) -> list[int]:
    """Ids of the messages whose subject holds `word`."""
    mailbox = server.app.mailbox
    return [mailbox.id_of(mail) or 0 for mail in mailbox.mails if word in mail.subject]


def prefixed(send: Dispatch) -> Dispatch:
    """Another send, whose code begins with the code of `send`."""
    return dispatch(f"{send.code}7", "Un altro invio", DEMO_ADDRESS, send.moment)


def codes(server: Served) -> tuple[str, str]:
    found = sorted({mail.subject.split()[-1] for mail in server.app.mailbox.mails}, key=len)
    return found[0], found[-1]


def two_sends(server: Served) -> Served:
    """A send with an answer, and one whose code begins with the first one's; the service matches substrings."""
    first = sent(hours=24 * 40)
    second = prefixed(first)
    arrive(server, *delivered(first, ANNA, BRUNO), first.reply(ANNA, "Ricevuto", 60), *delivered(second))
    return server
