"""Campaigns in view 4: how far each got, and how each row of its table stands."""

from __future__ import annotations

from pathlib import Path

from pectui.domain.campaign.letter import Letter
from pectui.session.campaign_files import load_campaign
from pectui.tui.screens.jobs import JobsScreen
from tests.tui.stage import Stage, playing
from tests.tui.test_jobs import plain, rows


async def sent(stage: Stage, folder: Path, daily_limit: int | None) -> None:
    """A campaign of two rows, of which a day's limit may let one go."""
    table = folder / "list.csv"
    table.write_text("recipient;n\na@pec.example;1\nb@pec.example;2\n")
    session = stage.inbox.session
    assert session is not None
    campaigns = session.sendings.campaigns
    prepared = await campaigns.prepare(load_campaign(table, Letter("Avviso $n", "Testo")), daily_limit)
    async for _ in campaigns.send(prepared, lambda: False):
        pass


async def test_one_that_was_stopped(tmp_path: Path) -> None:
    async with playing(Stage(send_interval=0), (120, 40)) as stage:
        await sent(stage, tmp_path, 1)
        await stage.press("4")
        assert rows(stage)[0].startswith("■ stopped send")
        assert rows(stage)[0].endswith("1/2 campaign list.csv")
        told = plain(stage)
        assert "1 pending, 1 sent" in told
        assert "pectui campaign resume list.csv" in told
        assert "Table" in told
        assert told.index("line 3, b@pec.example") < told.index("line 2, a@pec.example")
        screen = stage.app.screen
        assert isinstance(screen, JobsScreen)
        assert screen.check_action("go_on", ()) is False


async def test_hostile_names_steer_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "[red]\x1b[2J"
    folder.mkdir()
    async with playing(Stage(send_interval=0), (120, 40)) as stage:
        await sent(stage, folder, 1)
        await stage.press("4")
        assert "[red][2J/list.csv" in plain(stage).replace(" ", "")
