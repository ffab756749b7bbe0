"""The mails that a year brings once: rare kinds, providers' oddities and hostile texts, each at a given moment.

Hostile mails are data: markup, escape sequences and reversed text that a program must show and never obey.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pectui.sandbox.dates import header_date, stamp
from pectui.sandbox.dice import Dice
from pectui.sandbox.dispatch import VIRUS, dispatch
from pectui.sandbox.mail import Encoding, Letter
from pectui.sandbox.options import PROVIDER
from pectui.sandbox.post import REPLIES
from pectui.sandbox.texts import Recipient

Scene = Callable[[datetime, str, Dice], list[Letter]]
"""Given the moment, the mailbox's address and dice: one or more mails, none of them a day later."""


def scenes() -> tuple[Scene, ...]:
    """In the order in which they appear, the latest first."""
    return (
        _of(
            "Re: [INBOX] verifica [bold]urgente[/bold] [/] pratica",
            "Vedi [link=https://x.example]qui[/link]\n",
        ),
        _of(
            "ANOMALIA MESSAGGIO: Preventivo climatizzatori",
            "Messaggio ordinario.\n",
            sender="vendite@ditta.example",
        ),
        _prefix_twins,
        _of("Nuovo servizio: archivio a norma", _ADVERT, sender="newsletter@pecmassiva.example"),
        _unusual_prefixes,
        _of(
            "\x1b[2J\x1b[31mPagamento\x1b[0m \x1b]0;titolo\x07 fattura",
            "Prima\x1b[2Jdopo\x1b]52;c;Y2lhbw==\x1b\\\n",
        ),
        _of("Fattura \u202efdp.exe allegata", "Il nome \u202efdp.exe\u202c inganna chi legge.\n"),
        _of("", "Un messaggio senza oggetto.\n"),
        _of("Oggetto molto lungo: " + "protocollo riservato e pratica in corso " * 30, "Testo breve.\n"),
        _of("Messaggio vuoto", ""),
        _unreadable_date,
        _virus,
        _of(
            "[@click=app.quit]Premi qui[/] per il rimborso",
            "[@click=app.bell]Premi[/]\n[bold red]ATTENZIONE[/]\n",
        ),
        _of(
            "PRESA IN CARICO: Istanza di accesso agli atti", "Ricevuta di presa in carico.\n", sender=PROVIDER
        ),
        _of("PROBLEMA DI SICUREZZA: firma non valida", "La busta non supera i controlli.\n", sender=PROVIDER),
        _of("POSTA CERTIFICATA: POSTA CERTIFICATA: inoltro doppio", "Inoltro di un inoltro.\n"),
        _of(
            "CONSEGNA: falso avviso 2020082610003492",
            "Non viene dal gestore.\n",
            sender="truffa@phishing.example",
        ),
        _of("Escape rotti", "Sconto+del+100%+su+%ZZ+e+%C3%28+fine"),
        _of(
            "Zero\u200blarghezza e zal\u0338\u0337\u0336\u0335\u0334go",
            "Testo con \u200b\u2066nascosti\u2069.\n",
        ),
        _of("POSTA CERTIFICATA: R: I: Fwd: richiesta CIG", _NESTED_HTML),
        _of("Codice quasi: 2020139910003492", "Mese tredici: non è un codice di invio.\n"),
        _of("Rubrica aggiornata al {date}", "nome;pec\n=cmd|'/c calc'!A1;x@pec.example\n", encoding="utf-8"),
    )


_ADVERT = (
    "<html><body><h1>Archivio a norma</h1><p>Conservi le sue ricevute per 10&nbsp;anni.</p>"
    '<script>alert("no")</script><a href="javascript:alert(1)">Scopri di pi&ugrave;</a></body></html>'
)
_NESTED_HTML = (
    "<div>"
    * 40
    + "<table><tr><td>CIG</td><td>Z123456789</td></tr><tr><td>Importo</td><td>1.250,00 €</td></tr>"
    "</table><p>testo mai chiuso <b>grassetto <i>corsivo" + "</div>" * 20
)


def _of(subject: str, text: str, *, sender: str | None = None, encoding: Encoding = "plain") -> Scene:
    """One mail from a stranger, or from `sender`."""

    def scene(moment: datetime, address: str, dice: Dice) -> list[Letter]:
        author = sender or f'"Per conto di: mittente{dice.below(900)}@pec.ignoto.example" '
        shown = subject.replace("{date}", f"{moment:%d/%m/%Y}")
        return [_letter(moment, shown, author, address, text, encoding=encoding)]

    return scene


def _letter(
    moment: datetime,
    subject: str,
    sender: str,
    recipient: str,
    text: str,
    *,
    date: str | None = None,
    encoding: Encoding = "plain",
) -> Letter:
    shown = header_date(moment) if date is None else date
    return Letter(moment.timestamp(), shown, subject, sender, recipient, 30, lambda: text, encoding)


def _prefix_twins(moment: datetime, address: str, dice: Dice) -> list[Letter]:
    """Two sends in one second, the code of the one being the beginning of the other's; both were answered."""
    short = stamp(moment) + str(dice.below(10))
    letters: list[Letter] = []
    for code, recipient in (
        (short, "ufficio@pec.primo.example"),
        (short + "4", "ufficio@pec.secondo.example"),
    ):
        sent = dispatch(code, "Invito al tavolo tecnico", address, moment, wording="inviato", html=True)
        letters += [
            sent.acceptance((Recipient(recipient),)),
            sent.delivery(recipient, 3),
            sent.reply(recipient, dice.pick(REPLIES), 5400),
        ]
    return letters


def _unusual_prefixes(moment: datetime, address: str, dice: Dice) -> list[Letter]:
    """How other providers begin the subjects of their receipts."""
    code = f"{stamp(moment)}{dice.below(90) + 10}"
    sent = dispatch(code, "Censimento fornitori", address, moment)
    return [
        sent.acceptance((Recipient("info@pec.altrove.example"),)),
        sent.delivery("info@pec.altrove.example", 6)._replace(subject=f"AVVENUTA CONSEGNA: {sent.subject}"),
        sent.failure("x@pec.altrove.example", 7, "5.1.1 - Altro Gestore - indirizzo non valido")._replace(
            subject=f"Avviso  mancata consegna: {sent.subject}"
        ),
    ]


def _virus(moment: datetime, address: str, dice: Dice) -> list[Letter]:
    """A refusal and a failure, both for a virus."""
    refused = dispatch(f"{stamp(moment)}{dice.below(90) + 10}", "Modulistica aggiornata", address, moment)
    stopped = dispatch(f"{stamp(moment)}{dice.below(9)}", "Modulistica aggiornata", address, moment)
    return [
        refused.refusal("rilevato virus informatico Eicar-Test-Signature", virus=True),
        stopped.acceptance((Recipient("protocollo@pec.altrocomune.example"),), 40),
        stopped.failure("protocollo@pec.altrocomune.example", 44, VIRUS),
    ]


def _unreadable_date(moment: datetime, address: str, dice: Dice) -> list[Letter]:
    """Dates that no parser takes, that name no zone, and that lie about the year."""
    author = '"Per conto di: archivio@pec.vecchio-sistema.example" '
    dates = ("Gio, 31 Feb 25:61", f"{moment.day} {moment:%m/%Y}", header_date(moment.replace(year=2038)))
    zoneless = header_date(moment).rpartition(" ")[0]
    return [
        _letter(moment, f"Riversamento n. {number}", author, address, "Riversamento eseguito.\n", date=date)
        for number, date in enumerate((*dates, zoneless), start=1)
    ]
