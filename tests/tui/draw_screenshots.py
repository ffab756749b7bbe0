"""Draws `screenshots/*.svg` from the embedded sandbox: `python -m tests.tui.draw_screenshots`."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pectui.config import Profile
from pectui.store.drafts import MemoryDrafts
from tests.tui.journals import delete_many, end_deletion, show_jobs, stage_with_jobs
from tests.tui.quotas import office
from tests.tui.stage import DEMO, PRODUCTION, Stage, playing
from tests.tui.written import write_message

FOLDER = Path(__file__).parents[2] / "screenshots"


@dataclass(frozen=True)
class Picture:
    """What is pressed before it is taken, and in a terminal of what size."""

    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (120, 36)
    profile: Profile = DEMO
    offline: bool = False
    """On what was remembered three hours ago."""
    jobs: bool = False
    """With jobs of earlier runs, while one deletes."""
    message: bool = False
    """With a message that is being written."""
    office: bool = False
    """With four months of quota history."""


PICTURES = {
    "inbox": Picture(("j", "j")),
    "delete": Picture(("d",), size=(100, 30), profile=PRODUCTION),
    "delete-many": Picture(("j", "A", "d", "9", "8"), size=(100, 30), profile=PRODUCTION),
    "search": Picture(("slash", "T", "A", "R", "I"), size=(100, 30)),
    "sends": Picture(("2", "exclamation_mark", *"jjjjjjjjjjjjjj", *"kkkkkkkkkkk", "enter")),
    "compose": Picture(size=(100, 26), profile=PRODUCTION, message=True),
    "jobs": Picture(("j",), profile=PRODUCTION, jobs=True),
    "quota": Picture(("3", "minus"), size=(110, 32), profile=PRODUCTION, office=True),
    "help": Picture(("question_mark",), size=(100, 30)),
    "offline": Picture(("w", "j", "j", "j"), size=(100, 30), profile=PRODUCTION, offline=True),
    "small": Picture(("j", "j"), size=(80, 24)),
}


async def draw(picture: Picture) -> str:
    """The picture as SVG, the same bytes whenever the screen looks the same."""
    with TemporaryDirectory() as folder:
        if picture.jobs:
            stage = stage_with_jobs(Path(folder), picture.profile)
        elif picture.office:
            stage = office(profile=picture.profile)
        else:
            stage = Stage(981, profile=picture.profile, offline=picture.offline, drafts=MemoryDrafts())
        if picture.offline:
            await stage.remember(texts=10)
        async with playing(stage, picture.size):
            if picture.jobs:
                await delete_many(stage)
                await show_jobs(stage, *picture.keys)
            else:
                if picture.message:
                    await write_message(stage, Path(folder))
                await stage.press(*picture.keys)
            svg = stage.app.export_screenshot(title="pectui")
            if picture.jobs:
                await end_deletion(stage)
    # The fonts would come from somebody's server whenever the picture is looked at.
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*<!--.*?-->", "", svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, picture in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(asyncio.run(draw(picture)), encoding="utf-8")


if __name__ == "__main__":
    main()
