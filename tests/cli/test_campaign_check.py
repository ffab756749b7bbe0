"""`pectui campaign check`: what a table would send, and what is wrong with it, without asking anybody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pectui.cli.main import main
from tests.cli.conftest import Done, Runner

TABLE = "recipient;nome;attachments\r\n" + "".join(
    f"r{number}@pec.example;Nome {number};doc/avviso.pdf\r\n" for number in range(1, 6)
)
LETTER = ("--subject", "Avviso per $nome", "--body", "Gentile $nome")


@pytest.fixture
def pectui(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """In this process: looking at a table opens no mailbox, and there is nothing to be told by a process's end."""
    for name in os.environ:
        if name.startswith(("PECTUI_", "OPENAPI_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))

    def run(*arguments: str) -> Done:
        status = main(list(arguments))
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "doc").mkdir()
    (tmp_path / "doc" / "avviso.pdf").write_bytes(b"%PDF")
    path = tmp_path / "lista.csv"
    path.write_bytes(TABLE.encode("utf-8-sig"))
    return path


class TestInOrder:
    """What it is, what it costs, how it reads."""

    def test_for_people(self, pectui: Runner, table: Path) -> None:
        done = pectui("campaign", "check", str(table), *LETTER)
        assert (done.status, done.stderr) == (0, "")
        facts, *messages = done.stdout.split("\n\n")
        assert facts.splitlines() == [
            "Table:       UTF-8 with BOM, semicolon; columns: recipient, nome, attachments",
            "Rows:        5",
            "Recipients:  5",
            "Cost:        0.25 EUR at 0.05 EUR a recipient (Standard; with Flat they count in 30,000 a month)",
            "Daily limit: 3,500 recipients; it takes 1 day",
        ]
        assert messages[:2] == [
            "line 2\n  To:      r1@pec.example\n  Subject: Avviso per Nome 1\n  File:    doc/avviso.pdf",
            "    Gentile Nome 1",
        ]
        assert [part for part in messages if part.startswith("line")][2].startswith("line 6\n")

    def test_for_scripts(self, pectui: Runner, table: Path) -> None:
        document = pectui("campaign", "check", str(table), *LETTER, "--json", "--daily-limit", "2").document
        messages = document.pop("messages")
        assert document == {
            "rows": 5,
            "recipients": 5,
            "encoding": "UTF-8 with BOM",
            "delimiter": "semicolon",
            "columns": ["recipient", "nome", "attachments"],
            "cost_eur": 0.25,
            "daily_limit": 2,
            "sent_today": None,
            "days": 3,
            "warnings": [],
            "errors": [],
        }
        assert messages[0] == {
            "line": 2,
            "recipient": "r1@pec.example",
            "subject": "Avviso per Nome 1",
            "body": "Gentile Nome 1",
            "attachments": ["doc/avviso.pdf"],
        }

    def test_a_body_from_a_file_in_the_country_s_old_letters(self, pectui: Runner, table: Path) -> None:
        body = table.with_name("testo.txt")
        body.write_bytes("Città di $nome,\r\nperché".encode("cp1252"))
        done = pectui("campaign", "check", str(table), "--subject", "s", "--body-file", str(body), "--json")
        assert done.document["messages"][0]["body"] == "Città di Nome 1,\nperché"

    def test_nothing_of_a_stranger_steers_the_terminal(self, pectui: Runner, table: Path) -> None:
        table.write_text("recipient,a\x1b[2J,n\nx@pec.example,\x1b]0;x\x07,1\n")
        done = pectui("campaign", "check", str(table), "--subject", "s", "--body", "$n")
        assert (done.status, "\x1b" in done.stdout) == (0, False)


class TestWrong:
    """Every error with its line, and status 1."""

    def test_errors_by_line_and_column(self, pectui: Runner, table: Path) -> None:
        with table.open("ab") as file:
            file.write(b"nobody;x;\r\nx@pec.example;;doc/b.pdf\r\n")
        done = pectui("campaign", "check", str(table), *LETTER, "--json")
        assert (done.status, [(one["line"], one["column"]) for one in done.document["errors"]]) == (
            1,
            [(7, "recipient"), (8, "attachments"), (8, "nome")],
        )
        told = pectui("campaign", "check", str(table), *LETTER)
        assert told.status == 1
        assert "Rows:  7; 3 problems, nothing can be sent" in told.stdout
        assert "line 8, attachments: doc/b.pdf: No such file or directory" in told.stdout.splitlines()

    @pytest.mark.parametrize("kind", ["folder", "pipe", "empty", "long name"])
    def test_what_is_no_file_to_be_sent(self, pectui: Runner, table: Path, kind: str) -> None:
        path = table.parent / "doc" / "x.pdf"
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "empty":
            path.touch()
        name = "x" * 5000 if kind == "long name" else "doc/x.pdf"
        table.write_text(f"recipient,attachments\nx@pec.example,{name}\n")
        done = pectui("campaign", "check", str(table), "--subject", "s", "--body", "b", "--json")
        assert [(one["line"], one["column"]) for one in done.document["errors"]] == [(2, "attachments")]

    def test_of_many_the_first_are_told(self, pectui: Runner, table: Path) -> None:
        table.write_text("recipient\n" + "x\n" * 80)
        done = pectui("campaign", "check", str(table), "--subject", "s", "--body", "b")
        assert done.stdout.splitlines()[-1] == "and 30 more; --json tells them all"

    @pytest.mark.parametrize(
        ("arguments", "title"),
        [
            (("--body", "b"), "A campaign needs a subject"),
            (("--subject", "s"), "A campaign needs a body"),
            (("--subject", "s", "--body-file", "nowhere.txt"), "The body can't be read"),
        ],
    )
    def test_what_is_missing(
        self, pectui: Runner, table: Path, arguments: tuple[str, ...], title: str
    ) -> None:
        done = pectui("campaign", "check", str(table), *arguments, "--json")
        assert (done.status, done.error["title"]) == (2, title)

    def test_a_table_that_is_not_there(self, pectui: Runner, table: Path) -> None:
        done = pectui("campaign", "check", str(table.with_name("no.csv")), *LETTER, "--json")
        assert (done.status, done.error["title"]) == (2, "The table can't be read")
