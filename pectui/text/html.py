"""HTML of strangers as plain text that reads well: the one place that knows the HTML parser.

The parser's stream of tags is used, not its tree: it takes time linear in the length of every hostile page
tried, needs no recursion however deep tags are nested, and gives the text in the order of the mail.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from justhtml import stream

from pectui.text.clean import clean
from pectui.text.layout import Layout


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_DROPPED = _tags("iframe noembed noframes noscript script style template title")
_EMPTY = _tags("area base br col embed hr img input link meta param source track wbr")
_PARAGRAPHS = _tags("blockquote dl fieldset figure form h1 h2 h3 h4 h5 h6 hr p pre table")
_LISTS = frozenset({"ul", "ol"})
_LINES = _tags(
    "address article aside body caption center dd details div dt figcaption footer header html legend main nav "
    "option section select summary tbody textarea tfoot thead"
)
_BLOCKS = _PARAGRAPHS | _LISTS | _LINES | {"li", "tr", "td", "th"}
_HOLDERS = frozenset({"ul", "ol", "dl", "table", "select"})
_ENDS = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"tr"}),
    "option": frozenset({"option"}),
    "a": frozenset({"a"}),
}
"""Ends that people leave out: the tag on the left ends the nearest of those on the right."""
_NEAR = 64
"""How many open tags are looked through for such an end: all of them would cost quadratic time."""
_HIDDEN = re.compile(r"(?:^|[;\s])(?:display\s?:\s?none|visibility\s?:\s?hidden)", re.IGNORECASE)
_LEADS_SOMEWHERE = re.compile(r"(?:https?|ftp|mailto|tel):", re.IGNORECASE)
_DECORATION = re.compile(r"^(?:https?://|ftp://|mailto:|tel:)|/$", re.IGNORECASE)
_LONGEST_LINK = 2_000
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_MOST_COMMENTS = 500


def html_to_text(markup: str) -> str:
    """`markup` as plain, clean text: paragraphs, lists, tables row by row, links with where they lead.

    Scripts, styles, comments and what is hidden are left out. Never fails; takes linear time.
    """
    if markup.count("<!--") > _MOST_COMMENTS:
        # For each comment the parser looks for both ends that it may have, up to the end of the page.
        markup = _COMMENT.sub("", markup)
    reader = _Reader()
    for event in stream(markup):
        if event[0] == "text":
            reader.text(event[1])
        elif event[0] == "start":
            reader.start(*event[1])
        elif event[0] == "end":
            reader.end(event[1])
    return clean(reader.finish())


@dataclass(slots=True)
class _Open:
    """A tag that was not ended yet."""

    name: str
    unseen: bool = False
    row: int | None = None
    href: str = ""


class _Reader:
    """Follows the tags and tells the layout what they mean."""

    def __init__(self) -> None:
        self._layout = Layout()
        self._open: list[_Open] = []
        self._names: Counter[str] = Counter()
        self._unseen = 0
        self._numbers: list[int | None] = []
        self._link: list[str] | None = None

    def text(self, data: str) -> None:
        if self._unseen:
            return
        if self._link is not None:
            self._link.append(data)
        if self._names["pre"] or self._names["textarea"]:
            self._layout.preformatted(data)
        else:
            self._layout.text(data)

    def start(self, name: str, attributes: Mapping[str, str | None]) -> None:
        self._end_what_was_left_open(name)
        if name in _EMPTY:
            if not self._unseen:
                self._empty(name, attributes)
            return
        tag = _Open(name, unseen=name in _DROPPED or _is_hidden(attributes))
        self._open.append(tag)
        self._names[name] += 1
        self._unseen += tag.unseen
        if not self._unseen:
            self._begin(tag, attributes)

    def end(self, name: str) -> None:
        if name == "br" and not self._unseen:
            self._layout.end_line()
        if not self._names[name]:
            return
        while self._open:
            tag = self._open[-1]
            self._close_last()
            if tag.name == name:
                return

    def finish(self) -> str:
        while self._open:
            self._close_last()
        return self._layout.finish()

    def _end_what_was_left_open(self, name: str) -> None:
        ended = _ENDS.get(name)
        if name not in _BLOCKS and ended is None:
            return
        for back, tag in enumerate(self._open[: -_NEAR - 1 : -1], start=1):
            if ended and tag.name in ended:
                self._close_down_to(len(self._open) - back)
                return
            if tag.name == "p" and name in _BLOCKS:
                self._close_down_to(len(self._open) - back)
                return
            if tag.name in _HOLDERS or (ended is None and tag.name in _BLOCKS):
                return

    def _close_down_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._close_last()

    def _close_last(self) -> None:
        tag = self._open.pop()
        self._names[tag.name] -= 1
        if not self._unseen:
            self._finish(tag)
        self._unseen -= tag.unseen

    def _begin(self, tag: _Open, attributes: Mapping[str, str | None]) -> None:
        name, layout = tag.name, self._layout
        if name in _PARAGRAPHS:
            layout.break_paragraph()
        elif name in _LINES:
            layout.break_line()
        if name == "a":
            tag.href = _destination(attributes)
            self._link = []
        elif name == "li":
            layout.begin_item(self._next_marker())
        elif name in _LISTS:
            self._break_around_list()
            self._numbers.append(_first_number(attributes) if name == "ol" else None)
            layout.indent += 1
        elif name == "tr":
            layout.begin_row()
        elif name in ("td", "th"):
            layout.begin_cell()
        elif name == "table":
            tag.row = layout.begin_table()
        elif name == "blockquote":
            layout.quotes += 1

    def _finish(self, tag: _Open) -> None:
        name, layout = tag.name, self._layout
        if name == "a":
            self._show_destination(tag.href)
        elif name in _LISTS:
            self._numbers.pop()
            layout.indent -= 1
            self._break_around_list()
        elif name in ("td", "th"):
            layout.end_cell()
        elif name == "table":
            layout.end_table(tag.row)
        elif name == "blockquote":
            layout.quotes -= 1
        if name in _PARAGRAPHS:
            layout.break_paragraph()
        elif name in _LINES or name in ("li", "tr"):
            layout.break_line()

    def _empty(self, name: str, attributes: Mapping[str, str | None]) -> None:
        if name == "br":
            self._layout.end_line()
        elif name == "hr":
            self._layout.break_paragraph()
            self._layout.text("-" * 20)
            self._layout.break_paragraph()
        elif (
            name == "img" and not _is_hidden(attributes) and (words := (attributes.get("alt") or "").split())
        ):
            self.text(f"[{' '.join(words)}]")

    def _break_around_list(self) -> None:
        if self._numbers:
            self._layout.break_line()
        else:
            self._layout.break_paragraph()

    def _next_marker(self) -> str:
        if not self._numbers or (number := self._numbers[-1]) is None:
            return "- "
        self._numbers[-1] = number + 1
        return f"{number}. "

    def _show_destination(self, href: str) -> None:
        shown = "".join("".join(self._link or ()).split())
        self._link = None
        if href and _DECORATION.sub("", href).casefold() != _DECORATION.sub("", shown).casefold():
            self._layout.text(f" <{href}>")


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "") is not None


def _destination(attributes: Mapping[str, str | None]) -> str:
    href = "".join((attributes.get("href") or "").split())
    if not _LEADS_SOMEWHERE.match(href):
        return ""
    return href if len(href) <= _LONGEST_LINK else href[:_LONGEST_LINK] + "…"


def _first_number(attributes: Mapping[str, str | None]) -> int:
    start = attributes.get("start") or ""
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
