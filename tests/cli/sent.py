"""Sends whose receipts are put into a sandbox's mailbox by hand: every state at once, without waiting for time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pectui.sandbox.dates import rome, stamp
from pectui.sandbox.dispatch import MAILBOX_FULL, WRONG_ADDRESS, Dispatch, dispatch
from pectui.sandbox.mail import Letter
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.sandbox.texts import Recipient
from tests.cli.conftest import Served

ANNA, BRUNO, CARLA, DARIO = (f"{name}@pec.example" for name in ("anna", "bruno", "carla", "dario"))


def sent(tail: str = "1", about: str = "Avviso di pagamento", *, hours: float = 30) -> Dispatch:
    """A send of some hours ago; its code is that moment and `tail`."""
    moment = rome(datetime.now(UTC) - timedelta(hours=hours)).replace(microsecond=0)
    return dispatch(f"{stamp(moment)}{tail}", about, DEMO_ADDRESS, moment)


def arrive(server: Served, *letters: Letter) -> None:
    """They are in the mailbox now."""
    for letter in letters:
        server.app.mailbox.deliver(
            letter.subject,
            letter.write(),
            sender=letter.sender,
            recipient=letter.recipient,
            date=letter.date,
        )


def partly_delivered(send: Dispatch) -> list[Letter]:
    """Delivered to Anna, not to Bruno and Carla, and Dario has ordinary mail."""
    return [
        send.acceptance(
            (Recipient(ANNA), Recipient(BRUNO), Recipient(CARLA), Recipient(DARIO, certified=False))
        ),
        send.failure(BRUNO, 4, WRONG_ADDRESS),
        send.delivery(ANNA, 3),
        send.failure(CARLA, 5, MAILBOX_FULL),
    ]


def delivered(send: Dispatch, *recipients: str) -> list[Letter]:
    """Accepted for these recipients, and delivered to each."""
    people = recipients or (ANNA,)
    return [send.acceptance(tuple(map(Recipient, people))), *(send.delivery(one, 3) for one in people)]


def remove(server: Served, code: str) -> None:
    """Everything that carries the code is deleted, as another client would."""
    for mail in server.app.mailbox.mails:
        if code in mail.subject.split():
            assert server.app.mailbox.delete(mail.uid)


def asked(server: Served) -> list[str]:
    """The codes that were asked for, in their order."""
    return [path.removeprefix("/send/") for method, path in server.app.requests if path.startswith("/send/")]
