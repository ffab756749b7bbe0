"""Lines of plain text, built piece by piece: blanks folded, breaks merged, table cells kept in their row.

It knows nothing of HTML: a reader tells it what comes, and it decides where a line ends. A break that is asked
for is made when the next text comes, so that any number of them makes one.
"""

from __future__ import annotations

_DEEPEST = 8
"""Levels of quoting or lists that are drawn; deeper ones would push the text off the screen."""


class Layout:
    """Collects text; `finish` gives it as a whole."""

    def __init__(self) -> None:
        self.quotes = 0
        """How deep in quotations the next line stands."""
        self.indent = 0
        """How deep in lists the next line stands."""
        self._lines: list[str] = []
        self._current: list[str] = []
        self._marker = ""
        self._glue = ""
        self._wanted = 0
        self._cell_began_at: int | None = None
        self._cell_is_fresh = False

    def text(self, data: str) -> None:
        """Running text: each run of blanks becomes one, over the borders of pieces too."""
        words = data.split()
        if not words:
            self._blank()
            return
        if data[0].isspace():
            self._blank()
        self._write(" ".join(words))
        if data[-1].isspace():
            self._blank()

    def preformatted(self, data: str) -> None:
        """Text whose blanks and line ends stay."""
        for number, line in enumerate(data.split("\n")):
            if number:
                self.end_line()
            if line:
                self._write(line)

    def end_line(self) -> None:
        """A line ends here, even an empty one; of several empty ones in a row one stays."""
        self._make_break()
        if self._current:
            self._finish_line()
        elif self._lines and self._lines[-1]:
            self._lines.append("")

    def break_line(self) -> None:
        """What comes next stands on a line of its own."""
        if not self._cell_is_fresh:
            self._wanted = max(self._wanted, 1)

    def break_paragraph(self) -> None:
        """The same, with an empty line before it."""
        if not self._cell_is_fresh:
            self._wanted = 2

    def begin_item(self, marker: str) -> None:
        """A list's item: its first line carries `marker`."""
        self.break_line()
        self._marker = marker

    def begin_row(self) -> None:
        self.break_line()
        self._cell_began_at = None

    def begin_cell(self) -> None:
        """A cell: on the line of the one before it, unless that one took several."""
        if self._cell_began_at == len(self._lines) and self._current:
            self._wanted = 0
            self._glue = " | "
        elif self._cell_began_at is not None:
            self.break_line()
        self._cell_is_fresh = True

    def end_cell(self) -> None:
        self._cell_is_fresh = False

    def begin_table(self) -> int | None:
        """Returns what `end_table` needs to go on with the row in which the table stands."""
        outer, self._cell_began_at = self._cell_began_at, None
        return outer

    def end_table(self, outer: int | None) -> None:
        self._cell_began_at = outer
        self._cell_is_fresh = False

    def finish(self) -> str:
        """All lines, without empty ones at the ends."""
        if self._current:
            self._finish_line()
        return "\n".join(self._lines).strip("\n")

    def _blank(self) -> None:
        if self._current and not self._glue:
            self._glue = " "

    def _write(self, text: str) -> None:
        self._make_break()
        if self._cell_is_fresh:
            self._cell_began_at = len(self._lines)
            self._cell_is_fresh = False
        if not self._current:
            self._current.append(self._prefix())
        elif self._glue:
            self._current.append(self._glue)
        self._glue = ""
        self._current.append(text)

    def _prefix(self) -> str:
        marker, self._marker = self._marker, ""
        indent = "  " * (min(self.indent, _DEEPEST) - bool(marker))
        return "> " * min(self.quotes, _DEEPEST) + indent + marker

    def _make_break(self) -> None:
        if not self._wanted:
            return
        if self._current:
            self._finish_line()
        if self._wanted > 1 and self._lines and self._lines[-1]:
            self._lines.append("")
        self._wanted = 0

    def _finish_line(self) -> None:
        self._lines.append("".join(self._current).rstrip())
        self._current = []
        self._glue = ""
