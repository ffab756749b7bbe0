"""`pectui inbox`: one page of messages, or all of them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pectui.cli.columns import columns
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import local_time, message_document, print_json, print_text, say
from pectui.domain.kind import Kind
from pectui.domain.message import Message
from pectui.engine.order import newest_first
from pectui.engine.pages import Page
from pectui.errors import UsageError
from pectui.text.clean import clean_line


def run(invocation: Invocation) -> int:
    kind = _kind(invocation.arguments.kind)
    return run_to_end(_list(invocation.with_secrets(), kind))


async def _list(invocation: Invocation, kind: Kind | None) -> int:
    arguments = invocation.arguments
    async with invocation.session() as session:
        reader = session.inbox(arguments.search)
        if arguments.all:
            pages = [page async for page in reader.everything()]
        else:
            pages = [await reader.page(arguments.page or 1)]
    listed = newest_first([message for page in pages for message in page.messages])
    shown = [message for message in listed if kind in (None, message.kind)]
    document = {
        "page": 1 if arguments.all else pages[0].number,
        "pages": 1 if arguments.all else pages[0].pages,
        "total": pages[-1].total,
        "messages": [message_document(message) for message in shown],
        "stale": False,
        "warnings": _warnings(pages, asked=arguments.page),
    }
    if invocation.settings.json:
        print_json(document)
    else:
        _print(shown, document)
    return 0


def _warnings(pages: list[Page], *, asked: int | None) -> list[str]:
    warnings = [clean_line(warning) for page in pages for warning in page.warnings]
    if asked and asked > 1 and not pages[0].messages and not warnings:
        last = pages[0].pages
        ends = f"the inbox ends with page {last}" if last else "the inbox ends before it"
        warnings.append(f"There is no page {asked}: {ends}.")
    return list(dict.fromkeys(warnings))


def _print(messages: list[Message], document: dict[str, Any]) -> None:
    rows = [
        (
            str(message.id),
            local_time(message.date),
            message.kind.value,
            clean_line(message.subject) or "(no subject)",
            clean_line(message.sender),
        )
        for message in messages
    ]
    for line in columns(rows, flexible=(3, 4)):
        print_text(line)
    total = document["total"]
    counted = f"{total} messages" if total != 1 else "1 message"
    say(
        f"page {document['page']} of {document['pages'] or '?'}, {counted if total is not None else 'total unknown'}"
    )
    for warning in document["warnings"]:
        say(warning)


def _kind(word: str | None) -> Kind | None:
    if word is None:
        return None
    try:
        return Kind(word.replace("-", "_"))
    except ValueError:
        names = [kind.value for kind in Kind]
        nearest = get_close_matches(word, names, 1)
        hint = f"Did you mean `{nearest[0]}`?" if nearest else f"There are: {', '.join(names)}."
        raise UsageError(f"No kind is called `{word}`", "", hint) from None
