"""The one message of `pectui send`, taken from the command line and its files, and refused where it can't be sent."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pectui.domain.outgoing import Outgoing
from pectui.domain.recipients import split_recipients
from pectui.errors import UsageError
from pectui.session import Session
from pectui.session.campaign_files import read_body
from pectui.text.clean import clean_line

STDIN = "-"


def body_of(arguments: argparse.Namespace) -> str:
    """The text as it was given. UsageError where its file can't be read."""
    if arguments.body is not None:
        body: str = arguments.body
        return body
    if arguments.body_file != STDIN:
        return read_body(Path(arguments.body_file))
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise UsageError("The body can't be read", "what came from stdin is not UTF-8") from None


async def message_of(session: Session, arguments: argparse.Namespace, body: str) -> Outgoing:
    """The message, its files looked at. UsageError that names all that is wrong with it."""
    message = Outgoing(
        tuple(address for given in arguments.to for address in split_recipients(given)),
        arguments.subject,
        body,
        arguments.html,
    )
    refuse_wrong(message)
    files = await session.sendings.examine([Path(path) for path in arguments.attach])
    message = Outgoing(message.recipients, message.subject, message.body, message.is_html, files)
    refuse_wrong(message, with_files=True)
    return message


def refuse_wrong(message: Outgoing, *, with_files: bool = False) -> None:
    """Nothing is mended: what can't be sent as it is isn't sent."""
    problems = [one for one in message.problems() if with_files or one != "it has neither a text nor a file"]
    if problems:
        more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
        raise UsageError(
            "This can't be sent",
            clean_line("; ".join(problems[:3]) + more),
            "Nothing was sent. Mend it, then try again.",
        )
