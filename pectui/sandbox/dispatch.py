"""One send and the mails that it may lead to; what history and a new `POST /send` have in common."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from pectui.sandbox import texts
from pectui.sandbox.dates import header_date
from pectui.sandbox.mail import Encoding, Letter
from pectui.sandbox.options import PROVIDER
from pectui.sandbox.texts import Facts, Recipient, Wording

WRONG_ADDRESS = "5.1.1 - Esempio PEC S.p.A. - indirizzo non valido"
MAILBOX_FULL = "5.2.2 - Esempio PEC S.p.A. - casella piena"
VIRUS = "5.7.1 - Esempio PEC S.p.A. - rilevato virus informatico Eicar-Test-Signature"
RELAY_DENIED = "5.4.1 - Fiducia Digitale S.r.l. - destinatario non raggiungibile"


class Dispatch(NamedTuple):
    """A send as its provider sees it. Delays are seconds after `moment`, which is in Italy's time."""

    code: str
    subject: str
    """With the code as its last word."""
    sender: str
    moment: datetime
    second: float
    """`moment` in seconds since 1970."""
    facts: Facts
    encoding: Encoding
    weight: int
    """What the mail itself takes, in KiB: receipts of delivery carry it whole."""

    def acceptance(self, recipients: tuple[Recipient, ...], delay: float = 0) -> Letter:
        return self._receipt(
            "ACCETTAZIONE", delay, partial(texts.acceptance, self.facts, recipients=recipients), 6
        )

    def refusal(self, reason: str, *, virus: bool = False) -> Letter:
        prefix = "AVVISO DI NON ACCETTAZIONE" + (" PER VIRUS" if virus else "")
        return self._receipt(prefix, 0, partial(texts.non_acceptance, self.facts, reason=reason), 8)

    def delivery(self, recipient: str, delay: float) -> Letter:
        return self._receipt(
            "CONSEGNA", delay, partial(texts.delivery, self.facts, recipient=recipient), 14 + self.weight
        )

    def failure(self, recipient: str, delay: float, reason: str) -> Letter:
        prefix = "AVVISO DI MANCATA CONSEGNA" + (" PER VIRUS" if reason == VIRUS else "")
        write = partial(texts.non_delivery, self.facts, recipient=recipient, reason=reason)
        return self._receipt(prefix, delay, write, 9 + self.weight)

    def warning(self, recipient: str) -> Letter:
        """Twelve hours after the send."""
        write = partial(texts.late, self.facts, recipient=recipient)
        return self._receipt(_TIMEOUT, 12 * 3600 + 4, write, 9)

    def expiry(self, recipient: str) -> Letter:
        """Twenty-four hours after the send, under the same subject as the warning."""
        write = partial(texts.expired, self.facts, recipient=recipient)
        return self._receipt(_TIMEOUT, 24 * 3600 + 4, write, 9)

    def own_copy(self, text: str, delay: float) -> Letter:
        """The envelope that comes back to a sender who sent to the own address."""
        return self._envelope(self.subject, self.sender, text, delay)

    def reply(self, author: str, text: str, delay: float) -> Letter:
        """A recipient's answer: no receipt, though the code stands in its subject."""
        return self._envelope(f"Re: {self.subject}", author, text, delay)

    def _envelope(self, subject: str, author: str, text: str, delay: float) -> Letter:
        return Letter(
            arrival=self.second + delay,
            date=header_date(self.moment + timedelta(seconds=delay)),
            subject=f"POSTA CERTIFICATA: {subject}",
            sender=f'"Per conto di: {author}" ',
            recipient=f'"{self.sender}" ',
            weight=20 + self.weight,
            write=lambda: text,
            encoding=self.encoding,
        )

    def _receipt(self, prefix: str, delay: float, write: partial[str], weight: int) -> Letter:
        moment = self.moment + timedelta(seconds=delay)
        return Letter(
            self.second + delay,
            header_date(moment),
            f"{prefix}: {self.subject}",
            PROVIDER,
            self.sender,
            weight,
            partial(write, moment=moment),
            self.encoding,
        )


_TIMEOUT = "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO"


def dispatch(
    code: str,
    subject: str,
    sender: str,
    moment: datetime,
    *,
    wording: Wording = "proveniente",
    html: bool = False,
    encoding: Encoding = "plain",
    weight: int = 40,
) -> Dispatch:
    """A send of `subject` (without the code) at `moment`, which must be in Italy's time."""
    full = f"{subject} {code}"
    facts = Facts(
        wording, html, full, sender, f"opec21{code[-3:]}.{code[:14]}.{code[-5:]}.1@pecmassiva.example"
    )
    return Dispatch(code, full, sender, moment, moment.timestamp(), facts, encoding, weight)
