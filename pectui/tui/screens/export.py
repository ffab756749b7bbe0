"""Asks in which form messages are exported, and where to: a folder that is not there yet."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from textual import events
from textual.widget import Widget
from textual.widgets import Input

from pectui.domain.export import STATEMENT_EN, ExportFormat, ExportTarget
from pectui.tui.foreign import NOTHING, Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.marking import messages
from pectui.tui.paint import BLANK_LINE, Line, Span, wrapped
from pectui.tui.screens.dialog import DialogScreen, DialogText
from pectui.tui.widgets.footer import KeyHint
from pectui.tui.widgets.painted import Painted

_FORMS = {
    "j": (ExportFormat.JSON, Shown("all that came, undecoded too: the one for evidence")),
    "c": (ExportFormat.CSV, Shown("a table of readable texts, for spreadsheets")),
    "m": (ExportFormat.MBOX, Shown("one file, for mail programs")),
    "e": (ExportFormat.EML, Shown("a file for each message")),
}
_FILE_ENDINGS = frozenset({".json", ".jsonl", ".csv", ".mbox", ".eml"})
_SCROLLING = frozenset({"up", "down", "pageup", "pagedown"})


class PathPrompt(Painted):
    """What stands above the path."""

    def lines(self, width: int) -> list[Line]:
        return [(Span(Shown("New folder"), Ink.KEY),)]


class ExportScreen(DialogScreen[ExportTarget]):
    """None if nothing is to be exported. A letter chooses the form, `p` leads to the path, Enter exports."""

    def __init__(self, count: int, path: str) -> None:
        """`count` messages are to be exported; `path` stands there at first."""
        super().__init__()
        self._count = count
        self._form = ExportFormat.JSON
        self._path = Input(path, select_on_focus=False)
        self._path.cursor_blink = False  # a blinking cursor writes to the terminal for ever
        self._problem = NOTHING

    def below_text(self) -> Iterable[Widget]:
        return (PathPrompt(), self._path)

    def text(self, width: int) -> list[Line]:
        lines: list[Line] = [(Span(shown(f"Export {messages(self._count)}"), Ink.STRONG),)]
        # Above the rest: a low terminal shows little else.
        lines += wrapped(Span(self._problem, Ink.BAD), width) if self._problem else [BLANK_LINE]
        for key, (form, told) in _FORMS.items():
            chosen = form is self._form
            sign = Span(Shown("● ") if chosen else spaces(2), Ink.ACCENT)
            name = Span(shown(f" {form.value:<5} "), Ink.STRONG if chosen else Ink.PLAIN)
            lines.append((sign, Span(shown(key), Ink.KEY), name, Span(told, Ink.MUTED)))
        return [*lines, BLANK_LINE, *wrapped(Span(shown(STATEMENT_EN), Ink.MUTED), width), BLANK_LINE]

    def key_hints(self) -> list[KeyHint]:
        if self._is_typing:
            return [KeyHint(Shown("Enter"), Shown("export")), KeyHint(Shown("Esc"), Shown("to the forms"))]
        return [
            KeyHint(Shown("Enter"), Shown("export")),
            KeyHint(Shown("j c m e"), Shown("form")),
            KeyHint(Shown("p"), Shown("path")),
            KeyHint(Shown("Esc"), Shown("no")),
        ]

    @property
    def _is_typing(self) -> bool:
        return self.focused is self._path

    def on_key(self, event: events.Key) -> None:
        if self._is_typing:
            self._typed(event)
            return
        if event.key in _SCROLLING:
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self._export()
        elif event.key in ("p", "tab"):
            # At once: keys behind it are for the line.
            self.set_focus(self._path)
            self._show_keys()
        elif event.key in ("escape", "q", "n"):
            self.dismiss(None)
        elif event.key in _FORMS:
            self._form = _FORMS[event.key][0]
            self.lay_out_again()

    def _typed(self, event: events.Key) -> None:
        """What the line didn't take: keys that came before it had the focus, and those that lead away from it."""
        if event.key == "enter":
            self._export()
        elif event.key in ("escape", "tab"):
            self.set_focus(self.query_one(DialogText))
            self._show_keys()
        elif event.character is not None and event.is_printable:
            self._path.insert_text_at_cursor(event.character)
        else:
            return  # the line's own, such as those that move in it
        event.stop()
        event.prevent_default()

    def _export(self) -> None:
        path = self._path.value.strip()
        problem, target = _target(path, self._form)
        if target is not None:
            self.dismiss(target)
            return
        self._problem = problem
        self.lay_out_again()


def default_path(address: str, day: str) -> str:
    """A new folder in the working directory, named by mailbox and day; `~` stands for the home folder."""
    name = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "@.-_") else "-" for letter in address
    )
    name = f"pectui-{name.strip('.-') or 'mailbox'}-{day}"
    try:
        folder = Path.cwd()
    except OSError:
        folder = Path.home()
    path, number = folder / name, 2
    while os.path.lexists(path):
        path, number = folder / f"{name}-{number}", number + 1
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


def _target(text: str, form: ExportFormat) -> tuple[Shown, ExportTarget | None]:
    """Where to, or why not."""
    if not text:
        return Shown("It needs a name."), None
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        return Shown("Nobody knows whose home folder that is."), None
    if path.suffix.lower() in _FILE_ENDINGS:
        return shown(f"An export is a folder: leave {path.suffix} out."), None
    if os.path.lexists(path):
        return shown(f"{path} is there already, and nothing is overwritten: choose another name."), None
    return NOTHING, ExportTarget(path, form)
