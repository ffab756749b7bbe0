"""`pectui show ID`: one message, made readable."""

from __future__ import annotations

from pectui.cli.age import when
from pectui.cli.columns import named_lines
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import local_time, message_document, print_json, print_text, reason_line, say
from pectui.domain.kind import describe_kind
from pectui.domain.receipt import ReceiptText
from pectui.engine.reading import Reading
from pectui.text.clean import clean, escape_controls


def run(invocation: Invocation) -> int:
    return run_to_end(_show(invocation.with_secrets()))


async def _show(invocation: Invocation) -> int:
    arguments = invocation.arguments
    async with invocation.session() as session:
        reading = await session.look_up(arguments.id)
    if reading.moved:
        say(f"pectui: {arguments.id} is another message now than when it was listed. This is what is there.")
    if reading.kept_at is not None:
        say(f"pectui: the text was kept on {when(reading.kept_at)}; the service was not asked.")
    if reading.omitted:
        say(f"pectui: the last {reading.omitted} characters of the body are left out.")
    body = _body(reading, raw=arguments.raw, html=arguments.html)
    if invocation.settings.json:
        document = message_document(reading.message)
        document["body"] = body
        document["body_is_html"] = reading.is_html
        print_json(document)
        return 0
    if not arguments.raw and not arguments.html:
        print_text(_head(reading))
    # What would steer a terminal is made visible, also in a pipe: `less` and `cat` end at one. JSON has what came.
    print_text(escape_controls(body))
    return 0


def _body(reading: Reading, *, raw: bool, html: bool) -> str:
    if raw:
        return reading.raw_body
    return clean(reading.decoded) if html else reading.text


def _head(reading: Reading) -> str:
    message = reading.message
    lines = [
        ("Id", str(message.id)),
        ("Kind", describe_kind(message.kind)),
        ("Subject", message.subject or "(no subject)"),
        ("Code", message.code or "none"),
        ("From", message.sender),
        ("To", message.recipient),
        ("Date", local_time(message.date)),
        *_receipt(reading.receipt),
    ]
    return named_lines(lines) + "\n"


def _receipt(receipt: ReceiptText | None) -> list[tuple[str, str]]:
    """What was read from the text, by best effort: labelled so."""
    if receipt is None:
        return []
    lines = [("Recipient*", one.address) for one in receipt.recipients]
    if receipt.reason is not None:
        lines.append(("Reason*", reason_line(receipt.reason)))
    if lines:
        lines.append(("*", "read from the receipt's text, by best effort"))
    return lines
