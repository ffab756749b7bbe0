"""Programs that send and are killed at any moment, and those that go on after them."""

from __future__ import annotations

from pathlib import Path

from tests.engine.sending import try_out


class TestAKill:
    def test_lets_nobody_get_two_and_nobody_none(self, tmp_path: Path) -> None:
        """Before the deed, and right after an answer that nobody took in."""
        trial = try_out(tmp_path, [(2, None), (1, 0.0)], count=4)
        assert trial.kills == 2
        assert trial.unknown >= 1
