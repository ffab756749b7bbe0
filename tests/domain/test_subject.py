"""Subjects: kind, text and send code."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.kind import Kind
from pectui.domain.subject import fold_blanks, is_code, parse_subject

PREFIXES = {
    "ACCETTAZIONE:": Kind.ACCEPTANCE,
    "AVVISO DI NON ACCETTAZIONE:": Kind.NON_ACCEPTANCE,
    "AVVISO DI NON ACCETTAZIONE PER VIRUS:": Kind.NON_ACCEPTANCE,
    "AVVISO DI MANCATA ACCETTAZIONE:": Kind.NON_ACCEPTANCE,
    "NON ACCETTAZIONE:": Kind.NON_ACCEPTANCE,
    "CONSEGNA:": Kind.DELIVERY,
    "AVVENUTA CONSEGNA:": Kind.DELIVERY,
    "AVVISO DI MANCATA CONSEGNA:": Kind.NON_DELIVERY,
    "AVVISO DI MANCATA CONSEGNA PER VIRUS:": Kind.NON_DELIVERY,
    "AVVISO MANCATA CONSEGNA:": Kind.NON_DELIVERY,
    "MANCATA CONSEGNA:": Kind.NON_DELIVERY,
    "ERRORE CONSEGNA:": Kind.NON_DELIVERY,
    "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO:": Kind.DELIVERY_TIMEOUT,
    "PREAVVISO DI MANCATA CONSEGNA:": Kind.DELIVERY_TIMEOUT,
    "POSTA CERTIFICATA:": Kind.ENVELOPE,
    "ANOMALIA MESSAGGIO:": Kind.ANOMALY,
    "PRESA IN CARICO:": Kind.PROVIDER_NOTICE,
    "PROBLEMA DI SICUREZZA:": Kind.PROVIDER_NOTICE,
}
CODES = ("2020082610003492", "202009211526363", "20200826100034921234")

blanks = st.text(" \t\r\n\u00a0\u2003\u3000", min_size=1, max_size=4)
words = st.text("abcdefgàèì", min_size=1, max_size=8)


class TestKindByPrefix:
    @pytest.mark.parametrize(("prefix", "kind"), PREFIXES.items())
    def test_every_known_prefix_says_its_kind(self, prefix: str, kind: Kind) -> None:
        subject = parse_subject(f"{prefix} Invio di prova pec massiva 2020082610003492")
        assert subject.kind_by_prefix is kind
        assert subject.text == "Invio di prova pec massiva"
        assert subject.code == "2020082610003492"

    @given(st.sampled_from(sorted(PREFIXES)), st.data())
    def test_case_and_runs_of_blanks_do_not_matter(self, prefix: str, data: st.DataObject) -> None:
        cased = "".join(data.draw(st.sampled_from((letter.lower(), letter))) for letter in prefix)
        spread = "".join(data.draw(blanks) if letter == " " else letter for letter in cased)
        subject = parse_subject(f"{data.draw(blanks)}{spread}{data.draw(blanks)}x")
        assert subject.kind_by_prefix is PREFIXES[prefix]
        assert subject.text == "x"

    @pytest.mark.parametrize("between", ["", " ", "\u00a0", "\r\n "])
    def test_a_colon_may_stand_apart_and_text_may_follow_at_once(self, between: str) -> None:
        assert parse_subject(f"CONSEGNA{between}:x").kind_by_prefix is Kind.DELIVERY

    @pytest.mark.parametrize(
        "subject",
        [
            "",
            "   ",
            "CONSEGNA",
            "CONSEGNA x",
            "La CONSEGNA: x",
            "RICONSEGNA: x",
            "CONSEGNE: x",
            "AVVISO DI CONSEGNA: x",
            "AVVISO DI MANCATA CONSEGNA PER ALTRO: x",
            "PO\u017fTA CERTIFICATA: x",
            "ACCETTAZ\u0131ONE: x",
        ],
    )
    def test_what_only_resembles_a_prefix_is_none(self, subject: str) -> None:
        parsed = parse_subject(subject)
        assert parsed.kind_by_prefix is None
        assert parsed.prefixes == ()
        assert parsed.text == fold_blanks(subject)

    @pytest.mark.parametrize("answer", ["Re:", "RE :", "R:", "Fwd:", "FW:", "I:", "re:  R:"])
    def test_only_the_outermost_prefix_says_the_kind(self, answer: str) -> None:
        quoted = parse_subject(f"{answer} CONSEGNA: x")
        assert quoted.kind_by_prefix is None
        assert quoted.text == "x"
        sent = parse_subject(f"POSTA CERTIFICATA: {answer} CONSEGNA: x")
        assert sent.kind_by_prefix is Kind.ENVELOPE
        assert sent.text == "x"


class TestText:
    def test_nested_prefixes_all_go(self) -> None:
        assert parse_subject("POSTA CERTIFICATA: POSTA CERTIFICATA: x").text == "x"
        nested = parse_subject("POSTA CERTIFICATA: Re: R: CONSEGNA: Fwd: Invio 2020082610003492")
        assert nested.text == "Invio"
        assert nested.prefixes == ("POSTA CERTIFICATA", "RE", "R", "CONSEGNA", "FWD")

    def test_a_subject_without_a_prefix_of_pec_keeps_its_re(self) -> None:
        subject = parse_subject("Re: Invio di prova 202009211526363")
        assert (subject.text, subject.code, subject.prefixes) == ("Re: Invio di prova", "202009211526363", ())

    def test_the_code_goes_wherever_it_stands_and_blanks_are_folded(self) -> None:
        assert parse_subject(" Invio \t 2020082610003492\r\n urgente ").text == "Invio urgente"

    @given(
        st.lists(st.sampled_from([*PREFIXES, "Re:", "I:"]), max_size=5),
        st.lists(words, min_size=1),
        st.data(),
    )
    def test_what_was_put_together_comes_apart(
        self, prefixes: list[str], text: list[str], data: st.DataObject
    ) -> None:
        code = data.draw(st.sampled_from((*CODES, "")))
        whole = data.draw(blanks).join([*prefixes, *text, code])
        parsed = parse_subject(whole)
        certified = any(prefix in PREFIXES for prefix in prefixes)
        expected = text if certified else [*prefixes, *text]
        assert parsed.text == " ".join(expected)
        assert parsed.code == (code or None)
        assert parsed.kind_by_prefix == (PREFIXES.get(prefixes[0]) if certified else None)

    @given(st.text())
    def test_any_subject_can_be_read(self, subject: str) -> None:
        parsed = parse_subject(subject)
        assert parsed.text == fold_blanks(parsed.text)
        assert parsed.code is None or is_code(parsed.code)


class TestSendCode:
    @pytest.mark.parametrize("code", CODES)
    def test_15_to_20_digits_that_begin_with_a_moment(self, code: str) -> None:
        assert parse_subject(f"ACCETTAZIONE: Invio di prova pec massiva {code}").code == code

    @pytest.mark.parametrize(
        "digits",
        [
            "20200826100034",  # no tail
            "202008261000349212345",  # 21 digits
            "2020132610003492",  # month 13
            "2020023010003492",  # 30 February
            "2020082624003492",  # hour 24
            "2020082610603492",  # minute 60
            "1989082610003492",
            "2101082610003492",
            "٢٠٢٠٠٨٢٦١٠٠٠٣٤٩٢",
        ],
    )
    def test_other_digits_are_text(self, digits: str) -> None:
        subject = parse_subject(f"CONSEGNA: fattura {digits}")
        assert subject.code is None
        assert subject.text == f"fattura {digits}"

    def test_leap_days_and_the_years_at_the_ends_are_real(self) -> None:
        assert is_code("202002291526363")
        assert not is_code("202102291526363")
        assert is_code("199001010000000")
        assert is_code("210012312359599")

    @pytest.mark.parametrize("digits", ["", "20200826100034", "2020082610003492x", "202008261000349212345"])
    def test_it_has_15_to_20_digits_and_nothing_else(self, digits: str) -> None:
        assert not is_code(digits)

    def test_the_last_one_counts(self) -> None:
        subject = parse_subject("Re: Invio 2020082610003492 e 202009211526363 del 2020132610003492")
        assert subject.code == "202009211526363"
        assert subject.text == "Re: Invio 2020082610003492 e del 2020132610003492"

    def test_a_code_is_whole_digits_never_a_part_of_more(self) -> None:
        assert parse_subject("CONSEGNA: x 2020082610003492" + "1" * 30).code is None


class TestSpeed:
    def test_ten_thousand_subjects_take_a_fraction_of_a_second(self) -> None:
        subjects = [f"CONSEGNA: Invio di prova pec massiva {2020082610003492 + n}" for n in range(10_000)]
        began = time.process_time()
        for subject in subjects:
            parse_subject(subject)
        assert time.process_time() - began < 0.5

    @pytest.mark.parametrize(
        "piece", ["Re: ", "POSTA CERTIFICATA: ", "AVVISO DI ", " ", "9", "2020082610003492 ", "AVVISO  DI\n"]
    )
    def test_a_hostile_megabyte_takes_linear_time(self, piece: str) -> None:
        hostile = piece * (1_000_000 // len(piece))
        began = time.process_time()
        parse_subject(hostile)
        assert time.process_time() - began < 2
