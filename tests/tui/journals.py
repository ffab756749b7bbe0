"""Journals of jobs that ran before: as they lie on the disk, with names and times that stay the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pectui.config import Profile
from pectui.engine.jobs import FolderJobs
from pectui.engine.journal import FileJournal
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.tui.screens.jobs import JobsScreen
from tests.tui.stage import Stage, eventually, settled

MISMATCH = "the message has changed since it was listed: its text is another one"
UNREACHABLE = "unknown: the service gave no answer, and nothing shows whether it was deleted"
_SUBJECTS = (
    "CONSEGNA: Avviso di pagamento TARI 2026 - prima rata",
    "ACCETTAZIONE: Avviso di pagamento TARI 2026 - prima rata",
    "CONSEGNA: Convocazione della Conferenza dei servizi",
    "CONSEGNA: Notifica di accertamento IMU",
)


def write_journal(
    folder: Path,
    began: datetime,
    count: int,
    profile: Profile,
    *,
    deleted: int | None = None,
    refused: Sequence[str] = (),
    failed: Sequence[str] = (),
    mailbox: str = DEMO_ADDRESS,
    seconds: int = 60,
) -> str:
    """A deletion of `count` messages that began at `began` and took `seconds`; the job's name.

    The first of them were refused and failed for these reasons, then `deleted` were deleted, all if None; if that
    leaves some, the program was killed then.
    """
    name = f"{began:%Y%m%d-%H%M%S}-{count:06x}"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.jsonl").touch()
    times = _times(began, seconds)
    journal = FileJournal(folder, lambda: next(times), mailbox, name)
    messages = [_facts(number) for number in range(count)]
    about = {
        "profile": profile.name,
        "environment": profile.environment.value,
        "mailbox": mailbox,
        "host": profile.host,
    }
    numbers = {"sends": count // 3, "last_proof_of": [str(code) for code in range(count // 9)]}
    journal.write("plan", {**about, "plan": numbers, "messages": messages}, sync=False)
    problems = [*(("refused", why) for why in refused), *(("failed", why) for why in failed)]
    for number, (step, why) in enumerate(problems):
        journal.write(step, {"id": number, "reason": why}, sync=False)
    end = count if deleted is None else len(problems) + deleted
    for number in range(len(problems), end):
        journal.write("deleted", {"id": number}, sync=False)
    if end == count:
        journal.write("end", {}, sync=False)
    journal.close()
    return name


def stage_with_jobs(folder: Path, profile: Profile) -> Stage:
    """A mailbox of 981 with jobs of the days before: one that was killed, some that are finished."""
    # One at a time, so that it is held at the same message each time.
    stage = Stage(
        981, profile=replace(profile, concurrency=1), jobs=FolderJobs(folder, lambda: stage.clock())
    )
    days = [stage.clock() - timedelta(days=day, hours=2) for day in range(5)]
    write_journal(folder, days[0], 120, profile, refused=[MISMATCH, MISMATCH], failed=[UNREACHABLE])
    write_journal(folder, days[1], 1000, profile, deleted=380)
    write_journal(folder, days[2], 2700, profile, seconds=190)
    write_journal(folder, days[4], 44, profile, mailbox="ragioneria@pec.comune-esempio.example")
    return stage


async def delete_many(stage: Stage) -> None:
    """Begins to delete the whole mailbox, which is held in the middle of it, a minute later."""
    assert stage.pilot is not None
    await stage.press("A", "d", "9", "8", "1")
    stage.hold("delete", "delete-send", after=280)
    await stage.pilot.press("enter")
    await stage.asked()
    (deletion,) = stage.app.running.progresses
    await eventually(lambda: deletion.done == 981 - len(stage.sandbox.mailbox.mails))
    stage.clock.forward(64)


async def show_jobs(stage: Stage, *keys: str) -> None:
    """View 4 as it is then, after `keys`."""
    assert stage.pilot is not None
    await stage.pilot.press("4")
    await eventually(
        lambda: isinstance(stage.app.screen, JobsScreen) and len(stage.app.screen.list.rows) == 5
    )
    await stage.pilot.press(*keys)
    await stage.pilot.pause()


async def end_deletion(stage: Stage) -> None:
    """Stops it after what it has in hand."""
    assert stage.pilot is not None
    await stage.pilot.press("g", "ctrl+c")
    stage.release()
    await settled(stage.pilot)


def _facts(number: int) -> dict[str, object]:
    subject = f"{_SUBJECTS[number % len(_SUBJECTS)]} {20261123090000 + number // 3}"
    return {
        "chosen": number,
        "id": number,
        "date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "subject": subject,
        "sender": "posta-certificata@pecmassiva.example",
        "recipient": DEMO_ADDRESS,
        "text_sha256": None,
    }


def _times(began: datetime, seconds: int) -> Iterator[datetime]:
    yield began
    while True:
        yield began + timedelta(seconds=seconds)
