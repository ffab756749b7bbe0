"""Why the sends in sight failed: it is read by itself, a few at a time, and each once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from pectui.domain.send import SendState
from tests.tui.stage import DEMO, Stage, eventually, playing, settled
from tests.tui.test_sends import line_of_cursor, sends_listed, under_cursor, view
from tests.tui.test_sends_details import WIDE, sending

AT_ONCE = DEMO.concurrency - 1
"""One place is left for the send under the cursor."""
WHY = "5.1.1 indirizzo non valido"


def failing(stage: Stage, count: int) -> list[str]:
    """Sends that fail, the latest first."""
    return [sending(stage, "nobody@pec.example", subject=f"Numero {number}") for number in range(count)][::-1]


def codes_asked(stage: Stage) -> list[str]:
    """For which sends the service was asked, in that order."""
    return [path.rpartition("/")[2] for method, path in stage.sandbox.requests if path.startswith("/send/")]


def in_sight(stage: Stage) -> list[str]:
    """The sends in sight."""
    rows = view(stage).list
    return [str(rows.rows[place].key) for place in rows.places_in_sight]


async def keys(stage: Stage, *names: str) -> None:
    """Presses the keys while the service is silent: what they set off can't end yet."""
    assert stage.pilot is not None
    await stage.pilot.press(*names)


async def calm(stage: Stage) -> None:
    """Waits until all is done."""
    assert stage.pilot is not None
    await settled(stage.pilot)


async def begun(stage: Stage, count: int) -> None:
    """Waits until so many questions are held back, and the list has rested long enough for more."""
    await stage.asked(count)
    reasons = view(stage).reasons
    await eventually(lambda: reasons._rest is not None and reasons._rest.is_finished)
    assert stage.pilot is not None
    await stage.pilot.pause()


class TestTheyAreRead:
    """Without a key, and only what has a reason to be told."""

    @pytest.mark.parametrize("size", [(80, 24), (120, 40)])
    async def test_every_failure_in_sight_says_why(self, size: tuple[int, int]) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 9)
        async with playing(stage, size) as stage:
            await stage.press("2")
            assert view(stage).list.cursor == 0
            said = [line for line in stage.lines() if WHY in line and "▸  ✗ failed " in line]
            assert len(said) == 9
            assert not any("~" in line for line in said)
            assert sorted(codes_asked(stage)) == sorted(failed)

    @pytest.mark.parametrize("size", [(80, 24), (120, 40)])
    async def test_reasons_have_room_beside_long_subjects(self, size: tuple[int, int]) -> None:
        stage = Stage(messages=0)
        subject = "Avviso di pagamento della tassa sui rifiuti, seconda rata"
        for who in ("silent@pec.example", "full@pec.example", "nobody@pec.example"):
            sending(stage, who, subject=subject)
        stage.clock.forward(25 * 3600)
        sending(stage, "ok@pec.example")
        async with playing(stage, size) as stage:
            await stage.press("2")
            _, wrong, full, silent = stage.lines()[2:6]
            assert (WHY if size[0] == 80 else "5.1.1 indirizzo non v…") in wrong
            assert "5.2.2 casella piena" in full
            assert "no delivery in 24 h" in silent
            assert all("Avviso di p" in line for line in (wrong, full, silent))

    async def test_what_is_no_problem_is_not_asked_for(self) -> None:
        stage = Stage(messages=0)
        fine = [sending(stage, "ok@pec.example") for _ in range(5)]
        (failed,) = failing(stage, 1)
        top = sending(stage, "ok@pec.example")
        async with playing(stage) as stage:
            await stage.press("2")
            assert codes_asked(stage) == [top, failed]
            assert not set(fine) & set(codes_asked(stage))

    async def test_late_incomplete_and_refused_ones_are_read_as_well(self) -> None:
        stage = Stage(messages=0)
        codes = [sending(stage, one) for one in ("lost@pec.example", "rejected@pec.example")]
        stage.clock.forward(13 * 3600)
        codes.append(sending(stage, "late@pec.example"))
        stage.clock.forward(12.5 * 3600)
        sending(stage, "ok@pec.example")
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            states = {row.key: row.summary.state for row in sends_listed(stage)}
            assert [states[code] for code in codes] == [
                SendState.INCOMPLETE,
                SendState.REFUSED,
                SendState.LATE,
            ]
            assert all(row.summary.is_read for row in sends_listed(stage))
            assert "il destinatario è escluso" in stage.text()

    async def test_only_its_line_is_painted_again(self) -> None:
        stage = Stage(messages=0)
        failing(stage, 5)
        async with playing(stage, (120, 40)) as stage:
            assert stage.pilot is not None
            stage.hold("receipts", after=1)
            await keys(stage, "2")
            await begun(stage, AT_ONCE)
            painted: list[int] = []
            rows = view(stage).list
            rows.refresh = lambda *regions, **_: painted.extend(one.y for one in regions)  # type: ignore[assignment,method-assign]
            second = codes_asked(stage)[1]
            place = in_sight(stage).index(second)
            stage.release(1)
            await eventually(lambda: not sends_listed(stage)[place].summary.is_provisional)
            await stage.pilot.pause()
            assert set(painted) == {place}
            stage.release()
            await calm(stage)

    async def test_what_came_of_it_is_kept(self) -> None:
        stage = Stage(messages=0)
        failing(stage, 6)
        async with playing(stage) as stage:
            await stage.press("2")
        again = Stage(messages=0, store=stage.store, archive=stage.archive, offline=True)
        again.clock.now = stage.clock.now
        async with playing(again) as again:
            await again.press("2")
            assert "OFFLINE" in again.lines()[0]
            assert again.text().count(WHY) >= 6
            assert codes_asked(again) == []


class TestHowManyAreAsked:
    """Bounded, the cursor's first, each once."""

    async def test_so_many_at_once_and_one_place_for_the_cursor(self) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 40)
        async with playing(stage) as stage:
            stage.hold("receipts")
            await keys(stage, "2")
            await begun(stage, AT_ONCE)
            assert codes_asked(stage) == failed[:AT_ONCE]
            await keys(stage, "G")
            await begun(stage, AT_ONCE + 1)
            assert codes_asked(stage) == [*failed[:AT_ONCE], failed[-1]]
            stage.release()
            await calm(stage)

    async def test_the_cursor_comes_first_where_there_is_one_place(self) -> None:
        stage = Stage(messages=0, profile=replace(DEMO, concurrency=1))
        failed = failing(stage, 40)
        async with playing(stage) as stage:
            stage.hold("receipts")
            await keys(stage, "2")
            await begun(stage, 1)
            await keys(stage, "j", "j", "j", "j", "j")
            await eventually(lambda: view(stage).following._rests is False)
            await begun(stage, 1)
            assert codes_asked(stage) == failed[:1]
            stage.release(1)
            await eventually(lambda: len(codes_asked(stage)) == 2)
            assert codes_asked(stage)[1] == under_cursor(stage).key == failed[5]
            stage.release()
            await calm(stage)
            assert Counter(codes_asked(stage)) == Counter(in_sight(stage))

    async def test_what_is_being_asked_for_is_not_asked_again_by_the_cursor(self) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 5)
        async with playing(stage, WIDE) as stage:
            stage.hold("receipts")
            await keys(stage, "2")
            await begun(stage, AT_ONCE)
            await keys(stage, "j")
            await eventually(lambda: f"Send       {failed[1]}" in stage.text())
            await eventually(lambda: "Reading the receipts …" in stage.text())
            stage.release()
            await calm(stage)
            assert Counter(codes_asked(stage)) == Counter(failed)
            assert WHY in line_of_cursor(stage)

    async def test_nothing_is_asked_twice(self) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 10)
        async with playing(stage) as stage:
            await stage.press("2")
            assert Counter(codes_asked(stage)) == Counter(failed)
            await stage.press("j", "j", "o", "o", "exclamation_mark", "G", "g", "1", "2", "r")
            assert Counter(codes_asked(stage)) == Counter(failed)

    async def test_nor_where_the_answer_was_an_error_until_r(self) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 10)
        async with playing(stage) as stage:
            stage.fault("receipts:500")
            await stage.press("2")
            asked = codes_asked(stage)
            assert set(asked) == set(failed)
            await stage.press("o", "o", "o", "1", "2")
            stage.inbox.syncing.refresh()
            await calm(stage)
            assert codes_asked(stage) == asked
            stage.fault()
            await stage.press("r")
            assert Counter(codes_asked(stage)[len(asked) :]) == Counter(failed)
            assert stage.text().count(WHY) >= 10

    @pytest.mark.parametrize("ids", ["uid", "sequence"])
    async def test_nor_where_it_told_nothing(self, ids: str) -> None:
        stage = Stage(messages=0, ids=ids)
        failed = failing(stage, 4)
        async with playing(stage) as stage:
            for code in failed:
                stage.sandbox.mailbox.delete_send(code)
            await stage.press("2")
            assert Counter(codes_asked(stage)) == Counter(failed)
            await stage.press("o", "o", "o", "j", "k", "1", "2")
            assert Counter(codes_asked(stage)) == Counter(failed)

    async def test_r_asks_again_where_it_told_nothing(self) -> None:
        stage = Stage(messages=0)
        failed = failing(stage, 3)
        async with playing(stage) as stage:
            stage.sandbox.mailbox.delete_send(failed[1])
            await stage.press("2")
            stage.hold("inbox")
            await keys(stage, "r")
            await eventually(lambda: codes_asked(stage).count(failed[1]) == 2)
            stage.release()
            await calm(stage)
            assert Counter(codes_asked(stage)) == Counter([*failed, failed[1]])

    async def test_a_receipt_that_comes_has_it_asked_for_again(self) -> None:
        stage = Stage(messages=0)
        code = sending(stage, "nobody@pec.example", "late@pec.example")
        sending(stage, "ok@pec.example")
        async with playing(stage) as stage:
            await stage.press("2")
            assert codes_asked(stage).count(code) == 1
            stage.clock.forward(13 * 3600)
            await stage.press("r")
            assert codes_asked(stage).count(code) == 2
            assert not any(row.summary.is_provisional for row in sends_listed(stage))
