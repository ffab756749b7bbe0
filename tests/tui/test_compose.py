"""Writing a message: its fields, what is wrong with them as they are typed, and that no key does anything else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import Input

from pectui.tui.screens.compose import ComposeScreen
from pectui.tui.screens.inbox import InboxScreen
from tests.tui.stage import Stage, playing

EVERY_KEY = "cdDyqnpwsrRvauAjkgG/12345!?:xefoCzÀàèéìòù{}"


def told(stage: Stage) -> str:
    """The screen as running text."""
    return " ".join(stage.text().split())


class TestOpeningIt:
    """c, in every view."""

    async def test_c_opens_an_empty_message_and_esc_leads_back(self) -> None:
        async with playing(Stage(3)) as stage:
            for view in ("1", "2", "4", "1", "enter"):
                await stage.press(view)
                before = stage.app.screen
                await stage.press("c")
                assert isinstance(stage.app.screen, ComposeScreen)
                assert stage.app.focused is stage.compose.to
                assert "no recipient yet" in stage.text()
                await stage.press("escape")
                assert stage.app.screen is before

    async def test_its_help_tells_its_own_keys_and_the_palette_offers_them(self) -> None:
        async with playing(Stage(3), (100, 40)) as stage:
            await stage.press("c", "ctrl+g")
            for words in (
                "look it over, then send",
                "text in $EDITOR",
                "plain text or HTML",
                "Ctrl-L",
            ):
                assert words in stage.text(), words
            await stage.press("escape", "ctrl+p")
            await stage.burst(*"html")
            assert "Plain text or HTML" in stage.text()

    @pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
    async def test_every_field_is_there_in_any_terminal(self, size: tuple[int, int]) -> None:
        async with playing(Stage(3), size) as stage:
            await stage.press("c")
            for field in ("To", "Subject", "Attach", "Ctrl-G help"):
                assert field in stage.text()
            await stage.burst(*"no")
            await stage.press("tab", "tab", "tab")
            await stage.burst(*"righe")
            assert "righe" in stage.text()
            assert "is no address" in stage.text()


class TestTyping:
    """What is typed is text, whatever it means elsewhere."""

    async def test_no_key_of_a_view_fires_in_any_field(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c")
            for field in (stage.compose.to, stage.compose.subject, stage.compose.path, stage.compose.text):
                assert not field.cursor_blink
                stage.compose.set_focus(field)
                await stage.burst(*EVERY_KEY)
                assert (field.value if isinstance(field, Input) else field.text) == EVERY_KEY
                assert isinstance(stage.app.screen, ComposeScreen)

    async def test_keys_that_arrive_with_the_one_that_opens_it_are_text(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.burst("c", "d", "y", "tab", "d", "tab", "tab", "q")
            written = stage.compose.composition
            assert (written.recipients, written.subject, written.body) == ("dy", "d", "q")


class TestRecipients:
    """Checked as they are typed."""

    async def test_what_is_wrong_is_told_in_words(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c")
            for typed, words in (
                ("a@", "a@ is no address"),
                ("a@b", "a@b has no domain behind its @"),
                ("Città@pec.example", "letters that mail addresses can't have"),
                ("a@pec.example; A@PEC.example", "A@PEC.example is named twice"),
                ("x y z@pec.example", "(and 1 more)"),
            ):
                stage.compose.to.load_text("")
                await stage.paste(typed)
                assert words in told(stage)

    async def test_they_are_counted_however_they_are_separated_and_what_they_cost_is_told(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c")
            await stage.paste("a@pec.example, b@pec.example;c@pec.example\r\nd@pec.example\n")
            assert "4 recipients · 0.20 EUR" in stage.text()
            assert "!" not in stage.text()


class TestTheSubject:
    """One line, and nothing that can't be seen."""

    async def test_lines_that_are_pasted_become_one_and_what_cannot_be_seen_is_left_out(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c", "tab")
            await stage.paste("Avviso\r\nBcc: altri@pec.example\n")
            assert stage.compose.subject.value == "Avviso Bcc: altri@pec.example"
            stage.compose.subject.value = ""
            await stage.paste("Av\x1b[31mviso\u202e\u200b")
            assert stage.compose.subject.value == "Av[31mviso"
            assert "Left out of what was pasted: 3 signs" in stage.text()
            await stage.paste("x" * 901)
            assert "the subject is longer than 900 characters" in stage.text()


class TestTheText:
    """Plain or HTML, and as its recipient reads it."""

    async def test_it_is_plain_until_a_key_makes_it_html(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c", "tab", "tab", "tab")
            await stage.paste("<p>Egregi &amp; gentili</p><script>x</script>")
            await stage.press("ctrl+r")
            assert "<p>Egregi &amp; gentili</p>" in stage.text()
            await stage.press("escape", "ctrl+t", "ctrl+r")
            text = stage.app.screen.query_one("DialogText").lines  # type: ignore[attr-defined]
            assert "Egregi & gentili" in [span.text for line in text for span in line]
            assert "script" not in "".join(span.text for line in text for span in line)

    async def test_pasted_controls_are_left_out_and_told(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c", "tab", "tab", "tab")
            await stage.paste("una\r\ndue\x1b]52;c;eA==\x07 tre")
            assert stage.compose.text.text == "una\ndue]52;c;eA== tre"
            assert "Left out of what was pasted: 2 signs" in stage.text()

    async def test_markup_of_textual_is_text(self) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c")
            for _ in range(4):
                await stage.paste("[/] [@click=app.quit]x[/]")
                await stage.press("tab")
            await stage.press("ctrl+r")
            assert "[@click=app.quit]x[/]" in stage.text()


class TestFiles:
    """By their paths."""

    async def test_a_file_is_attached_by_enter_and_its_size_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "fattura.pdf").write_bytes(b"x" * 1_500_000)
        async with playing(Stage(3)) as stage:
            await stage.press("c", "tab", "tab")
            await stage.paste(str(tmp_path / "fattura.pdf"))
            assert "1.5 MB: Enter attaches it" in stage.text()
            await stage.press("enter")
            assert "fattura.pdf 1.5 MB" in told(stage)
            assert "1 file, 1.5 MB" in stage.text()
            assert stage.compose.path.value == ""

    async def test_leaving_the_line_attaches_it_too_and_the_home_folder_is_a_tilde(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / "a.txt").write_bytes(b"x" * 12)
        async with playing(Stage(3)) as stage:
            await stage.press("c", "tab", "tab")
            await stage.paste("'~/a.txt'")
            await stage.press("tab")
            assert "a.txt 12 B" in told(stage)

    async def test_what_is_missing_or_no_file_is_told_as_it_is_typed(self, tmp_path: Path) -> None:
        async with playing(Stage(3), (160, 40)) as stage:
            await stage.press("c", "tab", "tab")
            await stage.paste(str(tmp_path / "manca"))
            assert "is not there" in stage.text()
            await stage.press("enter")
            await stage.paste(str(tmp_path))
            assert "is a folder" in stage.text()
            await stage.press("enter")
            assert "manca is not there" in told(stage)
            assert f"! {tmp_path} is a folder" in told(stage)

    async def test_a_name_is_completed(self, tmp_path: Path) -> None:
        (tmp_path / "fattura 12.pdf").write_bytes(b"x")
        (tmp_path / "fattura 13.pdf").write_bytes(b"x")
        (tmp_path / "altro.pdf").write_bytes(b"x")
        async with playing(Stage(3)) as stage:
            await stage.press("c", "tab", "tab")
            await stage.paste(f"{tmp_path}/fa")
            await stage.press("right")
            assert stage.compose.path.value == f"{tmp_path}/fattura 1"

    async def test_backspace_on_the_empty_line_takes_the_last_one_back(self, tmp_path: Path) -> None:
        async with playing(Stage(3)) as stage:
            await stage.press("c", "tab", "tab")
            await stage.paste("/una")
            await stage.press("enter")
            await stage.paste("/due")
            await stage.press("enter", "backspace", "backspace")
            assert stage.compose.path.value == "/du"
            assert stage.compose.composition.attachments == ("/una",)

    async def test_more_than_the_service_takes_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "grande").touch()
        os.truncate(tmp_path / "grande", 100_000_001)
        async with playing(Stage(3)) as stage:
            await stage.press("c", "tab", "tab")
            await stage.paste(str(tmp_path / "grande"))
            await stage.press("enter")
            assert "more than the 100.0 MB that can be sent" in told(stage)


class TestHostileAnswers:
    """What strangers wrote is cleaned before it becomes somebody's own words."""

    async def test_nothing_of_a_hostile_subject_steers_anything(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver(
            "POSTA CERTIFICATA: Re: \x1b[2JAvviso\u202e\n [/] 2026112309300501", "x",
            sender='"Per conto di: chi@pec.example" <posta-certificata@pec.example>',
        )  # fmt: skip
        async with playing(stage) as stage:
            await stage.press("C")
            assert stage.compose.subject.value == "Re: [2JAvviso [/] 2026112309300501"
            assert not isinstance(stage.app.screen, InboxScreen)
