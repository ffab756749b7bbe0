"""Looking for new mail by itself: quietly, and never under somebody's fingers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pectui.domain.listing import ListingChange, Placed, Synced
from pectui.domain.message import Header
from pectui.tui import running, syncing
from pectui.tui.news import News
from pectui.tui.screens.delete import DeleteScreen
from tests.tui.stage import DEMO, PATIENCE, PRODUCTION, Stage, eventually, playing, settled

OFTEN = replace(PRODUCTION, refresh_minutes=7)


def goes_off(stage: Stage) -> list[float]:
    """Whatever the inbox does again and again, it does now. Every how many seconds it would do so by itself."""
    timers = [timer for timer in stage.inbox._timers if timer._repeat is None]
    for timer in timers:
        assert timer._callback is not None
        stage.inbox.call_later(timer._callback)
    return [timer._interval for timer in timers]


async def looks(stage: Stage) -> int:
    """How often the service is asked for pages when the time has come."""
    before = stage.listings()
    goes_off(stage)
    assert stage.pilot is not None
    await settled(stage.pilot)
    return stage.listings() - before


class TestByItself:
    """Each `refresh_minutes`."""

    async def test_new_mail_comes_in_and_is_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(syncing, "MINUTE", 0.02)
        stage = Stage(profile=OFTEN)
        async with stage.app.run_test(size=(120, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: "60 messages · synced" in stage.lines()[-2])
            await pilot.press("j")
            before = stage.under_cursor()
            stage.sandbox.mailbox.deliver("CONSEGNA: nuovo", "x")
            await eventually(lambda: "61 messages · 1 new · synced" in stage.lines()[-2])
            assert stage.under_cursor() == before

    async def test_the_profile_says_how_often(self) -> None:
        async with playing(Stage(profile=OFTEN)) as stage:
            assert 7 * 60 in goes_off(stage)
        async with playing(Stage(profile=replace(OFTEN, refresh_minutes=0))) as stage:
            assert 7 * 60 not in goes_off(stage)

    async def test_the_quota_is_asked_again_only_if_something_changed(self) -> None:
        async with playing(Stage(profile=OFTEN)) as stage:
            before = stage.sandbox.count("GET", "/quota")
            assert await looks(stage) == 1
            assert stage.sandbox.count("GET", "/quota") == before
            stage.sandbox.mailbox.deliver("CONSEGNA: nuovo", "x")
            assert await looks(stage) == 1
            assert stage.sandbox.count("GET", "/quota") == before + 1

    @pytest.mark.parametrize(
        "profile", [replace(DEMO, refresh_minutes=1), replace(OFTEN, refresh_minutes=0)], ids=["demo", "0"]
    )
    async def test_it_is_off(self, profile: object) -> None:
        async with playing(Stage(profile=profile)) as stage:  # type: ignore[arg-type]
            assert await looks(stage) == 0

    async def test_it_is_off_offline(self) -> None:
        stage = Stage(profile=OFTEN, offline=True)
        await stage.remember()
        async with playing(stage) as stage:
            assert await looks(stage) == 0

    async def test_it_waits_while_a_dialog_is_open(self) -> None:
        async with playing(Stage(profile=OFTEN)) as stage:
            await stage.press("d")
            assert isinstance(stage.app.screen, DeleteScreen)
            assert await looks(stage) == 0
            await stage.press("escape")
            assert await looks(stage) == 1

    async def test_it_waits_while_a_deletion_runs(self) -> None:
        async with playing(Stage(profile=OFTEN)) as stage:
            assert stage.pilot is not None
            await stage.press("d")
            stage.hold("delete")
            await stage.pilot.press("y")
            await stage.asked()
            before = stage.listings()
            goes_off(stage)
            await stage.pilot.pause()
            assert not stage.inbox.syncing.is_running
            assert stage.listings() == before
            stage.release()
            await settled(stage.pilot)
            assert await looks(stage) == 1

    async def test_it_does_not_begin_while_another_sync_runs(self) -> None:
        async with playing(Stage(profile=OFTEN)) as stage:
            stage.hold("inbox")
            before = stage.listings()
            assert stage.pilot is not None
            await stage.pilot.press("r")
            await stage.asked()
            goes_off(stage)
            await stage.pilot.pause()
            stage.release()
            await settled(stage.pilot)
            assert stage.listings() == before + 1

    async def test_a_service_out_of_reach_is_told_once(self) -> None:
        async with playing(Stage(profile=OFTEN)) as stage:
            stage.fault("reset-before")
            await looks(stage)
            assert stage.inbox.notices.notice is not None
            await stage.press("escape")
            assert await looks(stage) >= 1
            assert stage.inbox.notices.notice is None
            assert "OFFLINE" in stage.lines()[0]

    async def test_what_did_not_change_is_not_painted_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # A sync that takes longer is named in the header, and on a busy machine every one would.
        monkeypatch.setattr(running, "SLOW_AFTER", PATIENCE)
        async with playing(Stage(profile=OFTEN)) as stage:
            painted: list[str] = []
            for widget in (stage.inbox.list, stage.inbox.status, stage.inbox.header, stage.inbox.footer):
                name = type(widget).__name__
                widget.refresh = lambda *_, name=name, **__: painted.append(name)  # type: ignore[assignment,method-assign]
            assert await looks(stage) == 1
            assert painted == []


class TestNewMail:
    """It is counted until the user looks."""

    async def arrived(self, stage: Stage) -> None:
        """Two messages come, and are found by a sync that nobody asked for."""
        for number in range(2):
            stage.sandbox.mailbox.deliver(f"CONSEGNA: nuovo {number}", "x")
        stage.inbox.syncing.begin(asked=False)
        assert stage.pilot is not None
        await settled(stage.pilot)

    async def test_the_first_reading_counts_nothing(self) -> None:
        async with playing(Stage()) as stage:
            assert "new" not in stage.lines()[-2]

    @pytest.mark.parametrize("keys", [("r",), ("g",), ("n", "p"), ("g", "enter")])
    async def test_it_goes_by(self, keys: tuple[str, ...]) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j")
            await self.arrived(stage)
            assert " · 2 new · " in stage.lines()[-2]
            await stage.press(*keys)
            assert "new" not in stage.lines()[-2]

    async def test_opening_one_of_them(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j")
            await self.arrived(stage)
            await stage.press("enter", "escape")
            assert " · 2 new · " in stage.lines()[-2], "that was another message"
            await stage.press("k", "k", "enter", "escape")
            assert "new" not in stage.lines()[-2]

    async def test_other_moves_do_not(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j")
            await self.arrived(stage)
            await stage.press("j", "k", "G", "n")
            assert " · 2 new · " in stage.lines()[-2]

    async def test_it_adds_up(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j")
            await self.arrived(stage)
            await self.arrived(stage)
            assert " · 4 new · " in stage.lines()[-2]

    async def test_what_is_deleted_elsewhere_is_no_news(self) -> None:
        async with playing(Stage(ids="sequence")) as stage:
            await stage.press("j")
            stage.sandbox.mailbox.delete(30)
            await self.arrived(stage)
            assert " · 2 new · " in stage.lines()[-2]
            assert "61 messages" in stage.lines()[-2]


class TestCounting:
    """`News` by itself."""

    KNOWN = tuple(Header(number, f"d{number}", f"s{number}", "", "") for number in (3, 2, 1))

    def test_renumbered_messages_are_not_new(self) -> None:
        news = News()
        news.begin(self.KNOWN)
        moved = [Header(header.id - 1, *header.facts) for header in self.KNOWN[:2]]
        fresh = Header(3, "d4", "s4", "", "")
        put = tuple(Placed(header, 16) for header in (fresh, *moved))
        news.add(ListingChange(0, Synced(), put, removed=()))
        assert news.count == 1
        assert fresh in news
        news.begin((fresh, *moved))
        news.add(ListingChange(0, Synced(), removed=(3,)))
        assert news.count == 0
