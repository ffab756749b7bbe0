"""View 3: how full the mailbox is and was, when it will be full, what could go, and where all that is from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from pectui.domain.quota_history import QuotaSample
from pectui.store.quota_samples import MemoryQuotaSamples
from pectui.tui import quota_reading
from pectui.tui.paint import cells
from pectui.tui.screens.completed import CompletedScreen
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.quota import QuotaScreen
from pectui.tui.screens.sends import SendsScreen
from tests.tui.quotas import office
from tests.tui.stage import NOW, PRODUCTION, Stage, eventually, playing, settled

WIDE = (120, 40)


def view(stage: Stage) -> QuotaScreen:
    """View 3, which must be in front."""
    screen = stage.app.screen
    assert isinstance(screen, QuotaScreen)
    return screen


def plain(stage: Stage) -> str:
    """All that stands there, on one line."""
    return re.sub(r"[\s▐█]+", " ", stage.text())


def questions(stage: Stage) -> int:
    return stage.sandbox.count("GET", "/quota")


class TestWhatItSays:
    async def test_gauge_figures_forecast_history_and_thresholds(self) -> None:
        async with playing(office(60, profile=PRODUCTION), WIDE) as stage:
            await stage.press("3")
            text = plain(stage)
            for told in (
                "INBOX below the warning",
                "┼──────────┼────",
                "74.4%",
                "762.0 MiB used · 262.0 MiB free · 1.0 GiB in all",
                "Full in about 43 days (42 to 45), around 5 Jan 2027, at 6.1 MiB a day",
                "The last 31 days",
                "16 Nov",
                "Thresholds ! warning 80% (819.2 MiB) · !! critical 90% (921.6 MiB)",
                "Last told 14:05; asked every 15 min, and after changes",
            ):
                assert told in text
            assert "▄" in text

    @pytest.mark.parametrize(
        ("usage", "word"), [(790, "below the warning"), (800, "! warning"), (1100, "!! critical")]
    )
    async def test_how_it_stands_by_sign_and_word(self, usage: int, word: str) -> None:
        async with playing(Stage(quota_usage=usage, quota_limit=1000)) as stage:
            await stage.press("3")
            assert stage.lines()[1].rstrip().endswith(f" {word}")

    async def test_the_thresholds_of_the_profile(self) -> None:
        profile = replace(PRODUCTION, quota_warn="10%", quota_crit="900MiB")
        async with playing(office(60, profile=profile), WIDE) as stage:
            await stage.press("3")
            assert "! warning 10% (102.4 MiB) · !! critical 900.0 MiB" in plain(stage)
            assert "INBOX ! warning" in plain(stage)

    async def test_where_little_is_known_it_says_so(self) -> None:
        async with playing(Stage(profile=PRODUCTION), WIDE) as stage:
            await stage.press("3")
            assert "Full not enough is known yet: a forecast takes a week" in plain(stage)
            assert "The last 24 hours" in plain(stage)

    async def test_a_mailbox_that_does_not_grow_has_no_trend(self) -> None:
        flat = MemoryQuotaSamples(
            QuotaSample(NOW - timedelta(hours=hour), 1 << 20, 1 << 30) for hour in range(400, 0, -1)
        )
        stage = Stage(quota_samples=flat, quota_usage=1024, quota_limit=1 << 20)
        async with playing(stage, WIDE) as stage:
            await stage.press("3")
            assert "no trend: it does not grow" in plain(stage)

    async def test_other_mailboxes_of_the_profile(self) -> None:
        profile = replace(PRODUCTION, other_mailboxes=("INBOX", "Archivio"))
        async with playing(office(60, profile=profile), WIDE) as stage:
            before = questions(stage)
            await stage.press("3")
            assert "Also INBOX 762.0 MiB of 1.0 GiB, 74.4%" in plain(stage)
            assert re.search(r"Also Archivio \? \S", plain(stage)), "the sandbox has no such mailbox"
            assert questions(stage) == before + 2
            await stage.press("1", "3")
            assert questions(stage) == before + 2, "that is known already"

    async def test_hostile_names_are_only_shown(self) -> None:
        profile = replace(PRODUCTION, other_mailboxes=("[/]\x1b[31m",))
        async with playing(office(60, profile=profile), WIDE) as stage:
            await stage.press("3")
            assert "Also [/][31m ?" in plain(stage)


class TestWhatGoesWrong:
    async def test_a_failed_question_is_told_with_its_reason(self) -> None:
        async with playing(office(60, profile=PRODUCTION), WIDE) as stage:
            await stage.press("3")
            stage.fault("quota:401")
            stage.clock.forward(3600)
            await stage.press("r")
            text = plain(stage)
            assert re.search(r"Failed at 15:05: \w.*refused", text)
            assert "as of 23 Nov 14:05" in text
            assert "Last told 14:05" in text
            assert "~74.4%" in text
            stage.fault()
            await stage.press("r")
            assert "Failed" not in plain(stage)
            assert "Last told 15:05" in plain(stage)

    async def test_figures_without_sense_are_unknown(self) -> None:
        async with playing(office(60, profile=PRODUCTION, faults=["quota:nulls"]), WIDE) as stage:
            await stage.press("3")
            assert "INBOX ? unknown" in plain(stage)
            assert "no usable figure for the use" in plain(stage)
            assert "16 Nov" in plain(stage), "the history is there all the same"

    async def test_offline_it_shows_what_is_known_and_asks_nobody(self) -> None:
        stage = office(60, profile=replace(PRODUCTION, other_mailboxes=("Archivio",)), offline=True)
        await stage.remember()
        async with playing(stage, WIDE) as stage:
            await stage.press("3", "r")
            assert "pectui is offline: nothing can be looked for now" in plain(stage)
            await stage.press("escape")
            text = plain(stage)
            assert "Last told 14:05; nobody is asked: pectui is offline" in text
            assert "as of 23 Nov 14:05" in text
            assert "16 Nov" in text
            assert stage.sandbox.requests == []


class TestWhatCouldGo:
    async def test_the_key_leads_to_the_choice_in_view_2(self) -> None:
        async with playing(office(60)) as stage:
            await stage.press("3", "f")
            assert isinstance(stage.app.screen, CompletedScreen)
            await stage.press("escape")
            view(stage)
            await stage.press("f", "0", "r")
            assert isinstance(stage.app.screen, SendsScreen)
            assert len(stage.inbox.marking.marks) > 10

    async def test_it_is_counted_and_again_once_the_mailbox_changed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quota_reading, "COUNTED_AFTER", 0.01)
        monkeypatch.setattr(quota_reading, "DAYS", 0)
        async with playing(office(60), WIDE) as stage:
            await stage.press("3")
            found = re.search(r"Could go (\d+) sends look completed, but must be read first", plain(stage))
            assert found is not None
            stage.sandbox.mailbox.delete_send("2026")  # another program deletes nearly all
            await stage.press("r")
            await eventually(lambda: "Could go nothing" in plain(stage))


class TestKeys:
    async def test_3_shows_it_from_each_view_and_back(self) -> None:
        async with playing(office(60)) as stage:
            for key in ("1", "2", "4"):
                await stage.press(key, "3")
                view(stage)
                assert "quota" not in stage.lines()[-1]
            await stage.press("1")
            assert isinstance(stage.app.screen, InboxScreen)
            assert "3 quota" in stage.lines()[-1] or stage.app.size.width < 100

    async def test_the_time_shown_grows_longer_and_shorter(self) -> None:
        async with playing(office(60), WIDE) as stage:
            await stage.press("3")
            titles = []
            for key in ("minus", "plus", "plus", "plus", "plus"):
                await stage.press(key)
                titles += re.findall("The last (.*?)[,  ]{2}", stage.text())
            assert titles == ["3 months", "31 days", "7 days", "24 hours", "24 hours"]
            assert "shorter" not in stage.lines()[-1]

    async def test_they_can_be_changed_and_help_tells_them(self) -> None:
        async with playing(office(60, keys={"app.quota": "Q", "quota.zoom": "x"}), WIDE) as stage:
            await stage.press("Q", "x")
            assert "The last 31 days, zoomed" in plain(stage)
            assert "made up, as the demo's mails are" in plain(stage)
            assert "x whole" in stage.lines()[-1]
            await stage.press("x")
            assert "zoomed" not in plain(stage)
            await stage.press("question_mark")
            for told in ("a longer time", "mark completed sends", "the quota", "look again"):
                assert told in plain(stage)


class TestStayingTrue:
    async def test_each_new_answer_stands_there_at_once(self) -> None:
        async with playing(office(60), WIDE) as stage:
            await stage.press("3")
            stage.sandbox.mailbox.deliver("Messaggio", "Testo", weight=150_000)
            stage.clock.forward(900)
            await stage.press("r")
            assert "!! " not in stage.lines()[1]
            assert "! warning" in stage.lines()[1]
            await stage.press("escape")
            assert "Last told 14:20" in plain(stage)

    async def test_a_deletion_is_seen_when_one_comes_back(self) -> None:
        async with playing(office(60), WIDE) as stage:
            await stage.press("3", "1", "d", "y", "3")
            used = re.search(r"([\d.]+) MiB used", plain(stage))
            assert used is not None
            assert float(used[1]) < 762


class TestEverySize:
    async def test_all_of_it_can_be_seen_and_a_resize_reads_nothing_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage = office(60, profile=PRODUCTION)
        async with playing(stage) as stage:
            await stage.press("3")
            reads: list[object] = []

            def read(since: object = None) -> list[QuotaSample]:
                reads.append(since)
                return []

            monkeypatch.setattr(stage.quota_samples, "read", read)
            assert stage.pilot is not None
            for width, height in ((20, 6), (40, 12), (200, 60)):
                await stage.pilot.resize_terminal(width, height)
                await settled(stage.pilot)
                pane = view(stage).pane
                assert stage.lines()[1].startswith(" INBOX")
                assert all(cells(line) <= width - 1 for line in pane.lines)
                assert sum("┤" in span.text for line in pane.lines for span in line) >= 3
                await stage.press("G")
                assert "changes" in plain(stage)
                await stage.press("g")
            assert reads == []

    async def test_without_a_console_font_the_blocks_are_coarse(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TERM", "linux")
        async with playing(office(60), WIDE) as stage:
            await stage.press("3")
            assert not set("▁▂▃▅▆▇┄") & set(stage.text())
