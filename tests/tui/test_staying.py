"""The cursor and the open text stay with their message: nothing else takes its place without a word."""

from __future__ import annotations

import pytest

from tests.tui.stage import Stage, playing


def deliver_twin(stage: Stage, text: str) -> None:
    """Receipts of one send and one second look the same."""
    stage.sandbox.mailbox.deliver(
        "CONSEGNA: gemelle",
        text,
        sender="posta-certificata@pec.example",
        date="Mon, 23 Nov 2026 13:00:00 +0100",
    )


def delete_elsewhere(stage: Stage, message_id: int) -> None:
    assert stage.sandbox.mailbox.delete(message_id)


def with_twins() -> Stage:
    """The newest message has a twin further down the first page and one on the third page."""
    stage = Stage(40, first_uid=1000)
    for text in ("per Anna", "per Carla"):
        deliver_twin(stage, text)
        for number in range(5 if text == "per Carla" else 40):
            stage.sandbox.mailbox.deliver(f"CONSEGNA: altro {number}", "x")
    deliver_twin(stage, "per Bruno")
    return stage


class TestTwins:
    """Messages that look the same are not the same one."""

    async def test_the_cursor_stays_at_its_place_when_its_message_is_deleted_elsewhere(self) -> None:
        async with playing(with_twins(), (120, 40)) as stage:
            await stage.press("g")
            gone = next(row for row in stage.inbox.list.rows if row.key.subject == "CONSEGNA: gemelle")  # type: ignore[attr-defined]
            place = list(stage.inbox.list.rows).index(gone)
            stage.inbox.list.move_to(place)
            message_id = stage.under_cursor()
            delete_elsewhere(stage, message_id)
            await stage.press("r")
            assert stage.inbox.list.cursor == place
            assert stage.under_cursor() != message_id
            assert "New mail came" not in stage.text()
            assert "not in the mailbox any more" in stage.text()
            assert "page 1/" in stage.lines()[-2]

    async def test_the_cursor_stays_at_its_place_after_a_deletion_of_ones_own(self) -> None:
        async with playing(with_twins(), (120, 40)) as stage:
            rows = list(stage.inbox.list.rows)
            place = next(at for at, row in enumerate(rows) if row.key.subject == "CONSEGNA: gemelle")  # type: ignore[attr-defined]
            stage.inbox.list.move_to(place)
            await stage.press("r")
            following = rows[place + 1].key
            await stage.press("d", "y")
            assert stage.inbox.cursor_key == following


class TestShiftedIds:
    """An older message is deleted elsewhere: all newer ones are called otherwise."""

    @pytest.mark.parametrize("view", ["1", "2"])
    async def test_the_newest_message_is_not_called_gone(self, view: str) -> None:
        async with playing(Stage(60, ids="sequence"), (120, 40)) as stage:
            subject = stage.inbox.list.row.message.subject  # type: ignore[union-attr]
            await stage.press(view)
            delete_elsewhere(stage, 1)
            await stage.press("r")
            assert stage.inbox.list.row.message.subject == subject  # type: ignore[union-attr]
            assert "not in the mailbox any more" not in stage.text()


class TestTheOpenText:
    """A message that fills the screen."""

    async def test_stays_when_it_is_deleted_elsewhere_and_its_neighbour_is_not_deleted(self) -> None:
        async with playing(Stage(60), (120, 40)) as stage:
            await stage.press("j", "j", "enter")
            message = stage.inbox.following.message
            assert message is not None
            shown = stage.inbox.preview.shot
            delete_elsewhere(stage, message.id)
            await stage.press("r")
            assert stage.inbox.preview.shot is shown
            assert "The message that you read is not in the mailbox any more" in stage.text()
            before = len(stage.sandbox.mailbox.mails)
            await stage.press("escape", "d", "y")
            assert len(stage.sandbox.mailbox.mails) == before
            await stage.press("escape", "escape")
            assert stage.inbox.following.message is not None

    async def test_stays_when_new_mail_moves_its_row(self) -> None:
        async with playing(Stage(60), (120, 40)) as stage:
            await stage.press("j", "enter")
            message = stage.inbox.following.message
            stage.sandbox.mailbox.deliver("CONSEGNA: nuovo", "x")
            await stage.press("r")
            assert stage.inbox.following.message == message
            assert "any more" not in stage.text()


class TestWhatIsNew:
    @pytest.mark.parametrize("ids", ["uid", "sequence"])
    async def test_a_deletion_of_ones_own_is_no_news(self, ids: str) -> None:
        async with playing(Stage(60, ids=ids), (120, 40)) as stage:
            await stage.press("j", "j", "d", "y")
            assert len(stage.sandbox.mailbox.mails) == 59
            assert "new" not in stage.lines()[-2]

    async def test_a_new_message_that_was_deleted_is_not_counted(self) -> None:
        async with playing(Stage(60, first_uid=1000), (120, 40)) as stage:
            stage.sandbox.mailbox.deliver("CONSEGNA: uno", "x")
            stage.sandbox.mailbox.deliver("CONSEGNA: due", "x")
            await stage.press("r")
            assert "2 new" in stage.lines()[-2]
            stage.inbox.list.move_to(1)
            await stage.press("d", "y")
            assert "1 new" in stage.lines()[-2]


class TestAServiceThatListsLess:
    async def test_is_marked(self) -> None:
        async with playing(Stage(60, faults=["inbox:same-page"]), (120, 40)) as stage:
            assert "~ 25 of 60 listed" in stage.lines()[-2]


class TestTheWholeList:
    async def test_loses_what_was_deleted_though_the_service_fails_afterwards(self) -> None:
        async with playing(Stage(60), (120, 40)) as stage:
            await stage.press("w", "j", "d")
            assert "all 60 messages" in stage.lines()[-2]
            stage.fault("inbox:500:skip=3")
            await stage.press("y")
            stage.fault("inbox:500")
            await stage.press("escape")
            assert len(stage.inbox.list.rows) == 59
            assert len(stage.inbox.whole.arranged.headers) == 59


class TestANarrowTerminal:
    async def test_says_how_old_it_is_before_it_counts(self) -> None:
        stage = Stage(60, first_uid=1000, offline=True)
        await stage.remember(hours=3)
        async with playing(stage, (40, 12)) as stage:
            assert "~ from memory, 3 h old" in stage.lines()[-2]
