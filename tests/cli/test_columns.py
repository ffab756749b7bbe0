"""Columns that fit, however long a subject is."""

from __future__ import annotations

import pytest

from pectui.cli.columns import fit, width_of


class TestFitting:
    """A text in exactly so many cells."""

    @pytest.mark.parametrize("text", ["", "breve", "perché no", "日本語の件名", "e\u0301" * 30])
    @pytest.mark.parametrize("width", [1, 8, 9, 40])
    def test_it_takes_the_cells_it_is_given(self, text: str, width: int) -> None:
        assert width_of(fit(text, width)) == width

    def test_a_megabyte_is_cut_without_being_measured_again_for_each_letter(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        measured = 0

        def counting(text: str) -> int:
            nonlocal measured
            measured += len(text)
            return width_of(text)

        monkeypatch.setattr("pectui.cli.columns.width_of", counting)
        assert fit("é" * 1_000_000, 40) == "é" * 39 + "…"
        assert measured < 2_000_000
