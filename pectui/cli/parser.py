"""The words that the command line understands, and help that reads well at 80 columns.

It loads argparse and nothing of what the commands need: `pectui --help` must be there at once.
"""

from __future__ import annotations

import argparse
import re
from difflib import get_close_matches
from typing import NoReturn

from pectui import __version__
from pectui.errors import UsageError

_DESCRIPTION = """\
A terminal program for Italy's certified mail (PEC) sent in bulk.

Without a command it opens the screen."""

_EPILOG = """\
mailbox:
  PECTUI_TOKEN, PECTUI_USERNAME and PECTUI_PASSWORD name it, or a profile in the
  configuration file. Secrets are never given as flags.

examples:
  pectui demo                         look around, without an account
  pectui -S inbox --search fattura    the service's own sandbox
  pectui show 4711                    one message, decoded
  pectui delete 4711 --dry-run        what would go, and what it is proof of
  pectui quota --json                 for scripts

exit status:
  0 done, 1 done in part or failed, 2 wrong usage, 69 service unreachable or
  broken, 75 try again later, 77 refused, 78 configuration, 130 Ctrl-C
"""

_FILE_WORDS = "configuration file instead of the usual one"


class _Parser(argparse.ArgumentParser):
    """argparse whose mistakes are `UsageError`s that know what was probably meant."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(_sentence(message), "", self._hint(message))

    def _hint(self, message: str) -> str:
        wrong = re.search(r"invalid choice: '([^']*)'|unrecognized arguments: (\S+)", message)
        word = (wrong[1] or wrong[2]) if wrong else ""
        nearest = get_close_matches(word, sorted(self._words()), 1) if word else []
        return f"Did you mean `{nearest[0]}`?" if nearest else f"See `{self.prog} --help`."

    def _words(self) -> set[str]:
        """Every command and flag. An unknown flag of a command is told by the parser above it."""
        words = set(self._option_string_actions)
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                words |= set(action.choices)
                for command in action.choices.values():
                    words |= set(command._option_string_actions)
        return words


def _sentence(message: str) -> str:
    unknown = re.match(r"argument COMMAND: invalid choice: '([^']*)'", message)
    if unknown:
        return f"Unknown command `{unknown[1]}`"
    message = re.sub(r" \(choose from .*\)$", "", message) if len(message) > 120 else message
    return message[:1].upper() + message[1:]


def _help_of(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=28, width=79)


def build_parser() -> argparse.ArgumentParser:
    """The parser of `pectui`. It raises UsageError, and SystemExit for --help and --version."""
    parser = _Parser(
        prog="pectui",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=_help_of,
        parents=[_global_flags(first=True)],
        allow_abbrev=False,
        usage="pectui [flags] [command …]",
    )
    parser.add_argument("--version", action="version", version=f"pectui {__version__}")
    commands = parser.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", parser_class=_Parser, prog="pectui"
    )
    # Flags may stand before and after the command: after it they only speak if they are given.
    common = _global_flags(first=False)
    for add in (_demo, _inbox, _show, _quota, _delete, _doctor, _sandbox):
        add(commands, common)
    return parser


def _global_flags(*, first: bool) -> _Parser:
    flags = _Parser(add_help=False, argument_default=None if first else argparse.SUPPRESS)
    group = flags.add_argument_group("flags" if first else "flags of every command")
    no = {"action": "store_true", "default": False if first else argparse.SUPPRESS}

    def switch(*names: str, words: str) -> None:
        group.add_argument(*names, help=words if first else argparse.SUPPRESS, **no)  # type: ignore[arg-type]  # a bool or SUPPRESS

    def value(*names: str, metavar: str, words: str) -> None:
        group.add_argument(*names, metavar=metavar, help=words if first else argparse.SUPPRESS)

    value("--profile", metavar="NAME", words="profile of the configuration file")
    switch("-S", "--sandbox", words="the service's sandbox")
    switch("--demo", words="the embedded sandbox, in memory")
    value("--base-url", metavar="URL", words="another host (https, or http on this machine)")
    value("--config", metavar="FILE", words=_FILE_WORDS)
    switch("--json", words="one JSON document on stdout")
    switch("--no-input", words="never ask")
    switch("--read-only", words="refuse to delete")
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        help="when to colour (auto)" if first else argparse.SUPPRESS,
    )
    switch("--mouse", words="take the mouse also over SSH")
    switch("--debug", words="write a redacted log, and say where")
    return flags


def _add(
    commands: argparse._SubParsersAction[_Parser],
    common: _Parser,
    name: str,
    words: str,
    *,
    epilog: str = "",
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=words,
        description=words[:1].upper() + words[1:] + ".",
        epilog=epilog or None,
        parents=[common],
        formatter_class=_help_of,
        allow_abbrev=False,
    )


def _demo(commands: argparse._SubParsersAction[_Parser], common: _Parser) -> None:
    command = _add(commands, common, "demo", "the screen on the embedded sandbox")
    _mailbox_size(command)


def _mailbox_size(command: argparse.ArgumentParser) -> None:
    command.add_argument("--messages", type=_count, metavar="N", help="messages in its mailbox")
    command.add_argument("--seed", type=_whole, metavar="S", help="another seed, other messages")


def _inbox(commands: argparse._SubParsersAction[_Parser], common: _Parser) -> None:
    command = _add(commands, common, "inbox", "list messages, newest first")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--page", type=_page, metavar="N", help="page N of 25 messages (1)")
    which.add_argument("--all", action="store_true", help="all pages")
    command.add_argument("--search", metavar="Q", help="what the service finds for Q")
    command.add_argument("--kind", metavar="KIND", help="only messages of this kind, such as non_delivery")


def _show(commands: argparse._SubParsersAction[_Parser], common: _Parser) -> None:
    command = _add(commands, common, "show", "show one message, decoded")
    command.add_argument("id", type=_id, metavar="ID")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="the body as it came")
    form.add_argument("--html", action="store_true", help="the body decoded, HTML left as it is")


def _quota(commands: argparse._SubParsersAction[_Parser], common: _Parser) -> None:
    _add(commands, common, "quota", "how full the mailbox is")


def _delete(commands: argparse._SubParsersAction[_Parser], common: _Parser) -> None:
    command = _add(
        commands,
        common,
        "delete",
        "delete messages, after a look at each",
        epilog="An id means the message that was last listed under it. There is no undo.",
    )
    command.add_argument("ids", type=_id, nargs="+", metavar="ID")
    command.add_argument("--dry-run", action="store_true", help="show the plan, delete nothing")
    command.add_argument("--yes", action="store_true", help="don't ask (needed where nobody can be asked)")


def _doctor(commands: argparse._SubParsersAction[_Parser], common: _Parser) -> None:
    _add(commands, common, "doctor", "what is set up, and what is wrong with it")


def _sandbox(commands: argparse._SubParsersAction[_Parser], common: _Parser) -> None:
    command = _add(
        commands,
        common,
        "sandbox",
        "serve the embedded sandbox on this machine",
        epilog="Prints its URL and its credentials as `export` lines; runs until Ctrl-C.",
    )
    command.add_argument("--port", type=_port, default=0, metavar="P", help="port (any free one)")
    _mailbox_size(command)
    command.add_argument("--ids", choices=("uid", "sequence"), help="ids that stay, or that shift")
    command.add_argument("--first-page", type=int, choices=(0, 1), help="number of the first page")
    command.add_argument("--pages", choices=("floor", "ceil"), help="how n_of_pages is rounded")
    command.add_argument("--match", choices=("exact", "substring"), help="how /send/CODE matches")
    command.add_argument("--order", choices=("newest", "oldest"), help="what is listed first")
    command.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="FAULT",
        help="what goes wrong: [OPERATION:]FAULT[=VALUE][:KEY=VALUE], e.g. inbox:500:times=2, "
        "429=3:every=4, delete*:reset-after, latency=0.2; may be given again",
    )


def _number(text: str, least: int, most: int | None, words: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < least or (most is not None and int(text) > most):
        raise argparse.ArgumentTypeError(f"{words}, not {text[:40]!r}")
    return int(text)


def _page(text: str) -> int:
    return _number(text, 1, None, "pages are counted from 1")


def _id(text: str) -> int:
    return _number(text, 0, None, "an id is a whole number")


def _count(text: str) -> int:
    return _number(text, 0, 1_000_000, "a number from 0 to 1000000")


def _whole(text: str) -> int:
    return _number(text, 0, None, "a whole number")


def _port(text: str) -> int:
    return _number(text, 0, 65_535, "a port is a number from 0 to 65535")


def wants_json(arguments: list[str]) -> bool:
    """Whether --json stands among arguments that could not be parsed."""
    return "--json" in arguments
