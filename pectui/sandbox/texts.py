"""What providers write in receipts: both wordings that are met, as text or as HTML (RFC 6109, 3.1 to 3.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from pectui.sandbox.dates import spoken

Wording = Literal["proveniente", "inviato"]
"""Two providers' habits, named after the word that tells them apart."""


class Facts(NamedTuple):
    """What every receipt names."""

    wording: Wording
    html: bool
    subject: str
    """The original subject, with the code, without a receipt's prefix."""
    sender: str
    identifier: str


class Recipient(NamedTuple):
    address: str
    certified: bool = True


def acceptance(facts: Facts, moment: datetime, recipients: tuple[Recipient, ...]) -> str:
    """One acceptance for the whole send, a recipient a line."""
    lines = "\n".join(
        f'{one.address} ("posta {"certificata" if one.certified else "ordinaria"}")' for one in recipients
    )
    if facts.wording == "proveniente":
        text = (
            f"Ricevuta di accettazione\n\nIl giorno {spoken(moment)} {_message(facts)} ed indirizzato a:\n"
            f"{lines}\n\nIl messaggio è stato accettato dal sistema ed inoltrato.\n{_identifier(facts)}"
        )
    else:
        text = (
            f"Ricevuta di accettazione del messaggio\n\nIl giorno {spoken(moment)} {_message(facts)} "
            f"ed indirizzato a:\n{lines}\n\nè stato accettato dal sistema ed inoltrato ai destinatari.\n"
            f"{_identifier(facts)}"
        )
    return _finish(facts, text)


def delivery(facts: Facts, moment: datetime, recipient: str) -> str:
    deed = (
        "è stato consegnato nella casella di destinazione."
        if facts.wording == "proveniente"
        else "è stato correttamente consegnato al destinatario."
    )
    return _finish(
        facts,
        f"Ricevuta di avvenuta consegna\n\nIl giorno {spoken(moment)} {_message(facts)} "
        f'ed indirizzato a "{recipient}" {deed}\n\n{_identifier(facts)}',
    )


def non_delivery(facts: Facts, moment: datetime, recipient: str, reason: str) -> str:
    """`reason` is `N.N.N - provider - text`."""
    fault = "un errore" if facts.wording == "proveniente" else "il seguente errore"
    return _finish(
        facts,
        f"Avviso di mancata consegna\n\nIl giorno {spoken(moment)} nel{_message(facts)[2:]} "
        f'e destinato all\'utente "{recipient}" è stato rilevato {fault}: {reason}.\n'
        f"Il messaggio è stato rifiutato dal sistema.\n\n{_identifier(facts)}",
    )


def late(facts: Facts, moment: datetime, recipient: str) -> str:
    """After twelve hours: a warning, a delivery may still follow."""
    return _finish(
        facts,
        f"Avviso di mancata consegna\n\nIl giorno {spoken(moment)} {_message(facts)} "
        f'e destinato all\'utente "{recipient}" non è stato consegnato nelle prime dodici ore dal suo invio.\n'
        "Non escludendo che questo possa avvenire in seguito, si ritiene utile considerare che l'invio potrebbe "
        "non andare a buon fine. Il sistema provvederà comunque ad inviare un ulteriore avviso di mancata "
        "consegna se nelle prossime dodici ore non vi sarà la conferma della ricezione da parte del "
        f"destinatario.\n\n{_identifier(facts)}",
    )


def expired(facts: Facts, moment: datetime, recipient: str) -> str:
    """After twenty-four hours: final."""
    return _finish(
        facts,
        f"Avviso di mancata consegna\n\nIl giorno {spoken(moment)} {_message(facts)} "
        f'e destinato all\'utente "{recipient}" non è stato consegnato nelle ventiquattro ore successive al '
        "suo invio. Si ritiene che la spedizione debba considerarsi non andata a buon fine.\n\n"
        f"{_identifier(facts)}",
    )


def non_acceptance(facts: Facts, moment: datetime, reason: str) -> str:
    return _finish(
        facts,
        f"Avviso di non accettazione\n\nIl giorno {spoken(moment)} nel{_message(facts)[2:]} è stato rilevato un "
        f"problema che ne impedisce l'accettazione: a causa di - {reason}.\n"
        f"Il messaggio non è stato accettato.\n\n{_identifier(facts)}",
    )


def as_html(text: str) -> str:
    """`text` as the HTML part of a receipt: escaped, lines broken."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    title, _, rest = escaped.partition("\n\n")
    broken = rest.replace("\n", "<br>\n")
    return (
        f"<html><head><title>{title}</title></head>\n<body>\n<h3>{title}</h3>\n<hr>\n<p>{broken}</p>\n"
        "</body></html>\n"
    )


def _message(facts: Facts) -> str:
    if facts.wording == "proveniente":
        return f'il messaggio "{facts.subject}" proveniente da "{facts.sender}"'
    return f'il messaggio con Oggetto "{facts.subject}" inviato da "{facts.sender}"'


def _identifier(facts: Facts) -> str:
    of_the = "" if facts.wording == "proveniente" else "del "
    return f"Identificativo {of_the}messaggio: {facts.identifier}\n"


def _finish(facts: Facts, text: str) -> str:
    return as_html(text) if facts.html else text
