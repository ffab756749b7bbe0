"""Cutting, padding and wrapping by cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.paint import Span, cells, cut, fit, fit_line, spread, wrap, wrapped
from tests.cost import least_cost

TEXTS = st.text(alphabet=st.sampled_from("ab cd è漢字😀e\u0301-[]/"), max_size=80).map(shown)
WIDTHS = st.integers(min_value=2, max_value=40)


class TestWrapping:
    """Nothing is lost, nothing is too wide."""

    @given(TEXTS, WIDTHS)
    def test_every_line_fits(self, text: Shown, width: int) -> None:
        assert all(cell_len(line) <= width for line in wrap(text, width))

    @given(TEXTS, WIDTHS)
    def test_nothing_but_blanks_at_breaks_is_lost(self, text: Shown, width: int) -> None:
        assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")

    def test_lines_break_at_blanks(self) -> None:
        assert wrap(Shown("one two three"), 8) == ["one two", "three"]

    def test_words_that_are_too_long_break_anywhere(self) -> None:
        assert wrap(Shown("a" * 20), 8) == ["a" * 8, "a" * 8, "a" * 4]

    def test_an_empty_text_is_one_empty_line(self) -> None:
        assert wrap(Shown(""), 8) == [""]

    def test_a_paragraph_is_indented(self) -> None:
        lines = wrapped(Span(Shown("one two"), Ink.BAD), 6, indent=2)
        assert [[span.text for span in line] for line in lines] == [["  ", "one"], ["  ", "two"]]


class TestFitting:
    """Columns line up, whatever stands in them."""

    @given(TEXTS, WIDTHS, st.booleans())
    def test_exactly_as_wide_as_asked(self, text: Shown, width: int, right: bool) -> None:
        assert cell_len(fit(text, width, right=right)) == width

    @pytest.mark.parametrize("letter", ["a", "漢", "e\u0301\u0301", "😀"])
    def test_a_hundred_thousand_letters_cost_no_more_than_a_line(self, letter: str) -> None:
        text = shown(letter * 100_000)
        assert fit(text, 40) == fit(shown(letter * 100), 40)
        assert least_cost(lambda: fit(text, 40), 0.005) < 0.005

    def test_nor_does_it_beside_something_else(self) -> None:
        line = (Span(shown("漢" * 100_000)), Span(shown("e\u0301\u0301" * 100_000)))
        assert cells(fit_line(line, 40)) == 40
        assert least_cost(lambda: fit_line(line, 40), 0.005) < 0.005

    def test_what_is_missing_is_shown(self) -> None:
        assert cut(Shown("subject"), 5) == "subj…"
        assert cut(Shown("漢字漢字"), 4) == "漢…"

    @pytest.mark.parametrize("width", [0, 1])
    def test_no_room(self, width: int) -> None:
        assert cell_len(cut(Shown("subject"), width)) <= width


class TestSpreading:
    """Two ends of a line."""

    @given(TEXTS, TEXTS, st.integers(min_value=0, max_value=120))
    def test_the_left_gives_way(self, left: Shown, right: Shown, width: int) -> None:
        line = spread([Span(left)], [Span(right)], width)
        assert line[-1].text == right
        assert cells(line) == max(width, cell_len(right))

    def test_in_between_are_blanks(self) -> None:
        line = spread([Span(Shown("a"))], [Span(Shown("b"))], 5)
        assert "".join(span.text for span in line) == "a   b"
        assert spaces(3) in [span.text for span in line]
