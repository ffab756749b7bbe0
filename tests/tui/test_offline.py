"""Offline, by --offline or because the service is out of reach: what is remembered can be seen, nothing is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pectui.domain.listing import ListingChange
from pectui.tui.screens.inbox import InboxScreen
from tests.tui.stage import DEMO, PRODUCTION, Stage, playing, settled


async def offline(messages: int = 60, *, texts: int = 0, hours: float = 3, **options: object) -> Stage:
    """A stage whose mailbox was remembered some hours ago, without a way to the service."""
    stage = Stage(messages, offline=True, **options)  # type: ignore[arg-type]
    await stage.remember(texts=texts, hours=hours)
    return stage


class TestByTheFlag:
    """`pectui --offline`."""

    async def test_it_asks_nobody_anything(self) -> None:
        async with playing(await offline(981, texts=1)) as stage:
            await stage.press("j", "n", "p", "w", "G", "enter", "escape", "w", "r", "R", "d", "slash")
            await stage.type("tari")
            await stage.press("enter", "escape", "v", "y")
            assert stage.sandbox.requests == []
            assert stage.app.is_running

    @pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
    @pytest.mark.parametrize("profile", [DEMO, PRODUCTION])
    async def test_a_plain_sign_in_every_width(self, width: int, profile: object) -> None:
        async with playing(await offline(profile=profile), (width, 24)) as stage:
            first = stage.lines()[0].split()
            assert first[:2] == [profile.environment.value.upper(), "OFFLINE"]  # type: ignore[attr-defined]
            assert "%" not in stage.lines()[0], "nobody knows the quota"

    async def test_pages_and_the_whole_list_come_from_memory(self) -> None:
        async with playing(await offline(100)) as stage:
            assert stage.lines()[-2].startswith(" page 1/4 · 100 messages · ~ from memory, 3 h old")
            await stage.press("n", "n", "n")
            assert stage.lines()[-2].startswith(" page 4/4")
            await stage.press("w")
            assert stage.lines()[-2].startswith(" all 100 messages · ~ from memory, 3 h old")

    async def test_a_text_that_was_read_before_says_when(self) -> None:
        async with playing(await offline(texts=2), (120, 40)) as stage:
            assert stage.inbox.preview.shot.reading is not None
            assert "text kept from 14:05" in stage.text()
            await stage.press("tab", "v")
            assert "As the service sent it" in stage.text()

    async def test_long_ago_it_says_the_day(self) -> None:
        async with playing(await offline(texts=1, hours=24 * 11), (120, 40)) as stage:
            assert "text kept from 23 Nov 14:05" in stage.text()
            assert "from memory, 11 days old" in stage.lines()[-2]

    async def test_a_text_that_was_not_read_says_why_it_is_not_there(self) -> None:
        async with playing(await offline(texts=1), (120, 40)) as stage:
            await stage.press("j", "j")
            assert stage.inbox.preview.shot.problem
            assert "pectui is offline" in stage.text()
            await stage.press("k", "k")
            assert stage.inbox.preview.shot.reading is not None

    async def test_d_is_refused(self) -> None:
        async with playing(await offline(texts=1), (120, 40)) as stage:
            await stage.press("d")
            assert isinstance(stage.app.screen, InboxScreen)
            assert "pectui is offline: nothing can be deleted now" in stage.text()
            assert len(stage.sandbox.mailbox.mails) == 60

    async def test_the_service_is_not_asked_to_search_and_the_filter_stays(self) -> None:
        async with playing(await offline(), (120, 40)) as stage:
            await stage.press("slash")
            await stage.type("tari")
            found = stage.subjects()
            assert found
            assert "Enter asks" not in stage.lines()[-2]
            await stage.press("enter")
            assert "pectui is offline: nothing can be searched there now" in stage.text()
            assert stage.subjects() == found
            assert stage.inbox.search.is_typing

    async def test_nothing_remembered_says_so_and_what_to_do(self) -> None:
        async with playing(Stage(offline=True)) as stage:
            assert "Nothing is remembered" in stage.text()
            assert "Start pectui once without --offline" in stage.text()
            await stage.press("j", "d", "r", "R", "w", "n", "slash", "v", "y", "tab", "escape")
            assert "Nothing is remembered" in stage.text()
            assert stage.sandbox.requests == []

    async def test_a_first_reading_that_was_cut_short_says_how_much_is_known(self) -> None:
        stage = Stage(60, offline=True)
        await stage.remember()
        synced = stage.store.synced()
        _, placed = stage.store.listing()
        gone = tuple(one.header.id for one in placed[30:])
        part = replace(synced, full_at=None, agreed_at=None)
        stage.store.change_listing(ListingChange(synced.version, part, removed=gone))
        async with playing(stage) as stage:
            assert stage.lines()[-2].startswith(" page 1/3 · 60 messages · ~ 30 known so far")
            assert "n next" not in stage.lines()[-1]
            await stage.press("w")
            assert stage.lines()[-2].startswith(" 30 of 60 messages · ~ 30 known so far")


class TestOutOfReach:
    """The service can't be reached."""

    async def test_what_is_remembered_stays_and_the_reason_is_told_once(self) -> None:
        stage = Stage(faults=["reset-before"])
        await stage.remember()
        async with playing(stage, (120, 40)) as stage:
            assert " DEMO  OFFLINE " in stage.lines()[0]
            assert stage.lines()[-2].startswith(" page 1/3 · 60 messages · ~ from memory, 3 h old")
            notice = stage.inbox.notices.notice
            assert notice is not None
            assert notice.detail or notice.hint
            await stage.press("escape")
            stage.inbox.syncing.refresh()
            await stage.press("j")
            assert stage.inbox.notices.notice is None
            await stage.press("r")
            assert stage.inbox.notices.notice is not None, "who asks is answered"

    async def test_the_next_sync_that_succeeds_takes_the_sign_away(self) -> None:
        stage = Stage(faults=["reset-before"])
        await stage.remember()
        async with playing(stage, (120, 40)) as stage:
            stage.fault()
            await stage.press("escape", "r")
            assert "OFFLINE" not in stage.lines()[0]
            assert "%" in stage.lines()[0]
            assert " · synced 17:05" in stage.lines()[-2]

    async def test_a_service_that_answers_nonsense_is_not_offline(self) -> None:
        stage = Stage(faults=["inbox:500"])
        await stage.remember()
        async with playing(stage, (120, 40)) as stage:
            assert "OFFLINE" not in stage.lines()[0]
            assert stage.inbox.notices.notice is not None
            assert "~ from memory" in stage.lines()[-2]

    async def test_nothing_is_deleted_and_nothing_searched(self) -> None:
        stage = Stage(faults=["reset-before"])
        await stage.remember()
        async with playing(stage, (120, 40)) as stage:
            before = len(stage.sandbox.requests)
            await stage.press("escape", "d")
            assert "The service can't be reached: nothing can be deleted now" in stage.text()
            assert "r tries again" in stage.text()
            await stage.press("slash")
            await stage.type("x")
            await stage.press("enter")
            assert "nothing can be searched there now" in stage.text()
            assert not [one for one in stage.sandbox.requests[before:] if one[1] in ("/inbox",)]
            stage.fault()
            await stage.press("escape", "escape", "r", "d", "y")
            assert len(stage.sandbox.mailbox.mails) == 59

    async def test_nothing_remembered_tells_the_reason_in_the_place_of_the_messages(self) -> None:
        async with playing(Stage(faults=["reset-before"]), (120, 40)) as stage:
            assert "r  try again" in stage.text()
            assert " OFFLINE " in stage.lines()[0]
            stage.fault()
            await stage.press("r")
            assert " page 1/3" in stage.lines()[-2]
            assert "OFFLINE" not in stage.lines()[0]

    async def test_any_answer_ends_it(self) -> None:
        stage = Stage(faults=["inbox:reset-before"])
        await stage.remember()
        async with playing(stage, (120, 40)) as stage:
            await stage.press("escape", "j")  # the text of the next message is read, and comes
            assert "OFFLINE" not in stage.lines()[0]

    async def test_the_reason_goes_once_it_is_true_no_more(self) -> None:
        stage = Stage(faults=["reset-before"])
        await stage.remember()
        async with playing(stage, (120, 40)) as stage:
            assert "can't be reached" in stage.text() or stage.inbox.notices.notice is not None
            stage.fault()
            stage.inbox.syncing.begin(asked=False)
            assert stage.pilot is not None
            await settled(stage.pilot)
            assert "synced" in stage.lines()[-2]
            assert stage.inbox.notices.notice is None


class TestAges:
    """They grow by themselves, and cost nothing while they read the same."""

    async def test_an_age_is_told_anew_when_it_reads_differently(self) -> None:
        async with playing(await offline()) as stage:
            painted: list[object] = []
            stage.inbox.status.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[assignment,method-assign]
            stage.clock.forward(60)
            stage.inbox.standing.show()
            assert painted == []
            stage.clock.forward(timedelta(hours=1).total_seconds())
            stage.inbox.standing.show()
            assert len(painted) == 1
            assert "4 h old" in "".join(span.text for span in stage.inbox.status.lines(80)[0])
