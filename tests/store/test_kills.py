"""A program that is killed while it writes: what it acknowledged is there, and nothing is broken."""

from __future__ import annotations

from pathlib import Path

from tests.store import programs


class TestKilled:
    def test_at_any_moment_it_loses_no_listing_that_was_acknowledged(self, folder: Path) -> None:
        result = programs.run("killed_often", folder, 40, "moments")
        assert result["listings"] >= 40
        assert result["lost"] == []
        assert result["warnings"] == []
        assert result["leftovers"] == []

    def test_before_each_single_touch_of_a_file_every_message_is_as_before_or_as_after(
        self, folder: Path
    ) -> None:
        """Blocks are split, merged and removed meanwhile."""
        result = programs.run("killed_at_each_step", folder)
        assert result["problems"] == []
        assert result["steps"] > 40
