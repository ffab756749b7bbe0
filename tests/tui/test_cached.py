"""Opening on what an earlier run remembered, and following the service behind it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from pectui.domain.listing import ListingChange, Placed, Synced
from pectui.store.memory import MemoryStore
from tests.tui.stage import PATIENCE, Stage, eventually, playing, settled


class SlowStore(MemoryStore):
    """The disk takes its time over a long listing."""

    def __init__(self) -> None:
        super().__init__()
        self.hold = threading.Event()
        self.hold.set()

    def listing(self) -> tuple[Synced, list[Placed]]:
        self.hold.wait(PATIENCE)
        return super().listing()


class TestOpening:
    """The remembered page stands there before the service has answered."""

    async def test_the_first_page_is_painted_before_any_answer(self) -> None:
        stage = Stage(981)
        await stage.remember(hours=3)
        stage.hold()
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            memory = "981 messages · ~ from memory, 3 h old"
            await eventually(lambda: f" page 1/40 · {memory}" in stage.lines()[-2])
            assert not stage.inbox.syncing.agrees
            await pilot.press("j", "n", "n")
            await eventually(lambda: f" page 3/40 · {memory}" in stage.lines()[-2])

    async def test_pages_can_be_turned_while_the_rest_is_still_loaded(self) -> None:
        slow = SlowStore()
        stage = Stage(300, store=slow)
        await stage.remember()
        stage.hold()
        slow.hold.clear()
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            assert not stage.inbox.remembered.is_loaded  # type: ignore[union-attr]
            await pilot.press("n", "n", "j", "w")
            await eventually(lambda: stage.lines()[-2].startswith(" page 2/12 · 300 messages"))
            slow.hold.set()
            await eventually(lambda: stage.lines()[-2].startswith(" page 3/12"))
            await eventually(lambda: stage.inbox.syncing.is_running)

    async def test_nothing_new_costs_one_page_and_the_quota(self) -> None:
        stage = Stage(981)
        await stage.remember(texts=1)
        async with playing(stage) as stage:
            assert " page 1/40 · 981 messages · synced 17:05" in stage.lines()[-2]
            assert stage.listings() == 1
            assert stage.sandbox.count("GET", "/quota") == 1
            assert stage.sandbox.count("GET", "/inbox/") <= 1, "the message under the cursor"
            await stage.press("n", "n", "p")
            assert stage.listings() == 1

    @pytest.mark.parametrize(
        ("hours", "told"), [(0.01, "under 1 min"), (0.5, "30 min"), (3.9, "3 h"), (50, "2 days")]
    )
    async def test_how_old_it_is(self, hours: float, told: str) -> None:
        stage = Stage(faults=["inbox:500"])
        await stage.remember(hours=hours)
        async with playing(stage) as stage:
            assert f"~ from memory, {told} old" in stage.lines()[-2]

    async def test_new_mail_does_not_move_the_cursor_to_another_message(self) -> None:
        stage = Stage()
        await stage.remember()
        for number in range(3):
            stage.sandbox.mailbox.deliver(f"CONSEGNA: nuovo {number}", "x")
        stage.hold("inbox")
        async with stage.app.run_test(size=(120, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            await pilot.press("j", "j")
            before = stage.under_cursor()
            stage.release()
            await settled(pilot)
            assert stage.under_cursor() == before
            assert stage.inbox.list.cursor == 5
            assert stage.subjects()[:3] == ["nuovo 2", "nuovo 1", "nuovo 0"]
            assert "63 messages · 3 new · synced" in stage.lines()[-2]

    async def test_the_cursor_follows_its_message_over_several_pages(self) -> None:
        stage = Stage(200)
        await stage.remember()
        for number in range(60):
            stage.sandbox.mailbox.deliver(f"CONSEGNA: nuovo {number}", "x")
        stage.hold("inbox")
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            await pilot.press("j", "j", "j")
            before = stage.under_cursor()
            stage.release()
            await settled(pilot)
            assert stage.under_cursor() == before
            assert stage.lines()[-2].startswith(" page 3/11 · 260 messages · 60 new")
            assert "New mail came: your place is on page 3 now" in stage.text()

    async def test_messages_that_went_elsewhere_take_the_cursor_s_page_along(self) -> None:
        async with playing(Stage(200)) as stage:
            await stage.press("n")
            before = stage.under_cursor()
            for row in list(stage.inbox.remembered.headers)[:4]:  # type: ignore[union-attr]
                stage.sandbox.mailbox.delete(row.id)
            await stage.press("r")
            assert stage.under_cursor() == before
            assert stage.lines()[-2].startswith(" page 1/8 · 196 messages")
            assert "Messages went: your place is on page 1 now" in stage.text()

    async def test_an_empty_mailbox_that_was_remembered_is_empty_at_once(self) -> None:
        stage = Stage(messages=0)
        await stage.remember()
        stage.fault("inbox:500")
        async with playing(stage) as stage:
            assert "The mailbox is empty" in stage.text()
            assert " 0 messages · ~ from memory, 3 h old" in stage.lines()[-2]


class TestTheFirstReading:
    """Nothing is remembered yet."""

    async def test_page_1_is_there_long_before_the_last_page(self) -> None:
        stage = Stage(500)
        stage.hold("inbox")
        async with stage.app.run_test(size=(120, 24)) as pilot:
            stage.pilot = pilot
            await stage.asked()
            await eventually(lambda: "Reading the mailbox …" in stage.text())
            assert len(stage.inbox.list.rows) == 0
            stage.release(1)
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            assert stage.inbox.syncing.is_running
            known = "page 1/20 · 500 messages · 25 known so far"
            await eventually(lambda: known in stage.lines()[-2])
            await eventually(lambda: "syncing " in stage.lines()[0] and "/20" in stage.lines()[0])
            stage.release()
            await settled(pilot)
            assert "page 1/20 · 500 messages · synced" in stage.lines()[-2]
            assert "syncing" not in stage.lines()[0]

    async def test_a_page_that_is_not_known_yet_is_read_at_once(self) -> None:
        stage = Stage(981)
        stage.hold("inbox", after=1)
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            assert not stage.inbox.remembered.covers(2)  # type: ignore[union-attr]
            await pilot.press("n")
            while " page 2/40 · 981 messages" not in stage.lines()[-2]:
                await stage.asked()
                stage.release(1)  # before it come the questions that the sync has asked already
                await pilot.pause()
            assert len(stage.inbox.list.rows) == 25
            assert stage.inbox.syncing.is_running
            before = stage.under_cursor()
            stage.release()
            await settled(pilot)
            assert " page 2/40 · 981 messages · synced" in stage.lines()[-2]
            assert stage.under_cursor() == before

    async def test_such_a_page_that_can_not_be_read_is_told(self) -> None:
        stage = Stage(500)
        stage.hold("inbox", after=1)
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            await pilot.press("n")
            stage.fault("inbox:500")
            stage.release()
            await settled(pilot)
            assert stage.inbox.notices.notice is not None
            assert stage.app.is_running
            stage.fault()
            await stage.press("escape", "r")
            assert "500 messages · synced" in stage.lines()[-2]

    async def test_ctrl_c_stops_it_and_what_was_read_stays(self) -> None:
        stage = Stage(500)
        stage.hold("inbox", after=1)
        async with stage.app.run_test(size=(120, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: len(stage.inbox.list.rows) == 25)
            await eventually(lambda: "syncing" in stage.lines()[0])
            await pilot.press("ctrl+c")
            await settled(pilot)
            assert "Cancelled: syncing" in stage.text()
            assert "known so far" in stage.lines()[-2]
            assert "~ " in stage.lines()[-2]
            assert len(stage.inbox.list.rows) == 25
            stage.release()
            await stage.press("r")
            assert "500 messages · synced" in stage.lines()[-2]

    async def test_ctrl_c_before_anything_came_says_so_and_r_tries_again(self) -> None:
        stage = Stage()
        stage.hold("inbox")
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await stage.asked()
            await pilot.press("ctrl+c")
            await settled(pilot)
            assert "Nothing was read yet" in stage.text()
            stage.release()
            await stage.press("r")
            assert " page 1/3 · 60 messages · synced" in stage.lines()[-2]

    async def test_its_counter_moves_four_times_a_second_at_most(self) -> None:
        stage = Stage(981, faults=["inbox:latency=0.02"])
        async with stage.app.run_test(size=(120, 24)) as pilot:
            stage.pilot = pilot
            labels: list[str] = []
            show = stage.inbox.show_activity
            stage.inbox.show_activity = lambda label: (labels.append(label), show(label))  # type: ignore[assignment,method-assign,func-returns-value]
            started = asyncio.get_running_loop().time()
            await settled(pilot)
            seconds = asyncio.get_running_loop().time() - started
            assert len([label for label in labels if label]) <= 4 * seconds + 4


class TestAnotherProgram:
    """Two programs, one memory."""

    async def test_what_another_program_remembered_is_taken_over(self) -> None:
        async with playing(Stage(100)) as stage:
            await stage.press("j", "j")
            before = stage.under_cursor()
            stage.sandbox.mailbox.deliver("CONSEGNA: nuovo", "x")
            clock = stage.clock.now
            await stage.remember(hours=0)
            assert stage.clock.now == clock
            await stage.press("r")
            assert stage.under_cursor() == before
            assert stage.subjects()[0] == "nuovo"
            assert "101 messages · 1 new · synced" in stage.lines()[-2]

    async def test_a_listing_that_vanished_under_a_sync_is_read_anew(self) -> None:
        async with playing(Stage(100)) as stage:
            await stage.press("j")
            before = stage.under_cursor()
            stage.store.clear()
            await stage.press("r")
            assert stage.under_cursor() == before
            assert " page 1/4 · 100 messages · synced" in stage.lines()[-2]

    async def test_a_deletion_by_another_program_is_seen_in_the_middle_of_a_sync(self) -> None:
        async with playing(Stage(100)) as stage:
            doomed = stage.inbox.remembered.headers[3]  # type: ignore[union-attr]
            stage.hold("inbox")
            assert stage.pilot is not None
            await stage.pilot.press("R")
            await stage.asked()
            stage.sandbox.mailbox.delete(doomed.id)
            synced = stage.store.synced()
            stage.store.change_listing(ListingChange(synced.version, synced, removed=(doomed.id,)))
            stage.release()
            await settled(stage.pilot)
            assert doomed not in {row.key for row in stage.inbox.list.rows}
            assert "99 messages · synced" in stage.lines()[-2]


class TestWhatWasShown:
    """On the command line an id means what the screen showed."""

    async def test_pages_from_memory_count_as_shown(self) -> None:
        stage = Stage(100)
        await stage.remember()
        at = stage.clock.now
        async with playing(stage) as stage:
            await stage.press("n")
            shown = {row.key.id: row.key for row in stage.inbox.list.rows}  # type: ignore[attr-defined]
        recalled = stage.store.recall_many(shown)
        assert {name: one.header for name, one in recalled.items()} == shown
        assert {one.page for one in recalled.values()} == {2}
        assert {one.listed_at for one in recalled.values()} == {at}

    async def test_of_the_whole_list_what_the_wheel_brought_in_sight(self) -> None:
        stage = Stage(300)
        await stage.remember()
        async with playing(stage) as stage:
            await stage.press("w")
            rows = stage.inbox.list
            before = rows.cursor
            rows.scroll_lines(150)
            sight = [rows.rows[place].key.id for place in rows.places_in_sight]  # type: ignore[attr-defined]
            await eventually(lambda: len(stage.store.recall_many(sight)) == len(sight))
            assert rows.cursor == before
            assert before not in rows.places_in_sight

    async def test_of_the_whole_list_what_was_in_sight(self) -> None:
        stage = Stage(300)
        await stage.remember()
        at = stage.clock.now
        async with playing(stage) as stage:
            await stage.press("w")
            stage.clock.forward(60)
            await stage.press("G")
            sight = [stage.inbox.list.rows[place].key for place in stage.inbox.list.places_in_sight]
            below = stage.inbox.list.rows[150].key
            await stage.pilot.press("q")  # type: ignore[union-attr]
        recalled = stage.store.recall_many([one.id for one in sight])  # type: ignore[attr-defined]
        assert [recalled[one.id].header for one in sight] == sight  # type: ignore[attr-defined]
        assert {one.page for one in recalled.values()} == {12}
        unseen = stage.store.recall(below.id)  # type: ignore[attr-defined]
        assert unseen is None or unseen.listed_at < at
