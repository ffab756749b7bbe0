"""The pictures of the README show what the program shows now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tui.draw_screenshots import FOLDER, PICTURES, draw


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_is_what_the_program_draws_now(name: str) -> None:
    drawn = await draw(PICTURES[name])
    hint = "draw it anew with `python -m tests.tui.draw_screenshots`, and look at it"
    assert (FOLDER / f"{name}.svg").read_text("utf-8") == drawn, hint


def test_the_readme_shows_no_picture_that_is_not_there() -> None:
    readme = Path(__file__).parents[2] / "README.md"
    shown = set(re.findall(r"screenshots/([\w-]+\.svg)", readme.read_text("utf-8")))
    assert shown
    assert shown <= {path.name for path in FOLDER.iterdir()}


def test_no_picture_asks_another_server_for_anything() -> None:
    for path in FOLDER.iterdir():
        links = set(re.findall(r"https?://[^\s\"')]+", path.read_text("utf-8")))
        assert links <= {"http://www.w3.org/2000/svg"}
