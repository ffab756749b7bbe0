"""The command line taken apart: what it takes, where, and what it says to the rest."""

from __future__ import annotations

from typing import get_args

import pytest

from pectui.cli.arguments import FAULTS
from pectui.cli.parser import build_parser, parse
from pectui.domain.export import ExportFormat
from pectui.domain.kind import Kind
from pectui.errors import UsageError
from pectui.sandbox import options
from pectui.sandbox.faults import OPERATIONS, known_faults

GLOBAL = [
    (["--profile", "a"], "profile", "a"),
    (["--profile=a"], "profile", "a"),
    (["-S"], "sandbox", True),
    (["--sandbox"], "sandbox", True),
    (["--demo"], "demo", True),
    (["--base-url", "https://x.example"], "base_url", "https://x.example"),
    (["--config", "f"], "config", "f"),
    (["--json"], "json", True),
    (["--no-input"], "no_input", True),
    (["--read-only"], "read_only", True),
    (["--offline"], "offline", True),
    (["--color", "never"], "color", "never"),
    (["--mouse"], "mouse", True),
    (["--debug"], "debug", True),
]


def refused(*argv: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        parse([*argv])
    return caught.value


class TestGlobalFlags:
    """They stand before or after the command."""

    @pytest.mark.parametrize(("flag", "name", "value"), GLOBAL, ids=lambda value: str(value))
    def test_both_places_mean_the_same(self, flag: list[str], name: str, value: object) -> None:
        for argv in ([*flag, "show", "3"], ["show", *flag, "3"], ["show", "3", *flag]):
            arguments = parse(argv)
            assert (arguments.command, arguments.id, getattr(arguments, name)) == ("show", 3, value)

    def test_what_stands_before_is_not_forgotten_after(self) -> None:
        arguments = parse(["--json", "-S", "--color", "always", "quota", "--no-input"])
        assert (arguments.json, arguments.sandbox, arguments.no_input) == (True, True, True)
        assert arguments.color == "always"

    def test_nothing_at_all_is_the_screen(self) -> None:
        arguments = parse([])
        assert arguments.command is None
        for _, name, _ in GLOBAL:
            assert getattr(arguments, name) in (None, False, "auto")


class TestMistakes:
    """Exit status 2, with what was probably meant."""

    @pytest.mark.parametrize(
        ("argv", "title", "hint"),
        [
            (["inbx"], "Unknown command `inbx`", "Did you mean `inbox`?"),
            (["compose"], "Unknown command `compose`", "See `pectui --help`."),
            (["inbox", "--serch", "x"], "There is no flag --serch", "Did you mean `--search`?"),
            (["inbox", "--jsn"], "There is no flag --jsn", "Did you mean `--json`?"),
            (["--profil", "inbox", "quota"], "There is no flag --profil", "Did you mean `--profile`?"),
            (["--sandbx"], "There is no flag --sandbx", "Did you mean `--sandbox`?"),
            (["--page", "2", "inbox"], "There is no flag --page", ""),
            (["inbox", "more"], "Unexpected argument `more`", "See `pectui inbox --help`."),
            (["show", "3", "4"], "Unexpected argument `4`", "See `pectui show --help`."),
            (["inbox", "--al"], "There is no flag --al", "Did you mean `--all`?"),
            (["inbox", "--all", "--page", "2"], "Argument --page: not allowed with argument --all", ""),
            (["inbox", "--page", "0"], "Argument --page: pages are counted from 1, not '0'", ""),
            (["delete", "3", "--yes", "x"], "Argument ID: an id is a whole number, not 'x'", ""),
            (["delete", "3", "--yes", "4", "--no"], "There is no flag --no", ""),
            (
                ["cache", "clean"],
                "Argument info|clear: invalid choice: 'clean'",
                "See `pectui cache --help`.",
            ),
            (["cache"], "The following arguments are required: info|clear", "See `pectui cache --help`."),
            (["sync", "--ful"], "There is no flag --ful", "Did you mean `--full`?"),
            (["sens"], "Unknown command `sens`", "Did you mean `sends`?"),
            (["sends", "--problem"], "There is no flag --problem", "Did you mean `--problems`?"),
            (["sends", "2020082610003492", "--cvs"], "There is no flag --cvs", "Did you mean `--csv`?"),
            (["--ofline", "inbox"], "There is no flag --ofline", "Did you mean `--offline`?"),
            (["delete", "٣"], "Argument ID: an id is a whole number, not '٣'", ""),
            (["sandbox", "--send-interval", "nan"], "Argument --send-interval: a number of seconds", ""),
        ],
    )
    def test_what_was_meant(self, argv: list[str], title: str, hint: str) -> None:
        error = refused(*argv)
        assert error.title.startswith(title)
        assert hint in error.hint

    @pytest.mark.parametrize(
        "argv",
        [
            ["--token", "hunter2", "inbox"],
            ["--token=hunter2", "inbox"],
            ["inbox", "--token=hunter2"],
            ["inbox", "--password", "hunter2"],
            ["inbox", "--x-password=hunter2"],
        ],
    )
    def test_a_secret_is_no_flag_and_is_not_repeated(self, argv: list[str]) -> None:
        error = refused(*argv)
        assert "hunter2" not in f"{error} {error.hint}"
        assert "PECTUI_TOKEN" in error.hint

    def test_ids_may_stand_around_flags(self) -> None:
        assert parse(["delete", "1", "--yes", "2", "--json", "3"]).ids == [1, 2, 3]

    @pytest.mark.parametrize("argv", [["1", "--json", "2"], ["--json", "1", "2"], ["1", "2", "--json"]])
    def test_those_of_an_export_too_and_there_may_be_none(self, argv: list[str]) -> None:
        form = ["--format", "csv", "-o", "x"]
        assert parse(["export", *argv, *form]).ids == parse(["export", *form, *argv]).ids == [1, 2]
        arguments = parse(["export", "--code", "1", "2", *form, "--code", "3"])
        assert (arguments.ids, arguments.code) == ([], ["1", "2", "3"])
        assert parse(["export", "--all", *form]).code == []

    @pytest.mark.parametrize(
        "argv",
        [["1", "--json", "2"], ["--json", "1", "2"], ["1", "2", "--json"], ["--json", "1", "--csv", "2"]],
    )
    def test_codes_may_too_and_there_may_be_none(self, argv: list[str]) -> None:
        arguments = parse(["sends", *argv])
        assert (arguments.codes, arguments.json) == (["1", "2"], True)
        assert parse(["sends", "--json"]).codes == []


class TestWhatItKnowsOfOthers:
    """Names that are repeated here agree with those who own them."""

    def test_the_sandboxes_switches(self) -> None:
        flags = build_parser().commands["sandbox"].flags
        for flag, kind in (
            ("--ids", options.Ids),
            ("--pages", options.Pages),
            ("--match", options.Match),
            ("--order", options.Order),
            ("--before-first", options.BeforeFirst),
            ("--delete-missing", options.DeleteMissing),
            ("--send-texts", options.SendTexts),
        ):
            assert set(flags[flag].choices or ()) == set(get_args(kind)), flag

    def test_the_forms_of_an_export(self) -> None:
        assert build_parser().commands["export"].flags["--format"].choices == tuple(ExportFormat)

    def test_every_switch_reaches_the_sandbox(self) -> None:
        from dataclasses import fields

        from pectui.cli.commands.sandbox import _SWITCHES

        not_for_users = {"now", "address"}
        assert set(_SWITCHES) == {one.name for one in fields(options.Options)} - not_for_users
        assert set(_SWITCHES) <= set(vars(parse(["sandbox"])))

    def test_the_defaults_that_help_names(self) -> None:
        defaults = options.Options()
        flags = build_parser().commands["sandbox"].flags
        for flag, value in (
            ("--messages", defaults.messages),
            ("--seed", defaults.seed),
            ("--ids", defaults.ids),
            ("--first-page", defaults.first_page),
            ("--pages", defaults.pages),
            ("--order", defaults.order),
            ("--match", defaults.match),
            ("--quota-limit", defaults.quota_limit),
        ):
            assert f"({value})" in (flags[flag].help or ""), flag

    def test_every_fault_and_operation_is_in_the_help(self) -> None:
        words = set(FAULTS.replace(",", " ").replace("(", " ").split())
        assert {*known_faults(), *OPERATIONS} <= words

    def test_every_kind_is_in_the_help(self) -> None:
        told = build_parser().commands["inbox"].flags["--kind"].help or ""
        for kind in Kind:
            assert kind.value in told

    def test_every_command_is_in_the_help(self) -> None:
        parser = build_parser()
        for name in parser.commands:
            assert f"pectui {name}" in parser.format_help()
