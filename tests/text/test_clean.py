"""Strangers' text on a terminal."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.text.clean import MOST_MARKS, clean, clean_line, escape_controls
from tests.cost import least_cost

HOSTILE = (
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2028\u2029\u2060\u2066\u2069\ufeff\ufff9",
    *"\ufe0e\ufe0f\u0301\u0489\u20dd\U000e0001\U000e0041\U000e007f\U000e0100\U0001d165\U0001e944",
    *map(chr, (0xD800, 0xDC00, 0xDFFF)),
)
texts = st.text() | st.text(st.sampled_from(HOSTILE) | st.characters())


def is_forbidden(character: str) -> bool:
    """What must never reach a terminal, by Unicode's own properties and not by our list."""
    if character in "\n\t":
        return False
    kind = unicodedata.category(character)
    bidirectional = unicodedata.bidirectional(character) in {
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
        "PDI",
    }
    return kind in {"Cc", "Cs", "Zl", "Zp"} or bidirectional or 0xE0000 <= ord(character) < 0xE1000


def longest_tower(text: str) -> int:
    longest = height = 0
    for character in text:
        height = height + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        longest = max(longest, height)
    return longest


class TestClean:
    @pytest.mark.parametrize(
        ("hostile", "harmless"),
        [
            ("\x1b[31mrosso\x1b[0m", "[31mrosso[0m"),
            ("\x1b]52;c;cHduZWQ=\x1b\\", "]52;c;cHduZWQ=\\"),
            ("\x9b31m \x9d52;c;x\x9c", "31m 52;c;x"),
            ("a\x00b\x07c\x08d\x7f", "abcd"),
            ("a\x0bb\x0cc\x85d", "abcd"),
            ("fattura\u202efdp.exe", "fatturafdp.exe"),
            ("\u2066a\u2069\u200f\u200e\u061c", "a"),
            ("pay\u200bpal\u200c\u200d\u2060\ufeff", "paypal"),
            ("a\U000e0041\U000e007f", "a"),
            ("a\ud800b\udfff", "ab"),
            ("\u2764\ufe0f\ufe0f\ufe0e", "\u2764\ufe0f"),
            ("a" + "\u0301" * 50 + "b", "a" + "\u0301" * 4 + "b"),
            ("a" + "\u0301\u200b" * 50, "a" + "\u0301" * 4),
            ("a\U000e0100\U000e01ef", "a"),
        ],
    )
    def test_nothing_that_steers_hides_or_piles_up(self, hostile: str, harmless: str) -> None:
        assert clean(hostile) == harmless

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Perché no? È già così…",
            "riga\n\tcon tabulazione\n",
            "[/] [@click=x] \\",
            "漢字 हिन्दी ไทย ק֑֞",
            "😀 €",
        ],
    )
    def test_honest_text_stays_as_it_is(self, text: str) -> None:
        assert clean(text) == text

    @pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\u2028", "\u2029", "\r\x00\n"])
    def test_line_ends_become_one_newline(self, end: str) -> None:
        assert clean(f"a{end}b") == "a\nb"

    def test_newlines_can_become_blanks_and_a_line_has_no_tabs_either(self) -> None:
        assert clean("a\r\nb\tc", keep_newlines=False) == "a b\tc"
        assert clean_line("a\r\nb\tc") == "a b c"

    @given(texts)
    def test_no_forbidden_character_gets_through(self, text: str) -> None:
        cleaned = clean(text)
        assert not any(map(is_forbidden, cleaned))
        assert longest_tower(cleaned) <= MOST_MARKS
        assert not re.search("[\ufe00-\ufe0f]{2}", cleaned)
        assert "\n" not in clean_line(text)
        assert "\t" not in clean_line(text)

    @given(texts)
    def test_what_is_clean_stays(self, text: str) -> None:
        assert clean(clean(text)) == clean(text)
        assert clean_line(clean_line(text)) == clean_line(text)

    def test_every_control_and_format_character_is_dropped(self) -> None:
        for point in (
            *range(0x20, 0x600),
            *range(0x2000, 0x2028),
            *range(0x202A, 0x2070),
            *range(0xFE00, 0x10000),
        ):
            character = chr(point)
            shapeless = unicodedata.category(character) in {"Cc", "Cf", "Cs"} or character == "\u034f"
            expected = "ab" if shapeless else f"a{character}b"
            if unicodedata.category(character) != "Cn":
                assert clean(f"a{character}b") == expected


class TestEscapeControls:
    @pytest.mark.parametrize(
        ("raw", "escaped"),
        [
            ("\x1b[31m", "\\x1b[31m"),
            ("a\u202eb", "a\\u202eb"),
            ("a\U000e0041", "a\\U000e0041"),
            ("\ud800", "\\ud800"),
            ("a\rb\u2028", "a\\x0db\\u2028"),
            ("a\r\n\tb\\", "a\r\n\tb\\"),
            ("a" + "\u0301" * 6, "a" + "\u0301" * 4 + "\\u0301\\u0301"),
            ("\u2764\ufe0f\ufe0e", "\u2764\ufe0f\\ufe0e"),
        ],
    )
    def test_what_clean_drops_is_shown_as_an_escape(self, raw: str, escaped: str) -> None:
        assert escape_controls(raw) == escaped

    @given(texts)
    def test_nothing_is_lost_and_nothing_is_left_to_clean(self, text: str) -> None:
        escaped = escape_controls(text)
        assert clean(escaped) == escaped.replace("\r\n", "\n")
        if "\\" not in text and not re.search(r"\r", text):
            back = re.sub(r"\\(?:x..|u.{4}|U.{8})", lambda match: chr(int(match[0][2:], 16)), escaped)
            assert back == text


class TestSpeed:
    @pytest.mark.parametrize(
        "piece",
        [
            "testo normale\r\n",
            "perché così ",
            "10 € – ok\n",
            "\x1b[31m",
            "\r",
            "a\u0301\u0301\u0301\u0301\u0301",
            "漢字",
        ],
    )
    def test_a_megabyte_is_cleaned_at_once(self, piece: str) -> None:
        text = piece * (1_000_000 // len(piece))
        assert least_cost(lambda: clean(text), 1) < 1
