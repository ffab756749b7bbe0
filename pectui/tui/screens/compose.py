"""A message that is being written: its fields, what is wrong with them as they are typed, and the keys.

It lies over the view that one came from. What is written is kept by `keeping`, what is attached by
`enclosing`; `reviewing` sends it. The fields themselves are loaded with the first message only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Input

from pectui.domain.composition import Composition, SavedDraft
from pectui.tui.compose_words import recipients_told, status_of, subject_told
from pectui.tui.enclosing import Enclosing
from pectui.tui.foreign import Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.keeping import Keeping
from pectui.tui.keys import COMPOSE, PAGES, PROGRAM
from pectui.tui.late_keys import late_keys
from pectui.tui.paint import Span
from pectui.tui.reviewing import Reviewing
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.widgets.notice import Severity
from pectui.tui.widgets.told import FieldName, RuleLine, Told

if TYPE_CHECKING:
    from textual.widgets import TextArea

    from pectui.session import Session
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.widgets.writing import LeftOut, PathLine, WritingArea, WritingLine

SHORT_BELOW = 16
"""Lines below which the fields take as little room as they can."""


class ComposeScreen(FramedScreen):
    """Fields and keys of one message."""

    view_name = "compose"
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/compose.tcss"

    BINDINGS: ClassVar = [
        Binding("ctrl+s", "review", "send", id="compose.review", group=COMPOSE, tooltip="look it over, then send"),
        # Before the fields' own: what is typed right behind them must not go into the field that one leaves.
        Binding("tab", "field(1)", "next", priority=True, id="compose.next", group=PAGES, tooltip="next field"),
        Binding("shift+tab", "field(-1)", show=False, priority=True, id="compose.previous", tooltip="field before"),
        Binding("ctrl+o", "editor", "editor", id="compose.editor", group=COMPOSE, tooltip="text in $EDITOR"),
        Binding("ctrl+t", "turn_html", "HTML", id="compose.html", group=COMPOSE, tooltip="plain text or HTML"),
        Binding("ctrl+r", "read", "preview", id="compose.read", group=COMPOSE, tooltip="as its recipient reads it"),
        Binding("ctrl+l", "drafts", "drafts", id="compose.drafts", group=COMPOSE, tooltip="other drafts"),
        Binding("escape", "back", "keep", id="compose.back", group=PAGES, tooltip="keep the draft, go back"),
        Binding("ctrl+g,f1", "app.help", "help", id="compose.help", group=PROGRAM, tooltip="these keys"),
        Binding("tab", "field(1)", show=False),
        *late_keys(),
    ]  # fmt: skip

    def __init__(self, inbox: InboxScreen, draft: SavedDraft) -> None:
        super().__init__()
        self.inbox = inbox
        self.keeping = Keeping(self, draft)
        self.enclosing = Enclosing(self, draft.composition.attachments)
        self.reviewing = Reviewing(self)
        self._is_html = draft.composition.is_html
        self._closed_with: Composition | None = None
        self._early: list[str] = []
        """What was typed before there was a field."""
        self._body_name = RuleLine(_rule(is_html=self._is_html))
        self._to_told, self._subject_told, self.files_told = Told(), Told(), Told()

    @property
    def session(self) -> Session:
        """The open mailbox."""
        assert self.inbox.session is not None
        return self.inbox.session

    def body(self) -> Iterable[Widget]:
        from pectui.tui.widgets.writing import PathLine, WritingArea, WritingLine

        written = self.keeping.draft.composition
        sender = Span(shown(self.session.address))
        path = PathLine(lambda: bool(self.enclosing.paths), id="path")
        yield Container(_named(Shown("From")), FieldName(sender, wide=True), id="from", classes="field")
        yield Container(_named(Shown("To")), WritingArea(written.recipients, id="to"), classes="field")
        yield self._to_told
        yield Container(_named(Shown("Subject")), WritingLine(written.subject, id="subject"), classes="field")
        yield self._subject_told
        yield Container(_named(Shown("Attach")), path, classes="field")
        yield self.files_told
        yield self._body_name
        yield WritingArea(written.body, id="body")

    # The fields

    @property
    def to(self) -> WritingArea:
        from pectui.tui.widgets.writing import WritingArea

        return self.query_one("#to", WritingArea)

    @property
    def subject(self) -> WritingLine:
        from pectui.tui.widgets.writing import WritingLine

        return self.query_one("#subject", WritingLine)

    @property
    def path(self) -> PathLine:
        from pectui.tui.widgets.writing import PathLine

        return self.query_one("#path", PathLine)

    @property
    def text(self) -> WritingArea:
        from pectui.tui.widgets.writing import WritingArea

        return self.query_one("#body", WritingArea)

    @property
    def composition(self) -> Composition:
        """What is written now."""
        if self._closed_with is not None:
            return self._closed_with
        if not self.is_mounted:
            return self.keeping.draft.composition
        return Composition(
            recipients=self.to.text,
            subject=self.subject.value,
            body=self.text.text,
            is_html=self._is_html,
            attachments=self.enclosing.paths,
        )

    def close(self) -> None:
        """Back to where one came from. What was written stays known, also to who still sends it."""
        self._closed_with = self.composition
        self.dismiss()

    def adopt(self, draft: SavedDraft) -> None:
        """Goes on with `draft` instead of what stands there, which has been kept."""
        written = draft.composition
        self.keeping.draft = draft
        self._is_html = written.is_html
        self.enclosing.adopt(written.attachments)
        self.path.value = ""
        self.to.load_text(written.recipients)
        self.subject.value = written.subject
        self.text.load_text(written.body)
        self.show_written()
        self._focus_first()

    def on_mount(self) -> None:
        from pectui.tui.widgets.writing import WritingArea, WritingLine

        super().on_mount()
        self.show_header(self.pectui.views.header)
        self.show_written()
        self._focus_first()
        for letter in self._early:
            if letter == "\t":
                self.focus_next()
            elif isinstance(self.focused, WritingArea | WritingLine):
                self.focused.put_in(letter)
        self.keeping.look()

    def _focus_first(self) -> None:
        """The first field that is still empty."""
        written = self.composition
        field: Widget = self.to
        if written.recipients:
            field = self.text if written.subject else self.subject
        # At once: `focus()` would wait for its turn, and keys that have arrived already would go nowhere.
        self.set_focus(field)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < SHORT_BELOW, "-short")

    def leaving(self) -> None:
        self.keeping.leave()

    # What is shown

    def show_written(self) -> None:
        """Tells what is wrong with the fields, and how much there is of everything."""
        written = self.composition
        self._to_told.show(recipients_told(written.addresses))
        self._subject_told.show(subject_told(written.subject))
        self._body_name.show(_rule(is_html=self._is_html))
        self.enclosing.show()
        self.show_status()

    def show_status(self) -> None:
        """How many recipients, what it costs, how large it is; whether it is kept."""
        self.status.show(
            *status_of(self.composition, self.enclosing.size, self.session.profile.recipient_price)
        )
        self.status.note(self.keeping.note())

    def word_for(self, binding: Binding) -> Shown:
        if binding.id == "compose.html" and self._is_html:
            return Shown("plain")
        return super().word_for(binding)

    # Facts from the fields

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._changed()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input.id == "path":
            self.enclosing.typed(event.value)
            self.refresh_bindings()
        else:
            self._changed()

    @on(Input.Submitted, "#subject")
    def _subject_done(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(self.path)

    @on(Input.Submitted, "#path")
    def _path_done(self, event: Input.Submitted) -> None:
        event.stop()
        self.take_path()

    @on(Input.Blurred, "#path")
    def _path_left(self, event: Input.Blurred) -> None:
        event.stop()
        self.take_path()

    def on_path_line_taken_back(self, event: PathLine.TakenBack) -> None:
        event.stop()
        back = self.enclosing.take_back()
        if back is not None:
            self.path.value = back
            self.path.cursor_position = len(back)
            self._changed()

    def on_left_out(self, event: LeftOut) -> None:
        event.stop()
        title = f"Left out of what was pasted: {event.count:,} sign{'s' * (event.count != 1)}"
        why = Shown("They can't be seen, or would steer a terminal.")
        self.pectui.say(shown(title), why, severity=Severity.WARNING)

    def take_path(self) -> None:
        """What stands in the line is to be attached."""
        if self.path.value.strip():
            self.enclosing.add(self.path.value.strip())
            self.path.value = ""
            self._changed()

    def _changed(self) -> None:
        self.show_written()
        self.keeping.typed()

    # What the keys do

    def action_field(self, step: int) -> None:
        if not self.is_mounted:
            self._early.append("\t")
        elif step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_type_late(self, code: int) -> None:
        self._early.append(chr(code))

    async def action_back(self) -> None:
        """What lies on top goes first, then the message: its draft stays."""
        if self.notices.notice is not None:
            self.notices.hide()
            return
        self.take_path()
        await self.keeping.close()

    def action_review(self) -> None:
        self.take_path()
        self.reviewing.begin()

    def action_turn_html(self) -> None:
        self._is_html = not self._is_html
        self._changed()
        self.refresh_bindings()

    def action_read(self) -> None:
        from pectui.tui.screens.read_written import ReadWrittenScreen

        self.pectui.push_screen(ReadWrittenScreen(self.composition))

    def action_editor(self) -> None:
        from pectui.tui.outside import edit_outside

        edit_outside(self)

    def action_drafts(self) -> None:
        self.keeping.choose()


def _named(name: Shown) -> FieldName:
    return FieldName(Span(shown(f" {name}"), Ink.MUTED))


def _rule(*, is_html: bool) -> Shown:
    return Shown("HTML" if is_html else "Text")
