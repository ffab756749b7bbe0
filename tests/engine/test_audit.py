"""The audit log: who deleted what, when and from where; one line for each message that was touched."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pectui.domain.fingerprint import Fingerprint, hash_text
from pectui.domain.message import Header
from pectui.engine.audit import FileAudit, ssh_client
from pectui.engine.outcome import DeleteOutcome
from pectui.errors import RejectedError, StoreError, UnreachableError
from tests.engine import programs
from tests.engine.conftest import BOTH_IDS, NOW, make_bench
from tests.engine.disturbed import always, once
from tests.engine.killed import Life, Programs
from tests.engine.sent import CODE, Opened, deliver_answer, deliver_send, open_box, opened

MARK = Fingerprint.of(
    Header(7, "Mon, 2 Mar 2026 09:00:00 +0100", "Oggetto è", "a@pec.example", "b@pec.example")
)


def audit(path: Path, environ: Mapping[str, str] | None = None) -> FileAudit:
    return FileAudit(
        path, profile="comune", mailbox="comune@pec.example", environ=environ or {}, clock=lambda: NOW
    )


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def audited(path: Path, **options: Any) -> Opened:
    """A mailbox whose deletions are audited in `path`."""
    box = opened(**options)
    box.session = open_box(box.bench, box.line, box.store, box.jobs, audit=audit(path))
    return box


class TestALine:
    """It answers, years later: who deleted this, when, from where."""

    def test_it_holds_all_that_was_asked_for_and_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "state" / "audit.jsonl"
        log = audit(path, {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.1 22", "LOGNAME": "somebody else"})
        log.write(MARK.with_text("the secret text"), "deleted", "")
        log.sync()
        assert read(path) == [
            {
                "at": "2026-03-02T09:00:00+00:00",
                "user": pwd.getpwuid(os.getuid()).pw_name,
                "ssh_client": "192.0.2.7",
                "profile": "comune",
                "mailbox": "comune@pec.example",
                "act": "delete",
                "outcome": "deleted",
                "reason": "",
                "id": 7,
                "date": "Mon, 2 Mar 2026 09:00:00 +0100",
                "subject": "Oggetto è",
                "sender": "a@pec.example",
                "recipient": "b@pec.example",
                "text_sha256": hash_text("the secret text"),
            }
        ]
        assert "secret" not in path.read_text()

    def test_its_owner_alone_reads_it(self, tmp_path: Path) -> None:
        path = tmp_path / "state" / "audit.jsonl"
        audit(path).write(MARK, "deleted", "")
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    @pytest.mark.parametrize(
        ("environ", "host"),
        [
            ({}, None),
            ({"SSH_CONNECTION": ""}, None),
            ({"SSH_CLIENT": "2001:db8::7 50000 22"}, "2001:db8::7"),
            ({"SSH_CONNECTION": "192.0.2.7 1 2 3", "SSH_CLIENT": "192.0.2.8 1 2"}, "192.0.2.7"),
        ],
    )
    def test_where_the_user_came_from(self, environ: dict[str, str], host: str | None) -> None:
        assert ssh_client(environ) == host

    def test_a_subject_never_makes_a_second_line(self, tmp_path: Path) -> None:
        header = Header(7, "", 'uno\ndue\u2028tre\x00"quattro', "a\r\nb", "c")
        audit(tmp_path / "audit.jsonl").write(Fingerprint.of(header), "deleted", "")
        (line,) = read(tmp_path / "audit.jsonl")
        assert line["subject"] == header.subject

    def test_lines_of_several_programs_do_not_mix(self, tmp_path: Path) -> None:
        path = tmp_path / "audit.jsonl"
        writing = [programs.start("auditing", path, word, 400) for word in "abc"]
        for process in writing:
            with process:
                assert process.wait(timeout=60) == 0
        assert sorted(line["subject"] for line in read(path)) == sorted(word * 300 for word in "abc" * 400)


@BOTH_IDS
class TestWhatIsWrittenDown:
    """Each message that went or may have gone, and no other."""

    async def outcome(self, box: Opened) -> DeleteOutcome:
        return await box.delete(await box.plan())

    async def test_each_that_was_deleted(self, tmp_path: Path, ids: str) -> None:
        box = audited(tmp_path / "audit.jsonl", ids=ids)
        box.bench.fill(5)
        await self.outcome(box)
        told = read(tmp_path / "audit.jsonl")
        assert sorted(line["subject"] for line in told) == [f"Messaggio {number:04}" for number in range(5)]
        assert {line["outcome"] for line in told} == {"deleted"}

    async def test_each_of_a_whole_send(self, tmp_path: Path, ids: str) -> None:
        box = audited(tmp_path / "audit.jsonl", ids=ids)
        deliver_send(box.mailbox)
        deliver_answer(box.mailbox, CODE)
        await box.delete(await box.plan(lambda one: not one.is_reply))
        assert len(read(tmp_path / "audit.jsonl")) == 3

    async def test_one_that_was_gone_before_was_not_touched(self, tmp_path: Path, ids: str) -> None:
        box = audited(tmp_path / "audit.jsonl", ids=ids)
        box.bench.fill(3)
        prepared = await box.plan()
        box.bench.delete_as_another_client("Messaggio 0001")
        await box.delete(prepared)
        assert sorted(line["subject"] for line in read(tmp_path / "audit.jsonl")) == [
            "Messaggio 0000",
            "Messaggio 0002",
        ]

    async def test_one_whose_end_is_unknown(self, tmp_path: Path, ids: str) -> None:
        box = audited(tmp_path / "audit.jsonl", ids=ids)
        box.bench.fill(1)
        prepared = await box.plan()
        lost = UnreachableError("the connection broke", maybe_done=True)

        def lost_for_good() -> None:
            box.line.before |= {"get_message": always(lost), "list_inbox": always(lost)}
            raise lost

        box.line.after["delete_message"] = lost_for_good
        await box.delete(prepared)
        (line,) = read(tmp_path / "audit.jsonl")
        assert line["outcome"] == "failed"
        assert line["reason"].startswith("unknown")

    async def test_one_that_would_not_go(self, tmp_path: Path, ids: str) -> None:
        box = audited(tmp_path / "audit.jsonl", ids=ids)
        box.bench.fill(1)
        box.line.before["delete_message"] = always(RejectedError("MySQL Error 2006", status=500))
        await self.outcome(box)
        (line,) = read(tmp_path / "audit.jsonl")
        assert (line["outcome"], line["reason"][:5]) == ("failed", "still")

    async def test_a_job_that_can_not_be_audited_any_more_stops(self, tmp_path: Path, ids: str) -> None:
        path = tmp_path / "audit.jsonl"
        box = audited(path, ids=ids, concurrency=1)
        box.bench.fill(10)
        prepared = await box.plan()
        box.line.after["delete_message"] = path.mkdir
        outcome = await box.delete(prepared)
        assert isinstance(outcome.stopped_by, StoreError)
        assert "audit log can't be written" in outcome.stopped_by.title
        assert (len(outcome.deleted), len(outcome.failed), len(box.subjects())) == (1, 9, 9)
        (job,) = await box.session.jobs()
        assert job.can_be_resumed

    async def test_it_is_told_once_after_an_answer_got_lost(self, tmp_path: Path, ids: str) -> None:
        box = audited(tmp_path / "audit.jsonl", ids=ids)
        box.bench.fill(3)
        box.line.before["delete_message"] = once(UnreachableError("broke", maybe_done=True))
        assert len((await self.outcome(box)).deleted) == 3
        assert len(read(tmp_path / "audit.jsonl")) == 3

    @pytest.mark.parametrize("after_the_deed", [False, True])
    @pytest.mark.parametrize("last", ["delete_message", "deleted"])
    async def test_one_that_was_deleted_right_before_a_kill(
        self, tmp_path: Path, ids: str, last: str, after_the_deed: bool
    ) -> None:
        mailbox = Programs(make_bench(ids=ids), audit=audit(tmp_path / "audit.jsonl"))
        mailbox.bench.fill(3)
        prepared = await mailbox.plan(await mailbox.see(), [])
        life = Life(last=lambda step: step.startswith(last), after_the_deed=after_the_deed)
        assert await mailbox.delete(prepared, life) is None
        await mailbox.resume()
        told = {line["subject"] for line in read(tmp_path / "audit.jsonl")}
        assert told == {f"Messaggio {number:04}" for number in range(3)}
