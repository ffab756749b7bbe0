"""The command line taken apart, with help that reads well at 80 columns and mistakes that say what was meant.

It loads argparse and nothing of what the commands need: `pectui --help` must be there at once.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable

from pectui import __version__
from pectui.cli.arguments import add_commands, identifier
from pectui.errors import UsageError

TYPE_CHECKING = False  # typing's own costs 4 ms of each start
if TYPE_CHECKING:
    from typing import NoReturn

_DESCRIPTION = """\
A terminal program for Italy's certified mail (PEC) sent in bulk.

the screen:
  pectui                    open the mailbox
  pectui demo               look around on the embedded sandbox; needs nothing

for scripts and quick looks:
  pectui inbox              list messages, newest first
  pectui show ID            show one message, decoded
  pectui sends [CODE...]    list sends and what became of them
  pectui sync               have what is remembered follow the service
  pectui delete ID...       delete messages, after a look at each; whole sends,
                            or what is completed: see pectui delete --help
  pectui send --to A ...    send one PEC, once
  pectui campaign run FILE  send each row of a CSV file a PEC of its own; check
                            it first, resume, report: pectui campaign --help
  pectui jobs               list deletions and campaigns; go on with a deletion
                            that was cut off
  pectui export --all       copy messages to a folder, with a manifest
  pectui quota              tell how full the mailbox is, and when it will be

set-up:
  pectui cache info|clear   tell or forget what is remembered
  pectui doctor             tell what is set up, and what is wrong with it
  pectui sandbox            serve the embedded sandbox on this machine

`pectui COMMAND --help` tells what each of them takes."""

_EPILOG = """\
flags stand before or after the command. Secrets are never flags:
  PECTUI_TOKEN, PECTUI_USERNAME and PECTUI_PASSWORD name the mailbox, or a
  profile in the configuration file with commands or files that hold them

examples:
  pectui -S inbox --search fattura    the service's own sandbox
  pectui inbox --kind non_delivery --all
  pectui inbox --offline --search rossi   what is remembered; asks nobody
  pectui show 4711
  pectui sends --problems
  pectui sends 2020082610003492       what became of each recipient
  pectui sends --csv > report.csv     a line for each recipient
  pectui delete 4711 --dry-run        what would go, and what it is proof of
  pectui delete --completed --older-than 30d --export proof
  pectui export --code 2020082610003492 --format eml -o proof
  pectui quota --check --warn 80 --crit 900MiB    a monitoring plugin

exit status:
  0 done, 1 done in part or failed, 2 wrong usage, 69 service unreachable or
  broken, 75 try again later, 77 refused, 78 configuration, 130 Ctrl-C
"""

_COMMON_EPILOG = "The flags of `pectui --help` (such as --json or --demo) work here too."
_NO_SECRETS = "Secrets are never flags, since others could see them: set PECTUI_TOKEN or PECTUI_PASSWORD."


_MANY: dict[str | None, tuple[str, str, Callable[[str], object]]] = {
    "delete": ("ids", "ID", identifier),
    "export": ("ids", "ID", identifier),
    "sends": ("codes", "CODE", str),
}
"""Commands that take several of something: where it goes, what help calls it, and what makes it of a word."""


class _Parser(argparse.ArgumentParser):
    """argparse whose mistakes are `UsageError`s that know what was probably meant."""

    def error(self, message: str) -> NoReturn:
        unknown = re.match(r"argument COMMAND: invalid choice: '?([^' ]*)", message)
        if unknown:
            raise UsageError(
                f"Unknown command `{unknown[1]}`", "", _nearest(unknown[1], self.commands) or self.see_help
            )
        raise UsageError(message[:1].upper() + message[1:], "", self.see_help)

    @property
    def see_help(self) -> str:
        return f"See `{self.prog} --help`."

    @property
    def flags(self) -> dict[str, argparse.Action]:
        return self._option_string_actions

    @property
    def commands(self) -> dict[str, _Parser]:
        """The commands by name; none for the parser of a command."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                return dict(action.choices)
        return {}


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=79)


def parse(argv: list[str]) -> argparse.Namespace:
    """What `argv` asks for. UsageError where it makes no sense, SystemExit after --help and --version."""
    parser = build_parser()
    _refuse_unknown_flags_before_the_command(parser, argv)
    arguments, rest = parser.parse_known_args(argv)
    if arguments.command in _MANY:
        rest = _take_more(arguments, rest)
    if rest:
        command = parser.commands.get(arguments.command, parser)
        if rest[0].startswith("-"):
            raise _unknown_flag(rest[0], command, {**parser.flags, **command.flags})
        raise UsageError(f"Unexpected argument `{rest[0]}`", "", command.see_help)
    return arguments


def _refuse_unknown_flags_before_the_command(parser: _Parser, argv: list[str]) -> None:
    """argparse would take the value of an unknown flag for the command, and complain about that one."""
    words = iter(argv)
    for word in words:
        name, equals, _ = word.partition("=")
        if not word.startswith("-") or word == "--":
            return
        action = parser.flags.get(name)
        if action is None and word.startswith("--"):
            raise _unknown_flag(word, parser, parser.flags)
        if action is not None and action.nargs is None and not equals:
            next(words, None)


def _unknown_flag(word: str, command: _Parser, known: Iterable[str]) -> UsageError:
    name = word.partition("=")[0]
    if re.search("token|pass|secret|key|credential", name):
        return UsageError(f"There is no flag {name}", "", _NO_SECRETS)
    return UsageError(f"There is no flag {name}", "", _nearest(name, known) or command.see_help)


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    nearest = get_close_matches(word, list(known), 1)
    return f"Did you mean `{nearest[0]}`?" if nearest else ""


def _take_more(arguments: argparse.Namespace, rest: list[str]) -> list[str]:
    """argparse takes ids in one run only; those behind a flag (`delete 1 --yes 2`) are ids as well."""
    name, metavar, convert = _MANY[arguments.command]
    for at, word in enumerate(rest):
        if word.startswith("-"):
            return rest[at:]
        try:
            getattr(arguments, name).append(convert(word))
        except argparse.ArgumentTypeError as problem:
            see_help = f"See `pectui {arguments.command} --help`."
            raise UsageError(f"Argument {metavar}: {problem}", "", see_help) from None
    return []


def build_parser() -> _Parser:
    """The parser of `pectui`."""
    parser = _Parser(
        prog="pectui",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=_Formatter,
        usage="pectui [flags] [command ...]",
        allow_abbrev=False,
        add_help=False,
    )
    _add_global_flags(parser, first=True)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", help=argparse.SUPPRESS, parser_class=_Parser, prog="pectui"
    )

    common = _Parser(add_help=False, formatter_class=_Formatter)
    _add_global_flags(common, first=False)

    def add(name: str, words: str, epilog: str = "") -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            description=f"{words[:1].upper()}{words[1:]}.",
            epilog="\n\n".join(part for part in (epilog, _COMMON_EPILOG) if part),
            formatter_class=_Formatter,
            allow_abbrev=False,
            parents=[common],
        )

    add_commands(add)
    return parser


def _add_global_flags(parser: argparse.ArgumentParser, *, first: bool) -> None:
    """The flags that stand before and after the command: after it they speak only if they are given."""
    group = parser.add_argument_group("flags") if first else parser

    def add(*names: str, help: str, **facts: object) -> None:  # noqa: A002 - argparse's own word
        if not first:
            help, facts["default"] = argparse.SUPPRESS, argparse.SUPPRESS  # noqa: A001 - as above
        group.add_argument(*names, help=help, **facts)  # type: ignore[arg-type]  # argparse's own names

    def switch(*names: str, help: str) -> None:  # noqa: A002 - argparse's own word
        add(*names, help=help, action="store_true", default=False)

    add("--profile", metavar="NAME", help="profile of the configuration file")
    switch("-S", "--sandbox", help="the service's sandbox")
    switch("--demo", help="the embedded sandbox, in memory")
    add("--base-url", metavar="URL", help="another host (https, or http on this machine)")
    add("--config", metavar="FILE", help="configuration file instead of the usual one")
    switch("--json", help="one JSON document on stdout")
    switch("--no-input", help="never ask for anything")
    switch("--read-only", help="refuse to delete")
    switch("--offline", help="ask nobody: what is remembered is all there is")
    add("--color", choices=("auto", "always", "never"), default="auto", help="when to colour (auto)")
    switch("--mouse", help="take the mouse also over SSH")
    switch("--debug", help="write a redacted log file, and say where it is")
    if first:
        group.add_argument("-h", "--help", action="help", help="show this help")
        group.add_argument(
            "--version", action="version", version=f"pectui {__version__}", help="show the version"
        )


def wants_json(argv: list[str]) -> bool:
    """Whether --json stands among arguments that could not be parsed."""
    return "--json" in argv
