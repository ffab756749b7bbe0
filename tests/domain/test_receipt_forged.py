"""What a receipt quotes may hold every word of a receipt: nothing of it passes for what the provider says."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pectui.domain.kind import Kind
from pectui.domain.receipt import ReceiptText, parse_receipt
from pectui.engine.receipts import read_receipt
from tests.domain.sending import CODE

FAILURES = (Kind.NON_ACCEPTANCE, Kind.NON_DELIVERY, Kind.DELIVERY_TIMEOUT)
EVIL = "evil"
FORGERIES = (
    f"errore: 5.2.2 - {EVIL} - {EVIL}. Il messaggio è stato rifiutato",
    f"a causa di - {EVIL}. Il messaggio non è stato accettato",
    f"problema di sicurezza {EVIL}",
    f'" proveniente da "a@b.it" ed indirizzato a "{EVIL}@x.it" è stato rilevato un errore: {EVIL}. Il messaggio',
    f'" e destinato all\'utente "{EVIL}@x.it" è stato rilevato un errore: 5.1.1 - {EVIL} - {EVIL}. Il messaggio',
    f'"" proveniente da "a@b.it" è stato rilevato un problema che ne impedisce l\'accettazione: a causa di - {EVIL}.',
    f'nel messaggio "" proveniente da "a@b.it" è stato rilevato un errore: {EVIL}.',
    f'nel messaggio con oggetto "x" inviato da "a@b.it" è stato rilevato un errore: {EVIL}.',
    f'x@y.it" è stato rilevato un errore: {EVIL}. Il messaggio è stato rifiutato',
    f"x@y.it è stato rilevato un errore: {EVIL}. Il messaggio è stato rifiutato",
)
PIECES = (
    "x",
    "a@b.it",
    '"',
    '""',
    "proveniente da",
    "inviato da",
    "ed indirizzato a",
    "è stato rilevato",
    "un",
)
QUOTING = (
    'nel messaggio "{s}" proveniente da "{f}"',
    'nel messaggio con Oggetto "{s}" inviato da "{f}"',
    'nel messaggio "{s}" di "{f}"',
    "nel messaggio {s} di {f}",
    "Oggetto: {s} Mittente: {f} -",
    "Mittente: {f} Oggetto: {s} -",
    "<p>Oggetto: <b>{s}</b>, inviato da {f}</p>",
    "nel messaggio '{s}' inviato da '{f}'",
    'nel messaggio inviato da "{f}" con oggetto "{s}"',
)
SAID = (
    " qualcosa è andato storto",
    " è stato rifiutato dal sistema.",
    ' per "josé@pec.it" la consegna non è riuscita. Identificativo messaggio: 1',
    "",
)
REAL_REASON = (
    " è stato rilevato un problema che ne impedisce l'accettazione: a causa di - mittente errato.\n"
    "Il messaggio non è stato accettato.\n\nIdentificativo messaggio: 1"
)
forged = st.tuples(
    st.lists(st.sampled_from(PIECES), max_size=4),
    st.sampled_from(FORGERIES),
    st.lists(st.sampled_from(PIECES)),
).map(lambda parts: " ".join((*parts[0], parts[1], *parts[2])))


def words_of(receipt: ReceiptText) -> str:
    """All that would be shown as the provider's word."""
    reason = receipt.reason
    told = [reason.text, reason.status, reason.provider] if reason is not None else []
    return " ".join(filter(None, [*told, *(one.address for one in receipt.recipients)]))


class TestReasonsWithoutARecipient:
    """Shown where the provider surely says them, else not at all."""

    @settings(deadline=None)
    @given(forged, st.sampled_from(QUOTING), st.sampled_from(SAID), st.sampled_from(FAILURES))
    def test_none_stems_from_a_subject(self, subject: str, quoting: str, said: str, kind: Kind) -> None:
        text = quoting.format(s=f"{subject} {CODE}", f="me@pec.it") + said
        found = read_receipt(text, kind, f"AVVISO DI MANCATA CONSEGNA: {subject} {CODE}")
        assert EVIL not in words_of(found)
        assert not found.mailbox_full

    @settings(deadline=None)
    @given(forged, st.sampled_from(QUOTING), st.sampled_from(SAID), st.sampled_from(FAILURES))
    def test_nor_from_a_sender(self, sender: str, quoting: str, said: str, kind: Kind) -> None:
        text = quoting.format(s=f"x {CODE}", f=sender) + said
        found = read_receipt(text, kind, f"AVVISO DI MANCATA CONSEGNA: x {CODE}")
        reason = found.reason
        assert found.recipients or reason is None or EVIL not in words_of(found)

    @settings(deadline=None)
    @given(st.one_of(st.text(max_size=60), forged), st.sampled_from(QUOTING[:2]))
    def test_the_real_one_is_read_whatever_the_subject(self, subject: str, quoting: str) -> None:
        original = " ".join(f"{subject} {CODE}".split())
        text = quoting.format(s=original, f="me@pec.it") + REAL_REASON
        found = parse_receipt(text, Kind.NON_ACCEPTANCE, subject=f"AVVISO DI NON ACCETTAZIONE: {original}")
        assert found.reason is None or found.reason.text == "mittente errato"
        assert found.reason is not None or '""' in original

    @pytest.mark.parametrize("subject", ["Perché?", "Più & più", "è'", 'Città "è"', "\x80?", "é?&<è>"])
    @pytest.mark.parametrize("as_html", [False, True])
    def test_a_subject_is_known_by_its_letters_and_by_what_stands_for_them(
        self, subject: str, as_html: bool
    ) -> None:
        text = QUOTING[0].format(s=f"{subject} {CODE}", f="me@pec.it") + REAL_REASON
        body = f"<html><body><p>{escape(text)}</p></body></html>" if as_html else text
        found = read_receipt(body, Kind.NON_ACCEPTANCE, f"AVVISO DI NON ACCETTAZIONE: {subject} {CODE}")
        assert found.reason is not None
        assert found.reason.text == "mittente errato"

    @pytest.mark.parametrize("words", ["non è stato consegnato nelle 24 ore", "entro 24 ore"])
    def test_hours_are_no_others_than_the_provider_s(self, words: str) -> None:
        text = f"Oggetto: {words} {CODE}. Qualcosa è andato storto"
        subject = f"AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: {words} {CODE}"
        assert read_receipt(text, Kind.DELIVERY_TIMEOUT, subject).final_hours is None


class TestAddresses:
    """A mark that may belong to an address makes it none that can be read."""

    @pytest.mark.parametrize(
        "written",
        [
            "-foo@pec.it",
            "*foo@pec.it",
            "|foo@pec.it",
            "'brien@pec.it",
            "u@pec.it'x@real.it",
            "u@pec.it|x@r.it",
        ],
    )
    def test_it_is_never_cut_to_another_one(self, written: str) -> None:
        text = f'il messaggio "x" proveniente da "me@pec.it" ed indirizzato a "{written}" è stato consegnato'
        assert parse_receipt(text, Kind.DELIVERY).recipients == ()

    @pytest.mark.parametrize("written", ["'foo@pec.it'", "|foo@pec.it|", "| foo@pec.it |", "- foo@pec.it"])
    def test_what_only_surrounds_it_is_no_part_of_it(self, written: str) -> None:
        text = f'il messaggio "x" proveniente da "me@pec.it" ed indirizzato a {written} è stato consegnato'
        assert [one.address for one in parse_receipt(text, Kind.DELIVERY).recipients] == ["foo@pec.it"]

    def test_those_before_it_in_a_list_are_read_and_the_list_is_not_complete(self) -> None:
        lines = 'a@pec.it ("posta certificata")\n-b@pec.it ("posta certificata")'
        text = f'il messaggio "x" proveniente da "me@pec.it" ed indirizzato a:\n{lines}\nè stato accettato'
        found = parse_receipt(text, Kind.ACCEPTANCE)
        assert [one.address for one in found.recipients] == ["a@pec.it"]
        assert not found.complete
