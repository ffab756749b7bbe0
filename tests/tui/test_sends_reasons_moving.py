"""Why the sends in sight failed: read of what rests in sight, never of what flits by or where nothing may be asked."""

from __future__ import annotations

from collections import Counter

import pytest

from pectui.session import Session
from pectui.tui import following, send_following, send_reasons
from tests.tui.stage import Stage, eventually, playing
from tests.tui.test_sends import sends_listed, under_cursor, view
from tests.tui.test_sends_details import WIDE, sending
from tests.tui.test_sends_reasons import AT_ONCE, WHY, begun, calm, codes_asked, failing, in_sight, keys


class TestRunningThrough:
    """Of what flits by nothing is asked for."""

    async def test_a_thousand_sends_cost_what_is_in_sight_at_last(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage = Stage(messages=0)
        failing(stage, 1100)
        async with playing(stage) as stage:
            await stage.press("2")
            first = set(codes_asked(stage))
            assert len(first) == len(in_sight(stage))
            with monkeypatch.context() as quick:
                # However long this machine takes for them, the moves follow each other before the rest is over.
                quick.setattr(send_following, "PAUSE", 1000 * following.PAUSE)
                quick.setattr(send_reasons, "REST", 1000 * send_reasons.REST)
                for _ in range(110):
                    await keys(stage, "ctrl+d")
                assert set(codes_asked(stage)) == first
            await stage.press("up")
            assert set(codes_asked(stage)) - first == set(in_sight(stage))
            assert Counter(codes_asked(stage)).most_common(1)[0][1] == 1

    async def test_what_went_out_of_sight_before_its_turn_is_dropped(self) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 60)
        async with playing(stage) as stage:
            stage.hold("receipts")
            await keys(stage, "2")
            await begun(stage, AT_ONCE)
            await keys(stage, "G")
            await begun(stage, AT_ONCE + 1)
            stage.release()
            await calm(stage)
            assert Counter(codes_asked(stage)) == Counter([*failed[:AT_ONCE], *in_sight(stage)])

    async def test_nothing_is_asked_for_each_letter_of_a_filter(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage = Stage(messages=0)
        for number in range(90):
            sending(stage, "nobody@pec.example", subject=("bando", "acconto", "abito")[number % 3])
        async with playing(stage) as stage:
            await stage.press("2", "slash")
            cursor, before = under_cursor(stage).key, codes_asked(stage)
            with monkeypatch.context() as quick:
                quick.setattr(send_following, "PAUSE", 1000 * following.PAUSE)
                quick.setattr(send_reasons, "REST", 1000 * send_reasons.REST)
                for letter, left in (("a", 90), ("b", 30), ("i", 30)):
                    await keys(stage, letter)
                    await eventually(lambda left=left: len(view(stage).listed.chosen.sends) == left)  # type: ignore[misc]
                    assert set(in_sight(stage)) - set(before) or left == 90
                assert under_cursor(stage).key == cursor
                assert codes_asked(stage) == before
            await keys(stage, "enter", "down")
            await calm(stage)
            assert set(codes_asked(stage)) - set(before) == set(in_sight(stage)) - set(before)

    @pytest.mark.parametrize("key", ["g", "G"])
    async def test_what_is_no_problem_makes_room_for_others_but_not_for_all(self, key: str) -> None:
        stage = Stage(messages=0)
        for _ in range(120):
            sending(stage, "ordinary@x.example")
        stage.clock.forward(25 * 3600)
        async with playing(stage) as stage:
            stage.hold("receipts")
            await keys(stage, "2", "exclamation_mark", key)
            stage.release()
            await calm(stage)
            height = len(view(stage).list.places_in_sight)
            before = len(set(codes_asked(stage)))
            assert height < before <= 4 * height + 1 < 120
            assert f"{120 - before + 1} of 120 sends" in stage.lines()[-2]
            stage.sandbox.requests.clear()
            await stage.press("j" if key == "g" else "k")
            assert 1 < len(set(codes_asked(stage))) <= 3 * height + 1

    async def test_the_wheel_brings_others_in_sight_as_well(self) -> None:
        stage = Stage(messages=0)
        failing(stage, 60)
        async with playing(stage) as stage:
            await stage.press("2")
            before = set(codes_asked(stage))
            view(stage).list.scroll_lines(10)
            await calm(stage)
            assert view(stage).list.cursor == 0
            assert view(stage).list.top == 10
            assert set(codes_asked(stage)) - before == set(in_sight(stage)) - before
            assert all(WHY in line for line in stage.lines()[2 : 2 + len(in_sight(stage))])

    async def test_a_terminal_that_grows_shows_more_of_them(self) -> None:
        stage = Stage(messages=0)
        failing(stage, 60)
        async with playing(stage) as stage:
            await stage.press("2")
            assert stage.pilot is not None
            await stage.pilot.resize_terminal(80, 50)
            await calm(stage)
            assert set(codes_asked(stage)) == set(in_sight(stage))


class TestTheCursorStays:
    """What is learned moves rows, never the one that is looked at."""

    async def test_ordered_by_state(self) -> None:
        stage = Stage(messages=0)
        failing(stage, 20)
        turning = [sending(stage, "nobody@pec.example", "lost@pec.example") for _ in range(3)]
        failing(stage, 30)
        async with playing(stage) as stage:
            stage.hold("receipts")
            await keys(stage, "2", "o", *["j"] * 36)
            await begun(stage, 1)
            rows = view(stage).list
            assert set(turning) < set(in_sight(stage)[: rows.cursor - rows.top])
            key, place, line = under_cursor(stage).key, rows.cursor, rows.cursor - rows.top
            stage.release()
            await calm(stage)
            assert (under_cursor(stage).key, rows.cursor) == (key, place - 3)
            assert rows.cursor - rows.top == line

    async def test_among_problems_only_what_is_none_goes_and_the_cursor_stays(self) -> None:
        stage = Stage(messages=0)
        ordinary = [sending(stage, "ordinary@x.example") for _ in range(3)]
        failed = failing(stage, 3)
        stage.clock.forward(25 * 3600)
        async with playing(stage) as stage:
            stage.hold("receipts")
            await keys(stage, "2", "exclamation_mark", "j")
            await begun(stage, AT_ONCE)
            assert {row.key for row in sends_listed(stage)} == {*ordinary, *failed}
            key, line = under_cursor(stage).key, view(stage).list.cursor
            stage.release()
            await calm(stage)
            assert {row.key for row in sends_listed(stage)} == set(failed)
            assert (under_cursor(stage).key, view(stage).list.cursor) == (key, line)


class TestWhenNothingIsAsked:
    """Offline, cut off, refused, leaving, behind something else."""

    async def test_offline(self) -> None:
        stage = Stage(messages=0, offline=True)
        failing(stage, 10)
        await stage.remember()
        async with playing(stage) as stage:
            await stage.press("2", "j", "G", "r")
            assert "~✗ failed" in stage.text()
            assert codes_asked(stage) == []

    async def test_a_service_that_is_not_reached_is_left_alone_until_r(self) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 8)
        async with playing(stage) as stage:
            stage.fault("receipts:reset-before")
            await stage.press("2")
            assert "OFFLINE" in stage.lines()[0]
            tried = set(codes_asked(stage))
            assert len(tried) <= AT_ONCE
            await stage.press("j", "G", "g", "o")
            assert set(codes_asked(stage)) == tried
            stage.fault()
            await stage.press("r")
            assert set(codes_asked(stage)) == set(failed)
            assert stage.text().count(WHY) >= 8

    @pytest.mark.parametrize("status", [401, 402, 403, 429])
    async def test_a_service_that_refuses_is_left_alone_but_for_the_cursor(self, status: int) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 8)
        async with playing(stage) as stage:
            stage.fault(f"receipts:{status}")
            await stage.press("2")
            assert len(set(codes_asked(stage))) <= AT_ONCE
            before = len(codes_asked(stage))
            await stage.press("o", "o", "o", "1", "2")
            assert len(codes_asked(stage)) == before
            await stage.press("G")
            assert set(codes_asked(stage)[before:]) == {failed[-1]}
            stage.fault()
            await stage.press("k")
            assert set(codes_asked(stage)) == set(failed)

    @pytest.mark.parametrize(
        ("over", "back"), [("1", "2"), ("question_mark", "escape"), ("ctrl+p", "escape"), ("tab", "escape")]
    )
    async def test_what_lies_over_the_list_has_it_wait(self, over: str, back: str) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 6)
        async with playing(stage, (80, 15)) as stage:
            stage.hold("receipts")
            await keys(stage, "2")
            await begun(stage, AT_ONCE)
            await keys(stage, over)
            stage.release()
            await calm(stage)
            assert codes_asked(stage) == failed[:AT_ONCE]
            await stage.press(back)
            assert Counter(codes_asked(stage)) == Counter(failed)

    async def test_who_leaves_begins_nothing(self) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 8)
        async with playing(stage) as stage:
            stage.hold("receipts")
            await keys(stage, "2")
            await begun(stage, AT_ONCE)
            stage.app.is_leaving = True
            stage.release()
            await calm(stage)
            assert codes_asked(stage) == failed[:AT_ONCE]

    async def test_an_error_of_our_own_is_told_in_its_place_and_not_repeated(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage = Stage(messages=0)
        failing(stage, 5)
        async with playing(stage, WIDE) as stage:
            assert isinstance(stage.app.session, Session)
            asked: list[str] = []

            async def broken(code: str) -> None:
                asked.append(code)
                raise ZeroDivisionError

            monkeypatch.setattr(stage.app.session.sends, "read", broken)
            await stage.press("2")
            assert len(asked) == 5
            assert "Something went wrong inside pectui" in stage.text()
            await stage.press("o", "o", "o")
            assert len(asked) == 5
