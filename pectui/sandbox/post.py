"""What people and other offices write to the mailbox: foreign mail and answers, as texts."""

from __future__ import annotations

from functools import partial

from pectui.sandbox.dice import Dice
from pectui.sandbox.people import address

REPLIES = (
    "Buongiorno,\n\nsi conferma la ricezione. Il pagamento è stato disposto in data odierna con valuta a 3 "
    "giorni; la quietanza seguirà a mezzo PEC.\n\nCordiali saluti\n",
    "Spett.le Ufficio,\n\nle somme richieste risultano già versate (vedi quietanza allegata). Si chiede pertanto "
    "l'annullamento dell'avviso in autotutela.\n\nDistinti saluti\n",
    "Con la presente si chiede una rateizzazione in 6 rate mensili, poiché l'attività è sospesa da giugno.\n\n"
    "In attesa di riscontro, porgo cordiali saluti.\n",
    "Il destinatario non è più amministratore della società dal 1° marzo: si prega di rivolgersi al curatore.\n",
)

_SUBJECTS = (
    "Istanza di accesso agli atti",
    "Fattura n. {number} del mese corrente",
    "Richiesta di sopralluogo - Via Garibaldi {number}",
    "Offerta per la fornitura di arredi scolastici",
    "Trasmissione DURC in corso di validità",
    "Segnalazione guasto illuminazione pubblica",
    "Osservazioni al piano urbanistico - prot. {number}",
    "Nomina del difensore e richiesta copie",
    "Comunicazione cambio sede legale",
)
_OPENINGS = ("Spett.le Comune,", "Egregi,", "Alla cortese attenzione dell'Ufficio protocollo,", "Buongiorno,")
_BODIES = (
    "con la presente si trasmette in allegato quanto richiesto con nota prot. {number}.",
    "si segnala che la scadenza è fissata al 30 del mese e si resta in attesa di un cortese riscontro.",
    "si chiede di conoscere lo stato della pratica n. {number}, poiché ad oggi non è pervenuta risposta.",
    "si allega l'offerta economica: € {number},00 oltre IVA, trasporto e montaggio inclusi.",
)


def foreign_subject(dice: Dice) -> str:
    return dice.pick(_SUBJECTS).format(number=1 + dice.below(990))


def foreign_author(dice: Dice) -> str:
    """A certified sender as the envelope shows it, with its quotes and its trailing blank."""
    return f'"Per conto di: {address(dice)}" '


def foreign_text(seed: int, html: bool) -> str:
    """A short letter; HTML with the usual clutter of office programs."""
    dice = Dice(seed)
    opening = dice.pick(_OPENINGS)
    body = dice.pick(_BODIES).format(number=1 + dice.below(9900))
    author = address(dice).partition("@")[0].replace(".", " ").title()
    if not html:
        return f"{opening}\n\n{body}\n\nCordiali saluti\n{author}\n"
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0cm}</style>'
        f'</head><body lang="IT"><p class="MsoNormal">{opening}</p><p class="MsoNormal">{body}<o:p></o:p></p>'
        f"<ul><li>1&nbsp;allegato</li><li>protocollo <b>n. {dice.below(9000)}</b></li></ul>"
        f"<p>Cordiali saluti<br>{author}</p></body></html>"
    )


def foreign_writer(dice: Dice) -> partial[str]:
    """Writes one of the letters above, always the same, when it is asked for."""
    return partial(foreign_text, dice.below(1 << 30), dice.below(3) == 0)
