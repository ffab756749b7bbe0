"""What each command takes. It loads argparse alone: names that the sandbox or the domain know too are repeated
here, and a test holds both sides together."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

from pectui.cli.campaigns.arguments import add_campaign
from pectui.cli.sending.arguments import add_send

TYPE_CHECKING = False  # typing's own costs 4 ms of each start
if TYPE_CHECKING:
    Adder = Callable[..., argparse.ArgumentParser]

FAULTS = """\
what may go wrong, as [OPERATION:]FAULT[=VALUE][:KEY=VALUE]...
  operations: inbox, message, delete, receipts, delete-send, send, quota, or a
    pattern such as delete*; none means all
  faults: 302 400 401 402 403 429 500 502 503 504 (429, 503: with Retry-After),
    latency (seconds), drip (octets a second), reset-before, reset-after,
    reset-during, failed-after, truncated, html, empty, not-success, same-page,
    numbers-as-strings, nulls, odd-rows, odd-data, missing-keys, float-ids,
    string-ids, odd-ids, renamed
  keys: times (so often), every (each N-th), rate (0 to 1), skip (the first N)
"""

FORMS = ("json", "csv", "mbox", "eml")


def add_commands(add: Adder) -> None:
    """Declares every command; `add(name, words, epilog)` makes its parser."""
    _size(add("demo", "open the screen on the embedded sandbox"))
    _inbox(add("inbox", "list messages, newest first"))
    _show(add("show", "show one message, decoded"))
    _sends(
        add(
            "sends",
            "list sends and what became of them; with codes, of each recipient",
            "A state with a ~ rests on counts of receipts: their texts were not read yet.",
        )
    )
    add("sync", "have what is remembered follow the service").add_argument(
        "--full", action="store_true", help="read every page, not only what is new"
    )
    _quota(
        add(
            "quota",
            "tell how full the mailbox is, and when it will be full",
            "With --check there is one line and a status of 0 OK, 1 WARNING, 2 CRITICAL or\n"
            "3 UNKNOWN, as monitoring systems want it. U is a use, in percent of the mailbox\n"
            "(80) or as a size (900MiB, 900MB); T is a time (90s, 15m, 1h; seconds without\n"
            "a unit). Each answer is kept for the forecast.",
        )
    )
    _delete(
        add(
            "delete",
            "delete messages, after a look at each",
            "An id means the message that was last listed under it. Ids, --from, --code,\n"
            "--search and --completed may be given together: all that any of them chooses\n"
            "goes. There is no undo.",
        )
    )
    _export(
        add(
            "export",
            "copy messages to a new folder, with a manifest and SHA-256 sums",
            "An id means the message that was last listed under it. What was interrupted goes\n"
            "on if the same is asked for again. These are copies of what the API returns, not\n"
            "the signed originals. `sha256sum -c SHA256SUMS` in the folder verifies them.",
        )
    )
    add_send(
        add(
            "send",
            "send one PEC",
            "It is shown with its cost, and you are asked. The same content is never sent twice\n"
            "unless you say so. Exit status 1: not sent, or not known to be.",
        )
    )
    add_campaign(
        add(
            "campaign",
            "send each row of a CSV file a PEC of its own",
            "check: tell what would go out, and what is wrong. run: send it. resume: go on\n"
            "where it ended. status: how its rows stand, asking nobody. report: a CSV with\n"
            "what became of each row.\n\n"
            "The file has a column `recipient`, further ones that fill $name or ${name} in\n"
            "subject and body ($$ is a dollar), and maybe `attachments`: paths from the file's\n"
            "folder on, with | between them. Every row is checked before the first goes out,\n"
            "and none that went out is sent again.",
        ),
        _count,
    )
    _jobs(
        add(
            "jobs",
            "list deletions, and go on with one that was cut off",
            "Listing reads journals on this machine: it asks nobody and needs no secret. Going\n"
            "on needs no --yes: the plan was confirmed. `last` is the latest job of this\n"
            "mailbox that can be gone on with.",
        )
    )
    _cache(
        add(
            "cache",
            "tell or forget what is remembered of the mailbox",
            "Nobody is asked. Journals of deletions are not part of the cache.",
        )
    )
    add("doctor", "tell what is set up, and what is wrong with it")
    _sandbox(
        add(
            "sandbox",
            "serve the embedded sandbox on this machine",
            "It prints its URL and its credentials as `export` lines, and runs until Ctrl-C.\n\n" + FAULTS,
        )
    )


def _size(command: argparse.ArgumentParser) -> None:
    command.add_argument("--messages", type=_count, metavar="N", help="messages in its mailbox (981)")
    command.add_argument("--seed", type=_whole, metavar="S", help="another seed, other messages (7)")


def _inbox(command: argparse.ArgumentParser) -> None:
    which = command.add_mutually_exclusive_group()
    which.add_argument("--page", type=_page, metavar="N", help="page N of 25 messages (1)")
    which.add_argument("--all", action="store_true", help="all messages; without --search after a sync")
    command.add_argument("--search", metavar="Q", help="what the service finds for Q")
    command.add_argument(
        "--kind",
        metavar="KIND",
        help="only this kind: acceptance, non_acceptance, delivery, non_delivery, delivery_timeout, "
        "envelope, anomaly, provider_notice, other",
    )


def _sends(command: argparse.ArgumentParser) -> None:
    command.add_argument("codes", nargs="*", metavar="CODE", help="15 to 20 digits; without one, all sends")
    command.add_argument(
        "--problems", action="store_true", help="only failed, partial, late, incomplete and refused ones"
    )
    command.add_argument(
        "--csv", action="store_true", help="a delivery report, a line for each recipient; reads texts first"
    )


def _quota(command: argparse.ArgumentParser) -> None:
    how = command.add_mutually_exclusive_group()
    how.add_argument("--watch", action="store_true", help="ask again and again, a line for each answer")
    how.add_argument("--check", action="store_true", help="speak as a monitoring plugin")
    command.add_argument(
        "--mailbox", type=_name, metavar="NAME", help="another mailbox of the same user than the profile's"
    )
    command.add_argument(
        "--interval",
        type=duration,
        metavar="T",
        help="between two answers of --watch (the profile's, or 15m)",
    )
    command.add_argument("--warn", metavar="U", help="WARNING from this use on (the profile's, or 80)")
    command.add_argument("--crit", metavar="U", help="CRITICAL from this use on (the profile's, or 90)")
    command.add_argument("--timeout", type=duration, metavar="T", help="for all of --check (30s)")
    command.add_argument(
        "--prometheus", metavar="FILE", help="write metrics for Prometheus' textfile collector, too"
    )


def _cache(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "action",
        choices=("info", "clear"),
        metavar="info|clear",
        help="tell how much it is, or forget it all",
    )


def _jobs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "job", nargs="?", metavar="ID", help="what became of each message of this job; without one, all jobs"
    )
    command.add_argument("--resume", metavar="ID|last", help="go on with a job that ended in the middle")


def _show(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", type=identifier, metavar="ID", help="as `pectui inbox` lists it")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="the body as it came")
    form.add_argument("--html", action="store_true", help="the body decoded, HTML left as it is")


def _delete(command: argparse.ArgumentParser) -> None:
    command.add_argument("ids", type=identifier, nargs="*", metavar="ID", help="as `pectui inbox` lists it")
    command.add_argument(
        "--from", dest="from_file", metavar="FILE", help="ids from a file, one a line; - is stdin"
    )
    command.add_argument(
        "--code",
        nargs="+",
        action="extend",
        default=[],
        metavar="CODE",
        help="receipts and own copies of these sends; answers to them stay",
    )
    command.add_argument("--include-replies", action="store_true", help="with --code: the answers go too")
    command.add_argument("--search", metavar="Q", help="all that the service finds for Q")
    command.add_argument(
        "--completed",
        action="store_true",
        help="acceptances, deliveries and own copies of sends that were delivered to everybody; reads texts first",
    )
    command.add_argument(
        "--older-than",
        type=_days,
        metavar="AGE",
        help="with --completed: only of sends of more than AGE, as 30d, 4w or 36h (30d)",
    )
    command.add_argument(
        "--export", metavar="PATH", help="first write copies to a new folder; all, or nothing goes"
    )
    command.add_argument("--export-format", choices=FORMS, help="as `pectui export --format` (json)")
    command.add_argument("--dry-run", action="store_true", help="show the plan, delete nothing")
    command.add_argument("--yes", action="store_true", help="don't ask (needed where nobody can be asked)")


def _export(command: argparse.ArgumentParser) -> None:
    command.add_argument("ids", type=identifier, nargs="*", metavar="ID", help="as `pectui inbox` lists it")
    command.add_argument(
        "--code", nargs="+", action="extend", default=[], metavar="CODE", help="all that carries these codes"
    )
    command.add_argument("--all", action="store_true", help="the whole mailbox, after a sync")
    command.add_argument(
        "--format",
        required=True,
        choices=FORMS,
        help="json: all that came, a document a line; csv: for spreadsheets; mbox and eml: for mail programs",
    )
    command.add_argument(
        "-o", "--output", required=True, metavar="PATH", help="the folder to make; nothing may be there"
    )


def _sandbox(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=_port, default=0, metavar="P", help="port (any free one)")
    _size(command)
    add = command.add_argument
    add("--ids", choices=("uid", "sequence"), help="ids that stay, or that shift (uid)")
    add("--first-uid", type=_whole, metavar="N", help="the oldest message's id, with uid (1)")
    add("--first-page", type=int, choices=(0, 1), help="number of the first page (1)")
    add("--before-first", choices=("first", "empty"), help="what a page before the first gives (first)")
    add("--pages", choices=("floor", "ceil"), help="how n_of_pages is rounded (ceil)")
    add(
        "--no-echo-page",
        dest="echo_page",
        action="store_false",
        default=None,
        help="`page` in answers is n_of_pages, as in the vendor's sample",
    )
    add("--order", choices=("newest", "oldest"), help="what is listed first (newest)")
    add("--match", choices=("exact", "substring"), help="how /send/CODE matches (substring)")
    add("--delete-missing", choices=("not-found", "deleted"), help="what deleting nothing says (not-found)")
    add("--send-texts", choices=("plain", "encoded", "replaced"), help="texts of /send/CODE (plain)")
    add("--quota-usage", type=_whole, metavar="KIB", help="use of the mailbox (by its messages)")
    add("--quota-limit", type=_whole, metavar="KIB", help="size of the mailbox (1048576)")
    add("--send-interval", type=_seconds, metavar="SECONDS", help="between two sends (1)")
    add("--fault", action="append", default=[], metavar="FAULT", help="see below; may be given again")


def _number(text: str, most: int | None, words: str, *, least: int = 0) -> int:
    if not re.fullmatch("[0-9]{1,19}", text) or not least <= int(text) <= (most or int(text)):
        raise argparse.ArgumentTypeError(f"{words}, not {text[:40]!r}")
    return int(text)


def identifier(text: str) -> int:
    """A message's id; ArgumentTypeError where it can't be one."""
    return _number(text, 2**63 - 1, "an id is a whole number")


def _page(text: str) -> int:
    return _number(text, None, "pages are counted from 1", least=1)


def _count(text: str) -> int:
    return _number(text, 1_000_000, "a number from 0 to 1000000")


def _whole(text: str) -> int:
    return _number(text, None, "a whole number")


def _port(text: str) -> int:
    return _number(text, 65_535, "a port is a number from 0 to 65535")


def _days(text: str) -> float:
    """An age in days; `36h` is one and a half."""
    found = re.fullmatch(r"([0-9]{1,5})([hdw])", text)
    if found is None or int(found[1]) < 1:
        raise argparse.ArgumentTypeError(f"an age such as 30d, 4w or 36h, not {text[:40]!r}")
    return int(found[1]) * {"h": 1 / 24, "d": 1, "w": 7}[found[2]]


def duration(text: str) -> float:
    """Seconds, of `90`, `90s`, `15m` or `1h`; ArgumentTypeError for anything else and for none."""
    found = re.fullmatch("([0-9]{1,6})([smh]?)", text)
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f"a time like 90s, 15m or 1h, not {text[:40]!r}")
    return float(int(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]])


def _name(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise argparse.ArgumentTypeError("a name, and not empty")
    return text.strip()


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
        raise argparse.ArgumentTypeError(f"a number of seconds, not {text[:40]!r}")
    return float(text)
