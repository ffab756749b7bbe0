"""Whole sends in every provider's wording, as text and as HTML: the right recipient, state and reason."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.receipt import parse_receipt
from pectui.domain.send import RecipientState
from pectui.domain.settling import ReadReceipt, settle
from pectui.text.body import readable
from tests.domain.sending import CODE, OWN, after, receipt

WORDINGS = ('il messaggio "{s}" proveniente da "{f}"', 'il messaggio con Oggetto "{s}" inviato da "{f}"')
SENT_TO = " ed indirizzato a{colon}\n{people}\n\n{deed}\nIdentificativo{of} messaggio: {id}\n"
DELIVERED = (
    ' ed indirizzato a "{to}" è stato consegnato nella casella di destinazione.\nIdentificativo messaggio: {id}',
    ' ed indirizzato a "{to}" è stato correttamente consegnato al destinatario.\nIdentificativo del messaggio: {id}',
)
FAILED = (
    ' e destinato all\'utente "{to}" è stato rilevato un errore: {reason}.\n'
    "Il messaggio è stato rifiutato dal sistema.\nIdentificativo messaggio: {id}",
    ' e destinato all\'utente "{to}" è stato rilevato il seguente errore: {reason}. '
    "Il messaggio è stato rifiutato dal sistema.\nIdentificativo del messaggio: {id}",
)
LATE = (
    ' e destinato all\'utente "{to}" non è stato consegnato nelle prime dodici ore dal suo invio. Non escludendo '
    "che questo possa avvenire in seguito, il sistema provvederà ad inviare un ulteriore avviso se nelle prossime "
    "dodici ore non vi sarà la conferma della ricezione.\nIdentificativo messaggio: {id}"
)
EXPIRED = (
    ' e destinato all\'utente "{to}" non è stato consegnato nelle ventiquattro ore successive al suo invio. Si '
    "ritiene che la spedizione debba considerarsi non andata a buon fine.\nIdentificativo messaggio: {id}"
)
REASONS = {
    "5.1.1 - Aruba Pec S.p.A. - indirizzo non valido": ("indirizzo non valido", "5.1.1", "Aruba Pec S.p.A."),
    "5.2.2 - InfoCert S.p.A. - casella piena": ("casella piena", "5.2.2", "InfoCert S.p.A."),
    "5.7.1 - Poste - rilevato virus informatico Eicar": (
        "rilevato virus informatico Eicar",
        "5.7.1",
        "Poste",
    ),
}

labels = st.text("abcdefxyz0189", min_size=1, max_size=6)
addresses = st.builds(
    lambda local, dot, domain: f"{local}{dot}{local}@{domain}.example",
    labels,
    st.sampled_from("._-+"),
    labels,
)
fates = st.sampled_from(["delivered", "late", "expired", "ordinary", "nothing", *REASONS])
subjects = st.text("abcxyz &<>'.,:;!?()àèìòù€", max_size=30)


@st.composite
def folded(draw: st.DrawFn, text: str) -> str:
    """The text as a mail program may break it."""
    blanks = draw(st.lists(st.sampled_from([" ", "\n", "\r\n ", "\u00a0", " \n\t"]), min_size=1, max_size=6))
    parts = text.split(" ")
    return "".join(part + blanks[at % len(blanks)] for at, part in enumerate(parts))


def as_html(text: str, *, entities: bool) -> str:
    escaped = html.escape(text).replace("\n", "<br>\n")
    if entities:
        escaped = escaped.replace("è", "&egrave;").replace("à", "&#224;").replace("'", "&#x27;")
    return f"<html><head><title>Ricevuta</title></head><body><hr><p>{escaped}</p></body></html>"


@given(
    st.data(),
    st.dictionaries(addresses, fates, min_size=1, max_size=6),
    subjects,
    st.integers(0, 1),
    st.sampled_from(["text", "html", "entities", "folded"]),
)
def test_every_recipient_has_its_own_state_and_reason(
    data: st.DataObject, people: dict[str, str], subject: str, style: int, form: str
) -> None:
    facts = {"s": f"{subject} {CODE}", "f": "noi@pec.example", "id": "opec21.20200826.1@pec.example"}
    opening = f"Il giorno 26/08/2020 alle ore 10:00:36 (+0200) {WORDINGS[style]}"

    def read(kind: Kind, template: str, hours: float = 0.01, **more: str) -> ReadReceipt:
        text = (opening + template).format(**facts, **more)
        if form == "folded":
            text = data.draw(folded(text))
        elif form != "text":
            text = as_html(text, entities=form == "entities")
        message = interpret(receipt(kind, at=after(hours=hours)), OWN)
        return ReadReceipt(message, parse_receipt(readable(text).text, kind))

    lines = "\n".join(
        f'{one} ("posta {"ordinaria" if fate == "ordinary" else "certificata"}")'
        for one, fate in people.items()
    )
    deed = "Il messaggio è stato accettato dal sistema ed inoltrato."
    accepted = read(Kind.ACCEPTANCE, SENT_TO, colon=":", people=lines, deed=deed, of="")
    receipts = [accepted]
    for one, fate in people.items():
        if fate == "delivered":
            receipts.append(read(Kind.DELIVERY, DELIVERED[style], to=one))
        elif fate == "late":
            receipts.append(read(Kind.DELIVERY_TIMEOUT, LATE, 12, to=one))
        elif fate == "expired":
            receipts.append(read(Kind.DELIVERY_TIMEOUT, LATE, 12, to=one))
            receipts.append(read(Kind.DELIVERY_TIMEOUT, EXPIRED, 24, to=one))
        elif fate in REASONS:
            receipts.append(read(Kind.NON_DELIVERY, FAILED[style], to=one, reason=fate))
    data.draw(st.randoms()).shuffle(receipts)

    record = settle(CODE, receipts, read_at=after(hours=30))
    assert record.recipients_known
    assert record.unplaced.total == 0
    assert [one.address for one in record.outcomes] == list(people)
    for outcome in record.outcomes:
        fate = people[outcome.address]
        expected = {
            "delivered": RecipientState.DELIVERED,
            "late": RecipientState.LATE,
            "ordinary": RecipientState.NONE_EXPECTED,
            "nothing": RecipientState.ACCEPTED,
        }.get(fate, RecipientState.FAILED)
        assert outcome.state is expected
        if fate in REASONS:
            assert outcome.reason is not None
            assert (outcome.reason.text, outcome.reason.status, outcome.reason.provider) == REASONS[fate]
            assert outcome.mailbox_full == fate.startswith("5.2.2")


@given(st.sampled_from([Kind.DELIVERY, Kind.NON_DELIVERY, Kind.DELIVERY_TIMEOUT]), st.text(max_size=200))
def test_whatever_stands_there_names_nobody_who_is_not_named(kind: Kind, text: str) -> None:
    """A text of no known wording may hold any address: none of them is taken for the recipient."""
    found = parse_receipt(readable(f"{text} mario@rossi.example {text}").text, kind)
    assert all("indirizzato a" in text or "utente" in text for _ in found.recipients)
