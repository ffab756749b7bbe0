"""The frame: theme, keys that work everywhere, the open mailbox, background work and what becomes of its errors.

It shows nothing itself. Screens ask the session; what fails ends up in one place here and becomes a notice.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import Worker

from pectui.tui.backstop import DropControls
from pectui.tui.foreign import NOTHING, Shown, rich_text, shown
from pectui.tui.ink import COMPONENT_CLASSES
from pectui.tui.keys import PROGRAM, keymap_problems
from pectui.tui.running import Progress, Running, Work, job_of
from pectui.tui.theme import COLOURED, COLOURLESS
from pectui.tui.views import VIEW_NAMES, Views
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from textual.command import Provider

    from pectui.config import Settings
    from pectui.session import Session

_log = logging.getLogger("pectui.tui")

Opener = Callable[["Settings"], Awaitable["Session"]]


def _palette() -> type[Provider]:
    from pectui.tui.palette import Actions

    return Actions


class PectuiApp(App[None]):
    """The program's screen. `opener` opens the mailbox of the settings it is given."""

    TITLE = "pectui"
    COMPONENT_CLASSES: ClassVar = set(COMPONENT_CLASSES)
    CSS_PATH: ClassVar = [
        Path(__file__).parent / "styles" / name for name in ("app.tcss", "panes.tcss", "dialog.tcss")
    ]
    COMMANDS: ClassVar = {_palette}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ENABLE_COMMAND_PALETTE = True
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("question_mark", "help", "help", id="app.help", group=PROGRAM, tooltip="these keys"),
        Binding(
            "colon,ctrl+p",
            "command_palette",
            "palette",
            show=False,
            id="app.palette",
            group=PROGRAM,
            tooltip="find a command by name",
        ),
        Binding(
            "ctrl+c",
            "cancel_job",
            "cancel",
            show=False,
            priority=True,
            id="app.cancel",
            group=PROGRAM,
            tooltip="cancel what runs",
        ),
        Binding(
            "ctrl+q",
            "quit",
            "quit",
            show=False,
            priority=True,
            id="app.quit",
            group=PROGRAM,
            tooltip="quit at once",
        ),
    ]

    def __init__(
        self,
        settings: Settings,
        opener: Opener,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
    ) -> None:
        """`zone` is the user's time zone, None for the system's."""
        # Only a screen that begins without colours drops all of them: Textual decides it here, before any theme.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.settings = settings
        self.clock = clock
        self.zone = zone
        self.session: Session | None = None
        self.views = Views(self)
        self.running = Running(self)
        self._opener = opener
        self.is_leaving = False
        self.parting_words: list[Shown] = []
        """What is said on the terminal once the screen is gone."""
        self._backstop = DropControls()
        self.register_theme(COLOURED)
        self.register_theme(COLOURLESS)
        self.theme = COLOURLESS.name if self.no_color else COLOURED.name
        if "TEXTUAL_ANIMATIONS" not in os.environ:
            self.animation_level = "none"

    def get_default_screen(self) -> Screen[None]:
        if self.settings.profile is None:
            from pectui.tui.screens.welcome import WelcomeScreen

            return WelcomeScreen()
        return self._inbox_screen()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._backstop]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        # Style sheets are read with Textual's own theme first, which has none of ours.
        return dict(COLOURED.variables)

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, partial(self.exit_in_order, 128 + number))
        if self.settings.keys:
            self.set_keymap(dict(self.settings.keys))
            self.call_after_refresh(self._tell_keymap_problems)

    async def on_unmount(self) -> None:
        if self.session is not None:
            await self.session.aclose()

    async def open_mailbox(self) -> Session:
        """The session, opened on the first call."""
        if self.session is None:
            self.session = await self._opener(self.settings)
        return self.session

    def open_inbox(self, settings: Settings) -> None:
        """Leaves the welcome for the mailbox of `settings`."""
        self.settings = settings
        self.push_screen(self._inbox_screen())

    def begin(
        self,
        owner: DOMNode,
        work: Callable[[], Awaitable[None]],
        *,
        group: str,
        label: Shown | Callable[[], Shown] = NOTHING,
        exclusive: bool = True,
        failed: Callable[[Notice], None] | None = None,
        cancel: Callable[[], object] | None = None,
        must_finish: bool = False,
        progress: Progress | None = None,
    ) -> Worker[None]:
        """Runs `work` in the background; newer work of the same group replaces older if `exclusive`.

        What goes wrong is told by `failed`, else by a notice. Work with a `label` is named in the header while it
        runs and can be cancelled by the user: by `cancel`, else outright. Leaving waits for what `must_finish`. With
        `progress` it stands in view 4 as well.
        """
        worker: Worker[None]
        job = job_of(label, cancel or (lambda: worker.cancel()), progress, must_finish=must_finish)
        worker = owner.run_worker(
            partial(self.running.run, work, job, failed or self.tell),
            group=group,
            description=group,  # Textual's own would spell out thousands of messages, half a second's work
            exclusive=exclusive,
            exit_on_error=False,
        )
        return worker

    def tell(self, notice: Notice) -> None:
        """Shows a notice on the screen, the one below where a dialog is open."""
        self.views.tell(notice)

    def say(
        self, title: Shown, detail: Shown = NOTHING, *, severity: Severity = Severity.INFORMATION
    ) -> None:
        """Shows a notice of our own."""
        self.tell(Notice(title, detail, severity=severity))

    def _tell_keymap_problems(self) -> None:
        from pectui.tui.screens.help import KEYS_OF

        if problems := keymap_problems(KEYS_OF.values(), self.settings.keys):
            title = Shown("[keys] of the configuration can't be followed everywhere")
            self.say(title, shown("; ".join(problems)), severity=Severity.WARNING)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One is not led to the view where one is."""
        if action in VIEW_NAMES:
            return self.views.may_go(action)
        return super().check_action(action, parameters)

    def action_help(self) -> None:
        from pectui.tui.screens.help import KEYS_OF, HelpScreen

        self.push_screen(HelpScreen(self.settings.keys, KEYS_OF[self.views.name]))

    def action_inbox(self) -> None:
        self.views.show_inbox()

    def action_sends(self) -> None:
        self.views.show_sends()

    def action_quota(self) -> None:
        self.views.show_quota()

    def action_jobs(self) -> None:
        self.views.show_jobs()

    def action_command_palette(self) -> None:
        from pectui.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_cancel_job(self) -> None:
        cancelled = self.running.cancel(self.views.chosen_progress)
        if cancelled is None:
            leaves = "Esc" if self.views.name == "compose" else "q"
            self.say(
                Shown("Nothing runs that could be cancelled"),
                shown(f"{leaves} leaves, Ctrl-Q quits at once."),
            )
            return
        label, job = cancelled
        stopping = "Stopping after the message in hand" if job.must_finish else "Cancelled"
        if job.progress is not None and job.progress.work is Work.SEND:
            stopping = "Stopping, unless it has left"
        self.say(shown(f"{stopping}: {label}"))

    def action_leave(self) -> None:
        """Leaves; asks first while a job runs."""
        if not self.running.holds_back:
            self.exit_in_order()
            return
        from pectui.tui.screens.leave import LeaveScreen

        self.push_screen(LeaveScreen(deletes=self.running.deletes, sends=self.running.sends), self._leave)

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.exit_in_order()

    async def action_quit(self) -> None:
        self.exit_in_order()

    def exit(self, *args: Any, **options: Any) -> None:
        for screen in self.views.framed:
            screen.leaving()
        super().exit(*args, **options)

    def exit_in_order(self, return_code: int = 0) -> None:
        """Leaves, once the message that is being deleted is known to be gone or not."""
        unfinished = self.running.must_finish
        if not unfinished or self.is_leaving:
            self.exit(return_code=return_code)
            return
        self.is_leaving = True
        self.running.finish()
        self.say(Shown("Leaving as soon as the message in hand is settled …"))
        self.begin(self, partial(self._exit_after, unfinished, return_code), group="leave")

    async def _exit_after(self, tasks: set[asyncio.Task[object]], return_code: int) -> None:
        await self.running.wait_for_the_end(tasks)
        self.exit(return_code=return_code)

    def _inbox_screen(self) -> Screen[None]:
        from pectui.tui.screens.inbox import InboxScreen

        return InboxScreen()

    def _fatal_error(self) -> None:
        # Textual would print a traceback with the local variables: passwords and mail among them.
        _log.error("The screen ended by an error of its own", exc_info=self._exception)
        kind = type(self._exception).__name__
        self._exit_renderables.append(
            rich_text(
                shown(
                    f"pectui: the screen ended by an error of its own ({kind}). Run it with --debug for a log."
                )
            )
        )
        self._close_messages_no_wait()
