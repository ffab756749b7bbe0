"""Whom the sandbox's municipality writes to, and what about: invented people and firms, reserved domains."""

from __future__ import annotations

from pectui.sandbox.dice import Dice

# fmt: off
_FIRST_NAMES = (
    "alessandra", "andrea", "antonio", "barbara", "carlo", "chiara", "claudio", "cristina", "daniele",
    "elena", "enrico", "fabio", "federica", "francesca", "gabriele", "giorgia", "giovanni", "giulia",
    "laura", "lorenzo", "luca", "marco", "maria", "matteo", "paola", "pietro", "roberta", "salvatore",
    "silvia", "stefano", "teresa", "valentina",
)
_SURNAMES = (
    "amato", "barbieri", "basile", "bianchi", "bruno", "caputo", "conti", "coppola", "costa",
    "d-angelo", "de-luca", "esposito", "fabbri", "ferrara", "ferrari", "fontana", "galli", "gallo",
    "gatti", "giordano", "greco", "grassi", "leone", "lombardi", "longo", "mancini", "marino",
    "marchetti", "martini", "moretti", "neri", "orlando", "pellegrini", "ricci", "rinaldi", "rizzo",
    "romano", "rossi", "russo", "sanna", "santoro", "serra", "valentini", "villa", "vitale",
)
# fmt: on
_PERSONAL_DOMAINS = (
    "pec.posta.example",
    "legalmente.example",
    "pec.cittadini.example",
    "postacertificata.example",
    "pec.avvocati-esempio.example",
)
_TRADES = (
    "autotrasporti",
    "costruzioni",
    "edilizia",
    "forniture",
    "immobiliare",
    "impianti",
    "logistica",
    "officine",
    "ristorazione",
)

SUBJECTS = (
    "Avviso di pagamento TARI {year} - seconda rata",
    "Sollecito di pagamento retta mensa scolastica",
    "Convocazione del Consiglio comunale",
    "Richiesta di integrazione documentale - pratica SUAP {number}",
    "Comunicazione di avvio del procedimento n. {number}",
    "Notifica verbale di accertamento n. {number}/{year}",
    "Avviso di accertamento IMU {last_year}",
    "Riscontro istanza di accesso agli atti prot. {number}",
    "Diffida ad adempiere - canone unico patrimoniale {year}",
    "Aggiornamento elenco fornitori: richiesta DURC",
    "Ordinanza n. {number}: modifica della viabilità in via Roma",
    "Invito a presentare offerta - CIG Z{number}A1B",
    "Trasmissione contratto rep. {number} per la sottoscrizione",
    "Comunicazione esito gara lotto 2 «manutenzione verde»",
    "Scadenza della concessione di suolo pubblico",
    "Revisione delle liste elettorali: richiesta dati",
    "Città in festa {year}: modalità di adesione",
    "Nota di credito n. {number} del {year}",
)


def subject(dice: Dice, year: int) -> str:
    """What one campaign is about."""
    return dice.pick(SUBJECTS).format(year=year, last_year=year - 1, number=1000 + dice.below(8900))


def address(dice: Dice) -> str:
    """A person's address, or in one case of three a firm's."""
    surname = dice.pick(_SURNAMES)
    if dice.below(3) == 0:
        return f"amministrazione@pec.{surname}-{dice.pick(_TRADES)}.example"
    return f"{dice.pick(_FIRST_NAMES)}.{surname}@{dice.pick(_PERSONAL_DOMAINS)}"
