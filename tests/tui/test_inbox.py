"""The inbox by its keys: moving, paging, reading, refreshing, copying, leaving."""

from __future__ import annotations

import pytest

from pectui.tui import following
from pectui.tui.screens.inbox import InboxScreen
from tests.tui.stage import Stage, eventually, playing


class TestTheFirstPage:
    """What one sees right after the start."""

    async def test_it_shows_the_newest_25_with_badge_address_quota_and_status(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            lines = stage.lines()
            assert lines[0].startswith(" DEMO  comunicazioni@pec.comune-esempio.example")
            assert "% " in lines[0]
            assert "━" in lines[0]
            assert len(stage.inbox.list.rows) == 25
            assert " page 1/3 · 60 messages · synced 14:05" in lines[-2]
            for hint in ("Enter open", "d delete", "n next", "/ search", "r refresh", "? help"):
                assert hint in lines[-1]

    async def test_previous_is_not_offered_on_the_first_page(self) -> None:
        async with playing(Stage()) as stage:
            assert "p previous" not in stage.lines()[-1]
            await stage.press("n")
            assert "p previous" in stage.lines()[-1]

    async def test_the_preview_shows_the_message_under_the_cursor(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            message = stage.inbox.following.message
            assert message is not None
            assert message.code is not None
            assert f"Send       {message.code}" in stage.text()

    async def test_it_says_how_full_the_mailbox_is(self) -> None:
        async with playing(Stage(quota_usage=950_000, quota_limit=1_000_000), (120, 40)) as stage:
            assert "927.7 MiB of 976.6 MiB" in stage.lines()[0]
            assert "95%" in stage.lines()[0]

    async def test_the_next_page_is_there_at_once(self) -> None:
        async with playing(Stage()) as stage:
            assert stage.listings() == 3
            stage.hold()
            await stage.pilot.press("n")  # type: ignore[union-attr]
            await eventually(lambda: stage.lines()[-2].startswith(" page 2/3"))
            assert stage.listings() == 3


class TestMoving:
    """j k ↓ ↑ · g G Home End · Ctrl-D Ctrl-U PgDn PgUp."""

    @pytest.mark.parametrize("key", ["j", "down"])
    async def test_down(self, key: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press(key)
            assert stage.inbox.list.cursor == 1

    @pytest.mark.parametrize("key", ["k", "up"])
    async def test_up(self, key: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j", "j", key)
            assert stage.inbox.list.cursor == 1

    @pytest.mark.parametrize(("last", "first"), [("G", "g"), ("end", "home")])
    async def test_to_the_ends(self, last: str, first: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press(last)
            assert stage.inbox.list.cursor == 24
            await stage.press(first)
            assert stage.inbox.list.cursor == 0

    @pytest.mark.parametrize(("down", "up"), [("ctrl+d", "ctrl+u"), ("pagedown", "pageup")])
    async def test_by_screens(self, down: str, up: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press(down)
            assert stage.inbox.list.cursor > 3
            await stage.press(up)
            assert stage.inbox.list.cursor == 0

    async def test_ctrl_d_never_deletes(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("ctrl+d")
            assert isinstance(stage.app.screen, InboxScreen)
            assert len(stage.sandbox.mailbox.mails) == 60

    async def test_the_ends_are_the_ends(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("k", "G", "j")
            assert stage.inbox.list.cursor == 24

    async def test_many_quick_moves_show_the_last_message_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with playing(Stage()) as stage:
            read = stage.sandbox.count("GET", "/inbox/")
            assert stage.pilot is not None
            with monkeypatch.context() as quick:
                # However long this machine takes for them, the moves follow each other before the pause is over.
                quick.setattr(following, "PAUSE", 1000 * following.PAUSE)
                await stage.pilot.press(*"jjjjjjjj")
            assert stage.sandbox.count("GET", "/inbox/") == read
            await stage.press("j")
            message = stage.inbox.following.message
            assert stage.inbox.preview.shot.message == message
            assert stage.sandbox.count("GET", "/inbox/") == read + 1


class TestPaging:
    """n p → ←."""

    @pytest.mark.parametrize(("on", "back"), [("n", "p"), ("right", "left")])
    async def test_on_and_back(self, on: str, back: str) -> None:
        async with playing(Stage()) as stage:
            first = stage.subjects()
            await stage.press(on)
            assert stage.lines()[-2].startswith(" page 2/3")
            assert stage.subjects() != first
            await stage.press(back)
            assert stage.lines()[-2].startswith(" page 1/3")
            assert stage.subjects() == first

    async def test_the_last_page_is_the_end(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("n", "n")
            assert len(stage.inbox.list.rows) == 10
            assert "n next" not in stage.lines()[-1]
            await stage.press("n")
            assert stage.lines()[-2].startswith(" page 3/3")

    async def test_the_cursor_is_where_it_was_on_a_page_seen_before(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j", "j", "j")
            there = stage.under_cursor()
            await stage.press("n", "p")
            assert stage.under_cursor() == there

    async def test_going_back_asks_nothing_while_the_page_is_fresh(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("n")
            asked = len(stage.sandbox.requests)
            await stage.press("p")
            assert [path for _, path in stage.sandbox.requests[asked:] if path == "/inbox"] == []

    async def test_a_page_read_long_ago_is_read_again_behind(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("n")
            stage.clock.forward(31)
            asked = stage.sandbox.count("GET", "/inbox")
            await stage.press("p")
            assert stage.sandbox.count("GET", "/inbox") > asked
            assert "synced 14:05" in stage.lines()[-2]

    async def test_a_service_that_gives_the_same_page_for_ever_ends(self) -> None:
        async with playing(Stage(faults=["inbox:same-page"])) as stage:
            await stage.press("n", "n")
            assert stage.lines()[-2].startswith(" page 1/1")


class TestReading:
    """Enter, Esc, Tab, v."""

    async def test_enter_opens_the_message_over_the_whole_screen_and_esc_closes_it(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("enter")
            assert not stage.inbox.list.display
            assert stage.inbox.preview.has_focus
            await stage.press("escape")
            assert stage.inbox.list.display
            assert stage.inbox.list.has_focus

    async def test_q_closes_an_open_message_and_does_not_leave(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("enter", "q")
            assert stage.inbox.list.display
            assert stage.app.is_running

    async def test_tab_goes_to_the_text_which_scrolls_by_the_same_keys(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("tab")
            assert stage.inbox.preview.has_focus
            await stage.press("G")
            assert stage.inbox.preview.top > 0
            await stage.press("k", "g")
            assert stage.inbox.preview.top == 0
            for down, up in (("j", "k"), ("ctrl+d", "ctrl+u"), ("pagedown", "pageup")):
                await stage.press(down)
                assert stage.inbox.preview.top > 0
                await stage.press(up)
                assert stage.inbox.preview.top == 0
            await stage.press("tab")
            assert stage.inbox.list.has_focus

    async def test_v_shows_the_text_as_it_came_and_again_as_it_is_meant(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver("Prova", "caffè + latte", sender="a@b.example", encoding="utf-8")
        async with playing(stage) as stage:
            assert "caffè + latte" in stage.text()
            await stage.press("tab", "v")
            assert "caff%C3%A8+%2B+latte" in stage.text()
            assert "As the service sent it" in stage.text()
            await stage.press("v")
            assert "caffè + latte" in stage.text()

    async def test_going_back_to_a_message_reads_it_from_memory(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j")
            asked = len(stage.sandbox.requests)
            await stage.press("k", "j")
            assert len(stage.sandbox.requests) == asked

    async def test_a_message_that_is_gone_says_so_in_its_place(self) -> None:
        async with playing(Stage()) as stage:
            row = stage.inbox.list.rows[1]
            stage.sandbox.mailbox.delete(row.message.id)  # type: ignore[attr-defined]
            await stage.press("j")
            assert stage.inbox.preview.shot.problem
            assert stage.app.is_running

    async def test_another_message_under_the_same_number_is_told(self) -> None:
        async with playing(Stage(ids="sequence")) as stage:
            row = stage.inbox.list.rows[1]
            stage.sandbox.mailbox.delete(row.message.id - 5)  # type: ignore[attr-defined]
            await stage.press("j", "enter")
            assert "another message under this number" in stage.text()
            assert stage.inbox.preview.shot.message != row.message  # type: ignore[attr-defined]


class TestRefreshing:
    """r looks for what changed, R reads every page; the cursor keeps its message."""

    async def test_new_mail_does_not_move_the_cursor_to_another_message(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j", "j")
            before = stage.under_cursor()
            stage.sandbox.mailbox.deliver("CONSEGNA: nuovo", "x")
            await stage.press("r")
            assert stage.subjects()[0] == "nuovo"
            assert (stage.under_cursor(), stage.inbox.list.cursor) == (before, 3)

    async def test_a_message_pushed_onto_the_next_page_is_followed(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("G")
            before = stage.under_cursor()
            for number in range(3):
                stage.sandbox.mailbox.deliver(f"CONSEGNA: nuovo {number}", "x")
            await stage.press("r")
            assert stage.under_cursor() == before
            assert stage.lines()[-2].startswith(" page 2/3")

    async def test_a_message_deleted_elsewhere_leaves_the_cursor_in_its_place(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j", "j")
            stage.sandbox.mailbox.delete(stage.under_cursor())
            await stage.press("r")
            assert stage.inbox.list.cursor == 2
            assert "59 messages" in stage.lines()[-2]

    async def test_on_a_server_whose_ids_shift_the_cursor_keeps_its_message(self) -> None:
        async with playing(Stage(ids="sequence")) as stage:
            await stage.press("j", "j", "j")
            message = stage.inbox.following.message
            assert message is not None
            stage.sandbox.mailbox.delete(1)
            await stage.press("r")
            now = stage.inbox.following.message
            assert now is not None
            assert now.header.facts == message.header.facts
            assert now.id == message.id - 1

    async def test_capital_r_reads_every_page_and_the_cursor_keeps_its_message(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("n", "j")
            before, asked = stage.under_cursor(), stage.listings()
            stage.sandbox.mailbox.deliver("CONSEGNA: nuovo", "x")
            await stage.press("R")
            assert stage.listings() == asked + 3
            assert stage.lines()[-2].startswith(" page 2/3 · 61 messages · 1 new")
            assert stage.under_cursor() == before
            await stage.press("p")
            assert stage.subjects()[0] == "nuovo"

    async def test_a_page_that_vanished_leads_to_the_first(self) -> None:
        async with playing(Stage(messages=27)) as stage:
            await stage.press("n")
            for mail in stage.sandbox.mailbox.mails[:5]:
                stage.sandbox.mailbox.delete(mail.uid)
            await stage.press("r")
            assert stage.lines()[-2].startswith(" page 1/1 · 22 messages")
            assert len(stage.inbox.list.rows) == 22

    async def test_what_did_not_change_is_not_painted_again(self) -> None:
        async with playing(Stage()) as stage:
            painted: list[int] = []
            stage.inbox.list.refresh = lambda *regions, **_: painted.append(len(regions))  # type: ignore[assignment,method-assign]
            await stage.press("r")
            assert painted == []


class TestCopying:
    """y copies by OSC 52 and shows what it copied."""

    async def test_the_send_code(self) -> None:
        async with playing(Stage()) as stage:
            message = stage.inbox.following.message
            assert message is not None
            await stage.press("y")
            assert stage.app.clipboard == message.code
            assert f"Copied {message.code}" in stage.text()

    async def test_the_sender_where_there_is_no_code(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver("Ciao", "x", sender="qualcuno@altrove.example")
        async with playing(stage) as stage:
            await stage.press("y")
            assert stage.app.clipboard == "qualcuno@altrove.example"
