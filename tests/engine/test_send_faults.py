"""Faults between this machine and the service, over real connections, and a disk that takes no more."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from pectui.engine.send_events import Known, SendState, Sent
from pectui.errors import StoreError
from pectui.sandbox.app import create_app
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from tests.engine.outgoing import letters, make_desk
from tests.engine.sending import Trial, send
from tests.patience import eventually
from tests.store.programs import no_file_above

COUNT = 6
FIFTH = "times=1:skip=4"


class TestTheFifthOfSix:
    @pytest.mark.parametrize(
        "fault",
        [
            "reset-after",
            "reset-before",
            "reset-during",
            "failed-after",
            "500",
            "503",
            "truncated",
            "html",
            "empty",
        ],
    )
    async def test_is_unknown_until_the_inbox_shows_it_and_goes_out_once(
        self, tmp_path: Path, fault: str
    ) -> None:
        options = Options(messages=0, send_interval=0)
        app = create_app(options, credentials=DEMO_CREDENTIALS, clock=system_clock)
        app.set_faults(parse_fault(f"send:{fault}:{FIFTH}"))
        with ServerThread(app) as server:
            outcome = await send(server.url, tmp_path, COUNT)
            assert (outcome.sent, outcome.unknown, outcome.pending) == (5, 1, 0)
            trial = Trial(app, server.url, tmp_path, COUNT)
            await trial.check()
        assert trial.unknown == 1


class TestTwoProgramsAtOnce:
    async def test_send_each_message_once_and_never_too_soon(self, tmp_path: Path) -> None:
        """The server refuses what comes sooner; both want to send the same."""
        options = Options(messages=0, send_interval=0.1)
        app = create_app(options, credentials=DEMO_CREDENTIALS, clock=system_clock)
        with ServerThread(app) as server:
            programs = [send(server.url, tmp_path, 4, interval=0.11) for _ in range(2)]
            outcomes = await asyncio.gather(*programs)
        assert all(outcome.complete for outcome in outcomes)
        assert app.count("POST") == len(app.mailbox.sent) == 4

    async def test_wait_for_what_the_other_one_is_sending(self, tmp_path: Path) -> None:
        desk = make_desk(folder=tmp_path)
        desk.gate.hold("send")
        first = asyncio.create_task(desk.send(letters(1)))
        await desk.gate.holds()
        looks: Counter[str] = Counter()

        def cancelled() -> bool:
            looks["asked"] += 1
            return False

        second = asyncio.create_task(desk.results(letters(1), cancelled=cancelled))
        await eventually(lambda: looks["asked"] > 5 or second.done())  # it waits for its turn
        desk.gate.release()
        assert (await first).sent == 1
        (known,) = await second
        assert isinstance(known, Known)
        assert known.state is SendState.SENT


class TestNoConnection:
    async def test_leaves_everything_pending(self, tmp_path: Path) -> None:
        app = create_app(Options(messages=0), credentials=DEMO_CREDENTIALS, clock=system_clock)
        with ServerThread(app) as server:
            url = server.url
        outcome = await send(url, tmp_path, 2, tries=1)
        assert (outcome.pending, outcome.unknown) == (2, 0)
        assert set(Trial(app, url, tmp_path, 2).states().values()) == {SendState.PENDING, None}


class TestAJournalThatIsAway:
    async def test_lets_nothing_out_since_it_may_tell_of_sends(self, tmp_path: Path) -> None:
        """Moved to a disk that isn't there just now, with a link left in its place."""
        desk = make_desk(folder=tmp_path / "journals")
        await desk.send(letters(1))
        (journal,) = (tmp_path / "journals").glob("*.jsonl")
        journal.rename(tmp_path / "away")
        journal.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StoreError, match=journal.name):
            await desk.send(letters(1))
        (tmp_path / "away").rename(tmp_path / "elsewhere")
        assert (await desk.send(letters(1))).complete
        assert desk.subjects_sent == ["Avviso 1"]


class TestAFullDisk:
    async def test_stops_the_sending_at_whatever_line_of_the_journal(self, tmp_path: Path) -> None:
        """With every line in which it may happen: what can't be written down first isn't sent."""
        for size in range(0, 1_900, 180):
            desk = make_desk(folder=tmp_path / str(size))
            told: list[object] = []
            with no_file_above(size):
                try:
                    told = list(await desk.events(letters(4)))
                except StoreError:
                    assert not desk.app.count("POST"), size
            went = Counter(desk.subjects_sent)
            assert len([event for event in told if isinstance(event, Sent)]) == len(went), size
            await desk.send(letters(4))
            await desk.settle()
            outcome = await desk.send(letters(4))
            assert outcome.complete, size
            assert sorted(desk.subjects_sent) == [f"Avviso {number}" for number in range(1, 5)], size
