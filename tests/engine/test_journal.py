"""What stands on the disk before a step is taken, and what happens when a job is left."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pectui.engine.journal import FileJournal, NoJournal
from pectui.engine.outcome import Deleted, Finished, Started
from pectui.errors import (
    StoreError,
)
from tests.engine.conftest import NOW, BenchMaker
from tests.engine.disturbed import Disturbed, disturb


class TestTheJournal:
    """Each step is on the disk before it is taken."""

    async def test_it_tells_plan_step_and_result_and_no_mail_text(
        self, bench: BenchMaker, tmp_path: Path
    ) -> None:
        mailbox = bench()
        mailbox.fill(3)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0001"))
        folder = tmp_path / "state" / "jobs"
        journal = FileJournal(folder, lambda: NOW, "mailbox")
        outcome = await mailbox.delete(prepared, journal)
        journal.close()
        path = folder / f"{outcome.job}.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [line["step"] for line in lines] == ["plan", "delete", "deleted", "end"]
        assert lines[0]["messages"][0]["subject"] == "Messaggio 0001"
        assert "Testo 1" not in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700

    async def test_a_step_is_on_the_disk_before_it_is_taken(self, bench: BenchMaker) -> None:
        class Noting(NoJournal):
            on_disk = False

            def write(self, step: str, facts: Mapping[str, Any], *, sync: bool = True) -> None:
                self.on_disk = sync and step == "delete"

        journal, found = Noting(), list[bool]()
        mailbox = bench()
        mailbox.fill(5)
        prepared = await mailbox.prepare(
            *[await mailbox.listed(f"Messaggio {number:04}") for number in range(5)]
        )
        disturb(mailbox, before=lambda: found.append(journal.on_disk))
        await mailbox.delete(prepared, journal)
        assert found == [True] * 5

    async def test_nothing_is_deleted_without_it(self, bench: BenchMaker, tmp_path: Path) -> None:
        mailbox = bench()
        mailbox.fill(3)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0001"))
        journal = FileJournal(tmp_path, lambda: NOW, "mailbox")
        os.close(journal._descriptor)
        with pytest.raises(StoreError, match="journal can't be written"):
            await mailbox.delete(prepared, journal)
        assert len(mailbox.subjects()) == 3

    async def test_a_folder_that_can_not_be_made_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "jobs").write_text("a file stands where the folder should be")
        with pytest.raises(StoreError, match="journal can't be written"):
            FileJournal(tmp_path / "jobs", lambda: NOW, "mailbox")


class TestCancelling:
    """Leaving stops after the message in hand."""

    async def test_a_delete_and_its_look_are_not_torn_apart(self, bench: BenchMaker, tmp_path: Path) -> None:
        mailbox = bench(ids="sequence")
        mailbox.fill(30)
        prepared = await mailbox.prepare(
            *[await mailbox.listed(f"Messaggio {number:04}") for number in (20, 10)]
        )
        journal = FileJournal(tmp_path, lambda: NOW, "mailbox")
        looked = asyncio.Event()
        go_on = asyncio.Event()

        class Slow(Disturbed):
            async def delete_message(self, message_id: int) -> None:
                await super().delete_message(message_id)
                looked.set()
                await go_on.wait()

        slow: Any = Slow(mailbox.service)
        mailbox.service = slow
        job = asyncio.ensure_future(mailbox.delete(prepared, journal))
        await looked.wait()
        job.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await job
        journal.close()
        assert "Messaggio 0020" not in mailbox.subjects()
        assert "Messaggio 0010" in mailbox.subjects(), "the next one was not begun"

    async def test_the_events_say_what_happens(self, bench: BenchMaker) -> None:
        mailbox = bench()
        mailbox.fill(3)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0001"))
        events = await mailbox.events(prepared)
        assert [type(event) for event in events] == [Started, Deleted, Finished]
