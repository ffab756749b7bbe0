"""Mail is written by strangers: nothing in it reaches the terminal as anything but text."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

import pectui.tui
from pectui.tui.backstop import DropControls
from pectui.tui.foreign import raw_lines, shown, shown_lines
from tests.tui.stage import Stage, playing

HOSTILE = {
    "closing markup": "[/] chiuso [/bold][/]",
    "a link that runs": "[@click=app.quit]premi[/]",
    "vanishing markup": "[INBOX] [red] testo",
    "escape": "\x1b[31mrosso\x1b[2J\x1b]0;titolo\x07",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x1b\\ prova",
    "C1": "\x9b31m \x90q\x9c \x85riga",
    "bidi": "fattura \u202egpj.exe\u202c \u2067x\u2069",
    "zero width": "a\u200bb\u200dc\ufeffd\U000e0041",
    "towers": "Z" + "\u0301" * 200,
    "surrogate": "mezzo \ud83d carattere",
    "wide": "漢字かな交じり文 😀 ｆｕｌｌ",
    "line ends": "una\r\ndue\rtre\u2028quattro\u2029cinque\ttab",
    "endless": "x" * 5000,
}  # fmt: skip
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


class TestHostileMail:
    """In subject, sender, recipient and text; in the list, the preview, the dialogs, the notices."""

    async def test_it_stays_text_everywhere(self) -> None:
        stage = Stage(messages=0)
        for text in HOSTILE.values():
            stage.sandbox.mailbox.deliver(
                text, f"prima\n{text}\ndopo", sender=f"{text}@x.example", recipient=text
            )
        async with playing(stage, (120, 40)) as stage:
            assert len(stage.inbox.list.rows) == len(HOSTILE)
            for _ in HOSTILE:
                for keys in ((), ("enter",), ("v",), ("escape", "d"), ("escape", "y"), ("escape", "j")):
                    await stage.press(*keys)
                    for line in stage.lines():
                        assert not FORBIDDEN.search(line), repr(line)
                        assert cell_len(line) == 120, repr(line)
            assert stage.inbox.list.cursor == len(HOSTILE) - 1
            assert stage.app.is_running

    async def test_it_is_not_read_as_markup(self) -> None:
        stage = Stage(messages=0)
        for text in HOSTILE.values():
            stage.sandbox.mailbox.deliver(text, "x")
        async with playing(stage, (250, 60)) as stage:
            text = stage.text()
            for row in stage.inbox.list.rows:
                assert shown(row.message.subject)[:60].strip() in text  # type: ignore[attr-defined]

    async def test_it_can_be_deleted(self) -> None:
        stage = Stage(messages=3)
        stage.sandbox.mailbox.deliver(HOSTILE["closing markup"], HOSTILE["escape"], sender="[/]@x.example")
        async with playing(stage) as stage:
            await stage.press("d", "y")
            assert "[/] chiuso [/bold][/]" in stage.text()
            assert len(stage.sandbox.mailbox.mails) == 3


class TestTheDoor:
    """`foreign` makes the only strings that are painted."""

    def test_a_line_is_one_line(self) -> None:
        assert shown("a\nb\tc\r\nd") == "a b c d"

    def test_lines_are_lines_without_tabs(self) -> None:
        assert shown_lines("a\tb\nc") == ["a   b", "c"]

    def test_raw_text_shows_what_came(self) -> None:
        assert raw_lines("a\x1b[31mb\u202e") == ["a\\x1b[31mb\\u202e"]


class TestTheBackstop:
    """What got past everything else is not written."""

    def test_it_replaces_controls_cell_by_cell(self) -> None:
        from rich.segment import Segment
        from textual.color import Color

        filtered = DropControls().apply([Segment("a\x1b[31m\x9d"), Segment("b")], Color(0, 0, 0))
        assert [segment.text for segment in filtered] == ["a?[31m?", "b"]

    async def test_it_is_on_the_way_of_every_line(self) -> None:
        async with playing(Stage()) as stage:
            assert any(isinstance(one, DropControls) for one in stage.app.get_line_filters())


SOURCES = sorted(Path(pectui.tui.__file__).parent.rglob("*.py"))
MAKERS = {"foreign.py", "paint.py", "moment.py"}
"""Modules that make `Shown` of what is clean already: slices and pads of `Shown`, and dates."""
MARKUP = {
    "Static",
    "Label",
    "Markdown",
    "Content",
    "Text",
    "Segment",
    "Link",
    "Button",
    "Toast",
    "notify",
    "from_markup",
    "render_str",
}
PAINTED_ATTRIBUTES = {
    "border_title",
    "border_subtitle",
    "title",
    "sub_title",
    "tooltip",
    "placeholder",
    "help",
}


def names_in(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def is_ours(argument: ast.expr) -> bool:
    """A literal, or literals repeated or chosen between."""
    if isinstance(argument, ast.Constant):
        return True
    if isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Mult):
        return is_ours(argument.left)
    return isinstance(argument, ast.IfExp) and is_ours(argument.body) and is_ours(argument.orelse)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
class TestTheSources:
    """Nobody goes around the door."""

    def test_text_reaches_textual_through_foreign_only(self, path: Path) -> None:
        if path.name in {"foreign.py", "backstop.py", "paint.py"}:
            return
        assert not names_in(ast.parse(path.read_text())) & MARKUP

    def test_only_literals_are_called_clean_without_being_cleaned(self, path: Path) -> None:
        if path.name in MAKERS:
            return
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Shown":
                assert is_ours(node.args[0]), f"{path.name}:{node.lineno}"

    def test_no_painted_attribute_gets_a_bare_string(self, path: Path) -> None:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    bad = isinstance(target, ast.Attribute) and target.attr in PAINTED_ATTRIBUTES
                    assert not bad, f"{path.name}:{node.lineno}"
