"""The user's own editor: the text goes there and comes back, and nothing of it stays behind."""

from __future__ import annotations

import os
import shlex
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pectui.errors import PectuiError
from pectui.tui.outside import edited_text, editor_of
from tests.terminal import PECTUI, Terminal, clean_environment
from tests.tui.stage import Stage, playing

Edit = Callable[..., str]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where temporary files go."""
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.fixture
def edit(place: Path, tmp_path: Path) -> Edit:
    """What an editor that does `script` to the file at `path` makes of a text."""

    def edited(text: str, script: str, *, suffix: str = ".txt", more: Mapping[str, str] | None = None) -> str:
        program = tmp_path / "editor.py"
        program.write_text(f"import os, pathlib, sys\npath = pathlib.Path(sys.argv[-1])\n{script}\n")
        editor = shlex.join([sys.executable, str(program)])
        return edited_text(text, suffix, {"XDG_RUNTIME_DIR": str(place), "EDITOR": editor, **(more or {})})

    return edited


class TestEditing:
    def test_the_text_comes_back_changed(self, edit: Edit) -> None:
        text = "Egregi,\n\nciò «è» 😀"
        assert edit(text, "path.write_text(path.read_text('utf-8').upper(), 'utf-8')") == text.upper()

    def test_the_line_end_that_editors_add_at_the_end_is_not_the_users(self, edit: Edit) -> None:
        assert edit("una", "path.write_text('una\\n')") == "una"
        assert edit("una\n", "path.write_text('una\\n')") == "una\n"

    def test_only_its_owner_can_read_it_and_it_is_removed_with_all_that_lies_beside_it(
        self, edit: Edit, place: Path, tmp_path: Path
    ) -> None:
        seen = tmp_path / "seen"
        script = f"""
path.with_name(".swap").write_text(path.read_text())
modes = [oct(os.stat(one).st_mode & 0o777) for one in (path, path.parent)]
pathlib.Path({str(seen)!r}).write_text(" ".join([*modes, path.suffix]))
"""
        before = os.umask(0)
        try:
            edit("segreto", script, suffix=".html")
        finally:
            os.umask(before)
        assert seen.read_text() == "0o600 0o700 .html"
        assert list(place.iterdir()) == []
        assert stat.S_ISDIR(place.stat().st_mode)

    def test_an_editor_that_fails_changes_nothing_and_leaves_nothing(self, edit: Edit, place: Path) -> None:
        with pytest.raises(PectuiError, match="The text is as it was") as raised:
            edit("una", "path.write_text('x'); sys.exit(3)")
        assert "ended with status 3" in raised.value.detail
        assert list(place.iterdir()) == []

    def test_one_that_takes_the_file_away_is_told(self, edit: Edit) -> None:
        with pytest.raises(PectuiError, match="The text is as it was"):
            edit("una", "path.unlink()")

    def test_one_that_writes_no_utf_8_is_told(self, edit: Edit) -> None:
        with pytest.raises(PectuiError) as raised:
            edit("una", "path.write_bytes(b'citt\\xe0')")
        assert "no UTF-8" in raised.value.detail

    def test_one_that_is_not_there_is_told(self, edit: Edit, place: Path) -> None:
        with pytest.raises(PectuiError, match="can't be started") as raised:
            edit("una", "", more={"VISUAL": "/non/c-e -x"})
        assert "/non/c-e" in raised.value.detail
        assert list(place.iterdir()) == []


class TestWhichEditor:
    @pytest.mark.parametrize(
        ("environ", "command"),
        [
            ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
            ({"VISUAL": " ", "EDITOR": "'my editor' -n"}, ["my editor", "-n"]),
            ({}, ["nano"]),
        ],
    )
    def test_visual_before_editor_before_a_usual_one(
        self, environ: Mapping[str, str], command: list[str]
    ) -> None:
        assert editor_of(environ, lambda name: name if name in ("nano", "vi") else None) == command

    def test_none_at_all_is_told_with_what_to_do(self) -> None:
        with pytest.raises(PectuiError, match="There is no editor") as raised:
            editor_of({}, lambda name: None)
        assert "Set EDITOR" in raised.value.hint

    def test_one_that_cannot_be_read_is_told(self) -> None:
        with pytest.raises(PectuiError, match="can't be started"):
            editor_of({"EDITOR": "vi 'unfinished"}, lambda name: name)


class TestOnTheScreen:
    async def test_a_terminal_that_cannot_be_lent_is_told(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c", "ctrl+o")
            assert "can't be lent" in stage.text()
            await stage.burst(*"ab")
            assert stage.compose.to.text == "ab"

    async def test_while_something_must_finish_the_program_does_not_stand_still(self) -> None:
        async with playing(Stage(3)) as stage:
            stage.hold("delete")
            await stage.press("d")
            await stage.pilot.press("y")  # type: ignore[union-attr]
            await stage.asked()
            await stage.pilot.press("c", "ctrl+o")  # type: ignore[union-attr]
            await stage.pilot.pause()  # type: ignore[union-attr]
            assert "an editor would hold it up" in stage.said()
            stage.release()

    def test_in_a_real_terminal_it_is_lent_and_taken_back_and_what_is_written_is_silent_and_kept(
        self, tmp_path: Path
    ) -> None:
        script = tmp_path / "editor.py"
        script.write_text(
            "import pathlib, sys\n"
            "input('in the editor')\n"
            "pathlib.Path(sys.argv[1]).write_text('dall\\'editor\\x1b[2J\\n')\n"
        )
        editor = shlex.join([sys.executable, str(script)])
        with Terminal([*PECTUI, "demo"], clean_environment(tmp_path, EDITOR=editor)) as terminal:
            terminal.wait_for("messages")
            terminal.press("c")
            terminal.wait_for("Ctrl-O editor")
            terminal.press("\x0f")
            terminal.wait_for("in the editor")
            terminal.press("\r")
            terminal.wait_for("dall'editor[2J")
            terminal.wait_for("can't be seen was left out")
            terminal.press("\x1b")
            terminal.wait_for("kept only until")
            terminal.settle(1)
            assert terminal.count(0.5) == 0
            terminal.press("\x1b")
            terminal.wait_for("page 1/")
            terminal.press("q")
            assert terminal.wait() == 0
            assert terminal.settings() == terminal.before
