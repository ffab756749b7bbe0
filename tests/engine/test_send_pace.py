"""One POST at a time and one a second, over all programs that send from a mailbox."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from pectui.engine.send_pace import LEAD, FilePlace, Held, Mark, Pace
from pectui.errors import StoreError
from tests.engine.outgoing import letters, make_desk

INTERVAL = 0.1


def program(folder: Path) -> Pace:
    """What a program of its own would have."""
    return Pace(FilePlace(folder / "last"), INTERVAL)


async def waited(pace: Pace, wait: float | None = None) -> float:
    """Seconds until a turn could be used; it asks everybody to wait for `wait` afterwards."""
    began = time.monotonic()
    async with pace.turn(lambda: False) as held:
        assert held is not None
        await held.begin()
        seconds = time.monotonic() - began
        if wait is not None:
            held.wait = wait
    return seconds


def leave(folder: Path, mark: Mark) -> None:
    """What an earlier program has left behind."""
    place = FilePlace(folder / "last")
    assert place.take()
    place.write(mark)
    place.give_back()


class TestTurns:
    async def test_the_first_one_waits_for_nothing(self, tmp_path: Path) -> None:
        assert await waited(program(tmp_path)) < INTERVAL

    async def test_requests_of_several_programs_lie_an_interval_apart_and_never_overlap(
        self, tmp_path: Path
    ) -> None:
        under_way: list[int] = []
        began: list[float] = []
        ended: list[float] = []

        async def send(name: int) -> None:
            pace = program(tmp_path)
            for _ in range(2):
                async with pace.turn(lambda: False) as held:
                    assert held is not None
                    await held.begin()
                    began.append(time.monotonic())
                    under_way.append(name)
                    assert len(under_way) == 1
                    await asyncio.sleep(0.01)
                    under_way.remove(name)
                    ended.append(time.monotonic())

        await asyncio.gather(send(1), send(2))
        assert all(start - end >= INTERVAL for start, end in zip(began[1:], ended, strict=False))

    async def test_what_the_service_asks_one_program_to_wait_all_of_them_wait(self, tmp_path: Path) -> None:
        await waited(program(tmp_path), wait=3 * INTERVAL)
        assert await waited(program(tmp_path)) >= 3 * INTERVAL - 0.01

    async def test_one_who_cancels_gets_none(self, tmp_path: Path) -> None:
        leave(tmp_path, Mark(time.monotonic(), time.time(), 60.0))
        async with program(tmp_path).turn(lambda: True) as held:
            assert held is None

    async def test_one_that_was_not_used_makes_nobody_wait(self, tmp_path: Path) -> None:
        async with program(tmp_path).turn(lambda: False):
            pass
        assert await waited(program(tmp_path)) < INTERVAL


class TestWhatIsLeftBehind:
    async def test_by_a_program_that_was_killed_in_its_turn_is_waited_for_once_more(
        self, tmp_path: Path
    ) -> None:
        long_ago = time.monotonic() - 60
        leave(tmp_path, Mark(long_ago, time.time() - 60, INTERVAL, is_open=True))
        assert await waited(program(tmp_path)) >= INTERVAL - 0.01

    @pytest.mark.parametrize(("monotonic", "wall"), [(1e6, -60.0), (-60.0, 1e6), (1e6, 1e6)])
    async def test_by_a_clock_that_ran_ahead_costs_one_wait_and_no_more(
        self, tmp_path: Path, monotonic: float, wall: float
    ) -> None:
        leave(tmp_path, Mark(time.monotonic() + monotonic, time.time() + wall, INTERVAL))
        async with asyncio.timeout(20 * INTERVAL):
            assert await waited(program(tmp_path)) >= INTERVAL - 0.01

    def test_by_half_a_line_counts_as_a_turn_just_now(self, tmp_path: Path) -> None:
        (tmp_path / "last").write_text("12.5 17")
        place = FilePlace(tmp_path / "last")
        assert place.take()
        mark = place.read()
        place.give_back()
        assert mark is not None
        assert mark.is_open
        assert mark.left() > 0

    async def test_that_cannot_be_written_lets_nothing_go_out(self, tmp_path: Path) -> None:
        (tmp_path / "last").mkdir()
        desk = make_desk()
        desk.pace = program(tmp_path)
        outcome = await desk.send(letters(2))
        assert (outcome.pending, desk.app.count("POST")) == (2, 0)
        assert isinstance(outcome.stopped_by, StoreError)


class TestAHeldTurn:
    async def test_never_begins_a_moment_too_soon(self, tmp_path: Path) -> None:
        place = FilePlace(tmp_path / "last")
        assert place.take()
        held, began = Held(place, INTERVAL, LEAD), time.monotonic()
        await held.begin()
        assert time.monotonic() - began >= LEAD
        place.give_back()
