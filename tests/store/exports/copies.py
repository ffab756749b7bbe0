"""Messages to be written, ordinary ones and those of people who mean harm."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies

from pectui.domain.export import (
    CleanText,
    ExportFormat,
    ExportOrigin,
    ExportPlan,
    FoundText,
    MailCopy,
    TextSource,
)
from pectui.domain.interpret import interpret
from pectui.domain.message import Header
from pectui.text.body import looks_like_html
from pectui.text.clean import clean, clean_line

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ORIGIN = ExportOrigin("prova", "sandbox", "sandbox.example", "noi@pec.example", "INBOX")


def header(number: int = 1, subject: str = "CONSEGNA: Avviso 2020082610003492", **more: str) -> Header:
    facts = {
        "date": "Mon, 02 Mar 2026 10:00:00 +0100",
        "sender": "posta-certificata@pec.example",
        "recipient": "noi@pec.example",
        **more,
    }
    return Header(number, facts["date"], subject, facts["sender"], facts["recipient"])


def text(body: str) -> FoundText:
    return FoundText(body, TextSource.MESSAGE, NOON)


def copy_of(one: Header, body: str) -> MailCopy:
    """What the engine makes of a message whose text needs no decoding."""
    message = interpret(one)
    shown = CleanText(
        clean_line(message.subject), clean_line(message.sender), clean_line(message.recipient), clean(body)
    )
    return MailCopy(message, text(body), body, looks_like_html(body), shown)


def plan_of(headers: tuple[Header, ...], form: ExportFormat, selection: str = "") -> ExportPlan:
    return ExportPlan(ORIGIN, form, selection, NOON, headers)


def contents(folder: Path) -> dict[str, bytes]:
    """All files below `folder`."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


_HARMFUL = strategies.sampled_from(
    [
        "\r\nBcc: x@evil.example\r\n\r\n<script>",
        "\nFrom nobody Thu Jan  1 00:00:00 1970\n",
        "=?utf-8?q?=0D=0AX-Injected:_yes?=",
        "=cmd|' /C calc'!A0",
        '"x" <a@b.it>, <c@d.it>',
        "\x00\x1b]52;c;AAAA\x07",
        "\u202egnp.exe\u202c\ufeff\u2028",
        "a" * 1200,
        "perché è così " * 30,
        "\ud800 \udfff",
        "; =1+1;\t-2",
        ".",
        "--",
        "📨" * 50,
        "",
    ]
)
TEXTS = strategies.one_of(
    strategies.text(strategies.characters(codec=None, categories=None), max_size=80),  # surrogates as well
    strategies.lists(strategies.one_of(_HARMFUL, strategies.text(max_size=20)), max_size=4).map("".join),
)
DATES = strategies.one_of(
    strategies.just("Mon, 02 Mar 2026 10:00:00 +0100"),
    strategies.just("0099-01-01T10:00:00+01:02:03"),
    strategies.just("9998-12-31T23:59:59-23:59"),
    TEXTS,
)
ADDRESSES = strategies.one_of(strategies.just("d'angelo+x@pec.example"), strategies.emails(), TEXTS)
HEADERS = strategies.builds(Header, strategies.integers(0, 2**63 - 1), DATES, TEXTS, ADDRESSES, ADDRESSES)
COPIES = strategies.builds(copy_of, HEADERS, TEXTS)
