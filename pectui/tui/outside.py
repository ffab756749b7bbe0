"""The text of a message in the user's own editor, while the screen gives way to it.

The text goes there through a file that only its owner can read, in a folder of its own, and both are removed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from pectui.domain.composition import Composition
from pectui.errors import PectuiError
from pectui.text.clean import clean
from pectui.tui.foreign import Shown
from pectui.tui.notices import notice_of
from pectui.tui.widgets.notice import Severity

if TYPE_CHECKING:
    from pectui.tui.screens.compose import ComposeScreen

USUAL = ("editor", "nano", "vi")
"""What is tried where the user names none."""

_UNCHANGED = Shown("The text is as it was")


def edit_outside(screen: ComposeScreen) -> None:
    """Has the text of `screen` edited, and takes over what comes back."""
    app = screen.pectui
    if app.running.must_finish:
        # The whole program stands still meanwhile: answers to what is deleted or sent would count as lost.
        told = Shown(
            "Something is being deleted or sent: an editor would hold it up. Try again when it is done."
        )
        app.say(_UNCHANGED, told, severity=Severity.WARNING)
        return
    before = screen.composition
    try:
        with app.suspend(), _not_interrupted():
            edited = _edited(before)
    except SuspendNotSupported:
        app.say(_UNCHANGED, Shown("This terminal can't be lent to another program."), severity=Severity.ERROR)
        return
    if isinstance(edited, PectuiError):
        app.tell(notice_of(edited))
        return
    kept = clean(edited)
    if kept == before.body:
        app.say(_UNCHANGED, Shown("The editor came back without a change."))
        return
    screen.text.load_text(kept)
    if len(kept) < len(edited.replace("\r\n", "\n")):
        app.say(Shown("What can't be seen was left out of the text"), severity=Severity.WARNING)


def _edited(written: Composition) -> str | PectuiError:
    # Textual doesn't take the terminal back from where an error is raised.
    try:
        return edited_text(written.body, ".html" if written.is_html else ".txt", os.environ)
    except PectuiError as error:
        return error


def edited_text(text: str, suffix: str, environ: Mapping[str, str]) -> str:
    """What the user's editor makes of `text`. PectuiError where it makes nothing of it."""
    command = editor_of(environ, shutil.which)
    folder = Path(tempfile.mkdtemp(prefix="pectui-", dir=_private_place(environ)))  # 0700
    try:
        path = folder / f"message{suffix}"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "replace"))
        _run([*command, str(path)])
        edited = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise PectuiError("The text is as it was", "what the editor wrote is no UTF-8") from None
    except OSError as error:
        raise PectuiError("The text is as it was", f"{error.filename}: {error.strerror}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # Editors end the last line, whether it was ended before or not.
    return edited[:-1] if edited.endswith("\n") and not text.endswith("\n") else edited


def editor_of(environ: Mapping[str, str], find: Callable[[str], str | None]) -> list[str]:
    """The command of the user's editor: $VISUAL, $EDITOR, else a usual one. PectuiError where there is none."""
    named = next((environ[name] for name in ("VISUAL", "EDITOR") if environ.get(name, "").strip()), "")
    try:
        command = shlex.split(named)
    except ValueError as error:
        raise PectuiError("The editor can't be started", f"$EDITOR can't be read: {error}") from error
    if not command:
        command = [name for name in USUAL if find(name)][:1]
    if not command:
        raise PectuiError("There is no editor", "$EDITOR names none", "Set EDITOR, for example to nano.")
    return command


def _run(command: list[str]) -> None:
    try:
        status = subprocess.run(command, check=False).returncode  # noqa: S603  the user's own editor
    except OSError as error:
        raise PectuiError(
            "The editor can't be started",
            f"{command[0]}: {error.strerror}",
            "Set EDITOR to one that is there.",
        ) from error
    if status:
        raise PectuiError("The text is as it was", f"{command[0]} ended with status {status}")


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Ctrl-C in the editor is the editor's."""
    before = signal.getsignal(signal.SIGINT)
    # A function, since the editor would inherit it if the signal were ignored.
    signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _private_place(environ: Mapping[str, str]) -> str | None:
    """In memory where the system has a place for that, else where temporary files go."""
    place = environ.get("XDG_RUNTIME_DIR", "")
    return place if place and os.path.isdir(place) and os.access(place, os.W_OK) else None
