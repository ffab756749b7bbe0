"""Which send a message belongs to, and as what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.belonging import Role, belonging
from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from tests.domain.sending import CODE, OWN, OWN_ADDRESS, PREFIXES, SYSTEM, mail

PLACES = [
    (f"ACCETTAZIONE: Invio {CODE}", SYSTEM, CODE, Role.ACCEPTANCE),
    ("CONSEGNA: Invio 202009211526363", SYSTEM, "202009211526363", Role.DELIVERY),
    ("CONSEGNA: Invio 20200921152636345678", SYSTEM, "20200921152636345678", Role.DELIVERY),
    (f"AVVISO DI MANCATA CONSEGNA: Invio {CODE}", SYSTEM, CODE, Role.FAILURE),
    (f"avviso di  mancata consegna per sup. tempo massimo: x {CODE}", SYSTEM, CODE, Role.TIMEOUT),
    (f"AVVISO DI NON ACCETTAZIONE PER VIRUS: x {CODE}", SYSTEM, CODE, Role.REFUSAL),
    (f"CONSEGNA: Invio {CODE}", f'"{SYSTEM}" ', CODE, Role.DELIVERY),
    # Not the provider: whatever calls itself a receipt is somebody's mail.
    (f"CONSEGNA: Invio {CODE}", "truffa@phishing.example", CODE, Role.REPLY),
    (f"CONSEGNA: Invio {CODE}", f'"Per conto di: {SYSTEM}" ', CODE, Role.REPLY),
    # Forwarded and answered receipts are no receipts.
    (f"Fwd: CONSEGNA: Invio {CODE}", "a@b.example", CODE, Role.REPLY),
    # What the certified mail system sends is nobody's answer, also where its prefix is not known.
    (f"Fwd: CONSEGNA: Invio {CODE}", SYSTEM, CODE, Role.OTHER),
    (f"RILEVAZIONE VIRUS: Invio {CODE}", SYSTEM, CODE, Role.OTHER),
    (f"PREAVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: x {CODE}", SYSTEM, CODE, Role.TIMEOUT),
    (f"POSTA CERTIFICATA: I: ACCETTAZIONE: Invio {CODE}", "a@b.example", CODE, Role.REPLY),
    (f"POSTA CERTIFICATA: Re: Invio {CODE}", "a@b.example", CODE, Role.REPLY),
    (f"POSTA CERTIFICATA: POSTA CERTIFICATA: Invio {CODE}", "a@b.example", CODE, Role.REPLY),
    (f"Re: Invio {CODE}", "a@b.example", CODE, Role.REPLY),
    (f"POSTA CERTIFICATA: Invio {CODE}", f'"Per conto di: {OWN_ADDRESS}" ', CODE, Role.OWN_COPY),
    (f"Re: Invio {CODE}", OWN_ADDRESS, CODE, Role.OTHER),
    (f"PRESA IN CARICO: Invio {CODE}", SYSTEM, CODE, Role.OTHER),
    # The last code that is one counts; other long numbers are none.
    (f"CONSEGNA: Fattura {CODE} 99999999999999999", SYSTEM, CODE, Role.DELIVERY),
    (f"CONSEGNA: Fattura 202001010101019 {CODE}", SYSTEM, CODE, Role.DELIVERY),
    (f"CONSEGNA: protocollo 123456789012345 {CODE}", SYSTEM, CODE, Role.DELIVERY),
    ("CONSEGNA: Invio 2020139910003492", SYSTEM, None, Role.DELIVERY),
    ("CONSEGNA: Invio 2020022910003492", SYSTEM, "2020022910003492", Role.DELIVERY),
    ("CONSEGNA: Invio 2021022910003492", SYSTEM, None, Role.DELIVERY),
    ("CONSEGNA: Invio 2020082624003492", SYSTEM, None, Role.DELIVERY),
    ("CONSEGNA: Invio 2020082610603492", SYSTEM, None, Role.DELIVERY),
    ("CONSEGNA: Invio 2020082610006092", SYSTEM, None, Role.DELIVERY),
    ("POSTA CERTIFICATA: Istanza di accesso", "a@b.example", None, Role.REPLY),
    ("", "", None, Role.REPLY),
]


@pytest.mark.parametrize(("subject", "sender", "code", "role"), PLACES)
def test_each_in_its_right_place(subject: str, sender: str, code: str | None, role: Role) -> None:
    assert belonging(mail(subject, sender), OWN) == (code, role)


words = st.sampled_from(
    [*PREFIXES.values(), "POSTA CERTIFICATA", "PRESA IN CARICO", "Re", "R", "I", "Fwd", "AVVENUTA CONSEGNA"]
)
subjects = st.builds(
    lambda prefixes, text, numbers: "".join(f"{one}: " for one in prefixes) + " ".join([text, *numbers]),
    st.lists(words, max_size=3),
    st.text("ab :0123456789\u0130\u017f", max_size=20),
    st.lists(st.one_of(st.just(CODE), st.text("0123456789", min_size=13, max_size=22)), max_size=2),
)
senders = st.sampled_from([SYSTEM, OWN_ADDRESS, f'"Per conto di: {OWN_ADDRESS}" ', "a@b.example", ""])


@given(subjects, senders, st.sampled_from([OWN, frozenset[str]()]))
def test_it_agrees_with_what_the_message_is_interpreted_as(
    subject: str, sender: str, own: frozenset[str]
) -> None:
    header = mail(subject, sender)
    message, (code, role) = interpret(header, own), belonging(header, own)
    assert code == message.code
    assert (role <= Role.DELIVERY) == message.kind.is_receipt
    if code is not None:
        assert (role is Role.REPLY) == message.is_reply
        assert (role is Role.OWN_COPY) == message.is_own_copy
        assert (role is Role.TIMEOUT) == (message.kind is Kind.DELIVERY_TIMEOUT)
