"""Bodies: what the service hands out, and what a person reads."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.text.body import decode_body, looks_like_html, readable
from pectui.text.clean import clean
from tests.cost import least_cost

ITALIAN = "Perché no? È già così: 100% sicuro, 5 € + IVA.\r\nA presto"


class TestFormEncoded:
    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("Salve%2C+questa+email+%C3%A8+una+prova", "Salve, questa email è una prova"),
            ("Salve%2C%20questa%20email%20%E8%20una%20prova", "Salve, questa email è una prova"),
            ("Salve+mondo", "Salve mondo"),
            ("Riga%20uno%0D%0Ariga%20due", "Riga uno\r\nriga due"),
            (" Salve%20mondo\n", " Salve mondo\n"),
            ("perché%20no", "perché no"),
            ("perché%20no%E9", "perché noé"),
            ("%80%20%81", "\u20ac \x81"),
            ("100%25", "100%"),
            ("%3Cp%3ECiao%3C%2Fp%3E", "<p>Ciao</p>"),
        ],
    )
    def test_escapes_and_pluses_without_raw_blanks_are_decoded(self, raw: str, text: str) -> None:
        assert decode_body(raw) == text

    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("100%+sicuro%2", "100% sicuro%2"),
            ("%ZZ%41", "%ZZA"),
            ("%", "%"),
            ("%%41%", "%A%"),
            ("%G1+x", "%G1 x"),
        ],
    )
    def test_malformed_escapes_stay(self, raw: str, text: str) -> None:
        assert decode_body(raw) == text

    @pytest.mark.parametrize("encode", [quote_plus, lambda text, **how: quote(text, safe="", **how)])
    @given(text=st.text(st.characters(codec="utf-8"), min_size=1))
    def test_whatever_was_encoded_comes_back(self, encode: object, text: str) -> None:
        assert callable(encode)
        assert decode_body(encode(text)) == text

    @given(st.text("abc èéìòù€–. ,:%+/\n", min_size=1).filter(lambda text: not text.isascii()))
    def test_cp1252_is_read_where_the_bytes_are_not_utf_8(self, text: str) -> None:
        data = text.encode("cp1252")
        try:
            expected = data.decode()
        except UnicodeDecodeError:
            expected = text
        assert decode_body(quote_plus(text, encoding="cp1252")) == expected

    @given(st.binary(min_size=1))
    def test_any_bytes_can_be_decoded(self, data: bytes) -> None:
        assert decode_body("".join(f"%{byte:02X}" for byte in data))

    def test_a_folded_encoding_is_decoded(self) -> None:
        assert (
            decode_body("Salve%2C+questa+email\r\n%C3%A8+una+prova") == "Salve, questa email\r\nè una prova"
        )


class TestPlain:
    @pytest.mark.parametrize(
        "raw",
        [
            "",
            "This is an example body.",
            "Salve, questa email \ufffd una prova di invio, che prevede un corpo in html",
            "100% sicuro",
            "2 + 2 = 4",
            "a+b@c.it",
            "https://example.it/a%20b?c=d+e",
            "Vedi https://example.it/a%20b?c=d+e grazie",
            "Tel.: +39 06 1234 (sconto 20%25)",
            '<p style="width: 100%25">a+b</p>',
            "è già %41 così",
            ITALIAN,
        ],
    )
    def test_text_with_blanks_a_lone_address_and_a_lone_url_stay(self, raw: str) -> None:
        assert decode_body(raw) == raw

    def test_stray_escapes_between_blanks_are_decoded_and_pluses_stay(self) -> None:
        assert decode_body("Perch%E9 no + altro") == "Perché no + altro"
        assert decode_body("citt%C3%A0 e perch%C3%A9") == "città e perché"

    @given(st.text())
    def test_any_text_can_be_read(self, raw: str) -> None:
        decode_body(raw)
        shown = readable(raw)
        assert shown.text == clean(shown.text)
        assert shown.truncated_characters == 0


class TestLooksLikeHtml:
    @pytest.mark.parametrize(
        "text",
        [
            "<!DOCTYPE html><html></html>",
            "Salve, questa rappresenta una prova di invio, che prevede un <b>corpo in html</b>",
            "riga<br>riga",
            "riga<BR/>riga",
            '<table\n width="1">',
            "</p>",
            "<h1>x",
        ],
    )
    def test_a_tag_that_mail_is_written_with(self, text: str) -> None:
        assert looks_like_html(text)

    @pytest.mark.parametrize(
        "text",
        ["", "a < b e c > d", "Mario <m@x.it>", "<https://x.it>", "x<y>z", "<broken", "<p attr", "&lt;p&gt;"],
    )
    def test_other_angle_brackets_are_text(self, text: str) -> None:
        assert not looks_like_html(text)


class TestReadable:
    def test_html_becomes_text(self) -> None:
        shown = readable("%3Cp%3EPerch%E9%3C%2Fp%3E%3Cp%3Eno%3C%2Fp%3E")
        assert (shown.text, shown.is_html) == ("Perché\n\nno", True)

    def test_text_that_was_made_of_html_loses_its_character_references(self) -> None:
        shown = readable("Il messaggio &egrave; &quot;qui&quot;: a&copy=1 AT&T &#27;[31m")
        assert (shown.text, shown.is_html) == ('Il messaggio è "qui": a&copy=1 AT&T [31m', False)

    @pytest.mark.parametrize("raw", ["%1B%5B31mrosso", "<p>&#27;[31m\x9b31m</p>", "a\x1b]52;c;x\x07 b"])
    def test_no_escape_code_gets_through(self, raw: str) -> None:
        assert not set(readable(raw).text) & set(
            map(chr, (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0)))
        )

    def test_a_long_text_is_cut_and_says_by_how_much(self) -> None:
        shown = readable("a" * 1000, limit=10)
        assert (shown.text, shown.truncated_characters) == ("a" * 10, 990)
        assert readable("a" * 10, limit=10).truncated_characters == 0

    def test_long_html_is_cut_between_tags(self) -> None:
        markup = "<p>uno</p><p title='x'>due</p>"
        shown = readable(markup, limit=15)
        assert (shown.text, shown.truncated_characters) == ("uno", len(markup) - 10)
        assert readable(markup, limit=25).text == "uno\n\ndu"

    @given(st.text("<p>ab &;é%+\n"), st.integers(0, 60))
    def test_any_limit_is_kept(self, raw: str, limit: int) -> None:
        shown = readable(raw, limit)
        decoded = decode_body(raw)
        assert 0 <= shown.truncated_characters <= len(decoded)
        assert len(decoded) - shown.truncated_characters <= limit


class TestSpeed:
    PAGE = (
        "<p>Gentile <b>cliente</b>, &egrave; stato <a href='https://x.it/a?b=1'>qui</a></p>\n"
        "<table><tr><td>a</td><td>b</td></tr></table>"
    )

    def test_five_megabytes_of_html_are_shown_at_once(self) -> None:
        page = self.PAGE * (5_000_000 // len(self.PAGE))
        readable(self.PAGE)  # the parser's import is not what is measured
        shown = readable(page, limit=200_000)
        assert least_cost(lambda: readable(page, limit=200_000), 1) < 1
        assert shown.text.startswith("Gentile cliente, è stato qui <https://x.it/a?b=1>\n\na | b")
        assert shown.truncated_characters >= len(page) - 200_000

    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
    def test_five_megabytes_of_encoded_text_are_shown_at_once(self, encoding: str) -> None:
        text = "Gentile cliente, è stato consegnato il messaggio. " * 100_000
        raw = quote_plus(text, encoding=encoding)
        shown = readable(raw)
        assert least_cost(lambda: readable(raw), 2) < 2
        assert shown.text == text

    @pytest.mark.parametrize("piece", ["%", "+", "<", "<p ", "&a", "%41 ", "è%20", "a+@.", " ", "\r"])
    def test_a_hostile_megabyte_takes_linear_time(self, piece: str) -> None:
        hostile = piece * (1_000_000 // len(piece))
        assert least_cost(lambda: readable(hostile, limit=200_000), 2) < 2


class TestImports:
    def test_the_html_parser_is_loaded_with_the_first_html_body_only(self) -> None:
        program = (
            "import sys; from pectui.text.body import readable; readable('Salve, mondo'); "
            "assert 'justhtml' not in sys.modules; readable('<p>x'); assert 'justhtml' in sys.modules"
        )
        subprocess.run([sys.executable, "-c", program], check=True)
