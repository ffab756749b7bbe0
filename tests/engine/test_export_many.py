"""Thousands of messages of all kinds: all of them are there, the sums are right, and standard programs open them."""

from __future__ import annotations

import csv
import email
import email.policy
import json
import mailbox
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from pectui.domain.export import ExportFormat
from pectui.engine.exported import ExportFinished
from tests.engine.conftest import make_bench
from tests.engine.exporting import Exporting

MESSAGES = 2_000
_FORMULA = re.compile(r"\s*[=+@-]")


def from_json(folder: Path) -> Counter[str]:
    with open(folder / "messages.jsonl", encoding="ascii") as lines:
        return Counter(json.loads(line)["decoded_body"] for line in lines)


def from_mbox(folder: Path) -> Counter[str]:
    box = mailbox.mbox(folder / "messages.mbox", create=False)
    try:
        return Counter(_text(box.get_bytes(key)) for key in box.keys())  # noqa: SIM118 - a mailbox iterates over mails
    finally:
        box.close()


def from_eml(folder: Path) -> Counter[str]:
    return Counter(_text(path.read_bytes()) for path in (folder / "messages").iterdir())


def _text(mail: bytes) -> str:
    body = email.message_from_bytes(mail, policy=email.policy.default).get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


def no_formula(folder: Path, ids: list[int]) -> None:
    with open(folder / "messages.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["id"]) for row in rows] == ids
    cells = (cell for row in rows for cell in row.values())
    assert not [piece for cell in cells for piece in re.split("[\n;\t]", cell) if _FORMULA.match(piece)]


def verified(folder: Path) -> bool:
    check = ["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"]
    return subprocess.run(check, cwd=folder).returncode == 0


READERS = {ExportFormat.JSON: from_json, ExportFormat.MBOX: from_mbox, ExportFormat.EML: from_eml}


@pytest.mark.parametrize("form", list(ExportFormat))
async def test_all_of_them(form: ExportFormat, tmp_path: Path) -> None:
    user = Exporting(make_bench(messages=MESSAGES), tmp_path)
    messages = await user.listed()
    last = (await user.events(messages, form=form))[-1]
    assert isinstance(last, ExportFinished)
    assert (last.outcome.exported, last.outcome.missing) == (MESSAGES, ())
    assert verified(tmp_path / "out")
    if form is ExportFormat.CSV:
        no_formula(tmp_path / "out", [message.id for message in messages])
    else:
        assert READERS[form](tmp_path / "out") == Counter(user.truth.values())
