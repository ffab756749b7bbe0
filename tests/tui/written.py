"""A message that somebody writes on the screen, for tests and pictures."""

from __future__ import annotations

from pathlib import Path

from tests.tui.stage import Stage, settled

RECIPIENTS = "ufficio.tecnico@pec.comune-rivabella.example, studio.bianchi@pec.ingegneri.example"
SUBJECT = "Convocazione della Conferenza dei servizi"
TEXT = """Egregi signori,

la Conferenza dei servizi è convocata per lunedì 30 novembre alle ore 10, in forma
simultanea e in modalità sincrona. L'ordine del giorno è allegato.

Distinti saluti
"""


async def write_message(stage: Stage, folder: Path) -> None:
    """Writes all of it, with a file that lies in `folder`."""
    (folder / "ordine del giorno.pdf").write_bytes(b"x" * 213_000)
    await stage.press("c")
    await stage.paste(RECIPIENTS)
    await stage.press("tab")
    await stage.paste(SUBJECT)
    await stage.press("tab")
    await stage.paste(str(folder / "ordine del giorno.pdf"))
    await stage.press("tab")
    await stage.paste(TEXT)
    await keep(stage)


async def keep(stage: Stage) -> None:
    """Doesn't wait for the pause after which it is kept by itself."""
    assert stage.pilot is not None
    await stage.compose.keeping.save()
    await settled(stage.pilot)
