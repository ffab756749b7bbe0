"""One line that is written over, seldom enough to be read."""

from __future__ import annotations

import pytest

from pectui.cli.progress import ProgressLine


class Clock:
    """A clock that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class TestTheLine:
    """Text over text, and nothing in the end."""

    def test_at_most_four_times_a_second(self, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
        with ProgressLine(watched=True, clock=clock) as line:
            for number in range(64):
                line.show(f"<{number}>")
                clock.now += 1 / 64
        shown = [part for part in capsys.readouterr().err.split("\r") if part.strip()]
        assert shown == ["<0>", "<16>", "<32>", "<48>"]

    def test_what_was_longer_is_covered(self, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
        with ProgressLine(watched=True, clock=clock) as line:
            line.show("a long text")
            clock.now += 1
            line.show("short")
        assert capsys.readouterr().err == "\ra long text\r\rshort      \r\r     \r"

    def test_an_error_clears_it_too(self, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
        def failing() -> None:
            with ProgressLine(watched=True, clock=clock) as line:
                line.show("text")
                raise ValueError("x")

        with pytest.raises(ValueError, match="x"):
            failing()
        assert capsys.readouterr().err.endswith("\r    \r")

    @pytest.mark.parametrize("shown", [True, False])
    def test_nobody_watches(self, shown: bool, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
        with ProgressLine(watched=not shown, clock=clock) as line:
            if shown:
                line.show("text")
        assert capsys.readouterr().err == ""
