"""How full the mailbox is, watched behind what one does: the meter in the header, and what crosses a threshold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pectui.domain.quota_history import QuotaSample
from pectui.store.quota_samples import MemoryQuotaSamples
from pectui.tui import watching
from pectui.tui.foreign import Shown
from pectui.tui.widgets.notice import Notice, Severity
from tests.tui.stage import NOW, PRODUCTION, Stage, eventually, playing, settled

KIB = 1024
FILLS: dict[str, Any] = {"quota_usage": 799, "quota_limit": 1000}
"""A mailbox that is in the warning with the next message of 4 KiB."""


def known(*uses: int) -> MemoryQuotaSamples:
    """What earlier runs saw, an hour between two, in KiB of 1000."""
    samples = MemoryQuotaSamples()
    for hours, used in enumerate(reversed(uses), 1):
        samples.add(QuotaSample(NOW - timedelta(hours=hours), used * KIB, 1000 * KIB))
    return samples


def meter(stage: Stage) -> str:
    """The right end of the header."""
    return stage.lines()[0].rstrip().rpartition("  ")[2]


def told(stage: Stage) -> Notice | None:
    return stage.inbox.notices.notice


async def look(stage: Stage) -> None:
    """The service is asked how full the mailbox is."""
    assert stage.pilot is not None
    stage.inbox.watching.ask_now()
    await settled(stage.pilot)


class TestTheMeter:
    async def test_it_is_asked_for_once_at_the_start(self) -> None:
        async with playing(Stage(**FILLS)) as stage:
            assert stage.sandbox.count("GET", "/quota") == 1
            assert meter(stage).endswith("79%")

    async def test_again_and_again_as_often_as_the_profile_says(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watching, "MINUTE", 0.001)
        stage = Stage(profile=replace(PRODUCTION, quota_minutes=7))
        async with stage.app.run_test():
            await eventually(lambda: stage.sandbox.count("GET", "/quota") > 3)

    async def test_never_by_itself_if_the_profile_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(watching, "MINUTE", 0.001)
        async with playing(Stage(profile=replace(PRODUCTION, quota_minutes=0))) as stage:
            await stage.press("j", "k", "r")
            assert stage.sandbox.count("GET", "/quota") == 2

    async def test_what_an_earlier_run_saw_stands_there_until_there_is_an_answer(self) -> None:
        stage = Stage(quota_samples=known(850), **FILLS)
        stage.hold("quota")
        async with stage.app.run_test(size=(120, 24)) as pilot:
            stage.pilot = pilot
            await stage.asked()
            await eventually(lambda: "as of 23 Nov 13:05" in stage.lines()[0])
            assert stage.lines()[0].rstrip().endswith("! ~85%")
            stage.release()
            await settled(pilot)
            assert meter(stage).endswith("─ 79%")

    async def test_a_question_that_fails_leaves_it_marked(self) -> None:
        async with playing(Stage(**FILLS)) as stage:
            stage.fault("quota:500")
            stage.clock.forward(900)
            await look(stage)
            assert "as of 23 Nov 14:05" in stage.lines()[0]
            assert meter(stage).endswith("~79%")
            assert told(stage) is None, "nobody asked"
            stage.fault()
            await look(stage)
            assert meter(stage).endswith("─ 79%")

    async def test_an_answer_without_sense_is_a_question_mark(self) -> None:
        async with playing(Stage(quota_samples=known(500), **FILLS)) as stage:
            stage.fault("quota:nulls")
            await look(stage)
            assert meter(stage) == "quota ?"
            stage.fault("quota:500")
            await look(stage)
            assert meter(stage).endswith("~79%"), "that was the last one that was told"

    async def test_offline_it_is_what_was_known_last(self) -> None:
        stage = Stage(offline=True, quota_samples=known(910))
        await stage.remember()
        async with playing(stage) as stage:
            await stage.press("r")
            assert "as of 23 Nov 13:05" in stage.lines()[0]
            assert meter(stage).endswith("!! ~91%")
            assert stage.sandbox.requests == []

    async def test_what_it_sees_is_a_part_of_the_history(self) -> None:
        async with playing(Stage(quota_samples=known(500), **FILLS)) as stage:
            assert [one.used_bytes // KIB for one in stage.quota_samples.read()] == [500, 799]

    async def test_its_history_is_read_before_anybody_wants_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(watching, "READ_AFTER", 0.01)
        stage = Stage(quota_samples=known(500), **FILLS)
        async with playing(stage) as stage:
            await eventually(lambda: len(stage.inbox.watching.samples or ()) == 2)
            await look(stage)
            assert [one.used_bytes // KIB for one in stage.inbox.watching.samples or ()] == [500, 799]


class TestCrossing:
    async def test_it_is_told_once_with_what_could_go(self) -> None:
        async with playing(Stage(981, **FILLS)) as stage:
            stage.sandbox.mailbox.deliver("Messaggio", "Testo")
            await look(stage)
            notice = told(stage)
            assert notice is not None
            assert notice.title == "INBOX is 80.3% full: the warning is at 80%"
            assert notice.detail == "When it will be full is not known: less than a week is known."
            assert "completed" in notice.hint
            assert (notice.severity, notice.stays) == (Severity.WARNING, True)
            await stage.press("escape")
            await look(stage)
            await stage.press("r")
            assert told(stage) is None

    async def test_when_it_will_be_full_is_told_where_it_is_known(self) -> None:
        samples = MemoryQuotaSamples()
        for hour in range(24 * 20):
            at = NOW - timedelta(hours=24 * 20 - hour)
            samples.add(QuotaSample(at, (319 + hour) * KIB, 1000 * KIB))
        async with playing(Stage(quota_samples=samples, quota_usage=801, quota_limit=1000)) as stage:
            notice = told(stage)
            assert notice is not None
            assert notice.title == "INBOX is 80.1% full: the warning is at 80%"
            assert notice.detail == "Full in about 8 days at this pace."

    async def test_also_what_was_crossed_since_an_earlier_run(self) -> None:
        async with playing(Stage(quota_samples=known(810), quota_usage=950, quota_limit=1000)) as stage:
            notice = told(stage)
            assert notice is not None
            assert notice.title == "INBOX is 95.0% full: critical, from 90% on"
            assert notice.severity is Severity.ERROR

    async def test_it_waits_for_what_stands_there(self) -> None:
        async with playing(Stage(quota_usage=803, quota_limit=1000)) as stage:
            await stage.press("d", "y")
            notice = told(stage)
            assert notice is not None
            assert "deleted" in notice.title.lower()
            await stage.press("escape")
            notice = told(stage)
            assert notice is not None
            assert notice.title.endswith("full: below the warning at 80% again")
            assert not notice.stays

    async def test_it_is_told_in_the_view_where_one_is_by_then(self) -> None:
        async with playing(Stage(**FILLS)) as stage:
            stage.app.say(Shown("Something failed"), severity=Severity.ERROR)
            stage.sandbox.mailbox.deliver("Messaggio", "Testo")
            await look(stage)
            assert "the warning is at 80%" not in stage.text()
            await stage.press("2")
            assert "the warning is at 80%" in stage.text()

    async def test_what_is_true_no_more_is_taken_back(self) -> None:
        async with playing(Stage(**FILLS)) as stage:
            mail = stage.sandbox.mailbox.deliver("Messaggio", "Testo")
            await look(stage)
            message = stage.sandbox.mailbox.id_of(mail)
            assert message is not None
            stage.sandbox.mailbox.delete(message)
            await look(stage)
            notice = told(stage)
            assert notice is not None
            assert notice.title.endswith("below the warning at 80% again")
