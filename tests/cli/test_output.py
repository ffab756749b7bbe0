"""What commands print is safe for a terminal, true for a script, and aligned for a person."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.cli.columns import Columns, fit, width_of
from pectui.cli.output import emphasis, local_time, print_error, print_json, print_json_with, say
from pectui.domain.kind import Kind
from pectui.errors import ConfigError, PectuiError, RefusedHereError, StoreError, UnreachableError, UsageError

PLAIN = st.none() | st.booleans() | st.integers() | st.text('aè\\"/\n ') | st.sampled_from([*Kind])
DOCUMENTS = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text('abè"'), inner)
)
HOSTILE = "a\x1b]0;x\x07\x9b2J\u202eb\u200b\u2028\ufeff\U000e0041\ud800c\x7f\r\n\t"


class TestJson:
    """One document: letters stay letters, what steers a terminal is escaped, a parser gets what came."""

    def test_what_steers_is_escaped_and_nothing_is_lost(self, capsys: pytest.CaptureFixture[str]) -> None:
        print_json({"raw": HOSTILE, "città": "perché 你好 🙂"})
        printed = capsys.readouterr().out
        assert json.loads(printed) == {"raw": HOSTILE, "città": "perché 你好 🙂"}
        assert "perché 你好 🙂" in printed
        assert set(HOSTILE) & set(printed) <= set("abcx0;]2J\n")

    @given(DOCUMENTS)
    def test_it_has_the_library_s_form(self, document: object) -> None:
        with redirect_stdout(io.StringIO()) as out:
            print_json(document)
        assert out.getvalue() == json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_a_long_list_is_written_as_it_comes_and_is_the_same_document(
        self, count: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [{"id": number, "raw": HOSTILE, "none": None, "list": [1]} for number in range(count)]
        document = {"page": 1, "rows": rows, "warnings": ['a "rows": [] in a text', HOSTILE]}
        print_json(document)
        whole = capsys.readouterr().out
        print_json_with(document, "rows", iter(rows))
        assert capsys.readouterr().out == whole

    def test_without_letters_it_is_ascii(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
        print_json({"città": "🙂"})
        sys.stdout.flush()
        assert json.loads(raw.getvalue().decode("ascii")) == {"città": "🙂"}


class TestErrors:
    """Two lines on stderr, or one document on stdout; clean in any case."""

    @pytest.mark.parametrize(
        "kind", [UsageError, ConfigError, UnreachableError, RefusedHereError, StoreError]
    )
    def test_there_are_always_two_lines(
        self, kind: type[PectuiError], capsys: pytest.CaptureFixture[str]
    ) -> None:
        print_error(kind("what\nhappened", f"why {HOSTILE}"), as_json=False)
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("pectui: what happened: why a")
        assert len(err.splitlines()) == 2
        assert "\x1b" not in err

    def test_as_a_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        print_error(ConfigError("what", "why", "do this"), as_json=True)
        out, err = capsys.readouterr()
        assert err == ""
        assert json.loads(out) == {
            "error": {"title": "what", "detail": "why", "hint": "do this", "exit_code": 78}
        }

    def test_messages_are_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        say(f"one\ntwo {HOSTILE}")
        assert len(capsys.readouterr().err.splitlines()) == 1


class TestColumns:
    """Aligned by cells, cut only where a terminal is too narrow."""

    ROWS = (("1", "perché no", "x"), ("22", "你好你好", "yy"), ("3", "e\u0301 accent", "z"))

    def test_cells_not_letters_are_counted(self) -> None:
        assert [width_of(text) for text in ("abc", "你好", "e\u0301", "🙂", "")] == [3, 4, 1, 2, 0]

    def test_columns_stand_under_each_other(self) -> None:
        lines = list(Columns(flexible=(1,)).lines(self.ROWS))
        assert [width_of(line) - width_of(row[2]) for line, row in zip(lines, self.ROWS, strict=True)] == [
            15
        ] * 3

    @pytest.mark.parametrize(
        ("text", "width"), [("abcdef", 4), ("你好你好", 4), ("你好你好", 5), ("a", 4), ("", 3)]
    )
    def test_what_is_cut_fills_its_place(self, text: str, width: int) -> None:
        assert width_of(fit(text, width)) == width

    def test_a_pipe_gets_everything(self) -> None:
        assert list(Columns(flexible=(0,)).lines([("x" * 500, "y")])) == ["x" * 500 + "  y"]

    def test_rows_that_come_later_stand_under_the_first(self) -> None:
        layout = Columns(flexible=(0,))
        first, *_ = layout.lines([("long", "x")])
        later, *_ = layout.lines([("s", "x")])
        assert first.index("x") == later.index("x")

    def test_nothing_gives_no_lines(self) -> None:
        assert list(Columns(flexible=(0,)).lines([])) == []


class TestColour:
    """--color, else a terminal without NO_COLOR."""

    @pytest.fixture(autouse=True)
    def terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("NO_COLOR", raising=False)

    def test_flags_decide(self) -> None:
        assert "\x1b[" in emphasis("always", io.StringIO())("x")
        assert emphasis("never", Terminal())("x") == "x"

    def test_else_the_stream_does(self) -> None:
        assert emphasis("auto", io.StringIO())("x") == "x"
        assert "\x1b[" in emphasis("auto", Terminal())("x")

    @pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb"), ("TERM", "")])
    def test_or_the_environment(self, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, value)
        assert emphasis("auto", Terminal())("x") == "x"


class Terminal(io.StringIO):
    """A stream that says that it is one."""

    def isatty(self) -> bool:
        return True


class TestTime:
    """Dates in the user's own zone."""

    def test_odd_years_have_no_local_time(self) -> None:
        assert local_time(None) == "?"
        assert local_time(datetime(1, 1, 1, tzinfo=UTC)).endswith("-01-01 00:00")
        assert local_time(datetime(9999, 12, 31, 23, 59, tzinfo=UTC)).startswith("9999-12-31 23:59")
