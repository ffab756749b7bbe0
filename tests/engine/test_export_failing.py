"""Exports that fail, are interrupted and gone on with, or begin without a network: what was read stays right."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import stamina

from pectui.domain.message import MailText
from pectui.engine.exported import ExportBegan, ExportFinished
from pectui.errors import ProtocolError, RefusedError, RejectedError, StoreError
from pectui.sandbox.faults import parse_fault
from tests.engine.conftest import make_bench
from tests.engine.exported import check, send
from tests.engine.exporting import Exporting, Watched
from tests.patience import eventually


@dataclass
class Broken(Watched):
    """A service that never gives the message `message_id`."""

    message_id: int = 0

    async def get_message(self, message_id: int) -> MailText:
        if message_id == self.message_id:
            raise RejectedError("The service failed", "a 500", status=500)
        return await super().get_message(message_id)


@pytest.fixture
def no_pauses() -> Iterator[None]:
    """Questions that failed are asked again at once."""
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.mark.usefixtures("no_pauses")
class TestFailures:
    """One message that fails keeps no other back; a service that fails ends the run, and the next one goes on."""

    async def test_one_message_that_the_service_fails_to_give(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.fill(9)
        user = Exporting(bench, tmp_path, service=Broken(bench, message_id=4))
        exported = await user.export(await user.listed())
        assert (exported.outcome.exported, exported.reasons) == (8, {4: "The service failed: a 500"})

    async def test_a_send_that_fails_is_asked_for_by_ids(self, tmp_path: Path) -> None:
        bench = make_bench([parse_fault("receipts:truncated")])
        send(bench, "a@pec.example")
        user = Exporting(bench, tmp_path)
        exported = await user.export(await user.listed())
        assert exported.outcome.complete

    async def test_what_was_read_before_it_is_not_read_again(self, tmp_path: Path) -> None:
        bench = make_bench([parse_fault("message:401:skip=20:times=1")])
        bench.fill(30)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        with pytest.raises(RefusedError):
            await user.export(messages)
        assert not (tmp_path / "out").exists()
        before = bench.app.count("GET", "/inbox/")
        exported = await user.export(messages)
        assert exported.outcome.complete
        check(exported, user, messages)
        assert bench.app.count("GET", "/inbox/") - before < 20

    async def test_a_service_that_gives_nothing_but_nonsense_ends_it(self, tmp_path: Path) -> None:
        bench = make_bench([parse_fault("message:html")])
        bench.fill(100)
        user = Exporting(bench, tmp_path)
        with pytest.raises((ProtocolError, RejectedError)):
            await user.export(await user.listed())

    async def test_twins_of_which_some_were_read_are_read_again_together(self, tmp_path: Path) -> None:
        """Which text stands under which of them is any: one more, read by its id, may be there already."""
        bench = make_bench([parse_fault("message:401:times=1")])
        send(bench, *[f"r{number}@pec.example" for number in range(3)])
        bench.fill(1)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        bench.gate.hold("message")
        export = asyncio.create_task(user.export(messages))
        spool = tmp_path / "out.unfinished" / "texts.jsonl"
        await eventually(lambda: spool.exists() and spool.read_bytes().count(b"\n") == 4)
        bench.gate.release()
        with pytest.raises(RefusedError):
            await export
        lines = spool.read_bytes().splitlines(keepends=True)
        torn = next(line for line in lines if json.loads(line)["n"] == 3)
        spool.write_bytes(b"".join(line for line in lines if line != torn) + torn[:40])
        check(await user.export(messages), user, messages)


class TestGoingOn:
    """The same call goes on where it was; another one is refused."""

    async def test_what_came_meanwhile_is_not_in_it(self, tmp_path: Path) -> None:
        bench = make_bench([parse_fault("message:401:skip=3:times=1")])
        bench.fill(6)
        user = Exporting(bench, tmp_path)
        first = await user.listed()
        with pytest.raises(RefusedError):
            await user.export(first, selection="--all")
        bench.fill(2, "dopo")
        events = await user.events(await user.listed(), selection="--all")
        assert isinstance(events[0], ExportBegan)
        assert (events[0].total, events[0].newer) == (6, 2)
        assert isinstance(events[-1], ExportFinished)
        assert events[-1].outcome.requested == 6

    async def test_what_is_not_in_it_never_counts_as_exported(self, tmp_path: Path) -> None:
        """Also where a run was killed when the export had just got its name, and others are chosen since."""
        bench = make_bench()
        bench.fill(3)
        user = Exporting(bench, tmp_path)
        first = await user.listed()
        await user.export(first, selection="--all")
        assert user.log.exported([one.header for one in first]) == {one.header for one in first}
        target, plan = tmp_path / "other", tmp_path / "other.unfinished" / "plan.jsonl"
        bench.gate.hold("message")
        export = asyncio.create_task(user.export(first, target.name, selection="--all"))
        await bench.gate.holds(3)
        begun = plan.read_bytes()
        bench.gate.release()
        await export
        plan.parent.mkdir()
        plan.write_bytes(begun)
        bench.fill(1, "dopo")
        now = await user.listed()
        again = await user.export(now, target.name, selection="--all")
        assert again.outcome.was_there
        assert set(again.outcome.copied) == {one.header for one in first}
        newer = now[0].header
        assert user.log.exported([newer]) == set()

    async def test_one_that_goes_on_counts_with_all_that_is_in_it(self, tmp_path: Path) -> None:
        bench = make_bench([parse_fault("message:401:skip=3:times=1")])
        bench.fill(6)
        user = Exporting(bench, tmp_path)
        first = await user.listed()
        with pytest.raises(RefusedError):
            await user.export(first, selection="--all")
        bench.fill(1, "dopo")
        now = await user.listed()
        await user.export(now, selection="--all")
        exported = user.log.exported([one.header for one in now])
        assert exported == {one.header for one in first}

    async def test_other_messages_are_another_export(self, tmp_path: Path) -> None:
        bench = make_bench([parse_fault("message:401:skip=3:times=1")])
        bench.fill(6)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        with pytest.raises(RefusedError):
            await user.export(messages)
        with pytest.raises(StoreError, match="unfinished export of other messages"):
            await user.export(messages[1:])
        assert (await user.export(messages)).outcome.complete

    async def test_one_that_is_finished_is_not_made_again(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.fill(3)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        await user.export(messages)
        before = bench.app.count("GET", "/")
        again = await user.export(messages)
        assert again.outcome.was_there
        assert bench.app.count("GET", "/") == before

    async def test_a_finished_one_of_other_messages_is_left_alone(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.fill(3)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        await user.export(messages)
        with pytest.raises(StoreError, match="finished on"):
            await user.export(messages[:2])


class TestOffline:
    """Texts that were read before can be exported without asking anybody."""

    async def test_what_was_kept_is_there_and_the_rest_is_missing(self, tmp_path: Path) -> None:
        bench = make_bench()
        bench.fill(4)
        user = Exporting(bench, tmp_path)
        messages = await user.listed()
        await user.session.read(messages[2])
        before = bench.app.count("GET", "/")
        user.session = user.another_session(offline=True)
        exported = await user.export(messages)
        assert exported.texts == {messages[2].id: "Testo 1"}
        assert len(exported.reasons) == 3
        assert bench.app.count("GET", "/") == before
