"""The forms: whatever a stranger wrote, standard parsers read back what was exported, and nothing else."""

from __future__ import annotations

import base64
import csv
import email
import email.policy
import json
import mailbox
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pectui.domain.export import ExportedFile, MailCopy
from pectui.domain.subject import fold_blanks
from pectui.store.exports.json_lines import JsonLines
from pectui.store.exports.mailboxes import EmlFiles, Mbox
from pectui.store.exports.outputs import Form
from pectui.store.exports.rfc5322 import as_mail, well_formed
from pectui.store.exports.spreadsheet import COLUMNS, Spreadsheet, harmless
from tests.store.exports.copies import ADDRESSES, COPIES, TEXTS, copy_of, header

MOST = settings(max_examples=200, deadline=None)
SOME = st.lists(COPIES, max_size=4)

_NAMES = {
    *("From", "To", "Subject", "Date", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    *("X-Pectui-Statement", "X-Pectui-Dichiarazione", "X-Pectui-Id", "X-Pectui-Kind", "X-Pectui-Code"),
    *(
        "X-Pectui-Date",
        "X-Pectui-Sender",
        "X-Pectui-Recipient",
        "X-Pectui-Text-From",
        "X-Pectui-Text-Read-At",
    ),
    "X-Pectui-Raw-Body-SHA256",
}


def written(form: Callable[[Path], Form], copies: list[MailCopy], read: Callable[[Path], object]) -> object:
    """What `read` finds in a folder into which `form` wrote `copies`."""
    with TemporaryDirectory() as name:
        writer = form(Path(name))
        writer.write(copies)
        files = writer.close()
        assert all(isinstance(file, ExportedFile) for file in files)
        return read(Path(name))


def as_header(text: str) -> str:
    """What a header can say of `text`."""
    return re.sub("[\x00-\x1f\x7f-\x9f]", "\ufffd", fold_blanks(well_formed(text)))


def check_mail(mail: EmailMessage, copy: MailCopy) -> None:
    message = copy.message
    assert set(mail.keys()) <= _NAMES
    assert len(mail.keys()) == len(set(mail.keys()))
    assert not mail.defects
    assert mail["Subject"] == as_header(message.header.subject)
    assert mail["X-Pectui-Sender"] == as_header(message.header.sender)
    assert mail["X-Pectui-Recipient"] == as_header(message.header.recipient)
    assert mail["X-Pectui-Date"] == as_header(message.header.date)
    assert (mail["X-Pectui-Id"], mail["X-Pectui-Kind"]) == (str(message.id), message.kind.value)
    assert mail["X-Pectui-Code"] == message.code
    assert "not the signed original" in mail["X-Pectui-Statement"]
    assert mail.get_payload(decode=True) == well_formed(copy.decoded).encode()
    assert mail.get_content_type() == ("text/html" if copy.is_html else "text/plain")
    if message.date is not None and message.date.year > 1000:
        assert mail["Date"].datetime == message.date.replace(microsecond=0)


class TestMail:
    """One message as .eml and in an mbox."""

    @MOST
    @given(COPIES)
    def test_the_parser_gives_back_what_was_exported(self, copy: MailCopy) -> None:
        check_mail(email.message_from_bytes(as_mail(copy, b"\r\n"), policy=email.policy.default), copy)

    @MOST
    @given(COPIES, st.sampled_from([b"\r\n", b"\n"]))
    def test_every_line_is_short_plain_ascii(self, copy: MailCopy, line_end: bytes) -> None:
        lines = as_mail(copy, line_end).split(line_end)
        assert not [line for line in lines if re.search(rb"[^\t -~]", line)]
        head = lines[: lines.index(b"")]
        assert not [line for line in head if len(line) > 990]
        assert all(re.match(rb"[A-Za-z0-9-]+:|[ ]\S", line) for line in head)
        assert not [line for line in lines if line.startswith(b"From ")]

    @MOST
    @given(ADDRESSES)
    def test_no_sender_can_be_several_or_hide_a_header(self, sender: str) -> None:
        copy = copy_of(header(sender=sender), "x")
        mail = email.message_from_bytes(as_mail(copy, b"\r\n"), policy=email.policy.default)
        addresses = [one.addr_spec for one in mail["From"].addresses]
        assert ", ".join(addresses) in ("", copy.message.sender)

    def test_a_usual_subject_can_be_read_in_the_file(self) -> None:
        mail = as_mail(copy_of(header(), "Testo"), b"\n")
        assert b"\nSubject: CONSEGNA: Avviso 2020082610003492\n" in mail

    def test_the_statement_is_in_two_languages(self) -> None:
        mail = email.message_from_bytes(as_mail(copy_of(header(), ""), b"\n"), policy=email.policy.default)
        assert mail["X-Pectui-Statement"] == (
            "Copy of what the service's API returned, not the signed original."
        )
        assert mail["X-Pectui-Dichiarazione"] == (
            "Copia di quanto restituito dall'API del servizio, non l'originale firmato."
        )

    def test_no_header_of_the_provider_is_made_up(self) -> None:
        """`X-Ricevuta` and its kind say that a provider vouches for the mail."""
        mail = as_mail(copy_of(header(), ""), b"\n").lower()
        assert not [name for name in (b"x-ricevuta", b"x-trasporto", b"x-riferimento") if name in mail]

    @pytest.mark.parametrize("sender", ["", "nessuno", "perché@pec.example", "a@b.it\r\nBcc: x@y.it"])
    def test_what_is_no_address_is_none(self, sender: str) -> None:
        mail = email.message_from_bytes(
            as_mail(copy_of(header(sender=sender), ""), b"\n"), policy=email.policy.default
        )
        assert [one.addr_spec for one in mail["From"].addresses] in ([], ["a@b.it"])
        assert "Bcc" not in mail


class TestMbox:
    """One file, for every program that reads mbox."""

    @settings(max_examples=60, deadline=None)
    @given(SOME)
    def test_the_standard_library_reads_each_message(self, copies: list[MailCopy]) -> None:
        def read(folder: Path) -> list[bytes]:
            box = mailbox.mbox(folder / "messages.mbox", create=False)
            try:
                return [box.get_bytes(key) for key in sorted(box.keys())]
            finally:
                box.close()

        mails = written(Mbox, copies, read)
        assert isinstance(mails, list)
        assert len(mails) == len(copies)
        for mail, copy in zip(mails, copies, strict=True):
            check_mail(email.message_from_bytes(mail, policy=email.policy.default), copy)


class TestEml:
    """A file for each message."""

    @settings(max_examples=60, deadline=None)
    @given(SOME)
    def test_each_is_there_under_a_name_that_nobody_else_wrote(self, copies: list[MailCopy]) -> None:
        def read(folder: Path) -> dict[str, bytes]:
            return {path.name: path.read_bytes() for path in (folder / "messages").iterdir()}

        mails = written(EmlFiles, copies, read)
        assert isinstance(mails, dict)
        assert len(mails) == len(copies)
        for name, mail in mails.items():
            assert re.fullmatch(r"(\d{1,4}\d{4}T\d{6}Z|undated)-[a-z_]+-\d+(-\d+)?\.eml", name)
            parsed = email.message_from_bytes(mail, policy=email.policy.default)
            assert any(str(copy.message.id) == parsed["X-Pectui-Id"] for copy in copies)

    def test_the_name_says_date_kind_and_id(self, tmp_path: Path) -> None:
        form = EmlFiles(tmp_path)
        form.write([copy_of(header(7), "x"), copy_of(header(7), "y"), copy_of(header(8, date="oggi"), "z")])
        assert [file.name for file in form.close()] == [
            "messages/20260302T090000Z-delivery-7.eml",
            "messages/20260302T090000Z-delivery-7-2.eml",
            "messages/undated-delivery-8.eml",
        ]


class TestJson:
    """A document a line, with everything that came."""

    @MOST
    @given(SOME)
    def test_nothing_is_lost(self, copies: list[MailCopy]) -> None:
        def read(folder: Path) -> list[str]:
            return (folder / "messages.jsonl").read_text("ascii").split("\n")

        lines = written(JsonLines, copies, read)
        assert isinstance(lines, list)
        assert lines.pop() == ""
        for line, copy in zip(lines, copies, strict=True):
            row, head = json.loads(line), copy.message.header
            assert (row["id"], row["raw_date"], row["raw_subject"]) == (head.id, head.date, head.subject)
            assert (row["raw_sender"], row["raw_recipient"]) == (head.sender, head.recipient)
            assert (row["raw_body"], row["decoded_body"]) == (copy.text.body, copy.decoded)

    @MOST
    @given(SOME)
    def test_no_terminal_obeys_it(self, copies: list[MailCopy]) -> None:
        data = written(JsonLines, copies, lambda folder: (folder / "messages.jsonl").read_bytes())
        assert isinstance(data, bytes)
        assert not re.search(rb"[^\n -~]", data)


_BEGINS_A_FORMULA = re.compile("[^\\S\n\r\t]*[=+@\uff1d\uff0b\uff0d\uff20-]")


def taken_back(cell: str) -> str:
    """What `harmless` was given."""
    cell = cell[1:] if re.match("'+[\t\r]", cell) else cell
    return re.sub("(^|[\n\r;\t])([^\\S\n\r\t]*)'(?='*[=+@\uff1d\uff0b\uff0d\uff20-])", r"\1\2", cell)


class TestSpreadsheet:
    """Cells that no spreadsheet takes for a formula, however it cuts the file."""

    @settings(max_examples=500, deadline=None)
    @given(st.one_of(TEXTS, st.text("'=+-@;\t\n\r x", max_size=12)))
    def test_no_piece_of_a_cell_is_a_formula_and_all_can_be_taken_back(self, cell: str) -> None:
        guarded = harmless(cell)
        assert not guarded.startswith(("\t", "\r"))
        assert not [piece for piece in re.split("[\n\r;\t]", guarded) if _BEGINS_A_FORMULA.match(piece)]
        assert taken_back(guarded) == cell

    @MOST
    @given(SOME)
    def test_the_standard_library_reads_every_row(self, copies: list[MailCopy]) -> None:
        def read(folder: Path) -> list[list[str]]:
            with open(folder / "messages.csv", encoding="utf-8-sig", newline="") as file:
                return list(csv.reader(file))

        rows = written(Spreadsheet, copies, read)
        assert isinstance(rows, list)
        assert rows.pop(0) == list(COLUMNS)
        for row, copy in zip(rows, copies, strict=True):
            assert copy.clean is not None
            named = dict(zip(COLUMNS, map(taken_back, row), strict=True))
            assert (named["id"], named["kind"]) == (str(copy.message.id), copy.message.kind.value)
            assert (named["subject"], named["text"]) == (copy.clean.subject, copy.clean.text)
            assert (named["sender"], named["recipient"]) == (copy.clean.sender, copy.clean.recipient)

    @pytest.mark.parametrize("first", list("=+-@\t\r"))
    def test_what_begins_like_a_formula_gets_an_apostrophe(self, first: str) -> None:
        assert harmless(f"{first}cmd|' /C calc'!A0").startswith("'")

    def test_excel_knows_the_encoding(self, tmp_path: Path) -> None:
        Spreadsheet(tmp_path).close()
        assert (tmp_path / "messages.csv").read_bytes().startswith(b"\xef\xbb\xbfid,date,")


def test_base64_is_what_was_decoded() -> None:
    """Line ends of a text stay what they were: no transport and no mbox touches them."""
    body = "uno\ndue\r\ntre\rFrom me\n"
    _, _, encoded = as_mail(copy_of(header(), body), b"\n").partition(b"\n\n")
    assert base64.b64decode(encoded).decode() == body
